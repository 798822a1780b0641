/*
 * The kernels for an x86-64 without fused multiply-add: products are rounded before they are added,
 * so the bits differ from every other table's.
 */
#if defined(__x86_64__)

#include <emmintrin.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    __m128 q[4];
} v16;

#define EACH(expression)        \
    v16 r;                      \
    for (int i = 0; i < 4; i++) \
        r.q[i] = (expression);  \
    return r

static inline v16 v16_load(const void *p)
{
    const char *bytes = p;
    EACH(_mm_loadu_ps((const void *)(bytes + 16 * i)));
}

static inline v16 v16_load_n(const void *p, size_t n)
{
    float whole[16] = {0};
    memcpy(whole, p, n * sizeof *whole);
    return v16_load(whole);
}

static inline void v16_store(float *p, v16 v)
{
    for (int i = 0; i < 4; i++)
        _mm_storeu_ps(p + 4 * i, v.q[i]);
}

static inline v16 v16_set1(float x)
{
    EACH(_mm_set1_ps(x));
}

static inline v16 v16_add(v16 a, v16 b)
{
    EACH(_mm_add_ps(a.q[i], b.q[i]));
}

static inline v16 v16_sub(v16 a, v16 b)
{
    EACH(_mm_sub_ps(a.q[i], b.q[i]));
}

static inline v16 v16_mul(v16 a, v16 b)
{
    EACH(_mm_mul_ps(a.q[i], b.q[i]));
}

static inline v16 v16_div(v16 a, v16 b)
{
    EACH(_mm_div_ps(a.q[i], b.q[i]));
}

static inline v16 v16_fma(v16 a, v16 b, v16 c)
{
    EACH(_mm_add_ps(_mm_mul_ps(a.q[i], b.q[i]), c.q[i]));
}

static inline float fma1(float a, float b, float c)
{
    return a * b + c;
}

static inline v16 v16_min(v16 a, v16 b)
{
    EACH(_mm_min_ps(a.q[i], b.q[i]));
}

static inline v16 v16_max(v16 a, v16 b)
{
    EACH(_mm_max_ps(a.q[i], b.q[i]));
}

static inline v16 v16_abs(v16 a)
{
    EACH(_mm_andnot_ps(_mm_set1_ps(-0.0f), a.q[i]));
}

static inline v16 v16_flip(v16 a, v16 s)
{
    EACH(_mm_xor_ps(a.q[i], _mm_and_ps(_mm_set1_ps(-0.0f), s.q[i])));
}

static inline v16 v16_nonnegative(v16 s, v16 a, v16 b)
{
    v16 r;
    for (int i = 0; i < 4; i++) {
        __m128 mask = _mm_cmpge_ps(s.q[i], _mm_setzero_ps());
        r.q[i] = _mm_or_ps(_mm_and_ps(mask, a.q[i]), _mm_andnot_ps(mask, b.q[i]));
    }
    return r;
}

static inline v16 v16_exp2_minus(v16 t)
{
    v16 r;
    for (int i = 0; i < 4; i++) {
        __m128i n = _mm_slli_epi32(_mm_castps_si128(t.q[i]), 23);
        r.q[i] = _mm_castsi128_ps(_mm_sub_epi32(_mm_set1_epi32(127 << 23), n));
    }
    return r;
}

static inline bool v16_any_above(v16 a, v16 b)
{
    __m128 above = _mm_setzero_ps();
    for (int i = 0; i < 4; i++)
        above = _mm_or_ps(above, _mm_cmpgt_ps(a.q[i], b.q[i]));
    return _mm_movemask_ps(above) != 0;
}

#define TILE_A 1
#define TILE_B 2
#define TILE_ROWS 2
#define TILE_VECTORS 1
#define PANEL_ROWS 2
#define PANEL_VECTORS 1

static inline void v16_sums(float *sums, const v16 *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const __m128 *q = v[i].q;
        __m128 s = _mm_add_ps(_mm_add_ps(q[0], q[2]), _mm_add_ps(q[1], q[3]));
        s = _mm_add_ps(s, _mm_movehl_ps(s, s));
        s = _mm_add_ss(s, _mm_shuffle_ps(s, s, 1));
        sums[i] = _mm_cvtss_f32(s);
    }
}

#define KERNEL_TABLE kernel_sse2
#define KERNEL_NAME "sse2"
#define KERNEL_EXACT false
#include "kernel/kernel_shape.h"

#else
typedef int kernel_sse2_is_for_x86_64;
#endif
