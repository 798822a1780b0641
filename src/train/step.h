/*
 * One training step: gradient descent on one block of windows, on rows given by pointers. It uses
 * no threads, files, clock or random numbers.
 *
 * The objective of a block is the sum of the losses of its pairs, with the weights of objective.h.
 * In skip-gram a pair is a context and an output row. In CBOW it is the mean of the contexts and an
 * output row. All rows move by -rate x gradient, computed from the values before the step.
 *
 * Training by single pairs does more, to second order in the rate. A context moves an output row, and
 * the next context of the same row then moves by its new value. So these contexts attract each other.
 * Skip-gram can do this in blocks too (objective.attracts). Let slope_ij be rate x weight x the falling
 * slope of pair i, j. Besides its gradient, input row i then moves by
 *
 *     1/2 sum over k != i of (sum over j of slope_ij slope_kj) x_k.
 *
 * This is the mean over all orders of the pairs of the block. It is no step along the gradient, and may
 * raise the objective a little where the gradient is almost 0.
 *
 * In CBOW contexts move faster than the gradient of their mean says, by objective_speed(n) for n
 * contexts. If words repeat, the mean could then move further than a context would alone. So the
 * factor is
 *
 *     min(objective_speed(n), 1 / sum of share^2),  share = (times that a word is a context) / n.
 *
 * The windows of a block are trained together. They overlap, so each moves the means of the others.
 * Let share_wi be the share of input row i in window w, and move_wi = share_wi x (factor of w).
 * Suppose that the means of all windows have the same gradient step. Then the mean of window w moves
 * by so many of these steps:
 *
 *     sum over i of share_wi (sum over v of move_vi).
 *
 * The largest of these sums is the gain. In the bound the sums of the means are multiplied by the gain.
 *
 * A step is sound if it lowers the objective. If a block breaks the bound of objective.h, it is
 * trained in several updates. Each uses as large a share of all weights as the bound allows, until
 * the shares add up to 1. These are smaller steps along the same objective, as if the pairs were
 * trained one after the other.
 *
 * The bound is kept for rates up to STEP_SOUND_RATE. Default rates are at most 0.25. At a higher rate
 * every block is one update, and training may diverge.
 */
#ifndef W2V_TRAIN_STEP_H
#define W2V_TRAIN_STEP_H

#include "train/objective.h"

#define STEP_SOUND_RATE 1.0f

/* The working memory of one thread for its steps. */
struct step {
    const struct kernel *kernel;
    const struct objective *objective;
    size_t dim;                   /* the length of rows, padded */
    struct mem_map rows;          /* old values of input rows, then spare rows for frozen words */
    const float **row;            /* pointers to the rows in `rows` */
    float *in_weight, *in_square; /* (n_in) */
    size_t in_capacity;
    float *out_weight, *out_square, *out_sum; /* (n_out) */
    size_t out_capacity;
    float *weight, *score; /* (n_in, n_out), padded at the end to whole vectors */
    size_t pairs_capacity;
    float *attraction; /* (n_in, n_in) */
    size_t attraction_capacity;
    float *share, *move; /* CBOW: (windows, n_in) */
    size_t shares_capacity;
    const unsigned char *frozen; /* by word: 1 for an input row that stays; NULL: none does */
    float **moved;               /* the input rows to move: spare rows instead of frozen ones */
    size_t moved_capacity;
    /*
     * Rows that later steps will need, given by the caller; there may be none. ahead[i] is the number
     * of a row of `matrix`, which will be trained at trained_at[i]. A step prefetches a few of them
     * between its computations, since a burst of prefetches would wait for memory. It does not read
     * them.
     */
    const float *matrix;
    const uint32_t *ahead;
    float *const *trained_at;
    size_t n_ahead, next_ahead;
};

void step_init(struct step *step, const struct kernel *kernel, const struct objective *objective);
void step_release(struct step *step);

/* The result of a step. */
struct step_result {
    double loss; /* summed over predictions */
    uint64_t n_predictions;
};

/*
 * Trains a block of the plan. in[i] and out[j] are its n_in input rows and n_out output rows. All
 * rows are different, have step->dim floats and are aligned to 64 bytes. If there were predictions,
 * step->in_weight and step->out_weight then hold the sums of |weight| that moved the rows. In CBOW the
 * weight for an input row is that of its window, times share x move (see above).
 */
int step_skipgram(struct step *step, const struct plan *plan, const struct plan_block *block,
                  float *const *in, float *const *out, float rate, struct step_result *result,
                  struct w2v_error *error);
int step_cbow(struct step *step, const struct plan *plan, const struct plan_block *block,
              float *const *in, float *const *out, float rate, struct step_result *result,
              struct w2v_error *error);

#endif
