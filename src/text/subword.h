/*
 * The character n-grams of a word, hashed into buckets, exactly as fastText has them (Bojanowski et
 * al. 2017, arXiv 1607.04606).
 *
 * The n-grams of a word are the sequences of minn to maxn characters of "<word>". The single
 * characters "<" and ">" are none. A character is a byte and the UTF-8 continuation bytes behind it.
 * The hash is FNV-1a of 32 bits, which takes each byte as a signed number. The bucket is the hash
 * modulo the number of buckets. The word "</s>" has no n-grams.
 */
#ifndef W2V_TEXT_SUBWORD_H
#define W2V_TEXT_SUBWORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The most that minn and maxn may be in a file; more would only cost time. */
enum { SUBWORD_MOST_CHARACTERS = 100 };

struct subwords {
    int32_t minn, maxn; /* characters; no n-grams at all where minn > maxn */
    uint32_t buckets;   /* at least 1 */
};

/*
 * Called with the bucket of one n-gram. A bucket that several n-grams of a word fall into comes
 * once for each.
 */
typedef void (*subword_fn)(void *context, uint32_t bucket);

/* Visits the n-grams of a word by their place in it, then by their length. */
void subword_visit(const struct subwords *subwords, const char *word, size_t n_bytes,
                   subword_fn visit, void *context);

/* The characters of a word, as the n-grams count them, without "<" and ">". */
size_t subword_count_characters(const char *word, size_t n_bytes);

/*
 * The rows that the vectors of words are made of: the mean of a word's own row and of the rows of
 * its n-grams. Rows lie `stride` floats apart.
 */
struct subword_rows {
    struct subwords subwords;
    const float *own;        /* (V, D) */
    size_t n_ngrams;         /* how many buckets have a row; the rows of all others are zero */
    const uint32_t *buckets; /* (n_ngrams), rising */
    const float *ngrams;     /* (n_ngrams, D), in the order of `buckets` */
    size_t stride;
};

#endif
