/* Counting words. See wordtable.h. */
#include "text/wordtable.h"

#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

enum { FIRST_SLOTS = 1 << 12, FIRST_WORDS = 1 << 7, BATCH = 256, PROBES = 2 };

void wordtable_release(struct wordtable *table)
{
    free(table->slots);
    mem_unmap(&table->word_map);
    free(table->bytes);
    *table = (struct wordtable){0};
}

void wordtable_seal(struct wordtable *table)
{
    free(table->slots);
    table->slots = NULL;
    table->n_slots = 0;
}

/* Whether `more` bytes are still within the limit. */
static int check_limit(const struct wordtable *table, size_t more, struct w2v_error *error)
{
    if (table->limit == 0 || table->n_slots * sizeof *table->slots +
                                     table->capacity * sizeof *table->words +
                                     table->bytes_capacity + more <=
                                 table->limit)
        return W2V_OK;
    return error_set(error, W2V_ENOMEM,
                     "to count more than %zu different words on a thread takes more memory than "
                     "the %zu MB allowed for it; raise --memory, or name the words with --vocab",
                     table->n_words, table->limit >> 20);
}

/* By half or more. */
static int grow_words(struct wordtable *table, struct w2v_error *error)
{
    const size_t more = table->capacity / 2 > FIRST_WORDS ? table->capacity / 2 : FIRST_WORDS;
    int status = check_limit(table, more * sizeof *table->words, error);
    if (status == W2V_OK)
        status = mem_remap(&table->word_map, table->capacity + more, sizeof *table->words,
                           "the vocabulary", error);
    if (status != W2V_OK)
        return status;
    table->words = table->word_map.bytes;
    table->capacity += more;
    return W2V_OK;
}

/* Puts the words of the old slots, a multiple of BATCH, in the new ones. */
static void move_slots(const struct wordtable *table, struct wordtable_slot *slots, size_t n_slots)
{
    for (size_t first = 0, n_moved; first < table->n_slots; first += BATCH) {
        struct wordtable_slot moved[BATCH]; /* without a branch, which would be taken at random */
        n_moved = 0;
        for (size_t old = first; old < first + BATCH; old++) {
            moved[n_moved] = table->slots[old];
            n_moved += moved[n_moved].id_plus1 != 0;
        }
        for (size_t i = 0; i < n_moved; i++) {
            size_t at = moved[i].hash & (n_slots - 1);
            while (slots[at].id_plus1 != 0)
                at = (at + 1) & (n_slots - 1);
            slots[at] = moved[i];
        }
    }
}

int wordtable_reserve(struct wordtable *table, size_t n, struct w2v_error *error)
{
    struct wordtable_slot *slots = NULL;
    size_t n_slots = table->n_slots ? table->n_slots : FIRST_SLOTS, capacity = 0;
    while (n_slots < 2 * n) /* at most half full */
        n_slots *= 2;
    if (n_slots == table->n_slots)
        return W2V_OK;
    int status = check_limit(table, n_slots * sizeof *table->slots, error);
    if (table->capacity == 0) { /* the place behind the last word is read, and what it names */
        if (status == W2V_OK)
            status = mem_grow(&table->bytes, &table->bytes_capacity, 1, 1, "the vocabulary", error);
        if (status == W2V_OK)
            status = grow_words(table, error);
    }
    if (status == W2V_OK)
        status = mem_grow(&slots, &capacity, n_slots, sizeof *slots, "the vocabulary", error);
    if (status != W2V_OK)
        return status;
    /* Written before it is read: a page of calloc's read first would be mapped twice. */
    memset(slots, 0, n_slots * sizeof *slots);
    move_slots(table, slots, n_slots);
    free(table->slots);
    table->slots = slots;
    table->n_slots = n_slots;
    return W2V_OK;
}

/* A word to look up, with what it is compared by. */
struct key {
    uint64_t start; /* as struct wordtable_word has it */
    const char *text;
    size_t n_bytes;
    uint32_t hash;
};

/*
 * 1 to 8 bytes as one number: of two words of the same length equal only if they are the same. Four
 * pairs of bytes that cover them, since branches on a word's length are badly predicted.
 */
static inline uint64_t short_start(const unsigned char *p, size_t n)
{
    if (n == 1)
        return p[0];
    const size_t third = (n - 2) * 11 / 32, two_thirds = (n - 2) * 22 / 32;
    return (uint64_t)hash_load16(p) | (uint64_t)hash_load16(p + third) << 16 |
           (uint64_t)hash_load16(p + two_thirds) << 32 | (uint64_t)hash_load16(p + n - 2) << 48;
}

static inline struct key make_key(const char *text, size_t n_bytes)
{
    const unsigned char *p = (const unsigned char *)text;
    const uint64_t start = n_bytes > 8 ? hash_load64(p) : short_start(p, n_bytes);
    const uint64_t end = n_bytes > 8 ? hash_load64(p + n_bytes - 8) : 0;
    uint64_t hash = hash_step(n_bytes, start);
    for (size_t at = 8; at + 8 < n_bytes; at += 8)
        hash = hash_step(hash, hash_load64(p + at));
    return (struct key){start, text, n_bytes, (uint32_t)hash_step(hash, end)};
}

static inline uint32_t short_length(size_t n_bytes)
{
    return n_bytes < UINT32_MAX ? (uint32_t)n_bytes : UINT32_MAX;
}

static inline bool is_word(const struct wordtable *table, uint32_t id, const struct key *key)
{
    const struct wordtable_word *word = &table->words[id];
    if (word->start != key->start || word->n_bytes != short_length(key->n_bytes))
        return false;
    if (key->n_bytes <= 8)
        return true;
    size_t n;
    const char *bytes = wordtable_text(table, id, &n);
    if (n <= 16) /* the first 8 are known to be equal */
        return hash_load64((const unsigned char *)bytes + n - 8) ==
               hash_load64((const unsigned char *)key->text + n - 8);
    return n == key->n_bytes && memcmp(bytes, key->text, n) == 0;
}

/* The slot of a word, or the empty one where it belongs. */
static inline struct wordtable_slot *find_slot(const struct wordtable *table, const struct key *key)
{
    const uint32_t hash = key->hash;
    const size_t mask = table->n_slots - 1;
    for (size_t at = hash & mask;; at = (at + 1) & mask) {
        struct wordtable_slot *slot = &table->slots[at];
        if (slot->id_plus1 == 0 || (slot->hash == hash && is_word(table, slot->id_plus1 - 1, key)))
            return slot;
    }
}

int64_t wordtable_find(const struct wordtable *table, const char *text, size_t n_bytes)
{
    if (table->n_words == 0)
        return -1;
    const struct key key = make_key(text, n_bytes);
    return (int64_t)find_slot(table, &key)->id_plus1 - 1;
}

static int add_word(struct wordtable *table, const struct key *key, struct w2v_error *error)
{
    if (table->n_words >= WORDTABLE_MAX_WORDS)
        return error_set(error, W2V_EDATA, "more than %u different words", WORDTABLE_MAX_WORDS);
    int status = W2V_OK;
    if (table->n_words + 2 > table->capacity)
        status = grow_words(table, error);
    if (table->n_bytes + key->n_bytes > table->bytes_capacity && status == W2V_OK)
        status = check_limit(table, table->bytes_capacity / 2 + key->n_bytes, error);
    if (status == W2V_OK)
        status = mem_grow(&table->bytes, &table->bytes_capacity, table->n_bytes + key->n_bytes, 1,
                          "the vocabulary", error);
    if (status != W2V_OK)
        return status;
    memcpy(table->bytes + table->n_bytes, key->text, key->n_bytes);
    table->words[table->n_words++] = (struct wordtable_word){.hash = key->hash,
                                                             .n_bytes = short_length(key->n_bytes),
                                                             .start = key->start,
                                                             .offset = table->n_bytes};
    table->n_bytes += key->n_bytes;
    table->words[table->n_words] = (struct wordtable_word){.offset = table->n_bytes};
    return W2V_OK;
}

/*
 * For each key the word of its hash that its first PROBES slots hold, if that has the key's length
 * and first bytes; else WORDTABLE_MAX_WORDS. In rounds, without a branch on what comes from memory, so that it is
 * waited for together: the slots, then the words. The bytes that are left to compare are fetched.
 */
static void guess_words(const struct wordtable *table, const struct key *keys, size_t n,
                        uint32_t *guesses)
{
    const size_t mask = table->n_slots - 1;
    for (size_t i = 0; i < n; i++) {
        uint32_t guess = (uint32_t)table->n_words; /* there is a word there */
        for (size_t back = PROBES; back-- > 0;) {
            const struct wordtable_slot slot = table->slots[(keys[i].hash + back) & mask];
            const bool same = (slot.id_plus1 != 0) & (slot.hash == keys[i].hash);
            guess = same ? slot.id_plus1 - 1 : guess;
        }
        guesses[i] = guess;
        hash_prefetch(&table->words[guess]);
    }
    for (size_t i = 0; i < n; i++) {
        const struct wordtable_word *word = &table->words[guesses[i]];
        const bool same =
            (word->start == keys[i].start) & (word->n_bytes == short_length(keys[i].n_bytes));
        if (keys[i].n_bytes > 8)
            hash_prefetch(table->bytes + word->offset + word->n_bytes); /* the ends come first */
        guesses[i] = same ? guesses[i] : WORDTABLE_MAX_WORDS;
    }
}

/* The ids of at most BATCH words, new ones added. */
static int add_batch(struct wordtable *table, const struct token *words, size_t n, uint32_t *ids,
                     struct w2v_error *error)
{
    struct key keys[BATCH];
    int status = wordtable_reserve(table, table->n_words + n, error);
    if (status != W2V_OK)
        return status;
    const size_t mask = table->n_slots - 1;
    for (size_t i = 0; i < n; i++) {
        keys[i] = make_key(words[i].text, words[i].n_bytes);
        hash_prefetch(&table->slots[keys[i].hash & mask]);
    }
    guess_words(table, keys, n, ids);
    for (size_t i = 0; i < n; i++) {
        if (ids[i] != WORDTABLE_MAX_WORDS && is_word(table, ids[i], &keys[i]))
            continue;
        struct wordtable_slot *slot = find_slot(table, &keys[i]);
        if (slot->id_plus1 == 0) {
            status = add_word(table, &keys[i], error);
            if (status != W2V_OK)
                return status;
            *slot = (struct wordtable_slot){keys[i].hash, (uint32_t)table->n_words};
        }
        ids[i] = slot->id_plus1 - 1;
    }
    return W2V_OK;
}

int wordtable_add(struct wordtable *table, const struct token *words, size_t n, uint64_t by,
                  uint32_t *ids, struct w2v_error *error)
{
    for (size_t i = 0; i < n; i += BATCH) {
        const size_t end = n - i < BATCH ? n : i + BATCH;
        int status = add_batch(table, words + i, end - i, ids + i, error);
        if (status != W2V_OK)
            return status;
        for (size_t k = i; k < end; k++)
            table->words[ids[k]].count += by;
    }
    return W2V_OK;
}
