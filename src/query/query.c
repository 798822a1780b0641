/*
 * The public queries of w2v.h: arguments are checked here, the work is search.c's. What concerns a
 * few words only is computed in double precision.
 */
#include <math.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/thread.h"
#include "model/model.h"
#include "query/search.h"

void w2v_search_options_init(struct w2v_search_options *options)
{
    *options = (struct w2v_search_options){.k = 10};
}

static int check_ids(const struct w2v_model *model, const size_t *ids, size_t n,
                     struct w2v_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] >= model->n_words)
            return error_set(error, W2V_EARG, "word %zu is out of range: the model has %zu", ids[i],
                             model->n_words);
    return W2V_OK;
}

static int answer(struct search *search, size_t width, const struct w2v_search_options *options,
                  struct w2v_error *error)
{
    const size_t n_words = search->model->n_words, restrict_to = options->restrict_to;
    if (options->k == 0)
        return error_set(error, W2V_EARG, "k must be 1 or more");
    if (mem_product(search->n, mem_product(width, sizeof(size_t))) == SIZE_MAX)
        return error_set(error, W2V_EARG, "%zu queries are too many", search->n);
    int status = check_ids(search->model, search->ids, search->n * width, error);
    if (status != W2V_OK || search->n == 0)
        return status;
    search->k = options->k;
    search->n_candidates = restrict_to == 0 || restrict_to > n_words ? n_words : restrict_to;
    search->threads = thread_count(options->threads);
    return search_run(search, error);
}

int w2v_neighbors(const struct w2v_model *model, const size_t *ids, size_t n,
                  const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                  struct w2v_error *error)
{
    struct search search = {.model = model,
                            .kind = SEARCH_NEIGHBORS,
                            .ids = ids,
                            .n = n,
                            .hits = hits,
                            .n_hits = n_hits};
    return answer(&search, 1, options, error);
}

int w2v_analogy(const struct w2v_model *model, const size_t *ids, size_t n, enum w2v_method method,
                const struct w2v_search_options *options, struct w2v_hit *hits, size_t *n_hits,
                struct w2v_error *error)
{
    struct search search = {.model = model,
                            .kind = method == W2V_MUL ? SEARCH_MUL : SEARCH_ADD,
                            .ids = ids,
                            .n = n,
                            .hits = hits,
                            .n_hits = n_hits};
    if (method != W2V_ADD && method != W2V_MUL)
        return error_set(error, W2V_EARG, "there is no analogy method number %d", (int)method);
    return answer(&search, 3, options, error);
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
    /* A few numbers at a time: no memory that could run out, whatever D. */
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

int w2v_odd(const struct w2v_model *model, const size_t *ids, size_t n, float *cosines,
            struct w2v_error *error)
{
    const size_t dim = model->dim;
    int status = check_ids(model, ids, n, error);
    if (status != W2V_OK)
        return status;
    float *unit = mem_calloc(dim, sizeof *unit, "a vector", error);
    double *sum = mem_calloc(dim, sizeof *sum, "a vector", error);
    if (unit == NULL || sum == NULL) {
        status = W2V_ENOMEM;
        goto done;
    }
    for (size_t i = 0; i < n; i++) {
        search_unit(model, ids[i], unit);
        for (size_t k = 0; k < dim; k++)
            sum[k] += (double)unit[k];
    }
    for (size_t i = 0; i < n; i++) {
        struct products p = {0, 0, 0};
        search_unit(model, ids[i], unit);
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
