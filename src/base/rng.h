/*
 * Random numbers by position. Draw n of a stream depends on (key, n) alone, so any thread can
 * compute any draw at any time, and results do not depend on the order of execution. The generator
 * is SplitMix64 (Steele, Lea, Flood 2014, "Fast splittable pseudorandom number generators"),
 * computed at a position instead of step by step.
 */
#ifndef W2V_BASE_RNG_H
#define W2V_BASE_RNG_H

#include <stdint.h>

/* A bijection of 64-bit numbers in which every input bit reaches every output bit. */
static inline uint64_t rng_mix(uint64_t x)
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    return x ^ (x >> 31);
}

/* 64 random bits: draw `n` of stream `key`. */
static inline uint64_t rng_at(uint64_t key, uint64_t n)
{
    return rng_mix(key + (n + 1) * 0x9e3779b97f4a7c15u);
}

/* The key of sub-stream `n` of a stream. A second mixing keeps it apart from the stream's draws. */
static inline uint64_t rng_key(uint64_t key, uint64_t n)
{
    return rng_mix(rng_at(key, n) ^ 0xd1b54a32d192ed03u);
}

/* Maps 32 random bits to a uniform number in 0 .. n - 1 (bias below n / 2^32). */
static inline uint32_t rng_below(uint32_t bits, uint32_t n)
{
    return (uint32_t)(((uint64_t)bits * n) >> 32);
}

#endif
