/*
 * Unpacks compressed data with the tool that made it (gzip, bzip2, xz, zstd or lz4 with -dc), which
 * runs as a child process (child.h). The tool reads a file by itself. If the input is a pipe, we
 * have already taken its first bytes, so we feed the tool: those bytes first, then the rest of the
 * pipe.
 *
 * It is an error if the data ends too early, if something else follows it, or if the tool reports a
 * fault; the message quotes the tool. unpack_stop kills the tool. If our process dies, the tool
 * stops because its output is closed.
 */
#ifndef W2V_BASE_UNPACK_H
#define W2V_BASE_UNPACK_H

#include "base/child.h"
#include "base/error.h"

/* A format is recognised by so many bytes at the start of a file. */
enum { UNPACK_HEAD = 10 };

struct unpack_format {
    const char *name;                  /* "gzip", "zip" */
    const char *argv[CHILD_ARGUMENTS]; /* the tool; argv[0] NULL: w2v cannot unpack it */
};

/*
 * The compressed format of a file that begins with these n bytes, or NULL. If n < UNPACK_HEAD, the
 * file has no more bytes.
 */
const struct unpack_format *unpack_recognise(const unsigned char *head, size_t n);

struct unpack {
    const char *path;
    const struct unpack_format *format;
    struct child child;
    int out;              /* the tool's standard output; -1: ended */
    int source;           /* the descriptor of the input, which the caller closes */
    int feed;             /* our end of the tool's standard input; -1: it reads the source itself */
    char *fed;            /* bytes for the tool: n_fed of them, and n_sent are already sent */
    size_t n_fed, n_sent; /* n_sent <= n_fed */
    uint64_t n_taken;     /* bytes that were taken from the source to feed the tool */
};

/*
 * Starts the tool on the open file `source`, at its current offset. If n_head > 0, the caller has
 * already read the bytes `head` from it. `path` is for messages and must outlive the reading.
 */
int unpack_start(struct unpack *unpack, const char *path, const struct unpack_format *format,
                 int source, const unsigned char *head, size_t n_head, struct w2v_error *error);

/* Reads up to n bytes. *n_got is 0 at the end, after the tool has succeeded. */
int unpack_read(struct unpack *unpack, void *bytes, size_t n, size_t *n_got,
                struct w2v_error *error);

/*
 * Kills the tool if it still runs and releases everything. Safe on {0}; a second call does nothing.
 */
void unpack_stop(struct unpack *unpack);

#endif
