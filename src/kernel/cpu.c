/* CPUID and XGETBV, as Intel's Software Developer's Manual (volume 1, chapters 13 to 15) orders. */
#include "kernel/cpu.h"

#if defined(__x86_64__)

#include <cpuid.h>

/* The register states that the operating system saves: bits of XCR0. */
static unsigned saved_states(void)
{
    unsigned low, high;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    return low;
}

unsigned cpu_features(void)
{
    unsigned a, b, c, d, features = 0;
    const unsigned fma = 1u << 12, osxsave = 1u << 27, avx = 1u << 28; /* leaf 1, ecx */
    const unsigned avx2 = 1u << 5;                                     /* leaf 7, ebx */
    const unsigned avx512 = 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31; /* F, DQ, BW, VL */
    const unsigned ymm = 0x6, zmm = 0xe6;                              /* XCR0 */
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (fma | osxsave | avx)) != (fma | osxsave | avx))
        return 0;
    unsigned saved = saved_states();
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (saved & ymm) != ymm)
        return 0;
    if (b & avx2)
        features |= CPU_AVX2_FMA;
    if ((b & avx512) == avx512 && (saved & zmm) == zmm)
        features |= CPU_AVX512;
    return features;
}

#else

unsigned cpu_features(void)
{
    return 0;
}

#endif
