/* Layouts: transforms, the forces on the grid against the exact ones, affinities, groups found. */
#include "test.h"

#include <math.h>

#include "base/fpmath.h"
#include "base/thread.h"
#include "draw/layout.h"
#include "draw/repulsion.h"
#include "draw/tsne.h"
#include "kernel/kernel.h"
#include "models.h"
#include "w2v.h"

static char path[MODELS_PATH];
static struct w2v_error error;

/* ---- Arithmetic ------------------------------------------------------------------------------ */

static void test_exp_and_turn(void)
{
    for (double x = -700; x < 700; x += 0.37)
        CHECK_MSG(fabs(fpmath_exp(x) / exp(x) - 1) < 2e-15, "e^%g", x);
    CHECK(fpmath_exp(0) >= 1 && fpmath_exp(0) <= 1);
    CHECK(fpmath_exp(-1e9) <= 0 && fpmath_exp(-INFINITY) <= 0 && isinf(fpmath_exp(800)));
    for (uint64_t n = 1; n < 100; n++)
        for (uint64_t k = 0; k < 2 * n; k++) {
            double c, s;
            fpmath_turn(k, n, &c, &s);
            const double angle = 6.283185307179586 * (double)(k % n) / (double)n;
            CHECK_MSG(fabs(c - cos(angle)) < 2e-15 && fabs(s - sin(angle)) < 2e-15, "%d of %d",
                      (int)k, (int)n);
        }
}

static void test_transform(void)
{
    CHECK(fft_length(1) == 32 && fft_length(97) == 128 && fft_length(129) == 160);
    const size_t lengths[] = {32, 96, 160, 288, 480, 480 * 3};
    for (size_t which = 0; which < sizeof lengths / sizeof lengths[0]; which++) {
        const size_t n = lengths[which], lane = which % FFT_LANES;
        struct fft fft;
        float *memory = malloc(4 * n * FFT_LANES * sizeof *memory);
        float *const re = memory, *const im = re + n * FFT_LANES;
        struct fft_tile tile = {re, im, im + n * FFT_LANES, im + 2 * n * FFT_LANES};
        CHECK(fft_make(&fft, n, &error) == W2V_OK);
        for (size_t i = 0; i < n * FFT_LANES; i++) {
            re[i] = models_number(1, which, i);
            im[i] = models_number(2, which, i);
        }
        float *x = malloc(2 * n * sizeof *x);
        for (size_t j = 0; j < n; j++) {
            x[2 * j] = re[j * FFT_LANES + lane];
            x[2 * j + 1] = im[j * FFT_LANES + lane];
        }
        fft_run(&fft, &tile);
        double worst = 0;
        for (size_t k = 0; k < n; k++) {
            double a = 0, b = 0;
            for (size_t j = 0; j < n; j++) {
                const double angle = -6.283185307179586 * (double)(j * k % n) / (double)n;
                a += (double)x[2 * j] * cos(angle) - (double)x[2 * j + 1] * sin(angle);
                b += (double)x[2 * j] * sin(angle) + (double)x[2 * j + 1] * cos(angle);
            }
            worst = fmax(worst, fabs(a - (double)tile.re[k * FFT_LANES + lane]));
            worst = fmax(worst, fabs(b - (double)tile.im[k * FFT_LANES + lane]));
        }
        CHECK_MSG(worst < 1e-4, "length %zu: %g", n, worst);
        free(x);
        free(memory);
        fft_release(&fft);
    }
}

/* ---- Forces ---------------------------------------------------------------------------------- */

static double forces(const float *y, size_t n, bool exact, float *force)
{
    struct repulsion r;
    CHECK(repulsion_make(&r, n, exact, 1, &error) == W2V_OK);
    for (int round = 0; round < 2; round++) { /* the second finds its kernels made */
        CHECK(repulsion_begin(&r, y, &error) == W2V_OK);
        for (int step = 0; step < REPULSION_STEPS; step++) {
            if (!repulsion_has(&r, (enum repulsion_step)step))
                continue;
            for (size_t share = 0; share < REPULSION_SHARES; share++)
                repulsion_work(&r, (enum repulsion_step)step, share, 0);
        }
    }
    for (size_t i = 0; i < n; i++)
        repulsion_force(&r, i, force + 2 * i);
    const double z = repulsion_z(&r);
    repulsion_release(&r);
    return z;
}

/* The grid's forces are the exact ones, at every extent: those at which maps begin, and wide ones. */
static void test_forces(void)
{
    enum { N = 1500 };
    static float y[2 * N], exact[2 * N], grid[2 * N];
    const float extents[] = {1e-4f, 0.1f, 1, 5, 20, 60, 130};
    const double tolerances[] = {1e-5, 1e-5, 1e-4, 0.002, 0.04, 0.05, 0.05};
    for (size_t e = 0; e < sizeof extents / sizeof extents[0]; e++) {
        for (size_t i = 0; i < N; i++) { /* two clouds, one twice as dense, of unequal sides */
            const float aside = i % 3 == 0 ? extents[e] * 0.7f : 0;
            y[2 * i] = extents[e] * 0.3f * models_number(7, i, 0) + aside;
            y[2 * i + 1] = extents[e] * 0.5f * models_number(7, i, 1);
        }
        const double z = forces(y, N, true, exact), z2 = forces(y, N, false, grid);
        double wrong = 0, all = 0;
        for (size_t i = 0; i < 2 * N; i++) {
            wrong += pow((double)(grid[i] - exact[i]), 2);
            all += pow((double)exact[i], 2);
        }
        CHECK_MSG(sqrt(wrong / all) < tolerances[e] && fabs(z2 / z - 1) < 0.02,
                  "extent %g: forces %g, Z %g against %g", (double)extents[e], sqrt(wrong / all),
                  z2, z);
    }
}

/* On a grid that is too wide for its kernels Z has the size of the exact one. Wider maps are an error. */
static void test_wide_forces(void)
{
    enum { N = 2000 };
    static float y[2 * N], force[2 * N];
    for (size_t i = 0; i < 2 * N; i++)
        y[i] = 1500 * models_number(9, i, 0);
    const double z = forces(y, N, true, force), z2 = forces(y, N, false, force);
    CHECK_MSG(z2 > z / 20 && z2 < z * 20, "Z %g against %g", z2, z);
    const float places[] = {1e9f, INFINITY, NAN};
    for (size_t i = 0; i < sizeof places / sizeof *places; i++) {
        struct repulsion r;
        y[1] = places[i];
        CHECK(repulsion_make(&r, N, false, 1, &error) == W2V_OK);
        CHECK_MSG(repulsion_begin(&r, y, &error) == W2V_ENUMERIC, "%g", (double)places[i]);
        repulsion_release(&r);
    }
}

/* ---- Affinities ------------------------------------------------------------------------------ */

/* Words in 9 directions, 60 noisy ones around each, interleaved. */
enum { GROUPS = 9, WORDS = 540, DIM = 12 };

static struct w2v_model *open_groups(void)
{
    struct w2v_model *model = NULL;
    float *rows = models_rows(5, WORDS, DIM);
    for (size_t i = 0; i < WORDS; i++)
        for (size_t k = 0; k < DIM; k++)
            rows[i * DIM + k] =
                (float)(1 + i % 4) * (rows[i * DIM + k] * 0.2f + (k == i % GROUPS ? 1 : 0));
    CHECK(models_container(path, rows, WORDS, DIM, NULL, NULL, &error) == W2V_OK);
    CHECK_MSG(w2v_open(&model, path, &error) == W2V_OK, "%s", error.message);
    free(rows);
    return model;
}

static void test_affinities(void)
{
    static size_t ids[WORDS];
    struct w2v_model *model = open_groups();
    struct affinity_nearest nearest;
    struct affinity a;
    for (size_t i = 0; i < WORDS; i++)
        ids[i] = i;
    CHECK(affinity_nearest(&nearest, model, ids, WORDS, 30, 1, NULL, NULL, &error) == W2V_OK);
    CHECK(affinity_make(&a, &nearest, 10, 1, &error) == W2V_OK);
    double sum = 0;
    for (size_t i = 0; i < WORDS; i++)
        for (size_t e = a.begin[i]; e < a.begin[i + 1]; e++) {
            const size_t j = a.place[e];
            bool mirrored = false;
            sum += (double)a.p[e];
            CHECK(e == a.begin[i] || a.place[e - 1] < j);
            for (size_t f = a.begin[j]; f < a.begin[j + 1]; f++)
                mirrored |= a.place[f] == i && fabsf(a.p[f] - a.p[e]) < 1e-12f;
            CHECK(j != i && mirrored && a.p[e] >= 0);
        }
    CHECK(fabs(sum - 1) < 1e-5);
    affinity_release(&a);
    affinity_nearest_release(&nearest);
    w2v_close(model);
}

/* ---- Layouts --------------------------------------------------------------------------------- */

static int lay(const struct w2v_model *model, struct picture *p, size_t n,
               const struct w2v_map_options *options)
{
    *p = (struct picture){.model = model, .n = n};
    p->ids = calloc(n, sizeof *p->ids);
    p->places = calloc(2 * n, sizeof *p->places);
    for (size_t i = 0; i < n; i++)
        p->ids[i] = i;
    return layout_make(p, options, 0, &error);
}

/* Of each word the nearest one on the map is of its group. */
static void test_groups_found(void)
{
    struct w2v_model *model = open_groups();
    struct w2v_map_options options;
    struct picture p;
    size_t n_right = 0;
    w2v_map_options_init(&options);
    CHECK(lay(model, &p, WORDS, &options) == W2V_OK);
    for (size_t i = 0; i < WORDS; i++) {
        size_t best = SIZE_MAX;
        double least = INFINITY;
        for (size_t j = 0; j < WORDS; j++) {
            const double dx = (double)(p.places[2 * i] - p.places[2 * j]);
            const double dy = (double)(p.places[2 * i + 1] - p.places[2 * j + 1]);
            if (j != i && dx * dx + dy * dy < least) {
                least = dx * dx + dy * dy;
                best = j;
            }
        }
        n_right += best % GROUPS == i % GROUPS;
    }
    CHECK_MSG(n_right >= WORDS - 5, "%zu of %d", n_right, WORDS);
    picture_release(&p);
    w2v_close(model);
}

/*
 * The trustworthiness of a map (Venna and Kaski 2001). It is 1 where the SHOWN nearest words of each
 * word on the map are its nearest in the space. A stranger among them costs the more, the farther
 * away it is in the space.
 */
enum { LOOSE = 1000, SHOWN = 15 };

static double far_on_map(const float *places, size_t i, size_t j)
{
    const double dx = (double)(places[2 * i] - places[2 * j]);
    const double dy = (double)(places[2 * i + 1] - places[2 * j + 1]);
    return dx * dx + dy * dy;
}

static double trust(const struct affinity_nearest *all, const float *places)
{
    static double far[LOOSE];
    static size_t rank[LOOSE];
    const size_t n = all->n;
    size_t penalty = 0;
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < all->k; j++) {
            rank[all->place[i * all->k + j]] = j + 1;
            far[j + (j >= i)] = far_on_map(places, i, j + (j >= i));
        }
        far[i] = INFINITY;
        for (size_t shown = 0; shown < SHOWN; shown++) {
            size_t best = i;
            for (size_t j = 0; j < n; j++)
                best = far[j] < far[best] ? j : best;
            far[best] = INFINITY;
            penalty += rank[best] > SHOWN ? rank[best] - SHOWN : 0;
        }
    }
    return 1 - 2.0 * (double)penalty / (double)(n * SHOWN * (2 * n - 3 * SHOWN - 1));
}

/* Words that form no groups and vary in many directions, in each less than in the one before. */
static void test_trust(void)
{
    enum { DIRECTIONS = 24 };
    struct w2v_model *model = NULL;
    struct w2v_map_options options;
    struct affinity_nearest all;
    struct picture p;
    float *rows = models_rows(3, LOOSE, DIRECTIONS);
    for (size_t i = 0; i < LOOSE * DIRECTIONS; i++)
        rows[i] /= (float)(4 + i % DIRECTIONS);
    CHECK(models_container(path, rows, LOOSE, DIRECTIONS, NULL, NULL, &error) == W2V_OK);
    CHECK_MSG(w2v_open(&model, path, &error) == W2V_OK, "%s", error.message);
    free(rows);
    w2v_map_options_init(&options);
    CHECK(lay(model, &p, LOOSE, &options) == W2V_OK);
    CHECK(affinity_nearest(&all, model, p.ids, LOOSE, LOOSE - 1, 1, NULL, NULL, &error) == W2V_OK);
    const double found = trust(&all, p.places);
    CHECK_MSG(found > 0.944, "%.4f", found);
    affinity_nearest_release(&all);
    picture_release(&p);
    w2v_close(model);
}

/* The same bits for any number of threads, and under every table of kernels that is exact. */
static void test_same_bits(void)
{
    const char *chosen = getenv("W2V_SIMD");
    char *before = chosen != NULL ? strdup(chosen) : NULL;
    struct w2v_model *model = open_groups();
    struct w2v_map_options options;
    struct picture first, p;
    bool runs;
    w2v_map_options_init(&options);
    options.iterations = 60;
    options.threads = 1;
    setenv("W2V_SIMD", "scalar", 1);
    CHECK(lay(model, &first, WORDS, &options) == W2V_OK);
    for (unsigned threads = 1; threads <= 8; threads *= 2) {
        options.threads = threads;
        const struct kernel *kernel;
        for (size_t t = 0; (kernel = kernel_table(t, &runs)) != NULL; t++) {
            if (!runs || !kernel->exact)
                continue;
            setenv("W2V_SIMD", kernel->name, 1);
            CHECK(lay(model, &p, WORDS, &options) == W2V_OK);
            CHECK_MSG(memcmp(p.places, first.places, 2 * WORDS * sizeof *p.places) == 0,
                      "%s, %u threads", kernel->name, threads);
            picture_release(&p);
        }
    }
    if (before != NULL)
        setenv("W2V_SIMD", before, 1);
    else
        unsetenv("W2V_SIMD");
    free(before);
    picture_release(&first);
    w2v_close(model);
}

/* As many threads as are asked for, whatever the cores: the steps hand out their work otherwise. */
struct gang {
    struct repulsion r;
    struct thread_crew crew;
};

static void work(void *arg, unsigned index, unsigned n_threads)
{
    struct gang *gang = arg;
    struct thread_member member = {.crew = &gang->crew, .index = index, .n_threads = n_threads};
    for (unsigned step = 0; step < REPULSION_STEPS; step++) {
        size_t share;
        if (!repulsion_has(&gang->r, (enum repulsion_step)step))
            continue;
        thread_phase(&member, step + 1, REPULSION_SHARES, 0);
        while (thread_piece(&member, 0, &share))
            repulsion_work(&gang->r, (enum repulsion_step)step, share, index);
        thread_phase_end(&member);
    }
}

static void test_threads_of_forces(void)
{
    enum { N = 3000 };
    static float y[2 * N], first[2 * N], other[2 * N];
    double z = 0;
    for (size_t i = 0; i < 2 * N; i++)
        y[i] = 30 * models_number(11, i / 2, i % 2);
    for (unsigned threads = 1; threads <= 8; threads++) {
        struct gang gang;
        CHECK(repulsion_make(&gang.r, N, false, threads, &error) == W2V_OK);
        CHECK(thread_crew_init(&gang.crew, &error) == W2V_OK);
        CHECK(repulsion_begin(&gang.r, y, &error) == W2V_OK);
        thread_run(threads, work, &gang);
        for (size_t i = 0; i < N; i++)
            repulsion_force(&gang.r, i, (threads == 1 ? first : other) + 2 * i);
        if (threads == 1)
            z = repulsion_z(&gang.r);
        else
            CHECK(memcmp(first, other, sizeof first) == 0 && repulsion_z(&gang.r) >= z &&
                  repulsion_z(&gang.r) <= z);
        thread_crew_release(&gang.crew);
        repulsion_release(&gang.r);
    }
}

/* Few words, one dimension, words in one place: places all the same, and finite. */
static void test_odd_cases(void)
{
    struct w2v_map_options options;
    w2v_map_options_init(&options);
    options.iterations = 50;
    for (size_t dim = 1; dim <= 4; dim++)
        for (size_t n = 1; n <= 7; n++)
            for (int same = 0; same < 2; same++) {
                float *rows = models_rows(dim, n, dim);
                for (size_t i = 0; i < n * dim; i++)
                    rows[i] = same ? 1 : rows[i] + 3;
                struct w2v_model *model = NULL;
                struct picture p;
                CHECK(models_container(path, rows, n, dim, NULL, NULL, &error) == W2V_OK);
                CHECK(w2v_open(&model, path, &error) == W2V_OK);
                for (int layout = 0; layout < 2; layout++) {
                    options.layout = layout == 0 ? W2V_LAYOUT_TSNE : W2V_LAYOUT_PCA;
                    CHECK(lay(model, &p, n, &options) == W2V_OK);
                    for (size_t i = 0; i < 2 * n; i++)
                        CHECK(isfinite(p.places[i]));
                    picture_release(&p);
                }
                w2v_close(model);
                free(rows);
            }
}

static int stop_drawing(void *context, const struct w2v_progress *now)
{
    unsigned *n_told = context;
    CHECK(now->done <= now->total);
    *n_told += now->phase == W2V_PHASE_MAP;
    return now->phase == W2V_PHASE_MAP;
}

static void test_stopped(void)
{
    struct w2v_model *model = open_groups();
    struct w2v_map_options options;
    struct picture p;
    unsigned n_told = 0;
    w2v_map_options_init(&options);
    options.progress = stop_drawing;
    options.progress_context = &n_told;
    CHECK(lay(model, &p, WORDS, &options) == W2V_ESTOPPED && n_told == 1);
    picture_release(&p);
    w2v_close(model);
}

int main(void)
{
    models_make_path(path);
    TEST(test_exp_and_turn);
    TEST(test_transform);
    TEST(test_forces);
    TEST(test_wide_forces);
    TEST(test_threads_of_forces);
    TEST(test_affinities);
    TEST(test_groups_found);
    TEST(test_trust);
    TEST(test_same_bits);
    TEST(test_odd_cases);
    TEST(test_stopped);
    unlink(path);
    return test_end();
}
