/*
 * A filter of edges: says at once of most pairs of nodes that they have no edge. It is a Bloom filter
 * (Bloom 1970, "Space/time trade-offs in hash coding with allowable errors"). For each pair it looks at
 * one word of 64 bits, so a question waits for memory once (Putze, Sanders, Singler 2009, "Cache-, hash-,
 * and space-efficient Bloom filters"). It takes a byte for each edge. Of pairs without an edge it lets
 * about 1 in 25 pass.
 */
#ifndef W2V_GRAPH_EDGE_FILTER_H
#define W2V_GRAPH_EDGE_FILTER_H

#include <stdatomic.h>

#include "base/fetch.h"
#include "base/rng.h"
#include "graph/graph.h"

struct edge_filter {
    struct mem_map map;
    _Atomic uint64_t *words; /* (n_words) */
    uint32_t n_words;
    bool directed;
};

/* A pair of nodes as the filter sees it: its word, and the bits of the word that an edge sets. */
struct edge_mark {
    uint32_t word;
    uint64_t bits;
};

/* Enters all edges of the graph on `threads` threads. Begin with {0}. W2V_ENOMEM. */
int edge_filter_init(struct edge_filter *filter, const struct graph *graph, unsigned threads,
                     struct w2v_error *error);
void edge_filter_release(struct edge_filter *filter);

/* The mark of the edge from one node to another. In an undirected graph the order does not count. */
static inline struct edge_mark edge_mark(const struct edge_filter *filter, uint32_t from,
                                         uint32_t to)
{
    const bool turn = !filter->directed && from > to;
    const uint64_t high = turn ? to : from, low = turn ? from : to,
                   random = rng_mix(high << 32 | low);
    return (struct edge_mark){.word = rng_below((uint32_t)(random >> 32), filter->n_words),
                              .bits = (uint64_t)1 << (random & 63) |
                                      (uint64_t)1 << (random >> 6 & 63) |
                                      (uint64_t)1 << (random >> 12 & 63)};
}

/* Prefetches what edge_filter_passes reads. */
static inline void edge_filter_fetch(const struct edge_filter *filter, struct edge_mark mark)
{
    fetch_to_read(&filter->words[mark.word], 1);
}

/* False if there is no such edge. True if there is one, and sometimes if there is none. */
static inline bool edge_filter_passes(const struct edge_filter *filter, struct edge_mark mark)
{
    const uint64_t word = atomic_load_explicit(&filter->words[mark.word], memory_order_relaxed);
    return (word & mark.bits) == mark.bits;
}

#endif
