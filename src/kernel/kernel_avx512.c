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

/*
 * The four steps in which lanes are added. Each packs two vectors into one, so that one addition
 * folds both. Where a blend can take the place of a shuffle it does, because only one of the units
 * that add can shuffle.
 *
 * Step one adds lanes l and l + 8: the sums of a are the lower half, those of b the upper one.
 */
static inline v16 fold_halves(v16 a, v16 b)
{
    return _mm512_add_ps(_mm512_mask_blend_ps(0xff00, a, b), _mm512_shuffle_f32x4(a, b, 0x4e));
}

/* Step two adds lanes l and l + 4 of each half: the quarters are a, a, b, b as step one left them. */
static inline v16 fold_quarters(v16 a, v16 b)
{
    return _mm512_add_ps(_mm512_shuffle_f32x4(a, b, 0x88), _mm512_shuffle_f32x4(a, b, 0xdd));
}

/* Step three adds lanes l and l + 2 of each quarter: the quarter then has two sums of a, two of b. */
static inline v16 fold_pairs(v16 a, v16 b)
{
    return _mm512_add_ps(_mm512_mask_blend_ps(0xcccc, a, b), _mm512_shuffle_ps(a, b, 0x4e));
}

/* Step four adds neighbours: each quarter ends with the two sums of a, then those of b. */
static inline v16 fold_lanes(v16 a, v16 b)
{
    return _mm512_add_ps(_mm512_shuffle_ps(a, b, 0x88), _mm512_shuffle_ps(a, b, 0xdd));
}

/* Each quarter of a register takes the sums of n / 4 vectors. Of fewer than 4, some stand twice. */
static inline void v16_sums(float *sums, const v16 *v, size_t n)
{
    const size_t each = n < 4 ? 1 : n / 4, second = n < 2 ? 0 : each;
    v16 column[4];
    for (size_t j = 0; j < each; j++) {
        const v16 front = fold_halves(v[j], v[second + j]);
        column[j] =
            fold_quarters(front, n < 4 ? front : fold_halves(v[2 * each + j], v[3 * each + j]));
    }
    if (n == 16) {
        _mm512_storeu_ps(
            sums, fold_lanes(fold_pairs(column[0], column[1]), fold_pairs(column[2], column[3])));
        return;
    }
    const __m512i place = n == 8
                              ? _mm512_setr_epi32(0, 1, 4, 5, 8, 9, 12, 13, 0, 0, 0, 0, 0, 0, 0, 0)
                              : _mm512_setr_epi32(0, 4, 8, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
    const v16 pairs = fold_pairs(column[0], column[each - 1]);
    const v16 all = _mm512_permutexvar_ps(place, fold_lanes(pairs, pairs));
    if (n == 8)
        _mm256_storeu_ps(sums, _mm512_castps512_ps256(all));
    else if (n == 4)
        _mm_storeu_ps(sums, _mm512_castps512_ps128(all));
    else if (n == 2)
        _mm_storel_pi((void *)sums, _mm512_castps512_ps128(all));
    else
        _mm_store_ss(sums, _mm512_castps512_ps128(all));
}

#define KERNEL_TABLE kernel_avx512
#define KERNEL_NAME "avx512"
#define KERNEL_EXACT true
#include "kernel/kernel_shape.h"

#else
typedef int kernel_avx512_is_for_x86_64;
#endif
