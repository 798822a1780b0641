/*
 * The kernels in plain C: the specification of every table's bits. Slow on purpose where fmaf is a
 * function call; any POSIX system can run it.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct {
    float x[16];
} v16;

#define EACH(expression)         \
    v16 r;                       \
    for (int i = 0; i < 16; i++) \
        r.x[i] = (expression);   \
    return r

static inline v16 v16_load(const void *p)
{
    v16 r;
    memcpy(r.x, p, sizeof r.x);
    return r;
}

static inline v16 v16_load_n(const void *p, size_t n)
{
    v16 r = {{0}};
    memcpy(r.x, p, n * sizeof *r.x);
    return r;
}

static inline void v16_store(float *p, v16 v)
{
    memcpy(p, v.x, sizeof v.x);
}

static inline v16 v16_set1(float x)
{
    EACH(x);
}

static inline v16 v16_add(v16 a, v16 b)
{
    EACH(a.x[i] + b.x[i]);
}

static inline v16 v16_sub(v16 a, v16 b)
{
    EACH(a.x[i] - b.x[i]);
}

static inline v16 v16_mul(v16 a, v16 b)
{
    EACH(a.x[i] * b.x[i]);
}

static inline v16 v16_div(v16 a, v16 b)
{
    EACH(a.x[i] / b.x[i]);
}

static inline v16 v16_fma(v16 a, v16 b, v16 c)
{
    EACH(fmaf(a.x[i], b.x[i], c.x[i]));
}

static inline float fma1(float a, float b, float c)
{
    return fmaf(a, b, c);
}

static inline v16 v16_min(v16 a, v16 b)
{
    EACH(a.x[i] < b.x[i] ? a.x[i] : b.x[i]);
}

static inline v16 v16_max(v16 a, v16 b)
{
    EACH(a.x[i] > b.x[i] ? a.x[i] : b.x[i]);
}

static inline v16 v16_abs(v16 a)
{
    EACH(fabsf(a.x[i]));
}

static inline v16 v16_flip(v16 a, v16 s)
{
    EACH(signbit(s.x[i]) ? -a.x[i] : a.x[i]);
}

static inline v16 v16_nonnegative(v16 s, v16 a, v16 b)
{
    EACH(s.x[i] >= 0 ? a.x[i] : b.x[i]);
}

static inline v16 v16_exp2_minus(v16 t)
{
    v16 r;
    for (int i = 0; i < 16; i++) {
        uint32_t bits;
        memcpy(&bits, &t.x[i], sizeof bits);
        bits = (127u << 23) - (bits << 23);
        memcpy(&r.x[i], &bits, sizeof bits);
    }
    return r;
}

static inline bool v16_any_above(v16 a, v16 b)
{
    bool any = false;
    for (int i = 0; i < 16; i++)
        any |= a.x[i] > b.x[i];
    return any;
}

#define TILE_A 2
#define TILE_B 2
#define TILE_ROWS 2
#define TILE_VECTORS 1
#define PANEL_ROWS 2
#define PANEL_VECTORS 1

static inline void v16_sums(float *sums, v16 *v, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        float *lane = v[i].x;
        for (int half = 8; half > 0; half /= 2)
            for (int l = 0; l < half; l++)
                lane[l] += lane[l + half];
        sums[i] = lane[0];
    }
}

#define KERNEL_TABLE kernel_scalar
#define KERNEL_NAME "scalar"
#define KERNEL_EXACT true
#include "kernel/kernel_shape.h"
