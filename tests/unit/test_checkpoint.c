/*
 * train/checkpoint and train/saver. A run that is stopped after any round and continued on another
 * number of threads ends with the same bits. A file is read as it was written. Every damage is
 * refused. A number that is not finite is not written, and the older file stays.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/file.h"
#include "test.h"
#include "train/saver.h"

static char path[80] = "/tmp/w2v-test.XXXXXX", text_path[96];

enum { DIM = 20, EPOCHS = 3, N = 6000 };

static struct corpus corpus;
static const char note[] = "what\tthe caller keeps\n";

static struct w2v_train_options options_of(enum w2v_architecture model)
{
    return (struct w2v_train_options){.model = model,
                                      .dim = DIM,
                                      .window = 3,
                                      .negative = 4,
                                      .ns_exponent = 0.75,
                                      .epochs = EPOCHS,
                                      .lr = model == W2V_CBOW ? 0.075 : 0.025,
                                      .seed = 1};
}

static void make_corpus(void)
{
    struct corpus_options options = {
        .text = {.tokenizer = W2V_TOKENIZER_WHITESPACE, .min_count = 1, .threads = 1}};
    struct w2v_text_report report;
    const char *paths[] = {text_path};
    FILE *file = fopen(text_path, "wb");
    for (uint64_t i = 0; file != NULL && i < N; i++)
        fprintf(file, "w%u%c", rng_below((uint32_t)rng_at(1, i), 200), i % 10 == 9 ? '\n' : ' ');
    if (file == NULL || fclose(file) != 0)
        abort();
    CHECK(corpus_read(&corpus, paths, 1, &options, &report, NULL) == W2V_OK);
}

/* The hooks of a run that stops after round `stop` or continues from a checkpoint. */
struct cut {
    uint64_t stop;
    const struct checkpoint *from;
};

static int start(void *context, struct trainer *trainer, struct w2v_error *error)
{
    const struct cut *cut = context;
    return cut->from != NULL ? checkpoint_load(cut->from, trainer, error) : W2V_OK;
}

static bool due(void *context, const struct trainer *trainer)
{
    (void)context, (void)trainer;
    return true;
}

static int after_round(void *context, const struct trainer *trainer, float **copy,
                       struct w2v_error *error)
{
    const struct cut *cut = context;
    (void)copy;
    return trainer->place.round == cut->stop ? error_set(error, W2V_ESTOPPED, "cut") : W2V_OK;
}

static int train(struct trainer *trainer, const struct w2v_train_options *options, unsigned threads,
                 struct cut cut, struct w2v_error *error)
{
    const struct trainer_hooks hooks = {&cut, start, due, after_round, NULL};
    *trainer = (struct trainer){0};
    return trainer_run(trainer, &corpus, options, kernel_choose(getenv("W2V_SIMD"), NULL), NULL,
                       threads, &hooks, error);
}

static struct checkpoint_content content_of(const struct trainer *trainer)
{
    return (struct checkpoint_content){note,    sizeof note - 1, &corpus.vocab,
                                       trainer, &trainer->place, rows_master(&trainer->rows, 0)};
}

static void check_same(const struct trainer *a, const struct trainer *b, const char *what)
{
    CHECK_MSG(memcmp(a->rows.matrix.bytes, b->rows.matrix.bytes, a->rows.matrix.n_bytes) == 0,
              "%s: the matrices differ", what);
    CHECK_MSG(memcmp(a->loss, b->loss, EPOCHS * sizeof *a->loss) == 0, "%s: the losses", what);
    CHECK_MSG(a->n_trained == b->n_trained && a->n_predictions == b->n_predictions, "%s: counters",
              what);
}

static void with_subwords(struct w2v_train_options *options)
{
    options->subwords = true;
    options->minn = 2;
    options->maxn = 4;
    options->buckets = 300;
}

static void check_cuts(enum w2v_architecture model, enum w2v_loss loss, bool subwords)
{
    struct w2v_train_options options = options_of(model);
    options.loss = loss;
    if (subwords)
        with_subwords(&options);
    struct trainer whole = {0}, part = {0};
    struct w2v_error error;
    CHECK(train(&whole, &options, 1, (struct cut){0}, NULL) == W2V_OK);
    const uint64_t n = whole.schedule.rounds * EPOCHS;
    const uint64_t cuts[] = {
        1,     2,    whole.schedule.rounds - 1, whole.schedule.rounds, whole.schedule.rounds + 1,
        n / 2, n - 1};
    static const unsigned before[] = {64, 8, 3, 1, 2, 3, 2}, after[] = {1, 2, 1, 2, 3, 8, 64};
    CHECK(n > 20);
    for (size_t i = 0; i < sizeof cuts / sizeof *cuts; i++) {
        struct checkpoint checkpoint;
        char what[64];
        snprintf(what, sizeof what, "cut after round %u of %u", (unsigned)cuts[i], (unsigned)n);
        CHECK(train(&part, &options, before[i], (struct cut){.stop = cuts[i]}, NULL) ==
              W2V_ESTOPPED);
        const struct checkpoint_content content = content_of(&part);
        CHECK(checkpoint_write(path, &content, NULL) == W2V_OK);
        trainer_release(&part);
        int status = checkpoint_open(&checkpoint, path, &error);
        CHECK_MSG(status == W2V_OK, "%s: %s", what, error.message);
        if (status != W2V_OK)
            continue;
        CHECK(checkpoint.place.round == cuts[i]);
        status = train(&part, &options, after[i], (struct cut){.from = &checkpoint}, &error);
        CHECK_MSG(status == W2V_OK, "%s: %s", what, error.message);
        check_same(&whole, &part, what);
        trainer_release(&part);
        checkpoint_release(&checkpoint);
    }
    trainer_release(&whole);
}

static void test_cuts_skipgram(void)
{
    check_cuts(W2V_SKIPGRAM, W2V_NEGATIVE, false);
}

static void test_cuts_cbow(void)
{
    check_cuts(W2V_CBOW, W2V_NEGATIVE, false);
}

static void test_cuts_with_subwords(void)
{
    check_cuts(W2V_SKIPGRAM, W2V_NEGATIVE, true);
    check_cuts(W2V_CBOW, W2V_NEGATIVE, true);
}

static void test_cuts_with_a_tree(void)
{
    check_cuts(W2V_SKIPGRAM, W2V_HIERARCHICAL, false);
    check_cuts(W2V_CBOW, W2V_HIERARCHICAL, false);
    check_cuts(W2V_SKIPGRAM, W2V_HIERARCHICAL, true);
    check_cuts(W2V_CBOW, W2V_HIERARCHICAL, true);
}

/* A trainer stopped in the middle of the second epoch. */
static void stop_in_second(struct trainer *trainer)
{
    const struct w2v_train_options options = options_of(W2V_SKIPGRAM);
    struct trainer whole = {0};
    CHECK(train(&whole, &options, 2, (struct cut){0}, NULL) == W2V_OK);
    const struct cut cut = {.stop = whole.schedule.rounds + whole.schedule.rounds / 2};
    trainer_release(&whole);
    CHECK(train(trainer, &options, 2, cut, NULL) == W2V_ESTOPPED);
}

static void test_round_trip(void)
{
    struct trainer trainer = {0};
    struct checkpoint c;
    stop_in_second(&trainer);
    unsigned char frozen[256] = {[3] = 1};
    trainer.frozen = frozen;
    const struct checkpoint_content content = content_of(&trainer);
    CHECK(checkpoint_write(path, &content, NULL) == W2V_OK);
    CHECK(checkpoint_open(&c, path, NULL) == W2V_OK);
    CHECK(c.n_words == corpus.vocab.n_words && c.dim == DIM && c.shards == trainer.schedule.shards);
    CHECK(c.rounds == trainer.schedule.rounds && c.n_losses == 1 && c.loss[0] == trainer.loss[0]);
    CHECK(memcmp(&c.place, &trainer.place, sizeof c.place) == 0);
    CHECK(c.place.tallies[0].n_predictions > 0 && c.place.n_predictions > 0);
    CHECK(c.n_text == sizeof note - 1 && strcmp(c.text, note) == 0);
    CHECK(memcmp(c.vocab.count, corpus.vocab.count, c.n_words * sizeof *c.vocab.count) == 0);
    CHECK(memcmp(c.vocab.bytes, corpus.vocab.bytes, corpus.vocab.offset[c.n_words]) == 0);
    CHECK(memcmp(c.frozen, frozen, c.n_words) == 0);
    checkpoint_release(&c);
    trainer_release(&trainer);
}

/* The vectors of frozen words do not change, for both models; the others do. */
static void test_frozen_rows_stay(void)
{
    for (int model = W2V_SKIPGRAM; model <= W2V_CBOW; model++) {
        const struct w2v_train_options options = options_of((enum w2v_architecture)model);
        struct trainer first = {0}, last = {0};
        unsigned char frozen[256];
        for (size_t i = 0; i < sizeof frozen; i++)
            frozen[i] = i % 3 == 0;
        const struct kernel *kernel = kernel_choose(getenv("W2V_SIMD"), NULL);
        const struct trainer_hooks hooks = {&(struct cut){.stop = 1}, start, due, after_round,
                                            NULL};
        CHECK(trainer_run(&first, &corpus, &options, kernel, frozen, 2, &hooks, NULL) ==
              W2V_ESTOPPED);
        CHECK(trainer_run(&last, &corpus, &options, kernel, frozen, 2, NULL, NULL) == W2V_OK);
        for (size_t id = 0; id < corpus.vocab.n_words; id++) {
            bool same = memcmp(rows_master(&first.rows, id), rows_master(&last.rows, id),
                               DIM * sizeof(float)) == 0;
            CHECK_MSG(same == (frozen[id] != 0), "model %d, word %zu", model, id);
        }
        trainer_release(&first);
        trainer_release(&last);
    }
}

static unsigned char *read_file(size_t *n_bytes)
{
    struct file_map map;
    CHECK(file_map(&map, path, NULL) == W2V_OK);
    unsigned char *bytes = malloc(map.n_bytes);
    memcpy(bytes, map.bytes, *n_bytes = map.n_bytes);
    file_unmap(&map);
    return bytes;
}

static void write_file(const void *bytes, size_t n_bytes)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, n_bytes, file) != n_bytes || fclose(file) != 0)
        abort();
}

static void expect_refusal(const char *what)
{
    struct checkpoint c;
    struct w2v_error error = {0};
    CHECK_MSG(checkpoint_open(&c, path, &error) == W2V_EFORMAT, "%s is accepted", what);
    CHECK_MSG(strstr(error.message, "checkpoint") != NULL, "%s: %s", what, error.message);
}

/* A file that is cut or longer, has a wrong bit, or header fields out of range, is refused. */
static void test_damage_is_refused(void)
{
    struct trainer trainer = {0};
    size_t n;
    char what[64];
    stop_in_second(&trainer);
    const struct checkpoint_content content = content_of(&trainer);
    CHECK(checkpoint_write(path, &content, NULL) == W2V_OK);
    unsigned char *bytes = read_file(&n);
    for (size_t cut = 0; cut < n; cut = cut < 128 ? cut + 1 : cut * 5 / 4) {
        snprintf(what, sizeof what, "cut to %zu bytes", cut);
        write_file(bytes, cut);
        expect_refusal(what);
    }
    unsigned char *longer = calloc(n + 1, 1);
    memcpy(longer, bytes, n);
    write_file(longer, n + 1);
    expect_refusal("a byte more");
    free(longer);
    for (size_t at = 0; at < n; at = at < 160 ? at + 1 : at * 9 / 8) {
        snprintf(what, sizeof what, "byte %zu changed", at);
        bytes[at] ^= 4;
        write_file(bytes, n);
        expect_refusal(what);
        bytes[at] ^= 4;
    }
    for (size_t at = 16; at < CHECKPOINT_HEADER; at += 8) {
        const uint64_t huge[] = {0, UINT64_MAX, (uint64_t)1 << 40, (uint64_t)1 << 61};
        for (size_t i = 0; i < 4; i++) {
            unsigned char was[8];
            memcpy(was, bytes + at, 8);
            if (memcmp(was, &huge[i], 8) == 0)
                continue;
            memcpy(bytes + at, &huge[i], 8);
            write_file(bytes, n);
            snprintf(what, sizeof what, "header at %zu", at);
            expect_refusal(what);
            memcpy(bytes + at, was, 8);
        }
    }
    write_file(bytes, n);
    struct checkpoint c;
    CHECK(checkpoint_open(&c, path, NULL) == W2V_OK);
    checkpoint_release(&c);
    free(bytes);
    trainer_release(&trainer);
}

static void test_no_number_is_not_written(void)
{
    struct trainer trainer = {0};
    struct checkpoint c;
    struct w2v_error error;
    stop_in_second(&trainer);
    struct checkpoint_content content = content_of(&trainer);
    CHECK(checkpoint_write(path, &content, NULL) == W2V_OK);
    const size_t last = layout_rows(&trainer.rows.layout) - 1;
    rows_master(&trainer.rows, last)[DIM - 1] = NAN;
    CHECK(checkpoint_write(path, &content, &error) == W2V_ENUMERIC);
    rows_master(&trainer.rows, last)[DIM - 1] = 1;
    CHECK(checkpoint_open(&c, path, NULL) == W2V_OK); /* the older file */
    checkpoint_release(&c);
    trainer_release(&trainer);
}

static void test_another_run_is_refused(void)
{
    struct trainer trainer = {0}, other = {0};
    struct checkpoint c;
    struct w2v_error error;
    stop_in_second(&trainer);
    const struct checkpoint_content content = content_of(&trainer);
    CHECK(checkpoint_write(path, &content, NULL) == W2V_OK);
    CHECK(checkpoint_open(&c, path, NULL) == W2V_OK);
    struct w2v_train_options options = options_of(W2V_SKIPGRAM);
    options.dim = DIM + 1;
    CHECK(train(&other, &options, 1, (struct cut){.from = &c}, &error) == W2V_EDATA);
    trainer_release(&other);
    options = options_of(W2V_SKIPGRAM);
    options.epochs = 1; /* the checkpoint is in the second epoch */
    CHECK(train(&other, &options, 1, (struct cut){.from = &c}, &error) == W2V_EDATA);
    trainer_release(&other);
    options = options_of(W2V_SKIPGRAM);
    with_subwords(&options);
    CHECK(train(&other, &options, 1, (struct cut){.from = &c}, &error) == W2V_EDATA);
    trainer_release(&other);
    options = options_of(W2V_SKIPGRAM);
    options.loss = W2V_HIERARCHICAL;
    CHECK(train(&other, &options, 1, (struct cut){.from = &c}, &error) == W2V_EDATA);
    trainer_release(&other);
    checkpoint_release(&c);
    trainer_release(&trainer);
}

/* Saves with a copy while training goes on, or without one while it waits. Both must be right. */
static int watch_start(void *context, struct trainer *trainer, struct w2v_error *error)
{
    (void)error;
    saver_init(context, trainer);
    return W2V_OK;
}

static unsigned n_failures;

static void count_failure(void *context, const struct w2v_error *error)
{
    (void)context, (void)error;
    n_failures++;
}

static void test_saver(void)
{
    const struct w2v_train_options options = options_of(W2V_SKIPGRAM);
    const struct kernel *kernel = kernel_choose(getenv("W2V_SIMD"), NULL);
    struct trainer whole = {0}, part = {0};
    struct checkpoint c;
    CHECK(train(&whole, &options, 2, (struct cut){0}, NULL) == W2V_OK);
    for (int still = 0; still < 2; still++) {
        struct saver saver = {.path = path,
                              .still = still != 0,
                              .corpus = &corpus,
                              .text = note,
                              .n_text = sizeof note - 1};
        CHECK(saver_interval(&saver, still ? "500w" : "0.4e", NULL) == W2V_OK);
        const struct trainer_hooks hooks = {&saver, watch_start, saver_due, saver_after_round,
                                            saver_copied};
        unlink(path);
        part = (struct trainer){0};
        CHECK(trainer_run(&part, &corpus, &options, kernel, NULL, 2, &hooks, NULL) == W2V_OK);
        check_same(&whole, &part, "with checkpoints");
        CHECK(saver_finish(&saver, NULL, NULL) == W2V_OK); /* no last file */
        CHECK(checkpoint_open(&c, path, NULL) == W2V_OK);
        CHECK(c.place.round == saver.round && saver.round > 0);
        CHECK(c.place.round < whole.schedule.rounds * EPOCHS);
        trainer_release(&part);
        CHECK(train(&part, &options, 1, (struct cut){.from = &c}, NULL) == W2V_OK);
        check_same(&whole, &part, "gone on from the saver's");
        checkpoint_release(&c);
        CHECK(saver_finish(&saver, &part, NULL) == W2V_OK);
        CHECK(checkpoint_open(&c, path, NULL) == W2V_OK);
        CHECK(c.place.round == whole.schedule.rounds * EPOCHS);
        checkpoint_release(&c);
        trainer_release(&part);
        saver_release(&saver);
    }
    /*
     * The folder does not exist: the run goes on, and each failure is reported. With copies, a
     * checkpoint that is due while the last one is being tried has to wait, so two may become one.
     */
    for (int still = 0; still < 2; still++) {
        struct saver saver = {.path = "/nonexistent/checkpoint",
                              .still = still != 0,
                              .corpus = &corpus,
                              .failed = count_failure,
                              .text = note};
        const struct trainer_hooks hooks = {&saver, watch_start, saver_due, saver_after_round,
                                            saver_copied};
        CHECK(saver_interval(&saver, "1e", NULL) == W2V_OK);
        part = (struct trainer){0};
        n_failures = 0;
        CHECK(trainer_run(&part, &corpus, &options, kernel, NULL, 2, &hooks, NULL) == W2V_OK);
        check_same(&whole, &part, "without a checkpoint");
        CHECK(saver_finish(&saver, NULL, NULL) == W2V_OK);
        CHECK(n_failures >= (still ? EPOCHS - 1 : 1) && n_failures < EPOCHS);
        CHECK(saver.round == UINT64_MAX);
        saver_release(&saver);
        trainer_release(&part);
    }
    trainer_release(&whole);
}

static void test_intervals(void)
{
    struct saver saver = {0};
    CHECK(saver_interval(&saver, "90s", NULL) == 0 && saver.seconds == 90);
    CHECK(saver_interval(&saver, "10m", NULL) == 0 && saver.seconds == 600);
    CHECK(saver_interval(&saver, "1.5h", NULL) == 0 && saver.seconds == 5400);
    CHECK(saver_interval(&saver, "2e", NULL) == 0 && saver.epochs == 2 && saver.seconds == 0);
    CHECK(saver_interval(&saver, "1e6w", NULL) == 0 && saver.words == 1000000);
    const char *bad[] = {"", "10", "m", "0s", "-1m", "1d", "1mm", "nanm", "infs", "0.5w"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        CHECK_MSG(saver_interval(&saver, bad[i], NULL) == W2V_EARG, "'%s'", bad[i]);
}

int main(void)
{
    int file = mkstemp(path);
    if (file < 0)
        return 1;
    close(file);
    snprintf(text_path, sizeof text_path, "%s.txt", path);
    make_corpus();
    TEST(test_cuts_skipgram);
    TEST(test_cuts_cbow);
    TEST(test_cuts_with_subwords);
    TEST(test_cuts_with_a_tree);
    TEST(test_round_trip);
    TEST(test_frozen_rows_stay);
    TEST(test_damage_is_refused);
    TEST(test_no_number_is_not_written);
    TEST(test_another_run_is_refused);
    TEST(test_saver);
    TEST(test_intervals);
    corpus_release(&corpus);
    unlink(path);
    unlink(text_path);
    return test_end();
}
