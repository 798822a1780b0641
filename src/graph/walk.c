/* Random walks. See walk.h. */
#include "graph/walk.h"

#include <string.h>

#include "base/fetch.h"
#include "base/hash.h"
#include "base/rng.h"

enum { LANES = 64, BLOCK_NODES = 1 << 16 };

/* The numbers of the random streams. Those of training begin at 1 (train/streams.h). */
enum { STREAM_WALKS = 1001, STREAM_ORDER = 1002 };

/* After PATIENCE + (ways of the node) rejections in a row, take_exactly draws the step. */
enum { PATIENCE = 32 };

/* PROPOSALS are drawn ahead. A range of SHORT ways is a few cache lines, prefetched together. */
enum { PROPOSALS = 4, SHORT = 32 };

int walk_init(struct walker *walker, const struct graph *graph, const struct walk_rules *rules,
              unsigned threads, struct w2v_error *error)
{
    const double back = 1 / rules->p, far = 1 / rules->q, others = far > 1 ? far : 1;
    /*
     * The weight of the way back is known in undirected graphs without weights. The limit lets the
     * products below fit into 64 bits. Beyond it a walk goes back almost always.
     */
    const bool fold =
        !graph->directed && !graph->weighted && back > others && back < others * 0x1p30;
    const double most = back > others && !fold ? back : others, unit = 0x1p32 / most;
    *walker = (struct walker){.graph = graph,
                              .length = rules->length,
                              .n_walks = (uint64_t)graph->n_nodes * rules->walks,
                              .key = rng_key(rules->seed, STREAM_WALKS),
                              .order_key = rng_key(rules->seed, STREAM_ORDER),
                              .second_order = rules->p != 1 || rules->q != 1,
                              .back = (uint64_t)(back * unit),
                              .near = (uint64_t)unit,
                              .far = (uint64_t)(far * unit),
                              .back_factor = back,
                              .far_factor = far};
    walker->folded = fold ? back / others - 1 : 0;
    walker->lower = walker->near < walker->far ? walker->near : walker->far;
    walker->upper = walker->near < walker->far ? walker->far : walker->near;
    walker->always = walker->back < walker->lower ? walker->back : walker->lower;
    walker->block = BLOCK_NODES / walker->length;
    if (walker->block < LANES)
        walker->block = LANES;
    while (walker->n_walks >> walker->order_bits >> walker->order_bits != 0)
        walker->order_bits++;
    if (walker->near == walker->far)
        return W2V_OK;
    return edge_filter_init(&walker->edges, graph, threads, error);
}

void walk_release(struct walker *walker)
{
    edge_filter_release(&walker->edges);
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
    uint32_t before, candidate;    /* the node before the current one; the node to accept or not */
    uint64_t proposals[PROPOSALS]; /* the random bits that propose the next ways, */
    uint32_t judging[PROPOSALS];   /* and those that accept or reject them */
    uint32_t n_drawn, n_judged;    /* of these proposals */
    uint64_t n_rejected;           /* in a row */
    uint64_t n_back;               /* if the way back is folded: the number of ways back, */
    uint64_t at_once;      /* and the probability, times 2^32, that a trial goes back at once */
    struct edge_mark mark; /* of the edge from the node before to the candidate */
    uint32_t wanted;       /* the node that is searched for in low .. low + n_left - 1 */
    uint64_t low, n_left;
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
    fetch_to_read(&walker->graph->begin[node], 1);
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
    fetch_to_read(&walker->graph->begin[to], 1);
}

static inline uint64_t n_ways_of(const struct graph *graph, uint32_t node)
{
    return graph->begin[node + 1] - graph->begin[node];
}

/* The way that random bits draw from the n ways out of a node. */
static inline uint64_t way_of(const struct graph *graph, uint32_t node, uint64_t n, uint64_t bits)
{
    return graph->begin[node] + rng_below((uint32_t)bits, (uint32_t)n);
}

static inline void fetch_way(const struct graph *graph, uint64_t way)
{
    if (graph->to != NULL)
        fetch_to_read(&graph->to[way], 1);
    else
        fetch_to_read(&graph->ways[way], 1);
}

/* Prefetches all that target_of reads. */
static inline void fetch_target(const struct graph *graph, uint64_t way)
{
    fetch_way(graph, way);
    if (graph->other != NULL)
        fetch_to_read(&graph->other[way], 1);
}

/* Draws a way out of the current node and prefetches it. False if there is none. */
static inline bool propose(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t n = n_ways_of(graph, lane->node);
    if (n == 0)
        return false;
    lane->bits = rng_at(lane->key, lane->draw++);
    lane->way = way_of(graph, lane->node, n, lane->bits);
    fetch_target(graph, lane->way);
    return true;
}

/* The node that a way leads to, which was drawn by these bits. */
static inline uint32_t target_of(const struct graph *graph, uint64_t way, uint64_t bits)
{
    if (graph->to != NULL)
        return graph->to[way];
    const struct graph_way at = graph->ways[way];
    return (double)(bits >> 32) * 0x1p-32 < (double)at.keep ? at.to : graph->other[way];
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
            go_to(walker, &lanes[i], target_of(walker->graph, lanes[i].way, lanes[i].bits));
    }
}

/* ---- The second order ---- */

/*
 * A walk goes from stage to stage. Each stage is a function that does its part, prefetches what the
 * next stage reads, and returns the next stage. All lanes that wait for a stage go through it
 * together, because the processor then predicts the branches better.
 */
enum stage { PROPOSE, JUDGE, FILTER, BEGIN_SEARCH, SEARCH, STAGES, END = STAGES };

static enum stage accept_node(const struct walker *walker, struct lane *lane, uint32_t to)
{
    go_to(walker, lane, to);
    lane->n_rejected = 0;
    return PROPOSE;
}

/* The first of the ways low .. high - 1 of a row that leads to `to` or to a later node, or `high`. */
static uint64_t first_way_to(const struct graph *graph, uint64_t low, uint64_t high, uint32_t to)
{
    while (low < high) {
        const uint64_t middle = low + (high - low) / 2;
        if (graph_to(graph, middle) < to)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The number of ways that lead where `way` leads. They are next to it: doubling steps find their ends. */
static uint64_t n_alike(const struct graph *graph, uint64_t way, uint64_t begin, uint64_t end)
{
    const uint32_t to = graph->to[way];
    uint64_t before = 1, after = 1;
    while (before <= way - begin && graph->to[way - before] == to)
        before *= 2;
    while (after < end - way && graph->to[way + after] == to)
        after *= 2;
    const uint64_t low = before <= way - begin ? way - before + 1 : begin,
                   high = after < end - way ? way + after : end;
    return first_way_to(graph, way + after / 2, high, to + 1) -
           first_way_to(graph, low, way - before / 2, to);
}

/* Takes a way, which leads to `to`. If the list has the edge several times, as many ways lead back. */
static enum stage accept_way(const struct walker *walker, struct lane *lane, uint64_t way,
                             uint32_t to)
{
    const struct graph *graph = walker->graph;
    if (walker->folded > 0)
        lane->n_back = n_alike(graph, way, graph->begin[lane->node], graph->begin[lane->node + 1]);
    return accept_node(walker, lane, to);
}

/* The factor of a way to this node. */
static double factor_of(const struct walker *walker, const struct lane *lane, uint32_t to)
{
    const struct graph *graph = walker->graph;
    const uint64_t begin = graph->begin[lane->before], end = graph->begin[lane->before + 1];
    if (to == lane->before)
        return walker->back_factor;
    const uint64_t way = first_way_to(graph, begin, end, to);
    return way < end && graph_to(graph, way) == to ? 1 : walker->far_factor;
}

/*
 * Draws the step at once from the weights and factors of all ways. It is called after many
 * rejections: for example, p is large and the only way out of a leaf leads back. The earlier
 * rejections change no probability. The first pass computes the sum of all weights, the second one
 * finds the way.
 */
static enum stage take_exactly(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t begin = graph->begin[lane->node], end = graph->begin[lane->node + 1];
    const double r = (double)(rng_at(lane->key, lane->draw++) >> 11) * 0x1p-53;
    double sum = 0, goal = 0;
    uint64_t last_way = begin;
    uint32_t last = graph_to(graph, begin);
    for (int pass = 0; pass < 2; pass++) {
        goal = r * sum;
        sum = 0;
        for (uint64_t way = begin; way < end; way++) {
            const double keep = graph->to != NULL ? 1 : graph->ways[way].keep;
            const double share = factor_of(walker, lane, graph_to(graph, way)) * keep;
            sum += share;
            if (share > 0)
                last = graph_to(graph, last_way = way);
            if (pass == 1 && sum > goal)
                return accept_way(walker, lane, last_way, last);
            if (keep == 1)
                continue;
            const double rest = factor_of(walker, lane, graph->other[way]) * (1 - keep);
            sum += rest;
            if (rest > 0)
                last = graph->other[way];
            if (pass == 1 && sum > goal)
                return accept_node(walker, lane, last);
        }
    }
    return accept_way(walker, lane, last_way, last);
}

/* Draws the next proposals, up to one that is accepted wherever it leads or that goes back at once. */
static enum stage do_propose(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t n = n_ways_of(graph, lane->node);
    uint32_t i = 0;
    if (lane->n_nodes == walker->length || n == 0)
        return END;
    if (walker->folded > 0) {
        const double folded = lane->n_nodes > 1 ? walker->folded * (double)lane->n_back : 0;
        lane->at_once = (uint64_t)(folded / (folded + (double)n) * 0x1p32);
    }
    do {
        lane->proposals[i] = rng_at(lane->key, lane->draw + 2 * i);
        if (lane->proposals[i] >> 32 < lane->at_once) {
            i++;
            break;
        }
        lane->judging[i] = (uint32_t)(rng_at(lane->key, lane->draw + 2 * i + 1) >> 32);
        fetch_target(graph, way_of(graph, lane->node, n, lane->proposals[i]));
    } while (lane->judging[i++] >= walker->always && i < PROPOSALS);
    lane->n_drawn = i;
    lane->n_judged = 0;
    return JUDGE;
}

/* Prefetches what the search reads next: three ways, or all ways of a short range. */
static enum stage continue_search(const struct walker *walker, struct lane *lane)
{
    const bool is_short = lane->n_left <= SHORT;
    const uint64_t step = is_short ? 8 : lane->n_left / 4, end = is_short ? lane->n_left : 4 * step;
    for (uint64_t i = is_short ? 0 : step; i < end; i += step)
        fetch_way(walker->graph, lane->low + i);
    return SEARCH;
}

/*
 * Begins to find out whether the node before has an edge to the candidate. The row of the node before
 * has been read lately, so if it is short, it is searched at once.
 */
static enum stage begin_search(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    lane->low = graph->begin[lane->before];
    lane->n_left = n_ways_of(graph, lane->before);
    lane->wanted = lane->candidate;
    if (lane->n_left <= SHORT)
        return continue_search(walker, lane);
    lane->mark = edge_mark(&walker->edges, lane->before, lane->candidate);
    edge_filter_fetch(&walker->edges, lane->mark);
    return FILTER;
}

/*
 * Accepts or rejects the proposals in order, or begins a search if that depends on whether a target
 * is near.
 */
static enum stage do_judge(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t n = n_ways_of(graph, lane->node);
    while (lane->n_judged < lane->n_drawn) {
        const uint64_t proposal = lane->proposals[lane->n_judged];
        const uint32_t bits = lane->judging[lane->n_judged++];
        if (proposal >> 32 < lane->at_once) {
            lane->draw += 2;
            return accept_node(walker, lane, lane->before);
        }
        const uint64_t way = way_of(graph, lane->node, n, proposal);
        const uint32_t to = target_of(graph, way, proposal);
        lane->draw++;
        if (lane->n_nodes == 1) /* there is no node before */
            return accept_way(walker, lane, way, to);
        lane->draw++;
        const bool is_back = to == lane->before;
        if (bits < (is_back ? walker->back : walker->lower))
            return accept_way(walker, lane, way, to);
        if (!is_back && bits < walker->upper) {
            lane->way = way;
            lane->candidate = to;
            return begin_search(walker, lane);
        }
        if (++lane->n_rejected > PATIENCE + n)
            return take_exactly(walker, lane);
    }
    return do_propose(walker, lane);
}

/*
 * Accepts or rejects the candidate, whose nearness is known. do_judge has drawn a random number between
 * the two thresholds, so the candidate is accepted if it has the nearness of the higher one.
 */
static enum stage decide(const struct walker *walker, struct lane *lane, bool is_near)
{
    if (is_near == (walker->near > walker->far))
        return accept_way(walker, lane, lane->way, lane->candidate);
    if (++lane->n_rejected > PATIENCE + n_ways_of(walker->graph, lane->node))
        return take_exactly(walker, lane);
    return do_judge(walker, lane);
}

/* Searches only for what passes the filter. An undirected edge is in two rows. */
static enum stage do_filter(const struct walker *walker, struct lane *lane)
{
    if (!edge_filter_passes(&walker->edges, lane->mark))
        return decide(walker, lane, false);
    if (walker->graph->directed)
        return continue_search(walker, lane);
    fetch_to_read(&walker->graph->begin[lane->candidate], 1);
    return BEGIN_SEARCH;
}

/* Searches in the candidate's row if it is the shorter one. */
static enum stage do_begin_search(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint64_t n = n_ways_of(graph, lane->candidate);
    if (n < lane->n_left) {
        lane->low = graph->begin[lane->candidate];
        lane->n_left = n;
        lane->wanted = lane->before;
    }
    return continue_search(walker, lane);
}

/*
 * A step of the search leaves a quarter of the range, or searches a short range to its end. The
 * range keeps the last way whose target is not greater than the wanted node.
 */
static enum stage do_search(const struct walker *walker, struct lane *lane)
{
    const struct graph *graph = walker->graph;
    const uint32_t wanted = lane->wanted;
    uint64_t low = lane->low, n = lane->n_left;
    if (n > SHORT) {
        const uint64_t quarter = n / 4;
        uint64_t n_below = graph_to(graph, low + quarter) <= wanted;
        n_below += graph_to(graph, low + 2 * quarter) <= wanted;
        n_below += graph_to(graph, low + 3 * quarter) <= wanted;
        lane->low = low + n_below * quarter;
        lane->n_left = n_below == 3 ? n - 3 * quarter : quarter;
        return continue_search(walker, lane);
    }
    while (n > 1) {
        const uint64_t half = n / 2;
        low = graph_to(graph, low + half) <= wanted ? low + half : low;
        n -= half;
    }
    return decide(walker, lane, graph_to(graph, low) == wanted);
}

/* The indices of the lanes that wait for each stage. */
struct queues {
    unsigned char lanes[STAGES][LANES];
    size_t n[STAGES];
};

/* Runs a stage for all lanes that wait for it. Returns the number of lanes that have no walk left. */
static size_t run_stage(struct walk_call *work, struct lane *lanes, struct queues *queues,
                        enum stage stage)
{
    static enum stage (*const stages[STAGES])(const struct walker *, struct lane *) = {
        do_propose, do_judge, do_filter, do_begin_search, do_search};
    unsigned char waiting[LANES];
    const size_t n = queues->n[stage];
    size_t n_gone = 0;
    memcpy(waiting, queues->lanes[stage], sizeof waiting);
    queues->n[stage] = 0;
    for (size_t i = 0; i < n; i++) {
        struct lane *lane = &lanes[waiting[i]];
        enum stage next = stages[stage](work->walker, lane);
        if (next == END) {
            end_walk(work, lane);
            if (!begin_walk(work, lane)) {
                n_gone++;
                continue;
            }
            next = PROPOSE;
        }
        queues->lanes[next][queues->n[next]++] = waiting[i];
    }
    return n_gone;
}

/* Walks of second order. */
static void fill_second(struct walk_call *work)
{
    struct lane lanes[LANES];
    struct queues queues = {0};
    size_t n = 0;
    while (n < LANES && begin_walk(work, &lanes[n])) {
        queues.lanes[PROPOSE][n] = (unsigned char)n;
        n++;
    }
    queues.n[PROPOSE] = n;
    while (n > 0)
        for (enum stage stage = 0; stage < STAGES; stage++)
            n -= run_stage(work, lanes, &queues, stage);
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
