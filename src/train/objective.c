/* What all objectives share. See objective.h. */
#include "train/objective.h"

#include <limits.h>

#include "train/schedule.h"
#include "train/whole_line.h"

static double expected_contexts(const struct w2v_train_options *options,
                                const struct corpus *corpus, const struct sampler *sampler)
{
    if (options->whole_line)
        return whole_line_contexts(corpus, sampler, options->window);
    /* The mean of a reach drawn evenly from 1 .. N is (N + 1) / 2. A window has two sides. */
    return options->fixed_window ? 2.0 * options->window : options->window + 1.0;
}

/*
 * The load of the mean of a CBOW window. In a round of c centres with n contexts each, word w is a
 * context c n share(w) times, and each time it moves by speed / n of a gradient. So the mean of n
 * words, drawn by their shares, moves by c speed (sum of share^2) for each of the losses of a
 * prediction.
 */
static double mean_load(const struct objective *objective)
{
    const struct sampler *sampler = objective->sampler;
    double squares = 0;
    if (objective->model != W2V_CBOW)
        return 0;
    for (size_t id = 0; id < sampler->n_words; id++)
        squares += (double)sampler->kept_share[id] * (double)sampler->kept_share[id];
    return objective_speed(objective->contexts) * squares * objective->losses;
}

void objective_init(struct objective *objective, const struct w2v_train_options *options,
                    const struct layout *layout, const struct corpus *corpus,
                    const struct sampler *sampler, const struct tree *tree)
{
    *objective = (struct objective){
        .kind = options->loss == W2V_HIERARCHICAL ? &hierarchical_objective : &negative_objective,
        .model = options->model,
        .layout = *layout,
        .sampler = sampler,
        .tree = tree,
        .contexts = expected_contexts(options, corpus, sampler),
        .rate = options->lr,
        .negative = options->negative,
        .most_contexts = INT_MAX,
        .turns = 1,
        .attracts = options->attract == W2V_ATTRACT_YES,
        .seed = options->seed,
    };
    objective->kind->shape(objective);
    objective->mean_load = mean_load(objective);
    /* Shorter stretches have smaller pools. A block needs its own negatives. */
    const size_t shards = options->shards > SCHEDULE_SHARDS ? options->shards : SCHEDULE_SHARDS;
    const double shorter = (double)SCHEDULE_SHARDS / (double)shards *
                           (double)schedule_longest(objective_work(objective)) / SCHEDULE_STRETCH;
    objective->pool = (unsigned)ceil(objective->pool * shorter);
    if (objective->pool < objective->block_negatives)
        objective->pool = objective->block_negatives;
}
