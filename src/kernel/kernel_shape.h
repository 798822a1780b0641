/*
 * The kernels, once: each kernel_*.c defines a vector of 16 floats and the operations on it, then
 * includes this file, which builds the table KERNEL_TABLE from them.
 *
 *   v16                         16 floats, in one register or several
 *   v16_load(p), v16_store(p, v)
 *   v16_load_n(p, n)            n < 16 elements, then zeros
 *   v16_set1(x), v16_add, v16_sub, v16_mul, v16_div, v16_fma(a, b, c) = a * b + c
 *   v16_min(a, b) = a < b ? a : b       v16_max(a, b) = a > b ? a : b    (b where one is no number)
 *   v16_abs(a)
 *   v16_flip(a, s)              a, with its sign turned where s has the sign bit
 *   v16_nonnegative(s, a, b)    a where s >= 0, else b
 *   v16_exp2_minus(t)           2^-n, where t = 1.5 * 2^23 + n, 0 <= n < 127
 *   v16_sums(sums, v, n)        sums[i] = the lanes of v[i] added by halves, for n vectors;
 *                               n is a power of 2 and at most TILE_A * TILE_B
 *   TILE_A, TILE_B              rows x rows of a product held in registers
 *   TILE_ROWS, TILE_VECTORS     target rows x vectors held in registers by an update; of fewer rows
 *                               it holds more vectors
 *   and for search what kernel_panel.h names
 *
 * Tiles change the speed alone: every element goes through the same operations in any tile.
 */
#include <math.h>
#include <string.h>

#include "base/fetch.h"
#include "kernel/kernel.h"

#define ALWAYS_INLINE static inline __attribute__((always_inline))
#if defined(__clang__)
#define UNROLL _Pragma("clang loop unroll(full)")
#else
#define UNROLL _Pragma("GCC unroll 16")
#endif

/* One tile of dots: `rows` of a by `columns` of b. */
ALWAYS_INLINE void dots_tile(size_t rows, size_t columns, const float *const *a,
                             const float *const *b, size_t dim, float *scores, size_t stride)
{
    v16 sum[TILE_A * TILE_B];
    float result[TILE_A * TILE_B];
    UNROLL
    for (size_t i = 0; i < rows * columns; i++)
        sum[i] = v16_set1(0);
    size_t k = 0;
    for (; k + KERNEL_LANES <= dim; k += KERNEL_LANES) {
        v16 x[TILE_B];
        UNROLL
        for (size_t j = 0; j < columns; j++)
            x[j] = v16_load(b[j] + k);
        UNROLL
        for (size_t i = 0; i < rows; i++) {
            v16 y = v16_load(a[i] + k);
            UNROLL
            for (size_t j = 0; j < columns; j++)
                sum[i * columns + j] = v16_fma(y, x[j], sum[i * columns + j]);
        }
    }
    if (k < dim) {
        for (size_t i = 0; i < rows; i++) {
            v16 y = v16_load_n(a[i] + k, dim - k);
            for (size_t j = 0; j < columns; j++)
                sum[i * columns + j] =
                    v16_fma(y, v16_load_n(b[j] + k, dim - k), sum[i * columns + j]);
        }
    }
    v16_sums(result, sum, rows * columns);
    /* By whole rows of the tile: to store the sums one by one takes as long as the products. */
    UNROLL
    for (size_t i = 0; i < rows; i++)
        memcpy(scores + i * stride, result + i * columns, columns * sizeof *scores);
}

ALWAYS_INLINE void dots_rows(size_t rows, const float *const *a, const float *const *b, size_t n_b,
                             size_t dim, float *scores, size_t stride)
{
    size_t j = 0;
    for (; j + TILE_B <= n_b; j += TILE_B)
        dots_tile(rows, TILE_B, a, b + j, dim, scores + j, stride);
#if TILE_B > 2
    for (; j + 2 <= n_b; j += 2)
        dots_tile(rows, 2, a, b + j, dim, scores + j, stride);
#endif
    for (; j < n_b; j++)
        dots_tile(rows, 1, a, b + j, dim, scores + j, stride);
}

static void dots(const float *const *a, size_t n_a, const float *const *b, size_t n_b, size_t dim,
                 float *scores, size_t stride)
{
    size_t i = 0;
    for (; i + TILE_A <= n_a; i += TILE_A)
        dots_rows(TILE_A, a + i, b, n_b, dim, scores + i * stride, stride);
#if TILE_A > 2
    for (; i + 2 <= n_a; i += 2)
        dots_rows(2, a + i, b, n_b, dim, scores + i * stride, stride);
#endif
    for (; i < n_a; i++)
        dots_rows(1, a + i, b, n_b, dim, scores + i * stride, stride);
}

/* Several rows at once, so that their lanes are added together. The last row stands in for more. */
static void squares(const float *const *rows, size_t n, size_t dim, float *result)
{
    enum { AT_ONCE = TILE_A * TILE_B < 8 ? TILE_A * TILE_B : 8 };
    for (size_t first = 0; first < n; first += AT_ONCE) {
        const size_t left = n - first < AT_ONCE ? n - first : AT_ONCE;
        const float *row[AT_ONCE];
        v16 sum[AT_ONCE];
        float sums[AT_ONCE];
        UNROLL
        for (size_t i = 0; i < AT_ONCE; i++) {
            row[i] = rows[first + (i < left ? i : left - 1)];
            sum[i] = v16_set1(0);
        }
        for (size_t k = 0; k < dim; k += KERNEL_LANES) {
            UNROLL
            for (size_t i = 0; i < AT_ONCE; i++) {
                const v16 x = v16_load(row[i] + k);
                sum[i] = v16_fma(x, x, sum[i]);
            }
        }
        v16_sums(sums, sum, AT_ONCE);
        for (size_t i = 0; i < left; i++)
            result[first + i] = sums[i];
    }
}

/* e^-x for 0 <= x <= 80, relative error below 2e-7: 2^-n x e^-r with x = n ln 2 + r. */
ALWAYS_INLINE v16 exp_minus(v16 x)
{
    const v16 magic = v16_set1(12582912.0f); /* 1.5 * 2^23: adding it rounds to a whole number */
    v16 t = v16_fma(x, v16_set1(1.44269504f), magic);
    v16 n = v16_sub(t, magic);
    v16 r = v16_fma(n, v16_set1(-0.693145752f), x); /* ln 2 in two parts */
    r = v16_fma(n, v16_set1(-1.42860677e-6f), r);
    /* Taylor's series of e^-r on |r| <= 0.3466 */
    v16 p = v16_set1(1.0f / 720);
    p = v16_fma(p, r, v16_set1(-1.0f / 120));
    p = v16_fma(p, r, v16_set1(1.0f / 24));
    p = v16_fma(p, r, v16_set1(-1.0f / 6));
    p = v16_fma(p, r, v16_set1(0.5f));
    p = v16_fma(p, r, v16_set1(-1.0f));
    p = v16_fma(p, r, v16_set1(1.0f));
    return v16_mul(p, v16_exp2_minus(t));
}

/* log(1 + x) for 0 <= x <= 1, error below 1e-7: x times a Chebyshev fit of log(1 + x) / x. */
ALWAYS_INLINE v16 log_1_plus(v16 x)
{
    v16 p = v16_set1(-0.00317605701f);
    p = v16_fma(p, x, v16_set1(0.0195425265f));
    p = v16_fma(p, x, v16_set1(-0.0563736111f));
    p = v16_fma(p, x, v16_set1(0.105436236f));
    p = v16_fma(p, x, v16_set1(-0.152696669f));
    p = v16_fma(p, x, v16_set1(0.196632743f));
    p = v16_fma(p, x, v16_set1(-0.249516159f));
    p = v16_fma(p, x, v16_set1(0.333297104f));
    p = v16_fma(p, x, v16_set1(-0.499998927f));
    p = v16_fma(p, x, v16_set1(1.0f));
    return v16_mul(p, x);
}

static float logistic(float *scores, const float *weight, size_t n, float rate)
{
    v16 loss = v16_set1(0);
    for (size_t i = 0; i < n; i += KERNEL_LANES) {
        v16 w = v16_load(weight + i);
        /* With x turned so that the loss is log(1 + e^x), the slope is 1 / (1 + e^-x). */
        v16 x = v16_flip(v16_load(scores + i), v16_sub(v16_set1(0), w));
        v16 e = exp_minus(v16_min(v16_set1(80), v16_abs(x)));
        v16 slope = v16_div(v16_nonnegative(x, v16_set1(1), e), v16_add(v16_set1(1), e));
        v16 softplus = v16_add(v16_max(v16_set1(0), x), log_1_plus(e));
        v16_store(scores + i, v16_mul(v16_mul(v16_set1(rate), w), slope));
        loss = v16_fma(v16_abs(w), softplus, loss);
    }
    float lane[KERNEL_LANES];
    v16_store(lane, loss);
    for (size_t half = KERNEL_LANES / 2; half > 0; half /= 2)
        for (size_t l = 0; l < half; l++)
            lane[l] += lane[l + half];
    return lane[0];
}

/*
 * The vectors of a row that an update holds in registers, for two rows and for one. With as few as
 * TILE_VECTORS, each addition would wait for the one before.
 */
enum {
    HELD = TILE_ROWS * TILE_VECTORS,
    VECTORS_OF_TWO = HELD / 2 < 8 ? HELD / 2 : 8,
    VECTORS_OF_ONE = HELD < 8 ? HELD : 8
};

/* Registers hold rows x vectors of the targets while the sources go by. */
ALWAYS_INLINE void accumulate_tile(size_t rows, size_t vectors, float *const *target,
                                   const float *const *source, size_t n_sources, size_t k,
                                   const float *factor, size_t by_target, size_t by_source)
{
    v16 sum[HELD];
    UNROLL
    for (size_t i = 0; i < rows; i++)
        UNROLL
    for (size_t v = 0; v < vectors; v++)
        sum[i * vectors + v] = v16_load(target[i] + k + v * KERNEL_LANES);
    for (size_t j = 0; j < n_sources; j++) {
        v16 x[HELD];
        UNROLL
        for (size_t v = 0; v < vectors; v++)
            x[v] = v16_load(source[j] + k + v * KERNEL_LANES);
        UNROLL
        for (size_t i = 0; i < rows; i++) {
            v16 g = v16_set1(factor[i * by_target + j * by_source]);
            UNROLL
            for (size_t v = 0; v < vectors; v++)
                sum[i * vectors + v] = v16_fma(g, x[v], sum[i * vectors + v]);
        }
    }
    UNROLL
    for (size_t i = 0; i < rows; i++)
        UNROLL
    for (size_t v = 0; v < vectors; v++)
        v16_store(target[i] + k + v * KERNEL_LANES, sum[i * vectors + v]);
}

/* The whole width of a few rows: tiles of `vectors` vectors, then a narrower one for the rest. */
ALWAYS_INLINE void accumulate_rows(size_t rows, size_t vectors, float *const *target,
                                   const float *const *source, size_t n_sources, size_t dim,
                                   const float *factor, size_t by_target, size_t by_source)
{
    const size_t step = vectors * KERNEL_LANES;
    size_t k = 0;
    for (; k + step <= dim; k += step)
        accumulate_tile(rows, vectors, target, source, n_sources, k, factor, by_target, by_source);
    UNROLL
    for (size_t left = 1; left < vectors; left++)
        if (dim - k == left * KERNEL_LANES)
            accumulate_tile(rows, left, target, source, n_sources, k, factor, by_target, by_source);
}

static void accumulate(float *const *target, size_t n_targets, const float *const *source,
                       size_t n_sources, size_t dim, const float *factor, size_t by_target,
                       size_t by_source)
{
    size_t i = 0;
    for (; i + TILE_ROWS <= n_targets; i += TILE_ROWS)
        accumulate_rows(TILE_ROWS, TILE_VECTORS, target + i, source, n_sources, dim,
                        factor + i * by_target, by_target, by_source);
    for (; i + 2 <= n_targets; i += 2)
        accumulate_rows(2, VECTORS_OF_TWO, target + i, source, n_sources, dim,
                        factor + i * by_target, by_target, by_source);
    for (; i < n_targets; i++)
        accumulate_rows(1, VECTORS_OF_ONE, target + i, source, n_sources, dim,
                        factor + i * by_target, by_target, by_source);
}

static void merge(float *row, const float *const *copies, size_t n, size_t dim, float scale)
{
    for (size_t k = 0; k < dim; k += KERNEL_LANES) {
        v16 base = v16_load(row + k), sum = v16_set1(0);
        for (size_t i = 0; i < n; i++)
            sum = v16_add(sum, v16_sub(v16_load(copies[i] + k), base));
        v16_store(row + k, v16_fma(v16_set1(scale), sum, base));
    }
}

#include "kernel/kernel_panel.h"

const struct kernel KERNEL_TABLE = {
    .name = KERNEL_NAME,
    .exact = KERNEL_EXACT,
    .dots = dots,
    .squares = squares,
    .logistic = logistic,
    .accumulate = accumulate,
    .merge = merge,
    .panels = panels,
    .column = column,
    .above = above,
};
