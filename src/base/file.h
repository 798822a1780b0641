/*
 * Files: an input mapped read-only, and temporary files. Outputs are outfile.h's.
 */
#ifndef W2V_BASE_FILE_H
#define W2V_BASE_FILE_H

#include "base/error.h"

/* A file mapped read-only. An empty file has n_bytes 0 and bytes NULL. */
struct file_map {
    const unsigned char *bytes;
    size_t n_bytes;
};

int file_map(struct file_map *map, const char *path, struct w2v_error *error);
void file_unmap(struct file_map *map);

/*
 * A file without a name, open for reading and writing, in $TMPDIR (else /tmp); gone when closed.
 * Its descriptor, or a negative code.
 */
int file_temporary(struct w2v_error *error);

/* All n bytes at an offset of an open file, or an error that names the file as `name`. */
int file_read_at(int fd, void *bytes, size_t n, uint64_t offset, const char *name,
                 struct w2v_error *error);
int file_write_at(int fd, const void *bytes, size_t n, uint64_t offset, const char *name,
                  struct w2v_error *error);

#endif
