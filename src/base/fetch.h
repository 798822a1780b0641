/*
 * Prefetches: hints that memory is needed soon. Any address is allowed, and no result changes.
 * fetch_to_write also takes the memory from the caches of other cores at once.
 */
#ifndef W2V_BASE_FETCH_H
#define W2V_BASE_FETCH_H

#include <stddef.h>

enum { FETCH_LINE = 64 }; /* bytes of a cache line */

static inline void fetch_to_read(const void *from, size_t n_bytes)
{
#if defined(__GNUC__)
    for (size_t i = 0; i < n_bytes; i += FETCH_LINE)
        __builtin_prefetch((const char *)from + i);
    /* Without this, gcc removes calls of functions that do nothing but prefetch. */
    __asm__ volatile("");
#else
    (void)from, (void)n_bytes;
#endif
}

static inline void fetch_to_write(const void *from, size_t n_bytes)
{
#if defined(__GNUC__) && defined(__x86_64__)
    /* Some old CPUs ignore this instruction, so the builtin would fetch for reading instead. */
    for (size_t i = 0; i < n_bytes; i += FETCH_LINE)
        __asm__ volatile("prefetchw %0" ::"m"(*((const char *)from + i)));
#elif defined(__GNUC__)
    for (size_t i = 0; i < n_bytes; i += FETCH_LINE)
        __builtin_prefetch((const char *)from + i, 1);
#else
    (void)from, (void)n_bytes;
#endif
}

#endif
