/*
 * What a run minimises. Each kind of objective is a table of functions. They tell how many windows
 * make a block, which output rows a block has, what its pairs weigh, and how much one row is moved
 * in a round. plan.c lists windows and input rows, and step.c moves rows by the weights. Neither
 * file knows the objective.
 *
 * A weight tells how often a pair counts. It is +w for a positive pair, whose loss is
 * -w log s(x . y), and -w for a negative pair, whose loss is -w log s(-x . y), where
 * s(t) = 1 / (1 + e^-t).
 *
 * How far one update may move a row. Let an update move every row by -rate x gradient. Let
 *
 *     dx_i, dy_j   be the moves of rows x_i and y_j,
 *     w            the size of the weight of a pair,
 *     e            the slope of its loss before the update,
 *     h            the most that its loss curves during the update.
 *
 * Then the loss of all pairs changes by at most
 *
 *     - (sum |dx_i|^2 + sum |dy_j|^2) / rate                  what the gradient promises
 *     + sum w h (dx_i . y_j + x_i . dy_j)^2 / 2               losses curve
 *     + sum w |e| |dx_i| |dy_j|                               both factors of x . y move
 *
 * without the terms of third order in the moves. The two products in the square seldom agree, so
 * their squares are added. With 2 |dx| |dy| <= |dx|^2 + |dy|^2 the change is negative if
 *
 *     sum over j of  w_ij pull_ij(y_j) <= 1  for every i,
 *     sum over i of  w_ij pull_ij(x_i) <= 1  for every j,   pull_ij(z) = rate (h |z|^2 + |e|) / 2.
 *
 * If a block as a whole breaks this bound, step.c trains it in several updates. Most blocks need no
 * look at their slopes: h <= 1/4 and |e| < 1, and no sum is above
 *
 *     (the largest sum of weights of one row) x (the largest pull on the other side).
 */
#ifndef W2V_TRAIN_OBJECTIVE_H
#define W2V_TRAIN_OBJECTIVE_H

#include <math.h>

#include "train/layout.h"
#include "train/plan.h"
#include "train/sampler.h"
#include "train/tree.h"

/* A block of CBOW has at most so many windows. Measured; see tests/bench/TUNING.md. */
enum { OBJECTIVE_MOST_WINDOWS = 2 };

/*
 * The pairs of one block, for its step: pairs of input and output rows in skip-gram, of the means
 * of windows and output rows in CBOW.
 */
struct objective_pairs {
    float *weight;           /* (n_in or windows, n_out), 0 at first; to be filled */
    float *in_sum, *out_sum; /* to be set: the sum of |weight| of each row; in CBOW only out_sum */
    float in_most, out_most; /* to be set: the largest sum on either side */
};

struct objective {
    const struct objective_kind *kind;
    enum w2v_architecture model;
    struct layout layout;
    const struct sampler *sampler;
    const struct tree *tree; /* of hierarchical softmax; else NULL */
    double contexts;         /* expected for a centre; for sliding windows, as in an endless line */
    double losses;           /* expected sum of |weight| over the pairs of a prediction */
    double rate;             /* the learning rate at the start */
    double mean_load;        /* CBOW: the load of a window's mean (schedule.h); skip-gram: 0 */
    size_t n_bounded;        /* the loads of rows 0 .. n_bounded - 1 bound a round (schedule.h) */
    unsigned negative;       /* negatives of one prediction */
    unsigned block_windows;  /* consecutive centres that a block trains together */
    unsigned most_contexts;  /* if block_windows is 1, a window with more is cut into blocks */
    unsigned turns; /* windows are trained in so many blocks in turn, each with other negatives */
    unsigned block_negatives;
    unsigned pool; /* at most so many negatives for a stretch; its blocks use them in turn */
    bool attracts; /* skip-gram: contexts of a block attract each other (step.h) */
    uint64_t seed;
};

/*
 * CBOW: how many times faster than the exact gradient each of n contexts moves. The gradient of a
 * mean is divided by n, so contexts that follow it learn n times slower than outputs (Irsoy,
 * Benton, Stratos 2021, arXiv 2012.15332). word2vec.c uses n. Measured; see tests/bench/TUNING.md.
 */
static inline double objective_speed(double n)
{
    return fmax(sqrt(n), n / 2);
}

/*
 * The expected work for a centre: its pairs in skip-gram, in CBOW the contexts of its mean and the losses
 * of its one prediction.
 */
static inline double objective_work(const struct objective *objective)
{
    return objective->model == W2V_CBOW ? objective->contexts + objective->losses
                                        : objective->contexts * objective->losses;
}

struct objective_kind {
    /* Sets the shape of blocks, in skip-gram with most_contexts, `turns`, `losses` and `n_bounded`. */
    void (*shape)(struct objective *objective);
    /*
     * Sets the load of every input and output row: the expected sum of |weight| that moves the row,
     * for one centre.
     */
    void (*loads)(const struct objective *objective, float *loads);
    /*
     * Comes before the blocks of a plan: makes room for their output rows, and adds to *most how
     * many distinct ones there can be.
     */
    int (*begin)(const struct objective *objective, struct plan *plan, uint64_t draw, size_t *most,
                 struct w2v_error *error);
    /* Lists the output rows of block b. */
    void (*outputs)(const struct objective *objective, struct plan *plan, uint32_t b);
    /* Fill *pairs for skip-gram and for CBOW. Return the number of predictions. */
    size_t (*weigh)(const struct objective *objective, const struct plan *plan,
                    const struct plan_block *block, struct objective_pairs *pairs);
    size_t (*weigh_windows)(const struct objective *objective, const struct plan *plan,
                            const struct plan_block *block, struct objective_pairs *pairs);
};

/* Negative sampling (Mikolov et al. 2013, arXiv 1310.4546). */
extern const struct objective_kind negative_objective;

/* Hierarchical softmax (see tree.h). */
extern const struct objective_kind hierarchical_objective;

/* Makes the objective of options->loss. `tree` is only used by hierarchical softmax. */
void objective_init(struct objective *objective, const struct w2v_train_options *options,
                    const struct layout *layout, const struct corpus *corpus,
                    const struct sampler *sampler, const struct tree *tree);

#endif
