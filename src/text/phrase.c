/* Finding and joining phrases. See phrase.h. */
#include "text/phrase.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/thread.h"
#include "text/join.h"

enum { SLICE = 1 << 18 }; /* tokens */

static const double W2V_THRESHOLD = 100, NPMI_THRESHOLD = 0.5;

int phrase_start(struct phrase_book *book, const struct vocab *vocab, struct w2v_error *error)
{
    int status = W2V_OK;
    *book = (struct phrase_book){0};
    for (size_t id = 0; id < vocab->n_words && status == W2V_OK; id++) {
        struct token word;
        uint32_t same;
        word.text = vocab_word(vocab, id, &word.n_bytes);
        status = wordtable_add_word(&book->words, word.text, word.n_bytes, vocab->count[id], &same,
                                    error);
    }
    return status;
}

void phrase_release(struct phrase_book *book)
{
    wordtable_release(&book->words);
    free(book->phrases);
    *book = (struct phrase_book){0};
}

void phrase_settle(struct w2v_phrase_options *options)
{
    if (isnan(options->threshold))
        options->threshold = options->score == W2V_PHRASE_NPMI ? NPMI_THRESHOLD : W2V_THRESHOLD;
    if (options->min_count == 0)
        options->min_count = 1;
}

int phrase_check(const struct w2v_phrase_options *options, struct w2v_error *error)
{
    if (options->passes > W2V_MAX_PHRASE_PASSES)
        return error_set(error, W2V_EARG, "phrase passes %u: must be from 0 to %d", options->passes,
                         W2V_MAX_PHRASE_PASSES);
    if (options->score == W2V_PHRASE_NPMI && !(options->threshold >= -1 && options->threshold <= 1))
        return error_set(error, W2V_EARG, "phrase threshold %g: npmi is from -1 to 1",
                         options->threshold);
    return W2V_OK;
}

int phrase_add(struct phrase_book *book, const struct phrase *phrase, struct w2v_error *error)
{
    struct joining joining = {0};
    struct token left, right;
    int status = mem_grow(&book->phrases, &book->capacity, book->n + 1, sizeof *book->phrases,
                          "phrases", error);
    if (status != W2V_OK)
        return status;
    left.text = wordtable_text(&book->words, phrase->left, &left.n_bytes);
    right.text = wordtable_text(&book->words, phrase->right, &right.n_bytes);
    status = join_words(&joining, left, right, error);
    if (status == W2V_OK) {
        struct phrase *added = &book->phrases[book->n];
        *added = *phrase;
        status =
            wordtable_add_word(&book->words, joining.text, joining.n_bytes, 0, &added->word, error);
    }
    if (status == W2V_OK)
        book->n++;
    free(joining.text);
    return status;
}

/* ---- Joining --------------------------------------------------------------------------------- */

/* A hash table from pairs to the phrases of a pass. */
struct phrase_map {
    struct phrase_slot {
        uint64_t key; /* 0: empty */
        uint32_t phrase;
    } * slots;
    size_t n_slots; /* a power of two */
    struct hash_key by;
    uint8_t *starts; /* for each word: whether a phrase begins with it */
};

struct join_pass {
    const struct phrase *phrases; /* of the pass */
    size_t n_phrases;
    struct phrase_map map;
    struct phrase_text *text;
    size_t n_slices, *start; /* slice s has the tokens start[s] .. start[s + 1] - 1 */
    size_t *n_left;          /* the tokens that are left of each slice */
    uint64_t *joined;        /* (threads, n_phrases): the occurrences that a thread joined */
    atomic_size_t ticket;
};

static int open_map(struct phrase_map *map, const struct phrase *phrases, size_t n, size_t n_words,
                    struct w2v_error *error)
{
    map->by = hash_key();
    map->n_slots = 16;
    while (map->n_slots < 2 * n)
        map->n_slots *= 2;
    map->slots = mem_calloc(map->n_slots, sizeof *map->slots, "phrases", error);
    map->starts = mem_calloc(n_words, 1, "phrases", error);
    if (map->slots == NULL || map->starts == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const uint64_t key = pairs_key(phrases[i].left, phrases[i].right);
        size_t at = pairs_hash(map->by, key) & (map->n_slots - 1);
        while (map->slots[at].key != 0)
            at = (at + 1) & (map->n_slots - 1);
        map->slots[at] = (struct phrase_slot){key, (uint32_t)i};
        map->starts[phrases[i].left] = 1;
    }
    return W2V_OK;
}

/* The phrase that begins at index i of the text, or -1. */
static inline int64_t phrase_at(const struct join_pass *join, size_t i)
{
    const struct phrase_map *map = &join->map;
    const uint32_t left = join->text->ids[i];
    if (i + 1 >= join->text->n || (left & CORPUS_LINE_END) || !map->starts[left])
        return -1;
    const uint64_t key = pairs_key(left, CORPUS_ID(join->text->ids[i + 1]));
    size_t at = pairs_hash(map->by, key) & (map->n_slots - 1);
    while (map->slots[at].key != 0 && map->slots[at].key != key)
        at = (at + 1) & (map->n_slots - 1);
    return map->slots[at].key == key ? (int64_t)map->slots[at].phrase : -1;
}

/*
 * Each slice is joined independently of the others, so it must begin where no phrase crosses: at
 * the first such index from a multiple of SLICE on. This is done before any thread changes the
 * text.
 */
static void place_slices(struct join_pass *join)
{
    for (size_t s = 1; s <= join->n_slices; s++) {
        size_t i = s < join->n_slices ? s * SLICE : join->text->n;
        if (i < join->start[s - 1])
            i = join->start[s - 1];
        while (i < join->text->n && phrase_at(join, i - 1) >= 0)
            i++;
        join->start[s] = i;
    }
}

static void join_worker(void *arg, unsigned index, unsigned n_threads)
{
    struct join_pass *join = arg;
    uint32_t *ids = join->text->ids;
    uint64_t *joined = join->joined + index * join->n_phrases;
    size_t s;
    (void)n_threads;
    while ((s = thread_ticket(&join->ticket, join->n_slices)) < join->n_slices) {
        const size_t end = join->start[s + 1];
        size_t n = join->start[s];
        for (size_t i = n; i < end; i++) {
            /* ids[end] belongs to another thread */
            const int64_t phrase = i + 1 < end ? phrase_at(join, i) : -1;
            uint32_t id = ids[i];
            if (phrase >= 0) {
                id = join->phrases[phrase].word | (ids[++i] & CORPUS_LINE_END);
                joined[phrase]++;
            }
            ids[n++] = id;
        }
        join->n_left[s] = n - join->start[s];
    }
}

/* Closes the gaps between the slices. */
static void close_gaps(struct join_pass *join)
{
    uint32_t *ids = join->text->ids;
    size_t n = 0;
    for (size_t s = 0; s < join->n_slices; s++) {
        memmove(ids + n, ids + join->start[s], join->n_left[s] * sizeof *ids);
        n += join->n_left[s];
    }
    join->text->n = n;
}

/* Joins the phrases first .. end - 1, which are those of one pass, and updates all counts. */
static int join_phrases(struct phrase_book *book, struct phrase_text *text, size_t first,
                        size_t end, unsigned threads, struct w2v_error *error)
{
    struct join_pass join = {.phrases = book->phrases + first, .text = text};
    struct wordtable_word *words = book->words.words;
    const size_t n = join.n_phrases = end - first;
    join.n_slices = text->n / SLICE + (text->n % SLICE != 0);
    int status = open_map(&join.map, join.phrases, n, book->words.n_words, error);
    if (status != W2V_OK)
        goto cleanup;
    join.start = mem_calloc(join.n_slices + 1, sizeof *join.start, "phrases", error);
    join.n_left = mem_calloc(join.n_slices, sizeof *join.n_left, "phrases", error);
    join.joined = mem_calloc(n, threads * sizeof *join.joined, "phrases", error);
    if (join.start == NULL || join.n_left == NULL || join.joined == NULL) {
        status = W2V_ENOMEM;
        goto cleanup;
    }
    place_slices(&join);
    thread_run(threads, join_worker, &join);
    close_gaps(&join);
    for (size_t i = 0; i < n; i++) {
        uint64_t sum = 0;
        for (unsigned t = 0; t < threads; t++)
            sum += join.joined[t * n + i];
        words[join.phrases[i].left].count -= sum;
        words[join.phrases[i].right].count -= sum;
        words[join.phrases[i].word].count += sum;
        book->n_joined += sum;
    }
cleanup:
    free(join.map.slots);
    free(join.map.starts);
    free(join.start);
    free(join.n_left);
    free(join.joined);
    return status;
}

int phrase_apply(struct phrase_book *book, struct phrase_text *text, unsigned threads,
                 struct w2v_error *error)
{
    int status = W2V_OK;
    for (size_t first = 0, end; first < book->n && status == W2V_OK; first = end) {
        end = first + 1;
        while (end < book->n && book->phrases[end].pass == book->phrases[first].pass)
            end++;
        status = join_phrases(book, text, first, end, threads, error);
    }
    return status;
}

/* ---- Finding --------------------------------------------------------------------------------- */

static double score_of(const struct w2v_phrase_options *options, uint64_t count, uint64_t left,
                       uint64_t right, uint64_t total)
{
    const double a = (double)left, b = (double)right, n = (double)total, ab = (double)count;
    if (options->score == W2V_PHRASE_NPMI)
        return fpmath_log2(ab * n / (a * b)) / fpmath_log2(n / ab);
    return (ab - (double)options->min_count) / a / b * n;
}

/* By falling score, then by falling count, then by the words' ids. */
static int compare_phrases(const void *left, const void *right)
{
    const struct phrase *a = left, *b = right;
    if (a->score != b->score)
        return a->score > b->score ? -1 : 1;
    if (a->count != b->count)
        return a->count > b->count ? -1 : 1;
    const uint64_t x = pairs_key(a->left, a->right), y = pairs_key(b->left, b->right);
    return (x > y) - (x < y);
}

/* Sets *found to the counted pairs that are phrases, sorted. The caller frees it. */
static int choose_phrases(const struct pairs *pairs, const struct wordtable *words, uint64_t total,
                          unsigned pass, const struct w2v_phrase_options *options,
                          struct phrase **found, size_t *n_found, struct w2v_error *error)
{
    size_t capacity = 0;
    for (size_t p = 0; p < PAIRS_PARTITIONS; p++) {
        const struct pairs_table *table = &pairs->tables[p];
        for (size_t i = 0; i < table->n_slots; i++) {
            const struct pair *pair = &table->slots[i];
            if (pair->key == 0 || pair->count < options->min_count)
                continue;
            struct phrase phrase = {.left = pairs_left(pair->key),
                                    .right = pairs_right(pair->key),
                                    .pass = pass,
                                    .count = pair->count};
            phrase.score = score_of(options, phrase.count, words->words[phrase.left].count,
                                    words->words[phrase.right].count, total);
            if (!(phrase.score > options->threshold))
                continue;
            int status = mem_grow(found, &capacity, *n_found + 1, sizeof **found, "phrases", error);
            if (status != W2V_OK)
                return status;
            (*found)[(*n_found)++] = phrase;
        }
    }
    if (*n_found > 0)
        qsort(*found, *n_found, sizeof **found, compare_phrases);
    return W2V_OK;
}

/* One pass. *more says whether it found any phrases. */
static int find_pass(struct phrase_book *book, struct phrase_text *text, unsigned pass,
                     const struct w2v_phrase_options *options, uint64_t memory, unsigned threads,
                     struct watch *watch, bool *more, struct w2v_error *error)
{
    struct wordtable *words = &book->words;
    struct pairs pairs = {0};
    struct phrase *found = NULL;
    size_t n_found = 0;
    const size_t first = book->n;
    uint64_t total = text->n;
    uint8_t *eligible = mem_calloc(words->n_words, 1, "phrases", error);
    int status = eligible == NULL ? W2V_ENOMEM : W2V_OK;
    *more = false;
    if (status == W2V_OK) {
        for (size_t id = 0; id < words->n_words; id++)
            eligible[id] = words->words[id].count >= options->min_count;
        if (text->line != PHRASE_NO_LINE) {
            eligible[text->line] = 0;
            total -= words->words[text->line].count;
        }
        status = pairs_count(&pairs, text->ids, text->n, eligible, memory, threads, watch, error);
    }
    if (status == W2V_OK) {
        const uint32_t worst = pairs_error(&pairs);
        if (worst > book->error)
            book->error = worst;
        status = choose_phrases(&pairs, words, total, pass, options, &found, &n_found, error);
    }
    pairs_release(&pairs);
    for (size_t i = 0; i < n_found && status == W2V_OK; i++)
        status = phrase_add(book, &found[i], error);
    *more = n_found > 0;
    if (status == W2V_OK && *more)
        status = join_phrases(book, text, first, book->n, threads, error);
    free(found);
    free(eligible);
    return status;
}

int phrase_find(struct phrase_book *book, struct phrase_text *text,
                const struct w2v_phrase_options *options, uint64_t memory,
                const struct w2v_text_options *settings, struct w2v_error *error)
{
    struct watch watch;
    const uint64_t n = text->n;
    bool more = true;
    int status = W2V_OK;
    /* For the progress all passes count as long as the first. */
    watch_start(&watch, settings->progress, settings->progress_context, W2V_PHASE_PHRASES,
                n * options->passes);
    for (unsigned pass = 1; pass <= options->passes && more && status == W2V_OK; pass++) {
        watch.done = n * (pass - 1);
        status =
            find_pass(book, text, pass, options, memory, settings->threads, &watch, &more, error);
    }
    return status;
}
