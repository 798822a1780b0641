/*
 * What a run minimises, in one table a kind: which output rows a block of windows has, how its
 * pairs are weighed, how many windows make a block, and how much one row is moved in a round.
 * plan.c lists windows and input rows and does not know the objective. step.c moves rows by the
 * weights and does not know it either.
 *
 * A weight says how often a pair counts: +w for a positive pair, with the loss -w log s(x . y), and
 * -w for a negative one, with the loss -w log s(-x . y), where s(t) = 1 / (1 + e^-t).
 *
 * How far one update may move a row. Let the update move every row by `rate` times its falling
 * gradient. With dx and dy the moves of rows x_i and y_j, w the size of their weight and e the
 * slope of the loss, |e| < 1, the loss of all pairs changes by at most
 *
 *     - (sum |dx_i|^2 + sum |dy_j|^2) / rate                      what the gradient promises
 *     + sum w (|dx_i|^2 |y_j|^2 + |x_i|^2 |dy_j|^2) / 4           the curvature, at most 1/4 each way
 *     + sum w |e| |dx_i| |dy_j|                                   both factors move
 *
 * since (a + b)^2 <= 2 a^2 + 2 b^2. With 2 |dx| |dy| <= |dx|^2 + |dy|^2 the change is negative if
 *
 *     sum over j of  w_ij pull(y_j) <= 1  for every i,
 *     sum over i of  w_ij pull(x_i) <= 1  for every j,      pull(z) = rate (|z|^2 / 4 + 1 / 2).
 *
 * step.c trains a block in parts where the block as a whole breaks this bound. Few blocks do, and
 * most need no sums to tell: no sum is above the most that one row's weights come to, times the
 * largest pull on the other side.
 */
#ifndef W2V_TRAIN_OBJECTIVE_H
#define W2V_TRAIN_OBJECTIVE_H

#include <math.h>

#include "train/layout.h"
#include "train/plan.h"
#include "train/sampler.h"
#include "train/tree.h"

/* The pairs of one block, as its step needs them. */
struct objective_pairs {
    float *weight;           /* (n_in, n_out), 0 at first: to be filled */
    float *times, *each;     /* (n_in) and (n_out): the objective's own, for what it likes */
    float in_most, out_most; /* to be set: the most that the weights of one row come to, by size */
};

struct objective {
    const struct objective_kind *kind;
    enum w2v_architecture model;
    struct layout layout;
    const struct sampler *sampler;
    const struct tree *tree; /* of hierarchical softmax; else NULL */
    double contexts;         /* expected for a centre; of sliding windows, in a line without end */
    double losses;           /* of pairs, by weight: how many a prediction is expected to sum */
    double mean_load;        /* of CBOW's means, whose words move together; of skip-gram 0 */
    size_t n_bounded;  /* the rows, from the first on, whose loads bound a round (schedule.h) */
    unsigned negative; /* for one prediction */
    unsigned block_windows; /* consecutive centres that a block trains together */
    unsigned block_negatives;
    unsigned pool; /* most negatives drawn for a stretch; its blocks take them in turn */
    uint64_t seed;
};

/*
 * CBOW: how many times faster than the exact gradient each of n contexts moves. The gradient of a
 * mean is divided by n, so contexts that follow it learn n times slower than outputs (Irsoy, Benton,
 * Stratos 2021, arXiv 2012.15332). word2vec.c takes n. Measured; see tests/bench/TUNING.md.
 */
static inline double objective_speed(double n)
{
    return fmax(sqrt(n), n / 2);
}

struct objective_kind {
    /* Sets the shape of blocks, `losses` and `n_bounded`. */
    void (*shape)(struct objective *objective);
    /* For every row of the layout, the expected sum of the weights that move it, for one centre. */
    void (*loads)(const struct objective *objective, float *loads);
    /* Before a plan's blocks: room for their output rows. Adds their most distinct rows to *most. */
    int (*begin)(const struct objective *objective, struct plan *plan, uint64_t draw, size_t *most,
                 struct w2v_error *error);
    /* Lists the output rows of block b. */
    void (*outputs)(const struct objective *objective, struct plan *plan, uint32_t b);
    /* Skip-gram: fills all of the pairs, and returns how many predictions they are. */
    size_t (*weigh)(const struct objective *objective, const struct plan *plan,
                    const struct plan_block *block, struct objective_pairs *pairs);
    /* CBOW: the weights (n_out) of the block's one window. */
    void (*weigh_window)(const struct objective *objective, const struct plan *plan,
                         const struct plan_block *block, float *weight);
};

/* Negative sampling (Mikolov et al. 2013, arXiv 1310.4546). */
extern const struct objective_kind negative_objective;

/* Hierarchical softmax (see tree.h). */
extern const struct objective_kind hierarchical_objective;

/* The objective of options->loss. `tree` may be NULL for one that has none. */
void objective_init(struct objective *objective, const struct w2v_train_options *options,
                    const struct layout *layout, const struct corpus *corpus,
                    const struct sampler *sampler, const struct tree *tree);

#endif
