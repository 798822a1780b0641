/*
 * What text/ asks about a code point: its properties, its case folding, its decompositions and
 * compositions (Unicode 15.0; The Unicode Standard, chapter 3, and UAX #15 for Hangul, which is
 * computed, not stored). Code points must be at most U+10FFFF.
 */
#ifndef W2V_TEXT_UNICODE_H
#define W2V_TEXT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/unicode_tables.h"

enum {
    UNICODE_MAX_FOLD = 3,      /* code points that one folds to */
    UNICODE_MAX_DECOMP = 4,    /* code points that one decomposes to */
    UNICODE_MAX_COMPAT = 18,   /* likewise by compatibility */
    UNICODE_MAX_FOLD_RATIO = 3 /* bytes of UTF-8 that one byte of it folds to */
};

/*
 * What is done to case. FULL is for comparing: full case folding, C + F of CaseFolding.txt, in which
 * Maße is Masse. LOWER is the full lower case mapping, which keeps a word as it is written: what
 * str.lower() gives in Python. TURKIC is LOWER with the dotted and the dotless i of Turkish and
 * Azerbaijani.
 */
enum unicode_fold { UNICODE_FOLD_NONE, UNICODE_FOLD_FULL, UNICODE_FOLD_LOWER, UNICODE_FOLD_TURKIC };

/* The flag of what is changed, or 0. TURKIC changes what LOWER changes, some of it otherwise. */
static inline unsigned unicode_fold_flag(enum unicode_fold fold)
{
    if (fold == UNICODE_FOLD_NONE)
        return 0;
    return fold == UNICODE_FOLD_FULL ? UNICODE_FOLDS : UNICODE_LOWERS;
}

static inline struct unicode_props unicode_props(uint32_t cp)
{
    const uint32_t low = cp & ((1u << UNICODE_BLOCK_BITS) - 1);
    const uint32_t block = unicode_tables_blocks[cp >> UNICODE_BLOCK_BITS];
    return unicode_tables_props[unicode_tables_cells[block << UNICODE_BLOCK_BITS | low]];
}

/*
 * Whether cp is a letter of a script written without spaces, where UAX #29 cuts at every letter:
 * Han, Hiragana, Thai, Lao, Burmese, Khmer, ... Katakana runs, which it keeps whole, are not. The
 * letters that it puts into no class are these, and signs of the number kind (superscripts,
 * enclosed numbers), which are left out here.
 */
static inline bool unicode_unspaced(uint32_t cp)
{
    const struct unicode_props props = unicode_props(cp);
    return cp >= 0x0E00 && props.wb == WB_OTHER && (props.flags & UNICODE_WORD) &&
           !(cp >= 0x2000 && cp < 0x3000);
}

/* White_Space, for a code point that is not ASCII. */
static inline bool unicode_white(uint32_t cp)
{
    if (cp < 0x1680)
        return cp == 0x85 || cp == 0xA0;
    return cp <= 0x3000 && (cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 ||
                            cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000);
}

/*
 * The folding of cp by itself: 1 to UNICODE_MAX_FOLD code points; returns how many. What depends on
 * its neighbours is left to unicode_nfc.h: a capital sigma, and in TURKIC an I before a dot above.
 */
size_t unicode_fold(uint32_t cp, enum unicode_fold fold, uint32_t *out);

/* Full canonical decomposition of cp: 1 to UNICODE_MAX_DECOMP code points; returns how many. */
size_t unicode_decompose(uint32_t cp, uint32_t *out);

/* Full compatibility decomposition of cp: 1 to UNICODE_MAX_COMPAT code points; returns how many. */
size_t unicode_decompose_compatible(uint32_t cp, uint32_t *out);

/* The primary composite of the pair, or 0 when there is none. */
uint32_t unicode_compose(uint32_t first, uint32_t second);

#endif
