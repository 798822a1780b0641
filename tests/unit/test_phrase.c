/*
 * text/phrase, pairs, join and phrase_table. Counts are compared with a plain count, scores and
 * joins with results computed by hand, lossy counts with their bound. The result must be the same
 * for any number of threads, any chunks and any memory.
 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/rng.h"
#include "test.h"
#include "text/corpus.h"
#include "text/join.h"
#include "text/phrase_table.h"

static struct token word_of(const char *text)
{
    return (struct token){text, strlen(text)};
}

static void test_joining(void)
{
    static const struct {
        const char *left, *right;
        bool marks;
    } cases[] = {
        {"new", "york", true},
        {"\xe5\x8c\x97", "\xe4\xba\xac", false},             /* Han */
        {"\xe5\x8c\x97\xe4\xba\xac", "\xe5\xb8\x82", false}, /* words of it */
        {"\xe3\x82\xab\xe3\x83\xa1", "\xe3\x81\xae", false}, /* Katakana, Hiragana */
        {"\xe0\xb8\x81\xe0\xb8\xb4", "\xe0\xb8\x81", false}, /* Thai, a vowel sign between */
        {"\xe0\xba\x81", "\xe0\xba\x82", false},             /* Lao */
        {"\xe1\x9e\x80", "\xe1\x9e\x81", false},             /* Khmer */
        {"\xea\xb0\x80", "\xeb\x82\x98", true},              /* Hangul has spaces */
        {"a", "\xe4\xba\xac", true},
        {"\xe4\xba\xac", "2008", true},
        {"\xcc\x81", "\xe4\xba\xac", true}, /* a mark alone */
        {"\xff", "\xe4\xba\xac", true},     /* no tokenizer gives this, but it is allowed */
    };
    struct joining joining = {0};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        CHECK_MSG(join_needs_mark(word_of(cases[i].left), word_of(cases[i].right)) ==
                      cases[i].marks,
                  "%s %s", cases[i].left, cases[i].right);
    CHECK(join_words(&joining, word_of("new"), word_of("york"), NULL) == W2V_OK);
    CHECK(joining.n_bytes == 8 && memcmp(joining.text, "new_york", 8) == 0);
    CHECK(join_words(&joining, word_of(cases[1].left), word_of(cases[1].right), NULL) == W2V_OK);
    CHECK(joining.n_bytes == 6);
    free(joining.text);
}

enum { N = 300000, WORDS = 200 };
static uint32_t ids[N], count[WORDS][WORDS];
static uint8_t eligible[WORDS];

/* Makes words by a rough Zipf law, in lines of random length. Every tenth word is not eligible. */
static void make_text(void)
{
    memset(count, 0, sizeof count);
    for (size_t i = 0; i < N; i++) {
        double u = (double)(rng_at(7, i) >> 11) / 9007199254740992.0;
        ids[i] = (uint32_t)(WORDS * u * u * u) | (rng_at(8, i) % 9 == 0 ? CORPUS_LINE_END : 0);
    }
    for (uint32_t w = 0; w < WORDS; w++)
        eligible[w] = w % 10 != 9;
    for (size_t i = 0; i + 1 < N; i++)
        if (!(ids[i] & CORPUS_LINE_END) && eligible[ids[i]] && eligible[CORPUS_ID(ids[i + 1])])
            count[ids[i]][CORPUS_ID(ids[i + 1])]++;
}

static uint32_t counted(const struct pairs *pairs, uint32_t left, uint32_t right)
{
    uint32_t sum = 0;
    for (size_t p = 0; p < PAIRS_PARTITIONS; p++)
        for (size_t i = 0; i < pairs->tables[p].n_slots; i++)
            if (pairs->tables[p].slots[i].key == pairs_key(left, right))
                sum += pairs->tables[p].slots[i].count;
    return sum;
}

static size_t n_counted(const struct pairs *pairs)
{
    size_t n = 0;
    for (size_t p = 0; p < PAIRS_PARTITIONS; p++)
        n += pairs->tables[p].n_pairs;
    return n;
}

static void test_counts_are_exact(void)
{
    make_text();
    size_t want = 0;
    for (uint32_t a = 0; a < WORDS; a++)
        for (uint32_t b = 0; b < WORDS; b++)
            want += count[a][b] > 0;
    for (unsigned threads = 1; threads <= 5; threads += 2) {
        struct pairs pairs = {0};
        CHECK(pairs_count(&pairs, ids, N, eligible, 0, threads, NULL, NULL) == W2V_OK);
        CHECK(pairs_error(&pairs) == 0 && n_counted(&pairs) == want);
        for (uint32_t a = 0; a < WORDS; a += 7)
            for (uint32_t b = 0; b < WORDS; b += 3)
                CHECK(counted(&pairs, a, b) == count[a][b]);
        pairs_release(&pairs);
    }
}

static void test_lossy_counts_keep_their_bound(void)
{
    struct pairs first = {0}, pairs = {0};
    make_text();
    CHECK(pairs_count(&first, ids, N, eligible, 1 << 18, 1, NULL, NULL) == W2V_OK);
    const uint32_t bound = pairs_error(&first);
    size_t n_kept = 0;
    CHECK_MSG(bound > 0 && bound < 100, "%u", bound);
    for (uint32_t a = 0; a < WORDS; a++)
        for (uint32_t b = 0; b < WORDS; b++) {
            const uint32_t got = a % 8 == 0 || count[a][b] > 100 ? counted(&first, a, b) : 0;
            if (a % 8 != 0 && count[a][b] <= 100)
                continue;
            n_kept += got > 0;
            CHECK(got <= count[a][b] && count[a][b] - got <= bound);
        }
    CHECK(n_kept > 100);
    CHECK(pairs_count(&pairs, ids, N, eligible, 1 << 18, 4, NULL, NULL) == W2V_OK);
    CHECK(n_counted(&pairs) == n_counted(&first) && pairs_error(&pairs) == bound);
    for (size_t p = 0; p < PAIRS_PARTITIONS; p++)
        CHECK(memcmp(pairs.tables[p].slots, first.tables[p].slots,
                     first.tables[p].n_slots * sizeof(struct pair)) == 0);
    pairs_release(&first);
    pairs_release(&pairs);
}

static int stop(void *context, const struct w2v_progress *progress)
{
    (void)context, (void)progress;
    return 1;
}

static void test_counting_can_be_stopped(void)
{
    struct pairs pairs = {0};
    struct watch watch;
    make_text();
    watch_start(&watch, stop, NULL, W2V_PHASE_PHRASES, N);
    watch.told -= 1; /* so that a report is due */
    CHECK(pairs_count(&pairs, ids, N, eligible, 0, 2, &watch, NULL) == W2V_ESTOPPED);
    CHECK(pairs.tables[0].slots == NULL);
}

/* ---- Whole texts. ---- */

static char folder[64] = "/tmp/w2v-test.XXXXXX";

static const char *file_of(const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/text", folder);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
    return path;
}

static char *corpus_text(const struct corpus *corpus)
{
    size_t room = 1, n;
    for (size_t i = 0; i < corpus->n_tokens; i++) {
        vocab_word(&corpus->vocab, CORPUS_ID(corpus->ids[i]), &n);
        room += n + 1;
    }
    char *text = malloc(room), *at = text;
    for (size_t i = 0; i < corpus->n_tokens; i++) {
        const char *word = vocab_word(&corpus->vocab, CORPUS_ID(corpus->ids[i]), &n);
        memcpy(at, word, n);
        at += n;
        *at++ = corpus->ids[i] & CORPUS_LINE_END ? '|' : ' ';
    }
    *at = '\0';
    return text;
}

static void check_corpus(const char *text, struct corpus_options *options, const char *want)
{
    const char *path = file_of(text);
    struct corpus corpus;
    struct w2v_text_report report;
    struct w2v_error error = {0};
    int status = corpus_read(&corpus, &path, 1, options, &report, &error);
    CHECK_MSG(status == W2V_OK, "%s", error.message);
    if (status != W2V_OK)
        return;
    char *got = corpus_text(&corpus);
    CHECK_MSG(strcmp(got, want) == 0, "%u threads, chunks of %zu: \"%s\"", options->text.threads,
              options->chunk_bytes, got);
    CHECK(report.n_corpus == corpus.n_tokens && report.n_words == corpus.vocab.n_words);
    free(got);
    corpus_release(&corpus);
}

/*
 * There are 13 tokens. "new", "york" and "new york" occur twice each, so "new york" has the score
 * (2 - 1) / 4 x 13 = 3.25. "york times" occurs once and has the score 0. One of the two "a b"
 * crosses a line end and does not count.
 */
static void test_corpus_with_phrases(void)
{
    const char *text = "new york times x y\nz new york a\nb a b q\n";
    const size_t chunks[] = {1, 7, 4096, 0};
    struct w2v_phrase_options phrases = {.passes = 1, .threshold = 3.2, .min_count = 1};
    for (size_t i = 0; i < 4; i++)
        for (unsigned threads = 1; threads <= 4; threads += 3)
            for (uint64_t memory = 0; memory <= 1; memory++) {
                struct corpus_options options = {
                    .chunk_bytes = chunks[i], .phrases = &phrases, .memory = memory};
                options.text = (struct w2v_text_options){
                    .tokenizer = W2V_TOKENIZER_WHITESPACE, .min_count = 1, .threads = threads};
                phrases.passes = 1;
                phrases.threshold = 3.2;
                check_corpus(text, &options, "new_york times x y|z new_york a|b a b q|");
                phrases.threshold = 3.25; /* the score is not above it */
                check_corpus(text, &options, "new york times x y|z new york a|b a b q|");
                phrases.threshold = 3.2;
                options.text.min_count = 2; /* counts words after joining */
                check_corpus(text, &options, "new_york|new_york a|b a b|");
                options.text.max_vocab = 1;
                check_corpus(text, &options, "a|a|");
            }
}

static void test_passes_grow_phrases(void)
{
    const char *text = "p q r s u\np q r s v\np q r s w\n";
    struct w2v_phrase_options phrases = {.passes = 1, .threshold = 2, .min_count = 2};
    struct corpus_options options = {.phrases = &phrases};
    options.text = (struct w2v_text_options){
        .tokenizer = W2V_TOKENIZER_WHITESPACE, .min_count = 1, .threads = 2};
    /*
     * The score is (3 - 2) / 9 x 15 = 1.67 in the first pass and (3 - 2) / 9 x 9 = 1 in the next.
     */
    check_corpus(text, &options, "p q r s u|p q r s v|p q r s w|");
    phrases.threshold = 1.5;
    check_corpus(text, &options, "p_q r_s u|p_q r_s v|p_q r_s w|");
    phrases.passes = 5;
    check_corpus(text, &options, "p_q r_s u|p_q r_s v|p_q r_s w|");
    phrases.threshold = 0.9;
    phrases.passes = 2;
    check_corpus(text, &options, "p_q_r_s u|p_q_r_s v|p_q_r_s w|");
}

static void test_scores(void)
{
    /* Among 8 tokens, a, b and "a b" occur twice each: npmi = ln(2 x 8 / 4) / ln(8 / 2) = 1. */
    const char *text = "a b x\na b y\nz q\n";
    const char *path = file_of(text);
    struct w2v_phrase_options options = {
        .passes = 1, .score = W2V_PHRASE_NPMI, .threshold = 0.99, .min_count = 2};
    struct corpus_options settings = {.line_tokens = true};
    struct w2v_text_report report;
    struct phrase_book book;
    struct corpus corpus;
    settings.text = (struct w2v_text_options){
        .tokenizer = W2V_TOKENIZER_WHITESPACE, .min_count = 1, .threads = 1};
    CHECK(corpus_read(&corpus, &path, 1, &settings, &report, NULL) == W2V_OK);
    CHECK(corpus.n_tokens == 11 && report.n_tokens == 8);
    CHECK(phrase_start(&book, &corpus.vocab, NULL) == W2V_OK);
    struct phrase_text joined = {.ids = corpus.memory.bytes, .n = corpus.n_tokens};
    joined.line = (uint32_t)wordtable_find(&book.words, "\n", 1);
    CHECK(phrase_find(&book, &joined, &options, 0, &settings.text, NULL) == W2V_OK);
    CHECK(book.n == 1 && book.n_joined == 2 && joined.n == 9);
    CHECK(book.n == 1 && book.phrases[0].count == 2 && fabs(book.phrases[0].score - 1) < 1e-12);
    CHECK(book.words.words[book.phrases[0].left].count == 0);
    CHECK(book.words.words[book.phrases[0].word].count == 2);
    phrase_release(&book);
    corpus_release(&corpus);

    options.threshold = 1.5;
    CHECK(phrase_check(&options, NULL) == W2V_EARG);
    options.threshold = NAN;
    phrase_settle(&options);
    CHECK(phrase_check(&options, NULL) == W2V_OK && options.threshold == 0.5);
    options = (struct w2v_phrase_options){.threshold = NAN, .passes = W2V_MAX_PHRASE_PASSES + 1};
    phrase_settle(&options);
    CHECK(phrase_check(&options, NULL) == W2V_EARG);
    options.passes = 1;
    CHECK(phrase_check(&options, NULL) == W2V_OK && options.threshold == 100);
}

/* In one very long line where all pairs join, no slice may begin inside a pair. */
static void test_one_long_line(void)
{
    enum { LONG = 700001 };
    struct phrase_text text = {.n = LONG, .line = PHRASE_NO_LINE};
    struct w2v_phrase_options options = {.passes = 1, .threshold = 0, .min_count = 1};
    struct w2v_text_options settings = {.threads = 3};
    struct phrase_book book = {0};
    uint32_t id, other;
    text.ids = malloc(LONG * sizeof *text.ids);
    CHECK(wordtable_add_word(&book.words, "a", 1, LONG - 1, &id, NULL) == W2V_OK);
    CHECK(wordtable_add_word(&book.words, "b", 1, 1, &other, NULL) == W2V_OK);
    for (size_t i = 0; i < LONG; i++)
        text.ids[i] = i + 1 == LONG ? other : id;
    CHECK(phrase_find(&book, &text, &options, 0, &settings, NULL) == W2V_OK);
    /* "a a" has a score of about 1 and joins. "a b" occurs once and has the score 0. */
    CHECK(book.n == 1 && book.n_joined == LONG / 2 && text.n == LONG / 2 + 1);
    CHECK(text.ids[text.n - 1] == other && text.ids[0] == text.ids[text.n - 2]);
    free(text.ids);
    phrase_release(&book);
}

static void test_tables_are_checked(void)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"a_b\t5\t1\t1\ta\tb\n", NULL},
        {"", NULL},
        {"a_b\t5\t1\t1\ta\tb\r\nc_d\t1\t-1e3\t1\tc\td", NULL},
        {"a_b\t5\t1\t1\ta\n", "T:1: not PHRASE, COUNT"},
        {"\xef\xbb\xbf\n"
         "a_b\t5\t1\t1\ta\tb\n\n",
         NULL},
        {"\n"
         "a_b\t5\t1\t1\ta\tb\n\n"
         "a_b\t5\t1\t1\ta\tb\n",
         "T:4: the same phrase is in line 2"},
        {"a_b\t5\t1\t1\ta\tb\tc\n", "T:1: not PHRASE, COUNT"},
        {"a_b\t0\t1\t1\ta\tb\n", "T:1: the count"},
        {"a_b\t-5\t1\t1\ta\tb\n", "T:1: the count"},
        {"a_b\t99999999999999999999\t1\t1\ta\tb\n", "T:1: the count"},
        {"a_b\t5\tinf\t1\ta\tb\n", "T:1: the score"},
        {"a_b\t5\t\t1\ta\tb\n", "T:1: the score"},
        {"a_b\t5\t1x\t1\ta\tb\n", "T:1: the score"},
        {"a_b\t5\t1\t31\ta\tb\n", "T:1: the pass"},
        {"a_b\t5\t1\t2\ta\tb\nc_d\t5\t1\t1\tc\td\n", "T:2: the pass"},
        {"a_b\t5\t1\t1\t\tb\n", "T:1: LEFT and RIGHT"},
        {"a_b\t5\t1\t1\ta b\tb\n", "T:1: LEFT and RIGHT"},
        {"ab\t5\t1\t1\ta\tb\n", "T:1: PHRASE is not"},
        {"a_b\t5\t1\t1\ta\tb\nc_d\t5\t1\t1\tc\td\na_b\t5\t1\t1\ta\tb\n", "T:3: the same phrase"},
        {"a_b\t5\t1\t1\ta\tb\na_b\t5\t1\t2\ta\tb\n", NULL}, /* allowed: it is in another pass */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct phrase_book book = {0};
        struct w2v_error error = {0};
        int status = phrase_table_parse(&book, "T", cases[i].text, strlen(cases[i].text), &error);
        if (cases[i].want == NULL)
            CHECK_MSG(status == W2V_OK, "%s", error.message);
        else
            CHECK_MSG(status == W2V_EFORMAT &&
                          strncmp(error.message, cases[i].want, strlen(cases[i].want)) == 0,
                      "%zu: %s", i, error.message);
        phrase_release(&book);
    }
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(test_joining);
    TEST(test_counts_are_exact);
    TEST(test_lossy_counts_keep_their_bound);
    TEST(test_counting_can_be_stopped);
    TEST(test_corpus_with_phrases);
    TEST(test_passes_grow_phrases);
    TEST(test_scores);
    TEST(test_one_long_line);
    TEST(test_tables_are_checked);
    unlink(file_of(""));
    rmdir(folder);
    return test_end();
}
