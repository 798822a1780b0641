/*
 * Text segmentation by the default rules of UAX #29 (Unicode 15.0): word boundaries (WB1 to WB999)
 * and extended grapheme clusters (GB1 to GB999), without tailoring. Both functions take a text that
 * begins at a boundary and find the end of its first segment, which is the next boundary.
 */
#ifndef W2V_TEXT_UNICODE_BREAK_H
#define W2V_TEXT_UNICODE_BREAK_H

#include <stddef.h>

/*
 * The length in bytes of the first segment of text[0 .. n_bytes). *flags becomes the union of its
 * characters' flags (enum unicode_flag). The text ends where it is not well-formed UTF-8; the
 * result is 0 if that is at its beginning. The time is linear in the bytes read: a segment, and for
 * words at most one more character with its marks.
 */
size_t unicode_break_word(const char *text, size_t n_bytes, unsigned *flags);
size_t unicode_break_grapheme(const char *text, size_t n_bytes, unsigned *flags);

#endif
