/*
 * Building a graph from an edge list. See graph.h. The steps are: count the ways of each node,
 * write the ways into their rows, release the edges, sort the rows and make alias tables of them.
 * The threads affect only the order of ways in a row, and sorting removes this effect.
 */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/alias.h"
#include "base/thread.h"

enum { NODES_A_TICKET = 1024 };

struct build {
    struct graph *graph;
    struct edges *edges;
    atomic_uint_fast64_t *place; /* (n_nodes): the number of ways, then the index of the next one */
    atomic_size_t ticket;
    struct thread_failure failure;
};

void graph_release(struct graph *graph)
{
    vocab_release(&graph->names);
    graph_release_rows(graph);
    *graph = (struct graph){0};
}

void graph_release_rows(struct graph *graph)
{
    mem_unmap(&graph->begin_map);
    mem_unmap(&graph->row_map);
    mem_unmap(&graph->other_map);
    graph->begin = NULL;
    graph->to = graph->other = NULL;
    graph->ways = NULL;
}

static size_t way_bytes(const struct graph *graph)
{
    return graph->weighted ? sizeof(struct graph_way) : sizeof(uint32_t);
}

uint64_t graph_bytes(const struct graph *graph)
{
    return graph->begin_map.n_bytes + graph->row_map.n_bytes + graph->other_map.n_bytes;
}

/* ---- Rows ---- */

/* The next piece of edges, or NULL. */
static const struct edges_piece *next_piece(struct build *build)
{
    const size_t n = build->edges->n_pieces, i = thread_ticket(&build->ticket, n);
    return i < n ? &build->edges->pieces[i] : NULL;
}

static void count_ways_worker(void *arg, unsigned index, unsigned n)
{
    struct build *build = arg;
    const struct edges_piece *piece;
    (void)index, (void)n;
    while ((piece = next_piece(build)) != NULL) {
        const uint32_t *ends = edges_ends(piece), *map = build->edges->maps[piece->table];
        for (size_t i = 0; i < piece->n; i++) {
            const uint32_t from = map[ends[2 * i]], to = map[ends[2 * i + 1]];
            atomic_fetch_add_explicit(&build->place[from], 1, memory_order_relaxed);
            if (!build->graph->directed && from != to)
                atomic_fetch_add_explicit(&build->place[to], 1, memory_order_relaxed);
        }
    }
}

static void write_way(struct build *build, uint32_t from, uint32_t to, float weight)
{
    struct graph *graph = build->graph;
    const uint64_t at = atomic_fetch_add_explicit(&build->place[from], 1, memory_order_relaxed);
    if (graph->weighted)
        graph->ways[at] = (struct graph_way){to, weight};
    else
        graph->to[at] = to;
}

static void write_ways_worker(void *arg, unsigned index, unsigned n)
{
    struct build *build = arg;
    const struct edges_piece *piece;
    (void)index, (void)n;
    while ((piece = next_piece(build)) != NULL) {
        const uint32_t *ends = edges_ends(piece), *map = build->edges->maps[piece->table];
        const float *weights = piece->weights.bytes;
        for (size_t i = 0; i < piece->n; i++) {
            const uint32_t from = map[ends[2 * i]], to = map[ends[2 * i + 1]];
            const float weight = weights != NULL ? weights[i] : 1;
            write_way(build, from, to, weight);
            if (!build->graph->directed && from != to)
                write_way(build, to, from, weight);
        }
    }
}

static int compare_nodes(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

static int compare_ways(const void *left, const void *right)
{
    const struct graph_way *a = left, *b = right;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return (a->keep > b->keep) - (a->keep < b->keep);
}

/* Working memory for making alias tables, large enough for the longest row so far. */
struct scratch {
    double *share;   /* what is left of each way's weight, scaled so that the mean is 1 */
    uint32_t *stack; /* for alias_make */
    size_t n_share, n_stack;
};

/* Turns a row of n weights, in `keep`, into an alias table. */
static int make_alias_table(struct graph_way *ways, uint32_t *other, size_t n,
                            struct scratch *scratch, struct w2v_error *error)
{
    int status =
        mem_grow(&scratch->share, &scratch->n_share, n, sizeof *scratch->share, "the graph", error);
    if (status == W2V_OK)
        status = mem_grow(&scratch->stack, &scratch->n_stack, n, sizeof *scratch->stack,
                          "the graph", error);
    if (status != W2V_OK)
        return status;
    double *share = scratch->share, sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += ways[i].keep;
    for (size_t i = 0; i < n; i++)
        share[i] = ways[i].keep / sum * (double)n;
    alias_make(share, other, scratch->stack, n);
    for (size_t i = 0; i < n; i++) {
        ways[i].keep = (float)share[i];
        other[i] = ways[other[i]].to;
    }
    return W2V_OK;
}

static int finish_row(struct graph *graph, size_t node, struct scratch *scratch,
                      struct w2v_error *error)
{
    const uint64_t begin = graph->begin[node];
    const size_t n = (size_t)(graph->begin[node + 1] - begin);
    if (n == 0)
        return W2V_OK;
    if (!graph->weighted) {
        qsort(graph->to + begin, n, sizeof *graph->to, compare_nodes);
        return W2V_OK;
    }
    qsort(graph->ways + begin, n, sizeof *graph->ways, compare_ways);
    return make_alias_table(graph->ways + begin, graph->other + begin, n, scratch, error);
}

static void finish_worker(void *arg, unsigned index, unsigned n)
{
    struct build *build = arg;
    struct graph *graph = build->graph;
    const size_t n_tickets = (graph->n_nodes + NODES_A_TICKET - 1) / NODES_A_TICKET;
    struct scratch scratch = {0};
    struct w2v_error error;
    size_t t;
    (void)index, (void)n;
    while (!thread_failed(&build->failure) &&
           (t = thread_ticket(&build->ticket, n_tickets)) < n_tickets)
        for (size_t v = t * NODES_A_TICKET; v < (t + 1) * NODES_A_TICKET && v < graph->n_nodes; v++)
            if (finish_row(graph, v, &scratch, &error) != W2V_OK) {
                thread_fail(&build->failure, &error);
                break;
            }
    free(scratch.share);
    free(scratch.stack);
}

static void run_workers(struct build *build, unsigned threads, thread_fn worker)
{
    atomic_store(&build->ticket, 0);
    thread_run(threads, worker, build);
}

/* ---- The graph ---- */

/* Computes where the rows begin from the numbers of ways. */
static int lay_rows(struct build *build, struct w2v_error *error)
{
    struct graph *graph = build->graph;
    uint64_t sum = 0;
    for (size_t v = 0; v < graph->n_nodes; v++) {
        const uint64_t n = atomic_load_explicit(&build->place[v], memory_order_relaxed);
        if (n > UINT32_MAX) /* rng_below draws an index of a row from 32 bits */
            return error_set(error, W2V_EDATA, "a node of the graph has more than %u edges",
                             UINT32_MAX);
        graph->begin[v] = sum;
        atomic_store_explicit(&build->place[v], sum, memory_order_relaxed);
        sum += n;
    }
    graph->begin[graph->n_nodes] = graph->n_ways = sum;
    return W2V_OK;
}

/* Allocates the rows. They must fit into `memory` beside the edges, and later beside `other`. */
static int map_rows(struct build *build, uint64_t memory, struct w2v_error *error)
{
    struct graph *graph = build->graph;
    const uint64_t edges = build->edges->n * (graph->weighted ? 12 : 8),
                   rows = mem_product(graph->n_ways, way_bytes(graph)),
                   tables = graph->weighted ? graph->n_ways * sizeof *graph->other : 0,
                   most = rows + (edges > tables ? edges : tables);
    if (memory != 0 && most > memory)
        return error_set(error, W2V_ENOMEM,
                         "a graph of %llu edges takes %llu MB, more than the %llu MB allowed; "
                         "allow more",
                         (unsigned long long)graph->n_edges, (unsigned long long)(most >> 20),
                         (unsigned long long)(memory >> 20));
    int status = mem_map(&graph->row_map, graph->n_ways, way_bytes(graph), "the graph", error);
    if (graph->weighted)
        graph->ways = graph->row_map.bytes;
    else
        graph->to = graph->row_map.bytes;
    return status;
}

static int build_rows(struct build *build, const struct edges_options *options,
                      struct w2v_error *error)
{
    struct graph *graph = build->graph;
    const unsigned threads = options->text.threads;
    int status =
        mem_map(&graph->begin_map, graph->n_nodes + 1, sizeof *graph->begin, "the graph", error);
    if (status != W2V_OK)
        return status;
    graph->begin = graph->begin_map.bytes;
    build->place = mem_calloc(graph->n_nodes, sizeof *build->place, "the graph", error);
    if (build->place == NULL)
        return W2V_ENOMEM;
    run_workers(build, threads, count_ways_worker);
    status = lay_rows(build, error);
    if (status == W2V_OK)
        status = map_rows(build, options->memory, error);
    if (status == W2V_OK)
        run_workers(build, threads, write_ways_worker);
    edges_release(build->edges);
    if (status == W2V_OK && graph->weighted) {
        status =
            mem_map(&graph->other_map, graph->n_ways, sizeof *graph->other, "the graph", error);
        graph->other = graph->other_map.bytes;
    }
    if (status != W2V_OK)
        return status;
    run_workers(build, threads, finish_worker);
    return thread_outcome(&build->failure, error);
}

int graph_read(struct graph *graph, const char *const *paths, size_t n_paths, bool directed,
               const struct edges_options *options, struct w2v_error *error)
{
    struct edges edges = {0};
    struct build build = {.graph = graph, .edges = &edges};
    *graph = (struct graph){.directed = directed};
    int status = edges_read(&edges, paths, n_paths, options, error);
    if (status == W2V_OK && edges.names.n_words == 0)
        status = error_set(error, W2V_EDATA, "the graph has no nodes (%llu bytes read)",
                           (unsigned long long)edges.n_bytes);
    if (status == W2V_OK) {
        graph->names = edges.names;
        edges.names = (struct vocab){0};
        graph->n_nodes = graph->names.n_words;
        graph->n_edges = edges.n;
        graph->weighted = edges.weighted;
        graph->n_bytes = edges.n_bytes;
        graph->n_remarks = edges.n_remarks;
        graph->lone_first = edges.lone_first;
        graph->digest = edges.digest;
        status = build_rows(&build, options, error);
    }
    free(build.place);
    edges_release(&edges);
    if (status != W2V_OK)
        graph_release(graph);
    return status;
}

struct w2v_walk_report graph_report(const struct graph *graph)
{
    return (struct w2v_walk_report){.n_bytes = graph->n_bytes,
                                    .n_nodes = graph->n_nodes,
                                    .n_edges = graph->n_edges,
                                    .n_remarks = graph->n_remarks,
                                    .weighted = graph->weighted,
                                    .lone_first = graph->lone_first};
}
