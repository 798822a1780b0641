/* Edge lists. See edges.h. */
#include "graph/edges.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "text/reader.h"

enum { CHUNK_BYTES = 1 << 20, BATCH = 320, SHOWN = 64 };

/* Every thread may have a piece of this many bytes, and all names so many, whatever the limit is. */
enum { LEAST_PIECE = 12 * EDGES_PIECE, LEAST_NAMES = 1 << 20 };

struct edges_reader {
    struct edges *edges;
    const struct edges_options *options;
    struct reader reader;
    struct wordtable *tables; /* (threads) */
    atomic_uint_fast64_t n_lines, n_commas, n_remarks, digest;
    atomic_uint_fast64_t n_memory; /* bytes of pieces */
    pthread_mutex_t lock;          /* guards the list of pieces and the next two members */
    size_t failed;                 /* the chunk of the first error; SIZE_MAX: none */
    struct w2v_error error;        /* the first error */
    uint32_t first[2];             /* the names of the first edge, if the first chunk has one */
    unsigned first_table;
    bool has_first;
    atomic_bool stopped;
};

/* One thread's state: its chunk, the current batch of tokens, and the current line. */
struct edges_thread {
    struct edges_reader *of;
    unsigned table;
    struct tokenizer tokenizer;
    struct chunk chunk;
    struct token tokens[BATCH], names[BATCH];
    /* Two ids for each edge of a finished line, then the ids of the current line. */
    uint32_t ids[BATCH + 2];
    float weights[BATCH]; /* of the edges */
    size_t n_names, n_edges, n_ids;
    uint64_t line; /* the number of the current line */
    /* The current line so far. */
    size_t n_fields;
    const char *end;          /* of its last word */
    bool by_tabs, by_blanks;  /* what separates its words */
    bool has_comma, at_comma; /* its first name holds a comma or semicolon; ends in a comma */
    bool is_remark;
    float weight;
    struct edges_piece piece;
    /* Lines with an edge, those of them with at_comma, and remarks. */
    uint64_t n_lines, n_commas, n_remarks;
};

void edges_release(struct edges *edges)
{
    vocab_release(&edges->names);
    for (size_t i = 0; i < edges->n_maps; i++)
        free(edges->maps[i]);
    free(edges->maps);
    for (size_t i = 0; i < edges->n_pieces; i++) {
        mem_unmap(&edges->pieces[i].ends);
        mem_unmap(&edges->pieces[i].weights);
    }
    free(edges->pieces);
    *edges = (struct edges){0};
}

/* ---- Errors ---- */

static int bad_line(const struct edges_thread *thread, struct w2v_error *error, const char *what)
{
    return error_set(error, W2V_EFORMAT,
                     "%s:%" PRIu64 ": %s; a line of a graph has two names and, if you like, a "
                     "weight, separated by blanks or tabs",
                     thread->chunk.path, thread->line, what);
}

/* Whether a number is spelt as zero: no digit before its exponent is another. */
static bool is_spelt_zero(const struct token *token)
{
    const char *text = token->text;
    for (size_t i = 0; i < token->n_bytes && text[i] != 'e' && text[i] != 'E'; i++)
        if (text[i] >= '1' && text[i] <= '9')
            return false;
    return true;
}

/* Reads a weight. False if it is none, or if its size is not that of a float. */
static bool is_weight(const struct token *token, float *weight)
{
    if (!number_parse(token->text, token->n_bytes, weight) || !isfinite(*weight) || *weight < 0)
        return false;
    return *weight > 0 || is_spelt_zero(token);
}

static int bad_weight(const struct edges_thread *thread, const struct token *token,
                      struct w2v_error *error)
{
    return error_set(error, W2V_EFORMAT,
                     "%s:%" PRIu64
                     ": the weight \"%.*s\" must be 0, or a number from 1e-45 to 3.4e38; names "
                     "cannot hold blanks",
                     thread->chunk.path, thread->line,
                     (int)utf8_shorten(token->text, token->n_bytes, SHOWN), token->text);
}

/* ---- Pieces ---- */

/* Adds the thread's piece to the list. */
static int end_piece(struct edges_thread *thread, struct w2v_error *error)
{
    struct edges_reader *of = thread->of;
    struct edges *edges = of->edges;
    if (thread->piece.n == 0)
        return W2V_OK;
    pthread_mutex_lock(&of->lock);
    int status = mem_grow(&edges->pieces, &edges->capacity, edges->n_pieces + 1,
                          sizeof *edges->pieces, "the graph", error);
    if (status == W2V_OK) {
        edges->pieces[edges->n_pieces++] = thread->piece;
        edges->n += thread->piece.n;
        edges->weighted |= thread->piece.weights.bytes != NULL;
        thread->piece = (struct edges_piece){.table = thread->table};
    }
    pthread_mutex_unlock(&of->lock);
    return status;
}

static int map_piece(struct edges_thread *thread, struct mem_map *map, size_t size,
                     struct w2v_error *error)
{
    struct edges_reader *of = thread->of;
    const uint64_t n = (uint64_t)EDGES_PIECE * size,
                   least = (uint64_t)of->options->text.threads * LEAST_PIECE,
                   most = of->options->memory;
    const uint64_t taken = atomic_fetch_add(&of->n_memory, n) + n;
    if (most != 0 && taken > most && taken > least)
        return error_set(error, W2V_ENOMEM,
                         "the edges of the graph take more than the %" PRIu64
                         " MB allowed; allow more",
                         most >> 20);
    return mem_map(map, EDGES_PIECE, size, "the graph", error);
}

static int add_edge(struct edges_thread *thread, const uint32_t ends[2], float weight,
                    struct w2v_error *error)
{
    struct edges_piece *piece = &thread->piece;
    int status = W2V_OK;
    if (piece->n == EDGES_PIECE)
        status = end_piece(thread, error);
    if (status == W2V_OK && piece->ends.bytes == NULL)
        status = map_piece(thread, &piece->ends, 2 * sizeof *ends, error);
    if (status == W2V_OK && weight != 1 && piece->weights.bytes == NULL) {
        status = map_piece(thread, &piece->weights, sizeof weight, error);
        for (size_t i = 0; i < piece->n && status == W2V_OK; i++)
            ((float *)piece->weights.bytes)[i] = 1;
    }
    if (status != W2V_OK)
        return status;
    memcpy((uint32_t *)piece->ends.bytes + 2 * piece->n, ends, 2 * sizeof *ends);
    if (piece->weights.bytes != NULL)
        ((float *)piece->weights.bytes)[piece->n] = weight;
    piece->n++;
    return W2V_OK;
}

/* ---- Lines ---- */

static void begin_line(struct edges_thread *thread)
{
    thread->n_fields = 0;
    thread->by_tabs = thread->by_blanks = thread->is_remark = false;
    thread->weight = 1;
}

static int finish_line(struct edges_thread *thread, struct w2v_error *error)
{
    if (thread->n_fields == 1 && !thread->is_remark)
        return bad_line(thread, error,
                        thread->has_comma ? "one name alone, which has a comma or semicolon in it"
                                          : "one name alone");
    if (thread->n_fields >= 2) {
        thread->weights[thread->n_edges++] = thread->weight;
        thread->n_lines++;
        thread->n_commas += thread->at_comma;
    }
    thread->n_remarks += thread->is_remark;
    begin_line(thread);
    thread->line++;
    return W2V_OK;
}

/* Notes what stands between the last word and this one, and how the first name is spelt. */
static void look_at(struct edges_thread *thread, const struct token *token)
{
    const char *text = token->text;
    const size_t n = token->n_bytes;
    if (thread->n_fields == 0) {
        thread->has_comma = memchr(text, ',', n) != NULL || memchr(text, ';', n) != NULL;
        thread->at_comma = text[n - 1] == ',';
    } else if (memchr(thread->end, '\t', (size_t)(text - thread->end)) != NULL) {
        thread->by_tabs = true;
    } else {
        thread->by_blanks = true;
    }
    thread->end = text + n;
}

/* Takes a token of the chunk. A token without bytes ends a line. */
static int take_token(struct edges_thread *thread, const struct token *token,
                      struct w2v_error *error)
{
    if (token->n_bytes == 0)
        return finish_line(thread, error);
    if (thread->n_fields == 0 && token->text[0] == '#')
        thread->is_remark = true;
    if (thread->is_remark)
        return W2V_OK;
    look_at(thread, token);
    if (thread->by_tabs && thread->by_blanks)
        return bad_line(thread, error, "a tab and a blank both separate its words");
    thread->n_fields++;
    if (thread->n_fields <= 2)
        thread->names[thread->n_names++] = *token;
    else if (thread->n_fields > 3)
        return bad_line(thread, error, "more than three words");
    else if (!is_weight(token, &thread->weight))
        return bad_weight(thread, token, error);
    return W2V_OK;
}

/*
 * Takes a batch of tokens: gives ids to the names and adds the edges of finished lines to the
 * piece.
 */
static int take_batch(struct edges_thread *thread, size_t n, struct w2v_error *error)
{
    struct wordtable *table = &thread->of->tables[thread->table];
    int status = W2V_OK;
    thread->n_names = thread->n_edges = 0;
    for (size_t i = 0; i < n && status == W2V_OK; i++)
        status = take_token(thread, &thread->tokens[i], error);
    if (status == W2V_OK)
        status = wordtable_add(table, thread->names, thread->n_names, 1,
                               thread->ids + thread->n_ids, error);
    if (status != W2V_OK)
        return status;
    thread->n_ids += thread->n_names;
    if (thread->n_edges > 0 && thread->chunk.index == 0 && !thread->of->has_first) {
        memcpy(thread->of->first, thread->ids, sizeof thread->of->first);
        thread->of->first_table = thread->table;
        thread->of->has_first = true;
    }
    for (size_t i = 0; i < thread->n_edges && status == W2V_OK; i++)
        if (thread->weights[i] > 0)
            status = add_edge(thread, thread->ids + 2 * i, thread->weights[i], error);
    thread->n_ids -= 2 * thread->n_edges;
    memmove(thread->ids, thread->ids + 2 * thread->n_edges, thread->n_ids * sizeof *thread->ids);
    return status;
}

/*
 * Takes the first n_bytes of the chunk. They are whole lines; the last one may lack its line end.
 */
static int take_text(struct edges_thread *thread, size_t n_bytes, struct w2v_error *error)
{
    static const struct token line_end = {"", 0};
    const struct chunk *chunk = &thread->chunk;
    size_t n;
    int status;
    thread->line = chunk->first_line;
    thread->n_ids = 0;
    begin_line(thread);
    tokenizer_start(&thread->tokenizer, chunk->text, n_bytes);
    do {
        status = tokenizer_next(&thread->tokenizer, thread->tokens, BATCH, &n, error);
        if (status != W2V_OK || thread->tokenizer.n_invalid > 0)
            return status;
        status = take_batch(thread, n, error);
    } while (status == W2V_OK && n > 0);
    if (status == W2V_OK && n_bytes > 0 && chunk->text[n_bytes - 1] != '\n') {
        thread->tokens[0] = line_end;
        status = take_batch(thread, 1, error);
    }
    return status;
}

/*
 * Refuses a chunk with bytes that are not UTF-8, because the tokenizer would cut a name in two
 * there. If a line before them is wrong, that error comes first.
 */
static int refuse_bytes(struct edges_thread *thread, struct w2v_error *error)
{
    const struct chunk *chunk = &thread->chunk;
    size_t n = utf8_valid_prefix(chunk->text, chunk->n_bytes);
    while (n > 0 && chunk->text[n - 1] != '\n')
        n--;
    thread->tokenizer.n_invalid = 0;
    const int status = take_text(thread, n, error);
    if (status != W2V_OK)
        return status;
    return error_set(error, W2V_EFORMAT,
                     "%s:%" PRIu64 ": has bytes that are not UTF-8; convert the file, for example "
                     "with: iconv -f latin1 -t UTF-8",
                     chunk->path, thread->line);
}

static int take_chunk(struct edges_thread *thread, struct w2v_error *error)
{
    const struct chunk *chunk = &thread->chunk;
    const uint64_t hash = hash_bytes(chunk->text, chunk->n_bytes);
    atomic_fetch_add(&thread->of->digest, rng_at(hash, chunk->index));
    const int status = take_text(thread, chunk->n_bytes, error);
    if (status == W2V_OK && thread->tokenizer.n_invalid > 0)
        return refuse_bytes(thread, error);
    return status;
}

/*
 * Records an error. The first one of the input counts: other threads have the chunks before it and
 * finish them.
 */
static void record_error(struct edges_reader *of, size_t chunk, const struct w2v_error *error)
{
    pthread_mutex_lock(&of->lock);
    if (of->failed == SIZE_MAX || chunk < of->failed) {
        of->failed = chunk;
        of->error = *error;
    }
    pthread_mutex_unlock(&of->lock);
    atomic_store(&of->stopped, true);
}

static void read_worker(void *arg, unsigned index, unsigned n)
{
    struct edges_reader *of = arg;
    const struct tokenizer_rules rules = {.kind = TOKENIZER_WHITESPACE};
    struct w2v_error error;
    (void)n;
    struct edges_thread *thread = mem_calloc(1, sizeof *thread, "the graph", &error);
    if (thread == NULL) {
        record_error(of, SIZE_MAX - 1, &error);
        return;
    }
    *thread = (struct edges_thread){.of = of, .table = index, .piece = {.table = index}};
    int status = tokenizer_init(&thread->tokenizer, &rules, &error);
    while (status == W2V_OK && !atomic_load(&of->stopped)) {
        status = reader_next(&of->reader, &thread->chunk, &error);
        if (status != W2V_OK || thread->chunk.n_bytes == 0)
            break;
        status = take_chunk(thread, &error);
        if (status == W2V_OK && index == 0)
            status = reader_tell(&of->reader, &error);
    }
    if (status == W2V_OK)
        status = end_piece(thread, &error);
    if (status != W2V_OK)
        record_error(of, thread->chunk.index, &error);
    atomic_fetch_add(&of->n_lines, thread->n_lines);
    atomic_fetch_add(&of->n_commas, thread->n_commas);
    atomic_fetch_add(&of->n_remarks, thread->n_remarks);
    tokenizer_release(&thread->tokenizer);
    mem_unmap(&thread->piece.ends);
    mem_unmap(&thread->piece.weights);
    free(thread->chunk.text);
    free(thread);
}

/*
 * How much memory the names may take, as wordtable_bytes says; 0: no limit. The limit holds for each
 * thread's names and for all names. So what fits does not depend on the number of threads.
 */
static size_t names_limit(const struct edges_options *options)
{
    const uint64_t limit = options->memory;
    return limit == 0 || limit >= LEAST_NAMES ? (size_t)limit : LEAST_NAMES;
}

/* Makes nodes of the names in all tables. */
static int merge_names(struct edges_reader *of, struct w2v_error *error)
{
    const struct vocab_rules all = {.min_count = 1};
    const unsigned threads = of->options->text.threads;
    struct edges *edges = of->edges;
    uint64_t n_distinct;
    edges->maps = mem_calloc(threads, sizeof *edges->maps, "the graph", error);
    if (edges->maps == NULL)
        return W2V_ENOMEM;
    edges->n_maps = threads;
    const int status = vocab_merge(&edges->names, of->tables, threads, &all, threads, edges->maps,
                                   &n_distinct, error);
    const size_t limit = names_limit(of->options), n = edges->names.n_words;
    if (status == W2V_OK && limit != 0 && wordtable_bytes(n, edges->names.offset[n]) > limit)
        return error_set(error, W2V_ENOMEM,
                         "the names of %zu nodes take more than the %zu MB allowed; allow more", n,
                         limit >> 20);
    return status;
}

/* Whether no other line has a name of the first one. */
static bool is_first_alone(const struct edges_reader *of)
{
    const struct edges *edges = of->edges;
    if (!of->has_first || atomic_load(&of->n_lines) < 3)
        return false;
    const uint32_t *node = edges->maps[of->first_table],
                   ends[2] = {node[of->first[0]], node[of->first[1]]};
    return ends[0] != ends[1] && edges->names.count[ends[0]] == 1 &&
           edges->names.count[ends[1]] == 1;
}

int edges_read(struct edges *edges, const char *const *paths, size_t n_paths,
               const struct edges_options *options, struct w2v_error *error)
{
    const unsigned threads = options->text.threads;
    struct edges_reader of = {.edges = edges, .options = options, .failed = SIZE_MAX};
    *edges = (struct edges){0};
    int status = reader_init(&of.reader, paths, n_paths, &options->text,
                             options->chunk_bytes ? options->chunk_bytes : CHUNK_BYTES, error);
    if (status != W2V_OK)
        return status;
    of.reader.whole_lines = true;
    if (pthread_mutex_init(&of.lock, NULL) != 0) {
        reader_release(&of.reader);
        return error_set(error, W2V_ENOMEM, "cannot make a lock");
    }
    of.tables = mem_calloc(threads, sizeof *of.tables, "the graph", error);
    status = of.tables == NULL ? W2V_ENOMEM : W2V_OK;
    for (size_t t = 0; status == W2V_OK && t < threads; t++)
        of.tables[t].limit = names_limit(options);
    if (status == W2V_OK) {
        thread_run(threads, read_worker, &of);
        if (of.failed != SIZE_MAX)
            status = error_copy(error, &of.error);
    }
    const uint64_t n_lines = atomic_load(&of.n_lines);
    if (status == W2V_OK && n_lines > 0 && atomic_load(&of.n_commas) == n_lines)
        status =
            error_set(error, W2V_EFORMAT,
                      "the first name of every line ends in a comma; a line of a graph has two "
                      "names and, if you like, a weight, separated by blanks or by tabs");
    if (status == W2V_OK)
        status = merge_names(&of, error);
    if (status == W2V_OK)
        edges->lone_first = is_first_alone(&of);
    edges->n_bytes = of.reader.n_bytes;
    edges->n_remarks = atomic_load(&of.n_remarks);
    edges->digest = atomic_load(&of.digest);
    for (size_t t = 0; of.tables != NULL && t < threads; t++)
        wordtable_release(&of.tables[t]);
    free(of.tables);
    pthread_mutex_destroy(&of.lock);
    reader_release(&of.reader);
    if (status != W2V_OK)
        edges_release(edges);
    return status;
}
