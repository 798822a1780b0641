/*
 * Counts the pairs of adjacent tokens in a line, on all threads.
 *
 * Each pair belongs to a partition, by its hash, and each partition has a table. The corpus is
 * counted in rounds. A round is cut into slices, and the pairs of each slice are sorted by
 * partition. Then each partition takes its pairs from all slices, in order. So every table sees the
 * same sequence for any number of threads. This matters once memory is short.
 *
 * Counting is lossy then, after Manku and Motwani 2002 ("Approximate frequency counts over data
 * streams"), but here the memory is fixed and the error follows from it. A full table raises its
 * bound e to the median of (count + error) of its pairs and drops the pairs that are not above e. A
 * pair that comes later may have been dropped before, so it starts with error e. For the true
 * number of occurrences t this guarantees count <= t <= count + error, and t <= e if the pair is
 * not in the table.
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
    uint32_t bound;          /* e; 0 as long as no pair has been dropped */
    struct hash_key by;      /* the key of the hash, so that no text can make pairs collide */
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
 * Counts the pairs in ids[0 .. n), an encoded text (ids.h). Only pairs of two eligible words count;
 * eligible[id] is 0 or 1. About `memory` bytes are used (0: no limit). Progress goes to `watch`,
 * which may be NULL.
 */
int pairs_count(struct pairs *pairs, const uint32_t *ids, size_t n, const uint8_t *eligible,
                uint64_t memory, unsigned threads, struct watch *watch, struct w2v_error *error);

/* The largest error that any count may have; 0: all counts are exact. */
uint32_t pairs_error(const struct pairs *pairs);

/* Begin with {0}. */
void pairs_release(struct pairs *pairs);

#endif
