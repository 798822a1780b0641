/*
 * Random walks. `walks` walks begin at every node. A walk has `length` nodes, or fewer if it
 * reaches a node with no way out. The next node is drawn in proportion to the weights of the ways.
 *
 * If p or q is not 1, walks are of second order as in node2vec (Grover and Leskovec 2016). The
 * weight of a way is then multiplied by
 *   1 / p  if it leads back to the node before
 *   1      if it leads to a node that is near, that is, the node before has an edge to it
 *   1 / q  otherwise.
 * A step is drawn by rejection (as in KnightKing, Yang et al. 2019): a way is proposed as if p and
 * q were 1, and accepted with a probability proportional to its factor. So no table is needed per
 * edge.
 *
 * If p is small, the factor 1 / p of the way back is much higher than the others, and most proposals
 * would be rejected. Therefore the way back is folded (as an outlier in KnightKing). Let M be the
 * highest of the other factors and n the number of ways out of the node. Let b be the number of ways
 * back. It is 1, or more if the list has the edge several times. If 1 / p > M, a trial draws from the
 * weight n M + b (1 / p - M). With the probability of the second part it goes back at once.
 * Otherwise it proposes a way. A way back is then always accepted, another with the probability
 * factor / M. This is done in undirected graphs without weights, since the weight of the way back
 * must be known.
 *
 * Walk k of node v depends only on the graph, the rules, the seed, k and v. The order of the walks
 * is a permutation that is computed when needed. It mixes the nodes, so a reader sees walks from
 * all over the graph from the beginning.
 *
 * Whether a node is near is found by binary search in a row. If q is not 1, most searches would find
 * that it is not. A filter of edges answers most of these questions instead.
 *
 * A graph is larger than the caches, so each step waits for memory twice. Therefore one thread
 * makes LANES walks at a time: it prefetches what each of them needs next and turns to the next
 * walk.
 */
#ifndef W2V_GRAPH_WALK_H
#define W2V_GRAPH_WALK_H

#include "graph/edge_filter.h"
#include "graph/graph.h"
#include "text/corpus.h"

struct walk_rules {
    unsigned walks, length; /* >= 1 */
    double p, q;            /* > 0 */
    uint64_t seed;
};

struct walker {
    const struct graph *graph;
    size_t length;
    uint64_t n_walks; /* of all nodes */
    size_t block;     /* the best number of walks for one call of walk_fill */
    uint64_t key;     /* of the walks */
    uint64_t order_key;
    unsigned order_bits; /* half the bits of an index in the order */
    bool second_order;
    uint64_t back, near, far; /* accept such a way if a random number of 32 bits is below this */
    double back_factor, far_factor; /* 1 / p and 1 / q */
    double folded;                  /* the weight of a way back that is folded, in units of M */
    uint64_t lower, upper;          /* the lower and the higher one of near and far */
    uint64_t always;                /* the lowest of all three */
    struct edge_filter edges;       /* if near and far differ */
};

/*
 * Begin with {0}. The filter of edges is made on `threads` threads. It takes a byte for each edge, less
 * than graph_read takes beside the rows. W2V_ENOMEM.
 */
int walk_init(struct walker *walker, const struct graph *graph, const struct walk_rules *rules,
              unsigned threads, struct w2v_error *error);
void walk_release(struct walker *walker);

/*
 * Makes the walks first .. first + n - 1 of the order. Row i of `nodes`, (n, length), gets the
 * nodes of walk first + i; the last node of a walk has CORPUS_LINE_END. Returns the number of
 * nodes.
 */
uint64_t walk_fill(const struct walker *walker, uint64_t first, size_t n, uint32_t *nodes);

/* The walk at index `place` of the order. Walk k of node v has the number k * n_nodes + v. */
uint64_t walk_at(const struct walker *walker, uint64_t place);

#endif
