/*
 * Exact search: finds, for each of many queries, the k words of greatest score. Blocks of rows are
 * multiplied by blocks of queries, in one pass over the matrix for each thousand distinct terms.
 *
 * A query is a weighted sum of terms; a term is a word or a vector. The distinct terms of a group
 * of queries are its probes, as unit vectors. First the cosines of all probes to a row are
 * computed; a score is made of the cosines of the query's terms. The kernels compute dot products
 * in a fixed order, which are then divided by the row's length. A row of zeros, and one with a number
 * that is not finite, is never an answer.
 *
 * So a score depends on row and query alone. Answers are ordered by falling score, then by id.
 * Tiles, threads and other queries in the same call do not change a bit. A score of several terms is a
 * sum of cosines, which are floats. If weighted terms nearly cancel, the score has fewer right digits.
 */
#ifndef W2V_QUERY_SEARCH_H
#define W2V_QUERY_SEARCH_H

#include "base/error.h"

/* The most terms of a query: all terms of a query must fit into one group. */
enum { SEARCH_MAX_TERMS = 1024 };

struct search {
    const struct w2v_model *model;
    enum w2v_method method;
    const struct w2v_query *queries; /* (n), checked */
    size_t n;

    /*
     * A query's own words never answer it, nor do words that count as the same: kin[a] == kin[b] or
     * first[a] == first[b]. A word with first[id] != id is never an answer. Both arrays are (V), or
     * NULL.
     */
    const uint32_t *kin, *first;

    const uint32_t *candidates; /* (n_candidates) rising ids; NULL: 0 .. n_candidates - 1 */
    size_t n_candidates;
    size_t k;
    float least;          /* answers score this or more; -INFINITY: any score will do */
    unsigned threads;     /* how many threads to use; not 0 */
    struct w2v_hit *hits; /* (n, k) */
    size_t *n_hits;       /* (n) */
};

/* W2V_EARG if one of n ids is not below the number of words. */
int search_check_ids(const struct w2v_model *model, const size_t *ids, size_t n,
                     struct w2v_error *error);

int search_run(const struct search *search, struct w2v_error *error);

#endif
