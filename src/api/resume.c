/* The text of a checkpoint, and the public functions on checkpoints. See resume.h and w2v.h. */
#include "api/resume.h"

#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "api/options.h"
#include "base/file.h"
#include "base/magic.h"
#include "base/number.h"

/* In a checkpoint, the keys of the model's training record have this prefix. */
static const char CARRIED[] = "record.";

/* The numbers in struct resume_corpus: their keys, and what they count (NULL: a digest). */
static const struct {
    const char *key, *what;
    size_t offset;
} facts[] = {
    {"corpus_bytes", "bytes", offsetof(struct resume_corpus, text.n_bytes)},
    {"corpus_lines", "lines", offsetof(struct resume_corpus, text.n_lines)},
    {"corpus_tokens", "tokens", offsetof(struct resume_corpus, text.n_tokens)},
    {"corpus_words", "tokens in the vocabulary", offsetof(struct resume_corpus, text.n_corpus)},
    {"corpus_distinct", "different words", offsetof(struct resume_corpus, text.n_distinct)},
    {"corpus_invalid", "bytes that are not UTF-8",
     offsetof(struct resume_corpus, text.n_invalid_bytes)},
    {"text_digest", NULL, offsetof(struct resume_corpus, text_digest)},
    {"corpus_digest", NULL, offsetof(struct resume_corpus, digest)},
};

enum { N_FACTS = sizeof facts / sizeof facts[0] };

static uint64_t fact_of(const struct resume_corpus *corpus, size_t i)
{
    uint64_t fact;
    memcpy(&fact, (const char *)corpus + facts[i].offset, sizeof fact);
    return fact;
}

const char *resume_arithmetic(const struct kernel *kernel)
{
    return kernel->exact ? "fma" : kernel->name;
}

/* Adds the carried lines with their prefix. */
static void add_carried(struct record *record, const struct record *carried)
{
    char *copy = malloc(carried->n_bytes + 1), *at = copy;
    size_t n = carried->n_bytes;
    const char *key, *value;
    if (copy == NULL) {
        record->status = W2V_ENOMEM;
        return;
    }
    if (n > 0)
        memcpy(copy, carried->text, n);
    while (record_take(&at, &n, &key, &value)) {
        char prefixed[256];
        snprintf(prefixed, sizeof prefixed, "%s%s", CARRIED, key);
        record_add(record, prefixed, "%s", value);
    }
    free(copy);
}

struct record resume_describe(const struct resume_run *run)
{
    struct record r = {.status = run->carried->status};
    record_add(&r, "version", "%s", W2V_VERSION);
    record_add(&r, "arithmetic", "%s", resume_arithmetic(run->kernel));
    options_add(&r, run->options, OPTIONS_ALL);
    for (size_t i = 0; i < run->n_paths; i++)
        record_add_path(&r, "corpus", run->paths[i]);
    record_add_path(&r, "output", run->output);
    for (size_t i = 0; i < N_FACTS; i++)
        record_add(&r, facts[i].key, "%" PRIu64, fact_of(&run->corpus, i));
    add_carried(&r, run->carried);
    return r;
}

/* ---- Reading ---- */

/* Takes in a line of the text. W2V_EFORMAT, without a message: the line is not understood. */
static int take_line(struct w2v_checkpoint *c, const char *key, const char *value,
                     struct w2v_error *error)
{
    if (strncmp(key, CARRIED, sizeof CARRIED - 1) == 0) {
        key += sizeof CARRIED - 1;
        c->n_schedules += strncmp(key, "schedule_", 9) == 0;
        record_add(&c->carried, key, "%s", value);
        return c->carried.status != W2V_OK
                   ? error_memory(error, "the record of earlier runs", strlen(value))
                   : W2V_OK;
    }
    if (strcmp(key, "corpus") == 0) {
        size_t capacity = c->n_paths;
        int status =
            mem_grow(&c->paths, &capacity, c->n_paths + 1, sizeof *c->paths, "file names", error);
        if (status == W2V_OK)
            c->paths[c->n_paths++] = value;
        return status;
    }
    const char **text = strcmp(key, "output") == 0       ? &c->output
                        : strcmp(key, "version") == 0    ? &c->version
                        : strcmp(key, "arithmetic") == 0 ? &c->arithmetic
                                                         : NULL;
    if (text != NULL) {
        *text = value;
        return W2V_OK;
    }
    for (size_t i = 0; i < N_FACTS; i++)
        if (strcmp(key, facts[i].key) == 0) {
            uint64_t fact;
            if (!number_parse_whole(value, strlen(value), &fact))
                return W2V_EFORMAT;
            memcpy((char *)&c->corpus + facts[i].offset, &fact, sizeof fact);
            return W2V_OK;
        }
    return w2v_train_option_set(&c->options, key, value, NULL) == W2V_OK ? W2V_OK : W2V_EFORMAT;
}

/* Takes in the text of an open checkpoint. */
static int take_text(struct w2v_checkpoint *c, const char *path, struct w2v_error *error)
{
    const char *key, *value, *last = "its beginning";
    char *at = c->file.text;
    size_t n = c->file.n_text;
    int status = W2V_OK;
    w2v_train_options_init(&c->options);
    while (n > 0 && status == W2V_OK) {
        status = record_take(&at, &n, &key, &value) ? W2V_OK : W2V_EFORMAT;
        if (status == W2V_OK)
            status = take_line(c, last = key, value, error);
    }
    if (status == W2V_ENOMEM)
        return status;
    if (c->version != NULL && strcmp(c->version, W2V_VERSION) != 0)
        return error_set(error, W2V_EFORMAT,
                         "%s: a checkpoint of w2v %s; this is w2v %s, which may train differently",
                         path, c->version, W2V_VERSION);
    if (status != W2V_OK || c->version == NULL || c->arithmetic == NULL || c->output == NULL)
        return error_set(error, W2V_EFORMAT, "%s: a damaged checkpoint: its text, at %s", path,
                         last);
    return W2V_OK;
}

int w2v_checkpoint_open(struct w2v_checkpoint **checkpoint, const char *path,
                        struct w2v_error *error)
{
    struct w2v_checkpoint *c = mem_calloc(1, sizeof *c, "a checkpoint", error);
    if (c == NULL)
        return W2V_ENOMEM;
    c->file.fd = -1;
    int status = checkpoint_open(&c->file, path, error);
    if (status == W2V_OK)
        status = take_text(c, path, error);
    if (status != W2V_OK) {
        w2v_checkpoint_close(c);
        return status;
    }
    c->options.dim = c->file.dim;
    c->options.resume = c;
    c->options.checkpoint_path = c->file.path;
    *checkpoint = c;
    return W2V_OK;
}

void w2v_checkpoint_close(struct w2v_checkpoint *checkpoint)
{
    if (checkpoint == NULL)
        return;
    checkpoint_release(&checkpoint->file);
    free(checkpoint->paths);
    free(checkpoint->carried.text);
    free(checkpoint);
}

const struct w2v_train_options *w2v_checkpoint_options(const struct w2v_checkpoint *checkpoint)
{
    return &checkpoint->options;
}

const char *const *w2v_checkpoint_paths(const struct w2v_checkpoint *checkpoint, size_t *n_paths)
{
    *n_paths = checkpoint->n_paths;
    return checkpoint->paths;
}

const char *w2v_checkpoint_output(const struct w2v_checkpoint *checkpoint)
{
    return checkpoint->output;
}

bool w2v_is_checkpoint(const char *path)
{
    unsigned char bytes[MAGIC_CHECKPOINT_BYTES];
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) /* a pipe would lose what is read */
        return false;
    const int fd = file_open(path, O_RDONLY, 0);
    const bool is = fd >= 0 && file_read_at(fd, bytes, sizeof bytes, 0, path, NULL) == W2V_OK &&
                    memcmp(bytes, MAGIC_CHECKPOINT, sizeof bytes) == 0;
    if (fd >= 0)
        file_close(fd);
    return is;
}

int w2v_checkpoint_info(const struct w2v_checkpoint *c, w2v_info_fn visit, void *context,
                        struct w2v_error *error)
{
    struct record r = {.status = W2V_OK};
    record_add(&r, "format", "checkpoint");
    record_add(&r, "words", "%zu", c->file.n_words);
    record_add(&r, "epochs_done", "%.6g", (double)c->file.place.round / (double)c->file.rounds);
    for (size_t i = 0; i < c->file.n_losses; i++) {
        char name[32];
        snprintf(name, sizeof name, "loss_%zu", i + 1);
        if (!isnan(c->file.loss[i]))
            record_add(&r, name, "%.6f", c->file.loss[i]);
    }
    record_add(&r, "version", "%s", c->version);
    record_add(&r, "arithmetic", "%s", c->arithmetic);
    record_add(&r, "output", "%s", c->output);
    for (size_t i = 0; i < c->n_paths; i++)
        record_add(&r, "corpus", "%s", c->paths[i]);
    options_add(&r, &c->options, OPTIONS_ALL);
    if (r.status != W2V_OK)
        error_memory(error, "a checkpoint's options", r.n_bytes);
    char *text = r.text;
    size_t n_bytes = r.n_bytes;
    const char *key, *value;
    while (r.status == W2V_OK && record_take(&text, &n_bytes, &key, &value))
        visit(context, key, value);
    free(r.text);
    return r.status;
}

/* ---- Comparing ---- */

int resume_check_epochs(const struct w2v_checkpoint *c, unsigned epochs, struct w2v_error *error)
{
    if (c->file.place.round <= c->file.rounds * epochs)
        return W2V_OK;
    return error_set(error, W2V_EARG,
                     "%s: %.2f epochs are done, more than the %u asked for; give a larger --epochs",
                     c->file.path, (double)c->file.place.round / (double)c->file.rounds, epochs);
}

int resume_check_options(const struct w2v_checkpoint *c, const struct w2v_train_options *options,
                         const struct kernel *kernel, struct w2v_error *error)
{
    int status = options_agree(&c->options, options, c->file.path, error);
    if (status != W2V_OK)
        return status;
    if (options->epochs > 0)
        status = resume_check_epochs(c, options->epochs, error);
    if (status != W2V_OK)
        return status;
    if (strcmp(c->arithmetic, resume_arithmetic(kernel)) != 0)
        return error_set(
            error, W2V_EARG,
            "%s was trained with the arithmetic %s, and %s gives other bits; resume it where w2v "
            "uses %s (W2V_SIMD chooses the instruction set)",
            c->file.path, c->arithmetic, resume_arithmetic(kernel), c->arithmetic);
    return W2V_OK;
}

int resume_check_corpus(const struct w2v_checkpoint *c, const struct resume_corpus *corpus,
                        struct w2v_error *error)
{
    if (corpus->text.n_bytes == 0 && c->corpus.text.n_bytes > 0)
        return error_set(
            error, W2V_EDATA,
            "the corpus is empty, but %s was made from a text; give the same text again",
            c->file.path);
    for (size_t i = 0; i < N_FACTS; i++) {
        const uint64_t then = fact_of(&c->corpus, i), now = fact_of(corpus, i);
        if (then == now)
            continue;
        if (facts[i].what == NULL)
            return error_set(error, W2V_EDATA,
                             "the corpus is not the one of %s: as long, but its text differs",
                             c->file.path);
        return error_set(error, W2V_EDATA,
                         "the corpus is not the one of %s: it had %" PRIu64 " %s and has %" PRIu64,
                         c->file.path, then, facts[i].what, now);
    }
    return W2V_OK;
}

int resume_vocab(const struct w2v_checkpoint *c, struct wordtable *table, struct w2v_error *error)
{
    const struct vocab *vocab = &c->file.vocab;
    for (size_t id = 0; id < vocab->n_words; id++) {
        struct token word;
        uint32_t given;
        word.text = vocab_word(vocab, id, &word.n_bytes);
        int status =
            wordtable_add_word(table, word.text, word.n_bytes, vocab->count[id], &given, error);
        if (status == W2V_OK && given != id)
            status = error_set(error, W2V_EFORMAT, "%s: a damaged checkpoint: a word stands twice",
                               c->file.path);
        if (status != W2V_OK)
            return status;
    }
    return W2V_OK;
}
