/*
 * Checked memory. Sizes are given as count x size and never overflow silently. Small things come
 * from malloc; large matrices and buffers from the system by mem_map, so that they are zero,
 * aligned to a page, on huge pages where the system grants them, and go back to the system when
 * released.
 */
#ifndef W2V_BASE_MEM_H
#define W2V_BASE_MEM_H

#include "base/error.h"

/* n x size bytes, zeroed; NULL with *error set ("out of memory for WHAT"). Release with free. */
void *mem_calloc(size_t n, size_t size, const char *what, struct w2v_error *error);

/*
 * Grows *array (elements of `size` bytes, *capacity of them) to hold at least `need`, by half its
 * size or more at a time. 0, or W2V_ENOMEM with the array as it was.
 */
int mem_grow(void *array, size_t *capacity, size_t need, size_t size, const char *what,
             struct w2v_error *error);

/* A region of zeroed pages. `bytes` is NULL when not mapped. */
struct mem_map {
    void *bytes;
    size_t n_bytes;
};

int mem_map(struct mem_map *map, size_t n, size_t size, const char *what, struct w2v_error *error);

/* The same, on an open file that is made n x size bytes long, all of them on disk. */
int mem_map_file(struct mem_map *map, int fd, size_t n, size_t size, const char *what,
                 struct w2v_error *error);
void mem_unmap(struct mem_map *map);

/* Makes a region of mem_map's, or one not mapped, n x size bytes long; what is new is zero. */
int mem_remap(struct mem_map *map, size_t n, size_t size, const char *what,
              struct w2v_error *error);

/* Gives back what lies beyond the first n_bytes. */
void mem_trim(struct mem_map *map, size_t n_bytes);

/* Puts a page of zeros in the place of the one at this address; for a signal's handler too. */
bool mem_replace_page(void *at);

/* From now on malloc gives large pieces back to the system when they are freed, where it can. */
void mem_give_back(void);

/*
 * Has the pages that lie wholly in n_bytes of a mapped file leave memory; the file keeps what was
 * written to them, and they come back when they are touched.
 */
void mem_leave(const void *bytes, size_t n_bytes);

/* a * b, or SIZE_MAX where that overflows, so that any allocation of it fails. */
size_t mem_product(size_t a, size_t b);

#endif
