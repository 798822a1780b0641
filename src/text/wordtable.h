/*
 * A growing table of different words with their counts. When a vocabulary is counted, each thread
 * has one. Words get ids 0, 1, 2, ... in the order in which they first appear.
 *
 * The table uses open addressing with linear probing. A slot has four bytes: an id, and in the
 * other bits the part of the word's hash that the slot's index does not determine. So a word is
 * compared only if it is almost certainly the right one. The hash differs in every process
 * (hash.h), so nobody can prepare a text whose words collide; ids do not depend on it.
 */
#ifndef W2V_TEXT_WORDTABLE_H
#define W2V_TEXT_WORDTABLE_H

#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "text/tokenizer.h"

/* Ids stay below this, so that one bit of an id is free. */
#define WORDTABLE_MAX_WORDS 0x7ffffffeu

/* A word takes half a cache line. Words of up to 16 bytes are compared without reading the text. */
struct wordtable_word {
    uint64_t start; /* the first 8 bytes, the first one lowest; bytes beyond the end are 0 */
    uint64_t end;   /* the last 8 bytes likewise, or all bytes of a shorter word */
    uint64_t count;
    uint32_t hash;
    uint32_t n_bytes; /* UINT32_MAX: that or more, see wordtable_length */
};

struct wordtable {
    /*
     * The low log2(n_slots) bits of a slot are an id + 1, or 0 if it is empty. The other bits are
     * those of the word's hash.
     */
    uint32_t *slots;
    size_t n_slots;               /* a power of two, or 0 */
    struct wordtable_word *words; /* (n_words) */
    const char **texts;           /* (n_words), not NUL-terminated; the texts do not move */
    size_t n_words, capacity;
    struct mem_map word_map;       /* an empty word and then `words`; none is in two cache lines */
    struct wordtable_block *block; /* a list of blocks of copied texts, the newest first */
    size_t n_block_bytes;          /* of all blocks */
    size_t n_text_bytes;           /* copied into them */
    size_t limit; /* the most bytes that the words may take, as wordtable_bytes says; 0: no limit */
    bool full;    /* a word was refused because of the limit */
    struct hash_key key; /* that of the process, so tables can exchange hashes */
};

/*
 * The most memory that so many words take, with texts of n_bytes together: a word has two to four slots,
 * for a moment half as many more, and all arrays grow by a half. This is a sum over the words. So words
 * that fit a limit in several tables also fit it in one.
 */
static inline size_t wordtable_bytes(size_t n_words, size_t n_bytes)
{
    const size_t slots = 6 * sizeof(uint32_t),
                 word = sizeof(struct wordtable_word) + sizeof(const char *);
    return n_words * (slots + word + word / 2) + n_bytes + n_bytes / 2;
}

/* Begin with {0}. */
void wordtable_release(struct wordtable *table);

/*
 * Adds `by` to the counts of n words, which are entered if they are new, and sets their ids. Here
 * and below a word has at least one byte. One call with many words is much faster than many calls.
 * Texts are copied; TOKEN_SPARE bytes behind each must be readable.
 */
int wordtable_add(struct wordtable *table, const struct token *words, size_t n, uint64_t by,
                  uint32_t *ids, struct w2v_error *error);

/* The same for one word. No bytes behind it need be readable. */
int wordtable_add_word(struct wordtable *table, const char *text, size_t n_bytes, uint64_t by,
                       uint32_t *id, struct w2v_error *error);

/* The most words that one call of wordtable_merge takes. */
enum { WORDTABLE_BATCH = 256 };

/*
 * Adds n <= WORDTABLE_BATCH words of another table, which have the ids `others` there, with their
 * counts. Texts are not copied, so the other table must outlive this one.
 */
int wordtable_merge(struct wordtable *table, const struct wordtable *from, const uint32_t *others,
                    size_t n, uint32_t *ids, struct w2v_error *error);

/* Makes room for n words in all, without their texts. */
int wordtable_reserve(struct wordtable *table, size_t n, struct w2v_error *error);

/* Frees the slots. Afterwards no word may be added or looked up. */
void wordtable_seal(struct wordtable *table);

/* The id of a word, or -1. */
int64_t wordtable_find(const struct wordtable *table, const char *text, size_t n_bytes);

/* The length of a text. If it needs more than 32 bits, it is stored before the text. */
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
