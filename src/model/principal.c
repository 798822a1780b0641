/*
 * Principal directions. See principal.h.
 *
 * The covariance (D, D) is summed over batches of vectors. A batch is transposed, so that each
 * element is a dot product of two rows, which the kernels compute; the sums over batches are
 * doubles. All vectors are multiplied by a power of two that brings the largest number to about 1,
 * so that products of very large or very small numbers fit into floats. That is exact and leaves the
 * directions as they are.
 *
 * The first eigenvectors are found by subspace iteration with Rayleigh-Ritz, with m vectors, a few more
 * than wanted. The vectors are multiplied by the covariance again and again. Now and then they are
 * replaced by the eigenvectors of the covariance restricted to their space. Jacobi's rotations
 * diagonalize that (m, m) matrix. This ends when the residuals are small.
 */
#include "model/principal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/thread.h"
#include "kernel/kernel.h"

enum {
    BATCH = 1024, /* vectors that are transposed and added at once */
    STRIPE = 16,  /* rows of the covariance that a thread takes at once */
    SPARE = 8,    /* vectors iterated beyond those wanted */
    STEPS = 6,    /* multiplications between two Rayleigh-Ritz steps */
    MAX_ROUNDS = 400,
    MAX_SWEEPS = 60
};

/*
 * For residuals, as a share of the greatest eigenvalue. The covariance has the rounding errors of
 * floats. Where vectors span fewer dimensions than wanted, iterations would go on among these errors.
 */
static const double TOLERANCE = 1e-7;

int principal_mean(const struct principal_rows *s, double *mean, struct w2v_error *error)
{
    for (size_t i = 0; i < s->n; i++) {
        const float *row;
        int status = s->row(s->context, i, &row, error);
        if (status != W2V_OK)
            return status;
        for (size_t k = 0; k < s->dim; k++)
            mean[k] += (double)row[k];
    }
    for (size_t k = 0; k < s->dim; k++)
        mean[k] /= (double)s->n;
    return W2V_OK;
}

/* ---- The covariance ---- */

struct covariance {
    const struct kernel *kernel;
    size_t dim, n;      /* n: vectors in the batch */
    double scale;       /* a power of two; the numbers times it are below 1 */
    double *sums;       /* (D, D) */
    float *columns;     /* (D, BATCH): a batch, transposed */
    const float **rows; /* (D): the rows of `columns` */
    float *products;    /* (threads, STRIPE, D) */
    atomic_size_t next;
};

static void add_stripes(void *arg, unsigned index, unsigned n_threads)
{
    struct covariance *c = arg;
    const size_t dim = c->dim, n_stripes = (dim + STRIPE - 1) / STRIPE;
    float *products = c->products + (size_t)index * STRIPE * dim;
    size_t stripe;
    (void)n_threads;
    while ((stripe = thread_ticket(&c->next, n_stripes)) < n_stripes) {
        const size_t first = stripe * STRIPE;
        const size_t n = dim - first < STRIPE ? dim - first : STRIPE;
        c->kernel->dots(c->rows + first, n, c->rows, first + n, c->n, products, dim);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= first + i; j++)
                c->sums[(first + i) * dim + j] += (double)products[i * dim + j];
    }
}

static int choose_scale(struct covariance *c, const struct principal_rows *s,
                        struct w2v_error *error)
{
    float largest = 0;
    int exponent;
    for (size_t i = 0; i < s->n; i++) {
        const float *row;
        int status = s->row(s->context, i, &row, error);
        if (status != W2V_OK)
            return status;
        for (size_t k = 0; k < s->dim; k++)
            largest = fmaxf(largest, fabsf(row[k]));
    }
    frexp((double)largest, &exponent);
    c->scale = ldexp(1, -exponent);
    return W2V_OK;
}

static int sum_covariance(struct covariance *c, const struct principal_rows *s,
                          struct w2v_error *error)
{
    for (size_t i = 0; i < s->n;) {
        for (c->n = 0; c->n < BATCH && i < s->n; c->n++, i++) {
            const float *row;
            int status = s->row(s->context, i, &row, error);
            if (status != W2V_OK)
                return status;
            for (size_t k = 0; k < c->dim; k++)
                c->columns[k * BATCH + c->n] = (float)((double)row[k] * c->scale);
        }
        atomic_store(&c->next, 0);
        thread_run(s->threads, add_stripes, c);
    }
    for (size_t i = 0; i < c->dim; i++)
        for (size_t j = 0; j <= i; j++) {
            c->sums[i * c->dim + j] /= (double)s->n;
            c->sums[j * c->dim + i] = c->sums[i * c->dim + j];
        }
    return W2V_OK;
}

static int make_covariance(struct covariance *c, const struct principal_rows *s,
                           struct w2v_error *error)
{
    const size_t dim = s->dim;
    static const char what[] = "a covariance";
    c->kernel = kernel_wanted(error);
    if (c->kernel == NULL)
        return W2V_EARG;
    c->dim = dim;
    c->sums = mem_calloc(dim, mem_product(dim, sizeof *c->sums), what, error);
    c->columns = mem_calloc(dim, BATCH * sizeof *c->columns, what, error);
    c->rows = mem_calloc(dim, sizeof *c->rows, what, error);
    c->products =
        mem_calloc(s->threads, mem_product(dim, STRIPE * sizeof *c->products), what, error);
    if (c->sums == NULL || c->columns == NULL || c->rows == NULL || c->products == NULL)
        return W2V_ENOMEM;
    for (size_t k = 0; k < dim; k++)
        c->rows[k] = c->columns + k * BATCH;
    const int status = choose_scale(c, s, error);
    return status == W2V_OK ? sum_covariance(c, s, error) : status;
}

static void release_covariance(struct covariance *c)
{
    free(c->sums);
    free(c->columns);
    free(c->rows);
    free(c->products);
}

/* ---- Eigenvectors ---- */

/* Eight sums side by side, so that an addition need not wait for the one before. */
static double dot(const double *a, const double *b, size_t n)
{
    enum { SUMS = 8 };
    double sums[SUMS] = {0}, sum = 0;
    size_t k = 0;
    for (; k + SUMS <= n; k += SUMS)
        for (size_t i = 0; i < SUMS; i++)
            sums[i] += a[k + i] * b[k + i];
    for (; k < n; k++)
        sum += a[k] * b[k];
    for (size_t i = 0; i < SUMS; i++)
        sum += sums[i];
    return sum;
}

/* Gram-Schmidt: makes m vectors orthonormal. One that depends on those before it becomes zeros. */
static void orthonormalize(double *vectors, size_t m, size_t dim)
{
    for (size_t i = 0; i < m; i++) {
        double *v = vectors + i * dim;
        const double before = sqrt(dot(v, v, dim));
        for (int pass = 0; pass < 2; pass++) /* the second removes what rounding has left */
            for (size_t j = 0; j < i; j++) {
                const double *u = vectors + j * dim, along = dot(u, v, dim);
                for (size_t k = 0; k < dim; k++)
                    v[k] -= along * u[k];
            }
        const double length = sqrt(dot(v, v, dim));
        for (size_t k = 0; k < dim; k++)
            v[k] = length > 1e-14 * before ? v[k] / length : 0;
    }
}

/* products = vectors x matrix, for a symmetric matrix. */
static void multiply(const double *vectors, size_t m, const double *matrix, size_t dim,
                     double *products)
{
    for (size_t j = 0; j < dim; j++)
        for (size_t i = 0; i < m; i++)
            products[i * dim + j] = dot(vectors + i * dim, matrix + j * dim, dim);
}

/* Jacobi: makes the symmetric a (m, m) diagonal, and the rows of `turns` its eigenvectors. */
static void diagonalize(double *a, size_t m, double *turns)
{
    memset(turns, 0, m * m * sizeof *turns);
    for (size_t i = 0; i < m; i++)
        turns[i * m + i] = 1;
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
        double off = 0, on = 0;
        for (size_t p = 0; p < m; p++)
            for (size_t q = 0; q < m; q++) {
                const double square = a[p * m + q] * a[p * m + q];
                if (p == q)
                    on += square;
                else
                    off += square;
            }
        if (off <= 1e-30 * on)
            return;
        for (size_t p = 0; p < m; p++)
            for (size_t q = p + 1; q < m; q++) {
                if (a[p * m + q] == 0)
                    continue;
                const double ratio = (a[q * m + q] - a[p * m + p]) / (2 * a[p * m + q]);
                const double t = (ratio < 0 ? -1 : 1) / (fabs(ratio) + sqrt(ratio * ratio + 1));
                const double c = 1 / sqrt(t * t + 1), s = t * c;
                for (size_t k = 0; k < m; k++) {
                    const double x = a[k * m + p], y = a[k * m + q];
                    a[k * m + p] = c * x - s * y;
                    a[k * m + q] = s * x + c * y;
                }
                for (size_t k = 0; k < m; k++) {
                    const double x = a[p * m + k], y = a[q * m + k];
                    a[p * m + k] = c * x - s * y;
                    a[q * m + k] = s * x + c * y;
                }
                for (size_t k = 0; k < m; k++) {
                    const double x = turns[p * m + k], y = turns[q * m + k];
                    turns[p * m + k] = c * x - s * y;
                    turns[q * m + k] = s * x + c * y;
                }
            }
    }
}

struct space {
    size_t m, dim;
    double *vectors;       /* (m, D), orthonormal */
    double *products;      /* (m, D): vectors x matrix */
    double *turned;        /* (m, D), scratch of `turn` */
    double *small, *turns; /* (m, m): the matrix restricted to the space; its eigenvectors */
    double *values;        /* (m): its eigenvalues */
};

/* small = vectors x matrix x vectors^T. */
static void make_small(struct space *s)
{
    const size_t m = s->m, dim = s->dim;
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < m; j++)
            s->small[i * m + j] = dot(s->vectors + i * dim, s->products + j * dim, dim);
    for (size_t i = 0; i < m; i++) /* makes it symmetric to the last bit */
        for (size_t j = 0; j < i; j++)
            s->small[i * m + j] = s->small[j * m + i];
}

static void swap(double *a, double *b)
{
    const double old = *a;
    *a = *b;
    *b = old;
}

/* Sorts the eigenvalues, and the rows of `turns` with them, in falling order. There are few. */
static void sort_values(struct space *s)
{
    const size_t m = s->m;
    for (size_t i = 0; i < m; i++) {
        size_t best = i;
        for (size_t j = i + 1; j < m; j++)
            if (s->values[j] > s->values[best])
                best = j;
        swap(&s->values[best], &s->values[i]);
        for (size_t k = 0; k < m; k++)
            swap(&s->turns[best * m + k], &s->turns[i * m + k]);
    }
}

/* vectors = turns x vectors, (m, D). */
static void turn(const struct space *s, double *vectors)
{
    const size_t m = s->m, dim = s->dim;
    for (size_t i = 0; i < m; i++) {
        double *to = s->turned + i * dim;
        memset(to, 0, dim * sizeof *to);
        for (size_t j = 0; j < m; j++)
            for (size_t k = 0; k < dim; k++)
                to[k] += s->turns[i * m + j] * vectors[j * dim + k];
    }
    memcpy(vectors, s->turned, m * dim * sizeof *vectors);
}

/* The residual of eigenvector i: the length of product - value * vector. */
static double residual_of(const struct space *s, size_t i)
{
    double square = 0;
    for (size_t k = 0; k < s->dim; k++) {
        const double left = s->products[i * s->dim + k] - s->values[i] * s->vectors[i * s->dim + k];
        square += left * left;
    }
    return sqrt(square);
}

/*
 * The Rayleigh-Ritz step: replaces the vectors by the best eigenvectors within their space, by
 * falling eigenvalue, and turns the products likewise. Returns the greatest residual of the first
 * n, as a share of the greatest eigenvalue.
 */
static double take_eigenvectors(struct space *s, size_t n)
{
    double worst = 0;
    make_small(s);
    diagonalize(s->small, s->m, s->turns);
    for (size_t i = 0; i < s->m; i++)
        s->values[i] = s->small[i * s->m + i];
    sort_values(s);
    turn(s, s->vectors);
    turn(s, s->products);
    for (size_t i = 0; i < n; i++) {
        const double residual = residual_of(s, i);
        if (residual > worst)
            worst = residual;
    }
    return s->values[0] > 0 ? worst / s->values[0] : 0;
}

static int find_vectors(const double *matrix, size_t dim, size_t n, double *directions,
                        struct w2v_error *error)
{
    struct space s = {.m = n + SPARE < dim ? n + SPARE : dim, .dim = dim};
    static const char what[] = "directions";
    int status = W2V_ENOMEM;
    s.vectors = mem_calloc(s.m, mem_product(dim, sizeof(double)), what, error);
    s.products = mem_calloc(s.m, mem_product(dim, sizeof(double)), what, error);
    s.turned = mem_calloc(s.m, mem_product(dim, sizeof(double)), what, error);
    s.small = mem_calloc(s.m, mem_product(s.m, sizeof(double)), what, error);
    s.turns = mem_calloc(s.m, mem_product(s.m, sizeof(double)), what, error);
    s.values = mem_calloc(s.m, sizeof(double), what, error);
    if (s.vectors == NULL || s.products == NULL || s.turned == NULL || s.small == NULL ||
        s.turns == NULL || s.values == NULL)
        goto done;
    for (size_t i = 0; i < s.m * dim; i++)
        s.vectors[i] = (double)(rng_at(1, i) >> 11) / 9007199254740992.0 - 0.5;
    for (int round = 0; round < MAX_ROUNDS; round++) {
        for (int step = 0; step < STEPS; step++) {
            orthonormalize(s.vectors, s.m, dim);
            multiply(s.vectors, s.m, matrix, dim, s.products);
            if (step < STEPS - 1)
                memcpy(s.vectors, s.products, s.m * dim * sizeof *s.vectors);
        }
        const double residual = take_eigenvectors(&s, n);
        memcpy(directions, s.vectors, n * dim * sizeof *directions);
        if (residual <= TOLERANCE)
            break;
        memcpy(s.vectors, s.products, s.m * dim * sizeof *s.vectors);
    }
    status = W2V_OK;
done:
    free(s.vectors);
    free(s.products);
    free(s.turned);
    free(s.small);
    free(s.turns);
    free(s.values);
    return status;
}

int principal_directions(const struct principal_rows *s, size_t n, double *directions,
                         struct w2v_error *error)
{
    struct covariance c = {0};
    int status = make_covariance(&c, s, error);
    if (status == W2V_OK)
        status = find_vectors(c.sums, s->dim, n, directions, error);
    release_covariance(&c);
    return status;
}
