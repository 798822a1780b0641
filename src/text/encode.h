/*
 * The first pass over the text, on all threads: it tokenizes chunks, counts their words and keeps
 * their ids. Each thread counts into its own table, and the ids of a chunk refer to that table, so
 * no thread waits for another. corpus.h then replaces them by the ids of the vocabulary. If the tables
 * do not fit the memory, files are read again with one table.
 *
 * If text.segment is set, the bit NGRAMS_JOINED (ngrams.h) is set in the id of every token of a
 * script without spaces that directly follows another such token.
 */
#ifndef W2V_TEXT_ENCODE_H
#define W2V_TEXT_ENCODE_H

#include "text/advice.h"
#include "text/corpus_options.h"
#include "text/ids.h"
#include "text/reader.h"

/* The ids of one chunk: in memory, or in the temporary file once the memory is used up. */
struct encode_piece {
    uint32_t *ids; /* NULL: they are in the file, at `offset` */
    uint64_t offset;
    size_t n;
    unsigned table;        /* the table that the ids refer to */
    bool line_ends_before; /* a line ends before the first id, so after the last id before it */
};

/* The result of the pass. Begin with {0}. */
struct encoded {
    const struct corpus_options *options;
    struct reader reader;     /* corpus.c goes on using its watch */
    struct wordtable *tables; /* (n_tables), one a thread; or one, the given vocabulary */
    size_t n_tables;
    struct encode_piece *pieces; /* (n_pieces), in the order of the text */
    size_t n_pieces, capacity;
    int file; /* the temporary file, or -1 */
    uint64_t n_tokens, n_lines, n_invalid;
    uint64_t text_digest; /* a sum over chunks; where a text is cut depends on its bytes alone */
    struct advice advice;
};

/*
 * Reads the files. If `fixed`, options->vocab is the vocabulary: it is taken over, ids are its
 * indices, and words that it lacks are left out. Call encode_release also after a failure.
 */
int encode_text(struct encoded *encoded, const char *const *paths, size_t n_paths,
                const struct corpus_options *options, bool fixed, struct w2v_error *error);
void encode_release(struct encoded *encoded);

#endif
