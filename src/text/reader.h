/*
 * Input files as one sequence of chunks. They are cut where no token can cross the cut: after a
 * line end, or before ASCII white space or NUL. Each thread reads a chunk into its own buffer, one
 * thread at a time, under a lock. Files, pipes and standard input ("-") are all read with read(2).
 * Compressed files are unpacked (infile.h). A text without a place to cut makes a longer chunk.
 *
 * With whole_lines, chunks are cut only after line ends, and each knows the number of its first
 * line. That is for text whose lines are records, as lists of edges.
 *
 * A byte order mark at the start of a file is skipped. The end of a file ends a line. It is an
 * error if a file changes while it is read, or if its start is not text (foreign.h), unless
 * any_bytes is set.
 */
#ifndef W2V_TEXT_READER_H
#define W2V_TEXT_READER_H

#include <pthread.h>

#include "base/infile.h"
#include "base/watch.h"
#include "text/tokenizer.h"

/* One thread's buffer. Begin with {0} and free `text` in the end. */
struct chunk {
    char *text;     /* TOKEN_SPARE more bytes behind the chunk may be read */
    size_t n_bytes; /* 0: the input has ended */
    size_t capacity;
    size_t index; /* 0, 1, 2, ... in the order of the input */
    bool ends_file;
    const char *path;    /* of the file */
    uint64_t first_line; /* the number, from 1, of the chunk's first line; only with whole_lines */
};

struct reader {
    const char *const *paths;
    size_t n_paths;
    size_t chunk_bytes; /* the usual size of a chunk */
    const struct w2v_text_options *text;
    bool whole_lines;     /* the caller may set it before the first reader_next */
    pthread_mutex_t lock; /* guards all members below */
    size_t path;          /* the index of the current file */
    struct infile file;   /* the current file, if it is open */
    bool at_start;        /* nothing of the file has been given out yet */
    struct chunk carry;   /* the bytes behind the last cut */
    size_t n_chunks;
    uint64_t n_lines;   /* lines of the file that have ended so far; only with whole_lines */
    uint64_t n_bytes;   /* bytes of text that were read so far */
    uint64_t n_done;    /* the size on disk of the files that are finished */
    uint64_t n_total;   /* the size on disk of all files; 0: unknown (a pipe) */
    struct watch watch; /* used by one thread only */
};

/*
 * Checks that every file exists and can be read. `paths` and `text` must outlive the reader. Of
 * `text`, the members progress, any_bytes and next_line are used. With next_line there may be no
 * files.
 */
int reader_init(struct reader *reader, const char *const *paths, size_t n_paths,
                const struct w2v_text_options *text, size_t chunk_bytes, struct w2v_error *error);
void reader_release(struct reader *reader);

/* Reads the next chunk; n_bytes is 0 at the end. Any thread may call it. */
int reader_next(struct reader *reader, struct chunk *chunk, struct w2v_error *error);

/* Reports the progress. Only one thread may call it. W2V_ESTOPPED: the job is to stop. */
int reader_tell(struct reader *reader, struct w2v_error *error);

#endif
