/*
 * The words of a model that are to be written, in the model's order, and what is done to their
 * numbers. A row is made when it is asked for, so no copy of the matrix is needed. It is computed
 * in doubles and independently of other rows, so the bits are the same for any number of threads.
 *
 * What is done, in this order: the mean of the chosen vectors is subtracted (center); their
 * components along the first principal directions are removed (Mu and Viswanath 2018,
 * "All-but-the-top", arXiv 1702.01417); vectors are made unit vectors (normalize).
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
    bool unit; /* vectors are made unit vectors first of all */
    bool normalize;

    float *batch; /* (SELECTION_BATCH or n, D): the rows from `first` on */
    size_t first, n_batch;
    size_t n_duplicates; /* chosen rows left out, since an equal word comes before them */
    size_t n_alike;      /* chosen rows left out: written like another one (spelling.h) */
    size_t n_respelled;  /* words that the format holds with other bytes only (spelling.h) */
    size_t n_not_finite; /* chosen rows left out, since their vectors are not finite */
    size_t n_missing;    /* words of the list that the model does not have */
    size_t n_beyond;     /* words of the list beyond the first ones that are wanted */
};

/* Chooses words as the options say, and finds the mean and the directions if they are wanted. */
int selection_make(struct selection *s, const struct w2v_model *model,
                   const struct w2v_convert_options *options, struct w2v_error *error);

/* Selects the given words, as unit vectors. Release it likewise. */
int selection_of_units(struct selection *s, const struct w2v_model *model, const size_t *ids,
                       size_t n, unsigned threads, struct w2v_error *error);
void selection_release(struct selection *s);

/* Word i of the selection. */
const char *selection_word(const struct selection *s, size_t i, size_t *n_bytes);

/* Makes row i in D floats; any number of threads may call it. False if the row is not finite. */
bool selection_make_row(const struct selection *s, size_t i, float *row);

/*
 * Points *row to row i, until the next call. Rows are made a batch at a time on all threads, so ask
 * for them in order. W2V_ENUMERIC if the row is not finite.
 */
int selection_row(struct selection *s, size_t i, const float **row, struct w2v_error *error);

/* The same rows for principal.h. The selection must outlive them. */
struct principal_rows selection_rows(struct selection *s);

/* Sets an error that names the word of row i, and returns W2V_ENUMERIC. */
int selection_not_finite(const struct selection *s, size_t i, struct w2v_error *error);

#endif
