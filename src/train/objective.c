/* What all objectives share. See objective.h. */
#include "train/objective.h"

#include "train/whole_line.h"

static double expected_contexts(const struct w2v_train_options *options,
                                const struct corpus *corpus, const struct sampler *sampler)
{
    if (options->whole_line)
        return whole_line_contexts(corpus, sampler, options->window);
    /* A reach drawn evenly from 1 .. N has the mean (N + 1) / 2, on both sides. */
    return options->fixed_window ? 2.0 * options->window : options->window + 1.0;
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
        .negative = options->negative,
        .seed = options->seed,
    };
    objective->kind->shape(objective);
}
