/*
 * Unicode: properties, folding, normalization and segmentation. The rules of UAX #29 are written
 * here a second time, literally and slowly, and compared with the fast walk on random texts.
 */
#include <stdlib.h>

#include "test.h"
#include "text/unicode.h"
#include "text/unicode_break.h"
#include "text/unicode_nfc.h"
#include "text/utf8.h"
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
    CHECK(unicode_props('a').wb == WB_ALETTER && unicode_props('a').flags == UNICODE_WORD);
    CHECK(unicode_props('A').flags == (UNICODE_WORD | UNICODE_FOLDS));
    CHECK(unicode_props(0x5D0).wb == WB_HEBREW_LETTER);
    CHECK(unicode_props(0x30A2).wb == WB_KATAKANA);
    CHECK(unicode_props(0x6F22).wb == WB_OTHER && unicode_props(0x6F22).flags == UNICODE_WORD);
    CHECK(unicode_props(0x20000).flags == UNICODE_WORD);  /* supplementary ideograph */
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

static bool folds_to(uint32_t cp, uint32_t a, uint32_t b, uint32_t c)
{
    const uint32_t wanted[] = {a, b, c};
    uint32_t out[UNICODE_MAX_FOLD];
    const size_t n = unicode_fold(cp, out);
    return n == 1u + (b != 0) + (c != 0) && memcmp(out, wanted, n * sizeof out[0]) == 0;
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
    CHECK(unicode_compose(0xAC01, 0x11A8) == 0); /* it has a final consonant */
    CHECK(unicode_compose(0xAC00, 0x11A7) == 0); /* "no final consonant" is no character */
    CHECK(unicode_compose('a', 0x301) == 0xE1 && unicode_compose('a', 'b') == 0);
    CHECK(unicode_compose(0, 0) == 0 && unicode_compose(0x10FFFF, 0x10FFFF) == 0);
}

static struct unicode_nfc work;

static bool nfc_is(const char *from, bool fold, const char *wanted)
{
    struct w2v_error error;
    return unicode_nfc(&work, from, strlen(from), fold, &error) == 0 &&
           work.n_bytes == strlen(wanted) && memcmp(work.text, wanted, work.n_bytes) == 0;
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
    CHECK(nfc_is("a\u0305\u0301", false, "a\u0305\u0301")); /* blocked by one of its class */
    CHECK(nfc_is("\u0130", true, "i\u0307") && nfc_is("I\u0307", true, "i\u0307"));
    CHECK(nfc_is("\uF900", false, "\u8C48")); /* compatibility ideograph */
    /* J with caron has no composed form; its small letter has: folding must come first. */
    CHECK(nfc_is("J\u030C", false, "J\u030C") && nfc_is("J\u030C", true, "\u01F0"));
    /* U+0345 folds to a letter: the mark after it must have been put before it. */
    CHECK(nfc_is("\u1FC3\u0323", true, "\u03B7\u0323\u03B9"));
    CHECK(nfc_is("\u03B7\u0345\u0323", true, "\u03B7\u0323\u03B9"));
    CHECK(nfc_is("\u03B7\u0323\u0345", true, "\u03B7\u0323\u03B9"));
    CHECK(!unicode_nfc_settled("\u1FC3\u0323", 5));
    CHECK(unicode_nfc_settled("\u0915\u094D\u0937", 9)); /* a virama is a mark in its place */
    CHECK(!unicode_nfc_settled("x\u0334\u0337\u0316\u0315\u0316", 11));
}

/* Marks of two classes in turn, very many of them: sorted, stable, and not in quadratic time. */
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
    for (uint32_t i = 0; i < N_MARKS; i++) /* 230 and 220, in turn; two of each kind */
        n_bytes += utf8_encode((i % 2 ? 0x317u : 0x30Du) + i / 2 % 2, text + n_bytes);
    CHECK(unicode_nfc(&work, text, n_bytes, true, &error) == 0 && work.n_bytes == n_bytes);
    CHECK(unicode_nfc_settled(work.text, work.n_bytes));
    uint32_t cp = 0;
    for (size_t i = 0; i < N_MARKS; i++) {
        utf8_decode(work.text + 1 + 2 * i, 2, &cp);
        CHECK(cp == (i < N_MARKS / 2 ? 0x317u : 0x30Du) + i % 2);
    }
    for (size_t n = 1; n < 100; n++) { /* about the length where the way of sorting changes */
        CHECK(unicode_nfc(&work, text, 1 + 2 * n, false, &error) == 0);
        CHECK(work.n_bytes == 1 + 2 * n && unicode_nfc_settled(work.text, work.n_bytes));
    }
    free(text);
}

/*
 * The short cut: for settled text, folding character by character is what unicode_nfc gives. Every
 * code point alone and before a few marks; also that folding grows as little as promised and that
 * doing all again changes nothing.
 */
static void test_settled(void)
{
    static const uint32_t after[] = {0, 0x301, 0x316, 0x323, 0x345, 0x3B9, 0x1161, 0x94D, 'n'};
    uint32_t n_settled = 0;
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        for (size_t k = 0; k < sizeof after / sizeof after[0] && is_scalar(cp); k++) {
            const uint32_t points[2] = {cp, after[k]};
            char text[8], folded[8 * UNICODE_MAX_FOLD_RATIO], again[64];
            struct w2v_error error;
            const size_t n = encode_all(points, after[k] ? 2 : 1, text);
            if (k == 0) {
                const size_t n_folded = unicode_fold_text(text, n, folded);
                CHECK_MSG(n_folded > 0 && n_folded <= n * UNICODE_MAX_FOLD_RATIO, "U+%04X",
                          (unsigned)cp);
            }
            if (!unicode_nfc_settled(text, n) && cp > 0x3000)
                continue;
            CHECK(unicode_nfc(&work, text, n, true, &error) == 0);
            if (unicode_nfc_settled(text, n)) {
                n_settled++;
                const size_t n_folded = unicode_fold_text(text, n, folded);
                CHECK_MSG(n_folded == work.n_bytes && memcmp(folded, work.text, n_folded) == 0,
                          "U+%04X U+%04X", (unsigned)cp, (unsigned)after[k]);
            }
            const size_t n_again = work.n_bytes;
            CHECK(n_again <= sizeof again);
            memcpy(again, work.text, n_again);
            CHECK(unicode_nfc(&work, again, n_again, true, &error) == 0);
            CHECK_MSG(work.n_bytes == n_again && memcmp(again, work.text, n_again) == 0,
                      "U+%04X U+%04X changes again", (unsigned)cp, (unsigned)after[k]);
        }
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
    /* What is left of the text by WB4: an ignored character counts only where a line begins. */
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

/* A few characters of every class of either property, with and without Extended_Pictographic. */
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

/* Flags are those of the segment only, and ill-formed bytes end the text. */
static void test_break_flags(void)
{
    unsigned flags;
    CHECK(unicode_break_word("ab.", 3, &flags) == 2 && flags == UNICODE_WORD);
    CHECK(unicode_break_word("!A", 2, &flags) == 1 && flags == 0);
    CHECK(unicode_break_word("a.\u0301!", 5, &flags) == 1 && flags == UNICODE_WORD);
    CHECK(unicode_break_word("a\u0301", 3, &flags) == 3 && (flags & UNICODE_MARK));
    CHECK(unicode_break_word("ab\xFFZ", 4, &flags) == 2 && flags == UNICODE_WORD);
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
    TEST(test_hangul);
    TEST(test_nfc);
    TEST(test_nfc_long_run);
    TEST(test_settled);
    TEST(test_breaks);
    TEST(test_break_flags);
    unicode_nfc_release(&work);
    return test_end();
}
