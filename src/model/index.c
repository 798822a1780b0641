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
                        const void *context, const char *key, size_t n_bytes)
{
    size_t slot = hash_bytes(key, n_bytes) & (n_slots - 1);
    for (; slots[slot] != 0; slot = (slot + 1) & (n_slots - 1)) {
        size_t n;
        const char *other = word(context, slots[slot] - 1, &n);
        if (n == n_bytes && memcmp(other, key, n) == 0)
            break;
    }
    return slot;
}

void index_build(uint32_t *slots, size_t n_slots, size_t n_words, index_word_fn word,
                 const void *context)
{
    for (size_t id = 0; id < n_words; id++) {
        size_t n_bytes;
        const char *key = word(context, id, &n_bytes);
        size_t slot = find_slot(slots, n_slots, word, context, key, n_bytes);
        if (slots[slot] == 0)
            slots[slot] = (uint32_t)(id + 1);
    }
}

int64_t index_find(const uint32_t *slots, size_t n_slots, index_word_fn word, const void *context,
                   const char *key, size_t n_bytes)
{
    return (int64_t)slots[find_slot(slots, n_slots, word, context, key, n_bytes)] - 1;
}
