/*
 * The kernels' speed, for every table that this CPU runs: on rows in the first cache, as a share of
 * the core's own fused multiply-add peak (measured by a loop of independent chains); and one
 * query's scan of a large matrix, as a share of the memory's bandwidth (measured by summing the
 * same bytes). One thread. Best of several runs each.
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/thread.h"
#include "bench/peak.h"
#include "kernel/kernel.h"

enum { RUNS = 7, DIM = 112, N_IN = 16, N_OUT = 22, REPEATS = 20000 };

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
    for (int run = 0; run < RUNS; run++) {
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
        bench_panels(kernel);
        bench_scan(kernel);
    }
    return 0;
}
