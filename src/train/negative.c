/*
 * Negative sampling: the outputs of a block are its centres, then negatives that its windows share
 * (Ji et al., arXiv 1604.04661). The stretch draws a pool of negatives, and its blocks use them in
 * turn. With a window of 5 or less, blocks that share a negative have no context in common. A small pool
 * costs no accuracy, and it saves time: a stretch touches fewer rows, and they are still in the cache
 * when they are used again. A negative that is a centre of the block is left out.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "train/objective.h"
#include "train/streams.h"

/*
 * The numbers below were measured; see tests/bench/TUNING.md. Those of negatives are for a --negative
 * of 5. However many a block shares, they are weighted to count as 5 in each prediction.
 */
enum { OF_NEGATIVES = 5 };

/*
 * A block of skip-gram has about 24 pairs, in 2 to 4 windows. They share 12 negatives, or half as many as
 * pairs. If a window has more than 14 contexts, it is cut into blocks of at most 4 contexts, each with 6
 * negatives. The rows of a block move at once, so in larger blocks the scores change less often than in
 * training by single pairs.
 */
enum { PAIRS = 24, LEAST_WINDOWS = 2, MOST_WINDOWS = 4, NEGATIVES = 12 };
enum { WHOLE_CONTEXTS = 14, PART_CONTEXTS = 4, PART_NEGATIVES = 6 };

/*
 * CBOW shares 8 negatives between 2 windows. Windows that overlap move each other's means. So a block has
 * one window if rate x losses x 2 would be above CBOW_MOST_MOVE.
 */
enum { CBOW_WINDOWS = OBJECTIVE_MOST_WINDOWS, CBOW_NEGATIVES = 8 };
static const double CBOW_MOST_MOVE = 1.9;

/*
 * The bound of objective.h asks for more updates of a block the more negatives a prediction has, and
 * each update would use all negatives of the block. So the time would grow with their square. With more
 * than 20 the windows are trained in turns instead: each turn is a block with its own negatives, at most
 * 20 for a prediction, and with an equal share of the positive weight.
 */
enum { MOST_NEGATIVES = 20 };

/*
 * Negatives in a stretch's pool, and in one of skip-gram with windows that are cut. The blocks of a stretch
 * move a negative again and again, and the further the higher the rate is. So POOL grows with rates above
 * SKIPGRAM_POOL_RATE or CBOW_POOL_RATE. In CBOW it also grows with more than CBOW_POOL_CONTEXTS contexts,
 * since the means of neighbouring wide windows are nearly the same.
 */
enum { POOL = 48, PARTS_POOL = 256 };
static const double SKIPGRAM_POOL_RATE = 0.03, CBOW_POOL_RATE = 0.06, CBOW_POOL_CONTEXTS = 18;

/* A window of 5 has so many contexts. Pools of skip-gram grow with wider windows. */
static const double CONTEXTS_OF_FIVE = 6;

/*
 * With subwords one negative moves all words that share parts. So pools are larger there, and in skip-gram
 * 2 windows have 16 negatives.
 */
enum { SUBWORDS_SKIPGRAM_POOL = 256, SUBWORDS_CBOW_POOL = 128 };
enum { SUBWORDS_WINDOWS = 2, SUBWORDS_NEGATIVES = 16 };

static unsigned ceiling(double x)
{
    return (unsigned)x + (x > (unsigned)x);
}

static void shape_cbow(struct objective *objective, unsigned negatives)
{
    const double fives = (double)negatives / OF_NEGATIVES;
    const bool alone = objective->rate * (1 + (double)negatives) * CBOW_WINDOWS > CBOW_MOST_MOVE;
    objective->block_windows = alone ? 1 : CBOW_WINDOWS;
    objective->block_negatives = alone ? negatives : ceiling(fives * CBOW_NEGATIVES);
    const double pool = POOL * fmax(fmax(1, objective->rate / CBOW_POOL_RATE),
                                    objective->contexts / CBOW_POOL_CONTEXTS);
    const double least = objective->layout.n_parts > 0 ? SUBWORDS_CBOW_POOL : 0;
    objective->pool = objective->turns * ceiling(ceiling(fives) * fmax(pool, least));
}

static void shape_skipgram(struct objective *objective, unsigned negatives)
{
    const double fives = (double)negatives / OF_NEGATIVES, contexts = objective->contexts;
    double windows, shared, pool;
    if (contexts > WHOLE_CONTEXTS) {
        windows = 1;
        shared = PART_NEGATIVES;
        pool = PARTS_POOL;
    } else if (objective->layout.n_parts > 0) {
        windows = SUBWORDS_WINDOWS;
        shared = SUBWORDS_NEGATIVES;
        pool = SUBWORDS_SKIPGRAM_POOL;
    } else {
        windows = floor(fmin(fmax(PAIRS / contexts, LEAST_WINDOWS), MOST_WINDOWS) + 0.5);
        shared = fmax(NEGATIVES, windows * contexts / 2);
        pool = POOL * fmax(1, objective->rate / SKIPGRAM_POOL_RATE);
    }
    objective->block_windows = (unsigned)windows;
    objective->most_contexts = PART_CONTEXTS;
    objective->block_negatives = ceiling(fives * shared);
    objective->pool =
        objective->turns * ceiling(ceiling(fives) * pool * fmax(1, contexts / CONTEXTS_OF_FIVE));
}

static void shape(struct objective *objective)
{
    objective->losses = 1 + (double)objective->negative;
    objective->n_bounded = layout_moved(&objective->layout);
    objective->turns = (objective->negative + MOST_NEGATIVES - 1) / MOST_NEGATIVES;
    const unsigned negatives = (objective->negative + objective->turns - 1) / objective->turns;
    (objective->model == W2V_CBOW ? shape_cbow : shape_skipgram)(objective, negatives);
}

static void loads(const struct objective *objective, float *loads)
{
    const struct sampler *sampler = objective->sampler;
    const double contexts = objective->contexts, negative = objective->negative;
    /* A window of CBOW is one prediction. Each of its n contexts moves by speed / n of a step. */
    const bool cbow = objective->model == W2V_CBOW;
    const double in = cbow ? objective_speed(contexts) / contexts : contexts,
                 out = cbow ? 1 : contexts;
    for (size_t id = 0; id < sampler->n_words; id++) {
        const double share = (double)sampler->kept_share[id];
        const double noise = (double)sampler->noise_share[id];
        loads[id] = (float)(share * in * (1 + negative));
        loads[layout_output(&objective->layout, id)] = (float)(out * (share + negative * noise));
    }
}

/* Draws the whole pool at once, so that its table look-ups wait for memory together. */
static int draw_pool(const struct objective *objective, struct plan *plan, uint64_t draw,
                     struct w2v_error *error)
{
    const uint64_t key = rng_key(rng_key(objective->seed, STREAM_NEGATIVES), draw);
    int status = PLAN_GROW(plan->tools.pool, plan->tools.pool_capacity, plan->tools.n_pool);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->tools.pool_row, plan->tools.pool_row_capacity, plan->tools.n_pool);
    for (size_t i = 0; i < plan->tools.n_pool && status == W2V_OK; i++) {
        plan->tools.pool[i] = sampler_negative(objective->sampler, rng_at(key, i));
        plan->tools.pool_row[i] = PLAN_NO_ROW;
    }
    return status;
}

static int begin(const struct objective *objective, struct plan *plan, uint64_t draw, size_t *most,
                 struct w2v_error *error)
{
    const size_t all = plan->n_blocks * objective->block_negatives,
                 n_outputs = plan->n_blocks * objective->block_windows + all;
    plan->tools.n_pool = all < objective->pool ? all : objective->pool;
    *most += plan->n_centres + plan->tools.n_pool;
    int status = draw_pool(objective, plan, draw, error);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->out, plan->out_capacity, n_outputs);
    if (status == W2V_OK)
        status = PLAN_GROW(plan->times, plan->times_capacity, n_outputs);
    return status;
}

static void outputs(const struct objective *objective, struct plan *plan, uint32_t b)
{
    struct plan_block *block = &plan->blocks[b];
    const struct layout *layout = &objective->layout;
    const unsigned n_negatives = objective->block_negatives;
    uint32_t *out = plan->out + plan->n_out, *times = plan->times + plan->n_out, n_out = 0;
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const uint32_t word = plan->kept[plan->centres[c].place];
        uint32_t row = plan_list_row(plan, (uint32_t)layout_output(layout, word));
        uint32_t as = plan_use_row(plan, row, b, n_out);
        plan->centres[c].out = as;
        out[n_out] = row;
        times[n_out] = 1;
        n_out += as == n_out;
    }
    block->n_positive = n_out;
    size_t next = (size_t)b * n_negatives % plan->tools.n_pool;
    for (unsigned i = 0; i < n_negatives; i++) {
        if (plan->tools.pool_row[next] == PLAN_NO_ROW)
            plan->tools.pool_row[next] =
                plan_list_row(plan, (uint32_t)layout_output(layout, plan->tools.pool[next]));
        uint32_t row = plan->tools.pool_row[next], as = plan_use_row(plan, row, b, n_out);
        next = next + 1 < plan->tools.n_pool ? next + 1 : 0;
        if (as < n_out) {
            times[as] += as >= block->n_positive;
            continue;
        }
        out[n_out] = row;
        times[n_out++] = 1;
    }
    block->out = (uint32_t)plan->n_out;
    block->n_out = n_out;
    plan->n_out += n_out;
}

/* The weight of output j as a negative of one pair. It counts as often as it was drawn. */
static float negative_weight(const struct objective *objective, const struct plan *plan,
                             const struct plan_block *block, size_t j)
{
    const float each =
        (float)objective->negative / (float)((size_t)objective->turns * objective->block_negatives);
    return j < block->n_positive ? 0 : each * (float)plan->times[block->out + j];
}

static size_t weigh(const struct objective *objective, const struct plan *plan,
                    const struct plan_block *block, struct objective_pairs *pairs)
{
    const size_t n_in = block->n_in, n_out = block->n_out, n_positive = block->n_positive;
    const uint32_t *input = plan->place_input + block->inputs;
    const float positive = 1 / (float)objective->turns;
    float *times = pairs->in_sum, *each = pairs->out_sum, most = 0, negatives = 0;
    size_t n_pairs = 0;
    memset(times, 0, n_in * sizeof *times);
    memset(each, 0, n_positive * sizeof *each);
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &plan->centres[c];
        const struct plan_contexts contexts = plan_contexts(block, centre);
        float *weight = pairs->weight + centre->out;
        for (uint32_t place = contexts.begin; place < contexts.end; place++) {
            if (place == centre->place)
                continue;
            const uint32_t i = input[place - block->begin];
            weight[i * n_out] += positive;
            times[i] += 1;
        }
        each[centre->out] += positive * (float)contexts.n;
        n_pairs += contexts.n;
    }
    for (size_t j = 0; j < n_positive; j++)
        most = each[j] > most ? each[j] : most;
    for (size_t j = n_positive; j < n_out; j++) {
        each[j] = negative_weight(objective, plan, block, j);
        negatives += each[j];
        most = each[j] * (float)n_pairs > most ? each[j] * (float)n_pairs : most;
    }
    pairs->out_most = most;
    most = 0;
    for (size_t i = 0; i < n_in; i++) {
        float *weight = pairs->weight + i * n_out;
        const float n = times[i];
        for (size_t j = n_positive; j < n_out; j++)
            weight[j] = -n * each[j];
        most = n > most ? n : most;
        times[i] = n * (positive + negatives);
    }
    for (size_t j = n_positive; j < n_out; j++)
        each[j] *= (float)n_pairs;
    pairs->in_most = most * (positive + negatives);
    return n_pairs;
}

static size_t weigh_windows(const struct objective *objective, const struct plan *plan,
                            const struct plan_block *block, struct objective_pairs *pairs)
{
    const size_t n_out = block->n_out, n_positive = block->n_positive;
    const float positive = 1 / (float)objective->turns;
    float *each = pairs->out_sum, most = 0, negatives = 0;
    size_t n_predictions = 0;
    memset(each, 0, n_positive * sizeof *each);
    for (size_t j = n_positive; j < n_out; j++) {
        each[j] = negative_weight(objective, plan, block, j);
        negatives += each[j];
        most = each[j] > most ? each[j] : most;
    }
    most *= (float)block->n_centres;
    for (size_t w = 0; w < block->n_centres; w++) {
        const struct plan_centre *centre = &plan->centres[block->first_centre + w];
        float *weight = pairs->weight + w * n_out;
        if (centre->end - centre->begin == 1) /* there are no contexts */
            continue;
        n_predictions++;
        weight[centre->out] = positive;
        each[centre->out] += positive;
        most = each[centre->out] > most ? each[centre->out] : most;
        for (size_t j = n_positive; j < n_out; j++)
            weight[j] = -each[j];
    }
    for (size_t j = n_positive; j < n_out; j++)
        each[j] *= (float)n_predictions;
    pairs->in_most = positive + negatives;
    pairs->out_most = most;
    return n_predictions;
}

const struct objective_kind negative_objective = {shape,   loads, begin,
                                                  outputs, weigh, weigh_windows};
