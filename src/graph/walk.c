/* Random walks. See walk.h. */
#include "graph/walk.h"

#include "base/hash.h"
#include "base/rng.h"

enum { LANES = 32, BLOCK_NODES = 1 << 16 };

/* The numbers of the random streams. Those of training begin at 1 (train/streams.h). */
enum { STREAM_WALKS = 1001, STREAM_ORDER = 1002 };

/* After PATIENCE + (ways of the node) rejections in a row, take_exactly draws the step. */
enum { PATIENCE = 32 };

void walk_init(struct walker *walker, const struct graph *graph, const struct walk_rules *rules)
{
    const double back = 1 / rules->p, far = 1 / rules->q, most = back > far ? back : far,
                 unit = 4294967296.0 / (most > 1 ? most : 1);
    *walker = (struct walker){.graph = graph,
                              .length = rules->length,
                              .n_walks = (uint64_t)graph->n_nodes * rules->walks,
                              .key = rng_key(rules->seed, STREAM_WALKS),
                              .order_key = rng_key(rules->seed, STREAM_ORDER),
                              .second_order = rules->p != 1 || rules->q != 1,
                              .back = (uint64_t)(back * unit),
                              .near = (uint64_t)unit,
                              .far = (uint64_t)(far * unit)};
    walker->block = BLOCK_NODES / walker->length;
    if (walker->block < LANES)
        walker->block = LANES;
    while (walker->n_walks >> walker->order_bits >> walker->order_bits != 0)
        walker->order_bits++;
}

/*
 * A Feistel network permutes all numbers of 2 * order_bits bits, which are at most about four times
 * as many as the walks. A result that is not the number of a walk is permuted again until it is one
 * (Black and Rogaway 2002, "Ciphers with arbitrary finite domains").
 */
uint64_t walk_at(const struct walker *walker, uint64_t place)
{
    enum { ROUNDS = 4 };
    const unsigned bits = walker->order_bits;
    const uint64_t mask = ((uint64_t)1 << bits) - 1;
    do {
        uint64_t left = place >> bits, right = place & mask;
        for (uint64_t round = 0; round < ROUNDS; round++) {
            const uint64_t mixed = left ^ (rng_at(walker->order_key + round, right) >> 32 & mask);
            left = right;
            right = mixed;
        }
        place = left << bits | right;
    } while (place >= walker->n_walks);
    return place;
}

/* A walk that is being made. */
struct lane {
    uint32_t *nodes; /* (n_nodes), the nodes so far */
    size_t n_nodes;
    uint64_t key, draw; /* its random stream, and the number of the next draw */
    uint32_t node;      /* the current node */
    uint64_t way;       /* the proposed way out of it */
    uint64_t bits;      /* the random bits that proposed it */
    /* The rest is for walks of second order. */
    int (*next)(const struct walker *, struct lane *);
    uint32_t before, candidate; /* the node before the current one; the node that `way` leads to */
    uint32_t n_rejected;
    uint32_t wanted; /* the node that is searched for among the ways low .. high - 1 */
    uint64_t low, high;
};

/* One call of walk_fill. Lanes take its walks one after the other. */
struct walk_call {
    const struct walker *walker;
    uint64_t first;
    size_t n, next;
    uint32_t *nodes;
    uint64_t n_nodes; /* of the finished walks */
};

/* Begins the next walk in a lane. False if there is none. */
static bool begin_walk(struct walk_call *work, struct lane *lane)
{
    const struct walker *walker = work->walker;
    if (work->next == work->n)
        return false;
    const uint64_t walk = walk_at(walker, work->first + work->next),
                   node = walk % walker->graph->n_nodes, k = walk / walker->graph->n_nodes;
    *lane = (struct lane){.nodes = work->nodes + work->next * walker->length,
                          .n_nodes = 1,
                          .key = rng_key(rng_key(walker->key, k), node),
                          .node = (uint32_t)node};
    lane->nodes[0] = (uint32_t)node;
    hash_prefetch(&walker->graph->begin[node]);
    work->next++;
    return true;
}

static void end_walk(struct walk_call *work, const struct lane *lane)
{
    lane->nodes[lane->n_nodes - 1] |= CORPUS_LINE_END;
    work->n_nodes += lane->n_nodes;
}

/* Makes `to` the current node. */
static inline void go_to(const struct walker *walker, struct lane *lane, uint32_t to)
{
    lane->before = lane->node;
    lane->node = to;
    lane->nodes[lane->n_nodes++] = to;
    hash_prefetch(&walker->graph->begin[to]);
}

/* Draws a way out of the current node and prefetches it. False if there is none. */
static inline bool propose(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t begin = graph->begin[lane->node], end = graph->begin[lane->node + 1];
    if (begin == end)
        return false;
    lane->bits = rng_at(lane->key, lane->draw++);
    lane->way = begin + rng_below((uint32_t)lane->bits, (uint32_t)(end - begin));
    if (graph->to != NULL) {
        hash_prefetch(&graph->to[lane->way]);
    } else {
        hash_prefetch(&graph->ways[lane->way]);
        hash_prefetch(&graph->other[lane->way]);
    }
    return true;
}

/* The node that the proposed way leads to. */
static inline uint32_t target_of(const struct walker *walker, const struct lane *lane)
{
    const struct graph *graph = walker->graph;
    if (graph->to != NULL)
        return graph->to[lane->way];
    const struct graph_way way = graph->ways[lane->way];
    return (float)(lane->bits >> 40) * 0x1p-24f < way.keep ? way.to : graph->other[lane->way];
}

/* Walks of first order: a step does not depend on the node before. */
static void fill_first(struct walk_call *work)
{
    const struct walker *walker = work->walker;
    struct lane lanes[LANES];
    size_t n = 0;
    while (n < LANES && begin_walk(work, &lanes[n]))
        n++;
    while (n > 0) {
        for (size_t i = 0; i < n;) {
            struct lane *lane = &lanes[i];
            if (lane->n_nodes < walker->length && propose(walker, lane)) {
                i++;
                continue;
            }
            end_walk(work, lane);
            if (!begin_walk(work, lane))
                *lane = lanes[--n];
        }
        for (size_t i = 0; i < n; i++)
            go_to(walker, &lanes[i], target_of(walker, &lanes[i]));
    }
}

/* ---- The second order ---- */

/*
 * lane->next is the function that continues the walk of a lane. It does its part, prefetches what
 * the next part needs, and sets lane->next. It returns 0 if the walk has ended.
 */
static int do_propose(const struct walker *walker, struct lane *lane);
static int do_judge(const struct walker *walker, struct lane *lane);
static int do_begin_search(const struct walker *walker, struct lane *lane);
static int do_search(const struct walker *walker, struct lane *lane);

static int accept_node(const struct walker *walker, struct lane *lane, uint32_t to)
{
    go_to(walker, lane, to);
    lane->n_rejected = 0;
    lane->next = do_propose;
    return 1;
}

/* The probability, times 2^32, of accepting a way to this node. */
static uint64_t acceptance_of(const struct walker *walker, const struct lane *lane, uint32_t to)
{
    const struct graph *graph = walker->graph;
    uint64_t low = graph->begin[lane->before], high = graph->begin[lane->before + 1];
    if (to == lane->before)
        return walker->back;
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        const uint32_t there = graph_to(graph, middle);
        if (there == to)
            return walker->near;
        if (there < to)
            low = middle + 1;
        else
            high = middle;
    }
    return walker->far;
}

/*
 * Draws the step at once from the weights and factors of all ways. It is called after many
 * rejections: for example, p is large and the only way out of a leaf leads back. The earlier
 * rejections change no probability. The first pass computes the sum of all weights, the second one
 * finds the way.
 */
static int take_exactly(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t begin = graph->begin[lane->node], end = graph->begin[lane->node + 1];
    const double r = (double)(rng_at(lane->key, lane->draw++) >> 11) * 0x1p-53;
    double sum = 0, goal = 0;
    uint32_t last = graph_to(graph, begin);
    for (int pass = 0; pass < 2; pass++) {
        goal = r * sum;
        sum = 0;
        for (uint64_t way = begin; way < end; way++) {
            const double keep = graph->to != NULL ? 1 : graph->ways[way].keep;
            const double share = (double)acceptance_of(walker, lane, graph_to(graph, way)) * keep;
            sum += share;
            if (share > 0)
                last = graph_to(graph, way);
            if (pass == 1 && sum > goal)
                return accept_node(walker, lane, last);
            if (keep == 1)
                continue;
            const double rest = (double)acceptance_of(walker, lane, graph->other[way]) * (1 - keep);
            sum += rest;
            if (rest > 0)
                last = graph->other[way];
            if (pass == 1 && sum > goal)
                return accept_node(walker, lane, last);
        }
    }
    return accept_node(walker, lane, last);
}

static int reject(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t n = graph->begin[lane->node + 1] - graph->begin[lane->node];
    if (++lane->n_rejected > PATIENCE + n)
        return take_exactly(walker, lane);
    return do_propose(walker, lane);
}

static int do_propose(const struct walker *walker, struct lane *lane)
{
    lane->next = do_judge;
    return lane->n_nodes < walker->length && propose(walker, lane);
}

/* Accepts or rejects the way, or begins a search if that depends on whether its target is near. */
static int do_judge(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint32_t to = target_of(walker, lane);
    const uint64_t lower = walker->near < walker->far ? walker->near : walker->far;
    const uint64_t upper = walker->near < walker->far ? walker->far : walker->near;
    if (lane->n_nodes == 1)
        return accept_node(walker, lane, to);
    const uint32_t bits = (uint32_t)(rng_at(lane->key, lane->draw++) >> 32);
    if (to == lane->before)
        return bits < walker->back ? accept_node(walker, lane, to) : reject(walker, lane);
    if (bits < lower)
        return accept_node(walker, lane, to);
    if (bits >= upper)
        return reject(walker, lane);
    lane->candidate = to;
    hash_prefetch(&graph->begin[to]);
    lane->next = do_begin_search;
    return 1;
}

/* Prefetches the middle of the range that is left to search. */
static int continue_search(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t middle = lane->low + (lane->high - lane->low) / 2;
    if (graph->to != NULL)
        hash_prefetch(&graph->to[middle]);
    else
        hash_prefetch(&graph->ways[middle]);
    lane->next = do_search;
    return 1;
}

/*
 * Begins to search for an edge from the node before. An undirected one is in the shorter row too.
 */
static int do_begin_search(const struct walker *walker, struct lane *lane)
{
    const uint64_t *begin = walker->graph->begin;
    const uint32_t a = lane->before, b = lane->candidate;
    const bool swap = !walker->graph->directed && begin[b + 1] - begin[b] < begin[a + 1] - begin[a];
    lane->low = begin[swap ? b : a];
    lane->high = begin[(swap ? b : a) + 1];
    lane->wanted = swap ? a : b;
    return continue_search(walker, lane);
}

/*
 * A step of the binary search. In the end the way is accepted if nearness is as the higher of the
 * two thresholds requires: do_judge has found the random number between them.
 */
static int do_search(const struct walker *walker, struct lane *lane)
{
    const uint64_t middle = lane->low + (lane->high - lane->low) / 2;
    bool is_near = false;
    if (lane->low < lane->high) {
        const uint32_t there = graph_to(walker->graph, middle);
        is_near = there == lane->wanted;
        if (there < lane->wanted)
            lane->low = middle + 1;
        else
            lane->high = middle;
        if (!is_near && lane->low < lane->high)
            return continue_search(walker, lane);
    }
    if (is_near == (walker->near > walker->far))
        return accept_node(walker, lane, lane->candidate);
    return reject(walker, lane);
}

/* Walks of second order. */
static void fill_second(struct walk_call *work)
{
    struct lane lanes[LANES];
    size_t n = 0;
    for (; n < LANES && begin_walk(work, &lanes[n]); n++)
        lanes[n].next = do_propose;
    while (n > 0)
        for (size_t i = 0; i < n;) {
            struct lane *lane = &lanes[i];
            if (lane->next(work->walker, lane)) {
                i++;
                continue;
            }
            end_walk(work, lane);
            if (begin_walk(work, lane))
                lane->next = do_propose;
            else
                *lane = lanes[--n];
        }
}

uint64_t walk_fill(const struct walker *walker, uint64_t first, size_t n, uint32_t *nodes)
{
    struct walk_call work = {.walker = walker, .first = first, .n = n, .nodes = nodes};
    if (walker->second_order)
        fill_second(&work);
    else
        fill_first(&work);
    return work.n_nodes;
}
