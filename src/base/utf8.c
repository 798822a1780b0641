/*
 * Encoding UTF-8 and checking a whole text. See utf8.h. ASCII, the largest part of most corpora, is
 * checked eight bytes at a time.
 */
#include "base/utf8.h"

#include "base/bytes.h"

static const uint64_t HIGH_BITS = 0x8080808080808080u;

size_t utf8_encode(uint32_t cp, char *out)
{
    if (cp > 0x10FFFF || (cp >= 0xD800 && cp < 0xE000))
        cp = 0xFFFD;
    if (cp < 0x80) {
        out[0] = (char)cp;
        return 1;
    }
    if (cp < 0x800) {
        out[0] = (char)(0xC0 | cp >> 6);
        out[1] = (char)(0x80 | (cp & 0x3F));
        return 2;
    }
    if (cp < 0x10000) {
        out[0] = (char)(0xE0 | cp >> 12);
        out[1] = (char)(0x80 | (cp >> 6 & 0x3F));
        out[2] = (char)(0x80 | (cp & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | cp >> 18);
    out[1] = (char)(0x80 | (cp >> 12 & 0x3F));
    out[2] = (char)(0x80 | (cp >> 6 & 0x3F));
    out[3] = (char)(0x80 | (cp & 0x3F));
    return 4;
}

size_t utf8_valid_prefix(const char *text, size_t n_bytes)
{
    size_t i = 0;
    while (i < n_bytes) {
        if (n_bytes - i >= 8 && !(bytes_load8(text + i) & HIGH_BITS)) {
            i += 8;
            continue;
        }
        uint32_t cp;
        const size_t n = utf8_decode(text + i, n_bytes - i, &cp);
        if (n == 0)
            break;
        i += n;
    }
    return i;
}

bool utf8_is_text(const char *text, size_t n_bytes, bool goes_on)
{
    for (size_t i = 0; i < n_bytes; i++) {
        const unsigned char c = (unsigned char)text[i];
        if ((c < 0x20 && (c < '\t' || c > '\r')) || c == 0x7F)
            return false;
    }
    const size_t n_left = n_bytes - utf8_valid_prefix(text, n_bytes);
    return n_left == 0 || (goes_on && n_left < UTF8_MAX_BYTES);
}
