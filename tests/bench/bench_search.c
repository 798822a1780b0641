/*
 * The speed of a search on all cores: many neighbours at once as a share of the cores' summed peak
 * (peak.h, on all of them at the same time), and one at a time as a share of the memory's
 * bandwidth (summing as many bytes, likewise).
 *
 *     bench_search MODEL [QUERIES=10000]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/mem.h"
#include "base/rng.h"
#include "bench/peak.h"
#include "w2v.h"

enum { RUNS = 3, ONE_RUNS = 9, MAX_CORES = 1024 };

static struct {
    const struct kernel *kernel;
    double peak[MAX_CORES];
    struct mem_map map;
    uint64_t sums[MAX_CORES][8];
} all;

static void peak_here(void *arg, unsigned index, unsigned n)
{
    (void)arg;
    (void)n;
    all.peak[index % MAX_CORES] = peak_of(all.kernel);
}

static double peak_of_all(void)
{
    double sum = 0;
    thread_run(thread_cores(), peak_here, NULL);
    for (unsigned i = 0; i < thread_cores() && i < MAX_CORES; i++)
        sum += all.peak[i];
    return sum;
}

static void sum_here(void *arg, unsigned index, unsigned n)
{
    const uint64_t *words = all.map.bytes;
    const size_t n_words = all.map.n_bytes / sizeof *words;
    const size_t first = n_words / n * index / 8 * 8, end = n_words / n * (index + 1) / 8 * 8;
    (void)arg;
    for (size_t i = first; i < end; i += 8)
        for (size_t l = 0; l < 8; l++)
            all.sums[index % MAX_CORES][l] += words[i + l];
}

/* Answers n queries; returns the seconds. */
static double ask(const struct w2v_model *model, size_t n, uint64_t seed, double *check)
{
    struct w2v_search_options options;
    struct w2v_error error;
    w2v_search_options_init(&options);
    size_t *ids = calloc(n, sizeof *ids), *n_hits = calloc(n, sizeof *n_hits);
    struct w2v_hit *hits = calloc(n * options.k, sizeof *hits);
    if (ids == NULL || n_hits == NULL || hits == NULL)
        exit(1);
    for (size_t i = 0; i < n; i++)
        ids[i] = rng_at(seed, i) % w2v_n_words(model);
    double began = thread_seconds();
    if (w2v_neighbors(model, ids, n, &options, hits, n_hits, &error) != W2V_OK) {
        fprintf(stderr, "%s\n", error.message);
        exit(1);
    }
    double seconds = thread_seconds() - began;
    for (size_t i = 0; i < n * options.k; i++)
        *check += (double)hits[i].score;
    free(ids);
    free(n_hits);
    free(hits);
    return seconds;
}

int main(int argc, char **argv)
{
    struct w2v_model *model;
    struct w2v_error error;
    double check = 0, many = INFINITY, one = INFINITY, scan = INFINITY;
    const size_t n = argc > 2 ? strtoul(argv[2], NULL, 10) : 10000;
    if (argc < 2 || n == 0 || (all.kernel = kernel_choose(getenv("W2V_SIMD"), &error)) == NULL)
        return 2;
    if (w2v_open(&model, argv[1], &error) != W2V_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    const double rows = (double)w2v_n_words(model), dim = (double)w2v_dim(model);
    double peak = peak_of_all();
    ask(model, 1, 1, &check); /* the pages of the file */
    for (uint64_t run = 0; run < RUNS; run++) {
        many = fmin(many, ask(model, n, run, &check));
        peak = fmax(peak, peak_of_all());
    }
    if (mem_map(&all.map, w2v_n_words(model), w2v_dim(model) * sizeof(float), "", NULL) != W2V_OK)
        return 1;
    for (size_t i = 0; i < all.map.n_bytes / sizeof(uint64_t); i++)
        ((uint64_t *)all.map.bytes)[i] = i;
    for (uint64_t run = 0; run < ONE_RUNS; run++) {
        one = fmin(one, ask(model, 1, run, &check));
        double began = thread_seconds();
        thread_run(thread_cores(), sum_here, NULL);
        scan = fmin(scan, thread_seconds() - began);
    }
    const double flops = 2 * (double)n * rows * dim, bytes = rows * dim * sizeof(float);
    printf("%s\t%zu neighbors of %.0f x %.0f\t%.3f s\t%.1f Gflop/s", all.kernel->name, n, rows, dim,
           many, flops / many / 1e9);
    if (peak > 0)
        printf("\t%.0f %% of the peak of %u cores, %.1f", 100 * flops / many / peak, thread_cores(),
               peak / 1e9);
    printf(
        "\n%s\tone neighbors of %.0f x %.0f\t%.4f s\t%.1f GB/s\t%.0f %% of a plain sum's, %.1f%s\n",
        all.kernel->name, rows, dim, one, bytes / one / 1e9, 100 * scan / one, bytes / scan / 1e9,
        check + (double)all.sums[0][0] == 1 ? " " : "");
    mem_unmap(&all.map);
    w2v_close(model);
    return 0;
}
