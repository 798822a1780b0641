/*
 * Who is near whom: the nearest neighbours of the words of a map among each other, by cosine and
 * exactly, and the affinities of t-SNE made of them (van der Maaten and Hinton 2008, "Visualizing
 * data using t-SNE"). All of it is the same bits for any number of threads.
 */
#ifndef W2V_DRAW_AFFINITY_H
#define W2V_DRAW_AFFINITY_H

#include "base/error.h"

/* Places are those in the list of words, 0 to n - 1. */
struct affinity_nearest {
    size_t n, k;
    uint32_t *place; /* (n, k), the nearest first */
    float *cosine;   /* (n, k) */
};

/*
 * The k nearest of n words of the model, whose ids rise; each must have a direction, and k be below
 * n. Tells progress as W2V_PHASE_SEARCH.
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
 * Each word spreads a weight of 1 over its neighbours, as a Gaussian of the distances of unit
 * vectors does whose width makes the perplexity that which is wished, or a third of k where that is
 * less; the matrix is the mean of both directions.
 */
int affinity_make(struct affinity *affinity, const struct affinity_nearest *nearest,
                  double perplexity, unsigned threads, struct w2v_error *error);
void affinity_release(struct affinity *affinity);

#endif
