/*
 * Exact search. See search.h for what it promises.
 *
 * Queries are taken in groups of at most MAX_PROBES distinct terms. For each group, threads draw
 * tiles of rows, which fit the second-level cache, and multiply them by all probes at once. Probes
 * are packed across the lanes of vectors: with many probes the product runs near the machine's
 * peak, and with one probe as fast as the memory.
 *
 * If every query is a single term, a row's scores are compared, a vector of queries at a time, with
 * the worst of each query's best k so far; hardly any score passes. Otherwise the cosines are
 * transposed to lie by probe, each query sums the cosines of its terms, and scores are compared a
 * vector of rows at a time. This sum takes most of the time if many queries share few words, as in
 * analogy sets. Each thread has its own best k, which are merged in the end.
 *
 * The lengths of the rows come from the same pass. If there are several groups, the first one keeps
 * them for the others.
 */
#include "query/search.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/mem.h"
#include "base/rng.h"
#include "base/thread.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "query/best.h"

enum {
    MAX_PROBES = SEARCH_MAX_TERMS,
    MAX_QUERIES = 32768,         /* in a group */
    MAX_BEST_BYTES = 256 << 20,  /* of the best k of a group's queries, for all threads together */
    TILE_BYTES = 128 << 10,      /* of the matrix */
    MAX_TILE_ROWS = 96,          /* a multiple of KERNEL_LANES */
    PROBE_SLOTS = 4 * MAX_PROBES /* size of the hash table of a group's words */
};

/*
 * If the square of a row's length is out of this range, the row's cosines are computed in doubles.
 */
static const float least_square = 1e-30f, greatest_square = 1e30f;

/* A thread's own memory. */
struct search_worker {
    float *products;     /* (tile rows, stride): by row */
    float *cosines;      /* (probes, tile rows): by probe, if queries have several terms */
    float *copies;       /* (tile rows, D), for model_rows, and for rows that are not aligned */
    const void **places; /* (tile rows): the rows, at any alignment */
    const float **rows;  /* (tile rows): the rows, aligned, since they are read many times */
    float *inverse;      /* (tile rows): 1 / length; cosine = product * inverse */
    struct best *best;   /* (queries, k): a heap for each query, the worst first */
    size_t *n_best;      /* (queries) */
    float *least;        /* (queries, padded): a score must be above this */
};

/* A query of several terms, in the current group. */
struct query_sum {
    const uint16_t *probes; /* the probe of each term */
    float *weights;         /* of the terms, such that the sum is a unit vector */
};

struct search_job {
    const struct search *search;
    const struct kernel *kernel;
    bool single;       /* every query is one term of weight > 0; query q is probe q */
    size_t dim, k;     /* k: at most n_candidates */
    size_t max_probes; /* of a group */
    size_t stride; /* max_probes, padded, and more: caches are slow with strides of whole pages */
    size_t tile_rows, max_queries; /* of a group */
    float least;                   /* every score must be above this */
    unsigned n_threads;
    struct search_worker *workers;
    float *squares; /* of the candidates' lengths; NULL if there is only one group */
    bool squares_known;
    atomic_size_t next_tile;

    /* The terms of all queries, one query behind the other, unless `single`. */
    uint16_t *term_probes;
    float *term_weights;

    /* The current group. */
    struct query_sum *sums;
    size_t n_queries, first, first_term;
    float *probes; /* (max_probes, D) */
    float *panels; /* the probes, packed */
    int64_t probe_id[MAX_PROBES];
    size_t n_probes;
    uint16_t slots[PROBE_SLOTS]; /* probe + 1, or 0 */
};

/* ---- Answers ---- */

/* The id of a candidate. */
static size_t id_of(const struct search *search, size_t place)
{
    return search->candidates != NULL ? search->candidates[place] : place;
}

/* Whether two words count as one. */
static bool is_same(const struct search *search, size_t a, size_t b)
{
    return a == b || (search->kin != NULL && search->kin[a] == search->kin[b]) ||
           (search->first != NULL && search->first[a] == search->first[b]);
}

/* Adds a candidate to the best of query q, if it may be an answer. */
static void offer(const struct search_job *job, struct search_worker *worker, size_t q,
                  size_t place, float score)
{
    const struct w2v_query *query = &job->search->queries[job->first + q];
    struct best *heap = worker->best + q * job->k;
    const size_t id = id_of(job->search, place);
    if (job->search->first != NULL && job->search->first[id] != id)
        return;
    for (size_t i = 0; i < query->n_terms; i++)
        if (query->terms[i].id >= 0 && is_same(job->search, (size_t)query->terms[i].id, id))
            return;
    best_add(heap, &worker->n_best[q], job->k, (struct best){score, (uint32_t)place});
    if (worker->n_best[q] == job->k)
        worker->least[q] = heap[0].score;
}

/* ---- Scores of a tile ---- */

static double dot_double(const float *a, const float *b, size_t dim)
{
    double sum = 0;
    for (size_t k = 0; k < dim; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

/* Computes the cosines of a row for which the kernels could overflow or underflow. */
static void cosines_double(const struct search_job *job, const float *row, float *cosines)
{
    const double length = sqrt(dot_double(row, row, job->dim));
    for (size_t p = 0; p < job->n_probes; p++) {
        /* NaN if the row is zeros or not finite, since 0 / 0 and infinity / infinity are NaN, or if the
           probe is NaN. */
        const float *probe = job->probes + p * job->dim;
        cosines[p] = (float)(dot_double(probe, row, job->dim) / length);
    }
}

/*
 * Points worker->places to the rows of n candidates, from `first` on. Takes successive ids at once.
 */
static void tile_places(const struct search_job *job, struct search_worker *worker, size_t first,
                        size_t n)
{
    const struct search *search = job->search;
    for (size_t i = 0, run; i < n; i += run) {
        const size_t id = id_of(search, first + i);
        for (run = 1; i + run < n && id_of(search, first + i + run) == id + run;)
            run++;
        model_rows(search->model, id, run, worker->places + i, worker->copies + i * job->dim);
    }
}

/* Row t of the tile, aligned. */
static const float *aligned_row(const struct search_job *job, const struct search_worker *worker,
                                size_t t)
{
    if ((uintptr_t)worker->places[t] % _Alignof(float) == 0)
        return worker->places[t];
    return memcpy(worker->copies + t * job->dim, worker->places[t], job->dim * sizeof(float));
}

/* Fills worker->products and worker->inverse for n candidates, from `first` on. */
static void tile_products(const struct search_job *job, struct search_worker *worker, size_t first,
                          size_t n)
{
    float own[MAX_TILE_ROWS], *squares = job->squares != NULL ? job->squares + first : own;
    tile_places(job, worker, first, n);
    if (job->n_probes == 1) {
        job->kernel->column(worker->places, n, job->probes, job->dim, worker->products, job->stride,
                            squares);
    } else {
        const float **rows = worker->rows;
        for (size_t t = 0; t < n; t++) {
            rows[t] = aligned_row(job, worker, t);
            if (!job->squares_known)
                job->kernel->dots(rows + t, 1, rows + t, 1, job->dim, squares + t, 1);
        }
        job->kernel->panels(rows, n, job->panels, kernel_pad(job->n_probes) / KERNEL_LANES,
                            job->dim, worker->products, job->stride);
    }
    for (size_t t = 0; t < n; t++) {
        worker->inverse[t] = 1 / sqrtf(squares[t]);
        if (!(squares[t] >= least_square && squares[t] <= greatest_square)) {
            worker->inverse[t] = 1;
            cosines_double(job, aligned_row(job, worker, t), worker->products + t * job->stride);
        }
    }
}

/*
 * Offers a tile's candidates to queries of one term. A thread sees rising ids, so of equal scores
 * the first one stays, as it should.
 */
static void offer_rows(const struct search_job *job, struct search_worker *worker, size_t first,
                       size_t n)
{
    const size_t n_columns = kernel_pad(job->n_queries);
    for (size_t t = 0; t < n; t++) {
        const float *products = worker->products + t * job->stride, scale = worker->inverse[t];
        size_t q = 0;
        while ((q = job->kernel->above(products, scale, worker->least, 1, q, n_columns)) <
               n_columns) {
            offer(job, worker, q, first + t, products[q] * scale);
            q++;
        }
    }
}

/* Makes cosines by probe of products by row, in squares that fit the first-level cache. */
static void turn_products(const struct search_job *job, struct search_worker *worker, size_t n)
{
    const size_t stride = job->stride, n_probes = kernel_pad(job->n_probes);
    for (size_t p = 0; p < n_probes; p += KERNEL_LANES)
        for (size_t t = 0; t < n; t += KERNEL_LANES)
            for (size_t i = 0; i < KERNEL_LANES; i++) {
                const float *from = worker->products + t * stride + p + i;
                float *to = worker->cosines + (p + i) * job->tile_rows + t;
                for (size_t j = 0; j < KERNEL_LANES; j++)
                    to[j] = from[j * stride] * worker->inverse[t + j];
            }
}

/*
 * Computes 3CosMul for n candidates, in the order of the terms. Products and divisors of 64 terms do not
 * overflow a double. A score too large for a float is the greatest float.
 */
static void multiply_cosines(const struct w2v_query *query, const float *const *cosines, size_t n,
                             float *scores)
{
    double product[MAX_TILE_ROWS], divisor[MAX_TILE_ROWS];
    for (size_t t = 0; t < n; t++)
        product[t] = divisor[t] = 1;
    for (size_t i = 0; i < query->n_terms; i++) {
        const float *c = cosines[i];
        if (query->terms[i].weight > 0)
            for (size_t t = 0; t < n; t++)
                product[t] *= (c[t] + 1) * 0.5;
        else
            for (size_t t = 0; t < n; t++)
                divisor[t] *= (c[t] + 1) * 0.5 + 0.001;
    }
    for (size_t t = 0; t < n; t++) {
        const double score = product[t] / divisor[t]; /* NaN, if the cosines are */
        scores[t] = score > (double)FLT_MAX ? FLT_MAX : (float)score;
    }
}

/* Offers a tile's candidates to queries of several terms. */
static void offer_sums(const struct search_job *job, struct search_worker *worker, size_t first,
                       size_t n)
{
    const size_t n_padded = kernel_pad(n);
    turn_products(job, worker, n);
    for (size_t q = 0; q < job->n_queries; q++) {
        const struct w2v_query *query = &job->search->queries[job->first + q];
        const float *cosines[SEARCH_MAX_TERMS];
        float scores[MAX_TILE_ROWS] = {0}, *target = scores;
        for (size_t i = 0; i < query->n_terms; i++)
            cosines[i] = worker->cosines + job->sums[q].probes[i] * job->tile_rows;
        if (job->search->method == W2V_MUL)
            multiply_cosines(query, cosines, n_padded, scores);
        else
            job->kernel->accumulate(&target, 1, cosines, query->n_terms, n_padded,
                                    job->sums[q].weights, 0, 1);
        size_t t = 0;
        while ((t = job->kernel->above(scores, 1, &worker->least[q], 0, t, n_padded)) < n) {
            offer(job, worker, q, first + t, scores[t]);
            t++;
        }
    }
}

static void run_tiles(void *arg, unsigned index, unsigned n_threads)
{
    struct search_job *job = arg;
    struct search_worker *worker = &job->workers[index];
    const size_t n_rows = job->search->n_candidates;
    const size_t n_tiles = (n_rows + job->tile_rows - 1) / job->tile_rows;
    size_t tile;
    (void)n_threads;
    while ((tile = thread_ticket(&job->next_tile, n_tiles)) < n_tiles) {
        const size_t first = tile * job->tile_rows;
        const size_t n = n_rows - first < job->tile_rows ? n_rows - first : job->tile_rows;
        tile_products(job, worker, first, n);
        if (job->single)
            offer_rows(job, worker, first, n);
        else
            offer_sums(job, worker, first, n);
    }
}

/* ---- Groups of queries ---- */

/* Adds a probe. Returns its number, or SIZE_MAX if the group is full. */
static size_t add_probe(struct search_job *job, const struct w2v_term *term)
{
    if (job->n_probes == job->max_probes)
        return SIZE_MAX;
    const size_t p = job->n_probes++;
    float *probe = job->probes + p * job->dim;
    job->probe_id[p] = term->id;
    if (term->id >= 0)
        w2v_vector(job->search->model, (size_t)term->id, probe);
    else
        memcpy(probe, term->vector, job->dim * sizeof *probe);
    if (!fpmath_unit(probe, job->dim) && job->single)
        probe[0] = NAN; /* no score, so no answer */
    return p;
}

/* The probe of a term; a new one, unless the group has one for the same word. */
static size_t find_probe(struct search_job *job, const struct w2v_term *term)
{
    if (term->id < 0)
        return add_probe(job, term);
    size_t slot = rng_mix((uint64_t)term->id) % PROBE_SLOTS;
    for (; job->slots[slot] != 0; slot = (slot + 1) % PROBE_SLOTS)
        if (job->probe_id[job->slots[slot] - 1] == term->id)
            return job->slots[slot] - 1u;
    const size_t p = add_probe(job, term);
    if (p != SIZE_MAX)
        job->slots[slot] = (uint16_t)(p + 1);
    return p;
}

/*
 * The weights of a query's terms in doubles, as shares of the largest, so that no square overflows. Terms
 * with one probe are one term: the first gets their sum, the others 0. Returns the sum of |weight|.
 */
static double sum_weights(const struct w2v_query *query, const uint16_t *probes, double *weights)
{
    double most = 0, all = 0, sum = 0;
    for (size_t i = 0; i < query->n_terms; i++)
        most = fmax(most, fabs(query->terms[i].weight));
    for (size_t i = 0; i < query->n_terms; i++) {
        size_t first = 0;
        while (probes[first] != probes[i])
            first++;
        weights[i] = 0;
        weights[first] += most > 0 ? query->terms[i].weight / most : 0;
        all += most > 0 ? fabs(query->terms[i].weight) / most : 0;
    }
    for (size_t i = 0; i < query->n_terms; i++) {
        if (fabs(weights[i]) < W2V_LEAST_WEIGHT * all)
            weights[i] = 0;
        sum += fabs(weights[i]);
    }
    return sum;
}

/*
 * weights = the query's weights / the length of the query's sum. If the sum is no longer than the rounding
 * of its terms, the weights are NaN, and the query has no answer. One term alone is a unit vector already.
 */
static void set_weights(const struct search_job *job, const struct w2v_query *query,
                        const uint16_t *probes, float *weights)
{
    static const double ROUNDING = 1e-6; /* of a unit vector of floats */
    double of_term[SEARCH_MAX_TERMS], square = 0;
    const double sum = sum_weights(query, probes, of_term);
    size_t n = 0;
    for (size_t i = 0; i < query->n_terms; i++)
        n += of_term[i] != 0;
    for (size_t k = 0; k < job->dim; k++) {
        double x = 0;
        for (size_t i = 0; i < query->n_terms; i++)
            x += of_term[i] * (double)job->probes[probes[i] * job->dim + k];
        square += x * x;
    }
    const bool has_direction = sqrt(square) > ROUNDING * sum;
    const double length = n > 1 ? sqrt(square) : sum;
    for (size_t i = 0; i < query->n_terms; i++)
        weights[i] = has_direction ? (float)(of_term[i] / length) : NAN;
}

/* Takes a query of several terms into the group. False if the group is full. */
static bool add_sum(struct search_job *job, const struct w2v_query *query, size_t first_term)
{
    uint16_t *probes = job->term_probes + first_term;
    float *weights = job->term_weights + first_term;
    for (size_t i = 0; i < query->n_terms; i++) {
        const struct w2v_term *term = &query->terms[i];
        size_t same = 0;
        while (same < i && (term->id >= 0 || query->terms[same].id >= 0 ||
                            query->terms[same].vector != term->vector))
            same++;
        const size_t p = same < i ? probes[same] : find_probe(job, term);
        if (p == SIZE_MAX)
            return false;
        probes[i] = (uint16_t)p;
    }
    set_weights(job, query, probes, weights);
    job->sums[job->n_queries] = (struct query_sum){probes, weights};
    return true;
}

/* Packs probes for the kernels: KERNEL_LANES of them side by side, zeros behind the last. */
static void pack_probes(struct search_job *job)
{
    for (size_t p = 0; p < kernel_pad(job->n_probes); p++) {
        float *to = job->panels + p / KERNEL_LANES * job->dim * KERNEL_LANES + p % KERNEL_LANES;
        for (size_t k = 0; k < job->dim; k++)
            to[k * KERNEL_LANES] = p < job->n_probes ? job->probes[p * job->dim + k] : 0;
    }
}

/* Makes a group of queries, from `first` on; of at least one. */
static void make_group(struct search_job *job, size_t first)
{
    const struct search *search = job->search;
    job->first = first;
    job->n_probes = 0;
    job->n_queries = 0;
    memset(job->slots, 0, sizeof job->slots);
    while (job->n_queries < job->max_queries && first + job->n_queries < search->n) {
        const struct w2v_query *query = &search->queries[first + job->n_queries];
        if (job->single ? add_probe(job, query->terms) == SIZE_MAX
                        : !add_sum(job, query, job->first_term))
            break;
        job->first_term += query->n_terms;
        job->n_queries++;
    }
    pack_probes(job);
}

static void start_worker(const struct search_job *job, struct search_worker *worker)
{
    memset(worker->n_best, 0, job->n_queries * sizeof *worker->n_best);
    for (size_t q = 0; q < kernel_pad(job->n_queries); q++)
        worker->least[q] = q < job->n_queries ? job->least : INFINITY;
}

static void run_group(struct search_job *job)
{
    const size_t k = job->k;
    for (unsigned i = 0; i < job->n_threads; i++)
        start_worker(job, &job->workers[i]);
    atomic_store_explicit(&job->next_tile, 0, memory_order_relaxed);
    thread_run(job->n_threads, run_tiles, job);
    job->squares_known = job->squares != NULL;
    for (size_t q = 0; q < job->n_queries; q++) {
        struct best *heap = job->workers[0].best + q * k;
        size_t n = job->workers[0].n_best[q];
        for (unsigned i = 1; i < job->n_threads; i++)
            for (size_t j = 0; j < job->workers[i].n_best[q]; j++)
                best_add(heap, &n, k, job->workers[i].best[q * k + j]);
        job->search->n_hits[job->first + q] = n;
        struct w2v_hit *hits = job->search->hits + (job->first + q) * job->search->k;
        while (n > 0) { /* the heap gives the worst first */
            hits[n - 1] = (struct w2v_hit){id_of(job->search, heap[0].place), heap[0].score};
            heap[0] = heap[--n];
            if (n > 0)
                best_sift_down(heap, n);
        }
    }
}

/* ---- Memory ---- */

static const char what[] = "a search";

static void worker_release(struct search_worker *worker)
{
    free(worker->products);
    free(worker->cosines);
    free(worker->copies);
    free(worker->places);
    free(worker->rows);
    free(worker->inverse);
    free(worker->best);
    free(worker->n_best);
    free(worker->least);
}

static int worker_make(struct search_worker *worker, const struct search_job *job,
                       struct w2v_error *error)
{
    const size_t rows = job->tile_rows, queries = kernel_pad(job->max_queries);
    const size_t probes = job->single ? 1 : kernel_pad(job->max_probes);
    worker->products = mem_calloc(rows, job->stride * sizeof(float), what, error);
    worker->cosines = mem_calloc(probes, rows * sizeof(float), what, error);
    worker->copies = mem_calloc(rows, mem_product(job->dim, sizeof(float)), what, error);
    worker->places = mem_calloc(rows, sizeof *worker->places, what, error);
    worker->rows = mem_calloc(rows, sizeof *worker->rows, what, error);
    worker->inverse = mem_calloc(rows, sizeof *worker->inverse, what, error);
    worker->best =
        mem_calloc(job->max_queries, mem_product(job->k, sizeof *worker->best), what, error);
    worker->n_best = mem_calloc(job->max_queries, sizeof *worker->n_best, what, error);
    worker->least = mem_calloc(queries, sizeof *worker->least, what, error);
    return worker->products != NULL && worker->cosines != NULL && worker->copies != NULL &&
                   worker->places != NULL && worker->rows != NULL && worker->inverse != NULL &&
                   worker->best != NULL && worker->n_best != NULL && worker->least != NULL
               ? W2V_OK
               : W2V_ENOMEM;
}

/* The number of rows of a tile: as many as fit, a multiple of KERNEL_LANES. */
static size_t rows_of_tile(size_t dim)
{
    const size_t fit = TILE_BYTES / sizeof(float) / dim / KERNEL_LANES * KERNEL_LANES;
    if (fit < KERNEL_LANES)
        return KERNEL_LANES;
    return fit < MAX_TILE_ROWS ? fit : MAX_TILE_ROWS;
}

/* Counts the terms, which decide what a group may hold. Returns the count. */
static size_t plan_groups(struct search_job *job)
{
    const struct search *search = job->search;
    size_t n_terms = 0;
    job->single = search->method == W2V_ADD;
    for (size_t q = 0; q < search->n; q++) {
        n_terms += search->queries[q].n_terms; /* all are in memory: no overflow */
        job->single &= search->queries[q].n_terms == 1 && search->queries[q].terms[0].weight > 0;
    }
    job->max_probes = n_terms < MAX_PROBES ? n_terms : MAX_PROBES;
    job->stride = kernel_pad(job->max_probes) + KERNEL_LANES;
    size_t fit = MAX_BEST_BYTES / sizeof(struct best) / job->k / job->n_threads;
    if (fit > MAX_QUERIES)
        fit = MAX_QUERIES;
    if (job->single && fit > MAX_PROBES)
        fit = MAX_PROBES;
    if (fit == 0)
        fit = 1;
    job->max_queries = fit < search->n ? fit : search->n;
    return n_terms;
}

static int job_make(struct search_job *job, struct w2v_error *error)
{
    const struct search *search = job->search;
    const size_t n_tiles = (search->n_candidates + job->tile_rows - 1) / job->tile_rows;
    job->n_threads = n_tiles < search->threads ? (unsigned)n_tiles : search->threads;
    const size_t n_terms = plan_groups(job), n_sums = job->single ? 1 : n_terms;
    const size_t row_bytes = mem_product(job->dim, sizeof(float));
    job->sums = mem_calloc(job->max_queries, sizeof *job->sums, what, error);
    job->term_probes = mem_calloc(n_sums, sizeof *job->term_probes, what, error);
    job->term_weights = mem_calloc(n_sums, sizeof *job->term_weights, what, error);
    job->probes = mem_calloc(job->max_probes, row_bytes, what, error);
    job->panels = mem_calloc(kernel_pad(job->max_probes), row_bytes, what, error);
    job->workers = mem_calloc(job->n_threads, sizeof *job->workers, what, error);
    if (job->sums == NULL || job->term_probes == NULL || job->term_weights == NULL ||
        job->probes == NULL || job->panels == NULL || job->workers == NULL)
        return W2V_ENOMEM;
    if (n_terms > MAX_PROBES || job->max_queries < search->n) {
        job->squares = mem_calloc(search->n_candidates, sizeof(float), what, error);
        if (job->squares == NULL)
            return W2V_ENOMEM;
    }
    for (unsigned i = 0; i < job->n_threads; i++) {
        int status = worker_make(&job->workers[i], job, error);
        if (status != W2V_OK)
            return status;
    }
    return W2V_OK;
}

static void job_release(struct search_job *job)
{
    for (unsigned i = 0; job->workers != NULL && i < job->n_threads; i++)
        worker_release(&job->workers[i]);
    free(job->workers);
    free(job->sums);
    free(job->term_probes);
    free(job->term_weights);
    free(job->probes);
    free(job->panels);
    free(job->squares);
    free(job);
}

int search_check_ids(const struct w2v_model *model, const size_t *ids, size_t n,
                     struct w2v_error *error)
{
    for (size_t i = 0; i < n; i++)
        if (ids[i] >= model->n_words)
            return error_set(error, W2V_EARG, "word %zu is out of range: the model has %zu", ids[i],
                             model->n_words);
    return W2V_OK;
}

int search_run(const struct search *search, struct w2v_error *error)
{
    const struct kernel *kernel = kernel_wanted(error);
    if (kernel == NULL)
        return W2V_EARG;
    memset(search->n_hits, 0, search->n * sizeof *search->n_hits);
    if (search->n_candidates == 0)
        return W2V_OK;
    struct search_job *job = mem_calloc(1, sizeof *job, what, error);
    if (job == NULL)
        return W2V_ENOMEM;
    job->search = search;
    job->kernel = kernel;
    job->dim = search->model->dim;
    job->k = search->k < search->n_candidates ? search->k : search->n_candidates;
    job->least = search->least > -INFINITY ? nextafterf(search->least, -INFINITY) : -INFINITY;
    job->tile_rows = rows_of_tile(job->dim);
    int status = job_make(job, error);
    for (size_t first = 0; status == W2V_OK && first < search->n; first += job->n_queries) {
        make_group(job, first);
        run_group(job);
    }
    job_release(job);
    return status;
}
