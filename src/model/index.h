/*
 * The index from words to ids: buckets by hash, the ids of a bucket in order. No words are stored:
 * a callback gives them. Both tables are part of the model file, so what is in them is fixed:
 *
 *   first  (B + 1)  bucket b holds ids[first[b]] to ids[first[b + 1] - 1]; B, a power of two, is
 *                   the least that is V or more
 *   ids    (V)      each word once; its bucket is hash_bytes(word) modulo B. In a bucket they rise
 *                   by hash, of equal hashes by word (as memcmp has it; of two of which one begins
 *                   the other, the shorter is first), of equal words by id
 *
 * A bucket holds one word on average and is searched by halving, so a lookup looks at no more than
 * 33 words, whoever chose them: words that were made to share a hash cost a lookup no more than
 * the logarithm of their number.
 */
#ifndef W2V_MODEL_INDEX_H
#define W2V_MODEL_INDEX_H

#include "base/error.h"

/* Ids and places must fit 32 bits. */
#define INDEX_MAX_WORDS (UINT32_MAX - 1)

/* Word `id`; its bytes stay while the index is used. */
typedef const char *(*index_word_fn)(const void *context, size_t id, size_t *n_bytes);

struct index {
    uint32_t *first, *ids; /* NULL: not made */
    size_t n_buckets, n_words;
    size_t n_repeated; /* words before which an equal one stands */
};

/* The buckets for n words. */
size_t index_n_buckets(size_t n_words);

/*
 * Made in three steps, so that words can be counted while they are found: room for n words, all
 * words counted by their hashes (hash_bytes), a part at a time in any order, and their ids placed.
 */
int index_make(struct index *index, size_t n_words, struct w2v_error *error);
void index_count(struct index *index, const uint64_t *hashes, size_t n);
void index_place(struct index *index, const uint64_t *hashes, index_word_fn word,
                 const void *context);

/* All of that, for words that it hashes itself. */
int index_build(struct index *index, size_t n_words, index_word_fn word, const void *context,
                struct w2v_error *error);

/*
 * Of a whole index: *first, the caller's to free, an array of n_words with the id of the first word
 * that is equal to each; NULL where all are different.
 */
int index_find_equal(const struct index *index, index_word_fn word, const void *context,
                     uint32_t **first, struct w2v_error *error);

/* Safe on {0} and twice. */
void index_release(struct index *index);

/* The id of a word, the first of equal ones, or -1. */
int64_t index_find(const struct index *index, index_word_fn word, const void *context,
                   const char *key, size_t n_bytes);

/*
 * The same among places begin .. end - 1 of a table of ids that is somewhere else: `id_at` gives the
 * id at a place, or -1 where it cannot be read, which ends the search with -1.
 */
typedef int64_t (*index_id_fn)(const void *context, size_t place);
int64_t index_search(size_t begin, size_t end, index_id_fn id_at, index_word_fn word,
                     const void *context, const char *key, size_t n_bytes);

/* Below, at or above 0 as the word `a` with its hash comes before, is, or comes behind `b`. */
int index_compare(uint64_t hash_a, const char *a, size_t n_a, uint64_t hash_b, const char *b,
                  size_t n_b);

#endif
