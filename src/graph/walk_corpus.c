/* Walks as a corpus. See walk_corpus.h. */
#include "graph/walk_corpus.h"

#include <stdlib.h>

#include "base/thread.h"
#include "base/watch.h"

struct walk_maker {
    const struct walker *walker;
    struct corpus *corpus; /* at first its memory is (n_walks, length) */
    struct watch watch;
    size_t n_blocks;
    atomic_size_t ticket;
    atomic_uint_fast64_t n_nodes;
    struct thread_failure failure;
};

/* The memory of the corpus: the nodes of the walks, (n_walks, length), later the ids. */
static uint32_t *nodes_of(const struct walk_maker *maker)
{
    return maker->corpus->memory.bytes;
}

/* If the corpus is in a file, lets ids that have been processed leave memory. */
static void leave_memory(const struct walk_maker *maker, const uint32_t *ids, size_t n)
{
    if (maker->corpus->in_file)
        mem_drop_pages(ids, n * sizeof *ids);
}

static void make_worker(void *arg, unsigned index, unsigned n)
{
    struct walk_maker *maker = arg;
    const struct walker *walker = maker->walker;
    struct w2v_error error;
    size_t block;
    (void)n;
    while (!thread_failed(&maker->failure) &&
           (block = thread_ticket(&maker->ticket, maker->n_blocks)) < maker->n_blocks) {
        const uint64_t first = (uint64_t)block * walker->block, left = walker->n_walks - first;
        const size_t n_walks = left < walker->block ? (size_t)left : walker->block;
        uint32_t *nodes = nodes_of(maker) + first * walker->length;
        atomic_fetch_add(&maker->n_nodes, walk_fill(walker, first, n_walks, nodes));
        leave_memory(maker, nodes, n_walks * walker->length);
        if (index == 0 && watch_tell(&maker->watch, first, false, &error) != W2V_OK)
            thread_fail(&maker->failure, &error);
    }
}

/*
 * Makes room for all walks. They are in memory if they fit beside the graph now and beside the
 * matrices of the training later; otherwise they are in a file.
 */
static int open_ids(struct walk_maker *maker, const struct corpus_options *options,
                    struct w2v_error *error)
{
    const struct graph *graph = maker->walker->graph;
    const size_t n = mem_product((size_t)maker->walker->n_walks, maker->walker->length);
    const uint64_t needed = mem_product(n, sizeof(uint32_t)),
                   rows = graph_bytes(graph) + maker->walker->edges.map.n_bytes,
                   later = mem_product(graph->n_nodes, options->bytes_per_word),
                   others = rows > later ? rows : later;
    struct corpus *corpus = maker->corpus;
    if (options->memory == 0 || (others <= options->memory && needed <= options->memory - others))
        return mem_map(&corpus->memory, n, sizeof(uint32_t), "the walks", error);
    corpus->in_file = true;
    return mem_map_file(&corpus->memory, n, sizeof(uint32_t), "the walks", error);
}

/* Counts how often the walks visit each node. */
static void count_visits(const struct walk_maker *maker, uint64_t *visits)
{
    const struct walker *walker = maker->walker;
    for (uint64_t w = 0; w < walker->n_walks; w++) {
        const uint32_t *walk = nodes_of(maker) + w * walker->length;
        for (size_t i = 0;; i++) {
            visits[CORPUS_ID(walk[i])]++;
            if (walk[i] & CORPUS_LINE_END)
                break;
        }
        if (w % walker->block == walker->block - 1)
            leave_memory(maker, walk + walker->length - walker->block * walker->length,
                         walker->block * walker->length);
    }
}

/*
 * Replaces nodes by ids of the vocabulary and moves the walks together. Nodes that are not in the
 * vocabulary are dropped.
 */
static void number_walks(const struct walk_maker *maker, const uint32_t *map)
{
    const struct walker *walker = maker->walker;
    struct corpus *corpus = maker->corpus;
    uint32_t *ids = nodes_of(maker), *left = ids;
    size_t n = 0;
    for (uint64_t w = 0; w < walker->n_walks; w++) {
        const uint32_t *walk = nodes_of(maker) + w * walker->length;
        const size_t begin = n;
        bool last;
        do {
            const uint32_t id = map[CORPUS_ID(*walk)];
            last = *walk++ & CORPUS_LINE_END;
            if (id != VOCAB_DROPPED)
                ids[n++] = id;
        } while (!last);
        if (n > begin)
            ids[n - 1] |= CORPUS_LINE_END;
        for (size_t i = begin; i < n; i++)
            corpus->digest += corpus_digest_of(ids[i], i);
        if (w % walker->block == walker->block - 1) {
            leave_memory(maker, left, (size_t)(walk - left));
            left = ids + n;
        }
    }
    corpus->n_tokens = n;
}

/* Makes the vocabulary from the visits, or takes the given one. `map` becomes nodes to its ids. */
static int vocab_of_nodes(struct corpus *corpus, const struct vocab *names, const uint64_t *visits,
                          const struct corpus_options *options, uint32_t *map, uint64_t *n_distinct,
                          struct w2v_error *error)
{
    const struct vocab_rules rules = corpus_wanted(options);
    const unsigned threads = options->text.threads;
    struct wordtable table = {0};
    uint32_t *ids = NULL;
    int status = W2V_OK;
    size_t n;
    if (options->vocab != NULL) {
        table = *options->vocab;
        *options->vocab = (struct wordtable){0};
    }
    for (size_t v = 0; v < names->n_words && status == W2V_OK; v++) {
        const char *name = vocab_word(names, v, &n);
        if (options->vocab == NULL) {
            status = wordtable_add_word(&table, name, n, visits[v], &map[v], error);
        } else {
            const int64_t id = wordtable_find(&table, name, n);
            map[v] = id >= 0 ? (uint32_t)id : VOCAB_DROPPED;
        }
    }
    if (status == W2V_OK)
        status = vocab_merge(&corpus->vocab, &table, 1, &rules, threads, &ids, n_distinct, error);
    for (size_t v = 0; v < names->n_words && status == W2V_OK; v++)
        if (map[v] != VOCAB_DROPPED)
            map[v] = ids[map[v]];
    free(ids);
    wordtable_release(&table);
    return status;
}

/* Makes the corpus of a graph. The rows of the graph are released on the way. */
static int make_corpus(struct corpus *corpus, struct graph *graph, const struct walk_rules *rules,
                       const struct corpus_options *options, struct w2v_text_report *report,
                       struct w2v_error *error)
{
    struct walker walker = {0};
    struct walk_maker maker = {.walker = &walker, .corpus = corpus};
    uint64_t *visits = NULL;
    uint32_t *map = NULL;
    int status = walk_init(&walker, graph, rules, options->text.threads, error);
    maker.n_blocks = (size_t)((walker.n_walks - 1) / walker.block + 1);
    watch_start(&maker.watch, options->text.progress, options->text.progress_context,
                W2V_PHASE_WALK, walker.n_walks);
    if (status == W2V_OK)
        status = open_ids(&maker, options, error);
    if (status == W2V_OK) {
        thread_run(options->text.threads, make_worker, &maker);
        status = thread_outcome(&maker.failure, error);
    }
    walk_release(&walker);
    graph_release_rows(graph);
    report->n_lines = walker.n_walks;
    report->n_tokens = atomic_load(&maker.n_nodes);
    if (status == W2V_OK) {
        visits = mem_calloc(graph->n_nodes, sizeof *visits, "the walks", error);
        map = mem_calloc(graph->n_nodes, sizeof *map, "the walks", error);
        status = visits == NULL || map == NULL ? W2V_ENOMEM : W2V_OK;
    }
    if (status == W2V_OK) {
        count_visits(&maker, visits);
        status =
            vocab_of_nodes(corpus, &graph->names, visits, options, map, &report->n_distinct, error);
    }
    if (status == W2V_OK) {
        number_walks(&maker, map);
        corpus->ids = corpus->n_tokens > 0 ? nodes_of(&maker) : NULL;
        mem_trim(&corpus->memory, corpus->n_tokens * sizeof *corpus->ids);
    }
    free(visits);
    free(map);
    return status;
}

int walk_corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths, bool directed,
                     const struct walk_rules *rules, const struct corpus_options *options,
                     struct w2v_text_report *report, struct w2v_walk_report *walks,
                     struct w2v_error *error)
{
    const struct edges_options edges = {
        .text = options->text, .memory = options->memory, .chunk_bytes = options->chunk_bytes};
    const double began = thread_seconds();
    struct graph graph = {0};
    *corpus = (struct corpus){0};
    *report = (struct w2v_text_report){0};
    int status = graph_read(&graph, paths, n_paths, directed, &edges, error);
    const double read = thread_seconds();
    if (status == W2V_OK) {
        report->n_bytes = graph.n_bytes;
        corpus->text_digest = graph.digest;
        status = make_corpus(corpus, &graph, rules, options, report, error);
    }
    report->n_words = corpus->vocab.n_words;
    report->n_corpus = corpus->n_tokens;
    report->seconds = thread_seconds() - began;
    *walks = graph_report(&graph);
    walks->n_walks = report->n_lines;
    walks->n_steps = report->n_tokens - report->n_lines;
    walks->read_seconds = read - began;
    walks->walk_seconds = thread_seconds() - read;
    graph_release(&graph);
    if (status != W2V_OK)
        corpus_release(corpus);
    return status;
}
