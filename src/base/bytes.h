/*
 * Many bytes of text at a time: eight bytes as one number, and 64 comparisons with a bound as the
 * 64 bits of one number. On x86-64 the comparison uses SSE2, which every such processor has; the
 * plain code gives the same result.
 */
#ifndef W2V_BASE_BYTES_H
#define W2V_BASE_BYTES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#if defined(__SSE2__) /* on every x86-64 */
#include <emmintrin.h>
#endif

enum { BYTES_BLOCK = 64 };

/* ASCII white space: space \t \n \v \f \r. */
static inline bool bytes_is_white(char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Whether two strings of n bytes are equal but for the case of ASCII letters, in any locale. */
static inline bool bytes_alike(const char *a, const char *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const unsigned char x = (unsigned char)a[i], y = (unsigned char)b[i], lower = x | 32;
        if (x != y && ((x ^ y) != 32 || lower < 'a' || lower > 'z'))
            return false;
    }
    return true;
}

/* 8 bytes as a little-endian number, so that the first byte is the lowest on every machine. */
static inline uint64_t bytes_load8(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 | (uint64_t)s[3] << 24 |
           (uint64_t)s[4] << 32 | (uint64_t)s[5] << 40 | (uint64_t)s[6] << 48 |
           (uint64_t)s[7] << 56;
}

/* The index of the lowest bit that is set in `bits`. bits != 0. */
static inline unsigned bytes_first(uint64_t bits)
{
#if defined(__GNUC__)
    return (unsigned)__builtin_ctzll(bits);
#else
    unsigned i = 0;
    while (!(bits >> i & 1))
        i++;
    return i;
#endif
}

/*
 * Bit i of the result is set if p[i], as a signed byte, is less than `bound`, an ASCII character.
 * Bytes of 128 and more are negative, so their bits are always set.
 */
static inline uint64_t bytes_below(const char *p, char bound)
{
    uint64_t below = 0;
#if defined(__SSE2__)
    for (unsigned i = 0; i < BYTES_BLOCK; i += 16) {
        const __m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(p + i));
        const int marks = _mm_movemask_epi8(_mm_cmplt_epi8(bytes, _mm_set1_epi8(bound)));
        below |= (uint64_t)(unsigned)marks << i;
    }
#else
    const uint64_t ones = 0x0101010101010101u, high = 0x8080808080808080u;
    for (unsigned i = 0; i < BYTES_BLOCK; i += 8) {
        const uint64_t word = bytes_load8(p + i);
        const uint64_t marks = (~((word & ~high) + ones * (0x80 - (uint64_t)bound)) | word) & high;
        below |= ((marks >> 7) * 0x0102040810204080u >> 56) << i; /* eight marks to eight bits */
    }
#endif
    return below;
}

#endif
