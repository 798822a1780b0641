/*
 * Classes of ASCII bytes, and runs of them examined eight bytes at a time. One addition compares
 * all bytes of a 64-bit number: it carries into the top bit of a byte. So the lowest top bit that
 * is set marks the end of a run.
 */
#ifndef W2V_TEXT_ASCII_H
#define W2V_TEXT_ASCII_H

#include <stdint.h>
#include <string.h>

#include "base/bytes.h"

/*
 * The classes of bytes. For a byte that joins two others, its class >> 3 is the class that both
 * others must have: ASCII_MID_LETTER >> 3 == ASCII_LETTER, ASCII_MID_NUMBER >> 3 == ASCII_DIGIT.
 */
enum {
    ASCII_LETTER = 1,
    ASCII_DIGIT = 2,
    ASCII_CONNECTOR = 4,
    ASCII_MID_LETTER = 8,  /* joins two letters: WB6, WB7 */
    ASCII_MID_NUMBER = 16, /* joins two digits: WB11, WB12 */
    ASCII_SEPARATOR = 32,  /* white space, NUL */
    ASCII_NOT = 64,        /* 128 and above: not ASCII */
    ASCII_IN_WORD = ASCII_LETTER | ASCII_DIGIT | ASCII_CONNECTOR
};

#define O 0
#define S ASCII_SEPARATOR
#define L ASCII_LETTER
#define D ASCII_DIGIT
#define C ASCII_CONNECTOR
#define M ASCII_MID_LETTER
#define N ASCII_MID_NUMBER
#define B (ASCII_MID_LETTER | ASCII_MID_NUMBER)

static const uint8_t ascii_classes[128] = {
    S, O, O, O, O, O, O, O, O, S, S, S, S, S, O, O, /* NUL; \t \n \v \f \r */
    O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
    S, O, O, O, O, O, O, B, O, O, O, O, N, O, B, O, /* space ' , . */
    D, D, D, D, D, D, D, D, D, D, M, N, O, O, O, O, /* 0 .. 9 : ; */
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* A .. */
    L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, C, /* .. Z _ */
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* a .. */
    L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, O, /* .. z */
};

#undef O
#undef S
#undef L
#undef D
#undef C
#undef M
#undef N
#undef B

static inline unsigned ascii_class(char byte)
{
    const unsigned char c = (unsigned char)byte;
    return c < 128 ? ascii_classes[c] : ASCII_NOT;
}

#define ASCII_ONES 0x0101010101010101u
#define ASCII_HIGH 0x8080808080808080u

/* The next 8 bytes, the first one lowest. Bytes beyond the end are NUL, which ends any run. */
static inline uint64_t ascii_load(const char *p, const char *end)
{
    if (end - p >= 8)
        return bytes_load8(p);
    uint64_t word = 0;
    for (size_t i = 0; i < (size_t)(end - p); i++)
        word |= (uint64_t)(unsigned char)p[i] << 8 * i;
    return word;
}

/* Sets the top bit of every byte of w that is in first .. last. All bytes must be ASCII. */
static inline uint64_t ascii_bytes_in(uint64_t w, unsigned first, unsigned last)
{
    return (w + ASCII_ONES * (0x80 - first)) & ~(w + ASCII_ONES * (0x7F - last)) & ASCII_HIGH;
}

/* The index of the first byte whose top bit is set in `marks`. marks != 0. */
static inline unsigned ascii_first_marked(uint64_t marks)
{
    return bytes_first(marks) >> 3;
}

/*
 * The end of the run of ASCII letters, digits and _ that begins at p. If the run has a capital,
 * *upper becomes nonzero; if it has a letter or digit, *letter_or_digit does.
 */
static inline const char *ascii_run(const char *p, const char *end, uint64_t *upper,
                                    uint64_t *letter_or_digit)
{
    for (;;) {
        const uint64_t word = ascii_load(p, end), ascii = word & ~ASCII_HIGH;
        const uint64_t letters = ascii_bytes_in(ascii | ASCII_ONES * 0x20, 'a', 'z') & ~word;
        const uint64_t counted = letters | (ascii_bytes_in(ascii, '0', '9') & ~word);
        const uint64_t capitals = letters & ~(word << 2);
        const uint64_t stop = ~(counted | ascii_bytes_in(ascii, '_', '_')) & ASCII_HIGH;
        const uint64_t stops = stop | (word & ASCII_HIGH);
        if (stops != 0) {
            const uint64_t within = (stops & (0 - stops)) - 1;
            *upper |= capitals & within;
            *letter_or_digit |= counted & within;
            return p + ascii_first_marked(stops);
        }
        *upper |= capitals;
        *letter_or_digit |= counted;
        p += 8;
    }
}

/* Copies the text and changes A to Z into a to z. */
static inline void ascii_fold(const char *text, size_t n_bytes, char *out)
{
    size_t i = 0;
    for (; n_bytes - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, 8);
        word |= ascii_bytes_in(word, 'A', 'Z') >> 2;
        memcpy(out + i, &word, 8);
    }
    for (; i < n_bytes; i++) {
        const char c = text[i];
        out[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
}

#endif
