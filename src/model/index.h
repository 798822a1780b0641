/*
 * The hash index of words: open addressing with linear probing, a slot holding id + 1, or 0 where
 * it is empty. No words are stored: a callback gives them. The table is part of the model file, so
 * its layout is fixed: see container.h.
 */
#ifndef W2V_MODEL_INDEX_H
#define W2V_MODEL_INDEX_H

#include "base/error.h"

/* Ids + 1 must fit a slot. */
#define INDEX_MAX_WORDS (UINT32_MAX - 1)

/* Word `id`; its bytes stay while the index is used. */
typedef const char *(*index_word_fn)(const void *context, size_t id, size_t *n_bytes);

/* Slots for n words: a power of two, at least twice as many. */
size_t index_n_slots(size_t n_words);

/*
 * Puts words first .. end - 1 into `slots`, zeroed at first, in which all before them are already.
 * hashes[] has hash_bytes of each word so far. Of equal words the first is kept.
 */
void index_add(uint32_t *slots, size_t n_slots, const uint64_t *hashes, size_t first, size_t end,
               index_word_fn word, const void *context);

/* The same for all words at once, which it hashes. */
int index_build(uint32_t *slots, size_t n_slots, size_t n_words, index_word_fn word,
                const void *context, struct w2v_error *error);

/*
 * Of a whole index: *first, the caller's to free, an array of n_words with the id of the first word
 * that is equal to each; NULL where all are different.
 */
int index_find_equal(const uint32_t *slots, size_t n_slots, size_t n_words, index_word_fn word,
                     const void *context, uint32_t **first, struct w2v_error *error);

/* The id of a word, or -1. */
int64_t index_find(const uint32_t *slots, size_t n_slots, index_word_fn word, const void *context,
                   const char *key, size_t n_bytes);

#endif
