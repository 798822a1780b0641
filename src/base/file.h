/*
 * Files: opened and closed whatever signals arrive, an input mapped, and temporary files. Inputs
 * that are read are infile.h's, lines of text lines.h's, outputs outfile.h's.
 */
#ifndef W2V_BASE_FILE_H
#define W2V_BASE_FILE_H

#include <sys/stat.h>

#include "base/error.h"

/* open(2), closed in child processes, once more where a signal interrupts. `mode`: of a new file. */
int file_open(const char *path, int flags, mode_t mode);

/* fsync(2) and close(2), 0 or -1 with errno, to which an interruption is no failure. */
int file_sync(int fd);
int file_close(int fd);

/* What a file was when it was opened, to know whether it is still that. Begin with {0}. */
struct file_state {
    off_t n_bytes;
    struct timespec changed;
};

struct file_state file_state(const struct stat *st);

/*
 * W2V_EIO, "changed while it was read", where the open regular file is not what it was: written
 * to, cut or continued in place. One that was replaced by another of its name is still itself.
 */
int file_unchanged(int fd, const struct file_state *state, const char *path,
                   struct w2v_error *error);

/*
 * A regular file mapped read-only. An empty one has n_bytes 0 and bytes NULL. What is read of a
 * mapping may change with the file, and a page that the file no longer has raises SIGBUS; see
 * w2v_open in w2v.h. file_map_unchanged tells afterwards whether all that was read was the file's.
 */
struct file_map {
    const unsigned char *bytes;
    size_t n_bytes;
    int fd; /* open while there are bytes */
    struct file_state state;
};

int file_map(struct file_map *map, const char *path, struct w2v_error *error);
int file_map_unchanged(const struct file_map *map, const char *path, struct w2v_error *error);
void file_unmap(struct file_map *map);

/*
 * Reads a byte here and there of the n from `offset` on, for one who is about to read them all, so
 * that the system maps them many pages at a time and not while they are waited for.
 */
void file_map_touch(const struct file_map *map, uint64_t offset, uint64_t n);

/*
 * Creates STEM.XXXXXX, a name that nobody has, open for reading and writing, with the rights `mode`
 * that the umask leaves. Its descriptor, or a negative code, with errno set. *path is entered in
 * stray.h: the caller's to give to stray_drop once the file has another name or is gone.
 */
enum { FILE_SUFFIX = 7 }; /* bytes that are added to STEM */
int file_create(const char *stem, mode_t mode, char **path, struct w2v_error *error);

/*
 * A file without a name, open for reading and writing, in $TMPDIR (else /tmp); gone when closed.
 * Its descriptor, or a negative code.
 */
int file_temporary(struct w2v_error *error);

/* How messages call it, which says what to change where it finds no room. */
#define FILE_TEMPORARY "temporary file (in $TMPDIR, else /tmp)"

/* The same file's name from any folder; "-" stays. The caller's to free; NULL on failure. */
char *file_absolute(const char *path, struct w2v_error *error);

/* All n bytes at an offset of an open file, or an error that names the file as `name`. */
int file_read_at(int fd, void *bytes, size_t n, uint64_t offset, const char *name,
                 struct w2v_error *error);
int file_write_at(int fd, const void *bytes, size_t n, uint64_t offset, const char *name,
                  struct w2v_error *error);

#endif
