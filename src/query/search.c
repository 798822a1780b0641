/*
 * Exact search. See search.h for what it promises.
 *
 * Queries are taken in groups of at most MAX_PROBES distinct words. For a group, threads draw tiles
 * of rows that fit the second-level cache, multiply them with all probes at once, and turn the
 * products into cosines in place. Then each query combines its one or three rows of cosines and
 * compares them with the worst of its best k so far; nearly always nothing passes, so this is the
 * loop that counts where many queries share few words, as the questions of an analogy set do. Each
 * thread has its own best k, and in the end they are put together.
 *
 * The lengths of the rows come from the same pass; where there are several groups the first one's
 * pass keeps them for the others.
 */
#include "query/search.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/thread.h"
#include "kernel/kernel.h"
#include "model/model.h"

enum {
    MAX_PROBES = 1024,
    MAX_QUERIES = 32768,          /* in a group */
    MAX_BEST_BYTES = 256 << 20,   /* for the best k of all queries of a group and all threads */
    TILE_BYTES = 64 << 10,        /* of the matrix */
    MAX_TILE_ROWS = 64,           /* multiples of BLOCK */
    BLOCK = 16,                   /* scores compared at once */
    PROBE_SLOTS = 4 * MAX_PROBES, /* of the hash table of a group's words */
    DIAGONAL = 4                  /* rows multiplied with themselves at once */
};

/* Where the square of a row's length is out of this range, products are summed as doubles. */
static const float least_square = 1e-30f, greatest_square = 1e30f;

struct best {
    float score;
    uint32_t id;
};

/* A thread's own memory. */
struct worker {
    float *cosines;     /* (probes, tile rows) */
    float *copies;      /* (tile rows, D), for model_rows */
    const float **rows; /* (tile rows) */
    struct best *best;  /* (queries, k), each row a heap, the worst first */
    size_t *n_best;     /* (queries) */
};

struct query {
    size_t id[3];
    size_t probe[3];
    float scale; /* of A - B + C, to a unit vector */
};

struct job {
    const struct search *search;
    const struct kernel *kernel;
    size_t width;                  /* words a query: 1 or 3 */
    size_t dim, k;                 /* k: no more than candidates */
    size_t tile_rows, max_queries; /* of a group */
    unsigned n_threads;
    struct worker *workers;
    float *squares; /* of the candidates' lengths, or NULL where there is one group */
    bool squares_known;
    atomic_size_t next_tile;

    /* The group at work. */
    struct query *queries;
    size_t n_queries;
    float *probes; /* (MAX_PROBES, D padded) */
    const float *probe[MAX_PROBES];
    size_t probe_id[MAX_PROBES], n_probes;
    uint16_t slots[PROBE_SLOTS]; /* probe + 1, or 0 */
};

/* ---- The best k ---- */

static bool is_better(struct best a, struct best b)
{
    return a.score > b.score || (a.score == b.score && a.id < b.id);
}

static void sift_down(struct best *heap, size_t n)
{
    const struct best top = heap[0];
    size_t i = 0, child;
    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && is_better(heap[child], heap[child + 1]))
            child++;
        if (!is_better(top, heap[child]))
            break;
        heap[i] = heap[child];
        i = child;
    }
    heap[i] = top;
}

static void add_best(struct best *heap, size_t *n, size_t k, struct best new)
{
    if (*n == k) {
        if (is_better(new, heap[0])) {
            heap[0] = new;
            sift_down(heap, k);
        }
        return;
    }
    size_t i = (*n)++;
    while (i > 0 && is_better(heap[(i - 1) / 2], new)) {
        heap[i] = heap[(i - 1) / 2];
        i = (i - 1) / 2;
    }
    heap[i] = new;
}

/* ---- Scores of a tile ---- */

static double dot_double(const float *a, const float *b, size_t dim)
{
    double sum = 0;
    for (size_t k = 0; k < dim; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

/* The cosines of one row, where the kernels' products could overflow or vanish. */
static void cosines_double(const struct job *job, const float *row, float *cosines)
{
    const double length = sqrt(dot_double(row, row, job->dim));
    for (size_t p = 0; p < job->n_probes; p++) {
        /* Of a row that is not finite the cosine is no number: infinity by infinity. */
        cosines[p * job->tile_rows] =
            length == 0 ? 0 : (float)(dot_double(job->probe[p], row, job->dim) / length);
    }
}

/* The squares of n rows' lengths: the diagonal of their products with each other. */
static void multiply_squares(const struct job *job, const float *const *rows, size_t n,
                             float *squares)
{
    for (size_t i = 0; i < n; i += DIAGONAL) {
        const size_t m = n - i < DIAGONAL ? n - i : DIAGONAL;
        float products[DIAGONAL * DIAGONAL];
        job->kernel->dots(rows + i, m, rows + i, m, job->dim, products, DIAGONAL);
        for (size_t j = 0; j < m; j++)
            squares[i + j] = products[j * DIAGONAL + j];
    }
}

/* Fills worker->cosines for the n rows from `first` on. */
static void tile_cosines(struct job *job, struct worker *worker, size_t first, size_t n)
{
    const size_t stride = job->tile_rows;
    float own[MAX_TILE_ROWS], inverse[MAX_TILE_ROWS] = {0};
    float *squares = job->squares != NULL ? job->squares + first : own;
    model_rows(job->search->model, first, n, worker->rows, worker->copies);
    const float *const *rows = worker->rows;
    if (!job->squares_known)
        multiply_squares(job, rows, n, squares);
    job->kernel->dots(job->probe, job->n_probes, rows, n, job->dim, worker->cosines, stride);
    for (size_t t = 0; t < n; t++) {
        inverse[t] = 1;
        if (squares[t] >= least_square && squares[t] <= greatest_square)
            inverse[t] = 1 / sqrtf(squares[t]);
        else
            cosines_double(job, rows[t], worker->cosines + t);
    }
    for (size_t p = 0; p < job->n_probes; p++) {
        float *cosines = worker->cosines + p * stride;
        for (size_t t = 0; t < n; t += BLOCK)
            for (size_t j = 0; j < BLOCK; j++)
                cosines[t + j] *= inverse[t + j];
    }
}

/* BLOCK scores of a query from the cosines of its words. */
static inline void block_scores(enum search_kind kind, const float *restrict a,
                                const float *restrict b, const float *restrict c, float scale,
                                float *restrict scores)
{
    switch (kind) {
    case SEARCH_NEIGHBORS:
        for (size_t j = 0; j < BLOCK; j++)
            scores[j] = a[j];
        break;
    case SEARCH_ADD:
        for (size_t j = 0; j < BLOCK; j++)
            scores[j] = (a[j] - b[j] + c[j]) * scale;
        break;
    case SEARCH_MUL:
        for (size_t j = 0; j < BLOCK; j++)
            scores[j] = ((a[j] + 1) * 0.5f) * ((c[j] + 1) * 0.5f) / ((b[j] + 1) * 0.5f + 0.001f);
        break;
    }
}

/* Offers a tile's candidates to one query. Ids only rise within a thread, so equals lose. */
static inline void tile_offer(const struct job *job, struct worker *worker, size_t q,
                              enum search_kind kind, size_t first, size_t n)
{
    const struct query *query = &job->queries[q];
    const float *a = worker->cosines + query->probe[0] * job->tile_rows;
    const float *b = worker->cosines + query->probe[1] * job->tile_rows;
    const float *c = worker->cosines + query->probe[2] * job->tile_rows;
    struct best *heap = worker->best + q * job->k;
    size_t *n_best = &worker->n_best[q];
    float threshold = *n_best < job->k ? -INFINITY : heap[0].score;
    for (size_t t = 0; t < n; t += BLOCK) {
        float scores[BLOCK];
        int any = 0;
        block_scores(kind, a + t, b + t, c + t, query->scale, scores);
        for (size_t j = 0; j < BLOCK; j++)
            any |= scores[j] > threshold;
        if (!any)
            continue;
        for (size_t j = 0; j < BLOCK && t + j < n; j++) {
            const size_t id = first + t + j;
            if (!(scores[j] > threshold) || id == query->id[0] || id == query->id[1] ||
                id == query->id[2])
                continue;
            add_best(heap, n_best, job->k, (struct best){scores[j], (uint32_t)id});
            threshold = *n_best < job->k ? -INFINITY : heap[0].score;
        }
    }
}

static void run_tiles(void *arg, unsigned index, unsigned n_threads)
{
    struct job *job = arg;
    struct worker *worker = &job->workers[index];
    const size_t n_rows = job->search->n_candidates;
    const size_t n_tiles = (n_rows + job->tile_rows - 1) / job->tile_rows;
    size_t tile;
    (void)n_threads;
    while ((tile = thread_ticket(&job->next_tile, n_tiles)) < n_tiles) {
        const size_t first = tile * job->tile_rows;
        const size_t n = n_rows - first < job->tile_rows ? n_rows - first : job->tile_rows;
        tile_cosines(job, worker, first, n);
        switch (job->search->kind) { /* one loop a kind, each compiled by itself */
        case SEARCH_NEIGHBORS:
            for (size_t q = 0; q < job->n_queries; q++)
                tile_offer(job, worker, q, SEARCH_NEIGHBORS, first, n);
            break;
        case SEARCH_ADD:
            for (size_t q = 0; q < job->n_queries; q++)
                tile_offer(job, worker, q, SEARCH_ADD, first, n);
            break;
        case SEARCH_MUL:
            for (size_t q = 0; q < job->n_queries; q++)
                tile_offer(job, worker, q, SEARCH_MUL, first, n);
            break;
        }
    }
}

/* ---- Groups of queries ---- */

void search_unit(const struct w2v_model *model, size_t id, float *unit)
{
    w2v_vector(model, id, unit);
    const double length = sqrt(dot_double(unit, unit, model->dim));
    for (size_t k = 0; k < model->dim; k++)
        unit[k] = length == 0 ? 0 : (float)((double)unit[k] / length);
}

/* The probe of a word, made if it is new; SIZE_MAX where the group is full. */
static size_t find_probe(struct job *job, size_t id)
{
    size_t slot = rng_mix(id) % PROBE_SLOTS;
    for (; job->slots[slot] != 0; slot = (slot + 1) % PROBE_SLOTS)
        if (job->probe_id[job->slots[slot] - 1] == id)
            return job->slots[slot] - 1u;
    if (job->n_probes == MAX_PROBES)
        return SIZE_MAX;
    const size_t p = job->n_probes++;
    job->probe_id[p] = id;
    job->slots[slot] = (uint16_t)job->n_probes;
    search_unit(job->search->model, id, job->probes + p * kernel_pad(job->dim));
    return p;
}

/* 1 / |A - B + C|, or 0 where that is zero. */
static float scale_of(const struct job *job, const struct query *query)
{
    const float *a = job->probe[query->probe[0]], *b = job->probe[query->probe[1]];
    const float *c = job->probe[query->probe[2]];
    double square = 0;
    for (size_t k = 0; k < job->dim; k++) {
        const double x = (double)a[k] - (double)b[k] + (double)c[k];
        square += x * x;
    }
    return square == 0 ? 0 : (float)(1 / sqrt(square));
}

/* Takes queries from `first` on into the group; returns how many, at least one. */
static size_t make_group(struct job *job, size_t first)
{
    const struct search *search = job->search;
    job->n_probes = 0;
    job->n_queries = 0;
    memset(job->slots, 0, sizeof job->slots);
    while (job->n_queries < job->max_queries && first + job->n_queries < search->n) {
        struct query *query = &job->queries[job->n_queries];
        for (size_t i = 0; i < 3; i++) { /* with one word, it stands for all three */
            const size_t word = i < job->width ? i : 0;
            query->id[i] = search->ids[(first + job->n_queries) * job->width + word];
            query->probe[i] = find_probe(job, query->id[i]);
            if (query->probe[i] == SIZE_MAX)
                return job->n_queries;
        }
        query->scale = search->kind == SEARCH_ADD ? scale_of(job, query) : 1;
        job->n_queries++;
    }
    return job->n_queries;
}

static void run_group(struct job *job, size_t first)
{
    const size_t k = job->k;
    for (unsigned i = 0; i < job->n_threads; i++)
        memset(job->workers[i].n_best, 0, job->n_queries * sizeof *job->workers[i].n_best);
    atomic_store_explicit(&job->next_tile, 0, memory_order_relaxed);
    thread_run(job->n_threads, run_tiles, job);
    job->squares_known = job->squares != NULL;
    for (size_t q = 0; q < job->n_queries; q++) {
        struct best *heap = job->workers[0].best + q * k;
        size_t n = job->workers[0].n_best[q];
        for (unsigned i = 1; i < job->n_threads; i++)
            for (size_t j = 0; j < job->workers[i].n_best[q]; j++)
                add_best(heap, &n, k, job->workers[i].best[q * k + j]);
        job->search->n_hits[first + q] = n;
        struct w2v_hit *hits = job->search->hits + (first + q) * job->search->k;
        while (n > 0) { /* the worst comes first */
            hits[n - 1] = (struct w2v_hit){heap[0].id, heap[0].score};
            heap[0] = heap[--n];
            if (n > 0)
                sift_down(heap, n);
        }
    }
}

/* ---- Memory ---- */

static void worker_release(struct worker *worker)
{
    free(worker->cosines);
    free(worker->copies);
    free(worker->rows);
    free(worker->best);
    free(worker->n_best);
}

static int worker_make(struct worker *worker, const struct job *job, size_t n_probes,
                       struct w2v_error *error)
{
    static const char what[] = "a search";
    const size_t rows = job->tile_rows;
    worker->cosines = mem_calloc(n_probes, mem_product(rows, sizeof(float)), what, error);
    worker->copies = mem_calloc(rows, mem_product(job->dim, sizeof(float)), what, error);
    worker->rows = mem_calloc(rows, sizeof *worker->rows, what, error);
    worker->best =
        mem_calloc(job->max_queries, mem_product(job->k, sizeof *worker->best), what, error);
    worker->n_best = mem_calloc(job->max_queries, sizeof *worker->n_best, what, error);
    return worker->cosines != NULL && worker->copies != NULL && worker->rows != NULL &&
                   worker->best != NULL && worker->n_best != NULL
               ? W2V_OK
               : W2V_ENOMEM;
}

/* Rows of a tile: as many as fit, in whole blocks. */
static size_t rows_of_tile(size_t dim)
{
    const size_t fit = TILE_BYTES / sizeof(float) / dim / BLOCK * BLOCK;
    return fit < BLOCK ? BLOCK : fit > MAX_TILE_ROWS ? MAX_TILE_ROWS : fit;
}

static int job_make(struct job *job, struct w2v_error *error)
{
    const struct search *search = job->search;
    const size_t n_tiles = (search->n_candidates + job->tile_rows - 1) / job->tile_rows;
    job->n_threads = n_tiles < search->threads ? (unsigned)n_tiles : search->threads;
    size_t fit = MAX_BEST_BYTES / sizeof(struct best) / job->k / job->n_threads;
    if (fit > MAX_QUERIES)
        fit = MAX_QUERIES;
    job->max_queries = fit == 0 ? 1 : fit < search->n ? fit : search->n;
    size_t n_probes = mem_product(search->n, job->width);
    const bool several = n_probes > MAX_PROBES || job->max_queries < search->n;
    if (n_probes > MAX_PROBES)
        n_probes = MAX_PROBES;
    job->queries = mem_calloc(job->max_queries, sizeof *job->queries, "a search", error);
    job->probes =
        mem_calloc(n_probes, mem_product(kernel_pad(job->dim), sizeof(float)), "a search", error);
    job->workers = mem_calloc(job->n_threads, sizeof *job->workers, "a search", error);
    if (job->queries == NULL || job->probes == NULL || job->workers == NULL)
        return W2V_ENOMEM;
    for (size_t p = 0; p < n_probes; p++)
        job->probe[p] = job->probes + p * kernel_pad(job->dim);
    if (several) {
        job->squares = mem_calloc(search->n_candidates, sizeof(float), "a search", error);
        if (job->squares == NULL)
            return W2V_ENOMEM;
    }
    for (unsigned i = 0; i < job->n_threads; i++) {
        int status = worker_make(&job->workers[i], job, n_probes, error);
        if (status != W2V_OK)
            return status;
    }
    return W2V_OK;
}

static void job_release(struct job *job)
{
    for (unsigned i = 0; job->workers != NULL && i < job->n_threads; i++)
        worker_release(&job->workers[i]);
    free(job->workers);
    free(job->queries);
    free(job->probes);
    free(job->squares);
    free(job);
}

int search_run(const struct search *search, struct w2v_error *error)
{
    const struct kernel *kernel = kernel_choose(getenv("W2V_SIMD"), error);
    if (kernel == NULL)
        return W2V_EARG;
    struct job *job = mem_calloc(1, sizeof *job, "a search", error);
    if (job == NULL)
        return W2V_ENOMEM;
    job->search = search;
    job->kernel = kernel;
    job->width = search->kind == SEARCH_NEIGHBORS ? 1 : 3;
    job->dim = search->model->dim;
    job->k = search->k < search->n_candidates ? search->k : search->n_candidates;
    job->tile_rows = rows_of_tile(job->dim);
    int status = job_make(job, error);
    for (size_t first = 0; status == W2V_OK && first < search->n; first += job->n_queries) {
        make_group(job, first);
        run_group(job, first);
    }
    job_release(job);
    return status;
}
