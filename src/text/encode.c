/* The first pass over the text. See encode.h. */
#include "text/encode.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/infile.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "text/ngrams.h"
#include "text/unicode.h"

enum { BATCH = 320 }; /* tokens; the tokenizer may stop 64 before the end of a batch */

/*
 * All tables together may take LEAST_TABLES bytes, whatever the limit is. There are so few of them that
 * each may take LEAST_TABLE.
 */
static const uint64_t LEAST_TABLES = 8 << 20, LEAST_TABLE = 1 << 20;

/* The threads of the pass share this. */
struct encode_pass {
    struct encoded *encoded;
    const struct corpus_options *options;
    bool fixed;
    pthread_mutex_t lock; /* guards *encoded without its reader and tables, and the next two */
    uint64_t n_held;      /* bytes of ids in memory */
    uint64_t n_spilled;   /* bytes of ids in the file */
    struct thread_failure failure;
};

/* One thread's state. */
struct encoder {
    struct encode_pass *pass;
    struct wordtable *table;
    struct tokenizer tokenizer;
    struct chunk chunk;
    struct advice advice;
    uint32_t *ids; /* of the chunk */
    size_t n_ids, capacity;
    bool line_ends_before;
    const char
        *unspaced_end; /* the end of the token before, if its script has no spaces; or NULL */
    uint64_t n_tokens, n_lines, text_digest;
};

/* The words and the line ends of a batch of tokens. */
struct words_and_ends {
    struct token words[BATCH];
    size_t ends[BATCH]; /* a line ends before words[ends[i]] */
    size_t n_words, n_ends;
};

/*
 * Whether the token begins with a letter of a script without spaces and is unchanged. A token that
 * the tokenizer has changed is in another buffer than the chunk, so its neighbour is not known.
 */
static bool is_unspaced_token(const struct tokenizer *t, const struct token *token)
{
    const size_t offset = (size_t)((uintptr_t)token->text - (uintptr_t)t->begin);
    const bool unchanged = offset < (size_t)(t->end - t->begin);
    uint32_t cp;
    return unchanged && (unsigned char)*token->text >= 0x80 &&
           utf8_decode(token->text, token->n_bytes, &cp) > 0 && unicode_unspaced(cp);
}

/*
 * Sets NGRAMS_JOINED for tokens of scripts without spaces that begin where another such one ends.
 */
static void mark_joined(struct encoder *e, const struct token *words, uint32_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!is_unspaced_token(&e->tokenizer, &words[i])) {
            e->unspaced_end = NULL;
            continue;
        }
        if (words[i].text == e->unspaced_end)
            ids[i] |= NGRAMS_JOINED;
        e->unspaced_end = words[i].text + words[i].n_bytes;
    }
}

/* Marks that a line ends after the first n_ids ids of the chunk. */
static void mark_line_end(struct encoder *e, size_t n_ids)
{
    if (n_ids > 0)
        e->ids[n_ids - 1] |= CORPUS_LINE_END;
    else
        e->line_ends_before = true;
}

/* Appends the ids of the words that the given vocabulary has. */
static void append_known(struct encoder *e, const struct words_and_ends *batch)
{
    size_t end = 0;
    for (size_t i = 0; i <= batch->n_words; i++) {
        for (; end < batch->n_ends && batch->ends[end] == i; end++)
            mark_line_end(e, e->n_ids);
        if (i == batch->n_words)
            break;
        const int64_t id = wordtable_find(e->table, batch->words[i].text, batch->words[i].n_bytes);
        if (id >= 0)
            e->ids[e->n_ids++] = (uint32_t)id;
    }
}

/* Counts the words and appends their ids. */
static int append_counted(struct encoder *e, const struct words_and_ends *batch,
                          struct w2v_error *error)
{
    uint32_t *ids = batch->n_words > 0 ? e->ids + e->n_ids : NULL;
    int status = wordtable_add(e->table, batch->words, batch->n_words, 1, ids, error);
    if (status != W2V_OK)
        return status;
    for (size_t i = 0; i < batch->n_ends; i++)
        mark_line_end(e, e->n_ids + batch->ends[i]);
    e->n_ids += batch->n_words;
    if (!e->pass->options->text.segment)
        return W2V_OK;
    if (e->table->n_words > NGRAMS_MAX_UNITS)
        return error_set(error, W2V_EDATA, "more than %u different tokens", NGRAMS_MAX_UNITS);
    mark_joined(e, batch->words, ids, batch->n_words);
    return W2V_OK;
}

/* Separates n tokens in batch->words, in place, into words and line ends. */
static void separate_ends(struct encoder *e, struct words_and_ends *batch, size_t n)
{
    static const char line_end[1 + TOKEN_SPARE] = "\n";
    size_t n_lines = 0;
    batch->n_words = batch->n_ends = 0;
    for (size_t i = 0; i < n; i++) {
        const struct token token = batch->words[i];
        if (token.n_bytes > 0) {
            batch->words[batch->n_words++] = token;
            continue;
        }
        n_lines++;
        if (e->pass->options->line_tokens)
            batch->words[batch->n_words++] = (struct token){line_end, 1};
        else
            batch->ends[batch->n_ends++] = batch->n_words;
    }
    e->n_lines += n_lines;
    e->n_tokens += n - n_lines;
}

/* Appends the ids of the n tokens in batch->words. */
static int encode_batch(struct encoder *e, struct words_and_ends *batch, size_t n,
                        struct w2v_error *error)
{
    separate_ends(e, batch, n);
    int status = mem_grow(&e->ids, &e->capacity, e->n_ids + batch->n_words, sizeof *e->ids,
                          "the corpus", error);
    if (status == W2V_OK && !e->pass->fixed)
        return append_counted(e, batch, error);
    if (status == W2V_OK)
        append_known(e, batch);
    return status;
}

/* Tokenizes the chunk into e->ids. */
static int encode_chunk(struct encoder *e, struct w2v_error *error)
{
    const struct chunk *chunk = &e->chunk;
    struct words_and_ends batch;
    size_t n;
    int status;
    e->n_ids = 0;
    e->line_ends_before = false;
    if (!e->pass->options->count_only)
        e->text_digest += rng_at(hash_bytes(chunk->text, chunk->n_bytes), chunk->index);
    e->unspaced_end = NULL;
    advice_look(&e->advice, chunk->text, chunk->n_bytes);
    tokenizer_start(&e->tokenizer, chunk->text, chunk->n_bytes);
    do {
        status = tokenizer_next(&e->tokenizer, batch.words, BATCH, &n, error);
        if (status == W2V_OK)
            status = encode_batch(e, &batch, n, error);
    } while (status == W2V_OK && n > 0);
    if (status == W2V_OK && chunk->ends_file && chunk->text[chunk->n_bytes - 1] != '\n') {
        batch.words[0].n_bytes = 0;
        status = encode_batch(e, &batch, 1, error);
    }
    return status;
}

/*
 * Decides where n_bytes of ids go: to the file, at piece->offset (*in_file is true), or to memory.
 */
static int choose_place(struct encode_pass *pass, struct encode_piece *piece, uint64_t n_bytes,
                        bool *in_file, struct w2v_error *error)
{
    const uint64_t limit = pass->options->memory;
    struct encoded *encoded = pass->encoded;
    int status = W2V_OK;
    pthread_mutex_lock(&pass->lock);
    *in_file = limit != 0 && pass->n_held + n_bytes > limit / 3;
    if (*in_file && encoded->file < 0) {
        encoded->file = file_temporary(error);
        if (encoded->file < 0)
            status = encoded->file;
    }
    if (*in_file) {
        piece->offset = pass->n_spilled;
        pass->n_spilled += n_bytes;
    } else {
        pass->n_held += n_bytes;
    }
    pthread_mutex_unlock(&pass->lock);
    return status;
}

/* Enters the piece in the list at its index. Threads finish pieces in any order. */
static int enter_piece(struct encode_pass *pass, const struct encode_piece *piece, size_t index,
                       struct w2v_error *error)
{
    struct encoded *encoded = pass->encoded;
    pthread_mutex_lock(&pass->lock);
    const size_t had = encoded->capacity;
    int status = mem_grow(&encoded->pieces, &encoded->capacity, index + 1, sizeof *encoded->pieces,
                          "the corpus", error);
    if (status == W2V_OK) {
        if (encoded->capacity > had)
            memset(encoded->pieces + had, 0, (encoded->capacity - had) * sizeof *encoded->pieces);
        encoded->pieces[index] = *piece;
        if (encoded->n_pieces <= index)
            encoded->n_pieces = index + 1;
    }
    pthread_mutex_unlock(&pass->lock);
    return status;
}

/* Keeps the chunk's ids, in memory or in the temporary file. */
static int keep_piece(struct encoder *e, struct w2v_error *error)
{
    struct encode_pass *pass = e->pass;
    const size_t n_bytes = e->n_ids * sizeof *e->ids;
    struct encode_piece piece = {.n = e->n_ids,
                                 .table = (unsigned)(e->table - pass->encoded->tables),
                                 .line_ends_before = e->line_ends_before};
    bool in_file;
    int status = choose_place(pass, &piece, n_bytes, &in_file, error);
    if (status != W2V_OK)
        return status;
    if (in_file) {
        status = file_write_at(pass->encoded->file, e->ids, n_bytes, piece.offset, FILE_TEMPORARY,
                               error);
    } else {
        piece.ids = mem_calloc(e->n_ids, sizeof *piece.ids, "the corpus", error);
        if (piece.ids == NULL)
            return W2V_ENOMEM;
        if (n_bytes > 0)
            memcpy(piece.ids, e->ids, n_bytes);
    }
    if (status == W2V_OK)
        status = enter_piece(pass, &piece, e->chunk.index, error);
    if (status != W2V_OK)
        free(piece.ids);
    return status;
}

/* Adds the counts of one thread to the result. */
static void add_counts(struct encode_pass *pass, const struct encoder *e)
{
    struct encoded *encoded = pass->encoded;
    pthread_mutex_lock(&pass->lock);
    encoded->n_tokens += e->n_tokens;
    encoded->n_lines += e->n_lines;
    encoded->n_invalid += e->tokenizer.n_invalid;
    encoded->text_digest += e->text_digest;
    advice_add(&encoded->advice, &e->advice);
    pthread_mutex_unlock(&pass->lock);
}

static void encode_worker(void *arg, unsigned index, unsigned n)
{
    struct encode_pass *pass = arg;
    struct encoded *encoded = pass->encoded;
    const struct corpus_options *options = pass->options;
    const bool keeps = !options->count_only || options->text.segment;
    const struct tokenizer_rules rules = corpus_rules(&options->text);
    struct encoder e = {.pass = pass, .table = &encoded->tables[pass->fixed ? 0 : index]};
    struct w2v_error error;
    (void)n;
    int status = tokenizer_init(&e.tokenizer, &rules, &error);
    while (status == W2V_OK && !thread_failed(&pass->failure)) {
        status = reader_next(&encoded->reader, &e.chunk, &error);
        if (status != W2V_OK || e.chunk.n_bytes == 0)
            break;
        status = encode_chunk(&e, &error);
        if (status == W2V_OK && keeps)
            status = keep_piece(&e, &error);
        if (status == W2V_OK && index == 0)
            status = reader_tell(&encoded->reader, &error);
    }
    if (status != W2V_OK)
        thread_fail(&pass->failure, &error);
    add_counts(pass, &e);
    tokenizer_release(&e.tokenizer);
    free(e.chunk.text);
    free(e.ids);
}

/* The bytes that the tables may take together; UINT64_MAX: no limit. */
static uint64_t bytes_for_tables(const struct corpus_options *options)
{
    const uint64_t share = options->memory / 3;
    return options->memory == 0 ? UINT64_MAX : share < LEAST_TABLES ? LEAST_TABLES : share;
}

/* Makes n tables, which share the memory, or takes the given one. */
static int open_tables(struct encoded *encoded, size_t n, bool fixed, struct w2v_error *error)
{
    const uint64_t all = bytes_for_tables(encoded->options);
    encoded->tables = mem_calloc(n, sizeof *encoded->tables, "the vocabulary", error);
    if (encoded->tables == NULL)
        return W2V_ENOMEM;
    encoded->n_tables = n;
    if (fixed) {
        encoded->tables[0] = *encoded->options->vocab;
        *encoded->options->vocab = (struct wordtable){0};
        return W2V_OK;
    }
    for (size_t t = 0; t < n && all != UINT64_MAX; t++)
        encoded->tables[t].limit = (size_t)(all / n);
    return W2V_OK;
}

/* Reads the files with n_tables tables; the given vocabulary serves all threads. */
static int encode_files(struct encoded *encoded, const char *const *paths, size_t n_paths,
                        const struct corpus_options *options, bool fixed, unsigned n_tables,
                        struct w2v_error *error)
{
    struct encode_pass pass = {.encoded = encoded, .options = options, .fixed = fixed};
    *encoded = (struct encoded){.options = options, .file = -1};
    int status =
        reader_init(&encoded->reader, paths, n_paths, &options->text, corpus_chunk(options), error);
    if (status != W2V_OK) {
        *encoded = (struct encoded){.file = -1};
        return status;
    }
    status = open_tables(encoded, n_tables, fixed, error);
    if (status != W2V_OK)
        return status;
    if (pthread_mutex_init(&pass.lock, NULL) != 0)
        return error_set(error, W2V_ENOMEM, "cannot make a lock");
    thread_run(fixed ? options->text.threads : n_tables, encode_worker, &pass);
    pthread_mutex_destroy(&pass.lock);
    return thread_outcome(&pass.failure, error);
}

/* Whether a table was full. */
static bool is_full(const struct encoded *encoded)
{
    bool full = false;
    for (size_t t = 0; t < encoded->n_tables; t++)
        full = full || encoded->tables[t].full;
    return full;
}

/* Whether the text can be read twice: it is in regular files. */
static bool is_in_files(const char *const *paths, size_t n_paths)
{
    struct stat st;
    bool regular = n_paths > 0;
    for (size_t i = 0; i < n_paths && regular; i++)
        regular = !infile_is_standard(paths[i]) && stat(paths[i], &st) == 0 && S_ISREG(st.st_mode);
    return regular;
}

/*
 * Many words are in the tables of several threads, and chance decides which words these are. So if one of
 * several tables is full, the text is read again with a single table. That table has room for the words if
 * and only if they fit the limit.
 */
int encode_text(struct encoded *encoded, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, bool fixed, struct w2v_error *error)
{
    const uint64_t most = bytes_for_tables(options) / LEAST_TABLE;
    const unsigned threads = options->text.threads, n = threads < most ? threads : (unsigned)most;
    int status = encode_files(encoded, paths, n_paths, options, fixed, fixed ? 1 : n, error);
    if (status != W2V_ENOMEM || n == 1 || !is_full(encoded))
        return status;
    if (!is_in_files(paths, n_paths)) {
        error_append(error, "; one thread alone needs less");
        return status;
    }
    encode_release(encoded);
    return encode_files(encoded, paths, n_paths, options, fixed, 1, error);
}

void encode_release(struct encoded *encoded)
{
    for (size_t t = 0; t < encoded->n_tables; t++)
        wordtable_release(&encoded->tables[t]);
    for (size_t i = 0; i < encoded->n_pieces; i++)
        free(encoded->pieces[i].ids);
    free(encoded->tables);
    free(encoded->pieces);
    if (encoded->options != NULL) {
        reader_release(&encoded->reader);
        if (encoded->file >= 0)
            close(encoded->file);
    }
    *encoded = (struct encoded){0};
}
