/*
 * The first pass over the text, on all threads: chunks are tokenized, their words counted and their
 * ids kept. Each thread counts into a table of its own, and a chunk's ids are that table's, so that
 * no thread waits for another; corpus.h then gives all of them the vocabulary's.
 *
 * Where text.segment is set, NGRAMS_JOINED (ngrams.h) marks the ids of tokens of scripts without
 * spaces that follow another such token with nothing between.
 */
#ifndef W2V_TEXT_ENCODE_H
#define W2V_TEXT_ENCODE_H

#include "text/advice.h"
#include "text/corpus_options.h"
#include "text/ids.h"
#include "text/reader.h"

/* One chunk's ids: in memory, or, once memory is used up, in the temporary file. */
struct encode_piece {
    uint32_t *ids; /* NULL: at `offset` of the file */
    uint64_t offset;
    size_t n;
    unsigned table;        /* whose ids they are */
    bool line_ends_before; /* a line ends before the first id, with the chunk before */
};

/* What the pass left. Begin with {0}. */
struct encoded {
    const struct corpus_options *options;
    struct reader reader;     /* its watch tells of what is done with the pieces too */
    struct wordtable *tables; /* n_tables: one a thread, or the vocabulary given */
    size_t n_tables;
    struct encode_piece *pieces; /* n_pieces, in the order of the text */
    size_t n_pieces, capacity;
    int file; /* the temporary file, or -1 */
    uint64_t n_tokens, n_lines, n_invalid;
    uint64_t text_digest; /* a sum over chunks, whose cuts the bytes decide */
    struct advice advice;
};

/*
 * Reads the files. `fixed`: options->vocab, which is taken over, is all of the vocabulary, and ids
 * are its places; words that it lacks are left out. encode_release in any case.
 */
int encode_text(struct encoded *encoded, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, bool fixed, struct w2v_error *error);
void encode_release(struct encoded *encoded);

#endif
