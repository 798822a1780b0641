/* The kernels for AVX2 with FMA: a vector of 16 is two registers. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct {
    __m256 lo, hi;
} v16;

static inline v16 v16_load(const void *p)
{
    const char *bytes = p;
    return (v16){_mm256_loadu_ps(p), _mm256_loadu_ps((const void *)(bytes + 32))};
}

static inline v16 v16_load_n(const void *p, size_t n)
{
    const __m256i lane = _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7);
    __m256i left = _mm256_set1_epi32((int)n), rest = _mm256_set1_epi32((int)n - 8);
    const char *bytes = p;
    v16 r = {_mm256_maskload_ps(p, _mm256_cmpgt_epi32(left, lane)), _mm256_setzero_ps()};
    if (n > 8)
        r.hi = _mm256_maskload_ps((const void *)(bytes + 32), _mm256_cmpgt_epi32(rest, lane));
    return r;
}

static inline void v16_store(float *p, v16 v)
{
    _mm256_storeu_ps(p, v.lo);
    _mm256_storeu_ps(p + 8, v.hi);
}

static inline v16 v16_set1(float x)
{
    return (v16){_mm256_set1_ps(x), _mm256_set1_ps(x)};
}

static inline v16 v16_add(v16 a, v16 b)
{
    return (v16){_mm256_add_ps(a.lo, b.lo), _mm256_add_ps(a.hi, b.hi)};
}

static inline v16 v16_sub(v16 a, v16 b)
{
    return (v16){_mm256_sub_ps(a.lo, b.lo), _mm256_sub_ps(a.hi, b.hi)};
}

static inline v16 v16_mul(v16 a, v16 b)
{
    return (v16){_mm256_mul_ps(a.lo, b.lo), _mm256_mul_ps(a.hi, b.hi)};
}

static inline v16 v16_div(v16 a, v16 b)
{
    return (v16){_mm256_div_ps(a.lo, b.lo), _mm256_div_ps(a.hi, b.hi)};
}

static inline v16 v16_fma(v16 a, v16 b, v16 c)
{
    return (v16){_mm256_fmadd_ps(a.lo, b.lo, c.lo), _mm256_fmadd_ps(a.hi, b.hi, c.hi)};
}

static inline float fma1(float a, float b, float c)
{
    return fmaf(a, b, c);
}

static inline v16 v16_min(v16 a, v16 b)
{
    return (v16){_mm256_min_ps(a.lo, b.lo), _mm256_min_ps(a.hi, b.hi)};
}

static inline v16 v16_max(v16 a, v16 b)
{
    return (v16){_mm256_max_ps(a.lo, b.lo), _mm256_max_ps(a.hi, b.hi)};
}

static inline v16 v16_abs(v16 a)
{
    const __m256 sign = _mm256_set1_ps(-0.0f);
    return (v16){_mm256_andnot_ps(sign, a.lo), _mm256_andnot_ps(sign, a.hi)};
}

static inline v16 v16_flip(v16 a, v16 s)
{
    const __m256 sign = _mm256_set1_ps(-0.0f);
    return (v16){_mm256_xor_ps(a.lo, _mm256_and_ps(sign, s.lo)),
                 _mm256_xor_ps(a.hi, _mm256_and_ps(sign, s.hi))};
}

static inline __m256 nonnegative(__m256 s, __m256 a, __m256 b)
{
    return _mm256_blendv_ps(b, a, _mm256_cmp_ps(s, _mm256_setzero_ps(), _CMP_GE_OQ));
}

static inline v16 v16_nonnegative(v16 s, v16 a, v16 b)
{
    return (v16){nonnegative(s.lo, a.lo, b.lo), nonnegative(s.hi, a.hi, b.hi)};
}

static inline __m256 exp2_minus(__m256 t)
{
    __m256i n = _mm256_slli_epi32(_mm256_castps_si256(t), 23);
    return _mm256_castsi256_ps(_mm256_sub_epi32(_mm256_set1_epi32(127 << 23), n));
}

static inline v16 v16_exp2_minus(v16 t)
{
    return (v16){exp2_minus(t.lo), exp2_minus(t.hi)};
}

static inline bool v16_any_above(v16 a, v16 b)
{
    __m256 above =
        _mm256_or_ps(_mm256_cmp_ps(a.lo, b.lo, _CMP_GT_OQ), _mm256_cmp_ps(a.hi, b.hi, _CMP_GT_OQ));
    return _mm256_movemask_ps(above) != 0;
}

#define TILE_A 2
#define TILE_B 2
#define TILE_ROWS 4
#define TILE_VECTORS 1
#define PANEL_ROWS 6
#define PANEL_VECTORS 1

/* Lanes l and l + 8 added, then l and l + 4: four sums of a in the lower half, of b in the upper. */
static inline __m256 fold(v16 a, v16 b)
{
    const __m256 x = _mm256_add_ps(a.lo, a.hi), y = _mm256_add_ps(b.lo, b.hi);
    return _mm256_add_ps(_mm256_permute2f128_ps(x, y, 0x20), _mm256_permute2f128_ps(x, y, 0x31));
}

/* Up to four at once. The lower half is the first n / 2 of them. */
static inline void v16_sums(float *sums, const v16 *v, size_t n)
{
    const __m256 first = fold(v[0], v[n / 2]), second = n < 4 ? first : fold(v[1], v[3]);
    const __m256 pair = _mm256_add_ps(_mm256_shuffle_ps(first, second, 0x44),
                                      _mm256_shuffle_ps(first, second, 0xee));
    const __m256 sum = _mm256_add_ps(pair, _mm256_shuffle_ps(pair, pair, 0xf5));
    const __m128 lower = _mm256_castps256_ps128(sum), upper = _mm256_extractf128_ps(sum, 1);
    if (n == 4)
        _mm_storeu_ps(sums, _mm_shuffle_ps(lower, upper, 0x88));
    else if (n == 2)
        _mm_storel_pi((void *)sums, _mm_unpacklo_ps(lower, upper));
    else
        _mm_store_ss(sums, lower);
}

#define KERNEL_TABLE kernel_avx2
#define KERNEL_NAME "avx2"
#define KERNEL_EXACT true
#include "kernel/kernel_shape.h"

#else
typedef int kernel_avx2_is_for_x86_64;
#endif
