/* The kernels for AVX-512 (F, VL, DQ, BW): a vector of 16 is one register. */
#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>

typedef __m512 v16;

static inline v16 v16_load(const void *p)
{
    return _mm512_loadu_ps(p);
}

static inline v16 v16_load_n(const void *p, size_t n)
{
    return _mm512_maskz_loadu_ps((__mmask16)((1u << n) - 1), p);
}

static inline void v16_store(float *p, v16 v)
{
    _mm512_storeu_ps(p, v);
}

static inline v16 v16_set1(float x)
{
    return _mm512_set1_ps(x);
}

static inline v16 v16_add(v16 a, v16 b)
{
    return _mm512_add_ps(a, b);
}

static inline v16 v16_sub(v16 a, v16 b)
{
    return _mm512_sub_ps(a, b);
}

static inline v16 v16_mul(v16 a, v16 b)
{
    return _mm512_mul_ps(a, b);
}

static inline v16 v16_div(v16 a, v16 b)
{
    return _mm512_div_ps(a, b);
}

static inline v16 v16_fma(v16 a, v16 b, v16 c)
{
    return _mm512_fmadd_ps(a, b, c);
}

static inline float fma1(float a, float b, float c)
{
    return fmaf(a, b, c);
}

static inline v16 v16_min(v16 a, v16 b)
{
    return _mm512_min_ps(a, b);
}

static inline v16 v16_max(v16 a, v16 b)
{
    return _mm512_max_ps(a, b);
}

static inline v16 v16_abs(v16 a)
{
    return _mm512_andnot_ps(_mm512_set1_ps(-0.0f), a);
}

static inline v16 v16_flip(v16 a, v16 s)
{
    return _mm512_xor_ps(a, _mm512_and_ps(_mm512_set1_ps(-0.0f), s));
}

static inline v16 v16_nonnegative(v16 s, v16 a, v16 b)
{
    return _mm512_mask_blend_ps(_mm512_cmp_ps_mask(s, _mm512_setzero_ps(), _CMP_GE_OQ), b, a);
}

static inline v16 v16_exp2_minus(v16 t)
{
    __m512i n = _mm512_slli_epi32(_mm512_castps_si512(t), 23);
    return _mm512_castsi512_ps(_mm512_sub_epi32(_mm512_set1_epi32(127 << 23), n));
}

static inline bool v16_any_above(v16 a, v16 b)
{
    return _mm512_cmp_ps_mask(a, b, _CMP_GT_OQ) != 0;
}

#define TILE_A 4
#define TILE_B 4
#define TILE_ROWS 4
#define TILE_VECTORS 4
#define PANEL_ROWS 8
#define PANEL_VECTORS 3

/* Lane l of a to l + 8 of a, in the lower half; of b in the upper: the tree's first step. */
static inline v16 fold_halves(v16 a, v16 b)
{
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x44), _mm512_shuffle_f32x4(a, b, 0xee));
}

/* The second step, on two results of the first: four sums of 4 lanes. */
static inline v16 fold_quarters(v16 a, v16 b)
{
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
}

/* All 16 sums at once: each step folds the lanes and packs two vectors into one. */
static inline void v16_sums(float *sums, v16 tile[TILE_A][TILE_B])
{
    v16 column[4];
    for (int j = 0; j < 4; j++)
        column[j] =
            fold_quarters(fold_halves(tile[0][j], tile[1][j]), fold_halves(tile[2][j], tile[3][j]));
    v16 even = _mm512_add_ps(_mm512_shuffle_ps(column[0], column[1], 0x44),
                             _mm512_shuffle_ps(column[0], column[1], 0xee));
    v16 odd = _mm512_add_ps(_mm512_shuffle_ps(column[2], column[3], 0x44),
                            _mm512_shuffle_ps(column[2], column[3], 0xee));
    _mm512_storeu_ps(sums, _mm512_add_ps(_mm512_shuffle_ps(even, odd, 0x88),
                                         _mm512_shuffle_ps(even, odd, 0xdd)));
}

#define KERNEL_TABLE kernel_avx512
#define KERNEL_NAME "avx512"
#define KERNEL_EXACT true
#include "kernel/kernel_shape.h"

#else
typedef int kernel_avx512_is_for_x86_64;
#endif
