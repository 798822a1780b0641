/*
 * The public training function: checks the options, reads the corpus, trains, writes the model with
 * its training record. See w2v.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/outfile.h"
#include "base/thread.h"
#include "model/container.h"
#include "train/trainer.h"

void w2v_train_options_init(struct w2v_train_options *options)
{
    *options = (struct w2v_train_options){
        .model = W2V_SKIPGRAM,
        .dim = 100,
        .window = 5,
        .negative = 5,
        .ns_exponent = 0.75,
        .sample = 1e-4,
        .epochs = 5,
        .min_lr = -1,
        .seed = 1,
    };
    w2v_text_options_init(&options->text);
    options->text.min_count = 5;
}

void w2v_train_report_release(struct w2v_train_report *report)
{
    free(report->loss);
    report->loss = NULL;
}

static int out_of_range(struct w2v_error *error, const char *name, double value, double least,
                        double most)
{
    return error_set(error, W2V_EARG, "%s %g: must be from %g to %g", name, value, least, most);
}

static int check_range(const char *name, double value, double least, double most,
                       struct w2v_error *error)
{
    return value >= least && value <= most ? W2V_OK : out_of_range(error, name, value, least, most);
}

static int check_options(const struct w2v_train_options *o, struct w2v_error *error)
{
    const struct {
        const char *name;
        double value, least, most;
    } ranges[] = {
        {"dim", (double)o->dim, 1, W2V_MAX_DIM},
        {"window", o->window, 1, W2V_MAX_WINDOW},
        {"negative", o->negative, 1, W2V_MAX_NEGATIVE},
        {"epochs", o->epochs, 1, W2V_MAX_EPOCHS},
        {"ns_exponent", o->ns_exponent, -W2V_MAX_NS_EXPONENT, W2V_MAX_NS_EXPONENT},
        {"sample", o->sample, 0, 1},
        {"lr", o->lr, 0, W2V_MAX_LR},
    };
    int status = W2V_OK;
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0] && status == W2V_OK; i++)
        status =
            check_range(ranges[i].name, ranges[i].value, ranges[i].least, ranges[i].most, error);
    if (status == W2V_OK) {
        double lr, min_lr;
        trainer_rates(o, &lr, &min_lr);
        if (!(min_lr <= lr))
            status = error_set(error, W2V_EARG, "min_lr %g is above lr %g", min_lr, lr);
    }
    return status;
}

/* Half of the machine's memory, or no limit where it does not tell. */
static uint64_t default_memory(void)
{
#if defined(_SC_PHYS_PAGES)
    long pages = sysconf(_SC_PHYS_PAGES), bytes = sysconf(_SC_PAGESIZE);
    if (pages > 0 && bytes > 0)
        return (uint64_t)pages * (uint64_t)bytes / 2;
#endif
    return 0;
}

/* What stands in the way of training, before any of it. */
static int check_corpus(const struct corpus *corpus, const struct w2v_train_options *options,
                        uint64_t memory, size_t bytes_per_word,
                        const struct w2v_text_report *report, struct w2v_error *error)
{
    if (report->n_tokens == 0)
        return error_set(error, W2V_EDATA, "the corpus holds no words (%" PRIu64 " bytes read)",
                         report->n_bytes);
    if (corpus->vocab.n_words == 0)
        return error_set(error, W2V_EDATA,
                         "all %" PRIu64 " words are rarer than --min-count %" PRIu64
                         "; lower it or give more text",
                         report->n_distinct, options->text.min_count);
    if (corpus->n_tokens == 0)
        return error_set(error, W2V_EDATA, "no word of the vocabulary occurs in the corpus");
    if (memory != 0 && corpus->vocab.n_words > memory / bytes_per_word)
        return error_set(error, W2V_ENOMEM,
                         "%zu words of %zu dimensions need %zu MB, more than --memory allows "
                         "(%zu MB); raise --min-count, or set --max-vocab or a smaller --dim",
                         corpus->vocab.n_words, options->dim,
                         mem_product(corpus->vocab.n_words, bytes_per_word) >> 20,
                         (size_t)(memory >> 20));
    return W2V_OK;
}

static int save_vocab(const struct vocab *vocab, const char *path, struct w2v_error *error)
{
    struct outfile out;
    int status = outfile_open(&out, path, error);
    if (status != W2V_OK)
        return status;
    status = vocab_write(vocab, &out, error);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}

/* The training record, as text. */
struct record {
    char *text;
    size_t n_bytes, capacity;
    int status;
};

static void record_add(struct record *record, const char *key, const char *format, ...)
    W2V_PRINTF(3, 4);

static void record_add(struct record *record, const char *key, const char *format, ...)
{
    char value[64];
    va_list args;
    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    size_t room = strlen(key) + strlen(value) + 3;
    if (record->status == W2V_OK)
        record->status = mem_grow(&record->text, &record->capacity, record->n_bytes + room, 1,
                                  "the training record", NULL);
    if (record->status == W2V_OK)
        record->n_bytes +=
            (size_t)snprintf(record->text + record->n_bytes, room, "%s\t%s\n", key, value);
}

/* Everything that decides the result and what came of it; nothing that differs between two runs. */
static struct record make_record(const struct w2v_train_options *o, const struct corpus *corpus,
                                 const struct trainer *trainer, const struct w2v_text_report *text)
{
    static const char *const tokenizers[] = {"words", "whitespace", "chars"};
    struct record r = {0};
    record_add(&r, "version", "%s", W2V_VERSION);
    record_add(&r, "model", "%s", o->model == W2V_CBOW ? "cbow" : "sg");
    record_add(&r, "loss", "ns");
    record_add(&r, "window", "%u", o->window);
    record_add(&r, "fixed_window", "%s", o->fixed_window ? "yes" : "no");
    record_add(&r, "negative", "%u", o->negative);
    record_add(&r, "ns_exponent", "%.12g", o->ns_exponent);
    record_add(&r, "sample", "%.12g", o->sample);
    record_add(&r, "epochs", "%u", o->epochs);
    record_add(&r, "lr", "%.12g", trainer->lr);
    record_add(&r, "min_lr", "%.12g", trainer->min_lr);
    record_add(&r, "seed", "%" PRIu64, o->seed);
    record_add(&r, "tokenizer", "%s", tokenizers[o->text.tokenizer]);
    record_add(&r, "keep_case", "%s", o->text.keep_case ? "yes" : "no");
    record_add(&r, "min_count", "%" PRIu64, o->text.min_count);
    record_add(&r, "max_vocab", "%zu", o->text.max_vocab);
    record_add(&r, "arithmetic", "%s", trainer->kernel->exact ? "fma" : trainer->kernel->name);
    record_add(&r, "corpus_bytes", "%" PRIu64, text->n_bytes);
    record_add(&r, "corpus_lines", "%" PRIu64, text->n_lines);
    record_add(&r, "corpus_tokens", "%" PRIu64, text->n_tokens);
    record_add(&r, "corpus_words", "%zu", corpus->n_tokens);
    record_add(&r, "corpus_digest", "%016" PRIx64, corpus->digest);
    record_add(&r, "words_trained", "%" PRIu64, trainer->n_trained);
    record_add(&r, "predictions", "%" PRIu64, trainer->n_predictions);
    for (unsigned epoch = 0; epoch < o->epochs; epoch++) {
        char key[32];
        snprintf(key, sizeof key, "loss_%u", epoch + 1);
        record_add(&r, key, "%.6f", trainer->loss[epoch]);
    }
    return r;
}

static const char *word_of_vocab(const void *context, size_t id, size_t *n_bytes)
{
    return vocab_word(context, id, n_bytes);
}

struct writing {
    const struct w2v_text_options *text;
    double began;
};

static int report_writing(void *context, size_t n_written, size_t n_rows)
{
    const struct writing *writing = context;
    struct w2v_progress progress = {.phase = W2V_PHASE_WRITE,
                                    .done = n_written,
                                    .total = n_rows,
                                    .seconds = thread_seconds() - writing->began};
    return writing->text->progress(writing->text->progress_context, &progress);
}

static int write_model(const char *path, const struct w2v_train_options *options,
                       const struct corpus *corpus, const struct trainer *trainer,
                       const struct w2v_text_report *text, struct w2v_error *error)
{
    struct record record = make_record(options, corpus, trainer, text);
    struct writing writing = {&options->text, thread_seconds()};
    struct container_input input = {
        .n_words = corpus->vocab.n_words,
        .dim = options->dim,
        .word = word_of_vocab,
        .word_context = &corpus->vocab,
        .rows = rows_master(&trainer->rows, 0),
        .stride = trainer->rows.dim,
        .counts = corpus->vocab.count,
        .record = record.text,
        .n_record_bytes = record.n_bytes,
        .progress = options->text.progress != NULL ? report_writing : NULL,
        .progress_context = &writing,
    };
    int status = record.status != W2V_OK
                     ? error_memory(error, "the training record", record.n_bytes)
                     : container_write(path, &input, error);
    free(record.text);
    return status;
}

int w2v_train(const char *const *paths, size_t n_paths, const char *output,
              const struct w2v_train_options *options, struct w2v_train_report *report,
              struct w2v_error *error)
{
    struct w2v_text_report text;
    struct corpus corpus = {0};
    struct trainer trainer = {0};
    double began = thread_seconds(), train_began = began;
    const size_t bytes_per_word = trainer_bytes_per_word(options->dim);
    const uint64_t memory = options->memory != 0 ? options->memory : default_memory();
    struct corpus_options settings = {.text = options->text,
                                      .vocab_path = options->vocab_path,
                                      .memory = memory,
                                      .bytes_per_word = bytes_per_word};
    settings.text.threads = thread_count(options->text.threads);
    if (report != NULL)
        *report = (struct w2v_train_report){0};
    const struct kernel *kernel = kernel_choose(getenv("W2V_SIMD"), error);
    int status = kernel == NULL ? W2V_EARG : check_options(options, error);
    if (status == W2V_OK)
        status = outfile_check(output, error);
    if (status == W2V_OK && options->save_vocab_path != NULL)
        status = outfile_check(options->save_vocab_path, error);
    if (status == W2V_OK)
        status = corpus_read(&corpus, paths, n_paths, &settings, &text, error);
    if (status == W2V_OK)
        status = check_corpus(&corpus, options, memory, bytes_per_word, &text, error);
    if (status == W2V_OK && options->save_vocab_path != NULL)
        status = save_vocab(&corpus.vocab, options->save_vocab_path, error);
    train_began = thread_seconds();
    if (status == W2V_OK)
        status = trainer_run(&trainer, &corpus, options, kernel, settings.text.threads, error);
    double train_seconds = thread_seconds() - train_began;
    if (status == W2V_OK)
        status = write_model(output, options, &corpus, &trainer, &text, error);
    if (status == W2V_OK && report != NULL) {
        *report = (struct w2v_train_report){
            .text = text,
            .dim = options->dim,
            .epochs = options->epochs,
            .threads = settings.text.threads,
            .lr = trainer.lr,
            .min_lr = trainer.min_lr,
            .simd = kernel->name,
            .n_trained = trainer.n_trained,
            .n_predictions = trainer.n_predictions,
            .loss = trainer.loss,
            .train_seconds = train_seconds,
            .seconds = thread_seconds() - began,
        };
        trainer.loss = NULL; /* the report's now */
    }
    trainer_release(&trainer);
    corpus_release(&corpus);
    return status;
}
