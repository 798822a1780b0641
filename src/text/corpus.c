/* The corpus: reading, counting, encoding. See corpus.h. */
#include "text/corpus.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/thread.h"
#include "text/advice.h"
#include "text/phrase_corpus.h"
#include "text/reader.h"
#include "text/reword.h"
#include "text/segment.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { CHUNK_BYTES = 1 << 20, BATCH = 320 }; /* the tokenizer may leave 64 of a batch free */

/* Bytes that a table may take whatever the limit. */
static const size_t LEAST_TABLE = 4 << 20;

/* One chunk's ids: in memory, or, once memory is used up, in the temporary file. */
struct segment {
    uint32_t *ids; /* NULL: at `offset` of the file */
    uint64_t offset;
    size_t n, position;    /* how many, and where in the corpus the first one belongs */
    unsigned table;        /* whose ids they are */
    bool line_ends_before; /* the line of what stands before this chunk ended */
};

struct encoder {
    const struct corpus_options *options;
    struct reader reader;
    struct wordtable *tables; /* one a thread; with a given vocabulary that one alone */
    bool fixed;               /* the vocabulary is given */
    uint32_t **maps;          /* from tables' ids to the vocabulary's */
    atomic_uint_fast64_t n_tokens, n_lines, n_invalid;
    atomic_uint_fast64_t text_digest; /* a sum over chunks, whose cuts the bytes decide */
    pthread_mutex_t lock;             /* guards the next seven */
    struct segment *segments;
    size_t n_segments, capacity;
    uint64_t n_held;    /* bytes of ids in memory */
    uint64_t n_spilled; /* bytes of ids in the file */
    int file;           /* the temporary file, or -1 */
    struct advice advice;
    atomic_size_t ticket;
    uint32_t *ids; /* the corpus's, when renumbering */
    size_t n_ids;  /* of them, when done */
    atomic_uint_fast64_t digest;
    double began;
    struct thread_failure failure;
};

/* One thread's reading. */
struct reading {
    struct encoder *encoder;
    unsigned table;
    struct tokenizer tokenizer;
    struct chunk chunk;
    struct advice advice;
    uint32_t *ids; /* of the chunk */
    size_t n_ids, capacity;
    bool line_ends_before;
    const char *unspaced_end; /* where the last token of a script without spaces ended, or NULL */
    uint64_t n_tokens, n_lines;
    double reported;
};

struct tokenizer_rules corpus_rules(const struct w2v_text_options *options)
{
    static const enum tokenizer_kind kinds[] = {[W2V_TOKENIZER_WORDS] = TOKENIZER_WORDS,
                                                [W2V_TOKENIZER_WHITESPACE] = TOKENIZER_WHITESPACE,
                                                [W2V_TOKENIZER_CHARS] = TOKENIZER_CHARS};
    static const enum unicode_fold folds[] = {[W2V_FOLD_LOWER] = UNICODE_FOLD_LOWER,
                                              [W2V_FOLD_FULL] = UNICODE_FOLD_FULL,
                                              [W2V_FOLD_TURKIC] = UNICODE_FOLD_TURKIC,
                                              [W2V_FOLD_NONE] = UNICODE_FOLD_NONE};
    return (struct tokenizer_rules){.kind = kinds[options->tokenizer],
                                    .fold = folds[options->fold],
                                    .nfkc = options->nfkc,
                                    .hyphens = options->hyphens,
                                    .tags = options->tags,
                                    .emoji = options->emoji};
}

int corpus_check(const struct w2v_text_options *options, struct w2v_error *error)
{
    const struct {
        const char *name;
        bool wanted;
    } of_words[] = {{"segment", options->segment},
                    {"hyphens", options->hyphens},
                    {"tags", options->tags},
                    {"emoji", options->emoji}};
    if ((unsigned)options->tokenizer > W2V_TOKENIZER_CHARS)
        return error_set(error, W2V_EARG, "there is no tokenizer number %d",
                         (int)options->tokenizer);
    if ((unsigned)options->fold > W2V_FOLD_NONE)
        return error_set(error, W2V_EARG, "there is no folding number %d", (int)options->fold);
    for (size_t i = 0; i < sizeof of_words / sizeof of_words[0]; i++)
        if (of_words[i].wanted && options->tokenizer != W2V_TOKENIZER_WORDS)
            return error_set(error, W2V_EARG, "--%s takes --tokenizer words, not %s",
                             of_words[i].name,
                             options->tokenizer == W2V_TOKENIZER_CHARS ? "chars" : "whitespace");
    return W2V_OK;
}

/* Marks the ids of tokens that follow another one of a script without spaces, as they do. */
static void mark_joined(struct reading *reading, const struct token *words, uint32_t *ids, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *text = words[i].text;
        const struct tokenizer *t = &reading->tokenizer;
        const size_t offset = (size_t)((uintptr_t)text - (uintptr_t)t->begin);
        uint32_t cp;
        if ((unsigned char)*text < 0x80 || utf8_decode(text, words[i].n_bytes, &cp) == 0 ||
            !unicode_unspaced(cp) || offset >= (size_t)(t->end - t->begin)) { /* changed */
            reading->unspaced_end = NULL;
            continue;
        }
        if (text == reading->unspaced_end)
            ids[i] |= NGRAMS_JOINED;
        reading->unspaced_end = text + words[i].n_bytes;
    }
}

/* A line ends behind the first n_ids of the chunk's ids. */
static void end_line(struct reading *reading, size_t n_ids)
{
    if (n_ids > 0)
        reading->ids[n_ids - 1] |= CORPUS_LINE_END;
    else
        reading->line_ends_before = true;
}

/* A batch of tokens: words, and before which of them lines end. */
struct batch {
    struct token words[BATCH];
    size_t ends[BATCH];
    size_t n_words, n_ends;
};

/* Appends the ids of the words that a given vocabulary has. */
static void find_batch(struct reading *reading, const struct batch *batch)
{
    const struct wordtable *table = &reading->encoder->tables[0];
    size_t end = 0;
    for (size_t i = 0; i <= batch->n_words; i++) {
        for (; end < batch->n_ends && batch->ends[end] == i; end++)
            end_line(reading, reading->n_ids);
        if (i == batch->n_words)
            break;
        const int64_t id = wordtable_find(table, batch->words[i].text, batch->words[i].n_bytes);
        if (id >= 0)
            reading->ids[reading->n_ids++] = (uint32_t)id;
    }
}

/* Counts the words and appends their ids. */
static int count_batch(struct reading *reading, const struct batch *batch, struct w2v_error *error)
{
    struct wordtable *table = &reading->encoder->tables[reading->table];
    uint32_t *ids = batch->n_words > 0 ? reading->ids + reading->n_ids : NULL;
    int status = wordtable_add(table, batch->words, batch->n_words, 1, ids, error);
    if (status != W2V_OK)
        return status;
    for (size_t i = 0; i < batch->n_ends; i++)
        end_line(reading, reading->n_ids + batch->ends[i]);
    reading->n_ids += batch->n_words;
    if (!reading->encoder->options->text.segment)
        return W2V_OK;
    if (table->n_words > NGRAMS_MAX_UNITS)
        return error_set(error, W2V_EDATA, "more than %u different tokens", NGRAMS_MAX_UNITS);
    mark_joined(reading, batch->words, ids, batch->n_words);
    return W2V_OK;
}

/* Appends the ids of n tokens, which it moves: words together, line ends out of their way. */
static int encode_batch(struct reading *reading, struct batch *batch, size_t n,
                        struct w2v_error *error)
{
    static const char line_end[1 + TOKEN_SPARE] = "\n";
    const bool line_tokens = reading->encoder->options->line_tokens;
    size_t n_words = 0, n_ends = 0, n_lines = 0;
    for (size_t i = 0; i < n; i++) {
        const struct token token = batch->words[i];
        if (token.n_bytes > 0) {
            batch->words[n_words++] = token;
            continue;
        }
        n_lines++;
        if (line_tokens)
            batch->words[n_words++] = (struct token){line_end, 1};
        else
            batch->ends[n_ends++] = n_words;
    }
    batch->n_words = n_words;
    batch->n_ends = n_ends;
    reading->n_lines += n_lines;
    reading->n_tokens += n - n_lines;
    int status = mem_grow(&reading->ids, &reading->capacity, reading->n_ids + n_words,
                          sizeof *reading->ids, "the corpus", error);
    if (status == W2V_OK && !reading->encoder->fixed)
        return count_batch(reading, batch, error);
    if (status == W2V_OK)
        find_batch(reading, batch);
    return status;
}

/* Tokenizes the chunk into reading->ids. */
static int encode_chunk(struct reading *reading, struct w2v_error *error)
{
    const struct chunk *chunk = &reading->chunk;
    struct batch batch;
    size_t n;
    int status;
    reading->n_ids = 0;
    reading->line_ends_before = false;
    if (!reading->encoder->options->count_only) {
        const uint64_t hash = hash_bytes(chunk->text, chunk->n_bytes);
        atomic_fetch_add(&reading->encoder->text_digest, rng_at(hash, chunk->index));
    }
    reading->unspaced_end = NULL;
    advice_look(&reading->advice, chunk->text, chunk->n_bytes);
    tokenizer_start(&reading->tokenizer, chunk->text, chunk->n_bytes);
    do {
        status = tokenizer_next(&reading->tokenizer, batch.words, BATCH, &n, error);
        if (status == W2V_OK)
            status = encode_batch(reading, &batch, n, error);
    } while (status == W2V_OK && n > 0);
    if (status == W2V_OK && chunk->ends_file && chunk->text[chunk->n_bytes - 1] != '\n') {
        batch.words[0].n_bytes = 0;
        status = encode_batch(reading, &batch, 1, error);
    }
    return status;
}

/* Keeps the chunk's ids, in memory or in the temporary file. */
static int keep_segment(struct reading *reading, struct w2v_error *error)
{
    struct encoder *encoder = reading->encoder;
    size_t n_bytes = reading->n_ids * sizeof *reading->ids;
    uint64_t limit = encoder->options->memory;
    struct segment segment = {.n = reading->n_ids,
                              .table = encoder->fixed ? 0 : reading->table,
                              .line_ends_before = reading->line_ends_before};
    int status = W2V_OK;

    pthread_mutex_lock(&encoder->lock);
    bool spill = limit != 0 && encoder->n_held + n_bytes > limit / 3;
    if (spill && encoder->file < 0) {
        encoder->file = file_temporary(error);
        if (encoder->file < 0)
            status = encoder->file;
    }
    if (spill) {
        segment.offset = encoder->n_spilled;
        encoder->n_spilled += n_bytes;
    } else {
        encoder->n_held += n_bytes;
    }
    pthread_mutex_unlock(&encoder->lock);
    if (status != W2V_OK)
        return status;

    if (spill) {
        status = file_write_at(encoder->file, reading->ids, n_bytes, segment.offset, FILE_TEMPORARY,
                               error);
    } else {
        segment.ids = mem_calloc(reading->n_ids, sizeof *segment.ids, "the corpus", error);
        if (segment.ids == NULL)
            return W2V_ENOMEM;
        if (n_bytes > 0)
            memcpy(segment.ids, reading->ids, n_bytes);
    }

    pthread_mutex_lock(&encoder->lock);
    size_t index = reading->chunk.index, had = encoder->capacity;
    if (status == W2V_OK)
        status = mem_grow(&encoder->segments, &encoder->capacity, index + 1,
                          sizeof *encoder->segments, "the corpus", error);
    if (status == W2V_OK) {
        if (encoder->capacity > had)
            memset(encoder->segments + had, 0,
                   (encoder->capacity - had) * sizeof *encoder->segments);
        encoder->segments[index] = segment;
        if (encoder->n_segments <= index)
            encoder->n_segments = index + 1;
    }
    pthread_mutex_unlock(&encoder->lock);
    if (status != W2V_OK)
        free(segment.ids);
    return status;
}

static void read_worker(void *arg, unsigned index, unsigned n)
{
    struct encoder *encoder = arg;
    const struct corpus_options *options = encoder->options;
    struct reading reading = {.encoder = encoder, .table = index, .reported = encoder->began};
    struct w2v_error error;
    (void)n;
    const struct tokenizer_rules rules = corpus_rules(&options->text);
    int status = tokenizer_init(&reading.tokenizer, &rules, &error);
    while (status == W2V_OK && !thread_failed(&encoder->failure)) {
        status = reader_next(&encoder->reader, &reading.chunk, &error);
        if (status != W2V_OK || reading.chunk.n_bytes == 0)
            break;
        status = encode_chunk(&reading, &error);
        if (status == W2V_OK && (!options->count_only || options->text.segment))
            status = keep_segment(&reading, &error);
        if (status == W2V_OK && index == 0)
            status = reader_report(&encoder->reader, &options->text, encoder->began,
                                   &reading.reported, &error);
    }
    if (status != W2V_OK)
        thread_fail(&encoder->failure, &error);
    atomic_fetch_add(&encoder->n_tokens, reading.n_tokens);
    atomic_fetch_add(&encoder->n_lines, reading.n_lines);
    atomic_fetch_add(&encoder->n_invalid, reading.tokenizer.n_invalid);
    pthread_mutex_lock(&encoder->lock);
    advice_add(&encoder->advice, &reading.advice);
    pthread_mutex_unlock(&encoder->lock);
    tokenizer_release(&reading.tokenizer);
    free(reading.chunk.text);
    free(reading.ids);
}

/* Renumbers ids in place and drops what is not in the vocabulary; how many are left. */
static size_t renumber(const struct encoder *encoder, struct segment *segment, uint32_t *ids)
{
    const uint32_t *map = encoder->maps[segment->table];
    const uint32_t joined = encoder->options->text.segment ? NGRAMS_JOINED : 0;
    size_t n = 0;
    for (size_t i = 0; i < segment->n; i++) {
        uint32_t id = map[CORPUS_ID(ids[i]) & ~joined], end = ids[i] & CORPUS_LINE_END;
        if (id != VOCAB_DROPPED)
            ids[n++] = id | end | (ids[i] & joined);
        else if (end && n > 0)
            ids[n - 1] |= CORPUS_LINE_END;
        else if (end)
            segment->line_ends_before = true;
    }
    return n;
}

/*
 * The rounds over the segments below take as long as a disk does where the ids stand in files, so
 * they stop as early as reading does. The next segment, or NULL: none is left, or one failed.
 */
static struct segment *next_segment(struct encoder *encoder, unsigned index, double *reported,
                                    struct w2v_error *error)
{
    size_t s;
    if (thread_failed(&encoder->failure) ||
        (s = thread_ticket(&encoder->ticket, encoder->n_segments)) == encoder->n_segments)
        return NULL;
    if (index == 0 && reader_report(&encoder->reader, &encoder->options->text, encoder->began,
                                    reported, error) != W2V_OK) {
        thread_fail(&encoder->failure, error);
        return NULL;
    }
    return &encoder->segments[s];
}

/* First round over the segments: renumber each where it stands. */
static void renumber_worker(void *arg, unsigned index, unsigned n)
{
    struct encoder *encoder = arg;
    struct w2v_error error;
    struct segment *segment;
    double reported = 0;
    (void)n;
    while ((segment = next_segment(encoder, index, &reported, &error)) != NULL) {
        size_t n_bytes = segment->n * sizeof *segment->ids;
        if (segment->ids != NULL || segment->n == 0) {
            segment->n = renumber(encoder, segment, segment->ids);
            continue;
        }
        uint32_t *ids = mem_calloc(segment->n, sizeof *ids, "the corpus", &error);
        int status = ids == NULL ? W2V_ENOMEM
                                 : file_read_at(encoder->file, ids, n_bytes, segment->offset,
                                                FILE_TEMPORARY, &error);
        if (status == W2V_OK) {
            segment->n = renumber(encoder, segment, ids);
            status = file_write_at(encoder->file, ids, segment->n * sizeof *ids, segment->offset,
                                   FILE_TEMPORARY, &error);
        }
        free(ids);
        if (status != W2V_OK)
            thread_fail(&encoder->failure, &error);
    }
}

/* Second round: copy each to its place. */
static void place_worker(void *arg, unsigned index, unsigned n)
{
    struct encoder *encoder = arg;
    struct w2v_error error;
    struct segment *segment;
    double reported = 0;
    (void)n;
    while ((segment = next_segment(encoder, index, &reported, &error)) != NULL) {
        uint32_t *place = encoder->ids + segment->position;
        size_t n_bytes = segment->n * sizeof *place;
        if (segment->n == 0)
            continue;
        if (segment->ids != NULL) {
            memcpy(place, segment->ids, n_bytes);
            free(segment->ids);
            segment->ids = NULL;
        } else if (file_read_at(encoder->file, place, n_bytes, segment->offset, FILE_TEMPORARY,
                                &error) != W2V_OK) {
            thread_fail(&encoder->failure, &error);
        }
    }
}

/* The digest is a sum over positions, so any thread may add any part. */
static void digest_worker(void *arg, unsigned index, unsigned n)
{
    struct encoder *encoder = arg;
    size_t n_tokens = encoder->n_ids, share = n_tokens / n;
    size_t end = index + 1 == n ? n_tokens : share * (index + 1);
    uint64_t sum = 0;
    for (size_t i = share * index; i < end; i++)
        sum += rng_at(encoder->ids[i], i);
    atomic_fetch_add(&encoder->digest, sum);
}

/* Room for a number a token, in memory where `n_arrays` of them fit; *in_file tells. */
static int open_ids(struct mem_map *map, bool *in_file, const struct corpus *corpus,
                    unsigned n_arrays, const struct corpus_options *options,
                    struct w2v_error *error)
{
    const struct vocab *vocab = &corpus->vocab;
    uint64_t others = mem_product(vocab->n_words, options->bytes_per_word) +
                      vocab->offset[vocab->n_words] +
                      vocab->n_words * (sizeof *vocab->offset + sizeof *vocab->count);
    if (options->phrases != NULL && others < options->memory / 2)
        others = options->memory / 2;
    uint64_t needed = mem_product(corpus->n_tokens, n_arrays * sizeof(uint32_t));
    *in_file = false;
    if (options->memory == 0 || (others <= options->memory && needed <= options->memory - others))
        return mem_map(map, corpus->n_tokens, sizeof(uint32_t), "the corpus", error);
    int file = file_temporary(error);
    if (file < 0)
        return file;
    int status = mem_map_file(map, file, corpus->n_tokens, sizeof(uint32_t), "the corpus", error);
    *in_file = true;
    close(file); /* the mapping holds it */
    return status;
}

/* Renumbers the segments into corpus->ids. */
static int assemble(struct corpus *corpus, struct encoder *encoder, struct w2v_error *error)
{
    unsigned threads = encoder->options->text.threads;
    thread_run(threads, renumber_worker, encoder);
    int status = thread_outcome(&encoder->failure, error);
    if (status != W2V_OK)
        return status;
    for (size_t s = 0; s < encoder->n_segments; s++) {
        encoder->segments[s].position = corpus->n_tokens;
        corpus->n_tokens += encoder->segments[s].n;
    }
    if (corpus->n_tokens == 0)
        return W2V_OK;
    status = open_ids(&corpus->memory, &corpus->in_file, corpus, 1, encoder->options, error);
    if (status != W2V_OK)
        return status;
    encoder->ids = corpus->memory.bytes;
    atomic_store(&encoder->ticket, 0);
    thread_run(threads, place_worker, encoder);
    status = thread_outcome(&encoder->failure, error);
    if (status != W2V_OK)
        return status;
    for (size_t s = 0; s < encoder->n_segments; s++) {
        const struct segment *segment = &encoder->segments[s];
        if (segment->line_ends_before && segment->position > 0)
            encoder->ids[segment->position - 1] |= CORPUS_LINE_END;
    }
    return W2V_OK;
}

/* What spells a segmenter's words. */
struct spelling {
    const struct segment_words *words;
    const struct vocab *vocab; /* of the tokens they consist of */
    char *text;
    size_t capacity;
};

static int spell_word(void *context, size_t id, struct token *word, uint64_t *count,
                      struct w2v_error *error)
{
    struct spelling *spelling = context;
    uint32_t parts[NGRAMS_LONGEST];
    size_t n_bytes = 0, n;
    *count = spelling->words->counts[id];
    if (*count == 0)
        return W2V_OK;
    const size_t n_parts = ngrams_spell(&spelling->words->ngrams, id, parts);
    for (size_t i = 0; i < n_parts; i++) {
        const char *part = vocab_word(spelling->vocab, parts[i], &n);
        int status =
            mem_grow(&spelling->text, &spelling->capacity, n_bytes + n, 1, "the vocabulary", error);
        if (status != W2V_OK)
            return status;
        memcpy(spelling->text + n_bytes, part, n);
        n_bytes += n;
    }
    *word = (struct token){spelling->text, n_bytes};
    return W2V_OK;
}

/* Joins the tokens of scripts without spaces to words. */
static int find_words(struct corpus *corpus, struct encoder *encoder,
                      struct w2v_text_report *report, struct w2v_error *error)
{
    const struct corpus_options *options = encoder->options;
    struct segment_words words = {0};
    struct mem_map starts = {0};
    bool in_file;
    int status = open_ids(&starts, &in_file, corpus, 2, options, error);
    if (status == W2V_OK)
        status = segment_tokens(&words, encoder->ids, corpus->n_tokens, corpus->vocab.n_words,
                                &options->text, options->memory / 4 * 3, starts.bytes, error);
    mem_unmap(&starts);
    if (status == W2V_OK) {
        struct spelling spelling = {.words = &words, .vocab = &corpus->vocab};
        const struct reword reword = {words.ngrams.n, spell_word, &spelling};
        /* Phrases are found in all words, and then choose. */
        status = reword_corpus(corpus, encoder->ids, &reword, options->phrases != NULL, options,
                               report, error);
        report->n_tokens = 0;
        for (size_t id = 0; id < words.ngrams.n; id++)
            report->n_tokens += words.counts[id];
        free(spelling.text);
        mem_trim(&corpus->memory, corpus->n_tokens * sizeof *corpus->ids);
    }
    segment_release(&words);
    return status;
}

void corpus_release(struct corpus *corpus)
{
    vocab_release(&corpus->vocab);
    mem_unmap(&corpus->memory);
    *corpus = (struct corpus){0};
}

int corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, struct w2v_text_report *report,
                struct w2v_error *error)
{
    unsigned threads = options->text.threads;
    /* What is joined later needs all words first. */
    const bool joins = options->phrases != NULL || options->text.segment;
    struct encoder encoder = {
        .options = options, .fixed = options->vocab != NULL && !joins, .file = -1};
    size_t n_tables = encoder.fixed ? 1 : threads;
    uint64_t n_distinct = 0;
    *corpus = (struct corpus){0};
    *report = (struct w2v_text_report){0};
    encoder.began = thread_seconds();
    int status = reader_init(&encoder.reader, paths, n_paths, &options->text,
                             options->chunk_bytes ? options->chunk_bytes : CHUNK_BYTES, error);
    if (status != W2V_OK)
        return status;
    if (pthread_mutex_init(&encoder.lock, NULL) != 0) {
        reader_release(&encoder.reader);
        return error_set(error, W2V_ENOMEM, "cannot make a lock");
    }
    status = W2V_ENOMEM;
    encoder.tables = mem_calloc(n_tables, sizeof *encoder.tables, "the vocabulary", error);
    encoder.maps = mem_calloc(n_tables, sizeof *encoder.maps, "the vocabulary", error);
    if (encoder.tables == NULL || encoder.maps == NULL)
        goto cleanup;
    for (size_t t = 0; t < n_tables && options->memory != 0; t++) {
        encoder.tables[t].limit = options->memory / 3 / n_tables;
        if (encoder.tables[t].limit < LEAST_TABLE)
            encoder.tables[t].limit = LEAST_TABLE;
    }
    if (encoder.fixed) {
        encoder.tables[0] = *options->vocab;
        *options->vocab = (struct wordtable){0};
    }
    thread_run(threads, read_worker, &encoder);
    status = thread_outcome(&encoder.failure, error);
    if (status != W2V_OK)
        goto cleanup;
    const struct vocab_rules all = {.min_count = 1};
    const struct vocab_rules wanted = {options->text.min_count, options->text.max_vocab,
                                       options->keep, options->keep_only, options->among};
    status = vocab_merge(&corpus->vocab, encoder.tables, n_tables, joins ? &all : &wanted, threads,
                         encoder.n_segments > 0 ? encoder.maps : NULL, &n_distinct, error);
    for (size_t t = 0; t < n_tables; t++)
        wordtable_release(&encoder.tables[t]);
    if (status == W2V_OK && encoder.n_segments > 0)
        status = assemble(corpus, &encoder, error);
    corpus->text_digest = atomic_load(&encoder.text_digest);
    *report = (struct w2v_text_report){
        .n_bytes = encoder.reader.n_bytes,
        .n_lines = atomic_load(&encoder.n_lines),
        .n_tokens = atomic_load(&encoder.n_tokens),
        .n_distinct = n_distinct,
        .n_words = corpus->vocab.n_words,
        .n_invalid_bytes = atomic_load(&encoder.n_invalid),
        .advice = advice_text(&encoder.advice, &options->text),
    };
    if (status == W2V_OK && options->text.segment && corpus->n_tokens > 0)
        status = find_words(corpus, &encoder, report, error);
    if (status == W2V_OK && options->phrases != NULL && corpus->n_tokens > 0)
        status = phrase_corpus(corpus, encoder.ids, options, report, error);
    if (status == W2V_OK && corpus->n_tokens > 0) {
        encoder.n_ids = corpus->n_tokens;
        thread_run(threads, digest_worker, &encoder);
        corpus->ids = encoder.ids;
        corpus->digest = atomic_load(&encoder.digest);
    }
    report->n_corpus = options->count_only ? corpus->vocab.total : corpus->n_tokens;
    report->seconds = thread_seconds() - encoder.began;
cleanup:
    for (size_t t = 0; t < n_tables; t++) {
        if (encoder.tables != NULL)
            wordtable_release(&encoder.tables[t]);
        if (encoder.maps != NULL)
            free(encoder.maps[t]);
    }
    for (size_t s = 0; s < encoder.n_segments; s++)
        free(encoder.segments[s].ids);
    free(encoder.tables);
    free(encoder.maps);
    free(encoder.segments);
    if (encoder.file >= 0)
        close(encoder.file);
    pthread_mutex_destroy(&encoder.lock);
    reader_release(&encoder.reader);
    if (status != W2V_OK)
        corpus_release(corpus);
    return status;
}
