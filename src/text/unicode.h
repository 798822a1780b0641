/*
 * Properties, case folding, decompositions and compositions of code points (Unicode 15.0; The
 * Unicode Standard, chapter 3). Hangul syllables are computed (UAX #15), not stored. Code points
 * must be at most U+10FFFF.
 */
#ifndef W2V_TEXT_UNICODE_H
#define W2V_TEXT_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/unicode_tables.h"

enum {
    UNICODE_MAX_FOLD = 3,      /* code points that one code point folds to */
    UNICODE_MAX_DECOMP = 4,    /* code points in a canonical decomposition */
    UNICODE_MAX_COMPAT = 18,   /* code points in a compatibility decomposition */
    UNICODE_MAX_FOLD_RATIO = 3 /* bytes of UTF-8 that one byte folds to */
};

/*
 * How case is changed. FULL is full case folding (C + F of CaseFolding.txt), made for comparing:
 * Maße becomes masse. LOWER is the full lower case mapping, as str.lower() in Python: Maße becomes
 * maße. TURKIC is LOWER with the dotted and the dotless i of Turkish and Azerbaijani.
 */
enum unicode_fold { UNICODE_FOLD_NONE, UNICODE_FOLD_FULL, UNICODE_FOLD_LOWER, UNICODE_FOLD_TURKIC };

/*
 * The flag of the code points that the folding changes, or 0. TURKIC changes the same ones as
 * LOWER, but some of them to others.
 */
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
 * Whether cp is a letter of a script without spaces in which UAX #29 cuts at every letter: Han,
 * Hiragana, Thai, Lao, Burmese, Khmer, ... Katakana is not one, because UAX #29 keeps runs of it
 * whole. The ideographs that are numbers (the zero U+3007) are such letters; other numbers are not.
 */
static inline bool unicode_unspaced(uint32_t cp)
{
    return unicode_props(cp).flags & UNICODE_UNSPACED;
}

/* Whether a code point that is not ASCII has White_Space. */
static inline bool unicode_white(uint32_t cp)
{
    if (cp < 0x1680)
        return cp == 0x85 || cp == 0xA0;
    return cp <= 0x3000 && (cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) || cp == 0x2028 ||
                            cp == 0x2029 || cp == 0x202F || cp == 0x205F || cp == 0x3000);
}

/*
 * Writes the folding of cp, 1 to UNICODE_MAX_FOLD code points, and returns their number. Where the
 * folding depends on neighbours, unicode_nfc.h does it: for a capital sigma, and for I in TURKIC.
 */
size_t unicode_fold(uint32_t cp, enum unicode_fold fold, uint32_t *out);

/*
 * Writes the full canonical decomposition of cp, 1 to UNICODE_MAX_DECOMP code points, and returns
 * their number.
 */
size_t unicode_decompose(uint32_t cp, uint32_t *out);

/* The same for the full compatibility decomposition: 1 to UNICODE_MAX_COMPAT code points. */
size_t unicode_decompose_compatible(uint32_t cp, uint32_t *out);

/* The primary composite of the pair, or 0 if there is none. */
uint32_t unicode_compose(uint32_t first, uint32_t second);

#endif
