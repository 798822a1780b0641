/*
 * One update step: the gradient step of one block of windows, on rows given by pointers. No
 * threads, no files, no clock, no random numbers.
 *
 * The objective of a block is the sum over its windows of word2vec's negative sampling loss
 * (Mikolov et al. 2013, arXiv 1310.4546): for each pair of a context word and a centre,
 *
 *     -log s(in . centre) - (negative / drawn) x sum over the block's drawn negatives of
 *                            log s(-in . negative),        s(x) = 1 / (1 + e^-x)
 *
 * where CBOW has one pair a window, `in` being the mean of the contexts. All rows move by
 * rate x the falling gradient at the values they had before the step. For CBOW that divides the
 * gradient by the number n of contexts, as the mean's derivative is (Irsoy, Benton, Stratos 2021,
 * arXiv 2012.15332); and since the contexts would learn n times slower than the outputs, they move
 * at sqrt(n) times the rate. Between the exact step (1) and word2vec.c's (n, for it does not
 * divide) this was the best of those measured: questions-words after five epochs of 100 MB of
 * Wikipedia 36.9 %, where 1 gives 31.8 at this rate and 34.8 at its best one.
 */
#ifndef W2V_TRAIN_STEP_H
#define W2V_TRAIN_STEP_H

#include "kernel/kernel.h"
#include "train/plan.h"

/* One thread's room for steps. */
struct step {
    const struct kernel *kernel;
    size_t dim;            /* padded: the rows' length */
    float negative_weight; /* of one drawn negative: negative / drawn */
    struct mem_map rows;   /* old values of input rows, (rows_capacity, dim) */
    size_t rows_capacity;
    const float **row; /* the rows in `rows` */
    float *pairs;      /* per input row: in how many pairs of the block it is */
    size_t row_capacity, pairs_capacity;
    float *weight, *score; /* (n_in, n_out), padded at the end to whole vectors */
    size_t weight_capacity, score_capacity;
    float *negatives; /* a row of `weight` for an input row of one pair */
    size_t negatives_capacity;
    const unsigned char *frozen; /* by word: 1 for an input row that stays; NULL: none does */
    float **moved;               /* the rows to move instead: `spare` for one that stays */
    float *spare;
    size_t moved_capacity;
    /*
     * Rows that the next step will want: fetched a few lines at a time while this one computes, as
     * a burst would wait for memory. The caller's, may be none; not read.
     */
    float *const *ahead;
    size_t n_ahead, next_ahead;
};

/* `negative` in the objective's sense; `drawn`: the negatives drawn for a block. */
void step_init(struct step *step, const struct kernel *kernel, size_t dim, float negative,
               unsigned drawn);
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
