/* Counting words. See wordtable.h. */
#include "text/wordtable.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { FIRST_SLOTS = 1 << 12, BATCH = 256 };

void wordtable_release(struct wordtable *table)
{
    free(table->slots);
    free(table->words);
    free(table->bytes);
    *table = (struct wordtable){0};
}

static inline void prefetch(const void *address)
{
#if defined(__GNUC__)
    __builtin_prefetch(address);
#else
    (void)address;
#endif
}

/* Twice the slots, at most half full. */
static int grow_slots(struct wordtable *table, struct w2v_error *error)
{
    size_t n_slots = table->n_slots ? 2 * table->n_slots : FIRST_SLOTS;
    struct wordtable_slot *slots = mem_calloc(n_slots, sizeof *slots, "the vocabulary", error);
    if (slots == NULL)
        return W2V_ENOMEM;
    for (size_t id = 0; id < table->n_words; id++) {
        uint64_t hash = table->words[id].hash;
        size_t at = hash & (n_slots - 1);
        while (slots[at].id_plus1 != 0)
            at = (at + 1) & (n_slots - 1);
        slots[at] = (struct wordtable_slot){(uint32_t)(hash >> 32), (uint32_t)id + 1};
    }
    free(table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    return W2V_OK;
}

static bool is_word(const struct wordtable *table, uint32_t id, const char *text, size_t n_bytes)
{
    size_t n;
    const char *bytes = wordtable_text(table, id, &n);
    return n == n_bytes && memcmp(bytes, text, n_bytes) == 0;
}

/* The slot of a word, or the empty one where it belongs. */
static struct wordtable_slot *find_slot(const struct wordtable *table, uint64_t hash,
                                        const char *text, size_t n_bytes)
{
    uint32_t tag = (uint32_t)(hash >> 32);
    for (size_t at = hash & (table->n_slots - 1);; at = (at + 1) & (table->n_slots - 1)) {
        struct wordtable_slot *slot = &table->slots[at];
        if (slot->id_plus1 == 0 ||
            (slot->tag == tag && is_word(table, slot->id_plus1 - 1, text, n_bytes)))
            return slot;
    }
}

int64_t wordtable_find(const struct wordtable *table, const char *text, size_t n_bytes)
{
    if (table->n_words == 0)
        return -1;
    struct wordtable_slot *slot = find_slot(table, hash_bytes(text, n_bytes), text, n_bytes);
    return (int64_t)slot->id_plus1 - 1;
}

static int add_word(struct wordtable *table, uint64_t hash, const struct token *word,
                    struct w2v_error *error)
{
    if (table->n_words >= WORDTABLE_MAX_WORDS)
        return error_set(error, W2V_EDATA, "more than %u different words", WORDTABLE_MAX_WORDS);
    int status = mem_grow(&table->words, &table->capacity, table->n_words + 2, sizeof *table->words,
                          "the vocabulary", error);
    if (status == W2V_OK)
        status = mem_grow(&table->bytes, &table->bytes_capacity, table->n_bytes + word->n_bytes, 1,
                          "the vocabulary", error);
    if (status != W2V_OK)
        return status;
    memcpy(table->bytes + table->n_bytes, word->text, word->n_bytes);
    table->words[table->n_words++] = (struct wordtable_word){hash, table->n_bytes, 0};
    table->n_bytes += word->n_bytes;
    table->words[table->n_words] = (struct wordtable_word){.offset = table->n_bytes};
    return W2V_OK;
}

/* As wordtable_add, for at most BATCH words: all slots are on their way before the first is read.
 */
static int add_batch(struct wordtable *table, const struct token *words, size_t n, uint64_t by,
                     uint32_t *ids, struct w2v_error *error)
{
    uint64_t hashes[BATCH];
    while (table->n_slots < 2 * (table->n_words + n)) {
        int status = grow_slots(table, error);
        if (status != W2V_OK)
            return status;
    }
    for (size_t i = 0; i < n; i++) {
        hashes[i] = hash_bytes(words[i].text, words[i].n_bytes);
        prefetch(&table->slots[hashes[i] & (table->n_slots - 1)]);
    }
    for (size_t i = 0; i < n; i++) {
        struct wordtable_slot *slot = find_slot(table, hashes[i], words[i].text, words[i].n_bytes);
        if (slot->id_plus1 == 0) {
            int status = add_word(table, hashes[i], &words[i], error);
            if (status != W2V_OK)
                return status;
            *slot = (struct wordtable_slot){(uint32_t)(hashes[i] >> 32), (uint32_t)table->n_words};
        }
        ids[i] = slot->id_plus1 - 1;
        table->words[ids[i]].count += by;
    }
    return W2V_OK;
}

int wordtable_add(struct wordtable *table, const struct token *words, size_t n, uint64_t by,
                  uint32_t *ids, struct w2v_error *error)
{
    int status = W2V_OK;
    for (size_t i = 0; i < n && status == W2V_OK; i += BATCH) {
        size_t batch = n - i < BATCH ? n - i : BATCH;
        status = add_batch(table, words + i, batch, by, ids + i, error);
    }
    return status;
}
