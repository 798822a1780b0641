/*
 * Strict UTF-8 (The Unicode Standard 15.0, table 3-7). Overlong forms, surrogates, values above
 * U+10FFFF and cut sequences are not well-formed; U+0000 and noncharacters are. Decoding is inline
 * because every token that is not ASCII needs it.
 */
#ifndef W2V_BASE_UTF8_H
#define W2V_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most bytes that one code point takes. */
enum { UTF8_MAX_BYTES = 4 };

/*
 * Decodes the sequence at the beginning of text[0 .. n_bytes) to *cp. Returns its length, 1 to 4;
 * or 0, with *cp unchanged, if n_bytes is 0 or no well-formed sequence begins here.
 */
static inline size_t utf8_decode(const char *text, size_t n_bytes, uint32_t *cp)
{
    if (n_bytes == 0)
        return 0;
    const unsigned char *s = (const unsigned char *)text;
    const uint32_t lead = s[0];
    if (lead < 0x80) {
        *cp = lead;
        return 1;
    }
    if (lead < 0xE0) {
        if (lead < 0xC2 || n_bytes < 2 || (s[1] & 0xC0) != 0x80)
            return 0;
        *cp = (lead & 0x1F) << 6 | (s[1] & 0x3Fu);
        return 2;
    }
    if (lead < 0xF0) {
        if (n_bytes < 3 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80)
            return 0;
        const uint32_t c = (lead & 0x0F) << 12 | (s[1] & 0x3Fu) << 6 | (s[2] & 0x3Fu);
        if (c < 0x800 || (c >= 0xD800 && c < 0xE000))
            return 0;
        *cp = c;
        return 3;
    }
    if (n_bytes < 4 || lead > 0xF4 || (s[1] & 0xC0) != 0x80 || (s[2] & 0xC0) != 0x80 ||
        (s[3] & 0xC0) != 0x80)
        return 0;
    const uint32_t c =
        (lead & 0x07) << 18 | (s[1] & 0x3Fu) << 12 | (s[2] & 0x3Fu) << 6 | (s[3] & 0x3Fu);
    if (c < 0x10000 || c > 0x10FFFF)
        return 0;
    *cp = c;
    return 4;
}

/*
 * Writes cp to `out`, which has room for UTF8_MAX_BYTES, and returns its length, 1 to 4. A
 * surrogate or a value above U+10FFFF is written as U+FFFD.
 */
size_t utf8_encode(uint32_t cp, char *out);

/* The length of the longest well-formed beginning of the text: n_bytes if all of it is UTF-8. */
size_t utf8_valid_prefix(const char *text, size_t n_bytes);

/* How many bytes fit into `most` if no character is cut: n_bytes, or fewer. */
static inline size_t utf8_shorten(const char *text, size_t n_bytes, size_t most)
{
    size_t n = n_bytes < most ? n_bytes : most;
    while (n < n_bytes && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return n;
}

/*
 * Whether all of it is UTF-8 without control characters, except white space. Floats hardly ever are.
 * `goes_on`: the last character may be cut off.
 */
bool utf8_is_text(const char *text, size_t n_bytes, bool goes_on);

#endif
