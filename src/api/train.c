/*
 * The public training function. It checks the options, reads the corpus, trains, and writes the
 * model with its training record. See w2v.h.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "api/check.h"
#include "api/job.h"
#include "api/options.h"
#include "base/escape.h"
#include "base/number.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "base/thread.h"
#include "text/phrase.h"

void w2v_train_report_release(struct w2v_train_report *report)
{
    if (report == NULL)
        return;
    free(report->loss);
    report->loss = NULL;
}

/* A notice may name two files. */
enum { NOTICE_BYTES = 2 * PATH_MAX + 1024 };

void train_say(const struct train_job *job, enum w2v_notice kind, const char *format, ...)
{
    char text[NOTICE_BYTES], shown[NOTICE_BYTES];
    va_list args;
    if (job->options.notice == NULL)
        return;
    va_start(args, format);
    number_vformat(text, sizeof text, format, args);
    va_end(args);
    escape_line(shown, sizeof shown, text);
    job->options.notice(job->options.notice_context, kind, shown);
}

/* The number of epochs that are done, with the done part of the current one. */
static double epochs_done(const struct trainer *trainer)
{
    return (double)trainer->place.round / (double)trainer->schedule.rounds;
}

/* ---- Checkpoints ---- */

static void say_unsaved(void *context, const struct w2v_error *error)
{
    const struct train_job *job = context;
    char text[sizeof error->message + 64];
    snprintf(text, sizeof text, "no checkpoint this time: %s", error->message);
    if (job->options.notice != NULL)
        job->options.notice(job->options.notice_context, W2V_NOTICE_WARNING, text);
}

/* Chooses path and interval of the checkpoints, and checks before any work what can be checked. */
static int prepare_saver(struct train_job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct saver *saver = &job->saver;
    saver->path = o->checkpoint_path;
    saver->corpus = &job->corpus;
    saver->failed = say_unsaved;
    saver->context = job;
    if (saver->path == NULL && o->checkpoint_every != NULL && o->resume == NULL)
        return error_set(error, W2V_EARG,
                         "--checkpoint-every %s needs a file to write to: --checkpoint",
                         o->checkpoint_every);
    if (saver->path != NULL && strcmp(saver->path, "-") == 0)
        return error_set(error, W2V_EARG, "--checkpoint - cannot be standard output; name a file");
    const char *every =
        o->checkpoint_every != NULL ? o->checkpoint_every : options_fallback("checkpoint_every");
    int status = saver_interval(saver, every, error);
    if (status == W2V_OK && saver->path != NULL)
        status = checkpoint_check(saver->path, error);
    job->other_run = status == W2V_OK && saver->path != NULL &&
                     (o->resume == NULL || !paths_same(o->resume->file.path, saver->path)) &&
                     w2v_is_checkpoint(saver->path);
    if (job->other_run)
        train_say(
            job, W2V_NOTICE_NOTE,
            "%s holds another run, which --resume would continue; the first checkpoint of this "
            "run will replace it",
            saver->path);
    return status;
}

/* Takes over the lines of the resumed run's record. Adds a line if the number of epochs changes. */
static int carry_on(struct train_job *job, struct w2v_error *error)
{
    const struct w2v_checkpoint *from = job->options.resume;
    const double done = (double)from->file.place.round / (double)from->file.rounds;
    const int status = resume_check_epochs(from, job->options.epochs, error);
    if (status != W2V_OK)
        return status;
    record_join(&job->carried, &from->carried);
    if (from->options.epochs != job->options.epochs && from->file.place.round > 0) {
        char key[32];
        snprintf(key, sizeof key, "schedule_%u", from->n_schedules + 1);
        record_add(&job->carried, key, "that of %u epochs, for the first %.6g",
                   from->options.epochs, done);
    }
    train_say(job, W2V_NOTICE_NOTE, "going on from %s: %.2f of %u epochs are done", from->file.path,
              done, job->options.epochs);
    return W2V_OK;
}

/* Prepares a start from a model and the words whose vectors stay, and reports on both. */
static int start_warm(struct train_job *job, struct w2v_error *error)
{
    const struct w2v_train_options *o = &job->options;
    struct warm *warm = &job->warm;
    const size_t n_words = job->corpus.vocab.n_words;
    int status = W2V_OK;
    if (o->init_path != NULL) {
        status = warm_match(warm, &job->corpus.vocab, o->loss, &job->carried, error);
        if (status != W2V_OK)
            return status;
        if (warm->n_matched == 0 && !o->subwords)
            return error_set(error, W2V_EDATA,
                             "no word of the vocabulary is in %s, so nothing would start from it",
                             o->init_path);
        train_say(job, W2V_NOTICE_NOTE,
                  "%zu of %zu word%s (%.1f %%) start from %s, %zu at random%s", warm->n_matched,
                  n_words, error_s(n_words), 100 * (double)warm->n_matched / (double)n_words,
                  o->init_path, n_words - warm->n_matched, warm_output_text(warm->output));
        const size_t n_unused = w2v_n_words(warm->model) - warm->n_matched;
        if (n_unused > 0)
            train_say(job, W2V_NOTICE_NOTE, "%zu row%s of %s %s not used", n_unused,
                      error_s(n_unused), o->init_path, n_unused == 1 ? "is" : "are");
        if (!o->subwords && warm_has_ngrams(warm))
            train_say(job, W2V_NOTICE_NOTE,
                      "%s has n-grams, which are left out; --subwords trains them, too",
                      o->init_path);
    }
    if (o->freeze_path != NULL) {
        status = warm_freeze(warm, &job->corpus.vocab, &job->carried, error);
        if (status == W2V_OK)
            train_say(job, W2V_NOTICE_NOTE,
                      "%zu vector%s as %s; %zu word%s of %s %s not in the vocabulary",
                      warm->n_frozen, warm->n_frozen == 1 ? " stays" : "s stay",
                      warm->n_frozen == 1 ? "it starts" : "they start", warm->n_unknown,
                      error_s(warm->n_unknown), o->freeze_path,
                      warm->n_unknown == 1 ? "is" : "are");
    }
    return status;
}

static int start(void *context, struct trainer *trainer, struct w2v_error *error)
{
    struct train_job *job = context;
    int status = job->options.resume != NULL
                     ? checkpoint_load(&job->options.resume->file, trainer, error)
                     : warm_rows(&job->warm, &job->corpus.vocab, trainer, error);
    saver_init(&job->saver, trainer);
    return status;
}

static bool due(void *context, const struct trainer *trainer)
{
    struct train_job *job = context;
    return job->saver.path != NULL && saver_due(&job->saver, trainer);
}

static int after_round(void *context, const struct trainer *trainer, float **copy,
                       struct w2v_error *error)
{
    return saver_after_round(&((struct train_job *)context)->saver, trainer, copy, error);
}

static int copied(void *context, const struct trainer *trainer, const float *copy,
                  struct w2v_error *error)
{
    return saver_copied(&((struct train_job *)context)->saver, trainer, copy, error);
}

/*
 * Whoever starts a new run by mistake stops it. So the checkpoint of another run that none of this run
 * has replaced yet is kept as PATH.old. False, with errno, if that is not possible.
 */
static bool keep_other_run(const struct train_job *job)
{
    const char *path = job->saver.path;
    const size_t size = strlen(path) + sizeof ".old";
    char *old = malloc(size);
    bool kept = false;
    if (old != NULL) {
        snprintf(old, size, "%s.old", path);
        kept = linkat(AT_FDCWD, path, AT_FDCWD, old, AT_SYMLINK_FOLLOW) == 0;
    }
    if (kept)
        train_say(job, W2V_NOTICE_WARNING, "the checkpoint of another run in %s is now %s", path,
                  old);
    const int fault = errno;
    free(old);
    errno = fault;
    return kept;
}

/* After a stop: writes the checkpoint. */
static int keep_checkpoint(struct train_job *job, double done, struct w2v_error *error)
{
    const unsigned epochs = job->options.epochs;
    int status = saver_finish(&job->saver, NULL, error);
    if (status == W2V_OK && job->other_run && job->saver.round == UINT64_MAX &&
        w2v_is_checkpoint(job->saver.path) && !keep_other_run(job)) {
        train_say(job, W2V_NOTICE_WARNING,
                  "stopped after %.2f of %u epoch%s without a checkpoint, because %s holds that of "
                  "another run, which cannot be kept as %s.old: %s",
                  done, epochs, error_s(epochs), job->saver.path, job->saver.path, strerror(errno));
        return W2V_OK;
    }
    if (status == W2V_OK)
        status = saver_finish(&job->saver, &job->trainer, error);
    if (status == W2V_OK)
        train_say(job, W2V_NOTICE_NOTE,
                  "stopped after %.2f of %u epoch%s; go on with: w2v train --resume %s", done,
                  epochs, error_s(epochs), job->saver.path);
    return status;
}

/*
 * After a stop between two rounds: writes the checkpoint and the model if they are wanted. If one of
 * them cannot be written, the other still is.
 */
static int keep_stopped(struct train_job *job, struct w2v_error *error)
{
    const double done = epochs_done(&job->trainer);
    struct w2v_error unwanted;
    int status = W2V_OK;
    if (job->saver.path != NULL)
        status = keep_checkpoint(job, done, error);
    if (job->options.save_on_interrupt && status != W2V_ENUMERIC) {
        const int written = train_write_model(job, false, status == W2V_OK ? error : &unwanted);
        if (written == W2V_OK)
            train_say(job, W2V_NOTICE_NOTE,
                      "stopped after %.2f of %u epoch%s; the model so far is in %s", done,
                      job->options.epochs, error_s(job->options.epochs), job->run.output);
        status = status == W2V_OK ? written : status;
    }
    return status;
}

/* Adds to an error from which checkpoint the run can go on, if there is one. */
static void name_checkpoint(const struct train_job *job, struct w2v_error *error)
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

/* ---- The steps ---- */

/* Chooses the options whose defaults follow from the corpus. */
static int choose_defaults(struct train_job *job, struct w2v_error *error)
{
    struct w2v_train_options *o = &job->options;
    const size_t n_words = vocab_n_counted(&job->corpus.vocab);
    if (o->epochs == 0)
        o->epochs = schedule_epochs(job->corpus.n_tokens, o->subwords);
    if (o->sample < 0)
        o->sample = schedule_sample(n_words);
    if (o->lr <= 0)
        o->lr = schedule_lr(o, schedule_predictions(o, &job->corpus),
                            schedule_centres(o, &job->corpus), n_words);
    if (o->min_lr < 0)
        o->min_lr = o->lr * 1e-4;
    return check_rates(o, error);
}

/* Warns if there was almost nothing to learn from: fewer predictions an epoch than words. */
static void say_little(const struct train_job *job)
{
    const struct trainer *trainer = &job->trainer;
    const size_t n_words = vocab_n_counted(&job->corpus.vocab);
    if (trainer->n_predictions < (uint64_t)n_words * job->options.epochs)
        train_say(
            job, W2V_NOTICE_WARNING,
            "only %" PRIu64 " predictions in %u epoch%s for %zu words: the vectors have learned "
            "little; give more text, or a larger --sample (0: no subsampling)",
            trainer->n_predictions, job->options.epochs, error_s(job->options.epochs), n_words);
}

static int train(struct train_job *job, struct w2v_error *error)
{
    const struct trainer_hooks hooks = {job, start, due, after_round, copied};
    const double began = thread_seconds();
    struct record text = {0};
    int status = choose_defaults(job, error);
    if (status == W2V_OK && job->options.resume != NULL)
        status = carry_on(job, error);
    else if (status == W2V_OK)
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
            /* This checkpoint is what remains if writing the model fails. If the checkpoint itself
               fails, the model is still written. */
            job->unsaved = saver_finish(&job->saver, &job->trainer, error);
        } else if (status == W2V_ESTOPPED) {
            int kept = keep_stopped(job, error);
            status = kept != W2V_OK ? kept : status;
        }
        if (status != W2V_OK) {
            saver_finish(&job->saver, NULL, NULL); /* waits for one being written */
            name_checkpoint(job, error);
        }
    }
    saver_release(&job->saver);
    free(text.text);
    job->train_seconds = thread_seconds() - began;
    return status;
}

/* `epochs` is the number of epochs that are done. */
static void fill_report(struct train_job *job, unsigned epochs, double began,
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
        .n_alike = job->n_alike,
        .threads = job->threads,
        .shards = trainer->schedule.shards,
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
    trainer->loss = NULL; /* it belongs to the report now */
}

/* Sets up the job. What the call leaves out is taken from the run that is resumed. */
static void begin(struct train_job *job, const char *const *paths, size_t n_paths,
                  const char *output, const struct w2v_train_options *options)
{
    const struct w2v_checkpoint *from = options->resume;
    const bool same_paths = n_paths == 0 && from != NULL && options->text.next_line == NULL;
    *job = (struct train_job){.options = *options};
    if (options->graph) { /* names of nodes are words as they are, also where words are looked up */
        options_leave_text(&job->options);
        job->options.text.tokenizer = W2V_TOKENIZER_WHITESPACE;
    }
    job->budget = budget_begin(options->memory);
    job->saver.round = UINT64_MAX;
    job->threads = thread_count(options->text.threads);
    job->run.options = &job->options;
    job->run.carried = &job->carried;
    job->run.paths = same_paths ? from->paths : paths;
    job->run.n_paths = same_paths ? from->n_paths : n_paths;
    job->run.output = output == NULL && from != NULL ? from->output : output;
}

/* Checks the options, and chooses those whose defaults follow from other options. */
static int check_wishes(struct train_job *job, struct w2v_error *error)
{
    struct w2v_train_options *o = &job->options;
    if (job->run.output == NULL)
        return error_set(error, W2V_EARG, "there is no output; name the model file");
    job->run.kernel = kernel_wanted(error);
    int status = job->run.kernel == NULL ? W2V_EARG : check_options(o, error);
    if (status == W2V_OK)
        status = budget_check(&job->budget, error);
    if (status != W2V_OK)
        return status;
    options_settle(o);
    phrase_settle(&o->phrases);
    if (o->resume != NULL)
        return resume_check_options(o->resume, o, job->run.kernel, error);
    status = corpus_check(&o->text, error);
    return status == W2V_OK ? phrase_check(&o->phrases, error) : status;
}

/* Checks of files all that can be checked before any work, and opens the model to start from. */
static int check_files(struct train_job *job, struct w2v_error *error)
{
    struct w2v_train_options *o = &job->options;
    int status = train_check_paths(job, error);
    if (status == W2V_OK && o->save_vocab_path != NULL)
        status = outfile_check(o->save_vocab_path, error);
    if (status == W2V_OK)
        status = prepare_saver(job, error);
    if (status == W2V_OK && o->resume == NULL && o->init_path != NULL)
        status = warm_open(&job->warm, o, error);
    job->budget.start = warm_memory(&job->warm);
    if (status == W2V_OK && o->resume == NULL && o->freeze_path != NULL)
        status = warm_read_frozen(&job->warm, o->freeze_path, error);
    if (status == W2V_OK)
        status = check_words(&job->warm.words, o->init_path, error);
    return status;
}

/*
 * Writes the model. If that fails, the last checkpoint has what was trained. If a stopped run is to save
 * its model, nothing stops the writing.
 */
static int finish(struct train_job *job, struct w2v_error *error)
{
    struct w2v_error failed = {0};
    const int status = train_write_model(job, !job->options.save_on_interrupt, &failed);
    if (status == W2V_OK && job->unsaved != W2V_OK)
        error_append(error, "; the model is complete in %s", job->run.output);
    if (status == W2V_OK)
        return job->unsaved; /* fails if a checkpoint is wanted and missing */
    *error = failed;
    name_checkpoint(job, error);
    if (status == W2V_ESTOPPED && job->saver.path != NULL && job->unsaved == W2V_OK)
        train_say(job, W2V_NOTICE_NOTE,
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
    struct train_job job;
    if (error == NULL)
        error = &unwanted;
    if (report != NULL)
        *report = (struct w2v_train_report){0};
    begin(&job, paths, n_paths, output, options);
    int status = check_wishes(&job, error);
    if (status == W2V_OK)
        status = check_files(&job, error);
    if (status == W2V_OK)
        status = train_read_corpus(&job, error);
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
