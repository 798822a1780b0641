/*
 * Hierarchical softmax: the outputs of a block are the nodes above its centre, and its pairs are
 * the turns on the way down to the centre. A turn to side 1 is a positive pair, a turn to side 0 a
 * negative one, as in fastText. In word2vec.c and gensim it is the other way round: their output
 * rows have the opposite sign, and their vectors are the same.
 *
 * A block is one window, or a part of a wide one. Two centres have few nodes in common, so a block of
 * several windows would hold many pairs that none of its windows has.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "train/objective.h"

/* A block of skip-gram has at most so many contexts. Measured; see tests/bench/TUNING.md. */
enum { MOST_CONTEXTS = 12 };

/*
 * A prediction has a pair for each node above the centre.
 *
 * Most centres move the nodes near the root. If the loads of nodes bounded a round, no round could
 * have several shards. They need not bound it, since the merge scales the moves down (rows.h): the
 * losses after five epochs were measured to be the same for 1 shard and for 16.
 */
static void shape(struct objective *objective)
{
    const struct tree *tree = objective->tree;
    objective->block_windows = 1;
    if (objective->model != W2V_CBOW)
        objective->most_contexts = MOST_CONTEXTS;
    objective->n_bounded = objective->layout.n_inputs;
    for (uint32_t word = 0; word < tree->n_words; word++)
        for (uint32_t at = word; at != tree_root(tree); at = tree_above(tree, at))
            objective->losses += (double)objective->sampler->kept_share[word];
}

/* A centre moves the nodes above it. So the load of a node sums the shares of the words below. */
static void loads(const struct objective *objective, float *loads)
{
    const struct tree *tree = objective->tree;
    const double contexts = objective->contexts;
    const bool cbow = objective->model == W2V_CBOW;
    const double in = (cbow ? objective_speed(contexts) / contexts : contexts) * objective->losses;
    float *nodes = loads + layout_output(&objective->layout, 0);
    memset(nodes, 0, objective->layout.n_outputs * sizeof *nodes);
    for (uint32_t at = 0; at < tree_root(tree); at++) {
        const bool word = at < tree->n_words;
        nodes[tree_node(tree, at)] +=
            word ? objective->sampler->kept_share[at] : nodes[at - tree->n_words];
        if (word)
            loads[at] = (float)(in * (double)objective->sampler->kept_share[at]);
    }
    for (size_t node = 0; node < objective->layout.n_outputs && !cbow; node++)
        nodes[node] *= (float)contexts;
}

static int begin(const struct objective *objective, struct plan *plan, uint64_t draw, size_t *most,
                 struct w2v_error *error)
{
    const size_t n = plan->n_blocks * objective->tree->longest,
                 n_nodes = objective->layout.n_outputs;
    (void)draw;
    *most += n < n_nodes ? n : n_nodes;
    return PLAN_GROW(plan->out, plan->out_capacity, n + 1); /* a tree of one word has no nodes */
}

/* Lists the nodes of the positive pairs first. */
static void outputs(const struct objective *objective, struct plan *plan, uint32_t b)
{
    struct plan_block *block = &plan->blocks[b];
    const struct tree *tree = objective->tree;
    const uint32_t word = plan->kept[plan->centres[block->first_centre].place];
    uint32_t *out = plan->out + plan->n_out, n_out = 0;
    for (uint32_t side = 2; side-- > 0;) {
        for (uint32_t at = word; at != tree_root(tree); at = tree_above(tree, at))
            if (tree_side(tree, at) == side)
                out[n_out++] = plan_list_row(
                    plan, (uint32_t)layout_output(&objective->layout, tree_node(tree, at)));
        if (side == 1)
            block->n_positive = n_out;
    }
    block->out = (uint32_t)plan->n_out;
    block->n_out = n_out;
    plan->n_out += n_out;
}

/* Every context is in a pair with every node. */
static size_t weigh(const struct objective *objective, const struct plan *plan,
                    const struct plan_block *block, struct objective_pairs *pairs)
{
    const size_t n_in = block->n_in, n_out = block->n_out;
    const struct plan_centre *centre = &plan->centres[block->first_centre];
    const struct plan_contexts contexts = plan_contexts(block, centre);
    float *times = pairs->in_sum, most = 0;
    (void)objective;
    memset(times, 0, n_in * sizeof *times);
    for (uint32_t place = contexts.begin; place < contexts.end; place++)
        if (place != centre->place)
            times[plan->place_input[block->inputs + (place - block->begin)]] += 1;
    for (size_t i = 0; i < n_in; i++) {
        float *weight = pairs->weight + i * n_out;
        for (size_t j = 0; j < n_out; j++)
            weight[j] = j < block->n_positive ? times[i] : -times[i];
        most = times[i] > most ? times[i] : most;
        times[i] *= (float)n_out;
    }
    for (size_t j = 0; j < n_out; j++)
        pairs->out_sum[j] = (float)contexts.n;
    pairs->in_most = most * (float)n_out;
    pairs->out_most = (float)contexts.n;
    return contexts.n;
}

static size_t weigh_windows(const struct objective *objective, const struct plan *plan,
                            const struct plan_block *block, struct objective_pairs *pairs)
{
    (void)objective;
    (void)plan;
    for (size_t j = 0; j < block->n_out; j++) {
        pairs->weight[j] = j < block->n_positive ? 1 : -1;
        pairs->out_sum[j] = 1;
    }
    pairs->in_most = (float)block->n_out;
    pairs->out_most = 1;
    return 1;
}

const struct objective_kind hierarchical_objective = {shape,   loads, begin,
                                                      outputs, weigh, weigh_windows};
