/*
 * kernel/: the scalar table against double precision, for every dimension from 1 to past two
 * vectors; every other exact table that this CPU runs against the scalar one, bit for bit.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/rng.h"
#include "kernel/kernel.h"
#include "test.h"

enum { MOST_ROWS = 17, MOST_DIM = 144, ROOM = MOST_DIM + 16 };

static float a[MOST_ROWS][ROOM], b[MOST_ROWS][ROOM];
static const float *pa[MOST_ROWS], *pb[MOST_ROWS];

static float noise(uint64_t n, float scale)
{
    return ((float)(rng_at(42, n) >> 40) / 16777216.0f - 0.5f) * scale;
}

static void fill_rows(size_t dim, float scale)
{
    for (size_t i = 0; i < MOST_ROWS; i++) {
        pa[i] = a[i];
        pb[i] = b[i];
        for (size_t k = 0; k < ROOM; k++) {
            /* Past the end there is something that must not be read as part of the row. */
            a[i][k] = k < dim ? noise(i * 1000 + k, scale) : NAN;
            b[i][k] = k < dim ? noise(i * 1000 + k + 500, scale) : NAN;
        }
    }
}

static const size_t row_counts[] = {1, 2, 3, 4, 5, 8, 11};
enum { N_COUNTS = sizeof row_counts / sizeof *row_counts };

static void check_dots(const struct kernel *kernel, bool exact)
{
    for (size_t dim = 1; dim <= MOST_DIM; dim += dim < 40 ? 1 : 7) {
        fill_rows(dim, 2);
        for (size_t x = 0; x < N_COUNTS * N_COUNTS; x++) {
            size_t n_a = row_counts[x % N_COUNTS], n_b = row_counts[x / N_COUNTS];
            float got[MOST_ROWS * 12], want[MOST_ROWS * 12];
            memset(got, 0, sizeof got);
            memset(want, 0, sizeof want);
            kernel->dots(pa, n_a, pb, n_b, dim, got, 12);
            if (exact) {
                kernel_scalar.dots(pa, n_a, pb, n_b, dim, want, 12);
                CHECK_MSG(memcmp(got, want, sizeof got) == 0, "%s: dim %zu, %zu x %zu",
                          kernel->name, dim, n_a, n_b);
                continue;
            }
            for (size_t i = 0; i < n_a; i++)
                for (size_t j = 0; j < n_b; j++) {
                    double sum = 0, size = 0;
                    for (size_t k = 0; k < dim; k++) {
                        sum += (double)a[i][k] * (double)b[j][k];
                        size += fabs((double)a[i][k] * (double)b[j][k]);
                    }
                    CHECK_MSG(fabs((double)got[i * 12 + j] - sum) <= 1e-6 * size,
                              "%s: dim %zu, row %zu x %zu: %g, not %g", kernel->name, dim, i, j,
                              (double)got[i * 12 + j], sum);
                }
            CHECK(got[n_b] == 0 || n_b == 12); /* nothing written beside the result */
        }
    }
}

/* The squares of any number of rows have the bits of dots with themselves. */
static void check_squares(const struct kernel *kernel)
{
    float got[MOST_ROWS + 1], want;
    for (size_t dim = KERNEL_LANES; dim <= MOST_DIM; dim += KERNEL_LANES) {
        fill_rows(dim, 4);
        for (size_t n = 1; n <= MOST_ROWS; n++) {
            memset(got, 0, sizeof got);
            kernel->squares(pa, n, dim, got);
            for (size_t i = 0; i < n; i++) {
                kernel->dots(pa + i, 1, pa + i, 1, dim, &want, 1);
                CHECK_MSG(memcmp(&got[i], &want, sizeof want) == 0, "%s: dim %zu, row %zu of %zu",
                          kernel->name, dim, i, n);
            }
            CHECK(got[n] == 0); /* nothing written beside the result */
        }
    }
}

/* Columns, up to five panels of them, multiplied with the rows of a. */
static void check_panels(const struct kernel *kernel, bool exact)
{
    enum { COLUMNS = 5 * KERNEL_LANES, STRIDE = COLUMNS + 3 };
    static float packed[COLUMNS * MOST_DIM], got[MOST_ROWS * STRIDE], want[MOST_ROWS * STRIDE];
    for (size_t dim = 1; dim <= MOST_DIM; dim += dim < 40 ? 1 : 7) {
        fill_rows(dim, 2);
        for (size_t j = 0; j < COLUMNS; j++)
            for (size_t k = 0; k < dim; k++)
                packed[(j / KERNEL_LANES * dim + k) * KERNEL_LANES + j % KERNEL_LANES] =
                    noise(j * 1000 + k + 40000, 2);
        for (size_t n_rows = 1; n_rows <= MOST_ROWS; n_rows++)
            for (size_t n_panels = 1; n_panels <= 5; n_panels++) {
                memset(got, 0, sizeof got);
                memset(want, 0, sizeof want);
                kernel->panels(pa, n_rows, packed, n_panels, dim, got, STRIDE);
                if (exact) {
                    kernel_scalar.panels(pa, n_rows, packed, n_panels, dim, want, STRIDE);
                    CHECK_MSG(memcmp(got, want, sizeof got) == 0, "%s: dim %zu, %zu rows, %zu",
                              kernel->name, dim, n_rows, n_panels);
                    continue;
                }
                for (size_t i = 0; i < n_rows; i++)
                    for (size_t j = 0; j < n_panels * KERNEL_LANES; j++) {
                        double sum = 0, size = 0;
                        for (size_t k = 0; k < dim; k++) {
                            double x = (double)a[i][k] * (double)noise(j * 1000 + k + 40000, 2);
                            sum += x;
                            size += fabs(x);
                        }
                        CHECK_MSG(fabs((double)got[i * STRIDE + j] - sum) <= 4e-6 * size,
                                  "%s: dim %zu, row %zu, column %zu: %g, not %g", kernel->name, dim,
                                  i, j, (double)got[i * STRIDE + j], sum);
                    }
                CHECK(got[n_panels * KERNEL_LANES] == 0); /* nothing written beside the result */
            }
    }
}

/* One column by itself has the bits that it has in a panel, wherever the rows lie, and squares the
 * bits of dots. */
static void check_column(const struct kernel *kernel)
{
    enum { STRIDE = KERNEL_LANES + 1 };
    static float panel[KERNEL_LANES * MOST_DIM], want[MOST_ROWS * STRIDE];
    static char bytes[MOST_ROWS][sizeof a[0] + sizeof(float)];
    const void *places[MOST_ROWS];
    float column[MOST_DIM], got[MOST_ROWS * 3 + 1], squares[MOST_ROWS + 1], square;
    for (size_t dim = 1; dim <= MOST_DIM; dim += dim < 40 ? 1 : 7) {
        fill_rows(dim, 2);
        memset(panel, 0, sizeof panel);
        for (size_t k = 0; k < dim; k++)
            panel[k * KERNEL_LANES] = column[k] = noise(k + 40000, 2);
        for (size_t n_rows = 1; n_rows <= MOST_ROWS; n_rows++) {
            size_t wrong = 0;
            memset(got, 0, sizeof got);
            kernel->panels(pa, n_rows, panel, 1, dim, want, STRIDE);
            for (size_t i = 0; i < n_rows; i++)
                places[i] = memcpy(bytes[i] + (i + n_rows) % sizeof(float), a[i], sizeof a[i]);
            squares[n_rows] = 0;
            kernel->column(places, n_rows, column, dim, got, 3, squares);
            for (size_t i = 0; i < n_rows; i++) {
                kernel->dots(pa + i, 1, pa + i, 1, dim, &square, 1);
                wrong += memcmp(&got[3 * i], &want[i * STRIDE], sizeof *got) != 0 ||
                         memcmp(&squares[i], &square, sizeof square) != 0 || got[3 * i + 1] != 0 ||
                         got[3 * i + 2] != 0;
            }
            CHECK_MSG(wrong == 0 && got[3 * n_rows] == 0 && squares[n_rows] == 0,
                      "%s: dim %zu, %zu rows", kernel->name, dim, n_rows);
        }
    }
}

/* Every place of a hit, every place to begin, one bound and many. */
static void check_above(const struct kernel *kernel)
{
    enum { N = 3 * KERNEL_LANES };
    float scores[N], least[N];
    for (size_t hit = 0; hit < N; hit++) {
        for (size_t i = 0; i < N; i++) {
            least[i] = noise(i + 50000, 2);
            scores[i] = i % 7 == 2 ? NAN : i % 7 == 5 ? least[i] : least[i] - 0.001f;
        }
        scores[hit] = least[hit] + 0.001f;
        for (size_t from = 0; from <= N; from++)
            CHECK(kernel->above(scores, 1, least, 1, from, N) == (from <= hit ? hit : N));
        for (size_t i = 0; i < N; i++)
            scores[i] = i == hit ? 0.5f : i % 7 == 2 ? NAN : i % 7 == 3 ? -INFINITY : 0.25f;
        for (size_t from = 0; from <= N; from++)
            CHECK(kernel->above(scores, 2, (const float[]){0.5f}, 0, from, N) ==
                  (from <= hit ? hit : N));
    }
}

static void check_accumulate(const struct kernel *kernel, bool exact)
{
    static float got[MOST_ROWS][ROOM], want[MOST_ROWS][ROOM];
    float *pg[MOST_ROWS], *pw[MOST_ROWS], factor[MOST_ROWS * MOST_ROWS];
    for (size_t i = 0; i < MOST_ROWS * MOST_ROWS; i++)
        factor[i] = noise(i + 9000, 1);
    for (size_t dim = 16; dim <= MOST_DIM; dim += 16) {
        fill_rows(dim, 2);
        for (size_t x = 0; x < 2 * N_COUNTS * N_COUNTS; x++) {
            size_t n_t = row_counts[x / 2 % N_COUNTS], n_s = row_counts[x / 2 / N_COUNTS];
            size_t by_t = x % 2 ? 1 : MOST_ROWS, by_s = x % 2 ? MOST_ROWS : 1;
            for (size_t i = 0; i < MOST_ROWS; i++) {
                pg[i] = memcpy(got[i], a[i], sizeof a[i]);
                pw[i] = memcpy(want[i], a[i], sizeof a[i]);
            }
            kernel->accumulate(pg, n_t, pb, n_s, dim, factor, by_t, by_s);
            if (exact) {
                kernel_scalar.accumulate(pw, n_t, pb, n_s, dim, factor, by_t, by_s);
                CHECK_MSG(memcmp(got, want, sizeof got) == 0, "%s: dim %zu, %zu += %zu",
                          kernel->name, dim, n_t, n_s);
                continue;
            }
            for (size_t i = 0; i < MOST_ROWS; i++)
                for (size_t k = 0; k < dim; k++) {
                    double sum = (double)a[i][k];
                    for (size_t j = 0; j < n_s && i < n_t; j++)
                        sum += (double)factor[i * by_t + j * by_s] * (double)b[j][k];
                    CHECK(fabs((double)got[i][k] - sum) <= 2e-6);
                }
            CHECK(isnan(got[0][dim])); /* nothing written past the row */
        }
    }
}

static void check_merge(const struct kernel *kernel, bool exact)
{
    static float copies[5 * MOST_DIM];
    const float *copy[5];
    for (size_t dim = 16; dim <= MOST_DIM; dim += 16) {
        fill_rows(dim, 2);
        for (size_t i = 0; i < 5 * dim; i++)
            copies[i] = noise(i + 20000, 3);
        for (size_t i = 0; i < 5; i++)
            copy[i] = copies + i * dim;
        for (size_t n = 2; n <= 5; n++) {
            float got[ROOM], want[ROOM];
            memcpy(got, a[0], sizeof got);
            memcpy(want, a[0], sizeof want);
            kernel->merge(got, copy, n, dim, 0.75f);
            if (exact) {
                kernel_scalar.merge(want, copy, n, dim, 0.75f);
                CHECK(memcmp(got, want, sizeof got) == 0);
                continue;
            }
            for (size_t k = 0; k < dim; k++) {
                double base = (double)a[0][k], sum = base;
                for (size_t i = 0; i < n; i++)
                    sum += 0.75 * ((double)copies[i * dim + k] - base);
                CHECK(fabs((double)got[k] - sum) <= 1e-5);
            }
        }
    }
}

/* Scores from -100 to 100, dense around 0, with weights of both signs and none. */
enum { N_PAIRS = 4096 };

static void fill_pairs(float *score, float *weight)
{
    for (size_t i = 0; i < N_PAIRS; i++) {
        double t = (double)i / (N_PAIRS - 1) * 2 - 1;
        score[i] = (float)(100 * t * t * t);
        weight[i] = i % 5 == 4 ? 0 : (i % 2 ? 1.0f : -0.4f) * (float)(1 + i % 3);
    }
}

static void check_logistic(const struct kernel *kernel, bool exact)
{
    static float score[N_PAIRS], weight[N_PAIRS], gradient[N_PAIRS], want[N_PAIRS];
    fill_pairs(score, weight);
    memcpy(gradient, score, sizeof score);
    memcpy(want, score, sizeof score);
    float loss = kernel->logistic(gradient, weight, N_PAIRS, 0.025f);
    if (exact) {
        float want_loss = kernel_scalar.logistic(want, weight, N_PAIRS, 0.025f);
        CHECK_MSG(memcmp(gradient, want, sizeof want) == 0, "%s", kernel->name);
        CHECK_MSG(memcmp(&loss, &want_loss, sizeof loss) == 0, "%s", kernel->name);
        return;
    }
    double sum = 0;
    for (size_t i = 0; i < N_PAIRS; i++) {
        double x = (double)score[i], w = (double)weight[i], y = w > 0 ? -x : x;
        double slope = y >= 0 ? 1 / (1 + exp(-y)) : exp(y) / (1 + exp(y));
        double g = (double)0.025f * w * slope;
        sum += fabs(w) * ((y > 0 ? y : 0) + log1p(exp(-fabs(y))));
        CHECK_MSG(fabs((double)gradient[i] - g) <= 1e-6 * fabs(g) + 1e-34,
                  "%s: x %g, w %g: %g not %g", kernel->name, x, w, (double)gradient[i], g);
    }
    CHECK_MSG(fabs((double)loss - sum) <= 1e-5 * sum, "%g not %g", (double)loss, sum);
    float bad[KERNEL_LANES] = {NAN, INFINITY}, ones[KERNEL_LANES];
    for (size_t i = 0; i < KERNEL_LANES; i++)
        ones[i] = -1;
    CHECK(!isfinite(kernel->logistic(bad, ones, KERNEL_LANES, 1)));
    bad[0] = 0;
    bad[1] = INFINITY;
    CHECK(!isfinite(kernel->logistic(bad, ones, KERNEL_LANES, 1)));
}

static void check_all(const struct kernel *kernel, bool exact)
{
    check_dots(kernel, exact);
    check_squares(kernel);
    check_panels(kernel, exact);
    check_column(kernel);
    check_above(kernel);
    check_accumulate(kernel, exact);
    check_merge(kernel, exact);
    check_logistic(kernel, exact);
}

static void test_tables_against_double(void)
{
    const struct kernel *kernel;
    bool runs, scalar = false;
    for (size_t i = 0; (kernel = kernel_table(i, &runs)) != NULL; i++)
        if (runs) {
            check_all(kernel, false);
            scalar = scalar || kernel == &kernel_scalar;
        }
    CHECK(scalar);
}

static void test_exact_tables_give_the_scalar_bits(void)
{
    const struct kernel *kernel;
    bool runs;
    for (size_t i = 0; (kernel = kernel_table(i, &runs)) != NULL; i++)
        if (runs && kernel->exact)
            check_all(kernel, true);
}

static void test_choice(void)
{
    struct w2v_error error;
    bool runs;
    CHECK(kernel_choose("scalar", &error) == &kernel_scalar);
    CHECK(kernel_choose(NULL, &error) == kernel_choose("", &error));
    CHECK(kernel_choose("nonsense", &error) == NULL && error.code == W2V_EARG);
    CHECK(strstr(error.message, "nonsense") && strstr(error.message, "scalar"));
    CHECK(kernel_table(100, &runs) == NULL);
    CHECK(kernel_pad(1) == 16 && kernel_pad(16) == 16 && kernel_pad(17) == 32);
}

int main(void)
{
    TEST(test_tables_against_double);
    TEST(test_exact_tables_give_the_scalar_bits);
    TEST(test_choice);
    return test_end();
}
