/*
 * The inner arithmetic: a few operations on small sets of rows. Each instruction set has a table of
 * functions, and each call of the library chooses one when it begins. Every table that is marked
 * `exact` gives the same bits as the scalar one, which is the specification:
 *
 *   - A sum of products runs in 16 lanes: lane l takes the elements l, l + 16, l + 32, ... with one
 *     fused multiply-add each, from zero, in rising order. Elements past the end of a row count as
 *     zeros. The lanes are added by halves: l + (l + 8), then l + (l + 4), l + (l + 2) and
 *     l + (l + 1).
 *   - A sum of products with packed columns (`panels`, `column`) is one chain of fused multiply-adds, from
 *     zero, in rising order of the elements.
 *   - An update is a chain of fused multiply-adds in rising order of the source rows, each element
 *     by itself.
 *   - The logistic function and the loss come from the polynomials in kernel_shape.h and one
 *     division, rounded as IEEE 754 says. No approximate instruction, no contraction.
 *
 * "Rows" are given as arrays of pointers, so that a row can be a shared row of a matrix or a
 * private copy. Rows written must not be listed twice in one call.
 */
#ifndef W2V_KERNEL_KERNEL_H
#define W2V_KERNEL_KERNEL_H

#include "base/error.h"

#ifdef __FAST_MATH__
#error "w2v's results are defined to the bit: build without -ffast-math and -Ofast"
#endif

enum { KERNEL_LANES = 16 };

/* dim rounded up to whole vectors: the stride of training's rows, whose padding stays zero. */
static inline size_t kernel_pad(size_t dim)
{
    return (dim + KERNEL_LANES - 1) / KERNEL_LANES * KERNEL_LANES;
}

struct kernel {
    const char *name;
    bool exact; /* the scalar table's bits */

    /* scores[i * stride + j] = <a[i], b[j]>; a: (n_a, dim), b: (n_b, dim); any dim, alignment 4. */
    void (*dots)(const float *const *a, size_t n_a, const float *const *b, size_t n_b, size_t dim,
                 float *scores, size_t stride);

    /* squares[i] = <rows[i], rows[i]>, the bits of dots; dim a multiple of KERNEL_LANES. */
    void (*squares)(const float *const *rows, size_t n, size_t dim, float *squares);

    /*
     * From scores to gradients, in place, for n pairs (n a multiple of KERNEL_LANES).
     * weight[i] > 0: a positive pair, loss -log s(x); weight[i] < 0: a negative one, loss
     * -log s(-x); each times |weight[i]|, with s the logistic function and x = scores[i].
     * Afterwards scores[i] = rate x weight x (the loss's falling slope in x), 0 where weight is 0.
     * Returns the summed loss.
     */
    float (*logistic)(float *scores, const float *weight, size_t n, float rate);

    /*
     * target[i] += sum over j of factor[i * by_target + j * by_source] x source[j], for rows of dim
     * elements, dim a multiple of KERNEL_LANES. No target row may be listed twice nor be a source.
     */
    void (*accumulate)(float *const *target, size_t n_targets, const float *const *source,
                       size_t n_sources, size_t dim, const float *factor, size_t by_target,
                       size_t by_source);

    /* row += scale x sum over the n copies, in order, of (copy - row); copies: (n, dim). */
    void (*merge)(float *row, const float *const *copies, size_t n, size_t dim, float scale);

    /*
     * scores[i * stride + j] = <rows[i], column j>, KERNEL_LANES columns a panel: number k of
     * column j is panels[(j / KERNEL_LANES * dim + k) * KERNEL_LANES + j % KERNEL_LANES].
     * rows: (n_rows, dim); any dim, alignment 4.
     */
    void (*panels)(const float *const *rows, size_t n_rows, const float *panels, size_t n_panels,
                   size_t dim, float *scores, size_t stride);

    /*
     * The same for one column, which lies as a row does: scores[i * stride] = <rows[i], column>.
     * With it squares[i] = <rows[i], rows[i]>, the bits of dots. Rows are floats at any address.
     */
    void (*column)(const void *const *rows, size_t n_rows, const float *column, size_t dim,
                   float *scores, size_t stride, float *squares);

    /*
     * The first i of from .. n - 1 with scores[i] * scale > least[i * by], else n; by is 0 or 1, n
     * a multiple of KERNEL_LANES.
     */
    size_t (*above)(const float *scores, float scale, const float *least, size_t by, size_t from,
                    size_t n);
};

/*
 * The table called `name` ("scalar", "avx2", ...), or for NULL or "" the fastest that this CPU
 * runs. NULL with *error set where the name is unknown or the CPU cannot run it.
 */
const struct kernel *kernel_choose(const char *name, struct w2v_error *error);

/* The table that the environment variable W2V_SIMD names, likewise. */
const struct kernel *kernel_wanted(struct w2v_error *error);

/* The i-th table compiled in, fastest first; NULL past the last. *runs: this CPU can run it. */
const struct kernel *kernel_table(size_t i, bool *runs);

extern const struct kernel kernel_scalar;
#if defined(__x86_64__)
extern const struct kernel kernel_sse2, kernel_avx2, kernel_avx512;
#elif defined(__aarch64__)
extern const struct kernel kernel_neon;
#endif

#endif
