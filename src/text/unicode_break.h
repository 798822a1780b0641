/*
 * Text segmentation by the default rules of UAX #29 (Unicode 15.0): word boundaries (WB1 to WB999)
 * and extended grapheme clusters (GB1 to GB999), without tailoring. Both take a text that begins at
 * a boundary and say where its first segment ends; going on from there gives every boundary.
 */
#ifndef W2V_TEXT_UNICODE_BREAK_H
#define W2V_TEXT_UNICODE_BREAK_H

#include <stddef.h>

/*
 * The length in bytes of the first segment of text[0 .. n_bytes), with the union of its characters'
 * enum unicode_flag in *flags. The text ends where it stops being well-formed UTF-8; 0 is returned
 * when that is at once. The time taken is linear in what is looked at: a segment, and for words at
 * most one character and its marks more.
 */
size_t unicode_break_word(const char *text, size_t n_bytes, unsigned *flags);
size_t unicode_break_grapheme(const char *text, size_t n_bytes, unsigned *flags);

#endif
