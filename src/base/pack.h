/*
 * Data compressed on their way into a file, by the tool whose format the file's name promises: gzip,
 * bzip2, xz, zstd or lz4 as a child process (child.h) that writes the file itself. The way back is
 * unpack.h.
 */
#ifndef W2V_BASE_PACK_H
#define W2V_BASE_PACK_H

#include "base/child.h"
#include "base/error.h"

struct pack_format {
    const char *name, *ending;         /* "gzip", ".gz" */
    const char *argv[CHILD_ARGUMENTS]; /* the tool, from standard input to standard output */
};

/*
 * The format that the ending of a name promises, with *n_rest bytes of the name before it; or NULL,
 * and *n_rest is the name's length. Upper and lower case are one.
 */
const struct pack_format *pack_of_name(const char *name, size_t *n_rest);

struct pack {
    const char *path; /* for messages; must outlive the writing */
    const struct pack_format *format;
    struct child child;
    int feed; /* our end of its standard input; -1: closed */
};

/* Starts the tool, which writes to the open file `target`, at its present offset. */
int pack_start(struct pack *pack, const char *path, const struct pack_format *format, int target,
               struct w2v_error *error);
int pack_write(struct pack *pack, const void *bytes, size_t n, struct w2v_error *error);

/* All was written: waits until the tool has written it too, and ended well. Safe twice. */
int pack_finish(struct pack *pack, struct w2v_error *error);

/* Ends the tool if it still runs. Safe twice. */
void pack_stop(struct pack *pack);

#endif
