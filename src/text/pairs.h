/*
 * How often each pair of adjacent tokens of a line occurs, counted on all threads.
 *
 * Pairs are spread over partitions by their hash. A round of the corpus is first cut into slices,
 * whose pairs are sorted by partition, then each partition takes its pairs of all slices in their
 * order. So every table sees the same sequence whatever the number of threads, which matters once
 * memory is short.
 *
 * Then counting is lossy, after Manku and Motwani 2002 ("Approximate frequency counts over data
 * streams"), but with the room fixed and the error following from it: a table that is full raises
 * its bound e to the median of (count + error) of its pairs and drops those not above, and a pair
 * that comes in later has error e, as it may have been dropped before. A count is low by no more
 * than its error; a pair that is not there occurred no more often than e.
 */
#ifndef W2V_TEXT_PAIRS_H
#define W2V_TEXT_PAIRS_H

#include "base/error.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/watch.h"
#include "text/ids.h"

enum { PAIRS_PARTITIONS = 64 };

struct pair {
    uint64_t key;          /* pairs_key; 0: an empty slot */
    uint32_t count, error; /* both stop at UINT32_MAX */
};

/* A hash table with linear probing. */
struct pairs_table {
    struct pair *slots;
    size_t n_slots, n_pairs; /* a power of two, or 0 */
    uint32_t bound;          /* e: 0 as long as all pairs fitted */
    struct hash_key by;      /* of the slots, so that no text can have pairs collide */
};

struct pairs {
    struct pairs_table tables[PAIRS_PARTITIONS];
};

static inline uint64_t pairs_key(uint32_t left, uint32_t right)
{
    return ((uint64_t)left << 32 | right) + 1;
}

static inline uint64_t pairs_hash(struct hash_key by, uint64_t key)
{
    return hash_fold(by, by.start, key);
}

static inline uint32_t pairs_left(uint64_t key)
{
    return (uint32_t)((key - 1) >> 32);
}

static inline uint32_t pairs_right(uint64_t key)
{
    return (uint32_t)(key - 1);
}

/*
 * Counts the pairs of ids[0 .. n) (as a corpus has them, CORPUS_LINE_END behind a line) of which
 * both words are `eligible` (a byte a word, 0 or 1), in about `memory` bytes (0: no limit). The
 * watch, which may be NULL, is told how far it is.
 */
int pairs_count(struct pairs *pairs, const uint32_t *ids, size_t n, const uint8_t *eligible,
                uint64_t memory, unsigned threads, struct watch *watch, struct w2v_error *error);

/* The greatest error that any count may have; 0: all are exact. */
uint32_t pairs_error(const struct pairs *pairs);

/* Begin with {0}. */
void pairs_release(struct pairs *pairs);

#endif
