/* The options of a corpus, for text files (corpus.h) and for walks (graph/walk_corpus.h). */
#ifndef W2V_TEXT_CORPUS_OPTIONS_H
#define W2V_TEXT_CORPUS_OPTIONS_H

#include "text/vocab.h"

struct corpus_options {
    struct w2v_text_options text; /* text.threads must not be 0 */
    /* Use these words and counts, or NULL. The corpus then owns the table, unless tokens are joined. */
    struct wordtable *vocab;
    const struct wordtable *keep; /* as in struct vocab_rules, like the next two */
    bool keep_only;
    const struct wordtable *among;
    bool count_only; /* make the vocabulary alone, no ids */
    /*
     * The most memory to use, in bytes; 0: no limit. It is used in thirds. One is for the tables of
     * the counting threads, which may take 8 MiB in any case. One is for ids while reading; further
     * ids go to a file. One is for merging the tables. It is an error if the words do not fit into
     * their share: no word is dropped before all are counted.
     */
    uint64_t memory;
    size_t bytes_per_word; /* the memory that training needs for each word of the vocabulary */
    size_t chunk_bytes;    /* 0: the usual size; tests use smaller chunks */
    bool line_tokens;      /* write a token "\n" for every line end instead of setting the bit */
    const struct w2v_phrase_options *phrases; /* join phrases (phrase_corpus.h); NULL: do not */
};

/* W2V_EARG if the options contradict each other. */
int corpus_check(const struct w2v_text_options *options, struct w2v_error *error);

/* The tokenizer's rules for the public options. */
struct tokenizer_rules corpus_rules(const struct w2v_text_options *options);

/* The rules by which words are finally kept. */
struct vocab_rules corpus_wanted(const struct corpus_options *options);

/* The size of a chunk of the text, in bytes. */
size_t corpus_chunk(const struct corpus_options *options);

#endif
