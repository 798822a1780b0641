/*
 * The first centres of clusters, drawn as in k-means++ (Arthur and Vassilvitskii 2007): each is a
 * vector, drawn with a probability proportional to the square of its distance to the nearest centre so
 * far. For unit vectors this square is 2 - 2 x cosine. Each centre costs a pass over the vectors, so of
 * many vectors only a sample is looked at.
 */
#ifndef W2V_QUERY_SEEDING_H
#define W2V_QUERY_SEEDING_H

#include <stdbool.h>

#include "base/error.h"
#include "kernel/kernel.h"

struct seeding {
    const struct kernel *kernel;
    unsigned threads;
    const float *units;                 /* (n, stride), unit vectors padded with zeros */
    const bool *usable;                 /* (n): may be a centre; n_usable are */
    size_t n, n_usable, k, dim, stride; /* 1 <= k <= n_usable */
    uint64_t seed;
};

/*
 * Draws k vectors and copies them to `centres` (k, stride). They depend on the vectors, k and the seed
 * alone. Returns W2V_OK or W2V_ENOMEM.
 */
int seeding_run(const struct seeding *seeding, float *centres, struct w2v_error *error);

#endif
