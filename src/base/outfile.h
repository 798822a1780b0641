/*
 * An output file that is either whole or not there. It is written to a temporary file beside its
 * target; outfile_commit syncs that and renames it over the target, outfile_abort removes it. Until
 * the rename an existing target stays as it was; the new one gets its rights. "-" is standard
 * output, and what is no regular file (a pipe, /dev/null) is written directly.
 */
#ifndef W2V_BASE_OUTFILE_H
#define W2V_BASE_OUTFILE_H

#include "base/error.h"

struct outfile {
    int fd;
    char *name;             /* as given, for messages */
    char *path, *temporary; /* the file itself; temporary: NULL where it is written directly */
    char *buffer;
    size_t n_buffered;
    uint64_t n_written; /* bytes so far, buffered ones included */
};

/* An error if `path` could not be written now; leaves no trace. For checking before long work. */
int outfile_check(const char *path, struct w2v_error *error);

int outfile_open(struct outfile *out, const char *path, struct w2v_error *error);
int outfile_write(struct outfile *out, const void *bytes, size_t n_bytes, struct w2v_error *error);

/*
 * Writes out and syncs, so that a commit has nothing to do but to rename: of several files that
 * belong together settle all before one is committed.
 */
int outfile_settle(struct outfile *out, struct w2v_error *error);

/* After outfile_open exactly one of these. Both release everything; a failed commit aborts. */
int outfile_commit(struct outfile *out, struct w2v_error *error);
void outfile_abort(struct outfile *out);

#endif
