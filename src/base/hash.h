/*
 * A 64-bit hash of bytes for tables and checksums: eight bytes a step, multiplied and folded, with
 * the length in the seed. Not against adversaries. Its value is the same on every machine (bytes
 * are read little-endian), since files carry it.
 */
#ifndef W2V_BASE_HASH_H
#define W2V_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/rng.h"

/* Little-endian loads from unaligned bytes. Compilers make one instruction of each. */
static inline uint32_t hash_load32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t hash_load64(const unsigned char *p)
{
    return (uint64_t)hash_load32(p) | (uint64_t)hash_load32(p + 4) << 32;
}

static inline uint64_t hash_step(uint64_t state, uint64_t block)
{
    uint64_t x = (state ^ block) * 0x9fb21c651e98df25u;
    return x ^ (x >> 32);
}

static inline uint64_t hash_bytes(const void *bytes, size_t n_bytes)
{
    const unsigned char *p = bytes;
    uint64_t state = (uint64_t)n_bytes * 0x9e3779b97f4a7c15u;
    size_t left = n_bytes;
    for (; left > 8; left -= 8, p += 8)
        state = hash_step(state, hash_load64(p));
    uint64_t last = 0;
    if (left >= 4)
        last = (uint64_t)hash_load32(p) | (uint64_t)hash_load32(p + left - 4) << 32;
    else if (left > 0)
        last = (uint64_t)p[0] | (uint64_t)p[left / 2] << 8 | (uint64_t)p[left - 1] << 16;
    return rng_mix(hash_step(state, last));
}

#endif
