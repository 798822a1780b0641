/*
 * The rules of UAX #29, applied from left to right. See unicode_break.h. Some word rules look two
 * characters ahead, for example those for a period between letters. They are decided at the middle
 * character and take the characters on both sides together. So the state is just the class of the
 * last character. Marks and format characters are skipped in one place (WB4).
 */
#include "text/unicode_break.h"

#include <stdbool.h>
#include <stdint.h>

#include "base/utf8.h"
#include "text/unicode.h"

/* A character of the text: its length (0 at the end) and its properties. */
struct character {
    size_t n_bytes;
    struct unicode_props props;
};

static inline struct character character_at(const char *text, size_t n_bytes)
{
    uint32_t cp;
    const size_t n = utf8_decode(text, n_bytes, &cp);
    if (n == 0)
        return (struct character){0};
    return (struct character){n, unicode_props(cp)};
}

/* ---- Words ---- */

#define BIT(wb) (1u << (wb))
#define AH_LETTER (BIT(WB_ALETTER) | BIT(WB_HEBREW_LETTER))
#define IGNORED (BIT(WB_EXTEND) | BIT(WB_FORMAT) | BIT(WB_ZWJ))
#define NEWLINES (BIT(WB_CR) | BIT(WB_LF) | BIT(WB_NEWLINE))

/* The classes that may follow each class within a word: WB5, WB8 to WB10, WB13, WB13a, WB13b. */
static const uint32_t word_joins[WB_NEWLINE + 1] = {
    [WB_ALETTER] = AH_LETTER | BIT(WB_NUMERIC) | BIT(WB_EXTEND_NUM_LET),
    [WB_HEBREW_LETTER] = AH_LETTER | BIT(WB_NUMERIC) | BIT(WB_EXTEND_NUM_LET),
    [WB_NUMERIC] = AH_LETTER | BIT(WB_NUMERIC) | BIT(WB_EXTEND_NUM_LET),
    [WB_KATAKANA] = BIT(WB_KATAKANA) | BIT(WB_EXTEND_NUM_LET),
    [WB_EXTEND_NUM_LET] = AH_LETTER | BIT(WB_NUMERIC) | BIT(WB_KATAKANA) | BIT(WB_EXTEND_NUM_LET),
};

/* The classes that `middle` joins to `last`: WB6 and WB7, WB7b and WB7c, WB11 and WB12. */
static uint32_t word_bridge(unsigned last, unsigned middle)
{
    const uint32_t m = BIT(middle), quote_or_dot = BIT(WB_MID_NUM_LET) | BIT(WB_SINGLE_QUOTE);
    if ((AH_LETTER >> last & 1) && (m & (BIT(WB_MID_LETTER) | quote_or_dot)))
        return AH_LETTER;
    if (last == WB_HEBREW_LETTER && middle == WB_DOUBLE_QUOTE)
        return BIT(WB_HEBREW_LETTER);
    if (last == WB_NUMERIC && (m & (BIT(WB_MID_NUM) | quote_or_dot)))
        return BIT(WB_NUMERIC);
    return 0;
}

/*
 * Examines the text after a middle character. If the first character that WB4 does not skip is of
 * one of the classes, returns the length up to and including it, and its class in *wb. Otherwise 0.
 */
static size_t word_far_side(const char *text, size_t n_bytes, uint32_t classes, unsigned *wb,
                            unsigned *seen)
{
    unsigned flags = 0;
    for (size_t i = 0;;) {
        const struct character c = character_at(text + i, n_bytes - i);
        if (c.n_bytes == 0)
            return 0;
        i += c.n_bytes;
        flags |= c.props.flags;
        if (IGNORED >> c.props.wb & 1)
            continue;
        if (!(classes >> c.props.wb & 1))
            return 0;
        *wb = c.props.wb;
        *seen |= flags;
        return i;
    }
}

size_t unicode_break_word(const char *text, size_t n_bytes, unsigned *flags)
{
    struct character c = character_at(text, n_bytes);
    unsigned seen = c.props.flags;
    unsigned before = c.props.wb; /* the class of the character directly before */
    unsigned last = c.props.wb;   /* the class of the last character that WB4 did not skip */
    size_t i = c.n_bytes, n_far;
    while (i > 0 && (c = character_at(text + i, n_bytes - i)).n_bytes > 0) {
        const unsigned wb = c.props.wb;
        if (((NEWLINES >> last) | (NEWLINES >> wb)) & 1) { /* WB3a, WB3b; and inside, WB3 */
            if (last == WB_CR && wb == WB_LF)
                i += c.n_bytes;
            break;
        }
        uint32_t far_classes;
        if (IGNORED >> wb & 1) { /* WB4 */
            before = wb;
        } else if ((before == WB_ZWJ && (c.props.flags & UNICODE_PICTURE)) || /* WB3c */
                   (before == WB_WSEG_SPACE && wb == WB_WSEG_SPACE) ||        /* WB3d */
                   (word_joins[last] >> wb & 1)) {
            before = last = wb;
        } else if (last == WB_REGIONAL_INDICATOR && wb == WB_REGIONAL_INDICATOR) {
            before = last = WB_OTHER; /* WB15, WB16: a third one begins a new pair */
        } else if ((far_classes = word_bridge(last, wb)) != 0 &&
                   (n_far = word_far_side(text + i + c.n_bytes, n_bytes - i - c.n_bytes,
                                          far_classes, &last, &seen)) > 0) {
            before = last;
            i += n_far;
        } else if (last == WB_HEBREW_LETTER && wb == WB_SINGLE_QUOTE) { /* WB7a */
            before = last = wb;
        } else {
            break;
        }
        seen |= c.props.flags;
        i += c.n_bytes;
    }
    *flags = seen;
    return i;
}

/* ---- Grapheme clusters ---- */

/* Whether GB6 to GB9b join the two. GB4 and GB5 hold because nothing joins controls. */
static bool grapheme_joins(unsigned last, unsigned next)
{
    switch (next) {
    case GCB_CR:
    case GCB_LF:
    case GCB_CONTROL:
        return false;
    case GCB_EXTEND:
    case GCB_ZWJ:
    case GCB_SPACING_MARK:
        return last != GCB_CR && last != GCB_LF && last != GCB_CONTROL;
    default:
        break;
    }
    switch (last) {
    case GCB_PREPEND:
        return true;
    case GCB_L:
        return next == GCB_L || next == GCB_V || next == GCB_LV || next == GCB_LVT;
    case GCB_LV:
    case GCB_V:
        return next == GCB_V || next == GCB_T;
    case GCB_LVT:
    case GCB_T:
        return next == GCB_T;
    default:
        return false;
    }
}

size_t unicode_break_grapheme(const char *text, size_t n_bytes, unsigned *flags)
{
    struct character c = character_at(text, n_bytes);
    unsigned seen = c.props.flags, last = c.props.gcb;
    bool picture =
        c.props.flags & UNICODE_PICTURE; /* GB11: the text ends in ExtPict Extend* [ZWJ] */
    size_t i = c.n_bytes;
    while (i > 0 && (c = character_at(text + i, n_bytes - i)).n_bytes > 0) {
        const unsigned gcb = c.props.gcb;
        const bool joined_picture = last == GCB_ZWJ && picture && (c.props.flags & UNICODE_PICTURE);
        if (grapheme_joins(last, gcb) || joined_picture || (last == GCB_CR && gcb == GCB_LF)) {
            if (c.props.flags & UNICODE_PICTURE)
                picture = true;
            else if (gcb != GCB_EXTEND && gcb != GCB_ZWJ)
                picture = false;
            else if (last == GCB_ZWJ)
                picture = false; /* GB11 allows nothing between ZWJ and the next pictograph */
            last = gcb;
        } else if (last == GCB_REGIONAL_INDICATOR && gcb == GCB_REGIONAL_INDICATOR) {
            last = GCB_OTHER; /* GB12, GB13: a third one begins a new pair */
        } else {
            break;
        }
        seen |= c.props.flags;
        i += c.n_bytes;
    }
    *flags = seen;
    return i;
}
