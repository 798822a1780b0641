/*
 * Tidies the spelling of words beyond their normal form, so that words that look the same are the
 * same.
 *
 *   - Code points with Default_Ignorable_Code_Point are dropped: soft hyphen, word joiner,
 *     zero-width no-break space, direction marks, variation selectors, Hangul fillers, ...
 *   - ZWNJ and ZWJ stay where they change how the word looks. ZWNJ stays between letters that would
 *     be joined (Arabic, Syriac, ...: rule A1 of UAX #31, section 2.3). Both stay after a virama of
 *     Indic scripts (A2, B). ZWJ also stays before a virama (Bengali) and between two pictographs.
 *   - Tags stay after a pictograph, as in the flags of England, Scotland and Wales.
 *   - Within a word, U+2018 and U+2019 become the ASCII apostrophe, and U+2010 and U+2011 the ASCII
 *     hyphen, as in most word lists, question sets and published vectors.
 *
 * This differs from UAX #31 in two points: scripts are not compared, and instead of the dependent
 * vowels that rule B excludes, all marks of combining class 0 are excluded.
 */
#ifndef W2V_TEXT_UNICODE_TIDY_H
#define W2V_TEXT_UNICODE_TIDY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Tidies n code points in place, in linear time. Returns how many are left. Tidying the result
 * again changes nothing.
 */
size_t unicode_tidy(uint32_t *points, size_t n);

/* What a code point with UNICODE_RESPELT becomes if it is not first in a word; 0: it is dropped. */
static inline uint32_t unicode_respelt(uint32_t cp)
{
    if (cp == 0x2018 || cp == 0x2019)
        return '\'';
    return cp == 0x2010 || cp == 0x2011 ? '-' : 0;
}

#endif
