/* The kernels for NEON (AArch64): a vector of 16 is four registers. */
#if defined(__aarch64__)

#include <arm_neon.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

typedef struct {
    float32x4_t q[4];
} v16;

#define EACH(expression)        \
    v16 r;                      \
    for (int i = 0; i < 4; i++) \
        r.q[i] = (expression);  \
    return r

static inline v16 v16_load(const void *p)
{
    const unsigned char *bytes = p;
    EACH(vreinterpretq_f32_u8(vld1q_u8(bytes + 16 * i)));
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
        vst1q_f32(p + 4 * i, v.q[i]);
}

static inline v16 v16_set1(float x)
{
    EACH(vdupq_n_f32(x));
}

static inline v16 v16_add(v16 a, v16 b)
{
    EACH(vaddq_f32(a.q[i], b.q[i]));
}

static inline v16 v16_sub(v16 a, v16 b)
{
    EACH(vsubq_f32(a.q[i], b.q[i]));
}

static inline v16 v16_mul(v16 a, v16 b)
{
    EACH(vmulq_f32(a.q[i], b.q[i]));
}

static inline v16 v16_div(v16 a, v16 b)
{
    EACH(vdivq_f32(a.q[i], b.q[i]));
}

static inline v16 v16_fma(v16 a, v16 b, v16 c)
{
    EACH(vfmaq_f32(c.q[i], a.q[i], b.q[i]));
}

static inline float fma1(float a, float b, float c)
{
    return fmaf(a, b, c);
}

/* Not vminq and vmaxq: with what is no number, they give other results. */
static inline v16 v16_min(v16 a, v16 b)
{
    EACH(vbslq_f32(vcltq_f32(a.q[i], b.q[i]), a.q[i], b.q[i]));
}

static inline v16 v16_max(v16 a, v16 b)
{
    EACH(vbslq_f32(vcgtq_f32(a.q[i], b.q[i]), a.q[i], b.q[i]));
}

static inline v16 v16_abs(v16 a)
{
    EACH(vabsq_f32(a.q[i]));
}

static inline v16 v16_flip(v16 a, v16 s)
{
    const uint32x4_t sign = vdupq_n_u32(0x80000000u);
    EACH(vreinterpretq_f32_u32(
        veorq_u32(vreinterpretq_u32_f32(a.q[i]), vandq_u32(vreinterpretq_u32_f32(s.q[i]), sign))));
}

static inline v16 v16_nonnegative(v16 s, v16 a, v16 b)
{
    EACH(vbslq_f32(vcgeq_f32(s.q[i], vdupq_n_f32(0)), a.q[i], b.q[i]));
}

static inline v16 v16_exp2_minus(v16 t)
{
    EACH(vreinterpretq_f32_u32(
        vsubq_u32(vdupq_n_u32(127u << 23), vshlq_n_u32(vreinterpretq_u32_f32(t.q[i]), 23))));
}

static inline bool v16_any_above(v16 a, v16 b)
{
    uint32x4_t above = vdupq_n_u32(0);
    for (int i = 0; i < 4; i++)
        above = vorrq_u32(above, vcgtq_f32(a.q[i], b.q[i]));
    return vmaxvq_u32(above) != 0;
}

#define TILE_A 2
#define TILE_B 2
#define TILE_ROWS 4
#define TILE_VECTORS 1
#define PANEL_ROWS 6
#define PANEL_VECTORS 1

static inline void v16_sums(float *sums, const v16 *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const float32x4_t *q = v[i].q;
        float32x4_t s = vaddq_f32(vaddq_f32(q[0], q[2]), vaddq_f32(q[1], q[3]));
        float32x2_t pair = vadd_f32(vget_low_f32(s), vget_high_f32(s));
        sums[i] = vget_lane_f32(pair, 0) + vget_lane_f32(pair, 1);
    }
}

#define KERNEL_TABLE kernel_neon
#define KERNEL_NAME "neon"
#define KERNEL_EXACT true
#include "kernel/kernel_shape.h"

#else
typedef int kernel_neon_is_for_aarch64;
#endif
