/*
 * Walks alone, without text or training:
 *
 *     bench_walk GRAPH P Q WALKS THREADS
 *
 * Prints the seconds that reading took, the steps, the million steps a second by the wall clock and
 * by the processors' time (times the threads), which counts where others use the machine too, and
 * the peak of memory in MB.
 */
#define _DEFAULT_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>

#include "base/thread.h"
#include "graph/walk.h"

struct bench {
    struct walker walker;
    size_t n_blocks;
    atomic_size_t ticket;
    atomic_uint_fast64_t n_nodes;
};

static double cpu_seconds(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

static void work(void *arg, unsigned index, unsigned n)
{
    struct bench *bench = arg;
    const struct walker *walker = &bench->walker;
    uint32_t *nodes = malloc(walker->block * walker->length * sizeof *nodes);
    size_t block;
    (void)index, (void)n;
    if (nodes == NULL)
        return;
    while ((block = thread_ticket(&bench->ticket, bench->n_blocks)) < bench->n_blocks) {
        const uint64_t first = (uint64_t)block * walker->block, left = walker->n_walks - first;
        atomic_fetch_add(
            &bench->n_nodes,
            walk_fill(walker, first, left < walker->block ? (size_t)left : walker->block, nodes));
    }
    free(nodes);
}

int main(int argc, char **argv)
{
    struct w2v_error error;
    struct graph graph = {0};
    struct bench bench = {.n_blocks = 0};
    struct edges_options options = {.memory = 0};
    struct rusage usage;
    if (argc != 6)
        return 2;
    const char *path = argv[1];
    const unsigned threads = (unsigned)strtoul(argv[5], NULL, 10);
    const struct walk_rules rules = {(unsigned)strtoul(argv[4], NULL, 10), 80,
                                     strtod(argv[2], NULL), strtod(argv[3], NULL), 1};
    options.text.threads = threads;
    const double began = thread_seconds();
    if (graph_read(&graph, &path, 1, false, &options, &error) != W2V_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    const double read = thread_seconds(), cpu = cpu_seconds();
    if (walk_init(&bench.walker, &graph, &rules, threads, &error) != W2V_OK) {
        fprintf(stderr, "%s\n", error.message);
        return 1;
    }
    bench.n_blocks = (size_t)((bench.walker.n_walks - 1) / bench.walker.block + 1);
    thread_run(threads, work, &bench);
    const double wall = thread_seconds() - read, spent = cpu_seconds() - cpu;
    const double steps = 1e-6 * (double)(atomic_load(&bench.n_nodes) - bench.walker.n_walks);
    getrusage(RUSAGE_SELF, &usage);
    printf("%.2f\t%.1f\t%.2f\t%.2f\t%.0f\n", read - began, steps, steps / wall,
           steps / spent * threads, (double)usage.ru_maxrss / 1024);
    walk_release(&bench.walker);
    graph_release(&graph);
    return 0;
}
