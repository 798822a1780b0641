/*
 * The mean of a set of vectors and their first principal directions. Sums run over the vectors in
 * order, whatever the threads, and through the kernels, so the bits are the same everywhere.
 */
#ifndef W2V_MODEL_PRINCIPAL_H
#define W2V_MODEL_PRINCIPAL_H

#include "base/error.h"

/* Vectors that are asked for in their order, as often as they are needed. */
struct principal_rows {
    size_t n, dim;
    /* Sets *row to D floats that stay until the next call. */
    int (*row)(void *context, size_t i, const float **row, struct w2v_error *error);
    void *context;
    unsigned threads;
};

/* Adds the mean to D doubles, which are 0 before. */
int principal_mean(const struct principal_rows *rows, double *mean, struct w2v_error *error);

/*
 * The n (below D) directions in which centred vectors vary most, (n, D) unit vectors, those of most
 * variance first. Zeros where there is no variance left.
 */
int principal_directions(const struct principal_rows *rows, size_t n, double *directions,
                         struct w2v_error *error);

#endif
