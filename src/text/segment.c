/*
 * The segmenter. See segment.h. The n-grams form a trie, stored as a hash table with the key
 * (prefix, next unit), and the slots of the table hold the scores. A long run is first cut into
 * pieces of fixed length, so that a path needs little memory.
 */
#include "text/segment.h"

#include <stdlib.h>
#include <string.h>

#include "base/thread.h"

enum {
    PIECE = 1024, /* the most units in one path */
    ROUNDS = 3,   /* of counting words and computing scores again */
    AHEAD = 8,    /* slots are prefetched this many units before they are used */
    NO_WORD = INT32_MIN,
    PRICE = 7 * NGRAMS_ONE, /* of each unit beyond the first */
    OFTEN = 1 << 23 /* a candidate occurs max(n_tokens / OFTEN, NGRAMS_MIN_COUNT) times or more */
};

struct segmenter {
    struct ngrams *ngrams;
    int32_t *unit_scores;
    uint32_t *tokens;
    size_t n_tokens;
    size_t *cuts; /* share s has the tokens cuts[s] .. cuts[s + 1] - 1 */
    size_t n_shares;
    bool rewrite; /* in the last round: also write the words into the tokens */
    unsigned n_threads;
    uint32_t **counts; /* (n_threads, ngrams->n) */
    atomic_size_t ticket;
    struct watch watch;
    struct thread_failure failure;
};

/* The best paths through a piece, from every unit to the end of the piece. */
struct path {
    int64_t score[PIECE + 1];
    uint32_t word[PIECE];  /* the first word of the path */
    uint8_t length[PIECE]; /* of that word */
};

void segment_release(struct segment_words *words)
{
    ngrams_release(&words->ngrams);
    free(words->counts);
    *words = (struct segment_words){0};
}

/* ---- Candidates. ---- */

/* By how much the last unit raises the right entropy, plus the first unit the left entropy. */
static int64_t variation(const struct ngrams *ngrams, size_t id)
{
    const struct ngram *gram = &ngrams->grams[id];
    return (int64_t)gram->right - ngrams->grams[gram->prefix].right + gram->left -
           ngrams->grams[gram->suffix].left;
}

/* Sets the value of each n-gram: its variation minus the mean of its length, or NO_WORD if <= 0. */
static void choose_candidates(struct ngrams *ngrams)
{
    for (unsigned length = 2; length <= NGRAMS_LONGEST; length++) {
        const size_t from = ngrams->ends[length - 1], end = ngrams->ends[length];
        int64_t sum = 0;
        for (size_t id = from; id < end; id++)
            sum += variation(ngrams, id);
        for (size_t id = from; id < end; id++) {
            struct ngram *gram = &ngrams->grams[id];
            const int64_t above = variation(ngrams, id) - sum / (int64_t)(end - from);
            gram->value = above > 0 ? (int32_t)above : NO_WORD;
        }
    }
}

/* ---- The best path. ---- */

static void find_path(const struct segmenter *s, struct path *path, const uint32_t *tokens,
                      size_t n)
{
    path->score[n] = 0;
    for (size_t i = n; i-- > 0;) {
        if (i >= AHEAD)
            ngrams_prefetch(s->ngrams, NGRAMS_UNIT(tokens[i - AHEAD]),
                            NGRAMS_UNIT(tokens[i - AHEAD + 1]));
        uint32_t at = NGRAMS_UNIT(tokens[i]);
        size_t longest = n - i < NGRAMS_LONGEST ? n - i : NGRAMS_LONGEST;
        path->score[i] = s->unit_scores[at] + path->score[i + 1];
        path->word[i] = at;
        path->length[i] = 1;
        for (size_t length = 2; length <= longest; length++) {
            const struct ngrams_slot *slot =
                ngrams_find(s->ngrams, at, NGRAMS_UNIT(tokens[i + length - 1]));
            if (slot->id == 0)
                break;
            at = slot->id;
            const int64_t score = slot->score + path->score[i + length];
            if (slot->score != NO_WORD && score > path->score[i]) {
                path->score[i] = score;
                path->word[i] = at;
                path->length[i] = (uint8_t)length;
            }
        }
    }
}

static void take_path(const struct segmenter *s, const struct path *path, uint32_t *tokens,
                      size_t n, uint32_t *counts)
{
    for (size_t i = 0, length; i < n; i += length) {
        length = path->length[i];
        counts[path->word[i]] += counts[path->word[i]] < UINT32_MAX;
        if (!s->rewrite)
            continue;
        const uint32_t end = tokens[i + length - 1] & CORPUS_LINE_END;
        tokens[i] = path->word[i] | end;
        for (size_t j = 1; j < length; j++)
            tokens[i + j] = CORPUS_GONE;
    }
}

static void path_worker(void *arg, unsigned index, unsigned n)
{
    struct segmenter *s = arg;
    uint32_t *const tokens = s->tokens;
    struct path path;
    struct w2v_error error;
    size_t share;
    (void)n;
    while (!thread_failed(&s->failure) &&
           (share = thread_ticket(&s->ticket, s->n_shares)) < s->n_shares) {
        const size_t end = s->cuts[share + 1];
        if (index == 0 && watch_tell(&s->watch, s->cuts[share], false, &error) != W2V_OK)
            thread_fail(&s->failure, &error);
        for (size_t i = s->cuts[share], piece; i < end; i += piece) {
            piece = 1;
            while (piece < PIECE && i + piece < end && (tokens[i + piece] & NGRAMS_JOINED))
                piece++;
            if (piece == 1 && !(tokens[i] & NGRAMS_JOINED) && !s->rewrite)
                continue; /* a unit that stands alone tells nothing about words */
            find_path(s, &path, tokens + i, piece);
            take_path(s, &path, tokens + i, piece, s->counts[index]);
        }
    }
}

/*
 * Cuts all runs into words and counts the words in counts[0]. Counts stop at UINT32_MAX, with any number
 * of threads.
 */
static int cut_runs(struct segmenter *s, struct w2v_error *error)
{
    for (unsigned t = 0; t < s->n_threads; t++)
        memset(s->counts[t], 0, s->ngrams->n * sizeof *s->counts[t]);
    atomic_store(&s->ticket, 0);
    thread_run(s->n_threads, path_worker, s);
    for (unsigned t = 1; t < s->n_threads; t++)
        for (size_t id = 0; id < s->ngrams->n; id++) {
            const uint32_t left = UINT32_MAX - s->counts[0][id], more = s->counts[t][id];
            s->counts[0][id] += more < left ? more : left;
        }
    s->watch.done += s->n_tokens;
    return thread_outcome(&s->failure, error);
}

/* ---- The model. ---- */

static unsigned ngram_length(const struct ngrams *ngrams, size_t id)
{
    unsigned length = 1;
    while (id >= ngrams->ends[length])
        length++;
    return length;
}

/* The scores of the first cut: value x length. Single units have score 0. */
static void score_variation(struct segmenter *s)
{
    for (size_t i = 0; i < s->ngrams->n_slots; i++) {
        struct ngrams_slot *slot = &s->ngrams->slots[i];
        const int32_t value = s->ngrams->grams[slot->id].value;
        if (slot->id != 0)
            slot->score =
                value == NO_WORD ? NO_WORD : value * (int32_t)ngram_length(s->ngrams, slot->id);
    }
}

/* Copies the counts to the n-grams and drops those that have become rare as words. */
static int take_counts(struct segmenter *s, uint32_t min_count, struct w2v_error *error)
{
    struct ngrams *ngrams = s->ngrams;
    for (size_t id = 0; id < ngrams->n; id++) {
        struct ngram *gram = &ngrams->grams[id];
        gram->count = s->counts[0][id];
        if (id >= ngrams->n_units && gram->count < min_count)
            gram->value = NO_WORD;
    }
    return ngrams_prune(ngrams, NO_WORD, error);
}

/* The scores of all later cuts, from the counts of the words. */
static void score_counts(struct segmenter *s)
{
    const struct ngrams *ngrams = s->ngrams;
    uint64_t total = 0;
    for (size_t id = 0; id < ngrams->n; id++)
        total += ngrams->grams[id].count;
    const int32_t all = (int32_t)ngrams_log2(total > 0 ? total : 1);
    for (size_t id = 0; id < ngrams->n_units; id++) { /* a unit that was never a word counts 1/2 */
        const uint32_t count = ngrams->grams[id].count;
        s->unit_scores[id] = (count > 0 ? (int32_t)ngrams_log2(count) : -NGRAMS_ONE) - all;
    }
    for (size_t i = 0; i < ngrams->n_slots; i++) {
        struct ngrams_slot *slot = &ngrams->slots[i];
        const struct ngram *gram = &ngrams->grams[slot->id];
        if (slot->id == 0)
            continue;
        slot->score = NO_WORD;
        if (gram->value != NO_WORD)
            slot->score = (int32_t)ngrams_log2(gram->count) - all + gram->value / 2 -
                          PRICE * (int32_t)(ngram_length(ngrams, slot->id) - 1);
    }
}

static int learn_words(struct segmenter *s, uint32_t min_count, struct w2v_error *error)
{
    score_variation(s);
    int status = cut_runs(s, error);
    for (int round = 1; round <= ROUNDS && status == W2V_OK; round++) {
        status = take_counts(s, min_count, error);
        if (status != W2V_OK)
            break;
        score_counts(s);
        s->rewrite = round == ROUNDS;
        status = cut_runs(s, error);
    }
    return status;
}

int segment_tokens(struct segment_words *words, uint32_t *tokens, size_t n_tokens, size_t n_units,
                   const struct w2v_text_options *options, uint64_t memory, uint32_t *starts,
                   struct w2v_error *error)
{
    struct segmenter s = {.ngrams = &words->ngrams,
                          .tokens = tokens,
                          .n_tokens = n_tokens,
                          .n_threads = options->threads};
    const size_t rare = n_tokens / OFTEN;
    const uint32_t min_count = rare > NGRAMS_MIN_COUNT ? (uint32_t)rare : NGRAMS_MIN_COUNT;
    *words = (struct segment_words){0};
    watch_start(&s.watch, options->progress, options->progress_context, W2V_PHASE_SEGMENT,
                (uint64_t)n_tokens * (NGRAMS_LONGEST + 1 + ROUNDS));
    int status = ngrams_count(&words->ngrams, tokens, n_tokens, n_units, min_count,
                              options->threads, memory, starts, &s.watch, error);
    if (status != W2V_OK)
        goto cleanup;
    choose_candidates(&words->ngrams);
    status = ngrams_prune(&words->ngrams, NO_WORD, error);
    if (status == W2V_OK && (s.cuts = ngrams_cut(tokens, n_tokens, &s.n_shares, error)) == NULL)
        status = W2V_ENOMEM;
    if (status != W2V_OK)
        goto cleanup;
    const size_t n = words->ngrams.n;
    const uint64_t n_arrays = memory == 0 ? s.n_threads : memory / 3 / (n * sizeof **s.counts);
    if (n_arrays < s.n_threads) /* fewer threads give the same words */
        s.n_threads = n_arrays > 0 ? (unsigned)n_arrays : 1;
    status = W2V_ENOMEM;
    s.unit_scores = mem_calloc(n_units, sizeof *s.unit_scores, "words", error);
    s.counts = mem_calloc(s.n_threads, sizeof *s.counts, "words", error);
    words->counts = mem_calloc(n, sizeof *words->counts, "words", error);
    if (s.unit_scores == NULL || s.counts == NULL || words->counts == NULL)
        goto cleanup;
    for (unsigned t = 0; t < s.n_threads; t++)
        if ((s.counts[t] = mem_calloc(n, sizeof *s.counts[t], "words", error)) == NULL)
            goto cleanup;
    status = learn_words(&s, min_count, error);
    for (size_t id = 0; id < words->ngrams.n; id++)
        words->counts[id] = s.counts[0][id];
cleanup:
    for (unsigned t = 0; s.counts != NULL && t < s.n_threads; t++)
        free(s.counts[t]);
    free(s.counts);
    free(s.unit_scores);
    free(s.cuts);
    if (status != W2V_OK)
        segment_release(words);
    return status;
}
