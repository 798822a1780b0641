/*
 * The vocabulary: words with exact counts. Ids 0 .. n_words - 1 are by falling count; words of
 * equal count are in the order of their bytes. The result is the same for any number of counting
 * threads.
 */
#ifndef W2V_TEXT_VOCAB_H
#define W2V_TEXT_VOCAB_H

#include "base/outfile.h"
#include "text/wordtable.h"

struct vocab {
    size_t n_words;
    uint64_t *offset; /* (n_words + 1), into `bytes` */
    char *bytes;      /* the words, concatenated */
    uint64_t *count;  /* (n_words) */
    uint64_t total;   /* the sum of the counts */
};

/* Begin with {0}. */
void vocab_release(struct vocab *vocab);

static inline const char *vocab_word(const struct vocab *vocab, size_t id, size_t *n_bytes)
{
    *n_bytes = (size_t)(vocab->offset[id + 1] - vocab->offset[id]);
    return vocab->bytes + vocab->offset[id];
}

/* How many words have a count above 0. They are the first ones. */
size_t vocab_n_counted(const struct vocab *vocab);

/* The id, in the maps below, of a word that is not in the vocabulary. */
#define VOCAB_DROPPED UINT32_MAX

/* Which words are kept. */
struct vocab_rules {
    uint64_t min_count; /* words that occur less often are dropped */
    size_t max_vocab;   /* at most this many words, the most frequent; 0: no limit */
    const struct wordtable
        *keep;      /* these words are kept even if rare or not counted at all; or NULL */
    bool keep_only; /* no words but `keep` are kept */
    const struct wordtable *among; /* of the words not in `keep` only these are kept; NULL: any */
};

/*
 * Merges the tables of several counters and drops the words that the rules do not keep. *n_distinct
 * becomes the number of words before dropping. If `maps` is not NULL, maps[t] maps the ids of table
 * t to those of the vocabulary, or to VOCAB_DROPPED. The caller frees each map, after a failure
 * too.
 */
int vocab_merge(struct vocab *vocab, const struct wordtable *tables, size_t n_tables,
                const struct vocab_rules *rules, unsigned threads, uint32_t **maps,
                uint64_t *n_distinct, struct w2v_error *error);

/*
 * Reads a list of words (wordlist.h), in any order, into a table, as if it had counted them.
 * *counted says whether the list has counts; if not, all counts are 0. A word with count 0 in the
 * list is left out. These are errors: some lines have a count and others not; a word has two
 * counts; the counts add up to more than 2^63 - 1; a list without counts has white space in a word.
 *
 * vocab_parse does the same with the bytes of a file; `path` is for messages.
 */
int vocab_read(struct wordtable *table, const char *path, bool *counted, struct w2v_error *error);
int vocab_parse(struct wordtable *table, const char *bytes, size_t n_bytes, bool *counted,
                const char *path, struct w2v_error *error);

/* Writes a line WORD<TAB>COUNT for each word. */
int vocab_write(const struct vocab *vocab, struct outfile *out, struct w2v_error *error);

#endif
