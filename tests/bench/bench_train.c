/*
 * What training costs on one thread, round by round: the nanoseconds a centre takes, as the tenth,
 * the quarter and the half of all rounds have it. Busy neighbours make single rounds slow, so these
 * hold still where the time of a whole run does not. The digest tells whether two builds computed
 * the same bits.
 *
 *     bench_train CORPUS [sg|cbow [epochs [sample [subwords]]]]    the corpus is split at white space
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "train/trainer.h"

struct clocks {
    double *seconds, last;
    size_t n;
};

/* Of this thread, as far as it ran. */
static double own_seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static int start(void *context, struct trainer *trainer, struct w2v_error *error)
{
    struct clocks *clocks = context;
    (void)error;
    clocks->seconds = calloc((size_t)schedule_rounds(&trainer->schedule), sizeof *clocks->seconds);
    clocks->last = own_seconds();
    return clocks->seconds != NULL ? W2V_OK : W2V_ENOMEM;
}

/* Takes the time of each round. There is nothing to do after it. */
static bool take_time(void *context, const struct trainer *trainer)
{
    struct clocks *clocks = context;
    const double now = own_seconds();
    (void)trainer;
    clocks->seconds[clocks->n++] = now - clocks->last;
    clocks->last = now;
    return false;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static uint64_t digest_rows(const struct rows *rows)
{
    const uint32_t *bits = rows->matrix.bytes;
    uint64_t digest = 0;
    for (size_t i = 0; i < layout_rows(&rows->layout) * rows->layout.dim; i++)
        digest = (digest ^ bits[i]) * 0x9e3779b97f4a7c15u;
    return digest;
}

int main(int argc, char **argv)
{
    struct corpus_options reading = {
        .text = {.tokenizer = W2V_TOKENIZER_WHITESPACE, .min_count = 5, .threads = 1}};
    const bool cbow = argc > 2 && strcmp(argv[2], "cbow") == 0;
    struct w2v_train_options options = {.model = cbow ? W2V_CBOW : W2V_SKIPGRAM,
                                        .dim = 100,
                                        .window = 5,
                                        .negative = 5,
                                        .ns_exponent = 0.75,
                                        .sample = argc > 4 ? strtod(argv[4], NULL) : 1e-4,
                                        .epochs =
                                            argc > 3 ? (unsigned)strtoul(argv[3], NULL, 10) : 1,
                                        .lr = cbow ? 0.075 : 0.025,
                                        .subwords = argc > 5 && strcmp(argv[5], "subwords") == 0,
                                        .minn = 3,
                                        .maxn = 6,
                                        .buckets = 2000000,
                                        .seed = 1};
    struct corpus corpus = {0};
    struct w2v_text_report report;
    struct w2v_error error = {0};
    struct trainer trainer = {0};
    struct clocks clocks = {0};
    const struct trainer_hooks hooks = {.context = &clocks, .start = start, .due = take_time};
    const char *path = argc > 1 ? argv[1] : "";
    int status = corpus_read(&corpus, &path, 1, &reading, &report, &error);
    const struct kernel *kernel =
        status == W2V_OK ? kernel_choose(getenv("W2V_SIMD"), &error) : NULL;
    if (kernel != NULL)
        status = trainer_run(&trainer, &corpus, &options, kernel, NULL, 1, &hooks, &error);
    if (kernel == NULL || status != W2V_OK || clocks.n == 0) {
        fprintf(stderr, "bench_train: %s\n", error.message);
        return 1;
    }
    qsort(clocks.seconds, clocks.n, sizeof *clocks.seconds, compare);
    printf("%s\t%s\tns a centre\t%.0f\t%.0f\t%.0f\tdigest %016llx\n", kernel->name,
           cbow ? "cbow" : "skip-gram",
           1e9 * clocks.seconds[clocks.n / 10] / trainer.schedule.centres,
           1e9 * clocks.seconds[clocks.n / 4] / trainer.schedule.centres,
           1e9 * clocks.seconds[clocks.n / 2] / trainer.schedule.centres,
           (unsigned long long)digest_rows(&trainer.rows));
    free(clocks.seconds);
    trainer_release(&trainer);
    corpus_release(&corpus);
    return 0;
}
