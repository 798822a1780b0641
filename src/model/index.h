/*
 * The index from words to ids: a hash table whose buckets are sorted. It stores no words; a
 * callback gives them. Both tables are part of the model file, so their contents are fixed:
 *
 *   first  (B + 1)  bucket b holds ids[first[b]] to ids[first[b + 1] - 1]; B is the least power of
 *                   two >= V
 *   ids    (V)      each word once, in bucket hash_bytes(word) modulo B. A bucket is sorted by
 *                   hash, then by word (in the order of memcmp; if one word begins another, the
 *                   shorter comes first), then by id
 *
 * A bucket holds one word on average. It is searched by halving, so a lookup looks at no more than
 * 33 words, even if somebody chose all words to share a hash.
 */
#ifndef W2V_MODEL_INDEX_H
#define W2V_MODEL_INDEX_H

#include "base/error.h"

/* Ids and places must fit 32 bits. */
#define INDEX_MAX_WORDS (UINT32_MAX - 1)

/* Gives word `id`, whose bytes must stay while the index is used. */
typedef const char *(*index_word_fn)(const void *context, size_t id, size_t *n_bytes);

struct index {
    uint32_t *first, *ids; /* NULL: the index is not made */
    size_t n_buckets, n_words;
    size_t n_repeated; /* words that are equal to one of lower id */
};

/* The number of buckets, B, for n words. */
size_t index_n_buckets(size_t n_words);

/*
 * An index is made in three steps, so that words can be counted while they are being found:
 * index_make makes room for n words; index_count counts words by their hashes (hash_bytes), a part
 * at a time, in any order; index_place puts the ids in place after all words are counted.
 */
int index_make(struct index *index, size_t n_words, struct w2v_error *error);
void index_count(struct index *index, const uint64_t *hashes, size_t n);
void index_place(struct index *index, const uint64_t *hashes, index_word_fn word,
                 const void *context);

/* The three steps in one; it hashes the words itself. */
int index_build(struct index *index, size_t n_words, index_word_fn word, const void *context,
                struct w2v_error *error);

/*
 * Finds equal words. *first becomes an array of n_words, which the caller frees: (*first)[id] is
 * the lowest id of a word that is equal to word `id`. It becomes NULL if all words are different.
 */
int index_find_equal(const struct index *index, index_word_fn word, const void *context,
                     uint32_t **first, struct w2v_error *error);

/* Safe on {0} and twice. */
void index_release(struct index *index);

/* The id of a word, the lowest of equal ones, or -1. */
int64_t index_find(const struct index *index, index_word_fn word, const void *context,
                   const char *key, size_t n_bytes);

/*
 * The same among places begin .. end - 1 of `ids` that lie elsewhere. `id_at` gives the id at a
 * place, or -1 if it cannot be read; then the search ends with -1.
 */
typedef int64_t (*index_id_fn)(const void *context, size_t place);
int64_t index_search(size_t begin, size_t end, index_id_fn id_at, index_word_fn word,
                     const void *context, const char *key, size_t n_bytes);

/* Compares two words in the order of a bucket: below 0, 0 or above 0, as memcmp does. */
int index_compare(uint64_t hash_a, const char *a, size_t n_a, uint64_t hash_b, const char *b,
                  size_t n_b);

#endif
