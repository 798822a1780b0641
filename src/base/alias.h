/*
 * Tables of the alias method, which draw an index with given probabilities in constant time (Walker
 * 1977; Vose 1991, "A linear algorithm for generating random numbers with a given distribution").
 * Column i, of n equally likely ones, gives i with the probability share[i], and else other[i].
 */
#ifndef W2V_BASE_ALIAS_H
#define W2V_BASE_ALIAS_H

#include <stddef.h>
#include <stdint.h>

/*
 * `share` has n probabilities times n, so that their mean is 1. They are replaced by the shares of the
 * columns, at most 1. `other` is (n). `stack` has room for n numbers.
 */
void alias_make(double *share, uint32_t *other, uint32_t *stack, size_t n);

#endif
