/*
 * Who is near whom. For each word of a map its nearest neighbours among the words of the map are
 * found, exactly and by cosine. The affinities of t-SNE are made of these neighbours (van der Maaten
 * and Hinton 2008, "Visualizing data using t-SNE"). All results are the same bits for any number of
 * threads.
 */
#ifndef W2V_DRAW_AFFINITY_H
#define W2V_DRAW_AFFINITY_H

#include "base/error.h"

/* A word's place is where it stands in the list of words, 0 to n - 1. */
struct affinity_nearest {
    size_t n, k;
    uint32_t *place; /* (n, k), the nearest first */
    float *cosine;   /* (n, k) */
};

/*
 * Finds the k nearest of each of n words of the model. The ids rise, each word must have a direction,
 * and k is below n. Tells progress as W2V_PHASE_SEARCH.
 */
int affinity_nearest(struct affinity_nearest *nearest, const struct w2v_model *model,
                     const size_t *ids, size_t n, size_t k, unsigned threads,
                     w2v_progress_fn progress, void *progress_context, struct w2v_error *error);
void affinity_nearest_release(struct affinity_nearest *nearest);

/* A sparse symmetric matrix whose elements add up to 1. */
struct affinity {
    size_t n;
    size_t *begin;   /* (n + 1) */
    uint32_t *place; /* (begin[n]): rising within a row */
    float *p;
};

/*
 * Each word spreads a weight of 1 over its neighbours, by a Gaussian of the distances of unit
 * vectors. The width of the Gaussian is the one at which the weights have the wished perplexity, or
 * a perplexity of max(k / 3, min(2, 0.9 k)) where that is less. The affinity of two words is the
 * mean of what each gives to the other, divided by n.
 */
int affinity_make(struct affinity *affinity, const struct affinity_nearest *nearest,
                  double perplexity, unsigned threads, struct w2v_error *error);
void affinity_release(struct affinity *affinity);

#endif
