/*
 * A graph in memory, for walks, in compressed sparse rows. A way is one direction of an edge. The
 * ways out of node v have the indices begin[v] .. begin[v + 1] - 1 and are sorted by their targets.
 * An edge that the list has twice has two ways and is taken twice as often. An undirected edge has
 * a way in the rows of both nodes, a self-loop has one way.
 *
 * A way takes 4 bytes if all weights are 1. Otherwise it takes 12 bytes and each row is an alias
 * table (Walker 1977, built as in Vose 1991), which draws a way in proportion to the weights in one
 * step: draw an index uniformly, then go to `to` with probability `keep`, else to `other`.
 *
 * Nodes are numbered by how often the list has them, the most frequent first. So the most visited nodes are
 * close together in memory. The graph is the same for any number of threads.
 */
#ifndef W2V_GRAPH_GRAPH_H
#define W2V_GRAPH_GRAPH_H

#include "graph/edges.h"

struct graph_way {
    uint32_t to;
    float keep;
};

struct graph {
    struct vocab names; /* (n_nodes) */
    size_t n_nodes;
    uint64_t n_edges; /* of the list */
    uint64_t n_ways;
    bool directed, weighted;
    uint64_t *begin;                     /* (n_nodes + 1) */
    uint32_t *to;                        /* (n_ways), if not weighted; else NULL */
    struct graph_way *ways;              /* (n_ways), if weighted; else NULL */
    uint32_t *other;                     /* (n_ways), if weighted */
    struct mem_map begin_map;            /* the memory of `begin`, */
    struct mem_map row_map, other_map;   /* of `to` or `ways`, and of `other` */
    uint64_t n_bytes, n_remarks, digest; /* as in struct edges, */
    bool lone_first;                     /* like this one */
};

/* Begin with {0}. */
void graph_release(struct graph *graph);

/* Releases the rows and keeps the names. */
void graph_release_rows(struct graph *graph);

/* The bytes that the rows take. */
uint64_t graph_bytes(const struct graph *graph);

/*
 * Reads an edge list. W2V_ENOMEM if its names need more than options->memory, or if its edges and ways do.
 */
int graph_read(struct graph *graph, const char *const *paths, size_t n_paths, bool directed,
               const struct edges_options *options, struct w2v_error *error);

/* What a report says of the graph; the caller adds the rest. */
struct w2v_walk_report graph_report(const struct graph *graph);

static inline uint32_t graph_to(const struct graph *graph, uint64_t way)
{
    return graph->to != NULL ? graph->to[way] : graph->ways[way].to;
}

#endif
