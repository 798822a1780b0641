/* The k best answers to a query so far, as a heap with the worst answer first. */
#ifndef W2V_QUERY_BEST_H
#define W2V_QUERY_BEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct best {
    float score;
    uint32_t place; /* among the candidates */
};

/* Whether a comes before b: of greater score or, with equal scores, of lower place. */
static inline bool best_is_better(struct best a, struct best b)
{
    return a.score > b.score || (a.score == b.score && a.place < b.place);
}

/* Puts heap[0], which has changed, into its place among n. */
static inline void best_sift_down(struct best *heap, size_t n)
{
    const struct best top = heap[0];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && best_is_better(heap[child], heap[child + 1]))
            child++;
        if (!best_is_better(top, heap[child]))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = top;
}

/* Adds an answer to a heap of at most k, of which the worst falls out when it is full. */
static inline void best_add(struct best *heap, size_t *n, size_t k, struct best new)
{
    if (*n == k) {
        if (best_is_better(new, heap[0])) {
            heap[0] = new;
            best_sift_down(heap, k);
        }
        return;
    }
    size_t i = (*n)++;
    while (i > 0 && best_is_better(heap[(i - 1) / 2], new)) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = new;
}

#endif
