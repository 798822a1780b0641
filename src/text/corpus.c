/* The corpus: encoded pieces assembled to one array of ids. See corpus.h. */
#include "text/corpus.h"

#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/thread.h"
#include "text/encode.h"
#include "text/phrase_corpus.h"
#include "text/reword.h"
#include "text/segment.h"

/* The threads that assemble the pieces share this. */
struct assembly {
    struct encoded *encoded;
    uint32_t **maps;  /* for each table, from its ids to those of the vocabulary */
    size_t *position; /* of each piece in the corpus */
    uint32_t *ids;    /* the ids of the corpus */
    atomic_size_t ticket;
    struct thread_failure failure;
};

/* ---- From pieces to one array. ---- */

/* Renumbers ids in place and drops words outside the vocabulary. Returns how many ids are left. */
static size_t renumber(const struct assembly *a, struct encode_piece *piece, uint32_t *ids)
{
    const uint32_t *map = a->maps[piece->table];
    const uint32_t joined = a->encoded->options->text.segment ? NGRAMS_JOINED : 0;
    size_t n = 0;
    for (size_t i = 0; i < piece->n; i++) {
        const uint32_t id = map[CORPUS_ID(ids[i]) & ~joined], end = ids[i] & CORPUS_LINE_END;
        if (id != VOCAB_DROPPED)
            ids[n++] = id | end | (ids[i] & joined);
        else if (end && n > 0)
            ids[n - 1] |= CORPUS_LINE_END;
        else if (end)
            piece->line_ends_before = true;
    }
    return n;
}

/*
 * Sets *i to the next piece. False if none is left or a thread has failed. If the ids are in a
 * file, the rounds over the pieces are as slow as the disk. So they report progress, and the
 * caller's function can stop them.
 */
static bool next_piece(struct assembly *a, unsigned thread, size_t *i)
{
    struct w2v_error error;
    if (thread_failed(&a->failure) ||
        (*i = thread_ticket(&a->ticket, a->encoded->n_pieces)) == a->encoded->n_pieces)
        return false;
    if (thread == 0 && reader_tell(&a->encoded->reader, &error) != W2V_OK) {
        thread_fail(&a->failure, &error);
        return false;
    }
    return true;
}

/* Reads a piece from the temporary file, renumbers it and writes it back. */
static int renumber_in_file(const struct assembly *a, struct encode_piece *piece,
                            struct w2v_error *error)
{
    const int file = a->encoded->file;
    uint32_t *ids = mem_calloc(piece->n, sizeof *ids, "the corpus", error);
    if (ids == NULL)
        return W2V_ENOMEM;
    int status =
        file_read_at(file, ids, piece->n * sizeof *ids, piece->offset, FILE_TEMPORARY, error);
    if (status == W2V_OK) {
        piece->n = renumber(a, piece, ids);
        status =
            file_write_at(file, ids, piece->n * sizeof *ids, piece->offset, FILE_TEMPORARY, error);
    }
    free(ids);
    return status;
}

/* The first round renumbers each piece where it is. */
static void renumber_worker(void *arg, unsigned index, unsigned n)
{
    struct assembly *a = arg;
    struct w2v_error error;
    size_t i;
    (void)n;
    while (next_piece(a, index, &i)) {
        struct encode_piece *piece = &a->encoded->pieces[i];
        if (piece->ids != NULL || piece->n == 0)
            piece->n = renumber(a, piece, piece->ids);
        else if (renumber_in_file(a, piece, &error) != W2V_OK)
            thread_fail(&a->failure, &error);
    }
}

/* The second round copies each piece to its place. */
static void place_worker(void *arg, unsigned index, unsigned n)
{
    struct assembly *a = arg;
    struct w2v_error error;
    size_t i;
    (void)n;
    while (next_piece(a, index, &i)) {
        struct encode_piece *piece = &a->encoded->pieces[i];
        uint32_t *place = a->ids + a->position[i];
        const size_t n_bytes = piece->n * sizeof *place;
        if (piece->n == 0)
            continue;
        if (piece->ids != NULL) {
            memcpy(place, piece->ids, n_bytes);
            free(piece->ids);
            piece->ids = NULL;
        } else if (file_read_at(a->encoded->file, place, n_bytes, piece->offset, FILE_TEMPORARY,
                                &error) != W2V_OK) {
            thread_fail(&a->failure, &error);
        }
    }
}

/*
 * Makes room for one number a token. It is in memory if `n_arrays` such arrays fit into the limit,
 * else in a file; *in_file says which.
 */
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
    *in_file = true;
    return mem_map_file(map, corpus->n_tokens, sizeof(uint32_t), "the corpus", error);
}

/* Gives each piece its position behind the pieces before it. *n_tokens becomes the sum. */
static int place_pieces(struct assembly *a, size_t *n_tokens, struct w2v_error *error)
{
    const struct encoded *encoded = a->encoded;
    a->position = mem_calloc(encoded->n_pieces, sizeof *a->position, "the corpus", error);
    if (a->position == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < encoded->n_pieces; i++) {
        a->position[i] = *n_tokens;
        *n_tokens += encoded->pieces[i].n;
    }
    return W2V_OK;
}

/* Renumbers the pieces into corpus->memory. */
static int assemble(struct corpus *corpus, struct assembly *a, struct w2v_error *error)
{
    struct encoded *encoded = a->encoded;
    const unsigned threads = encoded->options->text.threads;
    encoded->reader.watch.told = 0; /* reports at once that everything has been read */
    thread_run(threads, renumber_worker, a);
    int status = thread_outcome(&a->failure, error);
    if (status == W2V_OK)
        status = place_pieces(a, &corpus->n_tokens, error);
    if (status != W2V_OK || corpus->n_tokens == 0)
        return status;
    status = open_ids(&corpus->memory, &corpus->in_file, corpus, 1, encoded->options, error);
    if (status != W2V_OK)
        return status;
    a->ids = corpus->memory.bytes;
    atomic_store(&a->ticket, 0);
    thread_run(threads, place_worker, a);
    for (size_t i = 0; i < encoded->n_pieces; i++)
        if (encoded->pieces[i].line_ends_before && a->position[i] > 0)
            a->ids[a->position[i] - 1] |= CORPUS_LINE_END;
    return thread_outcome(&a->failure, error);
}

/*
 * Merges the tables into the vocabulary and assembles the pieces with its ids. `all` keeps all
 * words for now, because words and phrases will be joined from them.
 */
static int number_words(struct corpus *corpus, struct encoded *encoded, bool all,
                        uint64_t *n_distinct, struct w2v_error *error)
{
    const struct corpus_options *options = encoded->options;
    const struct vocab_rules every = {.min_count = 1}, wanted = corpus_wanted(options);
    const size_t n_tables = encoded->n_tables;
    struct assembly a = {.encoded = encoded};
    a.maps = mem_calloc(n_tables, sizeof *a.maps, "the vocabulary", error);
    if (a.maps == NULL)
        return W2V_ENOMEM;
    int status = vocab_merge(&corpus->vocab, encoded->tables, n_tables, all ? &every : &wanted,
                             options->text.threads, encoded->n_pieces > 0 ? a.maps : NULL,
                             n_distinct, error);
    for (size_t t = 0; t < n_tables; t++)
        wordtable_release(&encoded->tables[t]);
    if (status == W2V_OK && encoded->n_pieces > 0)
        status = assemble(corpus, &a, error);
    for (size_t t = 0; t < n_tables; t++)
        free(a.maps[t]);
    free(a.maps);
    free(a.position);
    return status;
}

/* ---- Words in text without spaces. ---- */

/* Spells the words that the segmenter found. */
struct word_speller {
    const struct segment_words *words;
    const struct vocab *vocab; /* of the tokens that the words consist of */
    char *text;
    size_t capacity;
};

static int spell_word(void *context, size_t id, struct token *word, uint64_t *count,
                      struct w2v_error *error)
{
    struct word_speller *speller = context;
    uint32_t parts[NGRAMS_LONGEST];
    size_t n_bytes = 0, n;
    *count = speller->words->counts[id];
    if (*count == 0)
        return W2V_OK;
    const size_t n_parts = ngrams_spell(&speller->words->ngrams, id, parts);
    for (size_t i = 0; i < n_parts; i++) {
        const char *part = vocab_word(speller->vocab, parts[i], &n);
        int status =
            mem_grow(&speller->text, &speller->capacity, n_bytes + n, 1, "the vocabulary", error);
        if (status != W2V_OK)
            return status;
        memcpy(speller->text + n_bytes, part, n);
        n_bytes += n;
    }
    *word = (struct token){speller->text, n_bytes};
    return W2V_OK;
}

/* Joins the tokens of scripts without spaces to words. */
static int segment_corpus(struct corpus *corpus, const struct corpus_options *options,
                          struct w2v_text_report *report, struct w2v_error *error)
{
    const bool all = options->phrases != NULL; /* phrases may consist of any words */
    const struct vocab_rules every = {.min_count = 1}, wanted = corpus_wanted(options);
    uint32_t *ids = corpus->memory.bytes;
    struct segment_words words = {0};
    struct mem_map starts = {0};
    bool in_file;
    int status = open_ids(&starts, &in_file, corpus, 2, options, error);
    if (status == W2V_OK)
        status = segment_tokens(&words, ids, corpus->n_tokens, corpus->vocab.n_words,
                                &options->text, options->memory / 4 * 3, starts.bytes, error);
    mem_unmap(&starts);
    if (status == W2V_OK) {
        struct word_speller speller = {.words = &words, .vocab = &corpus->vocab};
        const struct reword reword = {.n = words.ngrams.n,
                                      .word = spell_word,
                                      .context = &speller,
                                      .rules = all ? every : wanted,
                                      .given = all ? NULL : options->vocab,
                                      .threads = options->text.threads};
        status =
            reword_ids(&corpus->vocab, ids, &corpus->n_tokens, &reword, &report->n_distinct, error);
        report->n_tokens = 0;
        for (size_t id = 0; id < words.ngrams.n; id++)
            report->n_tokens += words.counts[id];
        free(speller.text);
        mem_trim(&corpus->memory, corpus->n_tokens * sizeof *corpus->ids);
    }
    segment_release(&words);
    return status;
}

/* ---- The digest. ---- */

struct digest {
    const uint32_t *ids;
    size_t n;
    atomic_uint_fast64_t sum;
};

/* The digest is a sum over positions, so each thread adds up a share of them. */
static void digest_worker(void *arg, unsigned index, unsigned n)
{
    struct digest *digest = arg;
    const size_t share = digest->n / n;
    const size_t end = index + 1 == n ? digest->n : share * (index + 1);
    uint64_t sum = 0;
    for (size_t i = share * index; i < end; i++)
        sum += corpus_digest_of(digest->ids[i], i);
    atomic_fetch_add(&digest->sum, sum);
}

static uint64_t digest_ids(const uint32_t *ids, size_t n, unsigned threads)
{
    struct digest digest = {.ids = ids, .n = n};
    thread_run(threads, digest_worker, &digest);
    return atomic_load(&digest.sum);
}

/* ---- The interface. ---- */

void corpus_passed(const struct corpus *corpus, size_t begin, size_t end)
{
    enum { PIECE = 1 << 18 }; /* tokens that leave memory together */
    const size_t first = begin / PIECE * PIECE, last = end / PIECE * PIECE;
    if (corpus->in_file && first < last)
        mem_drop_pages(corpus->ids + first, (last - first) * sizeof *corpus->ids);
}

void corpus_release(struct corpus *corpus)
{
    vocab_release(&corpus->vocab);
    mem_unmap(&corpus->memory);
    *corpus = (struct corpus){0};
}

/* The part of the report that is known before tokens are joined. */
static struct w2v_text_report report_text(const struct encoded *encoded, uint64_t n_distinct)
{
    return (struct w2v_text_report){
        .n_bytes = encoded->reader.n_bytes,
        .n_lines = encoded->n_lines,
        .n_tokens = encoded->n_tokens,
        .n_distinct = n_distinct,
        .n_invalid_bytes = encoded->n_invalid,
        .advice = advice_text(&encoded->advice, &encoded->options->text, encoded->reader.n_bytes,
                              encoded->n_invalid),
    };
}

/* Joins tokens to words and phrases if the options ask for it. */
static int join_tokens(struct corpus *corpus, const struct corpus_options *options,
                       struct w2v_text_report *report, struct w2v_error *error)
{
    int status = W2V_OK;
    if (options->text.segment && corpus->n_tokens > 0)
        status = segment_corpus(corpus, options, report, error);
    if (status == W2V_OK && options->phrases != NULL && corpus->n_tokens > 0)
        status = phrase_corpus(&corpus->vocab, corpus->memory.bytes, &corpus->n_tokens, options,
                               report, error);
    return status;
}

/* Takes line ends, which were tokens, out of the report. n_tokens has them only if words were found. */
static void leave_line_ends(struct w2v_text_report *report, bool segment)
{
    if (report->n_lines == 0)
        return;
    report->n_distinct--;
    report->n_words--;
    report->n_corpus -= report->n_lines;
    report->n_tokens -= segment ? report->n_lines : 0;
}

int corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, struct w2v_text_report *report,
                struct w2v_error *error)
{
    const bool joins = options->phrases != NULL || options->text.segment;
    const bool fixed = options->vocab != NULL && !joins;
    struct encoded encoded = {0};
    uint64_t n_distinct = 0;
    *corpus = (struct corpus){0};
    *report = (struct w2v_text_report){0};
    int status = encode_text(&encoded, paths, n_paths, options, fixed, error);
    if (status == W2V_OK)
        status = number_words(corpus, &encoded, joins, &n_distinct, error);
    if (status == W2V_OK) {
        *report = report_text(&encoded, n_distinct);
        status = join_tokens(corpus, options, report, error);
    }
    if (status == W2V_OK) {
        corpus->text_digest = encoded.text_digest;
        if (corpus->n_tokens > 0) {
            corpus->ids = corpus->memory.bytes;
            corpus->digest = digest_ids(corpus->ids, corpus->n_tokens, options->text.threads);
        }
        report->n_words = corpus->vocab.n_words;
        report->n_corpus = options->count_only ? corpus->vocab.total : corpus->n_tokens;
        if (options->line_tokens)
            leave_line_ends(report, options->text.segment);
        report->seconds = thread_seconds() - encoded.reader.watch.began;
    }
    encode_release(&encoded);
    if (status != W2V_OK)
        corpus_release(corpus);
    return status;
}
