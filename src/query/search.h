/*
 * Exact search: the k words of greatest score to each of many queries, as products of blocks of
 * rows with blocks of queries, in one pass over the matrix for every thousand distinct words asked
 * for.
 *
 * A query is a weighted sum of words or vectors. Everything is computed from cosines: those of the
 * distinct terms of a group of queries ("probes", unit vectors) to each row of the matrix. They are
 * summed by the kernels in a fixed order and divided by the row's length; a row of zeros has cosine
 * 0, a row with a number that is not finite is never an answer. The terms' cosines make the score.
 * So a score is a function of row and query alone, and answers are ordered by falling score, then
 * by id: neither tiles, nor threads, nor what else is asked at the same time change a bit.
 */
#ifndef W2V_QUERY_SEARCH_H
#define W2V_QUERY_SEARCH_H

#include "base/error.h"

/* Terms of a query at most: those of one query must fit a group. */
enum { SEARCH_MAX_TERMS = 1024 };

struct search {
    const struct w2v_model *model;
    enum w2v_method method;
    const struct w2v_query *queries; /* (n); checked. A query's own words never answer it, */
    const uint32_t *kin;   /* (V) nor do words that are one with these: a number a word; or NULL */
    const uint32_t *first; /* (V) an equal word before this one, which then is no answer, or this
                              one itself; or NULL */
    size_t n;
    const uint32_t *candidates; /* (n_candidates) rising ids; NULL: 0 .. n_candidates - 1 */
    size_t n_candidates;
    size_t k;
    float least;          /* answers score this or more; -INFINITY: anything */
    unsigned threads;     /* as many, whatever the cores */
    struct w2v_hit *hits; /* (n, k) */
    size_t *n_hits;       /* (n) */
};

int search_run(const struct search *search, struct w2v_error *error);

/* Makes a vector of D floats a unit vector, computed in double precision; zeros stay zeros. */
void search_unit(float *vector, size_t dim);

#endif
