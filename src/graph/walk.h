/*
 * Random walks. From every node begin `walks` of them, each of `length` nodes, or fewer where a node
 * has no way out. The next node is drawn in proportion to the weights of the ways; with p or q other
 * than 1 as in node2vec (Grover and Leskovec 2016): a way back to the node before counts 1 / p times,
 * one to a node to which the node before has an edge too once, any other 1 / q times. Such a step is
 * drawn by rejection (as in KnightKing, Yang et al. 2019): a way is proposed as if p and q were 1 and
 * taken with a probability in proportion to its factor. So nothing is kept for an edge.
 *
 * Walk k of node v depends on the graph, the rules, the seed, k and v alone. The walks are put in an
 * order that is a permutation of all of them, computed where it is wanted, so that whoever reads
 * them from the first to the last sees the whole graph from the start.
 *
 * A graph is larger than the caches, so that a step waits for memory twice. One thread therefore
 * takes LANES walks at a time, asks for what each needs next, and goes round.
 */
#ifndef W2V_GRAPH_WALK_H
#define W2V_GRAPH_WALK_H

#include "graph/graph.h"
#include "text/corpus.h"

struct walk_rules {
    unsigned walks, length; /* 1 or more */
    double p, q;            /* above 0 */
    uint64_t seed;
};

struct walker {
    const struct graph *graph;
    size_t length;
    uint64_t n_walks; /* of all nodes */
    size_t block;     /* walks that are best made together */
    uint64_t key;     /* of the walks */
    uint64_t order_key;
    unsigned order_bits; /* of half a place in the order */
    bool second_order;
    uint64_t back, near, far; /* a way is taken where 32 random bits are below */
};

void walk_init(struct walker *walker, const struct graph *graph, const struct walk_rules *rules);

/*
 * Makes the walks first .. first + n - 1 of the order. The nodes of each stand from a multiple of
 * `length` on in `nodes`, (n, length); the last has CORPUS_LINE_END. Returns how many there are.
 */
uint64_t walk_fill(const struct walker *walker, uint64_t first, size_t n, uint32_t *nodes);

/* Which walk is at a place in the order: walk k of node v is k * n_nodes + v. */
uint64_t walk_at(const struct walker *walker, uint64_t place);

#endif
