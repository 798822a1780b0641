/*
 * Spherical k-means (Dhillon and Modha 2001, "Concept decompositions for large sparse text data
 * using clustering"). Words are unit vectors. A centre is the mean of its words, made a unit
 * vector. A word belongs to the centre of greatest cosine; of equal ones, to the lowest.
 *
 * seeding.h draws the first centres.
 *
 * All threads assign words to centres, by products with packed centres (kernel.h). A centre is
 * summed by one thread, in the order of its words. So the result depends on the vectors, k and the
 * seed alone.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/mem.h"
#include "base/thread.h"
#include "kernel/kernel.h"
#include "model/model.h"
#include "query/search.h"
#include "query/seeding.h"

enum {
    TILE_ROWS = 96,
    COLUMNS = 1024 /* centres multiplied by a tile at once */
};

static const double least_gain = 1e-5; /* of the mean cosine; a smaller gain ends the rounds */
static const char what[] = "clusters";

struct clusters {
    const struct w2v_model *model;
    const size_t *among; /* (n) the words; NULL: words 0 .. n - 1 */
    const struct kernel *kernel;
    unsigned threads;
    size_t n, k, dim, stride; /* stride: of units and centres */
    struct mem_map map;
    float *units; /* (n, stride) unit vectors; zeros for a word that is not usable */
    bool *repeat; /* (n): an equal word has a lower id, or the id is in `among` before */
    bool *usable; /* (n): the vector is finite and not 0, and the word is no repeat */
    size_t n_usable;
    float *centres, *panels; /* (k, stride); the same, packed */
    uint32_t *cluster;       /* (n) */
    float *cosine;           /* (n) */
    size_t *begin, *members; /* (k + 1), (n): cluster j has members[begin[j] .. begin[j + 1] - 1] */
    struct cluster_worker {
        float *products; /* (TILE_ROWS, COLUMNS) */
        double *sum;     /* (dim) */
        size_t n_moved;
    } * workers;
    atomic_size_t ticket;
};

static size_t id_of(const struct clusters *c, size_t i)
{
    return c->among != NULL ? c->among[i] : i;
}

/* Marks words that have an equal word of lower id, or whose id was in `among` before. */
static int mark_repeats(struct clusters *c, struct w2v_error *error)
{
    const uint32_t *first = c->model->first;
    bool *seen = mem_calloc(c->model->n_words, sizeof *seen, what, error);
    if (seen == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < c->n; i++) {
        const size_t id = id_of(c, i);
        c->repeat[i] = seen[id] || (first != NULL && first[id] != id);
        seen[id] = true;
    }
    free(seen);
    return W2V_OK;
}

/* ---- Work of the threads ---- */

static void make_units(void *arg, unsigned index, unsigned n_threads)
{
    struct clusters *c = arg;
    size_t first, n;
    (void)index;
    (void)n_threads;
    while (thread_stretch(&c->ticket, c->n, TILE_ROWS, &first, &n))
        for (size_t i = first; i < first + n; i++) {
            float *unit = c->units + i * c->stride;
            w2v_vector(c->model, id_of(c, i), unit);
            const bool any = fpmath_unit(unit, c->dim), finite = fpmath_finite(unit, c->dim);
            c->usable[i] = finite && any && !c->repeat[i];
            if (!c->usable[i]) {
                memset(unit, 0, c->dim * sizeof *unit);
                c->cosine[i] = finite ? 0 : NAN;
            }
        }
}

/* Assigns the words of a tile to centres. */
static void assign_tile(struct clusters *c, struct cluster_worker *worker, size_t first, size_t n)
{
    const float *rows[TILE_ROWS];
    float best[TILE_ROWS];
    uint32_t nearest[TILE_ROWS] = {0};
    for (size_t i = 0; i < n; i++) {
        rows[i] = c->units + (first + i) * c->stride;
        best[i] = -INFINITY;
    }
    for (size_t j = 0; j < c->k; j += COLUMNS) {
        const size_t n_columns = kernel_pad(c->k - j < COLUMNS ? c->k - j : COLUMNS);
        c->kernel->panels(rows, n, c->panels + j * c->dim, n_columns / KERNEL_LANES, c->dim,
                          worker->products, COLUMNS);
        for (size_t i = 0; i < n; i++) {
            const float *cosines = worker->products + i * COLUMNS;
            size_t p = 0; /* lanes behind the last centre repeat it */
            while ((p = c->kernel->above(cosines, 1, &best[i], 0, p, n_columns)) < n_columns) {
                best[i] = cosines[p];
                nearest[i] = (uint32_t)(j + p < c->k ? j + p : c->k - 1);
                p++;
            }
        }
    }
    for (size_t i = 0; i < n; i++) {
        if (!c->usable[first + i])
            continue;
        worker->n_moved += c->cluster[first + i] != nearest[i];
        c->cluster[first + i] = nearest[i];
        c->cosine[first + i] = best[i];
    }
}

static void assign(void *arg, unsigned index, unsigned n_threads)
{
    struct clusters *c = arg;
    size_t first, n;
    (void)n_threads;
    c->workers[index].n_moved = 0;
    while (thread_stretch(&c->ticket, c->n, TILE_ROWS, &first, &n))
        assign_tile(c, &c->workers[index], first, n);
}

static void sum_centres(void *arg, unsigned index, unsigned n_threads)
{
    struct clusters *c = arg;
    double *sum = c->workers[index].sum;
    size_t j;
    (void)n_threads;
    while ((j = thread_ticket(&c->ticket, c->k)) < c->k) {
        float *centre = c->centres + j * c->stride;
        double square = 0;
        memset(sum, 0, c->dim * sizeof *sum);
        for (size_t i = c->begin[j]; i < c->begin[j + 1]; i++) {
            const float *unit = c->units + c->members[i] * c->stride;
            for (size_t k = 0; k < c->dim; k++)
                sum[k] += (double)unit[k];
        }
        for (size_t k = 0; k < c->dim; k++)
            square += sum[k] * sum[k];
        for (size_t k = 0; square > 0 && k < c->dim; k++) /* else the centre stays */
            centre[k] = (float)(sum[k] / sqrt(square));
    }
}

/* Computes the cosine of each word to the centre of its cluster. */
static void measure_cosines(void *arg, unsigned index, unsigned n_threads)
{
    struct clusters *c = arg;
    size_t first, n;
    (void)index;
    (void)n_threads;
    while (thread_stretch(&c->ticket, c->n, TILE_ROWS, &first, &n))
        for (size_t i = first; i < first + n; i++) {
            const float *unit = c->units + i * c->stride,
                        *centre = c->centres + c->cluster[i] * c->stride;
            if (c->usable[i])
                c->kernel->dots(&unit, 1, &centre, 1, c->dim, &c->cosine[i], 1);
        }
}

static void run(struct clusters *c, thread_fn work)
{
    atomic_store_explicit(&c->ticket, 0, memory_order_relaxed);
    thread_run(c->threads, work, c);
}

/* ---- Between the work of the threads ---- */

static int start(struct clusters *c, uint64_t seed, struct w2v_error *error)
{
    const struct seeding seeding = {.kernel = c->kernel,
                                    .threads = c->threads,
                                    .units = c->units,
                                    .usable = c->usable,
                                    .n = c->n,
                                    .n_usable = c->n_usable,
                                    .k = c->k,
                                    .dim = c->dim,
                                    .stride = c->stride,
                                    .seed = seed};
    return seeding_run(&seeding, c->centres, error);
}

static void pack_centres(struct clusters *c)
{
    for (size_t j = 0; j < kernel_pad(c->k); j++) {
        const float *centre = c->centres + (j < c->k ? j : c->k - 1) * c->stride;
        float *to = c->panels + j / KERNEL_LANES * c->dim * KERNEL_LANES + j % KERNEL_LANES;
        for (size_t k = 0; k < c->dim; k++)
            to[k * KERNEL_LANES] = centre[k];
    }
}

/* Filling a cluster has moved its begin to its end, where the next begins: moves all back. */
static void restore_begins(struct clusters *c)
{
    for (size_t j = c->k; j > 0; j--)
        c->begin[j] = c->begin[j - 1];
    c->begin[0] = 0;
}

/* Lists the usable words by cluster, each by rising id. */
static void list_members(struct clusters *c)
{
    memset(c->begin, 0, (c->k + 1) * sizeof *c->begin);
    for (size_t i = 0; i < c->n; i++)
        c->begin[c->cluster[i] + 1] += c->usable[i];
    for (size_t j = 0; j < c->k; j++)
        c->begin[j + 1] += c->begin[j];
    for (size_t i = 0; i < c->n; i++)
        if (c->usable[i])
            c->members[c->begin[c->cluster[i]]++] = i;
    restore_begins(c);
}

struct cluster_member {
    float cosine;
    size_t id;
};

static int by_rising_cosine(const void *a, const void *b)
{
    const struct cluster_member *x = a, *y = b;
    if (x->cosine > y->cosine || x->cosine < y->cosine)
        return x->cosine < y->cosine ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Lists the usable words, the farthest from their centres first. */
static struct cluster_member *list_farthest(const struct clusters *c, struct w2v_error *error)
{
    size_t n = 0;
    struct cluster_member *farthest = mem_calloc(c->n_usable, sizeof *farthest, what, error);
    for (size_t i = 0; farthest != NULL && i < c->n; i++)
        if (c->usable[i])
            farthest[n++] = (struct cluster_member){c->cosine[i], i};
    if (farthest != NULL)
        qsort(farthest, n, sizeof *farthest, by_rising_cosine);
    return farthest;
}

/*
 * Gives each cluster without words the word that is farthest from its own centre, of the clusters
 * with more than one word. *n_filled: how many clusters got one.
 */
static int fill_empty(struct clusters *c, size_t *n_filled, struct w2v_error *error)
{
    size_t n_empty = 0, at = 0;
    for (size_t j = 0; j < c->k; j++)
        n_empty += c->begin[j + 1] == c->begin[j];
    *n_filled = n_empty;
    if (n_empty == 0)
        return W2V_OK;
    struct cluster_member *farthest = list_farthest(c, error);
    size_t *size = mem_calloc(c->k, sizeof *size, what, error);
    const int status = farthest != NULL && size != NULL ? W2V_OK : W2V_ENOMEM;
    for (size_t j = 0; j < c->k && status == W2V_OK; j++)
        size[j] = c->begin[j + 1] - c->begin[j];
    for (size_t j = 0; j < c->k && status == W2V_OK; j++) {
        if (size[j] > 0)
            continue;
        while (size[c->cluster[farthest[at].id]] < 2) /* there are at least k usable words */
            at++;
        const size_t i = farthest[at++].id;
        size[c->cluster[i]]--;
        size[j] = 1;
        c->cluster[i] = (uint32_t)j;
        c->cosine[i] = 1;
        memcpy(c->centres + j * c->stride, c->units + i * c->stride, c->dim * sizeof *c->centres);
    }
    free(farthest);
    free(size);
    if (status == W2V_OK)
        list_members(c);
    return status;
}

static double mean_cosine(const struct clusters *c)
{
    double sum = 0;
    for (size_t i = 0; i < c->n; i++)
        sum += c->usable[i] ? (double)c->cosine[i] : 0;
    return sum / (double)c->n_usable;
}

static int iterate(struct clusters *c, const struct w2v_cluster_options *options,
                   struct w2v_cluster_report *report, struct w2v_error *error)
{
    const double began = thread_seconds();
    double last = -2;
    for (unsigned round = 1;; round++) {
        pack_centres(c);
        run(c, assign);
        list_members(c);
        size_t n_moved;
        const int status = fill_empty(c, &n_moved, error);
        if (status != W2V_OK)
            return status;
        for (unsigned i = 0; i < c->threads; i++)
            n_moved += c->workers[i].n_moved;
        report->rounds = round;
        report->mean_cosine = mean_cosine(c);
        const struct w2v_progress now = {.phase = W2V_PHASE_CLUSTER,
                                         .done = round,
                                         .total = options->max_rounds,
                                         .seconds = thread_seconds() - began,
                                         .loss = report->mean_cosine};
        if (options->progress != NULL && options->progress(options->progress_context, &now) != 0)
            return error_set(error, W2V_ESTOPPED, "stopped");
        /* In the first round words had no cluster, so n_moved means nothing. */
        if (round >= options->max_rounds ||
            (round > 1 && (n_moved == 0 || report->mean_cosine - last < least_gain)))
            return W2V_OK;
        last = report->mean_cosine;
        run(c, sum_centres);
    }
}

/* The last centres are those of the last clusters, and cosines are to them. */
static void settle(struct clusters *c, struct w2v_cluster_report *report)
{
    run(c, sum_centres);
    run(c, measure_cosines);
    report->mean_cosine = mean_cosine(c);
}

/* ---- The result ---- */

struct cluster_size {
    size_t n, first, cluster; /* its words, the lowest id of them, its number before sorting */
};

static int by_size(const void *a, const void *b)
{
    const struct cluster_size *x = a, *y = b;
    if (x->n != y->n)
        return x->n > y->n ? -1 : 1;
    return (x->first > y->first) - (x->first < y->first);
}

static int by_cosine(const void *a, const void *b)
{
    const struct cluster_member *x = a, *y = b;
    if (x->cosine > y->cosine || x->cosine < y->cosine)
        return x->cosine > y->cosine ? -1 : 1;
    return (x->id > y->id) - (x->id < y->id);
}

/* Numbers the clusters by falling size, and sorts the words of each by falling cosine. */
static int make_result(struct clusters *c, struct w2v_cluster_report *report,
                       struct w2v_error *error)
{
    int status = W2V_ENOMEM;
    struct cluster_size *order = mem_calloc(c->k, sizeof *order, what, error);
    uint32_t *number = mem_calloc(c->k, sizeof *number, what, error);
    struct cluster_member *sorted = mem_calloc(c->n, sizeof *sorted, what, error);
    if (order == NULL || number == NULL || sorted == NULL)
        goto done;
    list_members(c);
    for (size_t j = 0; j < c->k; j++)
        order[j] = (struct cluster_size){c->begin[j + 1] - c->begin[j], c->members[c->begin[j]], j};
    qsort(order, c->k, sizeof *order, by_size);
    for (size_t j = 0; j < c->k; j++)
        number[order[j].cluster] = (uint32_t)j;
    for (size_t i = 0; i < c->n; i++)
        c->cluster[i] = c->usable[i] ? number[c->cluster[i]] : W2V_NO_CLUSTER;
    /* Only usable words are listed: W2V_NO_CLUSTER is not a place in `begin`. */
    memset(c->begin, 0, (c->k + 1) * sizeof *c->begin);
    for (size_t j = 0; j < c->k; j++)
        c->begin[j + 1] = c->begin[j] + order[j].n;
    for (size_t i = 0; i < c->n; i++)
        if (c->usable[i])
            sorted[c->begin[c->cluster[i]]++] = (struct cluster_member){c->cosine[i], i};
    restore_begins(c);
    for (size_t j = 0; j < c->k; j++)
        qsort(sorted + c->begin[j], c->begin[j + 1] - c->begin[j], sizeof *sorted, by_cosine);
    for (size_t i = 0; i < c->n_usable; i++)
        c->members[i] = sorted[i].id;
    report->n_words = c->n;
    report->k = c->k;
    report->cluster = c->cluster;
    report->cosine = c->cosine;
    report->begin = c->begin;
    report->members = c->members;
    c->cluster = NULL;
    c->cosine = NULL;
    c->begin = c->members = NULL;
    status = W2V_OK;
done:
    free(order);
    free(number);
    free(sorted);
    return status;
}

/* ---- The whole ---- */

static int make(struct clusters *c, struct w2v_error *error)
{
    int status = mem_map(&c->map, c->n, mem_product(c->stride, sizeof(float)), what, error);
    if (status != W2V_OK)
        return status;
    c->units = c->map.bytes;
    c->repeat = mem_calloc(c->n, sizeof *c->repeat, what, error);
    c->usable = mem_calloc(c->n, sizeof *c->usable, what, error);
    c->cluster = mem_calloc(c->n, sizeof *c->cluster, what, error);
    c->cosine = mem_calloc(c->n, sizeof *c->cosine, what, error);
    c->members = mem_calloc(c->n, sizeof *c->members, what, error);
    c->begin = mem_calloc(c->k + 1, sizeof *c->begin, what, error);
    c->centres = mem_calloc(c->k, mem_product(c->stride, sizeof(float)), what, error);
    c->panels = mem_calloc(kernel_pad(c->k), mem_product(c->dim, sizeof(float)), what, error);
    c->workers = mem_calloc(c->threads, sizeof *c->workers, what, error);
    if (c->repeat == NULL || c->usable == NULL || c->cluster == NULL || c->cosine == NULL ||
        c->members == NULL || c->begin == NULL || c->centres == NULL || c->panels == NULL ||
        c->workers == NULL)
        return W2V_ENOMEM;
    for (unsigned i = 0; i < c->threads; i++) {
        struct cluster_worker *worker = &c->workers[i];
        worker->products = mem_calloc(TILE_ROWS * COLUMNS, sizeof(float), what, error);
        worker->sum = mem_calloc(c->dim, sizeof *worker->sum, what, error);
        if (worker->products == NULL || worker->sum == NULL)
            return W2V_ENOMEM;
    }
    return mark_repeats(c, error);
}

static void release(struct clusters *c)
{
    for (unsigned i = 0; c->workers != NULL && i < c->threads; i++) {
        free(c->workers[i].products);
        free(c->workers[i].sum);
    }
    free(c->workers);
    free(c->repeat);
    free(c->usable);
    free(c->cluster);
    free(c->cosine);
    free(c->members);
    free(c->begin);
    free(c->centres);
    free(c->panels);
    mem_unmap(&c->map);
}

void w2v_cluster_options_init(struct w2v_cluster_options *options)
{
    *options = (struct w2v_cluster_options){.seed = 1, .max_rounds = 100};
}

void w2v_cluster_report_release(struct w2v_cluster_report *report)
{
    if (report == NULL)
        return;
    free(report->cluster);
    free(report->cosine);
    free(report->begin);
    free(report->members);
    *report = (struct w2v_cluster_report){0};
}

/* A cluster for every two words, but at most a hundred. */
static size_t default_k(size_t n_words)
{
    if (n_words >= 200)
        return 100;
    return n_words >= 2 ? n_words / 2 : 1;
}

/* Counts the words that can be in a cluster, and chooses how many clusters there are. */
static int count_usable(struct clusters *c, size_t wished, struct w2v_cluster_report *report,
                        struct w2v_error *error)
{
    for (size_t i = 0; i < c->n; i++) {
        c->n_usable += c->usable[i];
        report->n_left_out += !c->usable[i] && !c->repeat[i];
    }
    if (wished == 0) /* there is room, for k can only become smaller */
        c->k = default_k(c->n_usable);
    if (c->n_usable < c->k)
        return error_set(error, W2V_EDATA,
                         "%zu cluster%s cannot be made of %zu word%s that differ and whose "
                         "vectors are finite and not 0",
                         c->k, error_s(c->k), c->n_usable, error_s(c->n_usable));
    return W2V_OK;
}

int w2v_cluster(const struct w2v_model *model, const struct w2v_cluster_options *options,
                struct w2v_cluster_report *report, struct w2v_error *error)
{
    const size_t restrict_to = options->restrict_to;
    const size_t n_words = options->among != NULL ? options->n_among : model->n_words;
    struct clusters c = {.model = model,
                         .among = options->among,
                         .threads = thread_count(options->threads),
                         .k = options->k,
                         .dim = model->dim,
                         .stride = kernel_pad(model->dim)};
    *report = (struct w2v_cluster_report){0};
    c.n = restrict_to == 0 || restrict_to > n_words ? n_words : restrict_to;
    int status =
        search_check_ids(model, options->among, options->among != NULL ? n_words : 0, error);
    if (status != W2V_OK)
        return status;
    if (options->max_rounds == 0)
        return error_set(error, W2V_EARG, "the largest number of rounds must be 1 or more");
    if (c.k == 0)
        c.k = default_k(c.n);
    if (c.k > c.n)
        return error_set(error, W2V_EDATA, "%zu cluster%s cannot be made of %zu word%s", c.k,
                         error_s(c.k), c.n, error_s(c.n));
    c.kernel = kernel_wanted(error);
    if (c.kernel == NULL)
        return W2V_EARG;
    status = make(&c, error);
    if (status == W2V_OK) {
        run(&c, make_units);
        status = count_usable(&c, options->k, report, error);
    }
    if (status == W2V_OK)
        status = start(&c, options->seed, error);
    if (status == W2V_OK)
        status = iterate(&c, options, report, error);
    if (status == W2V_OK) {
        settle(&c, report);
        status = make_result(&c, report, error);
    }
    release(&c);
    if (status != W2V_OK)
        *report = (struct w2v_cluster_report){0};
    return status;
}
