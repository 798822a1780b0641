/*
 * Bytes of text looked at many at a time: eight as one number; which of 64 are below a bound, as bits
 * of one number. By the processor's own instruction where every processor of its kind has it, with
 * the same result.
 */
#ifndef W2V_BASE_BYTES_H
#define W2V_BASE_BYTES_H

#include <stdint.h>
#if defined(__SSE2__) /* as on every x86-64 */
#include <emmintrin.h>
#endif

enum { BYTES_BLOCK = 64 };

/* 8 bytes as a little-endian number, so that the first byte is the lowest on every machine. */
static inline uint64_t bytes_load8(const char *text)
{
    const unsigned char *s = (const unsigned char *)text;
    return (uint64_t)s[0] | (uint64_t)s[1] << 8 | (uint64_t)s[2] << 16 | (uint64_t)s[3] << 24 |
           (uint64_t)s[4] << 32 | (uint64_t)s[5] << 40 | (uint64_t)s[6] << 48 |
           (uint64_t)s[7] << 56;
}

/* The lowest bit set in bits, which is not 0. */
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
 * Which of the 64 bytes at p are less than `bound`, as signed bytes: a byte of 128 or more is too.
 * `bound` is ASCII. The first byte's bit is lowest.
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
        below |= ((marks >> 7) * 0x0102040810204080u >> 56) << i; /* a byte's bits side by side */
    }
#endif
    return below;
}

#endif
