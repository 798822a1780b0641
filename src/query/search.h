/*
 * Exact search: the k words of greatest score to each of many queries, in one pass over the matrix
 * for every thousand distinct words asked for.
 *
 * A query names one word or three. Everything is computed from cosines: those of the distinct words
 * of a group of queries ("probes", unit vectors) to each row of the matrix. They are summed by the
 * kernels in a fixed order and divided by the row's length; a row of zeros has cosine 0, a row with
 * a number that is not finite is never an answer. Three cosines make the score of an analogy. So a
 * score is a function of the words alone, and answers are ordered by falling score, then by id:
 * neither tiles, nor threads, nor what else is asked at the same time change a bit.
 */
#ifndef W2V_QUERY_SEARCH_H
#define W2V_QUERY_SEARCH_H

#include "base/error.h"

enum search_kind {
    SEARCH_NEIGHBORS, /* cos(x, A) */
    SEARCH_ADD,       /* cos(x, A - B + C), of unit vectors */
    SEARCH_MUL        /* cos'(x, A) cos'(x, C) / (cos'(x, B) + 0.001), cos' = (cos + 1) / 2 */
};

struct search {
    const struct w2v_model *model;
    enum search_kind kind;
    const size_t *ids; /* (n, 1) or, for analogies, (n, 3): A, B, C; never their own answers */
    size_t n;
    size_t n_candidates; /* the words 0 .. n_candidates - 1; at most V */
    size_t k;
    unsigned threads;     /* as many, whatever the cores */
    struct w2v_hit *hits; /* (n, k) */
    size_t *n_hits;       /* (n) */
};

int search_run(const struct search *search, struct w2v_error *error);

/* The unit vector of word `id` in D floats, computed in double precision; zeros for zeros. */
void search_unit(const struct w2v_model *model, size_t id, float *unit);

#endif
