/* A filter of edges. See edge_filter.h. */
#include "graph/edge_filter.h"

#include "base/thread.h"

/* Nodes that a thread takes at a time, and ways whose words are prefetched before they are entered. */
enum { NODES = 256, AHEAD = 16 };

struct job {
    struct edge_filter *filter;
    const struct graph *graph;
    atomic_size_t ticket;
};

static void enter(struct edge_filter *filter, struct edge_mark mark)
{
    atomic_fetch_or_explicit(&filter->words[mark.word], mark.bits, memory_order_relaxed);
}

/* Enters the ways out of a node. An undirected edge has two ways, and one of them is entered. */
static void enter_node(struct edge_filter *filter, const struct graph *graph, uint32_t node)
{
    struct edge_mark marks[AHEAD];
    size_t n = 0;
    for (uint64_t way = graph->begin[node]; way < graph->begin[node + 1]; way++) {
        const uint32_t to = graph_to(graph, way);
        if (!graph->directed && to < node)
            continue;
        if (n >= AHEAD)
            enter(filter, marks[n % AHEAD]);
        marks[n % AHEAD] = edge_mark(filter, node, to);
        fetch_to_write(&filter->words[marks[n % AHEAD].word], 1);
        n++;
    }
    for (size_t i = n > AHEAD ? n - AHEAD : 0; i < n; i++)
        enter(filter, marks[i % AHEAD]);
}

static void worker(void *arg, unsigned index, unsigned n_threads)
{
    struct job *job = arg;
    const size_t n_nodes = job->graph->n_nodes, n = (n_nodes - 1) / NODES + 1;
    size_t part;
    (void)index, (void)n_threads;
    while ((part = thread_ticket(&job->ticket, n)) < n)
        for (size_t v = part * NODES; v < (part + 1) * NODES && v < n_nodes; v++)
            enter_node(job->filter, job->graph, (uint32_t)v);
}

int edge_filter_init(struct edge_filter *filter, const struct graph *graph, unsigned threads,
                     struct w2v_error *error)
{
    struct job job = {.filter = filter, .graph = graph};
    const uint64_t n = graph->n_edges / sizeof *filter->words + 1;
    filter->directed = graph->directed;
    filter->n_words = n < UINT32_MAX ? (uint32_t)n : UINT32_MAX;
    int status = mem_map(&filter->map, filter->n_words, sizeof *filter->words, "the edges", error);
    if (status != W2V_OK)
        return status;
    filter->words = filter->map.bytes;
    thread_run(threads, worker, &job);
    return W2V_OK;
}

void edge_filter_release(struct edge_filter *filter)
{
    mem_unmap(&filter->map);
    *filter = (struct edge_filter){0};
}
