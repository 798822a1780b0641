/*
 * Two 64-bit hashes.
 *
 * hash_bytes is for files, their indexes and checksums. It multiplies and folds eight bytes a step,
 * and the seed holds the length. Bytes are read as little-endian, so its value is the same on every
 * machine. It does not resist attack: words that collide are easy to make.
 *
 * hash_fold and hash_keyed are for tables in memory that are filled from input. They take a key
 * that differs in every process and fold the two halves of a 128-bit product, as wyhash and
 * foldhash do. Without the key nobody can prepare a text whose words collide and make a table slow.
 * The order of a table's slots then differs in every process, so no result may depend on it.
 */
#ifndef W2V_BASE_HASH_H
#define W2V_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

#include "base/bytes.h"
#include "base/rng.h"

/* Little-endian loads from unaligned bytes. Compilers turn each into one instruction. */
static inline uint16_t hash_load16(const unsigned char *p)
{
    return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t hash_load32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint64_t hash_load64(const unsigned char *p)
{
    return bytes_load8((const char *)p);
}

/* One step of hash_bytes. */
static inline uint64_t hash_step(uint64_t state, uint64_t block)
{
    uint64_t x = (state ^ block) * 0x9fb21c651e98df25u;
    return x ^ (x >> 32);
}

/* 1 to 8 bytes as one number. Different words of one length give different numbers. */
static inline uint64_t hash_short(const unsigned char *p, size_t n)
{
    if (n >= 4)
        return (uint64_t)hash_load32(p) | (uint64_t)hash_load32(p + n - 4) << 32;
    return (uint64_t)p[0] | (uint64_t)p[n / 2] << 8 | (uint64_t)p[n - 1] << 16;
}

struct hash_key {
    uint64_t start, factor;
};

/* The key of this process, made at the first call. Any thread may call it. */
struct hash_key hash_key(void);

/* The exclusive or of the two halves of the 128-bit product a * b. */
static inline uint64_t hash_product(uint64_t a, uint64_t b)
{
#if defined(__SIZEOF_INT128__)
    __extension__ typedef unsigned __int128 wide;
    const wide product = (wide)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
    const uint64_t low = 0xffffffffu, a0 = a & low, a1 = a >> 32, b0 = b & low, b1 = b >> 32;
    const uint64_t middle = a1 * b0 + (a0 * b0 >> 32), other = a0 * b1 + (middle & low);
    return a * b ^ (a1 * b1 + (middle >> 32) + (other >> 32));
#endif
}

/* One step with a key. The first state is key.start, or key.start plus the length. */
static inline uint64_t hash_fold(struct hash_key key, uint64_t state, uint64_t block)
{
    return hash_product(state ^ block, key.factor);
}

static inline uint64_t hash_bytes(const void *bytes, size_t n_bytes)
{
    const unsigned char *p = bytes;
    uint64_t state = (uint64_t)n_bytes * 0x9e3779b97f4a7c15u;
    size_t left = n_bytes;
    for (; left > 8; left -= 8, p += 8)
        state = hash_step(state, hash_load64(p));
    return rng_mix(hash_step(state, left > 0 ? hash_short(p, left) : 0));
}

/* The hash of bytes with a key. */
static inline uint64_t hash_keyed(struct hash_key key, const void *bytes, size_t n_bytes)
{
    const unsigned char *p = bytes;
    uint64_t state = key.start + (uint64_t)n_bytes;
    size_t left = n_bytes;
    for (; left > 8; left -= 8, p += 8)
        state = hash_fold(key, state, hash_load64(p)) ^ key.start;
    return hash_fold(key, state, left > 0 ? hash_short(p, left) : 0);
}

#endif
