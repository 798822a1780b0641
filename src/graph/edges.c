/* Edge lists. See edges.h. */
#include "graph/edges.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/thread.h"
#include "text/reader.h"
#include "text/utf8.h"

enum { CHUNK_BYTES = 1 << 20, BATCH = 320, SHOWN = 64 };

/* Bytes that a thread's piece may take whatever the limit. */
enum { LEAST_PIECE = 12 * EDGES_PIECE };

struct edges_reader {
    struct edges *edges;
    const struct edges_options *options;
    struct reader reader;
    struct wordtable *tables;                       /* one a thread */
    atomic_uint_fast64_t n_lines, digest, n_memory; /* the last: bytes of pieces */
    pthread_mutex_t lock;                           /* guards the pieces' list and the next two */
    size_t failed;          /* the chunk of the first error, SIZE_MAX: none */
    struct w2v_error error; /* that */
    atomic_bool stopped;
};

/* One thread's reading: a chunk, in it a batch of tokens, in that the line at hand. */
struct reading {
    struct edges_reader *of;
    unsigned table;
    struct tokenizer tokenizer;
    struct chunk chunk;
    struct token tokens[BATCH], names[BATCH];
    /* Two ids an edge, then that of a line which goes on; and the weights of the edges. */
    uint32_t ids[BATCH + 2];
    float weights[BATCH];
    size_t n_names, n_edges, n_ids;
    uint64_t line;
    size_t n_fields; /* of the line so far */
    bool is_remark;
    float weight;
    struct edges_piece piece;
    uint64_t n_lines; /* that say something */
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

static int bad_line(const struct reading *reading, struct w2v_error *error, const char *what)
{
    return error_set(error, W2V_EFORMAT,
                     "%s:%" PRIu64 ": %s; a line of a graph has two names and, if you like, a "
                     "weight, with blanks or tabs between",
                     reading->chunk.path, reading->line, what);
}

static int bad_weight(const struct reading *reading, const struct token *token,
                      struct w2v_error *error)
{
    return error_set(error, W2V_EFORMAT,
                     "%s:%" PRIu64 ": the weight \"%.*s\" must be a finite number, 0 or more",
                     reading->chunk.path, reading->line,
                     (int)(token->n_bytes < SHOWN ? token->n_bytes : SHOWN), token->text);
}

/* ---- Pieces ---- */

/* Hands a full piece over. */
static int end_piece(struct reading *reading, struct w2v_error *error)
{
    struct edges_reader *of = reading->of;
    struct edges *edges = of->edges;
    if (reading->piece.n == 0)
        return W2V_OK;
    pthread_mutex_lock(&of->lock);
    int status = mem_grow(&edges->pieces, &edges->capacity, edges->n_pieces + 1,
                          sizeof *edges->pieces, "the graph", error);
    if (status == W2V_OK) {
        edges->pieces[edges->n_pieces++] = reading->piece;
        edges->n += reading->piece.n;
        edges->weighted |= reading->piece.weights.bytes != NULL;
        reading->piece = (struct edges_piece){.table = reading->table};
    }
    pthread_mutex_unlock(&of->lock);
    return status;
}

static int map_piece(struct reading *reading, struct mem_map *map, size_t size,
                     struct w2v_error *error)
{
    struct edges_reader *of = reading->of;
    const uint64_t n = (uint64_t)EDGES_PIECE * size,
                   least = (uint64_t)of->options->text.threads * LEAST_PIECE,
                   most = of->options->memory;
    const uint64_t taken = atomic_fetch_add(&of->n_memory, n) + n;
    if (most != 0 && taken > most && taken > least)
        return error_set(error, W2V_ENOMEM,
                         "the edges of the graph take more than the %" PRIu64
                         " MB allowed; raise --memory",
                         most >> 20);
    return mem_map(map, EDGES_PIECE, size, "the graph", error);
}

static int add_edge(struct reading *reading, const uint32_t ends[2], float weight,
                    struct w2v_error *error)
{
    struct edges_piece *piece = &reading->piece;
    int status = W2V_OK;
    if (piece->n == EDGES_PIECE)
        status = end_piece(reading, error);
    if (status == W2V_OK && piece->ends.bytes == NULL)
        status = map_piece(reading, &piece->ends, 2 * sizeof *ends, error);
    if (status == W2V_OK && weight != 1 && piece->weights.bytes == NULL) {
        status = map_piece(reading, &piece->weights, sizeof weight, error);
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

static int end_line(struct reading *reading, struct w2v_error *error)
{
    if (reading->n_fields == 1 && !reading->is_remark)
        return bad_line(reading, error, "one name alone");
    if (reading->n_fields >= 2) {
        reading->weights[reading->n_edges++] = reading->weight;
        reading->n_lines++;
    }
    reading->n_fields = 0;
    reading->is_remark = false;
    reading->weight = 1;
    reading->line++;
    return W2V_OK;
}

/* A token of the chunk; one without bytes ends a line. */
static int take_token(struct reading *reading, const struct token *token, struct w2v_error *error)
{
    if (token->n_bytes == 0)
        return end_line(reading, error);
    if (reading->n_fields == 0 && token->text[0] == '#')
        reading->is_remark = true;
    if (reading->is_remark)
        return W2V_OK;
    reading->n_fields++;
    if (reading->n_fields <= 2)
        reading->names[reading->n_names++] = *token;
    else if (reading->n_fields > 3)
        return bad_line(reading, error, "more than three words");
    else if (!number_parse(token->text, token->n_bytes, &reading->weight) ||
             !isfinite(reading->weight) || reading->weight < 0)
        return bad_weight(reading, token, error);
    return W2V_OK;
}

/* Takes a batch of tokens: names get ids, and the edges whose lines ended join the piece. */
static int take_batch(struct reading *reading, size_t n, struct w2v_error *error)
{
    struct wordtable *table = &reading->of->tables[reading->table];
    int status = W2V_OK;
    reading->n_names = reading->n_edges = 0;
    for (size_t i = 0; i < n && status == W2V_OK; i++)
        status = take_token(reading, &reading->tokens[i], error);
    if (status == W2V_OK)
        status = wordtable_add(table, reading->names, reading->n_names, 1,
                               reading->ids + reading->n_ids, error);
    if (status != W2V_OK)
        return status;
    reading->n_ids += reading->n_names;
    for (size_t i = 0; i < reading->n_edges && status == W2V_OK; i++)
        if (reading->weights[i] > 0)
            status = add_edge(reading, reading->ids + 2 * i, reading->weights[i], error);
    reading->n_ids -= 2 * reading->n_edges;
    memmove(reading->ids, reading->ids + 2 * reading->n_edges,
            reading->n_ids * sizeof *reading->ids);
    return status;
}

/* Takes the first n_bytes of the chunk, which are whole lines but for a last one without an end. */
static int take_lines(struct reading *reading, size_t n_bytes, struct w2v_error *error)
{
    static const struct token line_end = {"", 0};
    const struct chunk *chunk = &reading->chunk;
    size_t n;
    int status;
    reading->line = chunk->first_line;
    reading->n_fields = reading->n_ids = 0;
    reading->is_remark = false;
    reading->weight = 1;
    tokenizer_start(&reading->tokenizer, chunk->text, n_bytes);
    do {
        status = tokenizer_next(&reading->tokenizer, reading->tokens, BATCH, &n, error);
        if (status != W2V_OK || reading->tokenizer.n_invalid > 0)
            return status;
        status = take_batch(reading, n, error);
    } while (status == W2V_OK && n > 0);
    if (status == W2V_OK && n_bytes > 0 && chunk->text[n_bytes - 1] != '\n') {
        reading->tokens[0] = line_end;
        status = take_batch(reading, 1, error);
    }
    return status;
}

/*
 * The chunk holds bytes that are not UTF-8, at which the tokenizer would cut a name in two. What is
 * wrong in a line before them comes first.
 */
static int refuse_bytes(struct reading *reading, struct w2v_error *error)
{
    const struct chunk *chunk = &reading->chunk;
    size_t n = utf8_valid_prefix(chunk->text, chunk->n_bytes);
    while (n > 0 && chunk->text[n - 1] != '\n')
        n--;
    reading->tokenizer.n_invalid = 0;
    const int status = take_lines(reading, n, error);
    if (status != W2V_OK)
        return status;
    return error_set(error, W2V_EFORMAT,
                     "%s:%" PRIu64 ": holds bytes that are not UTF-8; convert the file: iconv -f "
                     "latin1 -t UTF-8, say",
                     chunk->path, reading->line);
}

static int take_chunk(struct reading *reading, struct w2v_error *error)
{
    const struct chunk *chunk = &reading->chunk;
    const uint64_t hash = hash_bytes(chunk->text, chunk->n_bytes);
    atomic_fetch_add(&reading->of->digest, rng_at(hash, chunk->index));
    const int status = take_lines(reading, chunk->n_bytes, error);
    if (status == W2V_OK && reading->tokenizer.n_invalid > 0)
        return refuse_bytes(reading, error);
    return status;
}

/* The first error of the input counts: chunks before it are with other threads, which finish them. */
static void fail(struct edges_reader *of, size_t chunk, const struct w2v_error *error)
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
    struct reading *reading = mem_calloc(1, sizeof *reading, "the graph", &error);
    if (reading == NULL) {
        fail(of, SIZE_MAX - 1, &error);
        return;
    }
    *reading = (struct reading){.of = of, .table = index, .piece = {.table = index}};
    int status = tokenizer_init(&reading->tokenizer, &rules, &error);
    while (status == W2V_OK && !atomic_load(&of->stopped)) {
        status = reader_next(&of->reader, &reading->chunk, &error);
        if (status != W2V_OK || reading->chunk.n_bytes == 0)
            break;
        status = take_chunk(reading, &error);
        if (status == W2V_OK && index == 0)
            status = reader_tell(&of->reader, &error);
    }
    if (status == W2V_OK)
        status = end_piece(reading, &error);
    if (status != W2V_OK)
        fail(of, reading->chunk.index, &error);
    atomic_fetch_add(&of->n_lines, reading->n_lines);
    tokenizer_release(&reading->tokenizer);
    mem_unmap(&reading->piece.ends);
    mem_unmap(&reading->piece.weights);
    free(reading->chunk.text);
    free(reading);
}

/* The tables' names become nodes. */
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
    return vocab_merge(&edges->names, of->tables, threads, &all, threads, edges->maps, &n_distinct,
                       error);
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
    if (status == W2V_OK) {
        thread_run(threads, read_worker, &of);
        if (of.failed != SIZE_MAX)
            status = error_copy(error, &of.error);
    }
    if (status == W2V_OK)
        status = merge_names(&of, error);
    edges->n_bytes = of.reader.n_bytes;
    edges->n_lines = atomic_load(&of.n_lines);
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
