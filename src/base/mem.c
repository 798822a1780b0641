/* Checked memory. See mem.h. */
#if defined(__linux__)
#define _GNU_SOURCE /* madvise, MAP_ANONYMOUS, mremap */
#endif
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/file.h"

#if !defined(MAP_ANONYMOUS) && defined(MAP_ANON)
#define MAP_ANONYMOUS MAP_ANON
#endif

/*
 * ThreadSanitizer ignores mremap: it takes the next mapping at the old address for the old memory.
 */
#if defined(__SANITIZE_THREAD__)
#define SEES_NO_MREMAP 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define SEES_NO_MREMAP 1
#endif
#endif

enum { HUGE_PAGE = 2 << 20 };

size_t mem_product(size_t a, size_t b)
{
    return b != 0 && a > SIZE_MAX / b ? SIZE_MAX : a * b;
}

void *mem_calloc(size_t n, size_t size, const char *what, struct w2v_error *error)
{
    void *bytes = calloc(n ? n : 1, size);
    if (bytes == NULL)
        error_memory(error, what, mem_product(n, size));
    return bytes;
}

int mem_grow(void *array, size_t *capacity, size_t need, size_t size, const char *what,
             struct w2v_error *error)
{
    if (need <= *capacity)
        return W2V_OK;
    size_t wanted = *capacity + *capacity / 2;
    if (wanted < need)
        wanted = need;
    if (wanted < 16)
        wanted = 16;
    size_t n_bytes = mem_product(wanted, size);
    void *old, *bytes;
    memcpy(&old, array, sizeof old); /* `array` points to a pointer to any type of object */
    bytes = n_bytes == SIZE_MAX ? NULL : realloc(old, n_bytes);
    if (bytes == NULL)
        return error_memory(error, what, n_bytes);
    memcpy(array, &bytes, sizeof bytes);
    *capacity = wanted;
    return W2V_OK;
}

int mem_map(struct mem_map *map, size_t n, size_t size, const char *what, struct w2v_error *error)
{
    size_t n_bytes = mem_product(n ? n : 1, size);
    if (n_bytes > SIZE_MAX - HUGE_PAGE)
        return error_memory(error, what, n_bytes);
    void *bytes = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        return error_memory(error, what, n_bytes);
#ifdef MADV_HUGEPAGE
    if (n_bytes >= HUGE_PAGE)
        madvise(bytes, n_bytes, MADV_HUGEPAGE); /* failure costs only speed */
#endif
    *map = (struct mem_map){bytes, n_bytes};
    return W2V_OK;
}

/* Maps an open file after giving it n_bytes. */
static int map_descriptor(struct mem_map *map, int fd, size_t n_bytes, struct w2v_error *error)
{
    /* Writing to a hole in the mapped file would raise SIGBUS on a full disk, so leave no holes. */
    do
        errno = posix_fallocate(fd, 0, (off_t)n_bytes);
    while (errno == EINTR);
    if (errno != 0)
        return error_system(error, FILE_TEMPORARY, "cannot make room");
    void *bytes = mmap(NULL, n_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (bytes == MAP_FAILED)
        return error_system(error, FILE_TEMPORARY, "cannot map");
    *map = (struct mem_map){bytes, n_bytes};
    return W2V_OK;
}

int mem_map_file(struct mem_map *map, size_t n, size_t size, const char *what,
                 struct w2v_error *error)
{
    const size_t n_bytes = mem_product(n ? n : 1, size);
    if (n_bytes > PTRDIFF_MAX)
        return error_memory(error, what, n_bytes);
    const int fd = file_temporary(error);
    if (fd < 0)
        return fd;
    const int status = map_descriptor(map, fd, n_bytes, error);
    close(fd);
    return status;
}

/* POSIX does not list mmap as safe in a handler, but on our systems it is a plain system call. */
bool mem_replace_page(void *at)
{
    const long page = sysconf(_SC_PAGESIZE);
    if (page <= 0)
        return false;
    char *start = (char *)at - (uintptr_t)at % (size_t)page;
    return mmap(start, (size_t)page, PROT_READ | PROT_WRITE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) != MAP_FAILED;
}

void mem_give_back(void)
{
#if defined(__GLIBC__)
    /* glibc would raise this threshold by itself and keep freed blocks: 30 MB after reading. */
    mallopt(M_MMAP_THRESHOLD, 1 << 17);
#endif
}

void mem_unmap(struct mem_map *map)
{
    if (map->bytes != NULL)
        munmap(map->bytes, map->n_bytes);
    *map = (struct mem_map){NULL, 0};
}

int mem_remap(struct mem_map *map, size_t n, size_t size, const char *what, struct w2v_error *error)
{
    struct mem_map larger;
    if (map->bytes == NULL)
        return mem_map(map, n, size, what, error);
#if defined(__linux__) && !defined(SEES_NO_MREMAP)
    const size_t n_bytes = mem_product(n ? n : 1, size);
    void *bytes = n_bytes > SIZE_MAX - HUGE_PAGE
                      ? MAP_FAILED
                      : mremap(map->bytes, map->n_bytes, n_bytes, MREMAP_MAYMOVE);
    if (bytes == MAP_FAILED)
        return error_memory(error, what, n_bytes);
    larger = (struct mem_map){bytes, n_bytes};
#else
    int status = mem_map(&larger, n, size, what, error);
    if (status != W2V_OK)
        return status;
    memcpy(larger.bytes, map->bytes, map->n_bytes < larger.n_bytes ? map->n_bytes : larger.n_bytes);
    mem_unmap(map);
#endif
    *map = larger;
    return W2V_OK;
}

void mem_trim(struct mem_map *map, size_t n_bytes)
{
    const long page = sysconf(_SC_PAGESIZE);
    if (map->bytes == NULL || page <= 0 || n_bytes > map->n_bytes)
        return;
    const size_t mask = (size_t)page - 1, kept = n_bytes ? (n_bytes + mask) & ~mask : mask + 1;
    if (kept < map->n_bytes && munmap((char *)map->bytes + kept, map->n_bytes - kept) == 0)
        map->n_bytes = kept;
}

void mem_drop_pages(const void *bytes, size_t n_bytes)
{
#ifdef MADV_DONTNEED
    const long page = sysconf(_SC_PAGESIZE);
    if (page <= 0 || n_bytes < (size_t)page)
        return;
    const size_t mask = (size_t)page - 1, before = (0 - (size_t)(uintptr_t)bytes) & mask;
    if (n_bytes - before >= (size_t)page)
        madvise((char *)(size_t)(uintptr_t)bytes + before, (n_bytes - before) & ~mask,
                MADV_DONTNEED); /* failure costs only memory */
#else
    (void)bytes, (void)n_bytes;
#endif
}
