/*
 * A graph in memory, for walks: compressed rows. The ways out of node v are the places begin[v] ..
 * begin[v + 1] - 1, sorted by where they lead. An edge that the list has twice stands there twice,
 * so that it is taken twice as often. An undirected edge stands with both of its nodes, a
 * self-loop once.
 *
 * A way takes 4 bytes where all weights are 1. Else it takes 12: the row is an alias table (Walker
 * 1977, built as in Vose 1991), from which a way is drawn in proportion to its weight in one step:
 * draw a place evenly, then go `to` with the probability `keep`, else to `other`.
 *
 * Nodes are numbered by falling degree, so that what is visited most lies together. The graph is the
 * same for any number of threads.
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
    uint64_t *begin;                   /* (n_nodes + 1) */
    uint32_t *to;                      /* (n_ways); NULL: weighted */
    struct graph_way *ways;            /* (n_ways); NULL: not weighted */
    uint32_t *other;                   /* (n_ways) likewise */
    struct mem_map row_map, other_map; /* where these are */
    uint64_t n_bytes, n_lines, digest; /* of the list, as struct edges has them */
};

/* Begin with {0}. */
void graph_release(struct graph *graph);

/* The rows alone; the names stay. */
void graph_release_rows(struct graph *graph);

/* The bytes that the rows take. */
uint64_t graph_bytes(const struct graph *graph);

/* Reads an edge list. W2V_ENOMEM where it takes more than options->memory. */
int graph_read(struct graph *graph, const char *const *paths, size_t n_paths, bool directed,
               const struct edges_options *options, struct w2v_error *error);

static inline uint32_t graph_to(const struct graph *graph, uint64_t way)
{
    return graph->to != NULL ? graph->to[way] : graph->ways[way].to;
}

#endif
