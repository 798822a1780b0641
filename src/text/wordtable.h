/*
 * A growing table of distinct words with their counts, one thread's share of counting a vocabulary.
 * Words get ids 0, 1, 2, ... as they first appear and are stored once. Open addressing with linear
 * probing; a slot of four bytes carries the bits of the hash that its place does not tell, so that
 * a word is looked at only where it is almost surely the right one. The hash is another in every
 * process (hash.h), so no text can be made that has words collide; ids do not depend on it.
 */
#ifndef W2V_TEXT_WORDTABLE_H
#define W2V_TEXT_WORDTABLE_H

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "text/tokenizer.h"

/* Ids stay below this, so that one bit of an id is free. */
#define WORDTABLE_MAX_WORDS 0x7ffffffeu

/* Half a cache line: enough to tell words of up to 16 bytes apart without going to the text. */
struct wordtable_word {
    uint64_t start; /* its first 8 bytes, the first one lowest, zeros behind its end */
    uint64_t end;   /* its last 8 likewise, or all of them */
    uint64_t count;
    uint32_t hash;
    uint32_t n_bytes; /* UINT32_MAX: that or more, see wordtable_length */
};

struct wordtable {
    /* The low bits that count n_slots: an id + 1, or 0, empty. The others: as in the word's hash. */
    uint32_t *slots;
    size_t n_slots;               /* a power of two, or 0 */
    struct wordtable_word *words; /* n_words */
    const char **texts;           /* theirs, which stay where they are; not NUL-terminated */
    size_t n_words, capacity;
    struct mem_map word_map;       /* where `words` are, behind another: none in two cache lines */
    struct wordtable_block *block; /* the texts, but those of tables merged: the newest of a list */
    size_t n_block_bytes;          /* of all of them */
    size_t limit;                  /* the most bytes that it may take; 0: no limit */
    struct hash_key key;           /* the process's, so that tables know each other's hashes */
};

/* Begin with {0}. */
void wordtable_release(struct wordtable *table);

/*
 * Counts n words, each of `by` occurrences, adding new ones, and gives their ids. Here and below a
 * word has a byte or more. Many words a call are much faster than one. Texts are copied;
 * TOKEN_SPARE bytes behind each must be readable.
 */
int wordtable_add(struct wordtable *table, const struct token *words, size_t n, uint64_t by,
                  uint32_t *ids, struct w2v_error *error);

/* The same for one word, of which nothing but its bytes need be readable. */
int wordtable_add_word(struct wordtable *table, const char *text, size_t n_bytes, uint64_t by,
                       uint32_t *id, struct w2v_error *error);

/* The most words that wordtable_merge takes at once. */
enum { WORDTABLE_BATCH = 256 };

/*
 * Adds n words of another table, at most WORDTABLE_BATCH, `others` of its ids, with their counts.
 * New ones' texts stay where they are: the other table must outlive this one.
 */
int wordtable_merge(struct wordtable *table, const struct wordtable *from, const uint32_t *others,
                    size_t n, uint32_t *ids, struct w2v_error *error);

/* Makes room for n words in all, ahead of adding them; their texts come on top. */
int wordtable_reserve(struct wordtable *table, size_t n, struct w2v_error *error);

/* Gives back what adding and finding take: no word may be added or looked for any more. */
void wordtable_seal(struct wordtable *table);

/* The id of a word, or -1. */
int64_t wordtable_find(const struct wordtable *table, const char *text, size_t n_bytes);

/* A text's length: what is too much for 32 bits stands before it. */
static inline size_t wordtable_length(const char *text, uint32_t n_bytes)
{
    size_t length = n_bytes;
    if (n_bytes == UINT32_MAX)
        memcpy(&length, text - sizeof length, sizeof length);
    return length;
}

static inline const char *wordtable_text(const struct wordtable *table, size_t id, size_t *n_bytes)
{
    *n_bytes = wordtable_length(table->texts[id], table->words[id].n_bytes);
    return table->texts[id];
}

#endif
