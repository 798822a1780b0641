/* Files. See file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

int file_map(struct file_map *map, const char *path, struct w2v_error *error)
{
    int status = W2V_OK;
    struct stat st;
    *map = (struct file_map){NULL, 0};
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return error_system(error, path, "cannot open");
    if (fstat(fd, &st) != 0) {
        status = error_system(error, path, "cannot read");
    } else if (S_ISDIR(st.st_mode)) {
        status = error_set(error, W2V_EIO, "%s: is a directory", path);
    } else if (!S_ISREG(st.st_mode)) {
        status = error_set(error, W2V_EIO, "%s: is not a regular file; save it to one first", path);
    } else if (st.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (bytes == MAP_FAILED)
            status = error_system(error, path, "cannot map");
        else
            *map = (struct file_map){bytes, (size_t)st.st_size};
    }
    close(fd);
    return status;
}

void file_unmap(struct file_map *map)
{
    if (map->bytes != NULL) {
        /* munmap takes a pointer to non-const, though it only gives the pages back. */
        union {
            const void *readable;
            void *plain;
        } pages = {.readable = map->bytes};
        munmap(pages.plain, map->n_bytes);
    }
    *map = (struct file_map){NULL, 0};
}

int file_temporary(struct w2v_error *error)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] == '\0')
        folder = "/tmp";
    size_t n = strlen(folder) + sizeof "/w2v.XXXXXX";
    char *path = mem_calloc(n, 1, "a file name", error);
    if (path == NULL)
        return W2V_ENOMEM;
    snprintf(path, n, "%s/w2v.XXXXXX", folder);
    int fd = mkstemp(path);
    int status = fd >= 0 ? fd : error_system(error, path, "cannot make a temporary file");
    if (fd >= 0)
        unlink(path);
    free(path);
    return status;
}

int file_read_at(int fd, void *bytes, size_t n, uint64_t offset, const char *name,
                 struct w2v_error *error)
{
    char *to = bytes;
    while (n > 0) {
        ssize_t got = pread(fd, to, n, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return error_system(error, name, "cannot read");
        if (got == 0)
            return error_set(error, W2V_EIO, "%s: shorter than it was", name);
        to += got;
        n -= (size_t)got;
        offset += (uint64_t)got;
    }
    return W2V_OK;
}

int file_write_at(int fd, const void *bytes, size_t n, uint64_t offset, const char *name,
                  struct w2v_error *error)
{
    const char *from = bytes;
    while (n > 0) {
        ssize_t put = pwrite(fd, from, n, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return error_system(error, name, "cannot write");
        from += put;
        n -= (size_t)put;
        offset += (uint64_t)put;
    }
    return W2V_OK;
}
