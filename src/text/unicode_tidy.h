/*
 * How words are spelt beyond their normal form: what nobody sees does not make two words of one.
 *
 *   - Code points that are Default_Ignorable_Code_Point are dropped: soft hyphen, word joiner,
 *     zero-width no-break space, direction marks, variation selectors, Hangul fillers, ...
 *   - ZWNJ and ZWJ stay where the script shows them: ZWNJ between letters that would be joined
 *     (Arabic, Syriac, ...: rule A1 of UAX #31, section 2.3), both behind a virama of the scripts of
 *     India (A2, B), ZWJ before one too (Bengali), and between two pictographs.
 *   - Tags stay behind a pictograph, as the flags of England, Scotland and Wales are written.
 *   - U+2018 and U+2019 within a word become the ASCII apostrophe, U+2010 and U+2011 the ASCII
 *     hyphen: that is what keyboards, word lists, question sets and vectors of others have.
 *
 * Scripts are not compared, and a mark of combining class 0 stands for the dependent vowels that
 * rule B excludes.
 */
#ifndef W2V_TEXT_UNICODE_TIDY_H
#define W2V_TEXT_UNICODE_TIDY_H

#include <stddef.h>
#include <stdint.h>

/*
 * Tidies n code points in place; returns how many are left. Tidying again changes nothing. Linear
 * in n.
 */
size_t unicode_tidy(uint32_t *points, size_t n);

/* What becomes of a code point with UNICODE_RESPELT within a word (not first in it); 0: nothing. */
static inline uint32_t unicode_respelt(uint32_t cp)
{
    return cp == 0x2018 || cp == 0x2019 ? '\'' : cp == 0x2010 || cp == 0x2011 ? '-' : 0;
}

#endif
