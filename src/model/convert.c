/* Writing models: the public function and the formats' writers. See convert.h and selection.h. */
#include "model/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/thread.h"
#include "model/half.h"
#include "model/npy.h"
#include "model/projector.h"
#include "model/safetensors.h"
#include "model/sidecar.h"
#include "model/textfile.h"

struct text {
    char *bytes;
    size_t n, capacity;
};

/* ---- The container ---- */

/* Words as they are written, where some are respelled. */
struct spelled {
    const struct selection *selection;
    struct model_word *words; /* or NULL: all are as they are */
    char *text;
};

static const char *spelled_word(const void *context, size_t i, size_t *n_bytes)
{
    const struct spelled *s = context;
    if (s->words == NULL)
        return selection_word(s->selection, i, n_bytes);
    *n_bytes = (size_t)s->words[i].n_bytes;
    return s->text + s->words[i].offset;
}

static int spell_all(struct convert *c, struct spelled *s, struct w2v_error *error)
{
    static const char banned[] = " \t\n\v\f\r"; /* what ends a word to word2vec.c */
    const size_t n = c->selection->n;
    size_t n_bytes, n_text = 0;
    for (size_t i = 0; i < n; i++) {
        const char *word = selection_word(c->selection, i, &n_bytes);
        n_text += n_bytes + 1;
        bool respell = n_bytes == 0;
        for (size_t k = 0; k < n_bytes; k++)
            respell |= word[k] == ' ' || (word[k] >= '\t' && word[k] <= '\r');
        c->n_respelled += respell;
    }
    if (c->n_respelled == 0)
        return W2V_OK;
    c->n_respelled = 0;
    s->words = mem_calloc(n, sizeof *s->words, "words", error);
    s->text = mem_calloc(n_text, 1, "words", error);
    if (s->words == NULL || s->text == NULL)
        return W2V_ENOMEM;
    n_text = 0;
    for (size_t i = 0; i < n; i++) {
        const char *word = selection_word(c->selection, i, &n_bytes);
        s->words[i].offset = n_text;
        s->words[i].n_bytes =
            convert_spell(s->text + n_text, word, n_bytes, banned, &c->n_respelled);
        n_text += (size_t)s->words[i].n_bytes;
    }
    return W2V_OK;
}

static int row_of(void *context, size_t i, const float **row, struct w2v_error *error)
{
    return selection_row(context, i, row, error);
}

static int container_progress(void *context, size_t n_done, size_t n_rows)
{
    (void)n_rows;
    return convert_tell(context, n_done, NULL);
}

/* The record of a w2v file, with a line that says what was done to the numbers. */
static int make_record(const struct convert *c, char **record, size_t *n_bytes,
                       struct w2v_error *error)
{
    const struct w2v_convert_options *o = c->options;
    const struct container *from = &c->selection->model->container;
    const size_t n =
        c->selection->model->is_container ? (size_t)from->sections[CONTAINER_RECORD].n_bytes : 0;
    enum { ROOM = 200 };
    *record = mem_calloc(n + ROOM, 1, "a model's record", error);
    if (*record == NULL)
        return W2V_ENOMEM;
    if (n > 0 && !container_read(from, CONTAINER_RECORD, 0, *record, n))
        return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its record",
                         c->selection->model->path);
    *n_bytes = n;
    if (!o->center && o->remove_top == 0 && !o->normalize)
        return W2V_OK;
    *n_bytes += (size_t)snprintf(*record + n, ROOM, "transformed\t%s",
                                 o->remove_top > 0 || o->center ? "center" : "normalize");
    if (o->remove_top > 0)
        *n_bytes +=
            (size_t)snprintf(*record + *n_bytes, ROOM / 2, " remove-top %zu", o->remove_top);
    if (o->normalize && (o->remove_top > 0 || o->center))
        *n_bytes += (size_t)snprintf(*record + *n_bytes, ROOM / 4, " normalize");
    (*record)[(*n_bytes)++] = '\n';
    return W2V_OK;
}

static int make_counts(const struct convert *c, uint64_t **counts, struct w2v_error *error)
{
    const struct selection *s = c->selection;
    uint64_t count;
    if (!w2v_count(s->model, 0, &count))
        return W2V_OK;
    *counts = mem_calloc(s->n, sizeof **counts, "counts", error);
    if (*counts == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < s->n; i++)
        if (!w2v_count(s->model, s->ids[i], *counts + i))
            return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its counts",
                             s->model->path);
    return W2V_OK;
}

static int write_container(struct convert *c, struct w2v_error *error)
{
    struct spelled spelled = {.selection = c->selection};
    char *record = NULL;
    uint64_t *counts = NULL;
    size_t n_record = 0;
    const bool plain = c->ending.file == W2V_FILE_WORD2VEC_PLAIN;
    int status = spell_all(c, &spelled, error);
    if (status == W2V_OK && !plain)
        status = make_record(c, &record, &n_record, error);
    if (status == W2V_OK && !plain)
        status = make_counts(c, &counts, error);
    if (status == W2V_OK) {
        const struct container_input in = {.n_words = c->selection->n,
                                           .dim = c->selection->dim,
                                           .word = spelled_word,
                                           .word_context = &spelled,
                                           .row = row_of,
                                           .row_context = c->selection,
                                           .counts = counts,
                                           .record = n_record > 0 ? record : NULL,
                                           .n_record_bytes = n_record,
                                           .plain = plain,
                                           .pack = c->ending.pack,
                                           .progress = container_progress,
                                           .progress_context = c};
        status = container_write(c->path, &in, error);
    }
    free(spelled.words);
    free(spelled.text);
    free(record);
    free(counts);
    return status;
}

/* ---- The writers ---- */

enum { HALF = 1 << W2V_F16, BRAIN = 1 << W2V_BF16, FULL = 1 << W2V_F32 };

/* By enum w2v_file. */
static const struct {
    int precisions;
    int (*write)(struct convert *c, struct w2v_error *error);
} writers[] = {
    [W2V_FILE_WORD2VEC] = {FULL, write_container},
    [W2V_FILE_WORD2VEC_PLAIN] = {FULL, write_container},
    [W2V_FILE_WORD2VEC_TEXT] = {FULL, textfile_write},
    [W2V_FILE_GLOVE] = {FULL, textfile_write_plain},
    [W2V_FILE_FASTTEXT_VEC] = {FULL, textfile_write},
    [W2V_FILE_NPY] = {FULL | HALF, npy_write},
    [W2V_FILE_SAFETENSORS] = {FULL | HALF | BRAIN, safetensors_write},
    [W2V_FILE_PROJECTOR] = {FULL, projector_write},
};

/*
 * Where it is written and as what; checked as far as it can be before there is anything to write.
 * `paths` has the other files of the work, which are kept apart from what is written.
 */
static int begin(struct convert *c, const char *path, enum w2v_file file, struct paths *paths,
                 struct w2v_error *error)
{
    static const char *const names[] = {"f32", "f16", "bf16"};
    const enum w2v_precision precision = c->options->precision;
    int status = ending_choose(&c->ending, path, file, error);
    if (status != W2V_OK)
        return status;
    if ((unsigned)precision > W2V_BF16)
        return error_set(error, W2V_EARG, "there is no precision number %d", (int)precision);
    if (!(writers[c->ending.file].precisions & 1 << precision))
        return error_set(error, W2V_EARG, "the %s format has no numbers of precision %s",
                         c->ending.name, names[precision]);
    c->path = path;
    c->began = thread_seconds();
    if (c->ending.words != NULL) {
        c->words_path = sidecar_path(path, c->ending.words, error);
        if (c->words_path == NULL)
            return W2V_ENOMEM;
    }
    paths_output(paths, "the model", path);
    paths_output(paths, "the list of its words", c->words_path);
    status = paths_check(paths, error);
    if (status == W2V_OK)
        status = outfile_check(path, error);
    return status == W2V_OK && c->words_path != NULL ? outfile_check(c->words_path, error) : status;
}

static void end(struct convert *c)
{
    selection_release(c->selection);
    free(c->words_path);
}

void w2v_convert_options_init(struct w2v_convert_options *options)
{
    *options = (struct w2v_convert_options){0};
}

int w2v_convert(const struct w2v_model *model, const char *output,
                const struct w2v_convert_options *options, struct w2v_convert_report *report,
                struct w2v_error *error)
{
    struct selection selection = {0};
    struct convert c = {.options = options, .selection = &selection};
    struct paths paths = {0};
    if (!paths_same(output, model->path)) /* else it is to be replaced, with its words */
        model_enter(model, &paths);
    paths_input(&paths, "the list of words to take", options->words_path);
    int status = begin(&c, output, options->file, &paths, error);
    paths_release(&paths);
    if (status == W2V_OK && model->is_container)
        status = container_verify(&model->container, model->path, error);
    if (status == W2V_OK)
        status = selection_make(&selection, model, options, error);
    if (status == W2V_OK)
        status = writers[c.ending.file].write(&c, error);
    /* Whatever went wrong with a model that was changed meanwhile, this is what to say. */
    if (status != W2V_OK) {
        const int changed = w2v_unchanged(model, error);
        status = changed != W2V_OK ? changed : status;
    }
    if (status == W2V_OK && report != NULL) {
        *report = (struct w2v_convert_report){.format = c.ending.name,
                                              .n_words = selection.n,
                                              .n_duplicates = selection.n_duplicates,
                                              .n_missing = selection.n_missing,
                                              .n_respelled = c.n_respelled};
        snprintf(report->words_path, sizeof report->words_path, "%s",
                 c.words_path != NULL ? c.words_path : "");
    }
    end(&c);
    return status;
}

/* ---- What was trained ---- */

int convert_check(const char *path, enum w2v_file file, bool with_output, struct paths *paths,
                  struct w2v_error *error)
{
    static const struct w2v_convert_options options = {.precision = W2V_F32};
    struct selection selection = {0};
    struct convert c = {.options = &options, .selection = &selection};
    int status = begin(&c, path, file, paths, error);
    if (status == W2V_OK && with_output && c.ending.file != W2V_FILE_WORD2VEC)
        status =
            error_set(error, W2V_EARG,
                      "%s: the %s format does not hold the output matrix (--save-output), only "
                      "w2v's own does, word2vec",
                      path, c.ending.name);
    if (status == W2V_OK && c.words_path != NULL)
        status = sidecar_check(c.words_path, NULL, 0, c.path, error);
    end(&c);
    return status;
}

/* A model of what is in memory: the rows stay the caller's, words are copied. */
static int make_model(struct w2v_model *model, const struct container_input *in,
                      struct w2v_error *error)
{
    size_t n_text = 0, n;
    *model = (struct w2v_model){
        .format = "", .n_words = in->n_words, .dim = in->dim, .stride = in->stride};
    for (size_t id = 0; id < in->n_words; id++) {
        in->word(in->word_context, id, &n);
        n_text += n;
    }
    int status = model_make_words(model, error);
    model->text = mem_calloc(n_text + 1, 1, "a model's words", error);
    if (status != W2V_OK || model->text == NULL)
        return W2V_ENOMEM;
    n_text = 0;
    for (size_t id = 0; id < in->n_words; id++) {
        const char *word = in->word(in->word_context, id, &n);
        memcpy(model->text + n_text, word, n);
        model->words[id] = (struct model_word){n_text, n};
        n_text += n;
    }
    model->word_bytes = (const unsigned char *)model->text;
    model->matrix.bytes = (void *)in->rows; /* nobody writes there */
    return index_build(&model->index, in->n_words, model_word_of, model, error);
}

static void release_model(struct w2v_model *model)
{
    index_release(&model->index);
    free(model->words);
    free(model->text);
}

int convert_trained(const char *path, enum w2v_file file, const struct container_input *in,
                    w2v_progress_fn progress, void *context, unsigned threads,
                    struct w2v_error *error)
{
    const struct w2v_convert_options options = {.precision = W2V_F32,
                                                .threads = threads,
                                                .progress = progress,
                                                .progress_context = context};
    struct selection selection = {0};
    struct convert c = {.options = &options, .selection = &selection};
    struct w2v_model model = {.format = ""};
    struct paths paths = {0};
    int status = begin(&c, path, file, &paths, error);
    paths_release(&paths);
    selection = (struct selection){.n = in->n_words};
    struct container_input input = *in;
    input.plain = c.ending.file == W2V_FILE_WORD2VEC_PLAIN;
    input.pack = c.ending.pack;
    input.progress = container_progress;
    input.progress_context = &c;
    if (status == W2V_OK && (input.plain || c.ending.file == W2V_FILE_WORD2VEC)) {
        status = container_write(path, &input, error);
    } else if (status == W2V_OK) {
        status = make_model(&model, in, error);
        if (status == W2V_OK)
            status = selection_make(&selection, &model, &options, error);
        if (status == W2V_OK)
            status = writers[c.ending.file].write(&c, error);
        release_model(&model);
    }
    end(&c);
    return status;
}

/* ---- What the formats share ---- */

size_t convert_spell(char *to, const char *word, size_t n_bytes, const char *banned,
                     size_t *respelled)
{
    const size_t n_banned = strlen(banned);
    bool changed = n_bytes == 0;
    if (n_bytes == 0)
        to[n_bytes++] = '_';
    else
        memcpy(to, word, n_bytes);
    for (size_t i = 0; i < n_bytes; i++)
        if (memchr(banned, to[i], n_banned) != NULL) {
            to[i] = '_';
            changed = true;
        }
    *respelled += changed;
    return n_bytes;
}

int convert_tell(struct convert *c, size_t n_done, struct w2v_error *error)
{
    static const double EVERY = 0.1; /* seconds */
    const double now = thread_seconds();
    const bool ends = n_done == c->selection->n && c->selection->model != NULL;
    const int changed = ends ? w2v_unchanged(c->selection->model, error) : W2V_OK;
    if (changed != W2V_OK)
        return changed;
    if (c->options->progress == NULL || (now - c->told < EVERY && n_done < c->selection->n))
        return W2V_OK;
    c->told = now;
    const struct w2v_progress progress = {.phase = W2V_PHASE_WRITE,
                                          .done = n_done,
                                          .total = c->selection->n,
                                          .seconds = now - c->began};
    if (c->options->progress(c->options->progress_context, &progress) == 0)
        return W2V_OK;
    return error_set(error, W2V_ESTOPPED, "%s: stopped, not written", c->path);
}

/* Words, a line each. A tab would end one for sidecar.h, and begin a column elsewhere. */
static int make_list(struct convert *c, struct text *list, struct w2v_error *error)
{
    for (size_t i = 0; i < c->selection->n; i++) {
        size_t n;
        const char *word = selection_word(c->selection, i, &n);
        int status = mem_grow(&list->bytes, &list->capacity, list->n + n + 2, 1, "words", error);
        if (status != W2V_OK)
            return status;
        list->n += convert_spell(list->bytes + list->n, word, n, "\t\n\r", &c->n_respelled);
        list->bytes[list->n++] = '\n';
    }
    c->words_digest = hash_bytes(list->bytes, list->n);
    return W2V_OK;
}

/* D numbers as little-endian bytes; those that become infinite are counted. */
static size_t encode(const float *row, size_t dim, enum w2v_precision precision,
                     unsigned char *bytes)
{
    size_t n_large = 0;
    for (size_t k = 0; k < dim; k++) {
        uint32_t bits;
        memcpy(&bits, row + k, sizeof bits);
        if (precision == W2V_F32) {
            for (int i = 0; i < 4; i++)
                bytes[4 * k + (size_t)i] = (unsigned char)(bits >> 8 * i);
            continue;
        }
        const bool half = precision == W2V_F16;
        const uint16_t number = half ? half_to_binary16(row[k]) : half_to_bfloat(row[k]);
        const uint16_t infinity = half ? 0x7c00 : 0x7f80;
        n_large += (number & infinity) == infinity;
        bytes[2 * k] = (unsigned char)number;
        bytes[2 * k + 1] = (unsigned char)(number >> 8);
    }
    return n_large;
}

int convert_rows(struct convert *c, struct outfile *out, struct w2v_error *error)
{
    const enum w2v_precision precision = c->options->precision;
    const size_t dim = c->selection->dim, n_bytes = dim * (precision == W2V_F32 ? 4 : 2);
    unsigned char *bytes = mem_calloc(dim, 4, "a row", error);
    int status = bytes != NULL ? W2V_OK : W2V_ENOMEM;
    for (size_t i = 0; i < c->selection->n && status == W2V_OK; i++) {
        const float *row;
        size_t n;
        status = selection_row(c->selection, i, &row, error);
        if (status != W2V_OK)
            break;
        if (encode(row, dim, precision, bytes) > 0) {
            const char *word = selection_word(c->selection, i, &n);
            status = error_set(error, W2V_ENUMERIC,
                               "not written: the vector of \"%.*s\" has numbers too large for the "
                               "precision",
                               (int)(n < 64 ? n : 64), word);
            break;
        }
        status = outfile_write(out, bytes, n_bytes, error);
        if (status == W2V_OK)
            status = convert_tell(c, i + 1, error);
    }
    free(bytes);
    return status;
}

int convert_open(const struct convert *c, struct outfile *out, struct w2v_error *error)
{
    int status = outfile_open(out, c->path, error);
    if (status != W2V_OK)
        return status;
    status = outfile_pack(out, c->ending.pack, error);
    if (status != W2V_OK)
        outfile_abort(out);
    return status;
}

/* Both files written and settled, then both in place. */
static int write_pair(struct convert *c, const struct text *list,
                      int (*write_rows)(struct convert *, struct outfile *, struct w2v_error *),
                      struct w2v_error *error)
{
    struct outfile words, rows;
    int status = outfile_open(&words, c->words_path, error);
    if (status != W2V_OK)
        return status;
    status = convert_open(c, &rows, error);
    if (status != W2V_OK) {
        outfile_abort(&words);
        return status;
    }
    status = outfile_write(&words, list->bytes, list->n, error);
    if (status == W2V_OK)
        status = write_rows(c, &rows, error);
    return outfile_commit_both(&words, &rows, status, error);
}

int convert_pair(struct convert *c,
                 int (*write_rows)(struct convert *, struct outfile *, struct w2v_error *),
                 struct w2v_error *error)
{
    struct text list = {.bytes = NULL};
    int status = make_list(c, &list, error);
    if (status == W2V_OK)
        status = sidecar_check(c->words_path, list.bytes, list.n, c->path, error);
    if (status == W2V_OK)
        status = write_pair(c, &list, write_rows, error);
    free(list.bytes);
    return status;
}
