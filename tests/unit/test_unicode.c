/*
 * Unicode: properties, folding, normalization and segmentation. The rules of UAX #29 are
 * implemented here a second time, literally and slowly, and compared with the fast code on random
 * texts.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "test.h"
#include "text/unicode.h"
#include "text/unicode_break.h"
#include "text/unicode_nfc.h"
#include "w2v.h"

static uint32_t random_state = 1;

static uint32_t random_below(uint32_t n)
{
    random_state = random_state * 1664525u + 1013904223u;
    return (uint32_t)(((uint64_t)random_state * n) >> 32);
}

static bool is_scalar(uint32_t cp)
{
    return cp <= 0x10FFFF && !(cp >= 0xD800 && cp < 0xE000);
}

static size_t encode_all(const uint32_t *cp, size_t n, char *text)
{
    size_t n_bytes = 0;
    for (size_t i = 0; i < n; i++)
        n_bytes += utf8_encode(cp[i], text + n_bytes);
    return n_bytes;
}

static void test_properties(void)
{
    CHECK(strcmp(unicode_tables_version, "15.0.0") == 0);
    CHECK(unicode_props('a').wb == WB_ALETTER &&
          unicode_props('a').flags == (UNICODE_WORD | UNICODE_CASED));
    CHECK(unicode_props('A').flags ==
          (UNICODE_WORD | UNICODE_CASED | UNICODE_FOLDS | UNICODE_LOWERS));
    CHECK(unicode_props(0x5D0).wb == WB_HEBREW_LETTER);
    CHECK(unicode_props(0x30A2).wb == WB_KATAKANA);
    const unsigned ideograph = UNICODE_WORD | UNICODE_UNSPACED;
    CHECK(unicode_props(0x6F22).wb == WB_OTHER && unicode_props(0x6F22).flags == ideograph);
    CHECK(unicode_props(0x20000).flags == ideograph);     /* a supplementary one */
    CHECK(unicode_props(0x3007).flags & UNICODE_WORD);    /* ideographic zero, Nl */
    CHECK(!(unicode_props(0x24B6).flags & UNICODE_WORD)); /* circled A, So */
    CHECK(unicode_props(0x301).ccc == 230 && unicode_props(0x323).ccc == 220);
    CHECK(unicode_props(0x301).flags & UNICODE_MARK);
    CHECK(unicode_props(0x1F600).flags == UNICODE_PICTURE);
    CHECK(unicode_props(0x3000).flags & UNICODE_WHITE);
    CHECK(!(unicode_props(0x200B).flags & UNICODE_WHITE));
    CHECK(unicode_props(0xAC00).gcb == GCB_LV && unicode_props(0xAC01).gcb == GCB_LVT);
    CHECK(unicode_props(0x10FFFF).flags == 0);
    CHECK(unicode_props(0x212B).flags & UNICODE_UNSETTLED); /* Angstrom sign */
}

static bool folds_by(enum unicode_fold fold, uint32_t cp, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t wanted[] = {a, b, c};
    uint32_t out[UNICODE_MAX_FOLD];
    const size_t n = unicode_fold(cp, fold, out);
    return n == 1u + (b != 0) + (c != 0) && memcmp(out, wanted, n * sizeof out[0]) == 0;
}

static bool folds_to(uint32_t cp, uint32_t a, uint32_t b, uint32_t c)
{
    return folds_by(UNICODE_FOLD_FULL, cp, a, b, c);
}

static bool lowers_to(uint32_t cp, uint32_t a, uint32_t b)
{
    return folds_by(UNICODE_FOLD_LOWER, cp, a, b, 0);
}

static void test_folding(void)
{
    CHECK(folds_to('A', 'a', 0, 0) && folds_to('z', 'z', 0, 0) && folds_to('0', '0', 0, 0));
    CHECK(folds_to(0xDF, 's', 's', 0) && folds_to(0x1E9E, 's', 's', 0));
    CHECK(folds_to(0x130, 'i', 0x307, 0));   /* I with a dot, and not Turkic */
    CHECK(folds_to(0x131, 0x131, 0, 0));     /* dotless i */
    CHECK(folds_to(0x3C2, 0x3C3, 0, 0));     /* final sigma */
    CHECK(folds_to(0x416, 0x436, 0, 0));     /* Cyrillic */
    CHECK(folds_to(0xFB03, 'f', 'f', 'i'));  /* ligature */
    CHECK(folds_to(0x1E921, 0x1E943, 0, 0)); /* Adlam: the last entry */
    CHECK(folds_to(0x13F8, 0x13F0, 0, 0));   /* Cherokee folds to upper case */
    CHECK(folds_to(0x10FFFF, 0x10FFFF, 0, 0));
    CHECK(folds_by(UNICODE_FOLD_NONE, 'A', 'A', 0, 0));
}

/* The results of str.lower() in Python for single characters. */
static void test_lower(void)
{
    CHECK(lowers_to('A', 'a', 0) && lowers_to('z', 'z', 0) && lowers_to('0', '0', 0));
    CHECK(lowers_to(0xDF, 0xDF, 0) && lowers_to(0x1E9E, 0xDF, 0)); /* sharp s stays */
    CHECK(lowers_to(0x130, 'i', 0x307) &&
          lowers_to(0x131, 0x131, 0));                               /* i with and without a dot */
    CHECK(lowers_to(0x3A3, 0x3C3, 0) && lowers_to(0x3C2, 0x3C2, 0)); /* sigma by itself, final */
    CHECK(lowers_to(0xFB03, 0xFB03, 0) && lowers_to(0x17F, 0x17F, 0));   /* ligature, long s */
    CHECK(lowers_to(0x1F88, 0x1F80, 0));                                 /* alpha with iota below */
    CHECK(lowers_to(0x13A0, 0xAB70, 0) && lowers_to(0xAB70, 0xAB70, 0)); /* Cherokee */
    CHECK(lowers_to(0x212A, 'k', 0) && lowers_to(0x10400, 0x10428, 0));
    CHECK(folds_by(UNICODE_FOLD_TURKIC, 'I', 0x131, 0, 0));
    CHECK(folds_by(UNICODE_FOLD_TURKIC, 0x130, 'i', 0, 0));
    CHECK(folds_by(UNICODE_FOLD_TURKIC, 'J', 'j', 0, 0));
    CHECK(folds_by(UNICODE_FOLD_TURKIC, 0xDF, 0xDF, 0, 0));
}

/* The code points listed in unicode_white are those with the property. */
static void test_white(void)
{
    for (uint32_t cp = 0x80; cp <= 0x10FFFF; cp++)
        CHECK_MSG(unicode_white(cp) == ((unicode_props(cp).flags & UNICODE_WHITE) != 0), "U+%04X",
                  (unsigned)cp);
}

static void test_hangul(void)
{
    for (uint32_t s = 0xAC00; s <= 0xD7A3; s++) {
        uint32_t out[UNICODE_MAX_DECOMP];
        const size_t n = unicode_decompose(s, out);
        uint32_t back = unicode_compose(out[0], out[1]);
        if (n == 3)
            back = unicode_compose(back, out[2]);
        CHECK_MSG(back == s, "U+%04X", (unsigned)s);
    }
    CHECK(unicode_compose(0xAC01, 0x11A8) == 0); /* U+AC01 has a final consonant already */
    CHECK(unicode_compose(0xAC00, 0x11A7) == 0); /* U+11A7 is one before the final consonants */
    CHECK(unicode_compose('a', 0x301) == 0xE1 && unicode_compose('a', 'b') == 0);
    CHECK(unicode_compose(0, 0) == 0 && unicode_compose(0x10FFFF, 0x10FFFF) == 0);
}

static struct unicode_nfc work;

static bool work_is(const char *wanted)
{
    return work.n_bytes == strlen(wanted) && memcmp(work.text, wanted, work.n_bytes) == 0;
}

static bool nfc_by(enum unicode_fold fold, const char *from, const char *wanted)
{
    struct w2v_error error;
    return unicode_nfc(&work, from, strlen(from), fold, &error) == 0 && work_is(wanted);
}

static bool nfc_is(const char *from, bool fold, const char *wanted)
{
    return nfc_by(fold ? UNICODE_FOLD_FULL : UNICODE_FOLD_NONE, from, wanted);
}

static bool lower_is(const char *from, const char *wanted)
{
    return nfc_by(UNICODE_FOLD_LOWER, from, wanted);
}

static bool turkic_is(const char *from, const char *wanted)
{
    return nfc_by(UNICODE_FOLD_TURKIC, from, wanted);
}

static void test_nfc(void)
{
    CHECK(nfc_is("", false, "") && nfc_is("abc", false, "abc") && nfc_is("ABC", true, "abc"));
    CHECK(nfc_is("e\u0301", false, "\u00E9") && nfc_is("E\u0301", true, "\u00E9"));
    CHECK(nfc_is("a\u0323\u0302", false, "\u1EAD") && nfc_is("a\u0302\u0323", false, "\u1EAD"));
    CHECK(nfc_is("\u1112\u1161\u11AB", false, "\uD55C"));
    CHECK(nfc_is("\u212B\u2126", false, "\u00C5\u03A9") && nfc_is("\u212A", true, "k"));
    CHECK(nfc_is("\u0958", false, "\u0915\u093C"));         /* excluded from composition */
    CHECK(nfc_is("\u0301a\u0301", false, "\u0301\u00E1"));  /* nothing to join at the start */
    CHECK(nfc_is("a\u0305\u0301", false, "a\u0305\u0301")); /* a mark of the same class blocks */
    CHECK(nfc_is("\u0130", true, "i\u0307") && nfc_is("I\u0307", true, "i\u0307"));
    CHECK(nfc_is("\uF900", false, "\u8C48")); /* compatibility ideograph */
    /* J with caron has no composed form; its small letter has: folding must come first. */
    CHECK(nfc_is("J\u030C", false, "J\u030C") && nfc_is("J\u030C", true, "\u01F0"));
    /* U+0345 folds to a letter, so the mark after it must be moved before it first. */
    CHECK(nfc_is("\u1FC3\u0323", true, "\u03B7\u0323\u03B9"));
    CHECK(nfc_is("\u03B7\u0345\u0323", true, "\u03B7\u0323\u03B9"));
    CHECK(nfc_is("\u03B7\u0323\u0345", true, "\u03B7\u0323\u03B9"));
    CHECK(!unicode_nfc_settled("\u1FC3\u0323", 5));
    CHECK(unicode_nfc_settled("\u0915\u094D\u0937", 9)); /* the virama is a mark in order */
    CHECK(!unicode_nfc_settled("x\u0334\u0337\u0316\u0315\u0316", 11));
}

/* Lower case that depends on neighbouring letters. */
static void test_lower_context(void)
{
    CHECK(lower_is("\u039F\u0394\u039F\u03A3", "\u03BF\u03B4\u03BF\u03C2"));
    CHECK(lower_is("\u03A3", "\u03C3") && lower_is("1\u03A3", "1\u03C3")); /* nothing before it */
    CHECK(lower_is("\u03A3\u03A3\u03A3", "\u03C3\u03C3\u03C2"));
    CHECK(lower_is("A\u0301\u03A3\u0301", "\u00E1\u03C2\u0301")); /* marks do not count */
    CHECK(lower_is("A'\u03A3'", "a'\u03C2'") && lower_is("A\u03A3.B", "a\u03C3.b"));
    CHECK(lower_is("A\u03A3-B", "a\u03C2-b") && lower_is("A\u03A3"
                                                         "1",
                                                         "a\u03C2"
                                                         "1"));
    CHECK(lower_is("A\u03C3", "a\u03C3") && lower_is("\u03C2", "\u03C2")); /* small ones stay */
    CHECK(nfc_is("A\u03A3", true, "a\u03C3"));
    CHECK(lower_is("\u0130", "i\u0307") && lower_is("I\u0307", "i\u0307"));
    CHECK(lower_is("\u1FBC", "\u1FB3") && lower_is("\u0391\u0345", "\u1FB3"));
    CHECK(lower_is("J\u030C", "\u01F0") && lower_is("Stra\u00DFe", "stra\u00DFe"));
    CHECK(turkic_is("\u0130I", "i\u0131") && turkic_is("I\u0307", "i"));
    CHECK(turkic_is("I\u0323\u0307", "\u1ECB"));       /* the dot below comes first */
    CHECK(turkic_is("I\u0301\u0307", "\u00ED\u0307")); /* the acute blocks the dot */
    CHECK(turkic_is("\u00CE", "\u00EE") && turkic_is("I\u0302", "\u00EE"));
    CHECK(turkic_is("\u0130\u03A3", "i\u03C2") && turkic_is("ISI", "\u0131s\u0131"));
}

static void test_nfkc(void)
{
    static const struct {
        const char *from, *wanted;
    } cases[] = {
        {"", ""},
        {"abc", "abc"},
        {"\uFF21\uFF22\uFF11", "AB1"},                /* full-width */
        {"\uFF76\uFF9E\uFF8A\uFF9F", "\u30AC\u30D1"}, /* half-width, with marks */
        {"\uFFA1\uFFC2", "\uAC00"},                   /* half-width Hangul */
        {"\uFB03", "ffi"},                            /* ligature */
        {"\u00B2\u00BD\u2163\u2460", "21\u20442IV1"}, /* superscript, fraction, ... */
        {"\u3314\u320E", "\u30AD\u30ED(\uAC00)"},     /* squared, in parentheses */
        {"\U0001D400\U0001D7FF", "A9"},               /* mathematical */
        {"\uFEFC", "\u0644\u0627"},                   /* Arabic presentation form */
        {"\u1E9B\u0323", "\u1E69"},                   /* order after decomposing */
        {"\u00A0\u3000", "  "},
        {"\uF900", "\u8C48"},
        {"\u212B", "\u00C5"},
    };
    struct w2v_error error;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        CHECK_MSG(unicode_nfkc(&work, cases[i].from, strlen(cases[i].from), &error) == 0 &&
                      work_is(cases[i].wanted),
                  "%s: %.*s", cases[i].from, (int)work.n_bytes, work.text);
    CHECK(unicode_nfkc(&work, "\uFDFA", 3, &error) == 0 && work.n_bytes == 33); /* the longest */
}

/* Invisible characters in words. */
static void test_spelling(void)
{
    static const struct {
        const char *from, *wanted;
    } cases[] = {
        {"soft\u00ADhy\u2060phen\uFEFF", "softhyphen"},
        {"\u200Ea\u200F\u202Ab\u202C", "ab"},
        {"\u845B\U000E0100\uFE0F", "\u845B"},
        {"e\u00AD\u0301", "\u00E9"},       /* the rest composes */
        {"a\u0302\u034F\u0323", "\u1EAD"}, /* the marks must be ordered too */
        {"\u3164\u00AD", ""},              /* nothing is visible */
        {"don\u2019t", "don't"},
        {"rock\u2018n\u2019roll", "rock'n'roll"},
        {"\u2019tis", "\u2019tis"}, /* not within a word */
        {"well\u2010known\u2011", "well-known-"},
        /* ZWNJ: Persian mi-khaham; after a letter that does not join; between Latin letters */
        {"\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645",
         "\u0645\u06CC\u200C\u062E\u0648\u0627\u0647\u0645"},
        {"\u0645\u064E\u200C\u064E\u062E", "\u0645\u064E\u200C\u064E\u062E"},
        {"\u0627\u200C\u0628", "\u0627\u0628"},
        {"\u0628\u200C", "\u0628"},
        {"a\u200Cb\u200Dc", "abc"},
        {"\u0645\u200C\u200C\u062E", "\u0645\u200C\u062E"}, /* one of two stays */
        /* after a virama: Hindi, Sinhala, Malayalam; before one: Bengali */
        {"\u0915\u094D\u200C\u0937", "\u0915\u094D\u200C\u0937"},
        {"\u0915\u094D\u200D\u0937", "\u0915\u094D\u200D\u0937"},
        {"\u0DC1\u0DCA\u200D\u0DBB\u0DD3", "\u0DC1\u0DCA\u200D\u0DBB\u0DD3"},
        {"\u0D28\u0D4D\u200D", "\u0D28\u0D4D\u200D"},
        {"\u0D28\u0D4D\u200C", "\u0D28\u0D4D"},
        {"\u0915\u094D\u200D\u0940", "\u0915\u094D\u0940"}, /* not before a dependent vowel */
        {"\u09B0\u200D\u09CD\u09AF", "\u09B0\u200D\u09CD\u09AF"},
        {"\u09B0\u200D\u09CD\u09BC",
         "\u09B0\u09BC\u09CD"}, /* the same with marks in another order */
        {"\u09B0\u200D\u09BC\u09CD", "\u09B0\u09BC\u09CD"},
        /* pictographs: a family, a heart, the flag of England */
        {"\U0001F468\u200D\U0001F469", "\U0001F468\u200D\U0001F469"},
        {"\u2764\uFE0F\u200D\U0001F525", "\u2764\u200D\U0001F525"},
        {"\U0001F3F4\U000E0067\U000E007F", "\U0001F3F4\U000E0067\U000E007F"},
        {"a\U000E0067\U000E007F", "a"},
        {"\U0001F468\u200Da", "\U0001F468a"},
    };
    static const struct unicode_spelling as_it_is = {UNICODE_FOLD_NONE, false};
    struct w2v_error error;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (int again = 0; again < 2; again++) {
            const char *from = again ? cases[i].wanted : cases[i].from;
            CHECK_MSG(unicode_spell(&work, from, strlen(from), &as_it_is, &error) == 0 &&
                          work_is(cases[i].wanted),
                      "case %zu: %s: %.*s", i, from, (int)work.n_bytes, work.text);
        }
    /* Folding makes a letter of the mark U+0345. Then the joiner is not behind a virama. */
    static const struct unicode_spelling full = {UNICODE_FOLD_FULL, false};
    static const char iota[] = "\u0628\u094D\u03B9", mark[] = "\u0628\u0345\u094D\u200D";
    CHECK(unicode_spell(&work, mark, strlen(mark), &full, &error) == 0 && work_is(iota));
}

/* Many joiners, marks and invisible characters must not take quadratic time. */
static void test_spelling_long(void)
{
    enum { N = 200000 };
    static const char *const units[] = {"\u200D",       "\u200C\u0301", "\u00AD\u200C",
                                        "\u0301\u200D", "\u0628\u200C", "\u03A3'",
                                        "I\u0323"};
    static const struct unicode_spelling turkic = {UNICODE_FOLD_TURKIC, true};
    struct w2v_error error;
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        const size_t n = strlen(units[i]);
        char *text = malloc(n * N + 1);
        CHECK(text != NULL);
        if (!text)
            return;
        text[0] = 'a';
        for (size_t k = 0; k < N; k++)
            memcpy(text + 1 + k * n, units[i], n);
        CHECK(unicode_spell(&work, text, n * N + 1, &turkic, &error) == 0 && work.n_bytes > 0);
        free(text);
    }
}

/* Very many marks of two alternating classes: the sort is stable and not quadratic in time. */
static void test_nfc_long_run(void)
{
    enum { N_MARKS = 400000 };
    char *text = malloc(2 * N_MARKS + 1);
    struct w2v_error error;
    size_t n_bytes = 0;
    CHECK(text != NULL);
    if (!text)
        return;
    text[n_bytes++] = 'q';
    for (uint32_t i = 0; i < N_MARKS; i++) /* classes 230 and 220 alternate; two marks of each */
        n_bytes += utf8_encode((i % 2 ? 0x317u : 0x30Du) + i / 2 % 2, text + n_bytes);
    CHECK(unicode_nfc(&work, text, n_bytes, UNICODE_FOLD_FULL, &error) == 0 &&
          work.n_bytes == n_bytes);
    CHECK(unicode_nfc_settled(work.text, work.n_bytes));
    uint32_t cp = 0;
    for (size_t i = 0; i < N_MARKS; i++) {
        utf8_decode(work.text + 1 + 2 * i, 2, &cp);
        CHECK(cp == (i < N_MARKS / 2 ? 0x317u : 0x30Du) + i % 2);
    }
    for (size_t n = 1; n < 100; n++) { /* around the length from which counting sort is used */
        CHECK(unicode_nfc(&work, text, 1 + 2 * n, UNICODE_FOLD_NONE, &error) == 0);
        CHECK(work.n_bytes == 1 + 2 * n && unicode_nfc_settled(work.text, work.n_bytes));
    }
    free(text);
}

/*
 * For settled text, unicode_spell_settled gives the same as unicode_spell. This is checked for
 * every code point before a few others. Folding must not grow a text more than
 * UNICODE_MAX_FOLD_RATIO says, and spelling the result again must change nothing.
 */
static void check_settled(enum unicode_fold fold, const uint32_t *points, size_t n_points,
                          uint32_t *n_settled)
{
    const unsigned first = unicode_props(points[0]).flags;
    const unsigned second = n_points > 1 ? unicode_props(points[1]).flags : 0;
    const unsigned flags = first | second;
    const bool moves = (flags & UNICODE_RESPELT) || fold == UNICODE_FOLD_TURKIC;
    char text[8], settled[8 * UNICODE_MAX_FOLD_RATIO], again[256];
    struct w2v_error error;
    const size_t n = encode_all(points, n_points, text);
    const bool short_cut = unicode_nfc_settled(text, n) && !(flags & UNICODE_JOINER) &&
                           !((flags & UNICODE_MARK) && moves);
    if (!short_cut && points[0] > 0x3000 && n_points > 1)
        return;
    for (int compatible = 0; compatible < 2; compatible++) {
        const struct unicode_spelling spelling = {fold, compatible != 0};
        CHECK(unicode_spell(&work, text, n, &spelling, &error) == 0);
        if (short_cut && !compatible) {
            const size_t n_out = unicode_spell_settled(text, n, fold, settled);
            CHECK_MSG(n_out <= n * UNICODE_MAX_FOLD_RATIO && n_out == work.n_bytes &&
                          memcmp(settled, work.text, n_out) == 0,
                      "U+%04X and %zu more, folding %d", (unsigned)points[0], n_points - 1,
                      (int)fold);
            ++*n_settled;
        }
        const size_t n_again = work.n_bytes;
        CHECK(n_again <= sizeof again);
        memcpy(again, work.text, n_again);
        CHECK(unicode_spell(&work, again, n_again, &spelling, &error) == 0);
        CHECK_MSG(work.n_bytes == n_again && memcmp(again, work.text, n_again) == 0,
                  "U+%04X U+%04X changes again, folding %d", (unsigned)points[0],
                  n_points > 1 ? (unsigned)points[1] : 0, (int)fold);
        /* A text in NFKC stays in NFKC when it is folded. */
        if (compatible)
            CHECK(unicode_nfkc(&work, again, n_again, &error) == 0 && work.n_bytes == n_again &&
                  memcmp(again, work.text, n_again) == 0);
    }
}

static void test_settled(void)
{
    static const uint32_t after[] = {0,     0x301,  0x316, 0x323, 0x345,
                                     0x3B9, 0x1161, 0x94D, 'n',   0xAD};
    uint32_t n_settled = 0;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++)
        for (size_t k = 0; k < sizeof after / sizeof after[0] && is_scalar(cp); k++) {
            const uint32_t points[2] = {cp, after[k]};
            for (int fold = UNICODE_FOLD_NONE; fold <= UNICODE_FOLD_TURKIC; fold++)
                if (fold == UNICODE_FOLD_LOWER || k == 0 || cp < 0x3000)
                    check_settled((enum unicode_fold)fold, points, after[k] ? 2 : 1, &n_settled);
        }
    CHECK(n_settled > 1000000);
}

/* ---- UAX #29, rule by rule. ---- */

enum { MAX_RANDOM = 12 };

static bool is_ignored(unsigned wb)
{
    return wb == WB_EXTEND || wb == WB_FORMAT || wb == WB_ZWJ;
}

static bool is_newline(unsigned wb)
{
    return wb == WB_CR || wb == WB_LF || wb == WB_NEWLINE;
}

static bool is_letter(unsigned wb)
{
    return wb == WB_ALETTER || wb == WB_HEBREW_LETTER;
}

static bool is_quote_or_dot(unsigned wb)
{
    return wb == WB_MID_NUM_LET || wb == WB_SINGLE_QUOTE;
}

/* Whether a word boundary is between cp[at - 1] and cp[at]. */
static bool reference_word_boundary(const uint32_t *cp, int n, int at)
{
    enum { NONE = 99 };
    if (at == 0 || at == n) /* WB1, WB2 */
        return true;
    const unsigned left = unicode_props(cp[at - 1]).wb, right = unicode_props(cp[at]).wb;
    if (left == WB_CR && right == WB_LF) /* WB3 */
        return false;
    if (is_newline(left) || is_newline(right)) /* WB3a, WB3b */
        return true;
    if (left == WB_ZWJ && (unicode_props(cp[at]).flags & UNICODE_PICTURE)) /* WB3c */
        return false;
    if (left == WB_WSEG_SPACE && right == WB_WSEG_SPACE) /* WB3d */
        return false;
    if (is_ignored(right)) /* WB4 */
        return false;
    /* WB4 removes ignored characters from the text, except at the beginning of a line. */
    unsigned class[MAX_RANDOM];
    int m = 0, here = 0;
    for (int i = 0; i < n; i++) {
        const unsigned wb = unicode_props(cp[i]).wb;
        if (i == at)
            here = m;
        if (!is_ignored(wb) || i == 0 || is_newline(unicode_props(cp[i - 1]).wb))
            class[m++] = wb;
    }
    const unsigned a = here > 1 ? class[here - 2] : NONE, b = class[here - 1], c = class[here];
    const unsigned d = here + 1 < m ? class[here + 1] : NONE;
    if (is_letter(b) && is_letter(c)) /* WB5 */
        return false;
    if (is_letter(b) && (c == WB_MID_LETTER || is_quote_or_dot(c)) && is_letter(d)) /* WB6 */
        return false;
    if (is_letter(a) && (b == WB_MID_LETTER || is_quote_or_dot(b)) && is_letter(c)) /* WB7 */
        return false;
    if (b == WB_HEBREW_LETTER && c == WB_SINGLE_QUOTE) /* WB7a */
        return false;
    if (b == WB_HEBREW_LETTER && c == WB_DOUBLE_QUOTE && d == WB_HEBREW_LETTER) /* WB7b */
        return false;
    if (a == WB_HEBREW_LETTER && b == WB_DOUBLE_QUOTE && c == WB_HEBREW_LETTER) /* WB7c */
        return false;
    if ((b == WB_NUMERIC || is_letter(b)) && c == WB_NUMERIC) /* WB8, WB9 */
        return false;
    if (b == WB_NUMERIC && is_letter(c)) /* WB10 */
        return false;
    if (a == WB_NUMERIC && (b == WB_MID_NUM || is_quote_or_dot(b)) && c == WB_NUMERIC) /* WB11 */
        return false;
    if (b == WB_NUMERIC && (c == WB_MID_NUM || is_quote_or_dot(c)) && d == WB_NUMERIC) /* WB12 */
        return false;
    if (b == WB_KATAKANA && c == WB_KATAKANA) /* WB13 */
        return false;
    const bool b_joins = is_letter(b) || b == WB_NUMERIC || b == WB_KATAKANA;
    const bool c_joins = is_letter(c) || c == WB_NUMERIC || c == WB_KATAKANA;
    if ((b_joins || b == WB_EXTEND_NUM_LET) && c == WB_EXTEND_NUM_LET) /* WB13a */
        return false;
    if (b == WB_EXTEND_NUM_LET && c_joins) /* WB13b */
        return false;
    if (b == WB_REGIONAL_INDICATOR && c == WB_REGIONAL_INDICATOR) { /* WB15, WB16 */
        int n_before = 0;
        while (n_before < here && class[here - 1 - n_before] == WB_REGIONAL_INDICATOR)
            n_before++;
        return n_before % 2 == 0;
    }
    return true; /* WB999 */
}

static bool reference_grapheme_boundary(const uint32_t *cp, int n, int at)
{
    if (at == 0 || at == n) /* GB1, GB2 */
        return true;
    const unsigned b = unicode_props(cp[at - 1]).gcb, c = unicode_props(cp[at]).gcb;
    if (b == GCB_CR && c == GCB_LF) /* GB3 */
        return false;
    if (b == GCB_CR || b == GCB_LF || b == GCB_CONTROL) /* GB4 */
        return true;
    if (c == GCB_CR || c == GCB_LF || c == GCB_CONTROL) /* GB5 */
        return true;
    if (b == GCB_L && (c == GCB_L || c == GCB_V || c == GCB_LV || c == GCB_LVT)) /* GB6 */
        return false;
    if ((b == GCB_LV || b == GCB_V) && (c == GCB_V || c == GCB_T)) /* GB7 */
        return false;
    if ((b == GCB_LVT || b == GCB_T) && c == GCB_T) /* GB8 */
        return false;
    if (c == GCB_EXTEND || c == GCB_ZWJ || c == GCB_SPACING_MARK) /* GB9, GB9a */
        return false;
    if (b == GCB_PREPEND) /* GB9b */
        return false;
    if (b == GCB_ZWJ && (unicode_props(cp[at]).flags & UNICODE_PICTURE)) { /* GB11 */
        int i = at - 2;
        while (i >= 0 && unicode_props(cp[i]).gcb == GCB_EXTEND)
            i--;
        if (i >= 0 && (unicode_props(cp[i]).flags & UNICODE_PICTURE))
            return false;
    }
    if (b == GCB_REGIONAL_INDICATOR && c == GCB_REGIONAL_INDICATOR) { /* GB12, GB13 */
        int n_before = 0;
        while (n_before < at && unicode_props(cp[at - 1 - n_before]).gcb == b)
            n_before++;
        return n_before % 2 == 0;
    }
    return true; /* GB999 */
}

/* A few characters of every class of both properties, with and without Extended_Pictographic. */
static const uint32_t samples[] = {
    'a',     'B',    0x3B1,   0x2139,  0x24C2, 0x1F170, 0x5D0,  0x5EA,  '1',    0x661,
    0x30A2,  0xFF71, '_',     0x202F,  ':',    0xB7,    ',',    0x37E,  '.',    0x2019,
    '\'',    '"',    0x1F1E6, 0x1F1FF, ' ',    0x3000,  0xA0,   0x301,  0xFF9E, 0x1F3FB,
    0xAD,    0xFEFF, 0x600,   0x200D,  '\r',   '\n',    '\v',   0x85,   0x2028, 0x6F22,
    0x1F600, 0x2764, '!',     0,       0xE01,  0x1100,  0x1161, 0x11A8, 0xAC00, 0xAC01,
    0x903,   0xE33,  0x110BD, 0x200C,  0xFE0F, 0xE0041};

enum { N_SAMPLES = sizeof samples / sizeof samples[0] };

static void compare_breaks(const uint32_t *cp, int n)
{
    char text[MAX_RANDOM * UTF8_MAX_BYTES];
    int offset_of[MAX_RANDOM + 1];
    size_t n_bytes = 0;
    for (int i = 0; i < n; i++) {
        offset_of[i] = (int)n_bytes;
        n_bytes += utf8_encode(cp[i], text + n_bytes);
    }
    offset_of[n] = (int)n_bytes;
    for (int kind = 0; kind < 2; kind++) {
        size_t at = 0;
        unsigned flags;
        for (int i = 0; i <= n; i++) {
            const bool wanted = kind == 0 ? reference_word_boundary(cp, n, i)
                                          : reference_grapheme_boundary(cp, n, i);
            if (wanted != (at == (size_t)offset_of[i])) {
                CHECK_MSG(false, "%s: character %d of U+%04X U+%04X U+%04X U+%04X ...",
                          kind ? "grapheme" : "word", i, (unsigned)cp[0], (unsigned)cp[1 % n],
                          (unsigned)cp[2 % n], (unsigned)cp[3 % n]);
                break;
            }
            if (wanted && at < n_bytes)
                at += kind == 0 ? unicode_break_word(text + at, n_bytes - at, &flags)
                                : unicode_break_grapheme(text + at, n_bytes - at, &flags);
        }
    }
}

static void test_breaks(void)
{
    uint32_t cp[MAX_RANDOM];
    for (uint32_t i = 0; i < N_SAMPLES * N_SAMPLES * N_SAMPLES; i++) {
        cp[0] = samples[i % N_SAMPLES];
        cp[1] = samples[i / N_SAMPLES % N_SAMPLES];
        cp[2] = samples[i / N_SAMPLES / N_SAMPLES];
        compare_breaks(cp, 3);
    }
    for (int i = 0; i < 300000; i++) {
        const uint32_t n = 1 + random_below(MAX_RANDOM), few = 2 + random_below(N_SAMPLES - 1);
        const uint32_t from = random_below(N_SAMPLES);
        for (uint32_t k = 0; k < n; k++)
            cp[k] = samples[(from + random_below(few) * 7) % N_SAMPLES];
        compare_breaks(cp, (int)n);
    }
}

/* The flags are those of the segment alone, and ill-formed bytes end the text. */
static void test_break_flags(void)
{
    unsigned flags;
    const unsigned letter = UNICODE_WORD | UNICODE_CASED;
    CHECK(unicode_break_word("ab.", 3, &flags) == 2 && flags == letter);
    CHECK(unicode_break_word("!A", 2, &flags) == 1 && flags == 0);
    CHECK(unicode_break_word("a.\u0301!", 5, &flags) == 1 && flags == letter);
    CHECK(unicode_break_word("a\u0301", 3, &flags) == 3 && (flags & UNICODE_MARK));
    CHECK(unicode_break_word("ab\xFFZ", 4, &flags) == 2 && flags == letter);
    CHECK(unicode_break_word("a.\xFFZ", 4, &flags) == 1);
    CHECK(unicode_break_word("\xFFZ", 2, &flags) == 0 && unicode_break_word("", 0, &flags) == 0);
    CHECK(unicode_break_grapheme("\xFF", 1, &flags) == 0);
    CHECK(unicode_break_grapheme("e\u0301\u0302\xCC", 6, &flags) == 5);
    CHECK(unicode_break_grapheme("", 0, &flags) == 0);
}

int main(void)
{
    TEST(test_properties);
    TEST(test_folding);
    TEST(test_lower);
    TEST(test_white);
    TEST(test_hangul);
    TEST(test_nfc);
    TEST(test_nfc_long_run);
    TEST(test_lower_context);
    TEST(test_nfkc);
    TEST(test_spelling);
    TEST(test_spelling_long);
    TEST(test_settled);
    TEST(test_breaks);
    TEST(test_break_flags);
    unicode_nfc_release(&work);
    return test_end();
}
