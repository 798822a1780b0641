/* What a run of training writes. See job.h. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "api/job.h"
#include "api/options.h"
#include "base/outfile.h"
#include "base/paths.h"
#include "model/convert.h"

/* fastText's files always have the output matrix. */
static bool takes_output(const struct w2v_train_options *options, const struct ending *ending)
{
    return options->save_output || ending->file == W2V_FILE_FASTTEXT_BIN;
}

int train_check_room(const struct train_job *job, struct w2v_error *error)
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

int train_save_vocab(const struct vocab *vocab, const char *path, struct w2v_error *error)
{
    struct outfile out;
    int status = outfile_open_packed(&out, path, error);
    if (status != W2V_OK)
        return status;
    out.may_lose_reader = true; /* if its reader goes away, the model is still written */
    status = vocab_write(vocab, &out, error);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}

int train_check_paths(const struct train_job *job, struct w2v_error *error)
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
    const int status =
        convert_check(job->run.output, o->file, o->dim, o->save_output, &paths, error);
    paths_release(&paths);
    return status;
}

/* What decides the result, and the result in numbers; nothing that differs between equal runs. */
static struct record make_record(const struct train_job *job)
{
    const struct trainer *trainer = &job->trainer;
    const struct w2v_text_report *text = &job->run.corpus.text;
    struct record r = {.status = job->carried.status};
    record_add(&r, "version", "%s", W2V_VERSION);
    options_add(&r, &job->options, OPTIONS_RECORD);
    record_add(&r, "arithmetic", "%s", resume_arithmetic(trainer->kernel));
    record_add(&r, "round_shards", "%u", trainer->schedule.shards);
    record_add(&r, "corpus_bytes", "%" PRIu64, text->n_bytes);
    record_add(&r, "corpus_lines", "%" PRIu64, text->n_lines);
    record_add(&r, "corpus_tokens", "%" PRIu64, text->n_tokens);
    record_add(&r, "corpus_words", "%zu", job->corpus.n_tokens);
    record_add(&r, "corpus_digest", "%016" PRIx64, job->corpus.digest);
    if (trainer->place.round < trainer->schedule.rounds * job->options.epochs)
        record_add(&r, "epochs_done", "%.6g",
                   (double)trainer->place.round / (double)trainer->schedule.rounds);
    record_add(&r, "words_trained", "%" PRIu64, trainer->n_trained);
    record_add(&r, "predictions", "%" PRIu64, trainer->n_predictions);
    for (uint64_t epoch = 0; epoch < trainer->place.round / trainer->schedule.rounds; epoch++) {
        char key[32];
        snprintf(key, sizeof key, "loss_%" PRIu64, epoch + 1);
        if (!isnan(trainer->loss[epoch]))
            record_add(&r, key, "%.6f", trainer->loss[epoch]);
    }
    record_join(&r, &job->carried);
    return r;
}

static const char *word_of_vocab(const void *context, size_t id, size_t *n_bytes)
{
    return vocab_word(context, id, n_bytes);
}

/* Says which words of the model are not as they were trained. */
static void tell_spelling(const struct train_job *job, const struct w2v_convert_report *written)
{
    if (written->n_alike > 0)
        train_say(job, W2V_NOTICE_NOTE,
                  "%" PRIu64 " word%s left out: written with '_' %s another word", written->n_alike,
                  error_s(written->n_alike),
                  written->n_alike == 1 ? "it would equal" : "they would equal");
    if (written->n_respelled > 0)
        train_say(job, W2V_NOTICE_NOTE,
                  "%" PRIu64 " word%s written with '_' for what %s cannot hold",
                  written->n_respelled, error_s(written->n_respelled), written->format);
}

int train_write_model(struct train_job *job, bool report, struct w2v_error *error)
{
    const struct w2v_text_options *text = &job->options.text;
    const struct w2v_convert_options options = {.precision = W2V_F32,
                                                .threads = job->threads,
                                                .progress = report ? text->progress : NULL,
                                                .progress_context = text->progress_context};
    struct w2v_convert_report written = {0};
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
        .rows = compose->ngrams,
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
                                                       &options, &written, error);
    free(record.text);
    job->n_alike = written.n_alike;
    tell_spelling(job, &written);
    return status;
}
