/*
 * One update step: the gradient step of one block of windows, on rows given by pointers. No
 * threads, no files, no clock, no random numbers.
 *
 * The objective of a block is the sum of its pairs' losses, by the weights of objective.h. A pair
 * of skip-gram is a context and an output row. A pair of CBOW is the mean of the contexts and an
 * output row. All rows move by rate x the falling gradient at the values they had before.
 *
 * The contexts of CBOW move faster than the gradient of their mean says, by objective_speed. Where
 * words repeat, the mean would then move by more than one context's step, so the factor is at most
 * 1 / sum of share^2, where a word's share is its part of the contexts.
 *
 * A sound step: where the bound of objective.h does not hold, the block is trained in several
 * updates. Each takes as large a share of all weights as the bound allows, until the shares add up
 * to 1. This comes to smaller steps along the same objective, as with one pair after the other.
 *
 * The bound is kept for rates up to STEP_SOUND_RATE, forty times the default. With a higher one every
 * block is one update, and training may diverge.
 */
#ifndef W2V_TRAIN_STEP_H
#define W2V_TRAIN_STEP_H

#include "train/objective.h"

#define STEP_SOUND_RATE 1.0f

/* One thread's room for steps. */
struct step {
    const struct kernel *kernel;
    const struct objective *objective;
    size_t dim;          /* padded: the rows' length */
    struct mem_map rows; /* old values of input rows, then spare rows in the place of frozen ones */
    const float **row;   /* the rows in `rows` */
    float *times, *in_pull, *in_sum; /* (n_in) */
    size_t in_capacity;
    float *out_pull, *out_sum, *each; /* (n_out) */
    size_t out_capacity;
    float *weight, *score; /* (n_in, n_out), padded at the end to whole vectors */
    float *part;           /* a share of the weights, likewise */
    size_t pairs_capacity;
    const unsigned char *frozen; /* by word: 1 for an input row that stays; NULL: none does */
    float **moved;               /* the rows to move instead */
    size_t moved_capacity;
    /*
     * Rows that the next step will want: fetched a few lines at a time while this one computes, as
     * a burst would wait for memory. The caller's, may be none; not read.
     */
    float *const *ahead;
    size_t n_ahead, next_ahead;
};

void step_init(struct step *step, const struct kernel *kernel, const struct objective *objective);
void step_release(struct step *step);

/* What a step came to. */
struct step_result {
    double loss; /* summed over predictions */
    uint64_t n_predictions;
};

/*
 * Trains the block of the plan. in[i] and out[j] are the rows of its n_in input and n_out output
 * words, each of step->dim floats, aligned to 64 bytes; no two the same.
 */
int step_skipgram(struct step *step, const struct plan *plan, const struct plan_block *block,
                  float *const *in, float *const *out, float rate, struct step_result *result,
                  struct w2v_error *error);
int step_cbow(struct step *step, const struct plan *plan, const struct plan_block *block,
              float *const *in, float *const *out, float rate, struct step_result *result,
              struct w2v_error *error);

#endif
