/*
 * The mean and the first principal directions of a selection's vectors. Sums run over the vectors
 * in order, whatever the threads, and through the kernels, so the bits are the same everywhere.
 */
#ifndef W2V_MODEL_PRINCIPAL_H
#define W2V_MODEL_PRINCIPAL_H

#include "model/selection.h"

/* The mean, into D doubles. */
int principal_mean(struct selection *s, double *mean, struct w2v_error *error);

/*
 * The n (below D) directions in which centred vectors vary most, (n, D) unit vectors, those of most
 * variance first. Zeros where there is no variance left.
 */
int principal_directions(struct selection *s, size_t n, double *directions,
                         struct w2v_error *error);

#endif
