/* Files. See file.h. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/number.h"
#include "base/rng.h"
#include "base/stray.h"

int file_descriptor_of(const char *name)
{
    static const char *const standard[] = {"/dev/stdin", "/dev/stdout", "/dev/stderr"};
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    for (int fd = 0; fd < 3; fd++)
        if (strcmp(name, standard[fd]) == 0)
            return fd;
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++) {
        const size_t n = strlen(folders[i]);
        uint64_t number;
        if (strncmp(name, folders[i], n) == 0 &&
            number_parse_whole(name + n, strlen(name + n), &number) && number <= INT_MAX)
            return (int)number;
    }
    return -1;
}

bool file_permits(const char *name, int access)
{
    const int fd = file_descriptor_of(name), flags = fd >= 0 ? fcntl(fd, F_GETFL) : -1;
    if (flags < 0 || (flags & O_ACCMODE) == O_RDWR || (flags & O_ACCMODE) == access)
        return true;
    errno = EBADF;
    return false;
}

int file_open(const char *path, int flags, mode_t mode)
{
    int fd;
    if (!file_permits(path, flags & O_ACCMODE))
        return -1;
    do
        fd = open(path, flags | O_CLOEXEC, mode);
    while (fd < 0 && errno == EINTR);
    return fd;
}

int file_sync(int fd)
{
    int status;
    do
        status = fsync(fd);
    while (status != 0 && errno == EINTR);
    return status;
}

int file_close(int fd)
{
    /*
     * After an interruption the descriptor is closed (Linux) or will be. A second close() could
     * close a file that another thread has just opened.
     */
    return close(fd) == 0 || errno == EINTR ? 0 : -1;
}

/* ---- Inputs ---------------------------------------------------------------------------------- */

struct file_state file_state(const struct stat *st)
{
#if defined(__APPLE__)
    return (struct file_state){st->st_size, {st->st_mtime, 0}};
#else
    return (struct file_state){st->st_size, st->st_mtim};
#endif
}

int file_unchanged(int fd, const struct file_state *state, const char *path,
                   struct w2v_error *error)
{
    struct stat st;
    if (fstat(fd, &st) != 0)
        return error_system(error, path, "cannot read");
    const struct file_state now = file_state(&st);
    if (!S_ISREG(st.st_mode) ||
        (now.n_bytes == state->n_bytes && now.changed.tv_sec == state->changed.tv_sec &&
         now.changed.tv_nsec == state->changed.tv_nsec))
        return W2V_OK;
    return error_set(error, W2V_EIO, "%s: changed while it was read; try again when it is complete",
                     path);
}

int file_map(struct file_map *map, const char *path, struct w2v_error *error)
{
    int status = W2V_OK, fd = file_open(path, O_RDONLY, 0);
    struct stat st;
    *map = (struct file_map){0};
    if (fd < 0)
        return error_system(error, path, "cannot open");
    if (fstat(fd, &st) != 0) {
        status = error_system(error, path, "cannot read");
    } else if (S_ISDIR(st.st_mode)) {
        status = error_set(error, W2V_EIO, "%s: is a directory", path);
    } else if (!S_ISREG(st.st_mode)) {
        status = error_set(error, W2V_EIO, "%s: is not a regular file; save it to one first", path);
    } else if ((uintmax_t)st.st_size > SIZE_MAX) {
        status = error_set(error, W2V_ENOMEM, "%s: too large for this machine", path);
    } else if (st.st_size > 0) {
        void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_SHARED, fd, 0);
        if (bytes == MAP_FAILED)
            status = error_system(error, path, "cannot map");
        else
            *map = (struct file_map){bytes, (size_t)st.st_size, fd, file_state(&st)};
    }
    if (map->bytes == NULL)
        close(fd);
    return status;
}

int file_map_unchanged(const struct file_map *map, const char *path, struct w2v_error *error)
{
    return map->bytes == NULL ? W2V_OK : file_unchanged(map->fd, &map->state, path, error);
}

void file_map_touch(const struct file_map *map, uint64_t offset, uint64_t n)
{
    enum { AROUND = 64 << 10 }; /* Linux maps this much around a page that is read first */
    const uint64_t left = offset < map->n_bytes ? map->n_bytes - offset : 0;
    const uint64_t end = offset + (n < left ? n : left);
    for (uint64_t at = offset; at < end; at += AROUND)
        (void)*(const volatile unsigned char *)(map->bytes + at);
}

void file_unmap(struct file_map *map)
{
    if (map->bytes != NULL) {
        /* munmap takes a pointer to non-const although it writes nothing. */
        union {
            const void *readable;
            void *plain;
        } pages = {.readable = map->bytes};
        munmap(pages.plain, map->n_bytes);
        close(map->fd);
    }
    *map = (struct file_map){0};
}

/* ---- Temporary files ------------------------------------------------------------------------- */

int file_create(const char *stem, mode_t mode, char **path, struct w2v_error *error)
{
    enum { TRIES = 100, DIGITS = FILE_SUFFIX - 1 };
    static const char digits[] = "0123456789abcdefghijklmnopqrstuv";
    struct timespec now;
    const size_t n = strlen(stem);
    char *name = mem_calloc(n + FILE_SUFFIX + 1, 1, "a file name", error);
    *path = name;
    if (name == NULL)
        return W2V_ENOMEM;
    memcpy(name, stem, n);
    name[n] = '.';
    stray_add(name); /* before the file exists, so that a signal cannot leave it behind */
    clock_gettime(CLOCK_MONOTONIC, &now);
    uint64_t key = rng_key((uint64_t)getpid() << 32 ^ (uint64_t)(uintptr_t)name,
                           (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec);
    for (unsigned i = 0; i < TRIES; i++) {
        uint64_t bits = rng_at(key, i);
        for (unsigned k = 0; k < DIGITS; k++)
            name[n + 1 + k] = digits[bits >> 5 * k & 31];
        int fd = file_open(name, O_RDWR | O_CREAT | O_EXCL, mode);
        if (fd >= 0)
            return fd;
        if (errno != EEXIST)
            break;
    }
    int number = errno, status = error_system(error, name, "cannot make a file");
    stray_drop(name);
    *path = NULL;
    errno = number;
    return status;
}

int file_temporary(struct w2v_error *error)
{
    const char *folder = getenv("TMPDIR");
    if (folder == NULL || folder[0] == '\0')
        folder = "/tmp";
    size_t n = strlen(folder) + sizeof "/w2v";
    char *stem = mem_calloc(n, 1, "a file name", error), *path;
    if (stem == NULL)
        return W2V_ENOMEM;
    snprintf(stem, n, "%s/w2v", folder);
    int fd = file_create(stem, S_IRUSR | S_IWUSR, &path, error);
    if (fd >= 0)
        unlink(path);
    stray_drop(path);
    free(stem);
    return fd;
}

char *file_absolute(const char *path, struct w2v_error *error)
{
    char *folder = NULL;
    size_t capacity = 0;
    const size_t n = strlen(path) + 1;
    if (path[0] == '/' || strcmp(path, "-") == 0) {
        folder = strdup(path);
        if (folder == NULL)
            error_memory(error, "a file name", n);
        return folder;
    }
    do {
        if (mem_grow(&folder, &capacity, capacity + 256, 1, "a file name", error) != W2V_OK)
            goto fail;
    } while (getcwd(folder, capacity) == NULL && errno == ERANGE);
    if (getcwd(folder, capacity) == NULL) {
        error_system(error, path, "cannot name its folder");
        goto fail;
    }
    size_t n_folder = strlen(folder);
    if (mem_grow(&folder, &capacity, n_folder + 1 + n, 1, "a file name", error) != W2V_OK)
        goto fail;
    folder[n_folder] = '/';
    memcpy(folder + n_folder + 1, path, n);
    return folder;
fail:
    free(folder);
    return NULL;
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
            return error_set(error, W2V_EIO, "%s: became shorter while it was in use", name);
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
        ssize_t written = pwrite(fd, from, n, (off_t)offset);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return error_system(error, name, "cannot write");
        from += written;
        n -= (size_t)written;
        offset += (uint64_t)written;
    }
    return W2V_OK;
}
