/* api: what a call leaves that was stopped or has failed. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test.h"
#include "w2v.h"

static char folder[] = "/tmp/w2v-stopped-XXXXXX";
static char corpus[64], model[64];

static int stop_writing(void *context, const struct w2v_progress *progress)
{
    (void)context;
    return progress->phase == W2V_PHASE_WRITE;
}

static int train(bool save)
{
    const char *path = corpus;
    struct w2v_train_options options;
    struct w2v_error error;
    w2v_train_options_init(&options);
    options.dim = 4;
    options.epochs = 1;
    options.text.min_count = 1;
    options.text.progress = stop_writing;
    options.save_on_interrupt = save;
    unlink(model);
    return w2v_train(&path, 1, model, &options, NULL, &error);
}

static void test_a_trained_model_is_saved(void)
{
    CHECK(train(false) == W2V_ESTOPPED && access(model, F_OK) != 0);
    CHECK(train(true) == W2V_OK && access(model, F_OK) == 0);
}

/* A run goes on without checkpoints, and with a number of epochs that the library chooses. */
static void test_resuming_with_other_options(void)
{
    const char *path = corpus;
    char check[64];
    struct w2v_train_options options;
    struct w2v_train_report report;
    struct w2v_checkpoint *checkpoint;
    struct w2v_error error;
    snprintf(check, sizeof check, "%s/check", folder);
    w2v_train_options_init(&options);
    options.dim = 4;
    options.epochs = 24;
    options.text.min_count = 1;
    options.checkpoint_path = check;
    options.checkpoint_every = "1e";
    CHECK(w2v_train(&path, 1, model, &options, NULL, &error) == W2V_OK);
    CHECK(w2v_checkpoint_open(&checkpoint, check, &error) == W2V_OK);
    options = *w2v_checkpoint_options(checkpoint);
    options.epochs = 0;
    CHECK(w2v_train(NULL, 0, model, &options, NULL, &error) == W2V_EARG);
    CHECK_MSG(strstr(error.message, "24.00 epochs are done, more than the 22") != NULL, "%s",
              error.message);
    options.epochs = 25;
    options.checkpoint_path = NULL;
    CHECK_MSG(w2v_train(NULL, 0, model, &options, &report, &error) == W2V_OK, "%s", error.message);
    CHECK(report.epochs == 25);
    w2v_train_report_release(&report);
    w2v_checkpoint_close(checkpoint);
    unlink(check);
}

static void test_reports_of_failures_are_untouched(void)
{
    const char *path = corpus;
    char nowhere[64];
    struct w2v_text_options reading;
    struct w2v_phrase_options phrases;
    struct w2v_text_report report = {.n_tokens = 12345};
    struct w2v_error error;
    snprintf(nowhere, sizeof nowhere, "%s/none", folder);
    w2v_text_options_init(&reading);
    w2v_phrase_options_init(&phrases);
    phrases.passes = 1;
    phrases.apply_path = nowhere;
    CHECK(w2v_phrases(&path, 1, model, &reading, &phrases, &report, &error) == W2V_EIO);
    CHECK(report.n_tokens == 12345);
    path = nowhere;
    reading.segment = true;
    CHECK(w2v_tokenize(&path, 1, model, &reading, &report, &error) == W2V_EIO);
    CHECK(w2v_vocab(&path, 1, model, &reading, &report, &error) == W2V_EIO);
    CHECK(report.n_tokens == 12345);
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    snprintf(corpus, sizeof corpus, "%s/corpus", folder);
    snprintf(model, sizeof model, "%s/model", folder);
    FILE *file = fopen(corpus, "w");
    for (int i = 0; file != NULL && i < 2000; i++)
        fprintf(file, "word%d and word%d\n", i % 7, i % 11);
    CHECK(file != NULL && fclose(file) == 0);
    TEST(test_a_trained_model_is_saved);
    TEST(test_resuming_with_other_options);
    TEST(test_reports_of_failures_are_untouched);
    unlink(corpus);
    unlink(model);
    rmdir(folder);
    return test_end();
}
