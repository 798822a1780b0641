/* Counting words. See wordtable.h. */
#include "text/wordtable.h"

#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"
#include "base/hash.h"
#include "base/mem.h"

enum { FIRST_SLOTS = 1 << 12, FIRST_WORDS = 1 << 7, FIRST_TEXT = 1 << 12, PROBES = 2, AHEAD = 16 };

/* A block of texts. */
struct wordtable_block {
    struct wordtable_block *older;
    size_t n_bytes, capacity;
    char bytes[];
};

void wordtable_release(struct wordtable *table)
{
    for (struct wordtable_block *block = table->block, *older; block != NULL; block = older) {
        older = block->older;
        free(block);
    }
    free(table->slots);
    free(table->texts);
    mem_unmap(&table->word_map);
    *table = (struct wordtable){0};
}

void wordtable_seal(struct wordtable *table)
{
    free(table->slots);
    table->slots = NULL;
    table->n_slots = 0;
}

/* Checks that a word more, whose text takes n_bytes, is within the limit. */
static int check_limit(struct wordtable *table, size_t n_bytes, struct w2v_error *error)
{
    if (table->limit == 0 ||
        wordtable_bytes(table->n_words + 1, table->n_text_bytes + n_bytes) <= table->limit)
        return W2V_OK;
    table->full = true;
    return error_set(error, W2V_ENOMEM,
                     "counting more than %zu different words takes more memory than the %zu MB "
                     "allowed for it; allow more memory, or give fewer different words",
                     table->n_words, table->limit >> 20);
}

/* Makes room for n words in all, and for at least half more than there was. */
static int grow_words(struct wordtable *table, size_t n, struct w2v_error *error)
{
    size_t had = table->capacity, capacity = had + (had / 2 > FIRST_WORDS ? had / 2 : FIRST_WORDS);
    if (capacity < n)
        capacity = n;
    int status =
        mem_grow(&table->texts, &had, capacity, sizeof *table->texts, "the vocabulary", error);
    if (status == W2V_OK)
        status = mem_remap(&table->word_map, capacity + 1, sizeof *table->words, "the vocabulary",
                           error);
    if (status != W2V_OK)
        return status;
    table->words = (struct wordtable_word *)table->word_map.bytes + 1; /* see no_word */
    table->capacity = capacity;
    return W2V_OK;
}

/* Makes a block with room for at least n_bytes of text. */
static int grow_texts(struct wordtable *table, size_t n_bytes, struct w2v_error *error)
{
    size_t capacity = table->n_block_bytes / 2 > FIRST_TEXT ? table->n_block_bytes / 2 : FIRST_TEXT;
    if (capacity < n_bytes)
        capacity = n_bytes;
    struct wordtable_block *block = malloc(sizeof *block + capacity);
    if (block == NULL)
        return error_memory(error, "the vocabulary", sizeof *block + capacity);
    *block = (struct wordtable_block){.older = table->block, .capacity = capacity};
    table->block = block;
    table->n_block_bytes += capacity;
    return W2V_OK;
}

/* The part of a hash that a slot holds. */
static inline uint32_t slot_tag(uint32_t hash, uint32_t mask)
{
    return hash & ~mask;
}

/* Replaces the slots by n_slots new ones and enters all words. */
static int grow_slots(struct wordtable *table, size_t n_slots, struct w2v_error *error)
{
    uint32_t *slots = NULL;
    size_t capacity = 0;
    const int status = mem_grow(&slots, &capacity, n_slots, sizeof *slots, "the vocabulary", error);
    if (status != W2V_OK)
        return status;
    free(table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    /*
     * memset writes each page first. If a page of calloc were read first, it would be mapped twice.
     */
    memset(slots, 0, n_slots * sizeof *slots);
    const uint32_t mask = (uint32_t)(n_slots - 1);
    for (size_t id = 0; id < table->n_words; id++) {
        const uint32_t hash = table->words[id].hash;
        uint32_t at = hash & mask;
        if (id + AHEAD < table->n_words)
            fetch_to_read(&slots[table->words[id + AHEAD].hash & mask], 1);
        while (slots[at] != 0)
            at = (at + 1) & mask;
        slots[at] = slot_tag(hash, mask) | (uint32_t)(id + 1);
    }
    return W2V_OK;
}

int wordtable_reserve(struct wordtable *table, size_t n, struct w2v_error *error)
{
    size_t n_slots = table->n_slots ? table->n_slots : FIRST_SLOTS;
    int status = W2V_OK;
    if (table->n_slots == 0)
        table->key = hash_key();
    if (n > WORDTABLE_MAX_WORDS)
        n = WORDTABLE_MAX_WORDS;
    while (n_slots < 2 * n) /* at most half full */
        n_slots *= 2;
    if (n > table->capacity)
        status = grow_words(table, n, error);
    if (n_slots != table->n_slots && status == W2V_OK)
        status = grow_slots(table, n_slots, error);
    return status;
}

/* A word to look up, and what to add to its count. */
struct word_key {
    uint64_t start, end; /* as in struct wordtable_word */
    uint64_t count;
    const char *text;
    size_t n_bytes;
    uint32_t hash, n_short; /* n_short is n_bytes as in struct wordtable_word */
};

/* The first 8 of n >= 1 bytes as in struct wordtable_word.start. 8 bytes must be readable. */
static inline uint64_t first_bytes(const unsigned char *p, size_t n)
{
    const unsigned beyond = n < 8 ? (unsigned)(64 - 8 * n) : 0;
    return hash_load64(p) << beyond >> beyond;
}

/* A length as in struct wordtable_word. */
static inline uint32_t short_length(size_t n_bytes)
{
    return n_bytes < UINT32_MAX ? (uint32_t)n_bytes : UINT32_MAX;
}

/* Branches on the length of a word are badly predicted, so only long words have one here. */
static inline struct word_key make_key(struct hash_key by, const char *text, size_t n_bytes,
                                       uint64_t count)
{
    const unsigned char *p = (const unsigned char *)text;
    const uint64_t start = first_bytes(p, n_bytes);
    const uint64_t end = first_bytes(p + (n_bytes > 8 ? n_bytes - 8 : 0), n_bytes);
    uint64_t hash = hash_fold(by, by.start + n_bytes, start);
    for (size_t at = 8; at + 8 < n_bytes; at += 8)
        hash = hash_fold(by, hash ^ by.start, hash_load64(p + at));
    return (struct word_key){.start = start,
                             .end = end,
                             .count = count,
                             .text = text,
                             .n_bytes = n_bytes,
                             .hash = (uint32_t)hash_fold(by, hash ^ by.start, end),
                             .n_short = short_length(n_bytes)};
}

/* The same for a word behind which nothing may be read. A short word is copied to `room`. */
static inline struct word_key make_key_copied(struct hash_key by, const char *text, size_t n_bytes,
                                              uint64_t count, char room[8])
{
    if (n_bytes < 8) {
        memset(room, 0, 8);
        memcpy(room, text, n_bytes);
        text = room;
    }
    return make_key(by, text, n_bytes, count);
}

/* Whether a word has the key's length, start and end. For up to 16 bytes this means equality. */
static inline bool looks_like(const struct wordtable_word *word, const struct word_key *key)
{
    return (word->start == key->start) & (word->end == key->end) & (word->n_bytes == key->n_short);
}

static inline bool is_same_word(const struct wordtable *table, uint32_t id,
                                const struct word_key *key)
{
    size_t n;
    if (!looks_like(&table->words[id], key))
        return false;
    if (key->n_short <= 16)
        return true;
    const char *text = wordtable_text(table, id, &n);
    return n == key->n_bytes && memcmp(text, key->text, n) == 0;
}

/* The slot of a word, or the empty slot where it belongs. */
static inline uint32_t *find_slot(const struct wordtable *table, const struct word_key *key)
{
    const uint32_t mask = (uint32_t)(table->n_slots - 1), tag = slot_tag(key->hash, mask);
    for (uint32_t at = key->hash & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &table->slots[at];
        if (*slot == 0 ||
            (slot_tag(*slot, mask) == tag && is_same_word(table, (*slot & mask) - 1, key)))
            return slot;
    }
}

int64_t wordtable_find(const struct wordtable *table, const char *text, size_t n_bytes)
{
    char room[8];
    if (table->n_words == 0)
        return -1;
    const struct word_key key = make_key_copied(table->key, text, n_bytes, 0, room);
    const uint32_t mask = (uint32_t)(table->n_slots - 1);
    return (int64_t)(*find_slot(table, &key) & mask) - 1;
}

/*
 * Copies a text into a block and sets *text to the copy. A length above 32 bits is put before it.
 */
static int copy_text(struct wordtable *table, const char **text, size_t n_bytes,
                     struct w2v_error *error)
{
    const size_t before = n_bytes < UINT32_MAX ? 0 : sizeof n_bytes, need = before + n_bytes;
    if (table->block == NULL || table->block->capacity - table->block->n_bytes < need) {
        int status = grow_texts(table, need, error);
        if (status != W2V_OK)
            return status;
    }
    struct wordtable_block *block = table->block;
    char *copy = block->bytes + block->n_bytes + before;
    if (before > 0)
        memcpy(copy - before, &n_bytes, before);
    memcpy(copy, *text, n_bytes);
    block->n_bytes += need;
    table->n_text_bytes += need;
    *text = copy;
    return W2V_OK;
}

/* Enters a new word, for which there is room. If `copied`, its text is copied. */
static int enter_word(struct wordtable *table, const struct word_key *key, bool copied,
                      struct w2v_error *error)
{
    const char *text = key->text;
    int status;
    if (table->n_words >= WORDTABLE_MAX_WORDS)
        return error_set(error, W2V_EDATA, "more than %u different words", WORDTABLE_MAX_WORDS);
    status = check_limit(table, copied ? key->n_bytes : 0, error);
    if (copied && status == W2V_OK)
        status = copy_text(table, &text, key->n_bytes, error);
    if (status != W2V_OK)
        return status;
    table->texts[table->n_words] = text;
    table->words[table->n_words++] = (struct wordtable_word){
        .start = key->start, .end = key->end, .hash = key->hash, .n_bytes = key->n_short};
    return W2V_OK;
}

/* The word of no bytes before the first word. An empty slot refers to it. */
static inline struct wordtable_word *no_word(const struct wordtable *table)
{
    return table->words - 1;
}

/*
 * For each key, guesses[i] becomes the id + 1 in the first of its PROBES slots that has its tag, or
 * 0, and that word is prefetched. No branch depends on the slots, so the processor waits for many
 * of them at once.
 */
static void guess_words(const struct wordtable *table, const struct word_key *keys, size_t n,
                        uint32_t *guesses)
{
    const uint32_t mask = (uint32_t)(table->n_slots - 1);
    for (size_t i = 0; i < n; i++) {
        uint32_t guess = 0;
        for (uint32_t back = PROBES; back-- > 0;) {
            const uint32_t slot = table->slots[(keys[i].hash + back) & mask];
            guess = slot_tag(slot ^ keys[i].hash, mask) == 0 ? slot & mask : guess;
        }
        guesses[i] = guess;
        fetch_to_read(no_word(table) + guess, 1);
    }
}

/* Counts the words of the keys and sets their ids. New words are entered; there is room for all. */
static int add_keys(struct wordtable *table, const struct word_key *keys, size_t n, bool copied,
                    uint32_t *ids, struct w2v_error *error)
{
    const uint32_t mask = (uint32_t)(table->n_slots - 1);
    guess_words(table, keys, n, ids);
    for (size_t i = 0; i < n; i++) {
        const struct word_key *key = &keys[i];
        uint32_t id = ids[i] - 1;
        if (!looks_like(no_word(table) + ids[i], key) ||
            (key->n_short > 16 && !is_same_word(table, id, key))) {
            uint32_t *slot = find_slot(table, key);
            if (*slot == 0) {
                int status = enter_word(table, key, copied, error);
                if (status != W2V_OK)
                    return status;
                *slot = slot_tag(key->hash, mask) | (uint32_t)table->n_words;
            }
            id = (*slot & mask) - 1;
        }
        table->words[id].count += key->count;
        ids[i] = id;
    }
    return W2V_OK;
}

static inline void prefetch_slot(const struct wordtable *table, const struct word_key *key)
{
    fetch_to_read(&table->slots[key->hash & (table->n_slots - 1)], 1);
}

int wordtable_add(struct wordtable *table, const struct token *words, size_t n, uint64_t by,
                  uint32_t *ids, struct w2v_error *error)
{
    struct word_key keys[WORDTABLE_BATCH];
    for (size_t first = 0, n_keys; first < n; first += n_keys) {
        n_keys = n - first < WORDTABLE_BATCH ? n - first : WORDTABLE_BATCH;
        int status = wordtable_reserve(table, table->n_words + n_keys, error);
        if (status != W2V_OK)
            return status;
        for (size_t i = 0; i < n_keys; i++) {
            keys[i] = make_key(table->key, words[first + i].text, words[first + i].n_bytes, by);
            prefetch_slot(table, &keys[i]);
        }
        status = add_keys(table, keys, n_keys, true, ids + first, error);
        if (status != W2V_OK)
            return status;
    }
    return W2V_OK;
}

int wordtable_add_word(struct wordtable *table, const char *text, size_t n_bytes, uint64_t by,
                       uint32_t *id, struct w2v_error *error)
{
    char room[8];
    int status = wordtable_reserve(table, table->n_words + 1, error);
    if (status != W2V_OK)
        return status;
    const struct word_key key = make_key_copied(table->key, text, n_bytes, by, room);
    return add_keys(table, &key, 1, true, id, error);
}

int wordtable_merge(struct wordtable *table, const struct wordtable *from, const uint32_t *others,
                    size_t n, uint32_t *ids, struct w2v_error *error)
{
    struct word_key keys[WORDTABLE_BATCH];
    int status = wordtable_reserve(table, table->n_words + n, error);
    if (status != W2V_OK)
        return status;
    for (size_t i = 0; i < n; i++) {
        const struct wordtable_word *word = &from->words[others[i]];
        keys[i] = (struct word_key){.start = word->start,
                                    .end = word->end,
                                    .count = word->count,
                                    .hash = word->hash,
                                    .n_short = word->n_bytes};
        keys[i].text = wordtable_text(from, others[i], &keys[i].n_bytes);
        prefetch_slot(table, &keys[i]);
    }
    return add_keys(table, keys, n, false, ids, error);
}
