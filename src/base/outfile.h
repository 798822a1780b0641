/*
 * An output file that is either whole or not there. It is written to a temporary file beside its
 * target; outfile_commit syncs that and renames it over the target, outfile_abort removes it. Until
 * the rename an existing target stays as it was; the new one gets its rights, and its owner and
 * group where the system allows it. "-" is standard output. What is no regular file (a pipe,
 * /dev/null) is written directly, and so is an open descriptor by its name: /dev/stdin, /dev/stdout,
 * /dev/stderr, /dev/fd/N, /proc/self/fd/N. The regular file behind such a one is its opener's.
 */
#ifndef W2V_BASE_OUTFILE_H
#define W2V_BASE_OUTFILE_H

#include "base/error.h"
#include "base/pack.h"

struct outfile {
    int fd;
    char *name;             /* as given, for messages */
    char *path, *temporary; /* the file itself; temporary: NULL where it is written directly */
    char *buffer;
    size_t n_buffered;
    uint64_t n_written; /* bytes so far, buffered ones included */
    struct pack *pack;  /* what compresses them, or NULL */
    /*
     * The caller's, after outfile_open: that nobody reads the pipe any more is no failure, what is
     * written is dropped. For one of several outputs, where the others must not be lost with it.
     */
    bool may_lose_reader;
    bool reader_lost; /* it came to that */
};

/* An error if `path` could not be written now; leaves no trace. For checking before long work. */
int outfile_check(const char *path, struct w2v_error *error);

/*
 * The same, also if there is no room for so many bytes, where the file system can tell. The room is
 * held until outfile_abort, which must follow a success, so that several files can be asked for
 * together. What is written directly is not touched.
 */
int outfile_reserve(struct outfile *out, const char *path, uint64_t n_bytes,
                    struct w2v_error *error);

int outfile_open(struct outfile *out, const char *path, struct w2v_error *error);

/*
 * The same after a check that the output is none of the files that are read. `what` and `reads` are
 * how messages call the output and those files.
 */
int outfile_open_apart(struct outfile *out, const char *what, const char *path, const char *reads,
                       const char *const *paths, size_t n_paths, struct w2v_error *error);

/* From here on what is written is compressed; NULL: it is not. After a failure abort, as ever. */
int outfile_pack(struct outfile *out, const struct pack_format *format, struct w2v_error *error);

int outfile_write(struct outfile *out, const void *bytes, size_t n_bytes, struct w2v_error *error);

/*
 * Writes out and syncs, so that a commit has nothing to do but to rename. Of several files that
 * belong together, all are settled before one is committed.
 */
int outfile_settle(struct outfile *out, struct w2v_error *error);

/* After outfile_open exactly one of these. Both release everything; a failed commit aborts. */
int outfile_commit(struct outfile *out, struct w2v_error *error);
void outfile_abort(struct outfile *out);

/*
 * The same for two files that belong together, of which `main` is what the work is for. Where status
 * is W2V_OK both are settled, then `side` takes its name, and `main` takes its own last. Otherwise
 * both are aborted. Returns status, or what failed.
 *
 * Either both are new in the end or none is: the file that `side` replaces keeps a second name until
 * `main` has its own, and comes back where that fails. This does not hold where the process is killed
 * between the two renames, or where the file system has no hard links or fails a second time; then
 * `side` may be new beside an old `main`, but never the other way round.
 */
int outfile_commit_both(struct outfile *side, struct outfile *main, int status,
                        struct w2v_error *error);

#endif
