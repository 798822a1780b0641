/*
 * The vocabulary: words with exact counts, ids 0 .. n_words - 1 by falling count, ties by bytes.
 * The same for any number of threads that counted.
 */
#ifndef W2V_TEXT_VOCAB_H
#define W2V_TEXT_VOCAB_H

#include "base/outfile.h"
#include "text/wordtable.h"

struct vocab {
    size_t n_words;
    uint64_t *offset; /* n_words + 1 offsets into `bytes` */
    char *bytes;      /* the words, one behind the other */
    uint64_t *count;  /* n_words */
    uint64_t total;   /* the counts' sum */
};

/* Begin with {0}. */
void vocab_release(struct vocab *vocab);

static inline const char *vocab_word(const struct vocab *vocab, size_t id, size_t *n_bytes)
{
    *n_bytes = (size_t)(vocab->offset[id + 1] - vocab->offset[id]);
    return vocab->bytes + vocab->offset[id];
}

/* Not in the vocabulary, in the maps below. */
#define VOCAB_DROPPED UINT32_MAX

/* Which words stay. */
struct vocab_rules {
    uint64_t min_count;            /* of so many occurrences */
    size_t max_vocab;              /* the first of them; 0: all */
    const struct wordtable *keep;  /* however rare, and where no counter saw them; NULL: none */
    bool keep_only;                /* and no others */
    const struct wordtable *among; /* of the others only these; NULL: any */
};

/*
 * Merges the tables of several counters and drops the words that the rules do not keep. maps[t]
 * (where `maps` is given; the caller's to free, after a failure too) takes table t's ids to the vocabulary's, or to
 * VOCAB_DROPPED. *n_distinct: words before dropping.
 */
int vocab_merge(struct vocab *vocab, const struct wordtable *tables, size_t n_tables,
                const struct vocab_rules *rules, unsigned threads, uint32_t **maps,
                uint64_t *n_distinct, struct w2v_error *error);

/*
 * Reads a list of words (wordlist.h), in any order, into a table as a counter would have left it.
 * *counted: the list has counts; else all are 0. A word of count 0 is left out. Counts that some
 * lines lack, a word given two counts, counts that add up to more than 2^63 - 1 and, in a list
 * without counts, words with white space in them are errors.
 * vocab_parse does so with what a file held; `path` is for messages.
 */
int vocab_read(struct wordtable *table, const char *path, bool *counted, struct w2v_error *error);
int vocab_parse(struct wordtable *table, const char *bytes, size_t n_bytes, bool *counted,
                const char *path, struct w2v_error *error);

/* Writes WORD<TAB>COUNT lines. */
int vocab_write(const struct vocab *vocab, struct outfile *out, struct w2v_error *error);

#endif
