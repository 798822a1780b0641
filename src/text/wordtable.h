/*
 * A growing table of distinct words with their counts, one thread's share of counting a vocabulary.
 * Words get ids 0, 1, 2, ... as they first appear and are stored once, one behind the other. Open
 * addressing with linear probing; a slot carries 32 bits of the hash, so that a word is looked at
 * only where it is almost surely the right one, and the slots grow without the words.
 */
#ifndef W2V_TEXT_WORDTABLE_H
#define W2V_TEXT_WORDTABLE_H

#include "base/mem.h"
#include "text/tokenizer.h"

/* Ids stay below this, so that one bit of an id is free. */
#define WORDTABLE_MAX_WORDS 0x7ffffffeu

struct wordtable_slot {
    uint32_t hash;
    uint32_t id_plus1; /* 0: empty */
};

/* Half a cache line: enough to tell words of up to 8 bytes apart without going to the bytes. */
struct wordtable_word {
    uint32_t hash;    /* as its slot's */
    uint32_t n_bytes; /* UINT32_MAX: that or more, which offsets tell */
    uint64_t start;   /* its first 8 bytes, or a number that tells shorter ones apart */
    uint64_t offset;  /* of its bytes; they end where the next word's begin */
    uint64_t count;
};

struct wordtable {
    struct wordtable_slot *slots;
    size_t n_slots;               /* a power of two, or 0 */
    struct wordtable_word *words; /* n_words, and one more that holds the last offset */
    size_t n_words, capacity;
    struct mem_map word_map; /* where they are: none of them in two cache lines */
    char *bytes;             /* all words, one behind the other */
    size_t n_bytes, bytes_capacity;
    size_t limit; /* the most bytes that it may take; 0: no limit */
};

/* Begin with {0}. */
void wordtable_release(struct wordtable *table);

/*
 * Counts n words, each of `by` occurrences, adding new ones, and gives their ids. Many words a call
 * are much faster than one.
 */
int wordtable_add(struct wordtable *table, const struct token *words, size_t n, uint64_t by,
                  uint32_t *ids, struct w2v_error *error);

/* Makes the slots for n words in all, ahead of adding them. */
int wordtable_reserve(struct wordtable *table, size_t n, struct w2v_error *error);

/* Gives back what adding and finding take: no word may be added or looked for any more. */
void wordtable_seal(struct wordtable *table);

/* The id of a word, or -1. */
int64_t wordtable_find(const struct wordtable *table, const char *text, size_t n_bytes);

static inline const char *wordtable_text(const struct wordtable *table, size_t id, size_t *n_bytes)
{
    *n_bytes = (size_t)(table->words[id + 1].offset - table->words[id].offset);
    return table->bytes + table->words[id].offset;
}

#endif
