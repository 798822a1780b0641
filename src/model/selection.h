/*
 * The words and vectors of a model that are to be written: which, in the model's order, and what is
 * done to their numbers. Rows are made when asked for, in doubles and one word by itself, so they
 * are the same bits for any number of threads; nothing of the size of the matrix is held.
 *
 * In this order: the mean of the chosen vectors is taken away (center); then their parts along the
 * first principal directions, which is what Mu and Viswanath 2018 (arXiv 1702.01417, "All-but-the-
 * top") do to make vectors more alike in all directions; then lengths become 1 (normalize).
 */
#ifndef W2V_MODEL_SELECTION_H
#define W2V_MODEL_SELECTION_H

#include "model/model.h"
#include "model/principal.h"

enum { SELECTION_BATCH = 1024 };

struct selection {
    const struct w2v_model *model;
    size_t *ids; /* (n) */
    size_t n, dim;
    unsigned threads;
    double *mean;       /* (D), or NULL */
    double *directions; /* (n_directions, D) unit vectors */
    size_t n_directions;
    bool unit; /* lengths are 1 before all of this */
    bool normalize;

    float *batch; /* (SELECTION_BATCH, D): the rows from `first` on */
    size_t first, n_batch;
    size_t n_duplicates, n_missing; /* words left out, words of the list that are not there */
};

/* Chooses the words by the options, and finds mean and directions where they are asked for. */
int selection_make(struct selection *s, const struct w2v_model *model,
                   const struct w2v_convert_options *options, struct w2v_error *error);

/* Given words, as unit vectors. Release it likewise. */
int selection_of_units(struct selection *s, const struct w2v_model *model, const size_t *ids,
                       size_t n, unsigned threads, struct w2v_error *error);
void selection_release(struct selection *s);

/* Word i of the selection. */
const char *selection_word(const struct selection *s, size_t i, size_t *n_bytes);

/* Makes row i, in D floats. Any number of threads may. False where it is not finite. */
bool selection_make_row(const struct selection *s, size_t i, float *row);

/*
 * *row points to row i, until the next call. Rows are made a batch at a time on all threads, so ask
 * in order. W2V_ENUMERIC where it is not finite.
 */
int selection_row(struct selection *s, size_t i, const float **row, struct w2v_error *error);

/* The same rows for principal.h. The selection must outlive them. */
struct principal_rows selection_rows(struct selection *s);

/* W2V_ENUMERIC, with the word of row i named. */
int selection_not_finite(const struct selection *s, size_t i, struct w2v_error *error);

#endif
