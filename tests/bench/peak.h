/*
 * A core's peak rate of single-precision arithmetic with a table's instructions: independent chains
 * of fused multiply-adds, enough of them to hide the latency, nothing else. Best of several runs;
 * 0 where a table has none.
 */
#ifndef W2V_BENCH_PEAK_H
#define W2V_BENCH_PEAK_H

#include <string.h>

#include "base/thread.h"
#include "kernel/kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>

enum { PEAK_RUNS = 7 };

/* Every chain ends in what is kept, else the compiler drops it and the rate is no machine's. */
#define PEAK(vector, lanes, set1, fma, instructions)                                 \
    __attribute__((target(instructions))) static inline double peak_##lanes(void)    \
    {                                                                                \
        enum { CHAINS = 12, STEPS = 2000000 };                                       \
        vector sum[CHAINS], x = set1(0.999999f), y = set1(1e-6f);                    \
        double best = 0;                                                             \
        for (int c = 0; c < CHAINS; c++)                                             \
            sum[c] = set1((float)c);                                                 \
        for (int run = 0; run < PEAK_RUNS; run++) {                                  \
            double began = thread_seconds();                                         \
            for (int step = 0; step < STEPS; step++) {                               \
                _Pragma("GCC unroll 12") for (int c = 0; c < CHAINS; c++) sum[c] =   \
                    fma(sum[c], x, y);                                               \
                __asm__ volatile("" : "+x"(x));                                      \
            }                                                                        \
            double rate = 2.0 * lanes * CHAINS * STEPS / (thread_seconds() - began); \
            best = rate > best ? rate : best;                                        \
        }                                                                            \
        float out[16 * CHAINS] = {0};                                                \
        for (int c = 0; c < CHAINS; c++)                                             \
            memcpy(out + 16 * c, &sum[c], sizeof sum[c]);                            \
        volatile float keep = 0;                                                     \
        for (int i = 0; i < 16 * CHAINS; i++)                                        \
            keep = keep + out[i];                                                    \
        return best;                                                                 \
    }
PEAK(__m512, 16, _mm512_set1_ps, _mm512_fmadd_ps, "avx512f")
PEAK(__m256, 8, _mm256_set1_ps, _mm256_fmadd_ps, "avx2,fma")

static inline double peak_of(const struct kernel *kernel)
{
    return strcmp(kernel->name, "avx512") == 0 ? peak_16()
           : strcmp(kernel->name, "avx2") == 0 ? peak_8()
                                               : 0;
}
#else
static inline double peak_of(const struct kernel *kernel)
{
    (void)kernel;
    return 0;
}
#endif

#endif
