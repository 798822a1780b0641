/*
 * train/trainer, train/rounds and train/rows: contested rows and whole runs. Analogies planted in a
 * corpus must come out right for skip-gram and CBOW, with negatives and with a tree. The bits must
 * be the same for any number of threads and every exact table of kernels. The number of trained
 * words must be exact, and vocabularies of one or two words must work.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/thread.h"
#include "test.h"
#include "train/trainer.h"

static char path[64] = "/tmp/w2v-test.XXXXXX";

static void read_corpus(struct corpus *corpus, const char *text)
{
    struct corpus_options options = {
        .text = {.tokenizer = W2V_TOKENIZER_WHITESPACE, .min_count = 1, .threads = 1}};
    struct w2v_text_report report;
    const char *paths[] = {path};
    FILE *file = fopen(path, "wb");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0)
        abort();
    CHECK(corpus_read(corpus, paths, 1, &options, &report, NULL) == W2V_OK);
}

/* The kinds of run: two architectures by two losses. */
enum { KINDS = 4 };

static struct w2v_train_options options_of(int kind, size_t dim, unsigned epochs)
{
    return (struct w2v_train_options){.model = kind % 2 == 0 ? W2V_SKIPGRAM : W2V_CBOW,
                                      .loss = kind < 2 ? W2V_NEGATIVE : W2V_HIERARCHICAL,
                                      .dim = dim,
                                      .window = 5,
                                      .negative = 5,
                                      .ns_exponent = 0.75,
                                      .sample = 0,
                                      .epochs = epochs,
                                      .lr = kind % 2 == 0 ? 0.025 : 0.075,
                                      .seed = 1};
}

/*
 * N_PAIRS pairs of words "aI" and "bI". A line holds one of them, words of its pair ("xI_J") and
 * words of its side ("pJ" or "qJ"); so aI - bI should be the same for all I.
 */
enum { N_PAIRS = 12, N_LINES = TEST_LESS(12000, 4) };

static char *planted_text(void)
{
    char *text = malloc(N_LINES * 64), *at = text;
    for (uint64_t line = 0; line < N_LINES; line++) {
        uint32_t pair = rng_below((uint32_t)rng_at(1, line), N_PAIRS);
        uint32_t side = (uint32_t)(rng_at(2, line) >> 40) & 1;
        char words[5][16];
        snprintf(words[0], sizeof words[0], "%c%u", "ab"[side], pair);
        for (uint32_t i = 1; i < 3; i++)
            snprintf(words[i], sizeof words[0], "x%u_%u", pair,
                     rng_below((uint32_t)rng_at(3, line * 2 + i), 4));
        for (uint32_t i = 3; i < 5; i++)
            snprintf(words[i], sizeof words[0], "%c%u", "pq"[side],
                     rng_below((uint32_t)rng_at(4, line * 2 + i), 6));
        for (uint32_t i = 0; i < 5; i++)
            at += snprintf(at, 16, "%s%c", words[(i * 2 + line) % 5], i < 4 ? ' ' : '\n');
    }
    return text;
}

static size_t id_of(const struct corpus *corpus, const char *word)
{
    size_t n;
    for (size_t id = 0; id < corpus->vocab.n_words; id++) {
        const char *text = vocab_word(&corpus->vocab, id, &n);
        if (n == strlen(word) && memcmp(text, word, n) == 0)
            return id;
    }
    abort();
}

static void unit(const struct trainer *trainer, size_t id, double *vector, size_t dim)
{
    const float *row = rows_master(&trainer->rows, id);
    double norm = 0;
    for (size_t k = 0; k < dim; k++)
        norm += (double)row[k] * (double)row[k];
    for (size_t k = 0; k < dim; k++)
        vector[k] = (double)row[k] / sqrt(norm);
}

/* The share of questions "aI - bI + bJ = aJ" that are answered right, of all words. */
static double planted_accuracy(const struct corpus *corpus, const struct trainer *trainer,
                               size_t dim)
{
    double vectors[200][32];
    size_t right = 0, asked = 0, a[N_PAIRS], b[N_PAIRS];
    CHECK(corpus->vocab.n_words <= 200 && dim <= 32);
    for (size_t id = 0; id < corpus->vocab.n_words; id++)
        unit(trainer, id, vectors[id], dim);
    for (unsigned i = 0; i < N_PAIRS; i++) {
        char word[16];
        snprintf(word, sizeof word, "a%u", i);
        a[i] = id_of(corpus, word);
        word[0] = 'b';
        b[i] = id_of(corpus, word);
    }
    for (size_t i = 0; i < N_PAIRS; i++)
        for (size_t j = 0; j < N_PAIRS; j++) {
            size_t best = SIZE_MAX;
            double most = -INFINITY;
            for (size_t id = 0; id < corpus->vocab.n_words && i != j; id++) {
                double score = 0;
                if (id == a[i] || id == b[i] || id == b[j])
                    continue;
                for (size_t k = 0; k < dim; k++)
                    score +=
                        vectors[id][k] * (vectors[a[i]][k] - vectors[b[i]][k] + vectors[b[j]][k]);
                if (score > most) {
                    most = score;
                    best = id;
                }
            }
            asked += i != j;
            right += i != j && best == a[j];
        }
    return (double)right / (double)asked;
}

static void with_subwords(struct w2v_train_options *options)
{
    options->subwords = true;
    options->minn = 3;
    options->maxn = 6;
    options->buckets = 5000;
}

static void check_planted(int kind, bool subwords)
{
    enum { DIM = 20, EPOCHS = 8 };
    struct corpus corpus;
    struct trainer first = {0};
    char *text = planted_text();
    const struct kernel *kernel = kernel_choose(getenv("W2V_SIMD"), NULL);
    struct w2v_train_options options = options_of(kind, DIM, EPOCHS);
    const unsigned threads[] = {1, 2, 5};
    if (subwords)
        with_subwords(&options);
    read_corpus(&corpus, text);
    CHECK(corpus.n_tokens == 5 * N_LINES);
    for (size_t t = 0; t < 3; t++) {
        struct trainer trainer = {0};
        struct w2v_error error;
        int status =
            trainer_run(&trainer, &corpus, &options, kernel, NULL, threads[t], NULL, &error);
        CHECK_MSG(status == W2V_OK, "%s", error.message);
        double accuracy = planted_accuracy(&corpus, &trainer, DIM);
        CHECK_MSG(accuracy >= 0.95, "%u threads: accuracy %g", threads[t], accuracy);
        CHECK(trainer.n_trained == (uint64_t)EPOCHS * 5 * N_LINES);
        CHECK(trainer.loss[EPOCHS - 1] < trainer.loss[0] && trainer.loss[EPOCHS - 1] > 0);
        if (t == 0) {
            first = trainer;
            continue;
        }
        CHECK_MSG(memcmp(first.rows.matrix.bytes, trainer.rows.matrix.bytes,
                         first.rows.matrix.n_bytes) == 0,
                  "%u threads give other vectors", threads[t]);
        CHECK(memcmp(first.loss, trainer.loss, EPOCHS * sizeof *first.loss) == 0);
        CHECK(first.n_predictions == trainer.n_predictions);
        trainer_release(&trainer);
    }
    trainer_release(&first);
    corpus_release(&corpus);
    free(text);
}

static void test_planted_skipgram(void)
{
    check_planted(W2V_SKIPGRAM, false);
}

static void test_planted_cbow(void)
{
    check_planted(W2V_CBOW, false);
}

static void test_planted_with_subwords(void)
{
    check_planted(W2V_SKIPGRAM, true);
    check_planted(W2V_CBOW, true);
}

static void test_planted_with_a_tree(void)
{
    check_planted(2, false);
    check_planted(3, false);
}

/* Runs on corpora of few words, with and without subsampling, work and are equal on any threads. */
static void test_tiny_vocabularies(void)
{
    const size_t sizes[] = {1, 2, 20, 1000};
    for (size_t s = 0; s < 4; s++)
        for (int variant = 0; variant < 4 * KINDS; variant++) {
            enum { N = TEST_LESS(3000, 2) };
            char *text = malloc(N * 8), *at = text;
            struct corpus corpus;
            struct trainer one = {0}, many = {0};
            struct w2v_error error = {0};
            for (uint64_t i = 0; i < N; i++)
                at += snprintf(at, 8, "%u%c", rng_below((uint32_t)rng_at(s, i), (uint32_t)sizes[s]),
                               i % 10 == 9 ? '\n' : ' ');
            read_corpus(&corpus, text);
            CHECK(corpus.vocab.n_words <= sizes[s]);
            struct w2v_train_options options = options_of(variant / 4, 17, 3);
            options.sample = variant & 1 ? 1e-2 : 0;
            if (variant & 2)
                with_subwords(&options);
            const struct kernel *kernel = kernel_choose(getenv("W2V_SIMD"), NULL);
            int status = trainer_run(&one, &corpus, &options, kernel, NULL, 1, NULL, &error);
            CHECK_MSG(status == W2V_OK, "%zu words: %s", sizes[s], error.message);
            CHECK(trainer_run(&many, &corpus, &options, kernel, NULL, 3, NULL, NULL) == W2V_OK);
            CHECK(one.n_trained == 3 * N);
            CHECK(memcmp(one.rows.matrix.bytes, many.rows.matrix.bytes, one.rows.matrix.n_bytes) ==
                  0);
            trainer_release(&one);
            trainer_release(&many);
            corpus_release(&corpus);
            free(text);
        }
}

/* The largest numbers of shards and threads give the bits of one thread, in every kind of run. */
static void test_many_shards(void)
{
    enum { N = TEST_LESS(12000, 2), N_WORDS = 4500 };
    static const unsigned threads[] = {SCHEDULE_MAX_SHARDS, 8, 64, 2};
    const struct kernel *kernel = kernel_choose(getenv("W2V_SIMD"), NULL);
    char *text = malloc(N * 6 + 1), *at = text;
    struct corpus corpus;
    for (uint64_t i = 0; i < N; i++)
        at += snprintf(at, 7, "%u%c", rng_below((uint32_t)rng_at(9, i), N_WORDS),
                       i % 20 == 19 ? '\n' : ' ');
    read_corpus(&corpus, text);
    for (int variant = 0; variant < 2 * KINDS; variant++) {
        struct trainer one = {0}, many = {0};
        struct w2v_train_options options = options_of(variant / 2, 17, 1);
        options.sample = 1;
        options.shards = SCHEDULE_MAX_SHARDS;
        if (variant & 1)
            with_subwords(&options);
        CHECK(trainer_run(&one, &corpus, &options, kernel, NULL, 1, NULL, NULL) == W2V_OK);
        CHECK(one.schedule.shards > 64);
        for (size_t t = 0; t < TEST_LESS(4, 2); t++) {
            CHECK(trainer_run(&many, &corpus, &options, kernel, NULL, threads[t], NULL, NULL) ==
                  W2V_OK);
            CHECK_MSG(
                memcmp(one.rows.matrix.bytes, many.rows.matrix.bytes, one.rows.matrix.n_bytes) == 0,
                "variant %d, %u threads", variant, threads[t]);
            trainer_release(&many);
        }
        trainer_release(&one);
    }
    corpus_release(&corpus);
    free(text);
}

/* A run with each exact table gives the bits of the scalar table, in dimensions around a vector. */
static void test_tables_agree_on_a_run(void)
{
    const size_t dims[] = {33, 1, 15, 16, 100};
    struct corpus corpus;
    char *text = planted_text();
    text[16000] = '\0';
    read_corpus(&corpus, text);
    for (size_t d = 0; d < TEST_LESS(sizeof dims / sizeof *dims, 5); d++)
        for (int variant = 0; variant < 2 * KINDS; variant++) {
            struct w2v_train_options options = options_of(variant / 2, dims[d], 1);
            if (variant & 1)
                with_subwords(&options);
            struct trainer scalar = {0}, other = {0};
            const struct kernel *kernel;
            bool runs;
            CHECK(trainer_run(&scalar, &corpus, &options, &kernel_scalar, NULL, 2, NULL, NULL) ==
                  W2V_OK);
            for (size_t i = 0; (kernel = kernel_table(i, &runs)) != NULL; i++) {
                if (!runs || !kernel->exact)
                    continue;
                CHECK(trainer_run(&other, &corpus, &options, kernel, NULL, 2, NULL, NULL) ==
                      W2V_OK);
                CHECK_MSG(memcmp(scalar.rows.matrix.bytes, other.rows.matrix.bytes,
                                 scalar.rows.matrix.n_bytes) == 0,
                          "%s, variant %d, dim %zu", kernel->name, variant, dims[d]);
                trainer_release(&other);
            }
            trainer_release(&scalar);
        }
    corpus_release(&corpus);
    free(text);
}

static void test_divergence_is_an_error(void)
{
    struct corpus corpus;
    struct trainer trainer = {0};
    struct w2v_error error;
    char *text = planted_text();
    read_corpus(&corpus, text);
    struct w2v_train_options options = options_of(W2V_SKIPGRAM, 20, 3);
    options.lr = 1e6;
    int status = trainer_run(&trainer, &corpus, &options, kernel_choose(getenv("W2V_SIMD"), NULL),
                             NULL, 2, NULL, &error);
    CHECK(status == W2V_ENUMERIC);
    CHECK_MSG(strstr(error.message, "epoch") && strstr(error.message, "rate"), "%s", error.message);
    trainer_release(&trainer);
    corpus_release(&corpus);
    /* Five words move each other far, and at an absurd rate too far. */
    for (size_t i = 0; i < 6000; i++)
        snprintf(text + 2 * i, 3, "%u%c", (unsigned)(i * 7919 % 5), i % 10 == 9 ? '\n' : ' ');
    read_corpus(&corpus, text);
    options.lr = 0.2;
    CHECK(trainer_run(&trainer, &corpus, &options, kernel_choose(getenv("W2V_SIMD"), NULL), NULL, 2,
                      NULL, &error) == W2V_OK); /* eight times the default rate still works */
    trainer_release(&trainer);
    options.lr = 3;
    status = trainer_run(&trainer, &corpus, &options, kernel_choose(getenv("W2V_SIMD"), NULL), NULL,
                         2, NULL, &error);
    CHECK(status == W2V_ENUMERIC);
    CHECK_MSG(strstr(error.message, "explodes") != NULL, "%s", error.message);
    trainer_release(&trainer);
    corpus_release(&corpus);
    free(text);
}

static int stop_at_once(void *context, const struct w2v_progress *progress)
{
    *(double *)context = (double)progress->done / (double)progress->total;
    return 1;
}

static void test_progress_can_stop(void)
{
    struct corpus corpus;
    struct trainer trainer = {0};
    struct w2v_error error;
    char *text = planted_text();
    double done = -1;
    read_corpus(&corpus, text);
    struct w2v_train_options options = options_of(W2V_SKIPGRAM, 20, 1);
    options.text.progress = stop_at_once;
    options.text.progress_context = &done;
    int status = trainer_run(&trainer, &corpus, &options, kernel_choose(getenv("W2V_SIMD"), NULL),
                             NULL, 2, NULL, &error);
    CHECK(status == W2V_ESTOPPED && done > 0 && done <= 1);
    trainer_release(&trainer);
    corpus_release(&corpus);
    free(text);
}

/*
 * Three shards move one row that all share, and rows of their own, by known amounts. `weight`: the
 * sum of |weight| by which each moves the shared row, whose load is `load`. `sum`: of the moves 1, 10
 * and 100 in two rounds, scaled.
 */
static void check_contested_rows(unsigned shards, float load, float weight, float sum)
{
    enum { V = 40, DIM = 16 };
    const float rounding = sum == 222 ? 0 : 1e-4F; /* a third of 111 is rounded */
    uint64_t counts[V];
    uint32_t touched[3][4] = {{1, 2, V + 3, 6}, {2, 5, V + 3, 7}, {V + 3, 9, 8, 3}};
    struct vocab vocab = {.n_words = V, .count = counts};
    struct sampler sampler;
    struct rows rows;
    struct plan plans[3];
    for (size_t i = 0; i < V; i++)
        vocab.total += counts[i] = 10;
    CHECK(sampler_init(&sampler, &vocab, 0, 0.75, NULL) == W2V_OK);
    struct layout layout = layout_of(V, W2V_NEGATIVE, DIM);
    layout_divide(&layout, shards);
    CHECK(rows_init(&rows, &kernel_scalar, &layout, NULL) == W2V_OK);
    for (size_t r = 0; r < 2 * V; r++)
        for (size_t k = 0; k < DIM; k++)
            rows_master(&rows, r)[k] = (float)r;
    rows.load[V + 3] = load;
    memset(plans, 0, sizeof plans);
    for (size_t s = 0; s < 3; s++) {
        plans[s].rows = touched[s];
        plans[s].n_rows = 4;
        plans[s].touched = calloc(4, sizeof *plans[s].touched);
        plans[s].trained_at = calloc(4, sizeof *plans[s].trained_at);
        plans[s].contested_index = calloc(4, sizeof *plans[s].contested_index);
        plans[s].weight = calloc(4, sizeof *plans[s].weight);
        plans[s].weight[s == 2 ? 0 : 2] = weight;
        size_t n = 0;
        for (size_t o = 0; o < layout_owners(&layout); o++) {
            plans[s].owner_begin[o] = n;
            for (uint32_t i = 0; i < 4; i++)
                if (layout_owner(&layout, touched[s][i]) == o)
                    plans[s].touched[n++] = (struct plan_touch){.row = touched[s][i], .index = i};
            plans[s].owner_begin[o + 1] = n;
        }
    }
    for (int round = 0; round < 2; round++) {
        for (size_t o = 0; o < layout_owners(&layout); o++)
            CHECK(rows_claim(&rows, o, plans, 3, NULL) == W2V_OK);
        for (unsigned s = 0; s < 3; s++) {
            CHECK(rows_place(&rows, s, &plans[s], NULL) == W2V_OK);
            for (size_t i = 0; i < plans[s].n_contested; i++)
                rows_copy(&rows, &plans[s], plans[s].contested_index[i]);
        }
        CHECK(plans[0].trained_at[0] == rows_master(&rows, 1));
        float *const shares[] = {plans[0].trained_at[2], plans[1].trained_at[2],
                                 plans[2].trained_at[0]};
        for (unsigned s = 0; s < 3; s++) {
            float *shared = shares[s];
            CHECK(shared != rows_master(&rows, V + 3));
            for (unsigned t = 0; t < s; t++)
                CHECK(shared != shares[t]);
            CHECK_MSG(fabsf(shared[0] - (float)(V + 3) - (float)round * sum / 2) <= rounding,
                      "the row is %g", (double)shared[0]);
            for (size_t k = 0; k < DIM; k++)
                shared[k] += (float)(s == 0 ? 1 : s == 1 ? 10 : 100);
        }
        plans[0].trained_at[1][4] += 5;
        plans[1].trained_at[0][4] += 6;
        plans[2].trained_at[1][1] += 7;
        for (size_t o = 0; o < layout_owners(&layout); o++)
            rows_merge(&rows, o, plans, 3, 1, 1);
    }
    for (size_t r = 0; r < 2 * V; r++)
        for (size_t k = 0; k < DIM; k++) {
            float by = r == V + 3 ? sum : r == 2 && k == 4 ? 22 : r == 9 && k == 1 ? 14 : 0;
            CHECK(fabsf(rows_master(&rows, r)[k] - (float)r - by) <= (r == V + 3 ? rounding : 0));
        }
    for (size_t s = 0; s < 3; s++) {
        free(plans[s].touched);
        free(plans[s].trained_at);
        free(plans[s].contested_index);
        free(plans[s].weight);
    }
    rows_release(&rows);
    sampler_release(&sampler);
}

/* Owners take turns, so none has more of the frequent rows. Each row has a place with its owner. */
static void test_rows_have_owners(void)
{
    enum { N = 1000 };
    for (unsigned shards = 1; shards <= SCHEDULE_MAX_SHARDS; shards *= 2) {
        bool taken[LAYOUT_MOST_OWNERS][N] = {{false}};
        struct layout layout = layout_of(N, W2V_NEGATIVE, 8);
        layout_divide(&layout, shards);
        const size_t n_owners = layout_owners(&layout), n = layout_most_owned(&layout, N);
        CHECK(n_owners >= shards && n_owners <= LAYOUT_MOST_OWNERS && n <= N);
        for (size_t row = 0; row < N; row++) {
            const size_t owner = layout_owner(&layout, row), at = layout_owned(&layout, row);
            CHECK(owner == row % n_owners && at < n);
            CHECK(!taken[owner][at]);
            taken[owner][at] = true;
        }
    }
}

static void test_contested_rows_add_up(void)
{
    check_contested_rows(16, 1, 0.25F, 222);
    check_contested_rows(SCHEDULE_MAX_SHARDS, 1, 0.25F, 222);
}

/* Rows that move far are scaled: as expected, to ROWS_MOST_LOAD; more than expected, to the mean. */
static void test_far_moves_are_scaled(void)
{
    const float most = (float)ROWS_MOST_LOAD;
    check_contested_rows(16, 2 * most, 2 * most / 3, 222 / 2.0F);
    check_contested_rows(16, 100 * most, 100 * most / 3, 222 / 3.0F);
    check_contested_rows(16, 0, most / 3, 222 / 3.0F);
}

/* Stretches of which subsampling keeps nothing have no rows, and do no harm to the others. */
static void test_empty_stretches(void)
{
    enum { N = 6000, N_WORDS = 1500 };
    struct corpus corpus;
    struct trainer trainer = {0};
    char *text = malloc(N * 6 + 1), *at = text;
    for (uint32_t i = 0; i < N; i++)
        at += snprintf(at, 7, "%u%c", i % N_WORDS, i % 20 == 19 ? '\n' : ' ');
    read_corpus(&corpus, text);
    for (int kind = 0; kind < KINDS; kind++) {
        struct w2v_train_options options = options_of(kind, 8, 1);
        options.sample = 1e-9;
        options.shards = 32;
        CHECK(trainer_run(&trainer, &corpus, &options, &kernel_scalar, NULL, 2, NULL, NULL) ==
              W2V_OK);
        CHECK(trainer.schedule.shards == 32 && trainer.schedule.centres < 32);
        trainer_release(&trainer);
    }
    corpus_release(&corpus);
    free(text);
}

/*
 * Half of the tokens are one word, so the means of CBOW move with it: a round has one shard, where the
 * loads of single rows would allow several.
 */
static void test_means_bound_a_round(void)
{
    enum { N = 20000, N_WORDS = 2000 };
    struct corpus corpus;
    struct trainer trainer = {0};
    struct w2v_train_options options = options_of(W2V_CBOW, 8, 1);
    char *text = malloc(N * 6 + 1), *at = text;
    for (uint32_t i = 0; i < N; i++)
        at += i % 2 == 0 ? snprintf(at, 7, "the ")
                         : snprintf(at, 7, "%u%c", i / 2 % N_WORDS, i % 40 == 39 ? '\n' : ' ');
    read_corpus(&corpus, text);
    CHECK(trainer_run(&trainer, &corpus, &options, &kernel_scalar, NULL, 2, NULL, NULL) == W2V_OK);
    CHECK(trainer.objective.mean_load > 2 && trainer.schedule.shards == 1);
    trainer_release(&trainer);
    options.model = W2V_SKIPGRAM;
    CHECK(trainer_run(&trainer, &corpus, &options, &kernel_scalar, NULL, 2, NULL, NULL) == W2V_OK);
    CHECK(trainer.objective.mean_load == 0);
    trainer_release(&trainer);
    corpus_release(&corpus);
    free(text);
}

int main(void)
{
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    TEST(test_rows_have_owners);
    TEST(test_contested_rows_add_up);
    TEST(test_far_moves_are_scaled);
    TEST(test_empty_stretches);
    TEST(test_means_bound_a_round);
    TEST(test_planted_skipgram);
    TEST(test_planted_cbow);
    TEST(test_planted_with_subwords);
    TEST(test_planted_with_a_tree);
    TEST(test_tiny_vocabularies);
    TEST(test_many_shards);
    TEST(test_tables_agree_on_a_run);
    TEST(test_divergence_is_an_error);
    TEST(test_progress_can_stop);
    unlink(path);
    return test_end();
}
