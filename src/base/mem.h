/*
 * Checked memory. Sizes are given as count x size and never overflow silently. Small blocks come
 * from malloc. Large matrices and buffers come from the system through mem_map: they are zero,
 * aligned to a page, on huge pages where the system grants them, and go back to the system when
 * released.
 */
#ifndef W2V_BASE_MEM_H
#define W2V_BASE_MEM_H

#include "base/error.h"

/*
 * Allocates n x size zeroed bytes, to be released with free(). On failure it returns NULL and sets
 * *error to "out of memory for WHAT".
 */
void *mem_calloc(size_t n, size_t size, const char *what, struct w2v_error *error);

/*
 * Grows *array, which has room for *capacity elements of `size` bytes, so that it holds at least
 * `need`. It grows by at least half its size. On W2V_ENOMEM the array is as it was.
 */
int mem_grow(void *array, size_t *capacity, size_t need, size_t size, const char *what,
             struct w2v_error *error);

/* A region of zeroed pages. `bytes` is NULL when not mapped. */
struct mem_map {
    void *bytes;
    size_t n_bytes;
};

int mem_map(struct mem_map *map, size_t n, size_t size, const char *what, struct w2v_error *error);

/* The same on a temporary file, with all bytes reserved on disk. The mapping keeps the file. */
int mem_map_file(struct mem_map *map, size_t n, size_t size, const char *what,
                 struct w2v_error *error);
void mem_unmap(struct mem_map *map);

/* Resizes a region of mem_map (or maps one) to n x size bytes. The new bytes are zero. */
int mem_remap(struct mem_map *map, size_t n, size_t size, const char *what,
              struct w2v_error *error);

/* Gives all pages beyond the first n_bytes back to the system. */
void mem_trim(struct mem_map *map, size_t n_bytes);

/* Replaces the page at this address by a page of zeros. Signal handlers may call it. */
bool mem_replace_page(void *at);

/* Makes malloc give large blocks back to the system when they are freed, where it can. */
void mem_give_back(void);

/*
 * Drops from memory the pages that lie wholly in n_bytes of a mapped file. The file keeps their
 * contents, and the next access reads them again.
 */
void mem_drop_pages(const void *bytes, size_t n_bytes);

/* a * b, or SIZE_MAX where that overflows, so that allocating it fails. */
size_t mem_product(size_t a, size_t b);

#endif
