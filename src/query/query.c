/*
 * The public queries of w2v.h. Searches are checked here and run in search.c. Functions of a few
 * words are computed here, in double precision.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/mem.h"
#include "base/thread.h"
#include "query/folding.h"
#include "query/search.h"

void w2v_search_options_init(struct w2v_search_options *options)
{
    *options = (struct w2v_search_options){.k = 10, .min_score = -INFINITY};
}

/* ---- Searches ---- */

static int check_query(const struct w2v_model *model, const struct w2v_query *query,
                       enum w2v_method method, struct w2v_error *error)
{
    const int most = method == W2V_MUL ? W2V_MAX_MUL_TERMS : SEARCH_MAX_TERMS;
    if (query->n_terms == 0 || query->n_terms > (size_t)most)
        return error_set(error, W2V_EARG, "a query has %zu terms; %s1 to %d are allowed",
                         query->n_terms, method == W2V_MUL ? "with mul " : "", most);
    for (size_t i = 0; i < query->n_terms; i++) {
        const struct w2v_term *term = &query->terms[i];
        int status = term->id < 0
                         ? W2V_OK
                         : search_check_ids(model, (const size_t[]){(size_t)term->id}, 1, error);
        if (status != W2V_OK)
            return status;
        if (!isfinite(term->weight) ||
            (method == W2V_MUL && (fabs(term->weight) < 1 || fabs(term->weight) > 1)))
            return error_set(error, W2V_EARG, "a weight of %g; %s", term->weight,
                             method == W2V_MUL ? "with mul only 1 and -1 are allowed"
                                               : "it must be finite");
    }
    return W2V_OK;
}

/* With a folding, the first of the words that count as the same; else the word itself. */
static size_t stand_in(const struct search *search, size_t id)
{
    return search->kin != NULL ? search->kin[id] : id;
}

/* Lists the candidates by rising id, unless they are simply the first n words. */
static int list_candidates(const struct w2v_model *model, const struct w2v_search_options *options,
                           struct search *search, uint32_t **list, struct w2v_error *error)
{
    const size_t n = search->n_candidates, n_among = options->among != NULL ? options->n_among : 0,
                 n_exclude = options->exclude != NULL ? options->n_exclude : 0;
    int status = search_check_ids(model, options->among, n_among, error);
    if (status == W2V_OK)
        status = search_check_ids(model, options->exclude, n_exclude, error);
    if (status != W2V_OK || (options->among == NULL && n_exclude == 0))
        return status;
    bool *is_candidate = mem_calloc(model->n_words, sizeof *is_candidate, "candidates", error);
    *list = mem_calloc(n, sizeof **list, "candidates", error);
    if (is_candidate == NULL || *list == NULL) {
        free(is_candidate);
        return W2V_ENOMEM;
    }
    memset(is_candidate, options->among == NULL, model->n_words);
    for (size_t i = 0; i < n_among; i++)
        is_candidate[stand_in(search, options->among[i])] = true;
    for (size_t i = 0; i < n_exclude; i++)
        is_candidate[stand_in(search, options->exclude[i])] = false;
    search->n_candidates = 0;
    for (size_t id = 0; id < n; id++)
        if (is_candidate[stand_in(search, id)])
            (*list)[search->n_candidates++] = (uint32_t)id;
    search->candidates = *list;
    free(is_candidate);
    return W2V_OK;
}

int w2v_search(const struct w2v_model *model, const struct w2v_query *queries, size_t n,
               enum w2v_method method, const struct w2v_search_options *options,
               struct w2v_hit *hits, size_t *n_hits, struct w2v_error *error)
{
    const size_t n_words = model->n_words, restrict_to = options->restrict_to;
    struct search search = {.model = model,
                            .method = method,
                            .queries = queries,
                            .n = n,
                            .k = options->k,
                            .least = options->min_score,
                            .kin = options->folding != NULL ? options->folding->first : NULL,
                            .first = model->first,
                            .hits = hits,
                            .n_hits = n_hits};
    uint32_t *list = NULL;
    if (options->k == 0)
        return error_set(error, W2V_EARG, "k must be 1 or more");
    if (isnan(options->min_score))
        return error_set(error, W2V_EARG, "the least score is not a number");
    if (method != W2V_ADD && method != W2V_MUL)
        return error_set(error, W2V_EARG, "there is no analogy method number %d", (int)method);
    for (size_t i = 0; i < n; i++) {
        int status = check_query(model, &queries[i], method, error);
        if (status != W2V_OK)
            return status;
    }
    search.n_candidates = restrict_to == 0 || restrict_to > n_words ? n_words : restrict_to;
    search.threads = thread_count(options->threads);
    int status = list_candidates(model, options, &search, &list, error);
    if (status == W2V_OK && n > 0)
        status = search_run(&search, error);
    free(list);
    return status;
}

/* Searches for n queries of `width` words each, all with the same weights. */
static int search_words(const struct w2v_model *model, const size_t *ids, size_t n, size_t width,
                        const double *weights, enum w2v_method method,
                        const struct w2v_search_options *options, struct w2v_hit *hits,
                        size_t *n_hits, struct w2v_error *error)
{
    const size_t n_terms = mem_product(n, width);
    struct w2v_term *terms = mem_calloc(n_terms, sizeof *terms, "queries", error);
    struct w2v_query *queries = mem_calloc(n, sizeof *queries, "queries", error);
    int status = terms != NULL && queries != NULL ? search_check_ids(model, ids, n_terms, error)
                                                  : W2V_ENOMEM;
    for (size_t i = 0; status == W2V_OK && i < n_terms; i++)
        terms[i] = (struct w2v_term){.id = (int64_t)ids[i], .weight = weights[i % width]};
    for (size_t i = 0; status == W2V_OK && i < n; i++)
        queries[i] = (struct w2v_query){terms + i * width, width};
    if (status == W2V_OK)
        status = w2v_search(model, queries, n, method, options, hits, n_hits, error);
    free(terms);
    free(queries);
    return status;
}

int w2v_neighbors(const struct w2v_model *model, const size_t *ids, size_t n,
                  const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                  struct w2v_error *error)
{
    return search_words(model, ids, n, 1, (const double[]){1}, W2V_ADD, options, hits, n_hits,
                        error);
}

int w2v_analogy(const struct w2v_model *model, const size_t *ids, size_t n, enum w2v_method method,
                const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                struct w2v_error *error)
{
    return search_words(model, ids, n, 3, (const double[]){1, -1, 1}, method, options, hits, n_hits,
                        error);
}

/* ---- A few words ---- */

struct products {
    double aa, ab, bb;
};

static float cosine_of(struct products p)
{
    return p.aa == 0 || p.bb == 0 ? 0 : (float)(p.ab / (sqrt(p.aa) * sqrt(p.bb)));
}

float w2v_similarity(const struct w2v_model *model, size_t a, size_t b)
{
    /* A few numbers at a time, so that no memory is taken, which could run out. */
    enum { PART = 1024 };
    float copy_a[PART], copy_b[PART];
    struct products p = {0, 0, 0};
    for (size_t first = 0; first < model->dim; first += PART) {
        const size_t n = model->dim - first < PART ? model->dim - first : PART;
        model_part(model, a, first, n, copy_a);
        model_part(model, b, first, n, copy_b);
        for (size_t k = 0; k < n; k++) {
            const double x = (double)copy_a[k], y = (double)copy_b[k];
            p.aa += x * x;
            p.ab += x * y;
            p.bb += y * y;
        }
    }
    return cosine_of(p);
}

float w2v_cosine(const float *a, const float *b, size_t dim)
{
    struct products p = {0, 0, 0};
    for (size_t k = 0; k < dim; k++) {
        const double x = (double)a[k], y = (double)b[k];
        p.aa += x * x;
        p.ab += x * y;
        p.bb += y * y;
    }
    return cosine_of(p);
}

/* Makes a unit vector of word ids[i], or of vectors[i] if ids is NULL. */
static void unit_of(const struct w2v_model *model, const size_t *ids, const float *const *vectors,
                    size_t i, float *unit, size_t dim)
{
    if (ids != NULL)
        w2v_vector(model, ids[i], unit);
    else
        memcpy(unit, vectors[i], dim * sizeof *unit);
    fpmath_unit(unit, dim);
}

static int odd(const struct w2v_model *model, const size_t *ids, const float *const *vectors,
               size_t n, size_t dim, float *cosines, struct w2v_error *error)
{
    int status = W2V_OK;
    float *unit = mem_calloc(dim, sizeof *unit, "a vector", error);
    double *sum = mem_calloc(dim, sizeof *sum, "a vector", error);
    if (unit == NULL || sum == NULL) {
        status = W2V_ENOMEM;
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        unit_of(model, ids, vectors, i, unit, dim);
        for (size_t k = 0; k < dim; k++)
            sum[k] += (double)unit[k];
    }
    for (size_t i = 0; i < n; i++) {
        struct products p = {0, 0, 0};
        unit_of(model, ids, vectors, i, unit, dim);
        for (size_t k = 0; k < dim; k++) {
            const double x = (double)unit[k];
            p.aa += x * x;
            p.ab += x * sum[k];
            p.bb += sum[k] * sum[k];
        }
        cosines[i] = cosine_of(p);
    }
done:
    free(unit);
    free(sum);
    return status;
}

int w2v_odd(const struct w2v_model *model, const size_t *ids, size_t n, float *cosines,
            struct w2v_error *error)
{
    int status = search_check_ids(model, ids, n, error);
    return status != W2V_OK ? status : odd(model, ids, NULL, n, model->dim, cosines, error);
}

int w2v_odd_vector(const float *const *vectors, size_t n, size_t dim, float *cosines,
                   struct w2v_error *error)
{
    return odd(NULL, NULL, vectors, n, dim, cosines, error);
}
