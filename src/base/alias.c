/*
 * Vose's method: each column below the mean is filled up from a column above it, until all are equal.
 * The small columns grow from the start of the stack, the large ones from its end.
 */
#include "base/alias.h"

void alias_make(double *share, uint32_t *other, uint32_t *stack, size_t n)
{
    size_t n_small = 0, large = n;
    for (size_t i = 0; i < n; i++) {
        other[i] = (uint32_t)i;
        stack[share[i] < 1 ? n_small++ : --large] = (uint32_t)i;
    }
    while (n_small > 0 && large < n) {
        const uint32_t small = stack[--n_small], giver = stack[large];
        other[small] = giver;
        share[giver] -= 1 - share[small];
        if (share[giver] < 1) {
            large++;
            stack[n_small++] = giver;
        }
    }
    /* Rounding errors may leave columns over. They are full. */
    while (n_small > 0)
        share[stack[--n_small]] = 1;
    for (; large < n; large++)
        share[stack[large]] = 1;
}
