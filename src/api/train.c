/*
 * The public training function: checks the options, reads the corpus, trains, writes the model with
 * its training record. See w2v.h.
 */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/budget.h"
#include "api/check.h"
#include "api/options.h"
#include "api/resume.h"
#include "api/warm.h"
#include "base/escape.h"
#include "base/number.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "base/thread.h"
#include "graph/walk_corpus.h"
#include "model/convert.h"
#include "text/phrase.h"
#include "train/saver.h"

/* One call of w2v_train. */
struct job {
    struct w2v_train_options options; /* the rates as used */
    struct resume_run run;
    unsigned threads;
    struct budget budget;
    struct corpus corpus;
    struct w2v_walk_report walk;
    struct trainer trainer;
    struct saver saver;
    struct warm warm;
    struct record carried; /* lines of the record from before this call */
    int unsaved;           /* what became of the last checkpoint */
    double train_seconds;
};

void w2v_train_options_init(struct w2v_train_options *options)
{
    *options = (struct w2v_train_options){
        .model = W2V_SKIPGRAM,
        .dim = 100,
        .window = 5,
        .minn = 3,
        .maxn = 6,
        .buckets = 2000000,
        .ns_exponent = 0.75,
        .sample = -1,
        .min_lr = -1,
        .seed = 1,
    };
    w2v_text_options_init(&options->text);
    w2v_phrase_options_init(&options->phrases);
    w2v_walk_options_init(&options->walk);
    options->text.min_count = 5;
}

void w2v_train_report_release(struct w2v_train_report *report)
{
    free(report->loss);
    report->loss = NULL;
}

/* fastText's files have the output matrix whether it is asked for or not. */
static bool takes_output(const struct w2v_train_options *options, const struct ending *ending)
{
    return options->save_output || ending->file == W2V_FILE_FASTTEXT_BIN;
}

/*
 * A disk that is too full for the model, or for it and a checkpoint, is found before the first
 * epoch: makes room for both beside their targets and gives it back. The files need a little more,
 * for their tables, and text more than that; how much a compressed one needs is not known before.
 */
static int check_room(const struct job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    const struct vocab *vocab = &job->corpus.vocab;
    const uint64_t words = vocab->offset[vocab->n_words];
    const uint64_t row = mem_product(o->dim, sizeof(float)),
                   matrix = mem_product(vocab->n_words, (size_t)row),
                   parts = o->subwords ? (vocab->n_words + job->budget.n_ngrams) * row : 0;
    struct outfile model, checkpoint;
    struct ending ending;
    int status = ending_choose(&ending, job->run.output, o->file, error);
    uint64_t model_bytes = words + matrix;
    if (status == W2V_OK && takes_output(o, &ending))
        model_bytes += matrix;
    if (status == W2V_OK && ending.file == W2V_FILE_WORD2VEC)
        model_bytes += parts;
    if (status == W2V_OK && ending.file == W2V_FILE_FASTTEXT_BIN && o->subwords)
        model_bytes += mem_product(o->buckets, (size_t)row);
    if (status == W2V_OK)
        status =
            outfile_reserve(&model, job->run.output, ending.pack != NULL ? 0 : model_bytes, error);
    if (status != W2V_OK)
        return status;
    if (o->checkpoint_path != NULL) {
        status =
            outfile_reserve(&checkpoint, o->checkpoint_path, words + 2 * matrix + parts, error);
        if (status == W2V_OK)
            outfile_abort(&checkpoint);
    }
    outfile_abort(&model);
    return status;
}

static int save_vocab(const struct vocab *vocab, const char *path, struct w2v_error *error)
{
    struct outfile out;
    int status = outfile_open(&out, path, error);
    if (status != W2V_OK)
        return status;
    out.may_lose_reader = true; /* the model must not be lost with it */
    status = vocab_write(vocab, &out, error);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}

/* The run's files are apart, those that a checkpoint names included, and the model can be written. */
static int check_paths(const struct job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    const char *from = o->resume != NULL ? o->resume->file.path : NULL;
    struct paths paths = {0};
    for (size_t i = 0; i < job->run.n_paths; i++)
        paths_input(&paths, "the corpus", job->run.paths[i]);
    paths_input(&paths, "the list of words", o->vocab_path);
    paths_input(&paths, "the model to start from", o->init_path);
    paths_input(&paths, "the list of words that stay", o->freeze_path);
    if (from == NULL || o->checkpoint_path == NULL || !paths_same(from, o->checkpoint_path))
        paths_input(&paths, "the checkpoint to go on from", from);
    paths_output(&paths, "the checkpoint", o->checkpoint_path);
    paths_output(&paths, "the saved vocabulary", o->save_vocab_path);
    const int status = convert_check(job->run.output, o->file, o->save_output, &paths, error);
    paths_release(&paths);
    return status;
}

/* Everything that decides the result and what came of it; nothing that differs between two runs. */
static struct record make_record(const struct job *job)
{
    const struct trainer *trainer = &job->trainer;
    const struct w2v_text_report *text = &job->run.corpus.text;
    struct record r = {.status = job->carried.status};
    record_add(&r, "version", "%s", W2V_VERSION);
    options_add(&r, &job->options, OPTIONS_RECORD);
    record_add(&r, "arithmetic", "%s", resume_arithmetic(trainer->kernel));
    record_add(&r, "corpus_bytes", "%" PRIu64, text->n_bytes);
    record_add(&r, "corpus_lines", "%" PRIu64, text->n_lines);
    record_add(&r, "corpus_tokens", "%" PRIu64, text->n_tokens);
    record_add(&r, "corpus_words", "%zu", job->corpus.n_tokens);
    record_add(&r, "corpus_digest", "%016" PRIx64, job->corpus.digest);
    record_add(&r, "words_trained", "%" PRIu64, trainer->n_trained);
    record_add(&r, "predictions", "%" PRIu64, trainer->n_predictions);
    for (uint64_t epoch = 0; epoch < trainer->place.round / trainer->schedule.rounds; epoch++) {
        char key[32];
        snprintf(key, sizeof key, "loss_%" PRIu64, epoch + 1);
        record_add(&r, key, "%.6f", trainer->loss[epoch]);
    }
    record_join(&r, &job->carried);
    return r;
}

static const char *word_of_vocab(const void *context, size_t id, size_t *n_bytes)
{
    return vocab_word(context, id, n_bytes);
}

static int write_model(const struct job *job, bool report, struct w2v_error *error)
{
    const struct w2v_text_options *text = &job->options.text;
    struct ending ending;
    int status = ending_choose(&ending, job->run.output, job->options.file, error);
    if (status != W2V_OK)
        return status;
    struct record record = make_record(job);
    const struct rows *rows = &job->trainer.rows;
    const struct compose *compose = &job->trainer.compose;
    const struct subword_rows subwords = {
        .subwords = compose->subwords,
        .own = rows_master(rows, layout_part(&rows->layout, 0)),
        .n_ngrams = compose->n_ngrams,
        .buckets = compose->buckets,
        .ngrams = rows_master(rows, layout_part(&rows->layout, compose->n_words)),
        .stride = rows->layout.dim,
    };
    struct container_input input = {
        .n_words = job->corpus.vocab.n_words,
        .dim = job->options.dim,
        .word = word_of_vocab,
        .word_context = &job->corpus.vocab,
        .rows = rows_master(rows, 0),
        .output = takes_output(&job->options, &ending)
                      ? rows_master(rows, layout_output(&rows->layout, 0))
                      : NULL,
        .subwords = job->options.subwords ? &subwords : NULL,
        .n_outputs = rows->layout.n_outputs,
        .stride = rows->layout.dim,
        .counts = job->corpus.vocab.count,
        .record = record.text,
        .n_record_bytes = record.n_bytes,
    };
    status = record.status != W2V_OK ? error_memory(error, "the training record", record.n_bytes)
                                     : convert_trained(job->run.output, job->options.file, &input,
                                                       report ? text->progress : NULL,
                                                       text->progress_context, job->threads, error);
    free(record.text);
    return status;
}

static void say(const struct job *job, enum w2v_notice kind, const char *format, ...)
    W2V_PRINTF(3, 4);

static void say(const struct job *job, enum w2v_notice kind, const char *format, ...)
{
    char text[1024], shown[1024];
    va_list args;
    if (job->options.notice == NULL)
        return;
    va_start(args, format);
    number_vformat(text, sizeof text, format, args);
    va_end(args);
    escape_line(shown, sizeof shown, text);
    job->options.notice(job->options.notice_context, kind, shown);
}

/* Epochs that are done, as people count them. */
static double epochs_done(const struct trainer *trainer)
{
    return (double)trainer->place.round / (double)trainer->schedule.rounds;
}

/* ---- Checkpoints ---- */

static void say_unsaved(void *context, const struct w2v_error *error)
{
    const struct job *job = context;
    char text[sizeof error->message + 64];
    snprintf(text, sizeof text, "no checkpoint this time, training goes on: %s", error->message);
    if (job->options.notice != NULL)
        job->options.notice(job->options.notice_context, W2V_NOTICE_WARNING, text);
}

/* What the checkpoints will be like; before any work, as far as that goes. */
static int prepare_saver(struct job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct saver *saver = &job->saver;
    saver->path = o->checkpoint_path;
    saver->corpus = &job->corpus;
    saver->failed = say_unsaved;
    saver->context = job;
    if (saver->path == NULL && o->checkpoint_every != NULL)
        return error_set(error, W2V_EARG,
                         "--checkpoint-every %s needs a file to write to: --checkpoint",
                         o->checkpoint_every);
    if (saver->path != NULL && strcmp(saver->path, "-") == 0)
        return error_set(error, W2V_EARG, "--checkpoint - cannot be standard output; name a file");
    int status =
        saver_interval(saver, o->checkpoint_every != NULL ? o->checkpoint_every : "10m", error);
    return status == W2V_OK && saver->path != NULL ? checkpoint_check(saver->path, error) : status;
}

/* The resumed run's lines in the record, and one more where the number of epochs is changed. */
static void carry_on(struct job *job)
{
    const struct w2v_checkpoint *from = job->options.resume;
    const double done = (double)from->file.place.round / (double)from->file.rounds;
    record_join(&job->carried, &from->carried);
    if (from->options.epochs != job->options.epochs && from->file.place.round > 0) {
        char key[32];
        snprintf(key, sizeof key, "schedule_%u", from->n_schedules + 1);
        record_add(&job->carried, key, "that of %u epochs, for the first %.6g",
                   from->options.epochs, done);
    }
    say(job, W2V_NOTICE_NOTE, "going on from %s: %.2f of %u epochs are done", from->file.path, done,
        job->options.epochs);
}

/* What is told of the model to start from, and of the words that stay. */
static int start_warm(struct job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct warm *warm = &job->warm;
    const size_t n_words = job->corpus.vocab.n_words;
    int status = W2V_OK;
    if (o->init_path != NULL) {
        status = warm_match(warm, &job->corpus.vocab, o->loss, &job->carried, error);
        if (status != W2V_OK)
            return status;
        say(job, W2V_NOTICE_NOTE, "%zu of %zu word%s (%.1f %%) start from %s, %zu at random%s",
            warm->n_matched, n_words, error_s(n_words),
            100 * (double)warm->n_matched / (double)n_words, o->init_path,
            n_words - warm->n_matched, warm_output_text(warm->output));
    }
    if (o->freeze_path != NULL) {
        status = warm_freeze(warm, o->freeze_path, &job->corpus.vocab, &job->carried, error);
        if (status == W2V_OK)
            say(job, W2V_NOTICE_NOTE,
                "%zu vector%s as %s; %zu word%s of %s %s not in the vocabulary", warm->n_frozen,
                warm->n_frozen == 1 ? " stays" : "s stay",
                warm->n_frozen == 1 ? "it starts" : "they start", warm->n_unknown,
                error_s(warm->n_unknown), o->freeze_path, warm->n_unknown == 1 ? "is" : "are");
    }
    return status;
}

static int start(void *context, struct trainer *trainer, struct w2v_error *error)
{
    struct job *job = context;
    saver_init(&job->saver);
    if (job->options.resume != NULL)
        return checkpoint_load(&job->options.resume->file, trainer, error);
    return warm_rows(&job->warm, &job->corpus.vocab, trainer, error);
}

static int after_round(void *context, const struct trainer *trainer, float **copy,
                       struct w2v_error *error)
{
    struct job *job = context;
    return job->saver.path != NULL ? saver_after_round(&job->saver, trainer, copy, error) : W2V_OK;
}

static int copied(void *context, const struct trainer *trainer, const float *copy,
                  struct w2v_error *error)
{
    return saver_copied(&((struct job *)context)->saver, trainer, copy, error);
}

/* Stopped between two rounds: keeps what was asked for. */
static int keep_stopped(struct job *job, struct w2v_error *error)
{
    const double done = epochs_done(&job->trainer);
    int status = W2V_OK;
    if (job->saver.path != NULL) {
        status = saver_finish(&job->saver, &job->trainer, error);
        if (status == W2V_OK)
            say(job, W2V_NOTICE_NOTE,
                "stopped after %.2f of %u epoch%s; go on with: w2v train --resume %s", done,
                job->options.epochs, error_s(job->options.epochs), job->saver.path);
    }
    if (job->options.save_on_interrupt && status == W2V_OK) {
        status = write_model(job, false, error);
        if (status == W2V_OK)
            say(job, W2V_NOTICE_NOTE, "stopped after %.2f of %u epoch%s; the model so far is in %s",
                done, job->options.epochs, error_s(job->options.epochs), job->run.output);
    }
    return status;
}

/* A failure with a checkpoint to go on from says so. */
static void name_checkpoint(const struct job *job, struct w2v_error *error)
{
    const struct w2v_checkpoint *from = job->options.resume;
    const bool own = job->saver.round != UINT64_MAX;
    const uint64_t round = own ? job->saver.round : from != NULL ? from->file.place.round : 0;
    if (error == NULL || error->code == W2V_ESTOPPED || (!own && from == NULL))
        return;
    error_append(error, "; the last good checkpoint, after %.2f epochs, is %s",
                 (double)round / (double)(own ? job->trainer.schedule.rounds : from->file.rounds),
                 own ? job->saver.path : from->file.path);
}

/* ---- The job ---- */

/* The words that the run was given; counts that they lack are those of the corpus. */
static int read_given_vocab(const struct job *job, struct wordtable *table,
                            struct corpus_options *settings, struct w2v_error *error)
{
    const char *path = job->options.vocab_path;
    bool counted = true;
    settings->vocab = table;
    if (job->options.resume != NULL)
        return resume_vocab(job->options.resume, table, error);
    int status = vocab_read(table, path, &counted, error);
    if (status == W2V_OK && !counted) {
        settings->vocab = NULL;
        settings->among = table;
        say(job, W2V_NOTICE_NOTE, "%s has no counts; its words are counted in the corpus", path);
    }
    return status;
}

/* Reads the files, with the words that the run was given or may not lose. */
static int read_text(struct job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct resume_corpus *facts = &job->run.corpus;
    struct wordtable vocab = {0};
    struct corpus_options settings = {.text = o->text,
                                      .memory = budget_for_corpus(&job->budget, o->dim),
                                      .bytes_per_word = trainer_bytes_per_word(o)};
    int status = W2V_OK;
    settings.text.threads = job->threads;
    if (o->phrases.passes > 0)
        settings.phrases = &o->phrases;
    if (o->resume == NULL && o->vocab_mode != W2V_VOCAB_NEW) {
        settings.keep = &job->warm.words;
        settings.keep_only = o->vocab_mode == W2V_VOCAB_OLD;
    }
    if (o->resume != NULL || o->vocab_path != NULL)
        status = read_given_vocab(job, &vocab, &settings, error);
    if (status == W2V_OK && o->resume == NULL)
        status = check_words(&vocab, o->vocab_path, error);
    if (o->resume != NULL) /* its words were chosen then */
        settings.text.min_count = settings.text.max_vocab = 0;
    if (status == W2V_OK && o->graph) {
        const struct walk_rules rules = {o->walk.walks, o->walk.length, o->walk.p, o->walk.q,
                                         o->seed};
        status = walk_corpus_read(&job->corpus, job->run.paths, job->run.n_paths, o->walk.directed,
                                  &rules, &settings, &facts->text, &job->walk, error);
    } else if (status == W2V_OK)
        status = corpus_read(&job->corpus, job->run.paths, job->run.n_paths, &settings,
                             &facts->text, error);
    wordtable_release(&vocab);
    facts->digest = job->corpus.digest;
    facts->text_digest = job->corpus.text_digest;
    return status;
}

/* Whether the corpus is that of the run to resume, and one that can be learned from. */
static int check_text(struct job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct resume_corpus *facts = &job->run.corpus;
    int status = W2V_OK;
    if (o->resume != NULL) {
        facts->text.n_distinct = o->resume->corpus.text.n_distinct;
        status = resume_check_corpus(o->resume, facts, error);
    }
    if (status == W2V_OK && facts->text.advice != NULL)
        say(job, W2V_NOTICE_NOTE, "%s", facts->text.advice);
    if (status == W2V_OK)
        status = check_corpus(&job->corpus, &facts->text, o, error);
    return status;
}

/* What training will take of memory, told before it begins. */
static int plan_memory(struct job *job, struct w2v_error *error)
{
    char plan[512];
    const int status =
        budget_plan(&job->budget, &job->corpus, &job->options, job->saver.path != NULL, error);
    if (status != W2V_OK)
        return status;
    budget_describe(&job->budget, plan, sizeof plan);
    job->saver.still = job->budget.copy == 0;
    say(job, W2V_NOTICE_PLAN, "%s", plan);
    return W2V_OK;
}

static int read_corpus(struct job *job, struct w2v_error *error)
{
    int status = read_text(job, error);
    if (status == W2V_OK)
        status = check_text(job, error);
    if (status == W2V_OK)
        status = plan_memory(job, error);
    if (status == W2V_OK && job->options.save_vocab_path != NULL)
        status = save_vocab(&job->corpus.vocab, job->options.save_vocab_path, error);
    if (status == W2V_OK)
        status = check_room(job, error);
    return status;
}

/* The defaults that follow from the corpus. */
static void choose_defaults(struct job *job)
{
    struct w2v_train_options *o = &job->options;
    if (o->epochs == 0)
        o->epochs = schedule_epochs(job->corpus.n_tokens);
    if (o->sample < 0)
        o->sample = schedule_sample(job->corpus.vocab.n_words);
}

/* Tells where there was next to nothing to learn from: less than one prediction a word an epoch. */
static void say_little(const struct job *job)
{
    const struct trainer *trainer = &job->trainer;
    const size_t n_words = job->corpus.vocab.n_words;
    if (trainer->n_predictions < (uint64_t)n_words * job->options.epochs)
        say(job, W2V_NOTICE_WARNING,
            "only %" PRIu64 " predictions in %u epoch%s for %zu words: the vectors have learned "
            "little; give a larger --sample, or 0, or more text",
            trainer->n_predictions, job->options.epochs, error_s(job->options.epochs), n_words);
}

static int train(struct job *job, struct w2v_error *error)
{
    const struct trainer_hooks hooks = {job, start, after_round, copied};
    const double began = thread_seconds();
    struct record text = {0};
    int status = W2V_OK;
    choose_defaults(job);
    if (job->options.resume != NULL)
        carry_on(job);
    else
        status = start_warm(job, error);
    const unsigned char *frozen = job->warm.frozen;
    if (job->options.resume != NULL && job->options.freeze_path != NULL)
        frozen = job->options.resume->file.frozen;
    if (status == W2V_OK && job->saver.path != NULL) {
        text = resume_describe(&job->run);
        job->saver.text = text.text;
        job->saver.n_text = text.n_bytes;
        if (text.status != W2V_OK)
            status = error_memory(error, "a checkpoint", text.n_bytes);
    }
    if (status == W2V_OK) {
        status = trainer_run(&job->trainer, &job->corpus, &job->options, job->run.kernel, frozen,
                             job->threads, &hooks, error);
        if (status == W2V_OK)
            status = check_learned(&job->trainer, &job->options, error);
        if (status == W2V_OK)
            say_little(job);
        if (status == W2V_OK && job->saver.path != NULL) {
            /* Also what is left, should writing the model fail; and the model comes first. */
            job->unsaved = saver_finish(&job->saver, &job->trainer, error);
        } else if (status == W2V_ESTOPPED) {
            int kept = keep_stopped(job, error);
            status = kept != W2V_OK ? kept : status;
        }
        if (status != W2V_OK) {
            saver_finish(&job->saver, NULL, NULL); /* what is being written counts */
            name_checkpoint(job, error);
        }
    }
    saver_release(&job->saver);
    free(text.text);
    job->train_seconds = thread_seconds() - began;
    return status;
}

/* `epochs`: those that are over. */
static void fill_report(struct job *job, unsigned epochs, double began,
                        struct w2v_train_report *report)
{
    struct trainer *trainer = &job->trainer;
    const struct w2v_checkpoint *from = job->options.resume;
    *report = (struct w2v_train_report){
        .text = job->run.corpus.text,
        .walk = job->walk,
        .dim = job->options.dim,
        .epochs = epochs,
        .sample = job->options.sample,
        .n_unseen = check_unseen(&job->corpus, &job->options),
        .threads = job->threads,
        .phrase_passes = job->options.phrases.passes,
        .lr = trainer->schedule.lr,
        .min_lr = trainer->schedule.min_lr,
        .simd = trainer->kernel->name,
        .n_trained = trainer->n_trained,
        .n_before = from == NULL
                        ? 0
                        : (uint64_t)((double)from->file.place.round / (double)from->file.rounds *
                                     (double)job->corpus.n_tokens),
        .n_predictions = trainer->n_predictions,
        .loss = trainer->loss,
        .train_seconds = job->train_seconds,
        .seconds = thread_seconds() - began,
        .peak_bytes = limit_peak(),
    };
    trainer->loss = NULL; /* the report's now */
}

/* The job as it is asked for; what the call leaves out is taken from the run that is resumed. */
static void begin(struct job *job, const char *const *paths, size_t n_paths, const char *output,
                  const struct w2v_train_options *options)
{
    const struct w2v_checkpoint *from = options->resume;
    const bool same_paths = n_paths == 0 && from != NULL && options->text.next_line == NULL;
    *job = (struct job){.options = *options};
    if (options->graph) /* names are words as they are, for those too who look words up */
        job->options.text.tokenizer = W2V_TOKENIZER_WHITESPACE;
    job->budget = budget_begin(options->memory);
    job->saver.round = UINT64_MAX;
    job->threads = thread_count(options->text.threads);
    job->run.options = &job->options;
    job->run.carried = &job->carried;
    job->run.paths = same_paths ? from->paths : paths;
    job->run.n_paths = same_paths ? from->n_paths : n_paths;
    job->run.output = output == NULL && from != NULL ? from->output : output;
}

/* What is wrong with the options, and the rates as they are used. */
static int check_wishes(struct job *job, struct w2v_error *error)
{
    struct w2v_train_options *o = &job->options;
    if (job->run.output == NULL)
        return error_set(error, W2V_EARG, "there is no output; name the model file");
    job->run.kernel = kernel_wanted(error);
    int status = job->run.kernel == NULL ? W2V_EARG : check_options(o, error);
    if (status == W2V_OK)
        status = budget_check(&job->budget, error);
    if (status == W2V_OK)
        status = corpus_check(&o->text, error);
    if (status == W2V_OK)
        status = phrase_options(&o->phrases, error);
    if (status != W2V_OK)
        return status;
    const struct w2v_train_options asked = *o;
    schedule_rates(&asked, &o->lr, &o->min_lr);
    if (o->loss == W2V_NEGATIVE && o->negative == 0)
        o->negative = 5;
    return o->resume != NULL ? resume_check_options(o->resume, o, job->run.kernel, error) : W2V_OK;
}

/* All that can be checked of files before there is any work, and the model to start from. */
static int check_files(struct job *job, struct w2v_error *error)
{
    struct w2v_train_options *o = &job->options;
    int status = check_paths(job, error);
    if (status == W2V_OK && o->save_vocab_path != NULL)
        status = outfile_check(o->save_vocab_path, error);
    if (status == W2V_OK)
        status = prepare_saver(job, error);
    if (status == W2V_OK && o->resume == NULL && o->init_path != NULL)
        status = warm_open(&job->warm, o, error);
    if (status == W2V_OK)
        status = check_words(&job->warm.words, o->init_path, error);
    return status;
}

/* Writes the model. Where that fails, what was trained is in the last checkpoint. */
static int finish(struct job *job, struct w2v_error *error)
{
    struct w2v_error failed = {0};
    const int status = write_model(job, true, &failed);
    if (status == W2V_OK)
        return job->unsaved; /* a checkpoint that was asked for is missing */
    *error = failed;
    name_checkpoint(job, error);
    if (status == W2V_ESTOPPED && job->saver.path != NULL && job->unsaved == W2V_OK)
        say(job, W2V_NOTICE_NOTE,
            "stopped before the model was written; go on with: w2v train --resume %s",
            job->saver.path);
    return status;
}

int w2v_train(const char *const *paths, size_t n_paths, const char *output,
              const struct w2v_train_options *options, struct w2v_train_report *report,
              struct w2v_error *error)
{
    const double began = thread_seconds();
    struct w2v_error unwanted;
    struct job job;
    if (error == NULL)
        error = &unwanted;
    if (report != NULL)
        *report = (struct w2v_train_report){0};
    begin(&job, paths, n_paths, output, options);
    int status = check_wishes(&job, error);
    if (status == W2V_OK)
        status = check_files(&job, error);
    if (status == W2V_OK)
        status = read_corpus(&job, error);
    if (status == W2V_OK)
        status = train(&job, error);
    if (status == W2V_OK)
        status = finish(&job, error);
    if (report != NULL && status == W2V_OK)
        fill_report(&job, job.options.epochs, began, report);
    else if (report != NULL && status == W2V_ENUMERIC && job.trainer.schedule.rounds > 0)
        fill_report(&job, (unsigned)epochs_done(&job.trainer), began, report);
    warm_release(&job.warm);
    trainer_release(&job.trainer);
    corpus_release(&job.corpus);
    free(job.carried.text);
    return status;
}
