/*
 * Compresses data on its way into a file. The ending of the file's name decides on the tool: gzip,
 * bzip2, xz, zstd or lz4. The tool is a child process (child.h), which writes to the file itself.
 * unpack.h does the reverse.
 */
#ifndef W2V_BASE_PACK_H
#define W2V_BASE_PACK_H

#include "base/child.h"
#include "base/error.h"

struct pack_format {
    const char *name, *ending;         /* "gzip", ".gz" */
    const char *argv[CHILD_ARGUMENTS]; /* the tool: standard input to standard output */
};

/*
 * The format of a name's ending, in either case, or NULL. *n_rest is set to the length of the name
 * without that ending.
 */
const struct pack_format *pack_of_name(const char *name, size_t *n_rest);

/* Checks, before long work, that the tool can be started. `path` is for the message. */
int pack_check(const char *path, const struct pack_format *format, struct w2v_error *error);

struct pack {
    const char *path; /* for messages; must outlive the writing */
    const struct pack_format *format;
    struct child child;
    int feed; /* our end of its standard input; -1: closed */
};

/* Starts the tool, which writes to the open file `target` at its current offset. */
int pack_start(struct pack *pack, const char *path, const struct pack_format *format, int target,
               struct w2v_error *error);
int pack_write(struct pack *pack, const void *bytes, size_t n, struct w2v_error *error);

/* Ends the tool's input and waits until it has written everything. A second call does nothing. */
int pack_finish(struct pack *pack, struct w2v_error *error);

/* Kills the tool if it still runs. A second call does nothing. */
void pack_stop(struct pack *pack);

#endif
