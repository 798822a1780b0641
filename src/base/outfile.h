/*
 * An output file that appears complete or not at all. It is written to a temporary file beside its
 * target. outfile_commit syncs the temporary file and renames it over the target; outfile_abort
 * removes it. Until the rename an existing target stays as it was. The new file gets the rights of
 * the old one, and its owner and group where the system allows it.
 *
 * Some outputs are written directly: "-", which is standard output; everything that is no regular
 * file (a pipe, /dev/null); and open descriptors given by name (/dev/stdin, /dev/stdout,
 * /dev/stderr, /dev/fd/N, /proc/self/fd/N), even where a regular file is behind them, because that
 * file belongs to the process that opened it.
 */
#ifndef W2V_BASE_OUTFILE_H
#define W2V_BASE_OUTFILE_H

#include "base/error.h"
#include "base/pack.h"

struct outfile {
    int fd;
    char *name;      /* as given, for messages */
    char *path;      /* the target */
    char *temporary; /* the file that is written; NULL where the target is written directly */
    char *buffer;
    size_t n_buffered;
    uint64_t n_written; /* bytes so far, with the buffered ones */
    struct pack *pack;  /* compresses the output, or NULL */
    /*
     * The caller may set this after outfile_open. A pipe that has lost its reader is then no
     * failure, and further output is dropped. It is for one of several outputs: the others must not
     * be lost. A compressed output that loses its reader is a failure all the same.
     */
    bool may_lose_reader;
    bool reader_lost;
};

/* Checks, before long work, that `path` can be written now. Leaves no trace. */
int outfile_check(const char *path, struct w2v_error *error);

/*
 * Does the same, and reserves n_bytes on disk: without that much room it fails, where the file
 * system can tell. After a success the caller must call outfile_abort, which frees the room; so
 * several files can be checked together. Outputs that are written directly are not touched.
 */
int outfile_reserve(struct outfile *out, const char *path, uint64_t n_bytes,
                    struct w2v_error *error);

int outfile_open(struct outfile *out, const char *path, struct w2v_error *error);

/* The same, and compresses the output if the name ends in .gz, .bz2, .xz, .zst or .lz4 (pack.h). */
int outfile_open_packed(struct outfile *out, const char *path, struct w2v_error *error);

/*
 * Fails if there is no room for n_bytes on disk, where the file system can tell. It comes before the
 * first write. Outputs that are compressed or written directly always pass.
 */
int outfile_check_room(struct outfile *out, uint64_t n_bytes, struct w2v_error *error);

/*
 * outfile_open_packed, after a check that the output is not one of the files that are read (paths.h).
 * Messages call the output `what` and each of those files `reads`.
 */
int outfile_open_apart(struct outfile *out, const char *what, const char *path, const char *reads,
                       const char *const *paths, size_t n_paths, struct w2v_error *error);

int outfile_write(struct outfile *out, const void *bytes, size_t n_bytes, struct w2v_error *error);

/*
 * Exactly one of these three follows outfile_open. All release everything. A commit that fails also does
 * what outfile_abort does.
 */
int outfile_commit(struct outfile *out, struct w2v_error *error);
void outfile_abort(struct outfile *out);

/*
 * Aborts after a write to the descriptor has failed with errno. Returns the reason as an error: what the
 * program that compresses says, or else errno.
 */
int outfile_fail(struct outfile *out, struct w2v_error *error);

/*
 * Commits two files that belong together: the result `main` and a file beside it, `side`. If
 * `status` is W2V_OK, both are written out and synced, then `side` is renamed, then `main`.
 * Otherwise both are aborted. Returns `status` or the code of the first failure. Runs that write the same
 * pair at the same time rename their files one run after the other, where the file system has locks.
 *
 * Afterwards either both files are new or both are old: the file that `side` replaces keeps a
 * second name until `main` is renamed, and if that rename fails, the old file comes back. There are
 * two exceptions. If the process is killed between the renames, or if the file system has no hard
 * links or fails a second time, a new `side` may stand beside an old `main`. A new `main` never
 * stands beside an old `side`.
 */
int outfile_commit_both(struct outfile *side, struct outfile *main, int status,
                        struct w2v_error *error);

#endif
