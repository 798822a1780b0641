/* Neighbours and affinities. See affinity.h. */
#include "draw/affinity.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/mem.h"
#include "base/thread.h"
#include "base/watch.h"
#include "query/search.h"

enum {
    BLOCK_HITS = 1 << 18, /* answers of one search; progress is told between two searches */
    PIECE = 256,          /* words that a thread takes at once */
    ROUNDS = 60           /* of bisection */
};

static const char what[] = "the neighbours on a map";

/* ---- Neighbours ---- */

struct block {
    const struct w2v_model *model;
    struct w2v_term *terms;
    struct w2v_query *queries;
    struct w2v_hit *hits;
    size_t *n_hits;
    uint32_t *candidates; /* (n) */
    uint32_t *place_of;   /* (V): by id */
};

static int block_make(struct block *b, const size_t *ids, size_t n, size_t n_words, size_t size,
                      size_t k, struct w2v_error *error)
{
    b->terms = mem_calloc(size, sizeof *b->terms, what, error);
    b->queries = mem_calloc(size, sizeof *b->queries, what, error);
    b->hits = mem_calloc(size, mem_product(k, sizeof *b->hits), what, error);
    b->n_hits = mem_calloc(size, sizeof *b->n_hits, what, error);
    b->candidates = mem_calloc(n, sizeof *b->candidates, what, error);
    b->place_of = mem_calloc(n_words, sizeof *b->place_of, what, error);
    if (b->terms == NULL || b->queries == NULL || b->hits == NULL || b->n_hits == NULL ||
        b->candidates == NULL || b->place_of == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        b->candidates[i] = (uint32_t)ids[i];
        b->place_of[ids[i]] = (uint32_t)i;
    }
    return W2V_OK;
}

static void block_release(struct block *b)
{
    free(b->terms);
    free(b->queries);
    free(b->hits);
    free(b->n_hits);
    free(b->candidates);
    free(b->place_of);
}

/* Finds the neighbours of n_block words, from place `first` on. */
static int search_block(struct affinity_nearest *nearest, struct block *b, const size_t *ids,
                        size_t first, size_t n_block, unsigned threads, struct w2v_error *error)
{
    const size_t k = nearest->k;
    for (size_t i = 0; i < n_block; i++) {
        b->terms[i] = (struct w2v_term){.id = (int64_t)ids[first + i], .weight = 1};
        b->queries[i] = (struct w2v_query){&b->terms[i], 1};
    }
    const struct search search = {.model = b->model,
                                  .method = W2V_ADD,
                                  .queries = b->queries,
                                  .n = n_block,
                                  .candidates = b->candidates,
                                  .n_candidates = nearest->n,
                                  .k = k,
                                  .least = -INFINITY,
                                  .threads = threads,
                                  .hits = b->hits,
                                  .n_hits = b->n_hits};
    int status = search_run(&search, error);
    for (size_t i = 0; i < n_block && status == W2V_OK; i++)
        for (size_t j = 0; j < k; j++) { /* all words have a direction, so there are k answers */
            nearest->place[(first + i) * k + j] = b->place_of[b->hits[i * k + j].id];
            nearest->cosine[(first + i) * k + j] = b->hits[i * k + j].score;
        }
    return status;
}

int affinity_nearest(struct affinity_nearest *nearest, const struct w2v_model *model,
                     const size_t *ids, size_t n, size_t k, unsigned threads,
                     w2v_progress_fn progress, void *progress_context, struct w2v_error *error)
{
    struct watch watch;
    struct block block = {.model = model};
    size_t size = k > 0 ? BLOCK_HITS / k : n;
    size = size > n ? n : size < 1024 ? 1024 : size;
    *nearest = (struct affinity_nearest){.n = n, .k = k};
    if (k == 0)
        return W2V_OK;
    watch_start(&watch, progress, progress_context, W2V_PHASE_SEARCH, n);
    nearest->place = mem_calloc(n, mem_product(k, sizeof *nearest->place), what, error);
    nearest->cosine = mem_calloc(n, mem_product(k, sizeof *nearest->cosine), what, error);
    int status = nearest->place != NULL && nearest->cosine != NULL ? W2V_OK : W2V_ENOMEM;
    if (status == W2V_OK)
        status = block_make(&block, ids, n, w2v_n_words(model), size, k, error);
    for (size_t first = 0; first < n && status == W2V_OK; first += size) {
        const size_t n_block = n - first < size ? n - first : size;
        status = search_block(nearest, &block, ids, first, n_block, thread_count(threads), error);
        if (status == W2V_OK)
            status = watch_tell(&watch, first + n_block, first + n_block == n, error);
    }
    block_release(&block);
    return status;
}

void affinity_nearest_release(struct affinity_nearest *nearest)
{
    free(nearest->place);
    free(nearest->cosine);
    *nearest = (struct affinity_nearest){0};
}

/* ---- Affinities ---- */

struct job {
    const struct affinity_nearest *nearest;
    double perplexity;
    float *weights; /* (n, k): what a word gives to its neighbours */
    atomic_size_t next;
};

/*
 * Finds the width by bisection: the entropy of the weights falls as the precision rises. The distance
 * of the nearest neighbour is subtracted from all distances. This changes no weight and keeps the sum
 * above 0.
 */
static void weigh(const struct job *job, size_t i)
{
    const size_t k = job->nearest->k;
    float *weights = job->weights + i * k;
    const float *cosine = job->nearest->cosine + i * k;
    const double wanted = fpmath_log2(job->perplexity) * 0.69314718055994531;
    double precision = 1, low = 0, high = INFINITY, sum = 1;
    for (int round = 0; round < ROUNDS; round++) {
        double along = 0;
        sum = 0;
        for (size_t j = 0; j < k; j++) { /* the square of the distance is 2 - 2 cosine */
            const double square = 2 * ((double)cosine[0] - (double)cosine[j]);
            const double weight = fpmath_exp(-precision * square);
            weights[j] = (float)weight;
            sum += weight;
            along += square * weight;
        }
        const double entropy = fpmath_log2(sum) * 0.69314718055994531 + precision * (along / sum);
        if (fabs(entropy - wanted) < 1e-5)
            break;
        if (entropy > wanted) {
            low = precision;
            precision = high < INFINITY ? (low + high) / 2 : 2 * low;
        } else {
            high = precision;
            precision = (low + high) / 2;
        }
    }
    for (size_t j = 0; j < k; j++)
        weights[j] = (float)((double)weights[j] / sum);
}

static void weigh_all(void *arg, unsigned index, unsigned n_threads)
{
    struct job *job = arg;
    const size_t n = job->nearest->n, pieces = (n + PIECE - 1) / PIECE;
    size_t piece;
    (void)index;
    (void)n_threads;
    while ((piece = thread_ticket(&job->next, pieces)) < pieces)
        for (size_t i = piece * PIECE; i < n && i < (piece + 1) * PIECE; i++)
            weigh(job, i);
}

/* A neighbour, and the weight that is given to it or comes from it. */
struct pair {
    uint32_t place;
    float weight;
};

static int by_place(const void *a, const void *b)
{
    const struct pair *x = a, *y = b;
    return (x->place > y->place) - (x->place < y->place);
}

/*
 * Makes each row of what its word gives and what its word is given. Both lists rise by place; what
 * word i is given begins at given_begin[i]. With `count` only the sizes of the rows are found.
 */
static void join_rows(struct affinity *a, const struct job *job, const struct pair *gives,
                      const struct pair *given, const size_t *given_begin, bool count)
{
    const size_t k = job->nearest->k;
    const float half = 0.5f / (float)a->n;
    for (size_t i = 0; i < a->n; i++) {
        const struct pair *x = gives + i * k, *const x_end = x + k;
        const struct pair *y = given + given_begin[i], *const y_end = given + given_begin[i + 1];
        size_t to = count ? 0 : a->begin[i];
        while (x < x_end || y < y_end) {
            const uint32_t px = x < x_end ? x->place : UINT32_MAX;
            const uint32_t py = y < y_end ? y->place : UINT32_MAX;
            float weight = 0;
            if (px <= py)
                weight += x++->weight;
            if (py <= px)
                weight += y++->weight;
            if (!count) {
                a->place[to] = px < py ? px : py;
                a->p[to] = weight * half;
            }
            to++;
        }
        if (count)
            a->begin[i + 1] = a->begin[i] + to;
    }
}

static int symmetrise(struct affinity *a, const struct job *job, struct w2v_error *error)
{
    const size_t n = a->n, k = job->nearest->k;
    int status = W2V_ENOMEM;
    struct pair *gives = mem_calloc(n, mem_product(k, sizeof *gives), what, error);
    struct pair *given = mem_calloc(n, mem_product(k, sizeof *given), what, error);
    size_t *begin = mem_calloc(n + 2, sizeof *begin, what, error);
    a->begin = mem_calloc(n + 1, sizeof *a->begin, what, error);
    if (gives == NULL || given == NULL || begin == NULL || a->begin == NULL)
        goto done;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < k; j++) {
            gives[i * k + j] =
                (struct pair){job->nearest->place[i * k + j], job->weights[i * k + j]};
            begin[gives[i * k + j].place + 2]++;
        }
        qsort(gives + i * k, k, sizeof *gives, by_place);
    }
    for (size_t i = 0; i < n; i++)
        begin[i + 2] += begin[i + 1];
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < k; j++) {
            const struct pair *pair = &gives[i * k + j];
            given[begin[pair->place + 1]++] = (struct pair){(uint32_t)i, pair->weight};
        }
    join_rows(a, job, gives, given, begin, true);
    a->place = mem_calloc(a->begin[n], sizeof *a->place, what, error);
    a->p = mem_calloc(a->begin[n], sizeof *a->p, what, error);
    if (a->place == NULL || a->p == NULL)
        goto done;
    join_rows(a, job, gives, given, begin, false);
    status = W2V_OK;
done:
    free(gives);
    free(given);
    free(begin);
    return status;
}

int affinity_make(struct affinity *affinity, const struct affinity_nearest *nearest,
                  double perplexity, unsigned threads, struct w2v_error *error)
{
    const size_t n = nearest->n, k = nearest->k;
    /* With a perplexity near 1 a word has one neighbour, and few words would all lie on one line. */
    const double most = fmax((double)k / 3, fmin(2, 0.9 * (double)k));
    struct job job = {.nearest = nearest, .perplexity = perplexity > most ? most : perplexity};
    *affinity = (struct affinity){.n = n};
    job.weights = mem_calloc(n, mem_product(k, sizeof *job.weights), what, error);
    if (job.weights == NULL)
        return W2V_ENOMEM;
    thread_run(thread_count(threads), weigh_all, &job);
    int status = symmetrise(affinity, &job, error);
    free(job.weights);
    return status;
}

void affinity_release(struct affinity *affinity)
{
    free(affinity->begin);
    free(affinity->place);
    free(affinity->p);
    *affinity = (struct affinity){0};
}
