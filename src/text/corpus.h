/*
 * The encoded corpus: the text as one array of word ids, read and counted once on all threads.
 *
 * While reading, each thread counts into a table of its own and keeps its chunks under that table's
 * ids; then the tables are merged into the vocabulary and every chunk is renumbered, words outside
 * the vocabulary dropped, into place. The result depends on neither threads nor chunks.
 *
 * Line ends take no room: the last kept token of a line carries CORPUS_LINE_END. Where the ids
 * would not fit the memory given, they stand in a temporary file, mapped.
 *
 * Where text.segment wants words found in text without spaces, the tokens are at first encoded all,
 * a bit marking those that follow another without anything between; segment.h then joins them, and
 * reword.h gives the words their ids.
 */
#ifndef W2V_TEXT_CORPUS_H
#define W2V_TEXT_CORPUS_H

#include "base/mem.h"
#include "text/vocab.h"

#define CORPUS_LINE_END 0x80000000u
#define CORPUS_ID(token) ((token) & ~CORPUS_LINE_END)

struct corpus_options {
    struct w2v_text_options text;
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

struct corpus {
    struct vocab vocab;
    const uint32_t *ids; /* n_tokens; NULL when there are none */
    size_t n_tokens;
    uint64_t digest;      /* of the ids, in order */
    uint64_t text_digest; /* of the files' bytes, in order; 0 where words were only counted */
    struct mem_map memory;
    bool in_file; /* the memory is a file's, mapped */
};

/* Begin with {0}. */
void corpus_release(struct corpus *corpus);

/* Reads the files, or the lines of options->text. options->text.threads is used as it is (not 0). */
int corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, struct w2v_text_report *report,
                struct w2v_error *error);

/* Whether the options go together. */
int corpus_check(const struct w2v_text_options *options, struct w2v_error *error);

/* The tokenizer's rules for the public options. */
struct tokenizer_rules corpus_rules(const struct w2v_text_options *options);

#endif
