/*
 * The kernels' speed, for every table that this CPU runs: on rows in the first cache, as a share of
 * the core's own fused multiply-add peak (measured by a loop of independent chains); a whole step
 * of training, on rows that lie about in the second cache; and one query's scan of a large matrix,
 * as a share of the memory's bandwidth (measured by summing the same bytes). One thread. Best of
 * several runs each.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "base/thread.h"
#include "bench/peak.h"
#include "kernel/kernel.h"
#include "train/step.h"

enum { RUNS = 7, DIM = 112, N_IN = 16, N_OUT = 22 };

/* Many short runs: on a busy machine some of them are left alone. */
enum { CACHED_RUNS = 300, REPEATS = 500 };

static float *make_rows(size_t n, struct mem_map *map)
{
    if (mem_map(map, n, sizeof(float), "a benchmark", NULL) != W2V_OK)
        exit(1);
    float *rows = map->bytes;
    for (size_t i = 0; i < n; i++)
        rows[i] = (float)(i % 97) * 1e-3f - 0.05f;
    return rows;
}

static void print_rate(const char *table, const char *what, double rate, double peak)
{
    printf("%s\t%s\t%.1f Gflop/s", table, what, rate / 1e9);
    if (peak > 0)
        printf("\t%.0f %% of the peak, %.1f", 100 * rate / peak, peak / 1e9);
    printf("\n");
}

static void bench_cached(const struct kernel *kernel)
{
    struct mem_map map;
    float *rows = make_rows((N_IN + N_OUT) * DIM, &map), scores[N_IN * N_OUT + KERNEL_LANES];
    const float *in[N_IN], *out[N_OUT];
    float *target[N_IN], weight[N_IN * N_OUT + KERNEL_LANES];
    double flops = 2.0 * N_IN * N_OUT * DIM * REPEATS, best[3] = {0}, peak = peak_of(kernel);
    const size_t n_pairs = kernel_pad(N_IN * N_OUT);
    for (size_t i = 0; i < N_IN; i++)
        in[i] = target[i] = rows + i * DIM;
    for (size_t j = 0; j < N_OUT; j++)
        out[j] = rows + (N_IN + j) * DIM;
    for (size_t i = 0; i < n_pairs; i++)
        weight[i] = i % 3 ? -0.4f : 1;
    for (int run = 0; run < CACHED_RUNS; run++) {
        double t[4];
        t[0] = thread_seconds();
        for (int r = 0; r < REPEATS; r++)
            kernel->dots(in, N_IN, out, N_OUT, DIM, scores, N_OUT);
        t[1] = thread_seconds();
        for (int r = 0; r < REPEATS; r++)
            kernel->logistic(scores, weight, n_pairs, 1e-9f);
        t[2] = thread_seconds();
        for (int r = 0; r < REPEATS; r++)
            kernel->accumulate(target, N_IN, out, N_OUT, DIM, scores, N_OUT, 1);
        t[3] = thread_seconds();
        for (int k = 0; k < 3; k++) {
            double rate = (k == 1 ? (double)n_pairs * REPEATS : flops) / (t[k + 1] - t[k]);
            best[k] = rate > best[k] ? rate : best[k];
        }
    }
    print_rate(kernel->name, "dots 16 x 22 x 112", best[0], peak);
    print_rate(kernel->name, "accumulate 16 x 22 x 112", best[2], peak);
    printf("%s\tlogistic\t%.2f ns a pair\n", kernel->name, 1e9 / best[1]);
    mem_unmap(&map);
}

/* ---- A step on a made-up block ---- */

enum { MOST_IN = 14, MOST_OUT = 16, N_BLOCKS = 64, STEP_RUNS = 500, MATRIX_BYTES = 1 << 20 };

static size_t weigh(const struct objective *objective, const struct plan *plan,
                    const struct plan_block *block, struct objective_pairs *pairs)
{
    (void)objective, (void)plan;
    const size_t n = (size_t)block->n_in * block->n_out;
    for (size_t i = 0; i < n; i++)
        pairs->weight[i] = i % 3 ? -0.4f : 1;
    pairs->in_most = pairs->out_most = 1;
    return n;
}

static size_t weigh_windows(const struct objective *objective, const struct plan *plan,
                            const struct plan_block *block, struct objective_pairs *pairs)
{
    (void)objective, (void)plan;
    for (size_t w = 0; w < block->n_centres; w++)
        for (size_t j = 0; j < block->n_out; j++)
            pairs->weight[w * block->n_out + j] = j == w ? 1 : j < block->n_centres ? 0 : -0.4f;
    pairs->in_most = pairs->out_most = 1;
    return block->n_centres;
}

/* Numbers of rows, drawn without replacement for each block in turn. */
static void draw_rows(size_t n_rows, size_t n, uint32_t *rows)
{
    for (size_t b = 0; b < N_BLOCKS; b++)
        for (size_t i = 0, draw = 0; i < n; draw++) {
            uint32_t *block = rows + b * n;
            size_t j = 0;
            block[i] = rng_below((uint32_t)rng_at(b, draw), (uint32_t)n_rows);
            while (block[j] != block[i])
                j++;
            i += j == i;
        }
}

/*
 * A step of n_in by n_out rows. In CBOW it has n_in - 6 windows of 6 contexts each. A rate of 0
 * leaves the rows alone.
 */
static void bench_step(const struct kernel *kernel, bool cbow, uint32_t n_in, uint32_t n_out,
                       size_t dim)
{
    static uint32_t numbers[N_BLOCKS * (MOST_IN + MOST_OUT)];
    static float *rows[N_BLOCKS * (MOST_IN + MOST_OUT)];
    const size_t n = n_in + n_out, n_rows = MATRIX_BYTES / sizeof(float) / dim;
    struct mem_map map;
    float *const matrix = make_rows(n_rows * dim, &map);
    draw_rows(n_rows, n, numbers);
    for (size_t i = 0; i < N_BLOCKS * n; i++)
        rows[i] = matrix + dim * numbers[i];
    uint32_t place_input[MOST_IN];
    struct plan_centre centres[OBJECTIVE_MOST_WINDOWS];
    struct plan plan = {.centres = centres, .place_input = place_input};
    const struct plan_block block = {
        .n_centres = cbow ? n_in - 6 : 1, .n_in = n_in, .n_out = n_out};
    const struct objective_kind kind = {.weigh = weigh, .weigh_windows = weigh_windows};
    const struct objective objective = {.kind = &kind, .layout = {.dim = dim}};
    struct step step;
    double best = 0;
    for (uint32_t i = 0; i < n_in; i++)
        place_input[i] = i;
    for (uint32_t w = 0; cbow && w < block.n_centres; w++)
        centres[w] = (struct plan_centre){.place = w + 3, .begin = w, .end = w + 7};
    step_init(&step, kernel, &objective);
    step.matrix = matrix;
    for (int run = 0; run < STEP_RUNS; run++) {
        struct step_result result;
        const double began = thread_seconds();
        for (size_t b = 0; b < N_BLOCKS; b++) {
            step.ahead = numbers + (b + 1) % N_BLOCKS * n;
            step.trained_at = rows + (b + 1) % N_BLOCKS * n;
            step.n_ahead = n;
            step.next_ahead = 0;
            float **in = rows + b * n;
            if ((cbow ? step_cbow : step_skipgram)(&step, &plan, &block, in, in + n_in, 0, &result,
                                                   NULL) != W2V_OK)
                exit(1);
        }
        const double seconds = (thread_seconds() - began) / N_BLOCKS;
        best = run == 0 || seconds < best ? seconds : best;
    }
    printf("%s\t%s of %u x %u x %zu\t%.0f ns\n", kernel->name, cbow ? "windows" : "block", n_in,
           n_out, dim, best * 1e9);
    step_release(&step);
    mem_unmap(&map);
}

/* The first as a block of running text is on average, at the default options. */
static void bench_steps(const struct kernel *kernel)
{
    bench_step(kernel, false, 8, MOST_OUT, 112);
    bench_step(kernel, false, MOST_IN, MOST_OUT, 112);
    bench_step(kernel, false, MOST_IN, MOST_OUT, 304);
    bench_step(kernel, true, 8, 10, 112);
}

/* As many rows and packed columns as a search multiplies at once. */
static void bench_panels(const struct kernel *kernel)
{
    enum { ROWS = 96, COLUMNS = 1024, WIDE = 300, STRIDE = COLUMNS + KERNEL_LANES };
    static float scores[ROWS * STRIDE];
    struct mem_map map;
    float *rows = make_rows((ROWS + COLUMNS) * WIDE, &map);
    const float *row[ROWS];
    double flops = 2.0 * ROWS * COLUMNS * WIDE, best = 0;
    for (size_t i = 0; i < ROWS; i++)
        row[i] = rows + (COLUMNS + i) * WIDE;
    for (int run = 0; run < 5 * RUNS; run++) {
        double began = thread_seconds();
        kernel->panels(row, ROWS, rows, COLUMNS / KERNEL_LANES, WIDE, scores, STRIDE);
        double rate = flops / (thread_seconds() - began);
        best = rate > best ? rate : best;
    }
    print_rate(kernel->name, "panels 96 x 1024 x 300", best, peak_of(kernel));
    mem_unmap(&map);
}

static void bench_scan(const struct kernel *kernel)
{
    enum { V = 400000, WIDE = 304, TILE = 64 };
    struct mem_map map;
    float *rows = make_rows((size_t)V * WIDE, &map), scores[TILE];
    const float *tile[TILE], *query = rows;
    double bytes = (double)V * WIDE * sizeof(float), scan = 0, sum_rate = 0;
    uint64_t sum = 0;
    for (int run = 0; run < RUNS; run++) {
        double began = thread_seconds();
        const uint64_t *words = map.bytes;
        uint64_t part[8] = {0};
        for (size_t i = 0; i < (size_t)V * WIDE / 2; i += 8)
            for (size_t l = 0; l < 8; l++)
                part[l] += words[i + l];
        sum += part[0] + part[7];
        double rate = bytes / (thread_seconds() - began);
        sum_rate = rate > sum_rate ? rate : sum_rate;
        began = thread_seconds();
        for (size_t v = 0; v < V; v += TILE) {
            for (size_t i = 0; i < TILE; i++)
                tile[i] = rows + (v + i) * WIDE;
            kernel->dots(&query, 1, tile, TILE, 300, scores, TILE);
        }
        rate = bytes / (thread_seconds() - began);
        scan = rate > scan ? rate : scan;
    }
    printf("%s\tscan of 400000 x 300\t%.1f GB/s\t%.0f %% of a plain sum's, %.1f%s\n", kernel->name,
           scan / 1e9, 100 * scan / sum_rate, sum_rate / 1e9, sum == 1 ? " " : "");
    mem_unmap(&map);
}

int main(void)
{
    const struct kernel *kernel;
    bool runs;
    for (size_t i = 0; (kernel = kernel_table(i, &runs)) != NULL; i++) {
        if (!runs || kernel == &kernel_scalar)
            continue;
        bench_cached(kernel);
        bench_steps(kernel);
        bench_panels(kernel);
        bench_scan(kernel);
    }
    return 0;
}
