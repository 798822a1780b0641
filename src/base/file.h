/*
 * Files: opening and closing that signals do not disturb, mapped inputs, and temporary files.
 * Inputs that are read from start to end are in infile.h, lines of text in lines.h, outputs in
 * outfile.h.
 */
#ifndef W2V_BASE_FILE_H
#define W2V_BASE_FILE_H

#include <sys/stat.h>

#include "base/error.h"

/* The open descriptor that a name like /dev/stdout or /dev/fd/3 stands for; -1: another name. */
int file_descriptor_of(const char *name);

/*
 * False, with errno set, if the name is that of a descriptor that is open for the other direction only:
 * opening it by name would get around that. `access` is O_RDONLY or O_WRONLY.
 */
bool file_permits(const char *name, int access);

/*
 * open(2) of what file_permits, repeated where a signal interrupts it. The descriptor is closed in child
 * processes.
 * `mode` holds the rights of a new file.
 */
int file_open(const char *path, int flags, mode_t mode);

/* fsync(2) and close(2): 0, or -1 with errno set. An interruption by a signal is no failure. */
int file_sync(int fd);
int file_close(int fd);

/* The state of a file when it was opened, by which a change is noticed. Begin with {0}. */
struct file_state {
    off_t n_bytes;
    struct timespec changed;
};

struct file_state file_state(const struct stat *st);

/*
 * W2V_EIO, "changed while it was read", if the open regular file has been written to, cut or
 * extended since `state`. If another file has taken its name, the open file is still unchanged.
 */
int file_unchanged(int fd, const struct file_state *state, const char *path,
                   struct w2v_error *error);

/*
 * A regular file mapped read-only. An empty file has n_bytes 0 and bytes NULL. The mapped bytes
 * change with the file, and reading a page that the file no longer has raises SIGBUS; see w2v_open
 * in w2v.h. After reading, file_map_unchanged tells whether the file changed in the meantime.
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
 * Reads one byte in every 64 KiB of the n bytes from `offset` on. A caller that is about to read
 * them all calls it first, so that the system maps many pages at a time before the caller needs
 * them.
 */
void file_map_touch(const struct file_map *map, uint64_t offset, uint64_t n);

/*
 * Creates a new file STEM.XXXXXX, open for reading and writing, with the rights `mode` as far as
 * the umask allows. Returns its descriptor, or a negative code with errno set. *path is entered in
 * stray.h; the caller gives it to stray_drop once the file has another name or has been removed.
 */
enum { FILE_SUFFIX = 7 }; /* bytes added to STEM */
int file_create(const char *stem, mode_t mode, char **path, struct w2v_error *error);

/*
 * Creates a file without a name in $TMPDIR (else /tmp), open for reading and writing; closing it
 * removes it. Returns its descriptor, or a negative code.
 */
int file_temporary(struct w2v_error *error);

/* How messages call that file. It tells users what to change when the disk is full. */
#define FILE_TEMPORARY "temporary file (in $TMPDIR, else /tmp)"

/* The absolute path of a file; "-" stays "-". The caller frees it; NULL on failure. */
char *file_absolute(const char *path, struct w2v_error *error);

/* Reads or writes all n bytes at `offset`. Error messages call the file `name`. */
int file_read_at(int fd, void *bytes, size_t n, uint64_t offset, const char *name,
                 struct w2v_error *error);
int file_write_at(int fd, const void *bytes, size_t n, uint64_t offset, const char *name,
                  struct w2v_error *error);

#endif
