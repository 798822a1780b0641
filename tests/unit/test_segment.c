/*
 * text/ngrams and text/segment. N-grams are compared with a plain count. The segmenter gets a text
 * in a made-up language and must find most of its words. The result must be the same for any number
 * of threads, size of chunks and memory.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rng.h"
#include "test.h"
#include "text/corpus.h"
#include "text/ngrams.h"
#include "text/segment.h"
#include "text/unicode.h"

enum { N_UNITS = 40, N_WORDS = 300, N_TOKENS = TEST_LESS(200000, 2) };

/* The language has words of 1 to 4 units. The first words are the most frequent. */
static uint32_t lexicon[N_WORDS][4];
static size_t lengths[N_WORDS];

static void make_lexicon(void)
{
    for (size_t w = 0; w < N_WORDS; w++) {
        lengths[w] = 1 + rng_at(5, w) % 8 % 4;
        if (w < 8)
            lengths[w] = 1;
        for (size_t i = 0; i < lengths[w]; i++)
            lexicon[w][i] =
                w < 8 ? (uint32_t)w : 8 + (uint32_t)(rng_at(6, w * 4 + i) % (N_UNITS - 8));
    }
}

static size_t draw_word(uint64_t n)
{
    const uint64_t bits = rng_at(7, n);
    return (size_t)((double)N_WORDS * pow((double)(bits >> 11) / 9007199254740992.0, 2));
}

/*
 * Makes N_TOKENS units in runs of about 6 words. Every tenth run ends a line. ends[i] is set if a
 * word ends with unit i.
 */
static void make_stream(uint32_t *tokens, uint8_t *ends)
{
    bool joined = false;
    for (size_t n = 0, word = 0; n < N_TOKENS; word++) {
        const size_t w = draw_word(word);
        for (size_t i = 0; i < lengths[w] && n < N_TOKENS; i++, n++, joined = true) {
            tokens[n] = lexicon[w][i] | (joined ? NGRAMS_JOINED : 0);
            ends[n] = i + 1 == lengths[w] || n + 1 == N_TOKENS;
        }
        if (rng_at(8, word) % 6 == 0) {
            joined = false;
            if (rng_at(9, word) % 10 == 0)
                tokens[n - 1] |= CORPUS_LINE_END;
        }
    }
}

static uint32_t stream[N_TOKENS], tokens_of[2][N_TOKENS], starts[N_TOKENS];
static uint8_t word_ends[N_TOKENS];

static void test_log2(void)
{
    for (uint64_t x = 1; x < 100000; x += 1 + x / 50)
        CHECK(fabs(ngrams_log2(x) / (double)NGRAMS_ONE - log2((double)x)) < 4e-5);
    CHECK(ngrams_log2(1) == 0 && ngrams_log2(8) == 3 * NGRAMS_ONE);
    CHECK(ngrams_log2(UINT64_MAX) < 64 * NGRAMS_ONE);
    CHECK(ngrams_log2((uint64_t)1 << 63) == 63 * NGRAMS_ONE);
}

static bool is_kept(const struct ngrams *ngrams, const uint32_t *units, size_t n)
{
    uint32_t at = units[0];
    for (size_t k = 1; k < n && (k == 1 || at != 0); k++)
        at = ngrams_find(ngrams, at, units[k])->id;
    return n == 1 || at != 0;
}

/*
 * Counts units[0 .. n) in the stream and computes the branching entropies on both sides, as
 * ngrams.h defines them: a neighbour that makes a rare n-gram counts as a new unit at every
 * occurrence.
 */
static uint32_t count_plainly(const struct ngrams *ngrams, const uint32_t *units, size_t n,
                              double *left, double *right)
{
    static uint32_t behind[N_UNITS], before[N_UNITS];
    uint32_t count = 0;
    memset(behind, 0, sizeof behind);
    memset(before, 0, sizeof before);
    for (size_t i = 0; i + n <= N_TOKENS; i++) {
        size_t k = 0;
        while (k < n && NGRAMS_UNIT(stream[i + k]) == units[k] &&
               (k == 0 || (stream[i + k] & NGRAMS_JOINED)))
            k++;
        if (k < n)
            continue;
        count++;
        if (i + n < N_TOKENS && (stream[i + n] & NGRAMS_JOINED))
            behind[NGRAMS_UNIT(stream[i + n])]++;
        if (stream[i] & NGRAMS_JOINED)
            before[NGRAMS_UNIT(stream[i - 1])]++;
    }
    *left = *right = log2(count);
    for (uint32_t u = 0; u < N_UNITS; u++) {
        uint32_t other[NGRAMS_LONGEST + 1];
        memcpy(other + 1, units, n * sizeof *units);
        other[0] = u;
        if (before[u] && is_kept(ngrams, other, n))
            *left -= before[u] * log2(before[u]) / count;
        memcpy(other, units, n * sizeof *units);
        other[n] = u;
        if (behind[u] && is_kept(ngrams, other + 1, n))
            *right -= behind[u] * log2(behind[u]) / count;
    }
    return count;
}

/* Every n-gram that is kept has the right numbers, and every other one is rare. */
static void test_ngrams_are_exact(void)
{
    struct ngrams ngrams;
    struct watch watch;
    uint32_t units[NGRAMS_LONGEST];
    watch_start(&watch, NULL, NULL, W2V_PHASE_SEGMENT, 1);
    for (unsigned way = 0; way < 3; way++) {
        const uint64_t memory = way == 2 ? 100000 : 0; /* little memory makes many parts */
        CHECK(ngrams_count(&ngrams, stream, N_TOKENS, N_UNITS, 20, way + 1, memory, starts, &watch,
                           NULL) == W2V_OK);
        CHECK(ngrams.n > 1000 && ngrams.ends[NGRAMS_LONGEST] == ngrams.n);
        for (size_t id = way; id < ngrams.n; id += TEST_SANITIZED ? 397 : 97) {
            double left, right;
            const size_t n = ngrams_spell(&ngrams, id, units);
            const struct ngram *gram = &ngrams.grams[id];
            CHECK(gram->count == count_plainly(&ngrams, units, n, &left, &right));
            CHECK(id < ngrams.n_units || gram->count >= 20);
            CHECK(fabs(gram->left / (double)NGRAMS_ONE - left) < 1e-3);
            CHECK(fabs(gram->right / (double)NGRAMS_ONE - right) < 1e-3);
            if (n > 1)
                CHECK(ngrams_find(&ngrams, gram->prefix, gram->unit)->id == id);
        }
        for (size_t i = 0; i + 4 < N_TOKENS;
             i += TEST_SANITIZED ? 19997 : 4999) { /* some trigrams of the text */
            double left, right;
            for (size_t k = 0; k < 3; k++)
                units[k] = NGRAMS_UNIT(stream[i + k]);
            CHECK(is_kept(&ngrams, units, 3) ==
                  (count_plainly(&ngrams, units, 3, &left, &right) >= 20));
        }
        ngrams_release(&ngrams);
    }
}

/*
 * A text whose n-grams do not fit is refused, because without some of them the words would change.
 */
static void test_ngrams_keep_to_their_memory(void)
{
    enum { ONCE = 20000, TIMES = 5, UNITS = 3000 };
    static uint32_t text[ONCE * TIMES], room[ONCE * TIMES];
    struct ngrams ngrams = {0};
    struct watch watch;
    struct w2v_error error = {0};
    watch_start(&watch, NULL, NULL, W2V_PHASE_SEGMENT, 1);
    for (unsigned i = 0; i < ONCE * TIMES; i++)
        text[i] = (uint32_t)(rng_at(1, i % ONCE) % UNITS) | (i > 0 ? NGRAMS_JOINED : 0);
    CHECK(ngrams_count(&ngrams, text, ONCE * TIMES, UNITS, TIMES, 2, 1 << 20, room, &watch,
                       &error) == W2V_ENOMEM);
    CHECK_MSG(strstr(error.message, "allow more") != NULL, "%s", error.message);
    CHECK(ngrams_count(&ngrams, text, ONCE * TIMES, UNITS, TIMES, 2, 1 << 26, room, &watch,
                       &error) == W2V_OK);
    CHECK(ngrams.n > ONCE * 4);
    ngrams_release(&ngrams);
}

static void test_pruning_keeps_prefixes(void)
{
    struct ngrams ngrams;
    struct watch watch;
    uint32_t units[NGRAMS_LONGEST], wanted[NGRAMS_LONGEST];
    watch_start(&watch, NULL, NULL, W2V_PHASE_SEGMENT, 1);
    CHECK(ngrams_count(&ngrams, stream, N_TOKENS, N_UNITS, 20, 2, 0, starts, &watch, NULL) ==
          W2V_OK);
    const size_t chosen = ngrams.ends[3] + (ngrams.ends[4] - ngrams.ends[3]) / 2;
    CHECK(ngrams_spell(&ngrams, chosen, wanted) == 4);
    ngrams.grams[chosen].value = 1;
    CHECK(ngrams_prune(&ngrams, 0, NULL) == W2V_OK);
    CHECK(ngrams.n == N_UNITS + 3 && ngrams.ends[2] == N_UNITS + 1);
    CHECK(ngrams.ends[4] == N_UNITS + 3 && ngrams.ends[NGRAMS_LONGEST] == N_UNITS + 3);
    CHECK(ngrams_spell(&ngrams, N_UNITS + 2, units) == 4 &&
          memcmp(units, wanted, 4 * sizeof *units) == 0);
    uint32_t at = wanted[0];
    for (size_t k = 1; k < 4; k++)
        at = ngrams_find(&ngrams, at, wanted[k])->id;
    CHECK(at == N_UNITS + 2 && ngrams.grams[at].value == 1);
    ngrams_release(&ngrams);
}

static void test_words_are_found(void)
{
    uint64_t n_words[2] = {0};
    for (unsigned way = 0; way < 2; way++) {
        struct segment_words words;
        const struct w2v_text_options options = {.threads = way ? 3 : 1};
        uint32_t *tokens = tokens_of[way], units[NGRAMS_LONGEST];
        memcpy(tokens, stream, sizeof stream);
        CHECK(segment_tokens(&words, tokens, N_TOKENS, N_UNITS, &options, way ? 100000 : 0, starts,
                             NULL) == W2V_OK);
        size_t n_cuts = 0, n_ends = 0, n_right = 0;
        for (size_t i = 0; i < N_TOKENS; i++) {
            if (tokens[i] == CORPUS_GONE)
                continue;
            const size_t id = tokens[i] & ~CORPUS_LINE_END;
            const size_t n = ngrams_spell(&words.ngrams, id, units);
            n_words[way]++;
            CHECK(words.counts[id] > 0);
            for (size_t k = 0; k < n; k++) {
                CHECK(NGRAMS_UNIT(stream[i + k]) == units[k]);
                CHECK(k == 0 || (stream[i + k] & NGRAMS_JOINED));
                CHECK(k == 0 || tokens[i + k] == CORPUS_GONE);
            }
            const size_t last = i + n - 1;
            CHECK(((tokens[i] ^ stream[last]) & CORPUS_LINE_END) == 0);
            if (last + 1 < N_TOKENS && (stream[last + 1] & NGRAMS_JOINED)) {
                n_cuts++;
                n_right += word_ends[last];
            }
            tokens[i] = (uint32_t)n; /* so that the two results can be compared */
        }
        for (size_t i = 0; i + 1 < N_TOKENS; i++)
            n_ends += word_ends[i] && (stream[i + 1] & NGRAMS_JOINED);
        CHECK_MSG((double)n_right > 0.9 * (double)n_cuts, "%zu of %zu cuts", n_right, n_cuts);
        CHECK_MSG((double)n_right > 0.9 * (double)n_ends, "%zu of %zu ends", n_right, n_ends);
        for (size_t id = 0; id < words.ngrams.n; id++)
            n_words[way] -= words.counts[id];
        CHECK(n_words[way] == 0);
        segment_release(&words);
    }
    CHECK(memcmp(tokens_of[0], tokens_of[1], sizeof stream) == 0);
}

static void test_little_streams(void)
{
    for (uint32_t n = 1; n < 4; n++) {
        struct segment_words words;
        uint32_t tokens[3] = {0, 1 | NGRAMS_JOINED, 2 | NGRAMS_JOINED | CORPUS_LINE_END};
        const struct w2v_text_options options = {.threads = 2};
        CHECK(segment_tokens(&words, tokens, n, n, &options, 0, starts, NULL) == W2V_OK);
        CHECK(tokens[0] == 0 && words.counts[0] == 1);
        CHECK(n < 2 || tokens[1] == 1);
        CHECK(n < 3 || tokens[2] == (2 | CORPUS_LINE_END));
        segment_release(&words);
    }
}

static int stop(void *context, const struct w2v_progress *progress)
{
    (void)context;
    return progress->phase == W2V_PHASE_SEGMENT;
}

static void test_stops_when_asked(void)
{
    struct watch watch;
    struct w2v_error error;
    watch_start(&watch, stop, NULL, W2V_PHASE_SEGMENT, 1);
    CHECK(watch_tell(&watch, 0, false, &error) == W2V_OK); /* no report is due yet */
    CHECK(watch_tell(&watch, 0, true, &error) == W2V_ESTOPPED);
    watch.told -= 1;
    CHECK(watch_tell(&watch, 0, false, &error) == W2V_ESTOPPED && error.code == W2V_ESTOPPED);
}

static void test_scripts_without_spaces(void)
{
    static const uint32_t are[] = {0x4E2D, 0x3400, 0x20000, 0x3042, 0x0E01,
                                   0x0E81, 0x1000, 0x1780,  0x3007};
    static const uint32_t are_not[] = {'a',    0xE9,   0x30AB, 0xAC00, 0x0410, 0x0915, 0x2460, 0xB2,
                                       0x3002, 0xFF0C, ' ',    0x1369, 0x0F2A, 0x0BF0, 0x3220};
    for (size_t i = 0; i < sizeof are / sizeof *are; i++)
        CHECK_MSG(unicode_unspaced(are[i]), "U+%04X", (unsigned)are[i]);
    for (size_t i = 0; i < sizeof are_not / sizeof *are_not; i++)
        CHECK_MSG(!unicode_unspaced(are_not[i]), "U+%04X", (unsigned)are_not[i]);
}

/* ---- Through the reader. ---- */

static char path[64] = "/tmp/w2v-segment.XXXXXX";

static const char *const signs[] = {"的", "在", "了", "和", "是", "有", "我", "不", "北", "京",
                                    "天", "上", "海", "大", "学", "生", "国", "家", "水", "火",
                                    "山", "石", "田", "人", "口", "手", "木", "林", "鸟", "鱼",
                                    "马", "牛", "羊", "车", "门", "书", "白", "红", "黑", "青"};

/* Writes the stream as a text, with Latin words and signs between the runs. */
static size_t write_text(void)
{
    FILE *file = fopen(path, "wb");
    size_t n_bytes = 0;
    for (size_t i = 0; i < N_TOKENS / 4; i++) {
        n_bytes += (size_t)fprintf(file, "%s", signs[NGRAMS_UNIT(stream[i])]);
        if (i % 1000 == 999)
            n_bytes += (size_t)fprintf(file, "Latin42 words");
        if (stream[i] & CORPUS_LINE_END)
            n_bytes += (size_t)fprintf(file, "\n%s", i % 3 ? "" : "\n");
        else if (i + 1 < N_TOKENS && !(stream[i + 1] & NGRAMS_JOINED))
            n_bytes += (size_t)fprintf(file, "%s", i % 2 ? "，" : " ");
    }
    fclose(file);
    return n_bytes;
}

static void test_threads_chunks_and_memory_change_nothing(void)
{
    const char *paths[] = {path};
    struct corpus first, other;
    struct w2v_text_report report, other_report;
    struct corpus_options options = {.text = {.segment = true, .min_count = 5, .threads = 1}};
    const uint64_t n_bytes = write_text();
    CHECK(corpus_read(&first, paths, 1, &options, &report, NULL) == W2V_OK);
    CHECK(report.n_bytes == n_bytes && report.n_words == first.vocab.n_words);
    CHECK(report.n_tokens >= first.n_tokens && first.n_tokens < N_TOKENS / 4 * 3 / 4);
    CHECK(first.vocab.total == first.n_tokens && report.n_corpus == first.n_tokens);
    size_t n, n_long = 0, n_latin = 0;
    for (size_t id = 0; id < first.vocab.n_words; id++) {
        const char *word = vocab_word(&first.vocab, id, &n);
        n_long += n >= 6 && (unsigned char)*word >= 0x80;
        n_latin += n == 7 && memcmp(word, "latin42", 7) == 0;
    }
    CHECK(n_long > N_WORDS / 2 && n_latin == 1);
    const size_t sizes[] = {1, 7, 4096};
    for (unsigned way = 0; way < 3; way++) {
        options.text.threads = way == 2 ? 8 : 2;
        options.chunk_bytes = sizes[way];
        options.memory = way == 1 ? 100000 : 0; /* temporary files */
        CHECK(corpus_read(&other, paths, 1, &options, &other_report, NULL) == W2V_OK);
        CHECK(other.digest == first.digest && other.n_tokens == first.n_tokens);
        CHECK(report.n_tokens == other_report.n_tokens);
        CHECK(report.n_distinct == other_report.n_distinct);
        CHECK(memcmp(other.ids, first.ids, first.n_tokens * sizeof *first.ids) == 0);
        CHECK(other.vocab.n_words == first.vocab.n_words &&
              memcmp(other.vocab.bytes, first.vocab.bytes,
                     first.vocab.offset[first.vocab.n_words]) == 0);
        corpus_release(&other);
    }
    corpus_release(&first);
}

/* Segments a text whose words are too rare to be found. `want` has '|' after the end of a line. */
static void check_units(const char *text, const char *want)
{
    const char *paths[] = {path};
    struct corpus corpus;
    struct w2v_text_report report;
    char got[256] = "";
    FILE *file = fopen(path, "wb");
    fputs(text, file);
    fclose(file);
    struct corpus_options options = {.text = {.segment = true, .threads = 2}, .chunk_bytes = 4};
    CHECK(corpus_read(&corpus, paths, 1, &options, &report, NULL) == W2V_OK);
    for (size_t i = 0; i < corpus.n_tokens; i++) {
        size_t n;
        const char *word = vocab_word(&corpus.vocab, CORPUS_ID(corpus.ids[i]), &n);
        snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s%c", (int)n, word,
                 corpus.ids[i] & CORPUS_LINE_END ? '|' : ' ');
    }
    CHECK_MSG(strcmp(got, want) == 0, "\"%s\"", got);
    corpus_release(&corpus);
}

static void test_little_texts(void)
{
    check_units("", "");
    check_units("中", "中|");
    check_units("\n\n", "");
    check_units("Ab中文, カタカナか\n\n7天", "ab 中 文 カタカナ か|7 天|");
}

/* A token is a Latin word, or some units of the stream that belong to one run. */
static void test_words_lie_within_runs(void)
{
    const char *paths[] = {path};
    struct corpus corpus;
    struct w2v_text_report report;
    struct corpus_options options = {.text = {.segment = true, .threads = 2}};
    write_text();
    CHECK(corpus_read(&corpus, paths, 1, &options, &report, NULL) == W2V_OK);
    size_t at = 0, n, n_outside = 0, n_wrong = 0;
    for (size_t i = 0; i < corpus.n_tokens; i++) {
        const char *word = vocab_word(&corpus.vocab, CORPUS_ID(corpus.ids[i]), &n);
        if ((unsigned char)*word < 0x80)
            continue;
        for (size_t k = 0; k < n / 3; k++, at++) {
            n_wrong += memcmp(word + 3 * k, signs[NGRAMS_UNIT(stream[at])], 3) != 0;
            n_outside += k > 0 && (!(stream[at] & NGRAMS_JOINED) || at % 1000 == 0);
        }
        n_wrong += (corpus.ids[i] & CORPUS_LINE_END) != (stream[at - 1] & CORPUS_LINE_END) &&
                   at % 1000 != 0 && at != N_TOKENS / 4;
    }
    CHECK(at == N_TOKENS / 4 && n_wrong == 0 && n_outside == 0);
    corpus_release(&corpus);
}

int main(void)
{
    const int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    make_lexicon();
    make_stream(stream, word_ends);
    TEST(test_log2);
    TEST(test_ngrams_are_exact);
    TEST(test_ngrams_keep_to_their_memory);
    TEST(test_pruning_keeps_prefixes);
    TEST(test_words_are_found);
    TEST(test_little_streams);
    TEST(test_stops_when_asked);
    TEST(test_scripts_without_spaces);
    TEST(test_threads_chunks_and_memory_change_nothing);
    TEST(test_words_lie_within_runs);
    TEST(test_little_texts);
    unlink(path);
    return test_end();
}
