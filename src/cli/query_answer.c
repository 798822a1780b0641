/* What the query subcommands print: searches and their rows. See query.h. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/query.h"
#include "cli/row.h"

int query_no_memory(struct w2v_error *error)
{
    *error = (struct w2v_error){W2V_ENOMEM, "out of memory for an answer"};
    return W2V_ENOMEM;
}

int query_search(const struct query *query, const struct query_asked *asked, size_t n,
                 struct w2v_error *error)
{
    size_t n_words = 0, n_searched = 0;
    for (size_t q = 0; q < n; q++)
        n_words += asked[q].n_words;
    struct w2v_term *terms = calloc(n_words, sizeof *terms);
    struct w2v_query *queries = calloc(n, sizeof *queries);
    int code = terms != NULL && queries != NULL ? W2V_OK : query_no_memory(error);
    for (size_t q = 0, i = 0; code == W2V_OK && q < n; q++) {
        if (asked[q].lost)
            continue;
        queries[n_searched++] = (struct w2v_query){terms + i, asked[q].n_words};
        for (size_t j = 0; j < asked[q].n_words; j++) {
            const struct query_word *word = &asked[q].words[j];
            terms[i++] = (struct w2v_term){word->id, word->vector, word->weight};
        }
    }
    if (code == W2V_OK)
        code = w2v_search(query->model, queries, n_searched, query->method, &query->search,
                          query->hits, query->n_hits, error);
    /* Moves hits to the places of their queries. The last go first, so none is overwritten. */
    for (size_t q = n; code == W2V_OK && q-- > 0;) {
        query->n_hits[q] = asked[q].lost ? 0 : query->n_hits[--n_searched];
        if (query->n_hits[q] > 0 && n_searched != q)
            memcpy(query->hits + q * query->search.k, query->hits + n_searched * query->search.k,
                   query->search.k * sizeof *query->hits);
    }
    free(terms);
    free(queries);
    return code;
}

void query_print_hits(const struct query *query, const struct w2v_hit *hits, size_t n_hits,
                      const char *label, size_t n_label, const char *score)
{
    if (n_hits == 0 && query->rows) {
        const struct row_field row[] = {
            {"query", ROW_TEXT, .text = label, .n_bytes = n_label},
            {"word", ROW_NONE, .text = NULL},
            {score, ROW_REAL, .real = NAN},
        };
        row_print(query->json, row, 3);
    }
    for (size_t j = 0; j < n_hits; j++) {
        const struct w2v_hit *hit = &hits[j];
        struct row_field row[] = {
            {"query", ROW_TEXT, .text = label, .n_bytes = n_label},
            {"word", ROW_TEXT, .text = NULL},
            {score, ROW_REAL, .real = (double)hit->score},
        };
        row[1].text = w2v_word(query->model, hit->id, &row[1].n_bytes);
        row_print(query->json, row, 3);
    }
}

void query_print(const struct query *query, size_t i, const char *label, size_t n_label,
                 const char *score)
{
    query_print_hits(query, query->hits + i * query->search.k, query->n_hits[i], label, n_label,
                     score);
}

const char query_zero[] = "is zero";

const char *query_fault(const struct w2v_model *model, const float *vector)
{
    bool finite = true, any = false;
    for (size_t k = 0; k < w2v_dim(model); k++) {
        finite = finite && isfinite(vector[k]);
        any = any || vector[k] < 0 || vector[k] > 0;
    }
    return !finite ? "is not finite" : any ? NULL : query_zero;
}

const float *query_vector(const struct query *query, const struct query_word *word, float *copy)
{
    if (word->id < 0)
        return word->vector;
    w2v_vector(query->model, (size_t)word->id, copy);
    return copy;
}
