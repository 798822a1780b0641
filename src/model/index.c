/* The hash index of words. See index.h. */
#include "model/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

size_t index_n_slots(size_t n_words)
{
    size_t n = 2;
    while (n / 2 < n_words)
        n *= 2;
    return n;
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

/* Words are fetched some steps before they are hashed. */
int index_build(uint32_t *slots, size_t n_slots, size_t n_words, index_word_fn word,
                const void *context, struct w2v_error *error)
{
    enum { AHEAD = 16 };
    size_t n;
    uint64_t *hashes = mem_calloc(n_words, sizeof *hashes, "a model's index", error);
    if (hashes == NULL)
        return W2V_ENOMEM;
    for (size_t id = 0; id < n_words; id++) {
        if (id + AHEAD < n_words)
            hash_prefetch(word(context, id + AHEAD, &n));
        const char *key = word(context, id, &n);
        hashes[id] = hash_bytes(key, n);
    }
    index_add(slots, n_slots, hashes, 0, n_words, word, context);
    free(hashes);
    return W2V_OK;
}

int64_t index_find(const uint32_t *slots, size_t n_slots, index_word_fn word, const void *context,
                   const char *key, size_t n_bytes)
{
    const size_t mask = n_slots - 1;
    size_t slot = hash_bytes(key, n_bytes) & mask;
    for (; slots[slot] != 0; slot = (slot + 1) & mask) {
        size_t n;
        const char *other = word(context, slots[slot] - 1, &n);
        if (n == n_bytes && memcmp(other, key, n) == 0)
            break;
    }
    return (int64_t)slots[slot] - 1;
}

int index_find_equal(const uint32_t *slots, size_t n_slots, size_t n_words, index_word_fn word,
                     const void *context, uint32_t **first, struct w2v_error *error)
{
    size_t n_indexed = 0, n;
    *first = NULL;
    for (size_t slot = 0; slot < n_slots; slot++)
        n_indexed += slots[slot] != 0;
    if (n_indexed == n_words)
        return W2V_OK;
    uint32_t *found = mem_calloc(n_words, sizeof *found, "a model's index", error);
    if (found == NULL)
        return W2V_ENOMEM;
    for (size_t slot = 0; slot < n_slots; slot++)
        if (slots[slot] != 0)
            found[slots[slot] - 1] = slots[slot]; /* its id + 1 */
    for (size_t id = 0; id < n_words; id++) {
        const char *key = word(context, id, &n);
        found[id] = found[id] != 0 ? (uint32_t)id
                                   : (uint32_t)index_find(slots, n_slots, word, context, key, n);
    }
    *first = found;
    return W2V_OK;
}
