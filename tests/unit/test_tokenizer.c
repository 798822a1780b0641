/*
 * The tokenizer: the tokens that its three kinds give for texts in many scripts, bad bytes and long
 * tokens. Neither the size of the batches nor the places where a text is cut may matter.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "test.h"
#include "text/tokenizer.h"
#include "w2v.h"

enum { MAX_BATCH = 1000, MAX_OUT = 1 << 16 };

/* The tokens of a text as a string: '|' follows each token, '/' stands for a line end. */
struct listing {
    char text[MAX_OUT];
    size_t n_bytes, n_tokens;
    uint64_t n_invalid;
};

static void list_chunk(struct tokenizer *t, const char *text, size_t n_bytes, size_t batch,
                       struct listing *list)
{
    struct token tokens[MAX_BATCH];
    struct w2v_error error;
    /* A copy of exactly this size, so that a sanitizer notices a read past its end. */
    char *chunk = malloc(n_bytes ? n_bytes : 1);
    CHECK(chunk != NULL);
    if (!chunk)
        return;
    memcpy(chunk, text, n_bytes);
    tokenizer_start(t, chunk, n_bytes);
    size_t n;
    int rc;
    while ((rc = tokenizer_next(t, tokens, batch, &n, &error)) == 0 && n > 0) {
        CHECK(n <= batch);
        for (size_t i = 0; i < n; i++) {
            const struct token *k = &tokens[i];
            if (list->n_bytes + k->n_bytes + 1 > MAX_OUT) {
                CHECK(false);
                break;
            }
            memcpy(list->text + list->n_bytes, k->text, k->n_bytes);
            list->n_bytes += k->n_bytes;
            list->text[list->n_bytes++] = k->n_bytes ? '|' : '/';
            list->n_tokens++;
        }
    }
    CHECK(rc == 0 && n == 0);
    rc = tokenizer_next(t, tokens, batch, &n, &error); /* after the end there is nothing more */
    CHECK(rc == 0 && n == 0);
    list->n_invalid = t->n_invalid;
    free(chunk);
}

static bool same(const struct listing *a, const struct listing *b)
{
    return a->n_bytes == b->n_bytes && memcmp(a->text, b->text, a->n_bytes) == 0 &&
           a->n_invalid == b->n_invalid;
}

/*
 * Batches of 1, 2, 64 and 1000 tokens give the same, and so do two pieces cut at any allowed place.
 */
static void check_invariance(const struct tokenizer_rules *rules, const char *text, size_t n_bytes,
                             const struct listing *wanted)
{
    static const size_t batches[] = {1, 2, 64, 1000};
    struct tokenizer t;
    struct w2v_error error;
    static struct listing got;
    for (size_t i = 0; i < sizeof batches / sizeof batches[0]; i++) {
        got.n_bytes = got.n_tokens = 0;
        CHECK(tokenizer_init(&t, rules, &error) == 0);
        list_chunk(&t, text, n_bytes, batches[i], &got);
        CHECK_MSG(same(&got, wanted), "batches of %zu: %.*s", batches[i], (int)n_bytes, text);
        tokenizer_release(&t);
    }
    size_t last = 0;
    for (size_t from = 0; from <= n_bytes; from++) {
        const size_t cut = tokenizer_cut(text, from, false);
        CHECK_MSG(cut <= from && cut >= last, "cut at %zu of %zu", cut, from);
        last = cut;
        got.n_bytes = got.n_tokens = 0;
        CHECK(tokenizer_init(&t, rules, &error) == 0);
        list_chunk(&t, text, cut, 7, &got);
        list_chunk(&t, text + cut, n_bytes - cut, 7, &got);
        CHECK_MSG(same(&got, wanted), "cut at %zu: %.*s", cut, (int)n_bytes, text);
        tokenizer_release(&t);
    }
}

static void expect_rules(const struct tokenizer_rules *rules, const char *text, size_t n_bytes,
                         const char *wanted, uint64_t n_invalid)
{
    static struct listing list;
    struct tokenizer t;
    struct w2v_error error;
    list = (struct listing){.n_bytes = 0};
    CHECK(tokenizer_init(&t, rules, &error) == 0);
    list_chunk(&t, text, n_bytes, 256, &list);
    tokenizer_release(&t);
    CHECK_MSG(list.n_bytes == strlen(wanted) && memcmp(list.text, wanted, list.n_bytes) == 0,
              "\"%s\" gives \"%.*s\", not \"%s\"", text, (int)list.n_bytes, list.text, wanted);
    CHECK_MSG(list.n_invalid == n_invalid, "\"%s\": %llu invalid", text,
              (unsigned long long)list.n_invalid);
    check_invariance(rules, text, n_bytes, &list);
}

static void expect_bytes(enum tokenizer_kind kind, bool keep_case, const char *text, size_t n_bytes,
                         const char *wanted, uint64_t n_invalid)
{
    const struct tokenizer_rules rules = {
        .kind = kind, .fold = keep_case ? UNICODE_FOLD_NONE : UNICODE_FOLD_LOWER};
    expect_rules(&rules, text, n_bytes, wanted, n_invalid);
}

static void by_rules(const struct tokenizer_rules *rules, const char *text, const char *wanted)
{
    expect_rules(rules, text, strlen(text), wanted, 0);
}

static void words(const char *text, const char *wanted)
{
    expect_bytes(TOKENIZER_WORDS, false, text, strlen(text), wanted, 0);
}

static void words_kept(const char *text, const char *wanted)
{
    expect_bytes(TOKENIZER_WORDS, true, text, strlen(text), wanted, 0);
}

static void spaced(const char *text, const char *wanted)
{
    expect_bytes(TOKENIZER_WHITESPACE, false, text, strlen(text), wanted, 0);
}

static void chars(const char *text, const char *wanted)
{
    expect_bytes(TOKENIZER_CHARS, false, text, strlen(text), wanted, 0);
}

static void test_words_ascii(void)
{
    words("", "");
    words("a", "a|");
    words("Hello, world!", "hello|world|");
    words("The quick (\"brown\") fox can't jump 32.3 feet, right?",
          "the|quick|brown|fox|can't|jump|32.3|feet|right|");
    words("3,500.75 e.g. U.S.A. 12:30 a:b ab's 'quoted' a''b 1'000 a,b 1;2 .5 5.",
          "3,500.75|e.g|u.s.a|12|30|a:b|ab's|quoted|a|b|1'000|a|b|1;2|5|5|");
    words("_x_ __ _ a_1 x-y C++ foo@bar.com #tag $5 50%", "_x_|a_1|x|y|c|foo|bar.com|tag|5|50|");
    words("a.1 1.a a'1 1_. a._", "a|1|1|a|a|1|1_|a|");
    words("don't DON'T it\u2019s IT\u2019S", "don't|don't|it's|it's|");
    words("abcdefgh ABCDEFGHI abcdefghijklmnopQ", "abcdefgh|abcdefghi|abcdefghijklmnopq|");
    words_kept("Hello, World", "Hello|World|");
    words("@AZ[`az{/09:", "az|az|09|"); /* the neighbours of every ASCII range */
    words("\x01\x08\x0E\x1F\x7F", "");
}

static void test_words_lines(void)
{
    words("a\nb", "a|/b|");
    words("\n\na\n\n", "//a|//");
    words("a\r\nb\rc\n", "a|/b|c|/");
    words("a\vb\fc\td", "a|b|c|d|");
    words("a\302\205b\u2028c\u2029d\u00A0e\u3000f", "a|b|c|d|e|f|"); /* none ends a line */
    words("\uFEFFa b\uFEFF", "a|b|");
}

static void test_words_scripts(void)
{
    /* Latin, composed and decomposed */
    words("Caf\u00E9 CAFE\u0301 cafe\u0301", "caf\u00E9|caf\u00E9|caf\u00E9|");
    words("Vi\u1EC7t Vie\u0323\u0302t Vie\u0302\u0323t", "vi\u1EC7t|vi\u1EC7t|vi\u1EC7t|");
    words_kept("Cafe\u0301 \u00C9 E\u0301", "Caf\u00E9|\u00C9|\u00C9|");
    words("Stra\u00DFe STRASSE STRA\u1E9EE", "stra\u00DFe|strasse|stra\u00DFe|");
    words("\u0130stanbul I\u0307 \u0131", "i\u0307stanbul|i\u0307|\u0131|");
    words("J\u030C \u01F0", "\u01F0|\u01F0|");
    words("\uFB01ne \u0149", "\uFB01ne|\u0149|");
    words("\u212Aelvin \u212B", "kelvin|\u00E5|");
    /* Greek: the final sigma and the small iota below */
    words("\u039F\u0394\u039F\u03A3 \u03BF\u03B4\u03BF\u03C2",
          "\u03BF\u03B4\u03BF\u03C2|\u03BF\u03B4\u03BF\u03C2|");
    words("\u1FC3\u0323 \u03B7\u0323\u0345 \u03B7\u0345\u0323",
          "\u1FC3\u0323|\u1FC3\u0323|\u1FC3\u0323|");
    /* Cyrillic; Armenian ligature */
    words("\u041C\u043E\u0441\u043A\u0432\u0430, \u0419 \u0418\u0306",
          "\u043C\u043E\u0441\u043A\u0432\u0430|\u0439|\u0439|");
    words("\u0587", "\u0587|");
    /* Hebrew: gershayim inside, geresh at the end, but no other quotes */
    words("\u05E6\u05D4\"\u05DC \u05D2' \"\u05D0\" a\"b",
          "\u05E6\u05D4\"\u05DC|\u05D2'|\u05D0|a|b|");
    /* Arabic with marks: any order of them is one word */
    words("\u0645\u064F\u062D\u064E\u0645\u0651\u064E\u062F\u060C \u0645\u064E\u0651",
          "\u0645\u064F\u062D\u064E\u0645\u064E\u0651\u062F|\u0645\u064E\u0651|");
    words("\u0663\u066B\u0661\u0664", "\u0663\u066B\u0661\u0664|"); /* Arabic-Indic 3,14 */
    /* Devanagari, with the precomposed qa that composition excludes */
    words("\u0928\u092E\u0938\u094D\u0924\u0947 \u0958\u0964",
          "\u0928\u092E\u0938\u094D\u0924\u0947|\u0915\u093C|");
    /* Thai has no spaces, and the default rules have no dictionary: each letter with its marks */
    words("\u0E44\u0E17\u0E22\u0E17\u0E35\u0E48", "\u0E44|\u0E17|\u0E22|\u0E17\u0E35\u0E48|");
    /* Han, supplementary planes and variation selectors too; compatibility forms */
    words("\u6F22\u5B57\u3002\U00020000\U0002A6D6\u845B\U000E0100",
          "\u6F22|\u5B57|\U00020000|\U0002A6D6|\u845B|");
    words("\u3007\u3005\u3024", "\u3007|\u3005|\u3024|");
    words("2023\u5E74iPhone\u7684", "2023|\u5E74|iphone|\u7684|");
    words("\uF900 \U0002F800", "\u8C48|\u4E3D|");
    /* Kana: Katakana runs are words, Hiragana are single; the voiced mark composes */
    words("\u30AB\u30BF\u30AB\u30CA\u3072\u3089 \u304B\u3099",
          "\u30AB\u30BF\u30AB\u30CA|\u3072|\u3089|\u304C|");
    /* Hangul: syllables and jamo */
    words("\uD55C\uAD6D\uC5B4 \u1112\u1161\u11AB", "\uD55C\uAD6D\uC5B4|\uD55C|");
    /* fullwidth letters, mathematical ones, other digits, Deseret */
    words("\uFF21\uFF22 \U0001D400 \u0967\u0968 \u00BD \u2163 \U00010400",
          "\uFF41\uFF42|\U0001D400|\u0967\u0968|\u00BD|\u2173|\U00010428|");
}

static void test_words_symbols(void)
{
    words("\U0001F600 \U0001F468\u200D\U0001F469\u200D\U0001F467 \u2764\uFE0F \U0001F1E9\U0001F1EA",
          "");
    words("a\u200D\U0001F600b \u24B6 x\u00ADy", "a\U0001F600|b|xy|");
    words("\u201Cquoted\u201D \u2013 dash\u2014dash\u2026", "quoted|dash|dash|");
    words("1\u202F000 a\u00A0b bonjour\u202F!", "1|000|a|b|bonjour|");
    words("\u0301a \u0301", "a|"); /* marks without a letter are not words */
    words("!\u0301a .\u00E9 a.\u00E9 a.\u0301 \u00E9.a \u00E9.",
          "a|\u00E9|a.\u00E9|a|\u00E9.a|\u00E9|");
    words("1.\u0661 \u0661.1 x\u00B7y 1\u00B7", "1.\u0661|\u0661.1|x\u00B7y|1|");
    words("a.\u00C9 \u00E9.E \u00E9.e\u0301", "a.\u00E9|\u00E9.e|\u00E9.\u00E9|");
    words("\u202Fab !\u200D\u24C2b", "ab|!\u24DCb|");
    /* White space is not part of a word even if UAX #29 puts it in the same segment. */
    words("a \u200D\u24C2b", "a|\u24DCb|");
    words("a\u00A0\uFF9E \uFF9E", "a|\uFF9E|\uFF9E|");
}

static void test_whitespace(void)
{
    spaced("", "");
    spaced("  Hello,  World! \t", "Hello,|World!|");
    spaced("a\r\nb\n\nc\v\fd", "a|/b|//c|d|");
    spaced("CAFE\u0301 \u212B \u6F22\u5B57\u3002x \U0001F600",
           "CAFE\u0301|\u212B|\u6F22\u5B57\u3002x|\U0001F600|");
    spaced("a\u00A0b\u3000c\302\205d", "a|b|c|d|"); /* White_Space */
    spaced("\x01 a\x02"
           "b\x7F \x1F",
           "\x01|a\x02"
           "b\x7F|\x1F|");
    spaced("1234567 12345678 123456789 1234567890123456 12345678901234567",
           "1234567|12345678|123456789|1234567890123456|12345678901234567|");
}

/* All white space and nothing else separates, at every position within 64 bytes. */
static void test_white_space(void)
{
    static const char *const white[] = {"\302\205", "\u00A0", "\u1680", "\u2000",
                                        "\u2003",   "\u200A", "\u2028", "\u2029",
                                        "\u202F",   "\u205F", "\u3000"};
    static const char *const not_white[] = {"\u00A1", "\u180E", "\u200B", "\u2060",
                                            "\uFEFF", "\u3001", "\x1C",   "\x1F"};
    char text[256], wanted[256];
    for (size_t i = 0; i < sizeof white / sizeof white[0]; i++) {
        snprintf(text, sizeof text, "%sab%s%scd %sef%s", white[i], white[i], white[i], white[i],
                 white[i]);
        spaced(text, "ab|cd|ef|");
        words(text, "ab|cd|ef|");
        chars(text, "a|b|c|d|e|f|");
        for (int n = 58; n < 66; n++) {
            snprintf(text, sizeof text, "%0*d%sx y%s%0*d", n, 0, white[i], white[i], n, 0);
            snprintf(wanted, sizeof wanted, "%0*d|x|y|%0*d|", n, 0, n, 0);
            spaced(text, wanted);
        }
    }
    for (size_t i = 0; i < sizeof not_white / sizeof not_white[0]; i++) {
        snprintf(text, sizeof text, "ab%scd", not_white[i]);
        snprintf(wanted, sizeof wanted, "ab%scd|", not_white[i]);
        spaced(text, wanted);
    }
}

static void test_chars(void)
{
    chars("", "");
    chars("Ab c.\n\td", "a|b|c|.|/d|");
    chars("e\u0301E\u0301\u00C9", "\u00E9|\u00E9|\u00E9|");
    chars("\u6F22\u5B57\u3002 \U00020000", "\u6F22|\u5B57|\u3002|\U00020000|");
    chars("\U0001F468\u200D\U0001F469\u200D\U0001F467\U0001F44D\U0001F3FD",
          "\U0001F468\u200D\U0001F469\u200D\U0001F467|\U0001F44D\U0001F3FD|");
    chars("\U0001F1E9\U0001F1EA\U0001F1EB\U0001F1F7", "\U0001F1E9\U0001F1EA|\U0001F1EB\U0001F1F7|");
    chars("\uD55C\u1112\u1161\u11AB", "\uD55C|\uD55C|");
    chars("\u0E17\u0E35\u0E48\u0928\u0947", "\u0E17\u0E35\u0E48|\u0928\u0947|");
    chars("\u00DF\u0130", "\u00DF|i\u0307|");
    chars("a\u00A0\u3000\u2028b\302\205\uFEFF\u200B\u00ADc\x01\x7F", "a|b|c|");
    chars("a \u0301b", "a|\u0301|b|");             /* the space is dropped, the mark stays */
    chars("\u0600 1\u06001", "\u0600|1|\u06001|"); /* a space does not join to a prefix */
    chars("a\r\nb\rc", "a|/b|c|");
    expect_bytes(TOKENIZER_CHARS, true, "AbE\u0301", 5, "A|b|\u00C9|", 0);
    expect_bytes(TOKENIZER_CHARS, false,
                 "a\xFF"
                 "b\xC3",
                 4, "a|b|", 2);
}

static void test_fold(void)
{
    const struct tokenizer_rules full = {.fold = UNICODE_FOLD_FULL};
    const struct tokenizer_rules turkic = {.fold = UNICODE_FOLD_TURKIC};
    const struct tokenizer_rules turkic_chars = {TOKENIZER_CHARS, .fold = UNICODE_FOLD_TURKIC};
    by_rules(&full, "Stra\u00DFe STRASSE \uFB01ne \u0149 \u039F\u03A3",
             "strasse|strasse|fine|"
             "\u02BCn|\u03BF\u03C3|");
    by_rules(&full, "\u1FC3\u0323 \u0587 \u0130", "\u03B7\u0323\u03B9|\u0565\u0582|i\u0307|");
    by_rules(&turkic, "\u0130STANBUL ISPARTA I\u011EDIR Diyarbakir III",
             "istanbul|\u0131sparta|\u0131\u011Fd\u0131r|diyarbakir|\u0131\u0131\u0131|");
    by_rules(&turkic, "I\u0307zmir I.I I\u0302 Stra\u00DFe",
             "izmir|\u0131.\u0131|\u00EE|stra\u00DFe|");
    by_rules(&turkic_chars, "Ii\u0130I\u0307A", "\u0131|i|i|i|a|");
    /* A sigma is final at the end of a word, whatever follows the word. */
    words("\u0391\u03A3 \u0391\u03A3. \u0391\u03A3\u2019 \u0391\u03A3'\u0391 \u03A3",
          "\u03B1\u03C2|\u03B1\u03C2|\u03B1\u03C2|\u03B1\u03C3'\u03B1|\u03C3|");
    words("Ma\u00DFe MASSE \u1E9E", "ma\u00DFe|masse|\u00DF|");
}

static void test_invisible(void)
{
    words("soft\u00ADhyphen \u200Eabc\u200F no\u2060break", "softhyphen|abc|nobreak|");
    words("don\u2019t don't DON\u2019T rock\u2018n\u2019roll \u2018quoted\u2019",
          "don't|don't|don't|rock'n'roll|quoted|");
    words("\u3164 \u00AD\u200D \u845B\uFE00\u845B", "\u845B|\u845B|"); /* two are invisible */
    words("\u0645\u06CC\u200C\u062E \u0627\u200C\u0628 a\u200Cb",
          "\u0645\u06CC\u200C\u062E|\u0627\u0628|ab|");
    words("e\u00AD\u0301 a\u0302\u034F\u0323", "\u00E9|\u1EAD|");
    words_kept("DON\u2019T Soft\u00ADHyphen", "DON'T|SoftHyphen|");
    spaced("don\u2019t soft\u00ADhyphen", "don\u2019t|soft\u00ADhyphen|");
    chars("\u2764\uFE0F \u845B\U000E0100", "\u2764|\u845B|");
}

static void test_nfkc(void)
{
    const struct tokenizer_rules words_kc = {.fold = UNICODE_FOLD_LOWER, .nfkc = true};
    const struct tokenizer_rules spaced_kc = {TOKENIZER_WHITESPACE, .nfkc = true};
    const struct tokenizer_rules chars_kc = {TOKENIZER_CHARS, .nfkc = true};
    by_rules(&words_kc, "\uFF37\uFF4F\uFF52\uFF44\uFF11\uFF0C\uFF11", "word1,1|");
    by_rules(&words_kc, "\uFF76\uFF9E\uFF77 \uFB03x \u2460 \u00BD \u3314",
             "\u30AC\u30AD|ffix|1|1\u20442|\u30AD\u30ED|");
    by_rules(&words_kc, "x\uFDFAy \uFC5E a\u00A8b\nc",
             "x\u0635\u0644\u0649|\u0627\u0644\u0644\u0647|"
             "\u0639\u0644\u064A\u0647|\u0648\u0633"
             "\u0644\u0645y|a|b|/c|");
    by_rules(&spaced_kc, "\uFF21\u3000\uFF22\u00A0C \uFB01 Plain e\u0301",
             "A|B|C|fi|Plain|\u00E9|");
    by_rules(&chars_kc, "\uFB01\uFF21", "f|i|A|");
    by_rules(&words_kc, "", "");
    expect_rules(&words_kc, "\uFF21\xFF\uFF22\0\uFF23\xEF", 12, "a|b|c|", 2);
}

static void test_extras(void)
{
    const struct tokenizer_rules hyphens = {.fold = UNICODE_FOLD_LOWER, .hyphens = true};
    const struct tokenizer_rules tags = {.fold = UNICODE_FOLD_LOWER, .tags = true};
    const struct tokenizer_rules emoji = {.fold = UNICODE_FOLD_LOWER, .emoji = true};
    const struct tokenizer_rules all = {.hyphens = true, .tags = true, .emoji = true};
    by_rules(&hyphens, "Well-known -x- a--b 2020-01-01 item-00005 e-\u00C9tat a\u2010b\u2011c",
             "well-known|x|a|b|2020-01-01|item-00005|e-\u00E9tat|a-b-c|");
    by_rules(&hyphens, "a- b -c a-\nb a-\u00A0b a-!b don\u2019t-x \u4E2D-\u6587",
             "a|b|c|a|/b|a|b|a|b|don't-x|\u4E2D-\u6587|");
    by_rules(&tags, "#Tag @Name foo@bar.com a#b C# ## #_ (#x) # y @\u00C9a #\u00A0z #1 ##t",
             "#tag|@name|foo|bar.com|a|b|c|#x|y|@\u00E9a|z|#1|#t|");
    by_rules(&emoji,
             "a\U0001F600b \U0001F600\U0001F600 \u2764\uFE0F \u00A9 \U0001F1E9\U0001F1EA\U0001F1EB "
             "\U0001F468\u200D\U0001F469 \U0001F44D\U0001F3FD",
             "a|\U0001F600|b|\U0001F600|\U0001F600|\u2764|\U0001F1E9\U0001F1EA|"
             "\U0001F468\u200D\U0001F469|\U0001F44D\U0001F3FD|");
    /* one regional indicator, bare and with two marks, is no flag */
    by_rules(&emoji, "\U0001F1E6 \U0001F1E6\u0301\u0301 \U0001F1E9\U0001F1EA\u0301",
             "\U0001F1E9\U0001F1EA\u0301|");
    by_rules(&emoji, "\U0001F3F4\U000E0067\U000E007F.", "\U0001F3F4\U000E0067\U000E007F|");
    by_rules(&all, "#well-known\U0001F600 @a-b c-#d", "#well-known|\U0001F600|@a-b|c|#d|");
}

/* Every byte that does not begin a well-formed sequence separates tokens and is counted. */
static void test_bad_utf8(void)
{
    static const struct {
        const char *text, *wanted;
        unsigned n_invalid;
    } cases[] = {
        {"a\xFF"
         "b",
         "a|b|", 1},
        {"a\x80"
         "b",
         "a|b|", 1},
        {"a\xC0\xAF"
         "b",
         "a|b|", 2}, /* overlong / */
        {"a\xC1\xBF"
         "b",
         "a|b|", 2},
        {"a\xE0\x80\xAF"
         "b",
         "a|b|", 3},
        {"a\xF0\x80\x80\xAF"
         "b",
         "a|b|", 4},
        {"a\xED\xA0\x80"
         "b",
         "a|b|", 3}, /* surrogate */
        {"a\xF4\x90\x80\x80"
         "b",
         "a|b|", 4}, /* U+110000 */
        {"a\xF8\x88\x80\x80\x80"
         "b",
         "a|b|", 5}, /* five bytes */
        {"a\xC3"
         "b",
         "a|b|", 1}, /* cut off */
        {"a\xE6\xBC"
         "b",
         "a|b|", 2},
        {"a\xF0\x9F\x98"
         "b",
         "a|b|", 3},
        {"a\xC3", "a|", 1},
        {"a \xE6\xBC", "a|", 2},
        {"\xF0\x9F\x98", "", 3},
        {"\xE6\xBC \xA2", "", 3},
        {"\xE6\xBC\n\xA2", "/", 3},
        {"\xC3\xC3\xA9", "\xC3\xA9|", 1},
        {"\xE6\xE6\xBC\xA2\xA2x", "\xE6\xBC\xA2|x|", 2},
        {"\xFE\xFE\xFF\xFF", "", 4},
        {"a.\xFF"
         "b a.\x80",
         "a|b|a|", 2},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        expect_bytes(TOKENIZER_WORDS, false, cases[i].text, strlen(cases[i].text), cases[i].wanted,
                     cases[i].n_invalid);
    for (size_t i = 0; i + 1 < sizeof cases / sizeof cases[0]; i++)
        expect_bytes(TOKENIZER_WHITESPACE, false, cases[i].text, strlen(cases[i].text),
                     cases[i].wanted, cases[i].n_invalid);
    expect_bytes(TOKENIZER_WHITESPACE, false, "a.\xFF\xFF\xE6\xBC\xA2", 7, "a.|\xE6\xBC\xA2|", 2);
    expect_bytes(TOKENIZER_WORDS, false,
                 "a\xFF"
                 "A",
                 3, "a|a|", 1);
}

static void test_nul(void)
{
    static const char text[] = "a\0b \0\0 c\0\xCC\x81\n\0";
    expect_bytes(TOKENIZER_WORDS, false, text, sizeof text - 1, "a|b|c|/", 0);
    expect_bytes(TOKENIZER_WHITESPACE, false, text, sizeof text - 1, "a|b|c|\xCC\x81|/", 0);
    expect_bytes(TOKENIZER_CHARS, false, text, sizeof text - 1, "a|b|c|\xCC\x81|/", 0);
}

/* A unit repeated many times is one token, with or without folding; its neighbours are unharmed. */
static void check_long(enum tokenizer_kind kind, const char *unit, const char *folded)
{
    enum { N_TIMES = 200000 };
    const size_t n_unit = strlen(unit), n_folded = strlen(folded), n_bytes = n_unit * N_TIMES;
    char *text = malloc(n_bytes + 8);
    struct tokenizer t;
    struct w2v_error error;
    CHECK(text != NULL);
    if (!text)
        return;
    memcpy(text, "A ", 2);
    for (size_t i = 0; i < N_TIMES; i++)
        memcpy(text + 2 + i * n_unit, unit, n_unit);
    memcpy(text + 2 + n_bytes, " C\n", 3);
    const struct tokenizer_rules rules = {.kind = kind, .fold = UNICODE_FOLD_FULL};
    CHECK(tokenizer_init(&t, &rules, &error) == 0);
    tokenizer_start(&t, text, n_bytes + 5);
    size_t n_seen = 0, n;
    while (tokenizer_next(&t, &(struct token){0}, 0, &n, &error) == 0 && n > 0)
        CHECK(false);
    struct token tokens[16];
    while (tokenizer_next(&t, tokens, 16, &n, &error) == 0 && n > 0) {
        for (size_t i = 0; i < n; i++, n_seen++) {
            if (n_seen != 1) {
                CHECK(tokens[i].n_bytes == (n_seen < 3 ? 1u : 0u));
                continue;
            }
            bool equal = tokens[i].n_bytes == n_folded * N_TIMES;
            for (size_t k = 0; equal && k < N_TIMES; k++)
                equal = memcmp(tokens[i].text + k * n_folded, folded, n_folded) == 0;
            CHECK_MSG(equal, "%s: %zu bytes", unit, tokens[i].n_bytes);
        }
    }
    CHECK_MSG(n_seen == 4, "%s: %zu tokens", unit, n_seen);
    tokenizer_release(&t);
    free(text);
}

static void test_long_tokens(void)
{
    check_long(TOKENIZER_WHITESPACE, "x", "x");
    check_long(TOKENIZER_WHITESPACE, "X\u6F22", "X\u6F22");
    check_long(TOKENIZER_WORDS, "x", "x");
    check_long(TOKENIZER_WORDS, "x.y", "x.y");
    check_long(TOKENIZER_WORDS, "x'\u00E9", "x'\u00E9");
    check_long(TOKENIZER_WORDS, "Xy", "xy");
    check_long(TOKENIZER_WORDS, "\u00C9x", "\u00E9x");
    check_long(TOKENIZER_WORDS, "E\u0301x", "\u00E9x");
    check_long(TOKENIZER_WORDS, "\u00DF", "ss");
    check_long(TOKENIZER_CHARS, "\u0301", "\u0301");
}

/*
 * Many folded tokens fill the buffer repeatedly. No token of the current batch may be overwritten.
 */
static void test_full_buffer(void)
{
    enum { N_WORDS = 5000, N_LETTERS = 40 };
    static char text[N_WORDS * (N_LETTERS + 1)];
    static struct token tokens[N_WORDS];
    struct tokenizer t;
    struct w2v_error error;
    for (size_t i = 0; i < N_WORDS; i++) {
        memset(text + i * (N_LETTERS + 1), 'A' + (int)(i % 26), N_LETTERS);
        text[i * (N_LETTERS + 1) + N_LETTERS] = ' ';
    }
    const struct tokenizer_rules rules = {.fold = UNICODE_FOLD_LOWER};
    CHECK(tokenizer_init(&t, &rules, &error) == 0);
    tokenizer_start(&t, text, sizeof text);
    size_t n_seen = 0, n, n_batches = 0;
    while (tokenizer_next(&t, tokens, N_WORDS, &n, &error) == 0 && n > 0) {
        n_batches++;
        for (size_t i = 0; i < n; i++, n_seen++) {
            bool equal = tokens[i].n_bytes == N_LETTERS;
            for (size_t k = 0; equal && k < N_LETTERS; k++)
                equal = tokens[i].text[k] == 'a' + (char)(n_seen % 26);
            CHECK_MSG(equal, "word %zu", n_seen);
        }
    }
    CHECK(n_seen == N_WORDS && n_batches > 1);
    tokenizer_release(&t);
}

static void test_cut(void)
{
    static const char text[] = "ab cd\nef\r\n\ngh";
    static const size_t wanted[] = {0, 0, 0, 2, 2, 2, 6, 6, 6, 6, 10, 11, 11, 11};
    static const size_t lines[] = {0, 0, 0, 0, 0, 0, 6, 6, 6, 6, 10, 11, 11, 11};
    for (size_t n = 0; n < sizeof text; n++) {
        CHECK_MSG(tokenizer_cut(text, n, false) == wanted[n], "of %zu", n);
        CHECK_MSG(tokenizer_cut(text, n, true) == lines[n], "whole lines of %zu", n);
    }
}

/* Random texts of difficult pieces: all kinds of characters, separators and bad bytes. */
static void test_random(void)
{
    static const char *const pieces[] = {
        "a",      "B",          "abcdefghi", "1",      "_",          ".",          "'",
        ",",      ":",          "\"",        " ",      "\t",         "\n",         "\r\n",
        "-",      "\x01",       "\u00E9",    "\u00C9", "\u0301",     "\u0323",     "\u0345",
        "\u1FC3", "\u00DF",     "\u0130",    "\u212B", "\u05D0",     "\u30A2",     "\uFF9E",
        "\u6F22", "\U00020000", "\u200D",    "\u2139", "\U0001F600", "\U0001F1E9", "\u1112",
        "\u1161", "\u11AB",     "\u0600",    "\u00A0", "\u3000",     "\u202F",     "\302\205",
        "\uFEFF", "\u2019",     "\u00AD",    "\u200C", "\u094D",     "\u0628",     "\u03A3",
        "#",      "@",          "\u2010",    "\uFDFA", "\uFF21",     "I",          "\U000E0067",
        "\xFF",   "\xE6\xBC",   "\xC3",      "\x80"};
    uint32_t state = 7;
    struct tokenizer t;
    struct w2v_error error;
    static struct listing list;
    for (int i = 0; i < 1500; i++) {
        char text[800];
        size_t n_bytes = 0;
        const int n_pieces = i % 100 == 0 ? 80 : 12; /* ASCII is examined in blocks of 64 bytes */
        for (int k = 0; k < n_pieces; k++) {
            state = state * 1664525u + 1013904223u;
            const size_t n_kinds = i % 200 == 0 ? 18 : sizeof pieces / sizeof pieces[0];
            const char *piece = pieces[(state >> 8) % n_kinds];
            memcpy(text + n_bytes, piece, strlen(piece));
            n_bytes += strlen(piece);
        }
        for (unsigned kind = 0; kind < 12; kind++) {
            const unsigned extra = (state >> 16) + kind;
            const struct tokenizer_rules rules = {
                (enum tokenizer_kind)(kind / 4), (enum unicode_fold)(kind % 4),
                .nfkc = extra % 3 == 0,          .hyphens = extra % 4 == 1,
                .tags = extra % 5 == 1,          .emoji = extra % 6 == 1};
            list = (struct listing){.n_bytes = 0};
            CHECK(tokenizer_init(&t, &rules, &error) == 0);
            list_chunk(&t, text, n_bytes, 1000, &list);
            tokenizer_release(&t);
            check_invariance(&rules, text, n_bytes, &list);
        }
    }
}

static void test_init(void)
{
    struct tokenizer t;
    struct w2v_error error;
    const struct tokenizer_rules rules = {.kind = (enum tokenizer_kind)3};
    CHECK(tokenizer_init(&t, &rules, &error) == W2V_EARG);
    tokenizer_release(&t);
    tokenizer_release(&t);
}

int main(void)
{
    TEST(test_words_ascii);
    TEST(test_words_lines);
    TEST(test_words_scripts);
    TEST(test_words_symbols);
    TEST(test_whitespace);
    TEST(test_white_space);
    TEST(test_chars);
    TEST(test_fold);
    TEST(test_invisible);
    TEST(test_nfkc);
    TEST(test_extras);
    TEST(test_bad_utf8);
    TEST(test_nul);
    TEST(test_long_tokens);
    TEST(test_full_buffer);
    TEST(test_cut);
    TEST(test_random);
    TEST(test_init);
    return test_end();
}
