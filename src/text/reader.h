/*
 * Input files as one sequence of chunks, cut where no token can span the cut (after a line end, or
 * before ASCII white space or NUL). Threads take chunks in turn under a lock, each into its own
 * buffer, by read(2): the same for files, pipes and standard input ("-"). A file that is not at its
 * end what it was at its start is an error. A line longer than a chunk, without white space, makes
 * a longer chunk. Compressed files come unpacked (infile.h).
 *
 * With whole_lines chunks are cut behind line ends alone, and each knows its place in its file, for
 * text whose lines say something each.
 *
 * A byte-order mark at a file's start is skipped. A file's end is a line end. A file that is no text
 * by its start (foreign.h) is an error, unless any_bytes.
 */
#ifndef W2V_TEXT_READER_H
#define W2V_TEXT_READER_H

#include <pthread.h>

#include "base/infile.h"
#include "base/watch.h"
#include "text/tokenizer.h"

/* One thread's buffer; begin with {0}, free `text` at last. */
struct chunk {
    char *text;     /* TOKEN_SPARE bytes behind it may be read */
    size_t n_bytes; /* 0: nothing left */
    size_t capacity;
    size_t index; /* 0, 1, 2, ... in the order of the input */
    bool ends_file;
    const char *path;    /* of the file, and */
    uint64_t first_line; /* the number of its line that begins here, from 1; with whole_lines */
};

struct reader {
    const char *const *paths;
    size_t n_paths;
    size_t chunk_bytes; /* what a chunk should hold */
    const struct w2v_text_options *text;
    bool whole_lines;     /* false; to be set before the first reader_next */
    pthread_mutex_t lock; /* guards all below */
    size_t path;          /* the file being read */
    struct infile file;   /* or not yet open */
    bool at_start;        /* nothing of the file was handed out yet */
    struct chunk carry;   /* what stood behind the last cut */
    size_t n_chunks;
    uint64_t n_lines;   /* that ended in the file so far; with whole_lines */
    uint64_t n_bytes;   /* of text, read so far */
    uint64_t n_done;    /* of the files as they are on disk, those that are done */
    uint64_t n_total;   /* in all files; 0: unknown (a pipe) */
    struct watch watch; /* of one thread */
};

/*
 * Checks that every file is there and can be read. `paths` and `text` must outlive the reader. Of
 * these options progress, any_bytes and next_line count; with next_line the text is one more file.
 */
int reader_init(struct reader *reader, const char *const *paths, size_t n_paths,
                const struct w2v_text_options *text, size_t chunk_bytes, struct w2v_error *error);
void reader_release(struct reader *reader);

/* The next chunk, with n_bytes 0 at the end. From any thread. */
int reader_next(struct reader *reader, struct chunk *chunk, struct w2v_error *error);

/* Tells how much of the files is read, from the one thread that may. W2V_ESTOPPED: no more. */
int reader_tell(struct reader *reader, struct w2v_error *error);

#endif
