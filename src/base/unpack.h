/*
 * Compressed data read through the tool that made them: gzip, bzip2, xz, zstd or lz4 with -dc, as a
 * child process (child.h). The tool reads the file itself; a pipe of which the first bytes were
 * looked at already is fed to it, those bytes first.
 *
 * Data that end too early, that something else follows, or that the tool does not like, are an
 * error that quotes the tool. unpack_stop ends the tool, and should we die it sees its output
 * closed.
 */
#ifndef W2V_BASE_UNPACK_H
#define W2V_BASE_UNPACK_H

#include "base/child.h"
#include "base/error.h"

/* Bytes at the start of a file that tell a format. */
enum { UNPACK_HEAD = 10 };

struct unpack_format {
    const char *name; /* "gzip", "zip" */
    const char
        *argv[CHILD_ARGUMENTS]; /* the tool and its arguments; argv[0] NULL: w2v knows of none */
};

/* The compressed format that begins with these bytes (all of the file, if n < UNPACK_HEAD), or NULL.
 */
const struct unpack_format *unpack_recognise(const unsigned char *head, size_t n);

struct unpack {
    const char *path;
    const struct unpack_format *format;
    struct child child;
    int out;    /* the tool's standard output; -1: ended */
    int source; /* where the data come from, the caller's */
    int feed;   /* our end of the tool's standard input, or -1 */
    char *fed;  /* what is on its way there: n_fed bytes, of which n_put are through */
    size_t n_fed, n_put;
    uint64_t n_taken; /* bytes of the source that went to the tool this way so far */
};

/*
 * Starts the tool on the open file `source`, at its present offset; n_head > 0: after these bytes,
 * which were read from it. `path` is for messages and must outlive the reading.
 */
int unpack_start(struct unpack *unpack, const char *path, const struct unpack_format *format,
                 int source, const unsigned char *head, size_t n_head, struct w2v_error *error);

/* Up to n bytes; *n_got 0 at the end, when the tool has ended well. */
int unpack_read(struct unpack *unpack, void *bytes, size_t n, size_t *n_got,
                struct w2v_error *error);

/* Ends the tool if it still runs and gives everything back. Safe on {0} and twice. */
void unpack_stop(struct unpack *unpack);

#endif
