/* The hash index of words. See index.h. */
#include "model/index.h"

#include <string.h>

#include "base/hash.h"

size_t index_n_slots(size_t n_words)
{
    size_t n = 2;
    while (n / 2 < n_words)
        n *= 2;
    return n;
}

/* The slot that holds the word, or the empty one where it would go. */
static size_t find_slot(const uint32_t *slots, size_t n_slots, index_word_fn word,
                        const void *context, const char *key, size_t n_bytes, uint64_t hash)
{
    size_t slot = hash & (n_slots - 1);
    for (; slots[slot] != 0; slot = (slot + 1) & (n_slots - 1)) {
        size_t n;
        const char *other = word(context, slots[slot] - 1, &n);
        if (n == n_bytes && memcmp(other, key, n) == 0)
            break;
    }
    return slot;
}

/* Words are hashed some steps before they are put in their slots, and fetched some before that. */
void index_build(uint32_t *slots, size_t n_slots, size_t n_words, index_word_fn word,
                 const void *context)
{
    enum { AHEAD = 16 };
    uint64_t hashes[AHEAD];
    size_t n_bytes;
    for (size_t step = 0; step < n_words + 2 * AHEAD; step++) {
        if (step < n_words)
            hash_prefetch(word(context, step, &n_bytes));
        if (step >= 2 * AHEAD) { /* before its hash is written over */
            const size_t id = step - 2 * AHEAD;
            const char *key = word(context, id, &n_bytes);
            const size_t slot =
                find_slot(slots, n_slots, word, context, key, n_bytes, hashes[id % AHEAD]);
            if (slots[slot] == 0)
                slots[slot] = (uint32_t)(id + 1);
        }
        if (step >= AHEAD && step < n_words + AHEAD) {
            const char *key = word(context, step - AHEAD, &n_bytes);
            const uint64_t hash = hash_bytes(key, n_bytes);
            hashes[step % AHEAD] = hash;
            hash_prefetch(slots + (hash & (n_slots - 1)));
        }
    }
}

void index_add(uint32_t *slots, size_t n_slots, const uint64_t *hashes, size_t first, size_t end,
               index_word_fn word, const void *context)
{
    enum { AHEAD = 16 };
    const size_t mask = n_slots - 1;
    for (size_t id = first; id < end; id++) {
        if (id + AHEAD < end)
            hash_prefetch(slots + (hashes[id + AHEAD] & mask));
        size_t slot = hashes[id] & mask, n, n_other;
        for (; slots[slot] != 0; slot = (slot + 1) & mask) {
            if (hashes[slots[slot] - 1] != hashes[id])
                continue;
            const char *other = word(context, slots[slot] - 1, &n_other);
            const char *key = word(context, id, &n);
            if (n == n_other && memcmp(key, other, n) == 0)
                break;
        }
        if (slots[slot] == 0)
            slots[slot] = (uint32_t)(id + 1);
    }
}

int64_t index_find(const uint32_t *slots, size_t n_slots, index_word_fn word, const void *context,
                   const char *key, size_t n_bytes)
{
    return (int64_t)slots[find_slot(slots, n_slots, word, context, key, n_bytes,
                                    hash_bytes(key, n_bytes))] -
           1;
}
