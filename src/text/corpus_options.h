/*
 * What is wanted of a corpus, for those who read one and those who make it.
 */
#ifndef W2V_TEXT_CORPUS_OPTIONS_H
#define W2V_TEXT_CORPUS_OPTIONS_H

#include "text/vocab.h"

struct corpus_options {
    struct w2v_text_options text; /* text.threads is used as it is: it must not be 0 */
    struct wordtable *vocab;      /* these words and counts, taken over; NULL: count */
    const struct wordtable *keep; /* as in struct vocab_rules */
    bool keep_only;
    const struct wordtable *among;
    bool count_only; /* the vocabulary alone; no ids */
    /*
     * The most to use, in bytes; 0: no limit. A third is for the counters' tables, a third for ids
     * while reading, beyond which they go to a file, a third to merge the tables. More words than
     * can be counted in that are an error: none is dropped before all are counted.
     */
    uint64_t memory;
    size_t bytes_per_word; /* what each word of the vocabulary will cost besides */
    size_t chunk_bytes;    /* 0: the usual; tests cut smaller */
    bool line_tokens;      /* a token "\n" for every line end, instead of the bit */
    const struct w2v_phrase_options *phrases; /* joined on the way (phrase_corpus.h); NULL: none */
};

/* Whether the options go together; else W2V_EARG. */
int corpus_check(const struct w2v_text_options *options, struct w2v_error *error);

/* The tokenizer's rules for the public options. */
struct tokenizer_rules corpus_rules(const struct w2v_text_options *options);

/* Which words stay in the end. */
struct vocab_rules corpus_wanted(const struct corpus_options *options);

/* The size of a chunk of the text, in bytes. */
size_t corpus_chunk(const struct corpus_options *options);

#endif
