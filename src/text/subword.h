/*
 * The character n-grams of a word, hashed into buckets, exactly as in fastText (Bojanowski et al.
 * 2017, arXiv 1607.04606).
 *
 * The n-grams of a word are the sequences of minn to maxn characters of "<word>", without "<" and
 * ">" by themselves. A character is a byte and the UTF-8 continuation bytes after it. The hash is
 * FNV-1a of 32 bits, which takes each byte as a signed number. The bucket is the hash modulo the
 * number of buckets. The word "</s>" has no n-grams.
 */
#ifndef W2V_TEXT_SUBWORD_H
#define W2V_TEXT_SUBWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The largest minn and maxn that a file may have. Larger values would only cost time. */
enum { SUBWORD_MOST_CHARACTERS = 100 };

struct subwords {
    int32_t minn, maxn; /* characters; there are no n-grams if minn > maxn */
    uint32_t buckets;   /* at least 1 */
};

/* Gets the bucket of one n-gram. It is called once for each n-gram, even if two share a bucket. */
typedef void (*subword_fn)(void *context, uint32_t bucket);

/* Visits the n-grams of a word by their start, then by their length. */
void subword_visit(const struct subwords *subwords, const char *word, size_t n_bytes,
                   subword_fn visit, void *context);

/* The number of characters of a word, without "<" and ">". */
size_t subword_count_characters(const char *word, size_t n_bytes);

/*
 * The rows that vectors of words are computed from. The vector of a word is the mean of its own row
 * and the rows of its n-grams. Rows are `stride` floats apart.
 */
struct subword_rows {
    struct subwords subwords;
    const float *own;        /* (V, D) */
    size_t n_ngrams;         /* buckets that have a row; the rows of all others are zero */
    const uint32_t *buckets; /* (n_ngrams), in rising order */
    const float *ngrams;     /* (n_ngrams, D) */
    const uint32_t *rows;    /* (n_ngrams): which of them each bucket has; NULL: in their order */
    size_t stride;
};

#endif
