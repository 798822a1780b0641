/* Writing models: the public function, and the table of writers. See convert.h and selection.h. */
#include "model/convert.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/utf8.h"
#include "model/convert_input.h"
#include "model/fasttext.h"
#include "model/half.h"
#include "model/npy.h"
#include "model/projector.h"
#include "model/safetensors.h"
#include "model/sidecar.h"
#include "model/textfile.h"

struct word_list {
    char *bytes;
    size_t n, capacity;
};

/* ---- w2v's own files and fastText's .bin ---- */

static int container_progress(void *context, size_t n_done, size_t n_rows)
{
    (void)n_rows;
    return convert_tell(context, n_done, NULL);
}

/* Writes an input in the format that was chosen. */
static int write_input(struct convert *c, struct container_input *input, struct w2v_error *error)
{
    input->plain = c->ending.file == W2V_FILE_WORD2VEC_PLAIN;
    input->progress = container_progress;
    input->progress_context = c;
    c->wrote_subwords = !input->plain && input->subwords != NULL;
    c->wrote_output = !input->plain && container_input_has_output(input);
    return c->ending.file == W2V_FILE_FASTTEXT_BIN ? fasttext_write(c->path, input, error)
                                                   : container_write(c->path, input, error);
}

static int write_selection(struct convert *c, struct w2v_error *error)
{
    struct convert_input made;
    int status = convert_input_make(&made, c, error);
    if (status == W2V_OK)
        status = write_input(c, &made.input, error);
    convert_input_release(&made);
    return status;
}

/* ---- The writers ---- */

/* A tab ends a word for readers of lists. */
#define LINE_ENDS "\t\n\r"

enum { HALF = 1 << W2V_F16, BRAIN = 1 << W2V_BF16, FULL = 1 << W2V_F32 };

/* By enum w2v_file. */
static const struct {
    struct banned banned;
    size_t least_dim; /* rows of one number look like a list of words with counts */
    int precisions;
    int (*write)(struct convert *c, struct w2v_error *error);
} writers[] = {
    [W2V_FILE_WORD2VEC] = {BANNED(SPELLING_BLANKS), 1, FULL, write_selection},
    [W2V_FILE_WORD2VEC_PLAIN] = {BANNED(SPELLING_BLANKS), 1, FULL, write_selection},
    [W2V_FILE_WORD2VEC_TEXT] = {BANNED(SPELLING_BLANKS), 1, FULL, textfile_write},
    [W2V_FILE_GLOVE] = {BANNED(SPELLING_BLANKS), 2, FULL, textfile_write_plain},
    [W2V_FILE_FASTTEXT_VEC] = {BANNED(SPELLING_BLANKS), 1, FULL, textfile_write},
    [W2V_FILE_FASTTEXT_BIN] = {BANNED(SPELLING_BLANKS "\0"), 1, FULL, write_selection},
    [W2V_FILE_NPY] = {BANNED(LINE_ENDS), 1, FULL | HALF, npy_write},
    [W2V_FILE_SAFETENSORS] = {BANNED("\n"), 1, FULL | HALF | BRAIN, safetensors_write},
    [W2V_FILE_PROJECTOR] = {BANNED(LINE_ENDS), 2, FULL, projector_write},
};

/*
 * Decides where the model is written and in which format, and checks all that can be checked in
 * advance. With a dim of 0 the dimension is not known yet. `paths` has the other files of the work; the
 * files to be written must be none of them.
 */
static int begin_convert(struct convert *c, const char *path, enum w2v_file file, size_t dim,
                         struct paths *paths, struct w2v_error *error)
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
    if (dim > 0 && dim < writers[c->ending.file].least_dim)
        return error_set(error, W2V_EARG,
                         "%s: the %s format needs two dimensions or more; with one, a file could "
                         "not be told from a list of words with counts",
                         path, c->ending.name);
    c->path = path;
    c->banned = writers[c->ending.file].banned;
    if (c->ending.words != NULL) {
        c->words_path = sidecar_path(path, c->ending.words, error);
        if (c->words_path == NULL)
            return W2V_ENOMEM;
        status = sidecar_check_link(path, c->ending.words, c->words_path, error);
        if (status != W2V_OK)
            return status;
    }
    paths_output(paths, "the model", path);
    paths_output(paths, "the list of the model's words", c->words_path);
    status = paths_check(paths, error);
    if (status == W2V_OK)
        status = outfile_check(path, error);
    if (status == W2V_OK && c->ending.pack != NULL)
        status = pack_check(path, c->ending.pack, error);
    return status == W2V_OK && c->words_path != NULL ? outfile_check(c->words_path, error) : status;
}

static void end_convert(struct convert *c)
{
    selection_release(c->selection);
    free(c->words_path);
}

static void fill_report(const struct convert *c, struct w2v_convert_report *report)
{
    const struct selection *s = c->selection;
    *report = (struct w2v_convert_report){.format = c->ending.name,
                                          .n_words = s->n,
                                          .n_duplicates = s->n_duplicates,
                                          .n_alike = s->n_alike,
                                          .n_not_finite = s->n_not_finite,
                                          .n_missing = s->n_missing,
                                          .n_beyond = s->n_beyond,
                                          .n_respelled = s->n_respelled,
                                          .subwords = c->wrote_subwords,
                                          .output = c->wrote_output};
    snprintf(report->words_path, sizeof report->words_path, "%s",
             c->words_path != NULL ? c->words_path : "");
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
    if (!paths_same(output, model->path)) /* a model may replace itself and its list of words */
        model_enter(model, &paths);
    paths_input(&paths, "the list of words to take", options->words_path);
    int status = begin_convert(&c, output, options->file, model->dim, &paths, error);
    paths_release(&paths);
    if (status == W2V_OK && model->is_container)
        status = container_verify(&model->container, model->path, error);
    if (status == W2V_OK)
        status = selection_make(&selection, model, options, error);
    if (status == W2V_OK)
        status = spelling_leave_out(&selection, c.banned, error);
    watch_start(&c.watch, options->progress, options->progress_context, W2V_PHASE_WRITE,
                selection.n);
    if (status == W2V_OK)
        status = writers[c.ending.file].write(&c, error);
    /* If the model was changed in the meantime, that is what to report, whatever went wrong. */
    if (status != W2V_OK) {
        const int changed = w2v_unchanged(model, error);
        status = changed != W2V_OK ? changed : status;
    }
    if (status == W2V_OK && report != NULL) {
        fill_report(&c, report);
        report->cut_subwords = model->fasttext != NULL && !fasttext_is_whole(model->fasttext);
    }
    end_convert(&c);
    return status;
}

/* ---- What was trained ---- */

int convert_check(const char *path, enum w2v_file file, size_t dim, bool with_output,
                  struct paths *paths, struct w2v_error *error)
{
    static const struct w2v_convert_options options = {.precision = W2V_F32};
    struct selection selection = {0};
    struct convert c = {.options = &options, .selection = &selection};
    int status = begin_convert(&c, path, file, dim, paths, error);
    if (status == W2V_OK && with_output && c.ending.file != W2V_FILE_WORD2VEC &&
        c.ending.file != W2V_FILE_FASTTEXT_BIN)
        status =
            error_set(error, W2V_EARG,
                      "%s: the %s format does not hold the output matrix (--save-output); only "
                      "word2vec (w2v's own files) and fasttext-bin do",
                      path, c.ending.name);
    if (status == W2V_OK && c.words_path != NULL)
        status = sidecar_check(c.words_path, NULL, 0, c.path, error);
    end_convert(&c);
    return status;
}

/* Makes a model of rows in memory. The rows stay the caller's; words are copied. */
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

uint64_t convert_trained_memory(enum w2v_file file, size_t n_words, uint64_t n_word_bytes)
{
    /* Each word has places in the model, its index and the selection. A list of words grows by half. */
    enum { A_WORD = 64 };
    const bool has_list =
        file == W2V_FILE_NPY || file == W2V_FILE_SAFETENSORS || file == W2V_FILE_PROJECTOR;
    if (writers[file].write == write_selection)
        return 0;
    return (has_list ? n_word_bytes * 5 / 2 : n_word_bytes) + (uint64_t)n_words * A_WORD;
}

/* Whether the format holds every word with its own bytes. */
static bool holds_all(const struct container_input *in, struct banned banned)
{
    bool all = true;
    for (size_t id = 0; id < in->n_words && all; id++) {
        size_t n;
        const char *word = in->word(in->word_context, id, &n);
        all = !spelling_changes(word, n, banned);
    }
    return all;
}

/* Writes those of the trained words that do not become equal to others. */
static int write_kept(struct convert *c, const struct container_input *in, struct w2v_error *error)
{
    struct w2v_model model = {.format = ""};
    struct convert_input kept = {.convert = c};
    int status = make_model(&model, in, error);
    if (status == W2V_OK)
        status = selection_make(c->selection, &model, c->options, error);
    if (status == W2V_OK)
        status = spelling_leave_out(c->selection, c->banned, error);
    watch_start(&c->watch, c->options->progress, c->options->progress_context, W2V_PHASE_WRITE,
                c->selection->n);
    if (status == W2V_OK && writers[c->ending.file].write == write_selection) {
        status = convert_input_keep(&kept, c, in, error);
        if (status == W2V_OK)
            status = write_input(c, &kept.input, error);
        convert_input_release(&kept);
    } else if (status == W2V_OK) {
        status = writers[c->ending.file].write(c, error);
    }
    release_model(&model);
    return status;
}

int convert_trained(const char *path, enum w2v_file file, const struct container_input *in,
                    const struct w2v_convert_options *options, struct w2v_convert_report *report,
                    struct w2v_error *error)
{
    struct selection selection = {0};
    struct convert c = {.options = options, .selection = &selection};
    struct paths paths = {0};
    int status = begin_convert(&c, path, file, 0, &paths, error); /* trained: too late to refuse */
    paths_release(&paths);
    if (status == W2V_OK && writers[c.ending.file].write == write_selection &&
        holds_all(in, c.banned)) {
        struct container_input input = *in;
        selection.n = in->n_words;
        watch_start(&c.watch, options->progress, options->progress_context, W2V_PHASE_WRITE,
                    in->n_words);
        status = write_input(&c, &input, error);
    } else if (status == W2V_OK) {
        status = write_kept(&c, in, error);
    }
    if (status == W2V_OK)
        fill_report(&c, report);
    end_convert(&c);
    return status;
}

/* ---- What the formats share ---- */

int convert_tell(struct convert *c, size_t n_done, struct w2v_error *error)
{
    const bool ends = n_done == c->selection->n;
    int status = W2V_OK;
    if (ends && c->selection->model != NULL)
        status = w2v_unchanged(c->selection->model, error);
    if (status != W2V_OK)
        return status;
    status = watch_tell(&c->watch, n_done, ends, error);
    return status == W2V_OK ? status
                            : error_set(error, status, "%s: stopped, not written", c->path);
}

/* Makes the list of words, a line each. */
static int make_list(struct convert *c, struct word_list *list, struct w2v_error *error)
{
    for (size_t i = 0; i < c->selection->n; i++) {
        size_t n;
        const char *word = selection_word(c->selection, i, &n);
        int status = mem_grow(&list->bytes, &list->capacity, list->n + n + 2, 1, "words", error);
        if (status != W2V_OK)
            return status;
        list->n += spelling_write(list->bytes + list->n, word, n, c->banned);
        list->bytes[list->n++] = '\n';
    }
    c->words_digest = hash_bytes(list->bytes, list->n);
    return W2V_OK;
}

/* Stores D numbers as little-endian bytes. Returns how many of them became infinite. */
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
                               (int)utf8_shorten(word, n, 64), word);
            break;
        }
        status = outfile_write(out, bytes, n_bytes, error);
        if (status == W2V_OK)
            status = convert_tell(c, i + 1, error);
    }
    free(bytes);
    return status;
}

/* Writes both files beside their places, then moves both into place. */
static int write_pair(struct convert *c, const struct word_list *list,
                      int (*write_rows)(struct convert *, struct outfile *, struct w2v_error *),
                      struct w2v_error *error)
{
    struct outfile words, rows;
    int status = outfile_open(&words, c->words_path, error);
    if (status != W2V_OK)
        return status;
    status = outfile_open_packed(&rows, c->path, error);
    if (status != W2V_OK) {
        outfile_abort(&words);
        return status;
    }
    status = outfile_write(&words, list->bytes, list->n, error);
    if (status == W2V_OK)
        status = write_rows(c, &rows, error);
    return outfile_commit_both(&words, &rows, status, error);
}

/* Whether the model replaces itself and its list of words, whoever wrote them. */
static bool replaces_itself(const struct convert *c)
{
    const struct w2v_model *model = c->selection->model;
    return c->ending.file == W2V_FILE_NPY && model->path != NULL &&
           strcmp(model->format, "npy") == 0 && paths_same(c->path, model->path);
}

int convert_pair(struct convert *c,
                 int (*write_rows)(struct convert *, struct outfile *, struct w2v_error *),
                 struct w2v_error *error)
{
    struct word_list list = {.bytes = NULL};
    int status = make_list(c, &list, error);
    if (status == W2V_OK && !replaces_itself(c))
        status = sidecar_check(c->words_path, list.bytes, list.n, c->path, error);
    if (status == W2V_OK)
        status = write_pair(c, &list, write_rows, error);
    free(list.bytes);
    return status;
}
