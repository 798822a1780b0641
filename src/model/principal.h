/*
 * The mean of a set of vectors, and their first principal directions. Sums run over the vectors in
 * their order, with any number of threads, and the kernels give the same bits on any machine. So
 * the results are the same bits everywhere.
 */
#ifndef W2V_MODEL_PRINCIPAL_H
#define W2V_MODEL_PRINCIPAL_H

#include "base/error.h"

/* Vectors. They are asked for in order, in as many passes as are needed. */
struct principal_rows {
    size_t n, dim;
    /* Sets *row to D floats that stay until the next call. */
    int (*row)(void *context, size_t i, const float **row, struct w2v_error *error);
    void *context;
    unsigned threads;
};

/* Sets D doubles, which must be 0, to the mean. */
int principal_mean(const struct principal_rows *rows, double *mean, struct w2v_error *error);

/*
 * Finds the n directions, n < D, in which the vectors vary most: (n, D) unit vectors, by falling
 * variance, and zeros when no variance is left. The mean of the vectors must be 0.
 */
int principal_directions(const struct principal_rows *rows, size_t n, double *directions,
                         struct w2v_error *error);

#endif
