/*
 * Opening models and looking things up in them: the public functions, and the table of formats. A
 * format is recognised by a file's content; a damaged file of ours must not pass for another.
 */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fpmath.h"
#include "base/hash.h"
#include "model/fasttext.h"
#include "model/foreign.h"
#include "model/header.h"
#include "model/index.h"
#include "model/npy.h"
#include "model/safetensors.h"
#include "model/textfile.h"
#include "model/word2vec.h"

/* What a model from there is called. */
static const char STANDARD_INPUT[] = "standard input";

static bool recognises_container(const struct file_map *file)
{
    return container_recognises(file->bytes, file->n_bytes);
}

static int open_container(struct w2v_model *model, const struct model_opening *opening,
                          struct w2v_error *error)
{
    int status = container_open(&model->container, model->file.bytes, model->file.n_bytes,
                                opening->path, error);
    model->is_container = status == W2V_OK;
    model->n_words = model->container.n_words;
    model->dim = model->container.dim;
    return status;
}

/* The first that recognises a file opens it. */
static const struct format {
    const char *name;
    bool (*recognises)(const struct file_map *file);
    model_open_fn open;
    enum textfile_kind text; /* which can be read as it comes */
} formats[] = {
    {"w2v", recognises_container, open_container, TEXTFILE_NONE},
    {"fasttext", fasttext_recognises, fasttext_open, TEXTFILE_NONE},
    {"npy", npy_recognises, npy_open, TEXTFILE_NONE},
    {"safetensors", safetensors_recognises, safetensors_open, TEXTFILE_NONE},
    {"projector", textfile_recognises_numbers, textfile_open_numbers, TEXTFILE_NUMBERS},
    {"word2vec-text", textfile_recognises, textfile_open, TEXTFILE_HEADER},
    {"word2vec", word2vec_recognises, word2vec_open, TEXTFILE_NONE},
    {"glove", textfile_recognises_plain, textfile_open_plain, TEXTFILE_PLAIN},
};

enum { N_FORMATS = sizeof formats / sizeof formats[0] };

int model_make_words(struct w2v_model *model, struct w2v_error *error)
{
    model->words = mem_calloc(model->n_words, sizeof *model->words, "a model's words", error);
    return model->words != NULL ? W2V_OK : W2V_ENOMEM;
}

int model_read_header(struct w2v_model *model, const struct model_opening *opening,
                      size_t row_bytes, size_t number_bytes, size_t *n_header_bytes,
                      struct w2v_error *error)
{
    struct header_field fields[2];
    *n_header_bytes = header_split(model->file.bytes, model->file.n_bytes, fields);
    model->n_words = header_size(fields[0]);
    model->dim = header_size(fields[1]);
    const int n_shown = (int)(fields[1].text + fields[1].n_bytes - fields[0].text);
    if (model->n_words == 0 || model->dim == 0 || model->n_words >= UINT32_MAX)
        return error_set(error, W2V_EFORMAT,
                         "%s:1: the header \"%.*s\" gives no usable number of words and dimensions",
                         opening->path, n_shown, fields[0].text);
    const size_t left = model->file.n_bytes - *n_header_bytes;
    if (left < row_bytes || (left - row_bytes) / number_bytes < model->dim ||
        (left / (row_bytes + model->dim * number_bytes) < model->n_words && !opening->tolerant))
        return error_set(error, W2V_EFORMAT,
                         "%s:1: the header promises %zu word%s of %zu dimension%s, but the file "
                         "has only %zu bytes: damaged, or not a word2vec file",
                         opening->path, model->n_words, error_s(model->n_words), model->dim,
                         error_s(model->dim), model->file.n_bytes);
    return W2V_OK;
}

const char *model_word_of(const void *model, size_t id, size_t *n_bytes)
{
    return w2v_word(model, id, n_bytes);
}

static int make_index(struct w2v_model *model, struct w2v_error *error)
{
    int status = W2V_OK;
    if (model->index.ids == NULL)
        status = index_build(&model->index, model->n_words, model_word_of, model, error);
    return status == W2V_OK
               ? index_find_equal(&model->index, model_word_of, model, &model->first, error)
               : status;
}

int model_open_mapped(struct w2v_model **model, const struct file_map *file, model_open_fn open,
                      const struct model_opening *opening, struct w2v_error *error)
{
    struct w2v_model *m = mem_calloc(1, sizeof *m, "a model", error);
    if (m == NULL)
        return W2V_ENOMEM;
    m->format = "";
    m->file = *file;
    m->word_bytes = file->bytes;
    m->path = strdup(opening->path);
    int status = m->path != NULL ? open(m, opening, error) : error_memory(error, "a file name", 0);
    if (status == W2V_OK)
        status = make_index(m, error);
    if (status == W2V_OK) {
        *model = m;
        return W2V_OK;
    }
    m->file = (struct file_map){.bytes = NULL};
    w2v_close(m);
    return status;
}

static const struct format *find_format(const struct file_map *file)
{
    for (size_t i = 0; i < N_FORMATS; i++)
        if (formats[i].recognises(file))
            return &formats[i];
    return NULL;
}

void w2v_open_options_init(struct w2v_open_options *options)
{
    *options = (struct w2v_open_options){0};
}

/* The format of a file, of which the first bytes are enough; or an error that says what it is. */
static int recognise(const struct format **format, const struct file_map *file, const char *path,
                     struct w2v_error *error)
{
    if (file->n_bytes == 0)
        return error_set(error, W2V_EFORMAT, "%s: the file is empty", path);
    const struct magic *foreign = recognises_container(file) ? NULL : foreign_of(file);
    *format = foreign == NULL ? find_format(file) : NULL;
    if (foreign != NULL)
        return error_set(error, W2V_EFORMAT, "%s: is no vector file but %s; %s", path,
                         foreign->name, foreign_advice(foreign));
    if (*format != NULL)
        return W2V_OK;
    return error_set(error, W2V_EFORMAT,
                     "%s: no vector file that w2v knows, or damaged: its first line is neither "
                     "\"WORDS DIMENSIONS\" nor a word and numbers",
                     path);
}

/* Opens model->file. */
static int open_mapped(struct w2v_model *model, const struct model_opening *opening,
                       struct w2v_error *error)
{
    const struct format *format;
    int status = recognise(&format, &model->file, opening->path, error);
    if (status != W2V_OK)
        return status;
    model->format = format->name;
    model->word_bytes = model->file.bytes;
    return format->open(model, opening, error);
}

/* Opens what cannot be mapped: text as it comes, all else once it is in memory. */
static int open_stream(struct w2v_model *model, const char *path,
                       const struct model_opening *opening, struct w2v_error *error)
{
    struct stream stream;
    int status = stream_open(&stream, path, error);
    if (status == W2V_EFORMAT && opening->tolerant && stream.n_bytes > 0)
        status = W2V_OK; /* it will be met again */
    if (status == W2V_OK) {
        const struct file_map head = {.bytes = stream.buffer.bytes, .n_bytes = stream.n_bytes};
        const struct format *format = find_format(&head);
        if (format != NULL && foreign_of(&head) == NULL && format->text != TEXTFILE_NONE) {
            model->format = format->name;
            status = textfile_open_stream(model, opening, &stream, format->text, error);
        } else {
            status = stream_slurp(&stream, &model->memory, error);
            model->file =
                (struct file_map){.bytes = model->memory.bytes, .n_bytes = stream.n_bytes};
            if (status == W2V_OK)
                status = open_mapped(model, opening, error);
        }
    }
    stream_release(&stream);
    return status;
}

/* A pipe, a terminal, standard input. */
static bool is_stream(const char *path)
{
    struct stat st;
    return infile_is_standard(path) ||
           (stat(path, &st) == 0 && !S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode));
}

static int open_path(struct w2v_model *model, const char *path, const struct model_opening *opening,
                     struct w2v_error *error)
{
    if (is_stream(path))
        return open_stream(model, path, opening, error);
    int status = file_map(&model->file, path, error);
    if (status == W2V_OK) {
        model->touched = mem_calloc(model->file.n_bytes / MODEL_STRETCH + 1, sizeof *model->touched,
                                    "a model", error);
        status = model->touched != NULL ? W2V_OK : W2V_ENOMEM;
    }
    if (status != W2V_OK || !stream_is_packed(&model->file))
        return status == W2V_OK ? open_mapped(model, opening, error) : status;
    free(model->touched);
    model->touched = NULL;
    file_unmap(&model->file);
    return open_stream(model, path, opening, error);
}

int w2v_open_with(struct w2v_model **model, const char *path,
                  const struct w2v_open_options *options, struct w2v_error *error)
{
    const char *name = infile_is_standard(path) ? STANDARD_INPUT : path;
    const struct model_opening opening = {name, options->threads, options->tolerant};
    struct w2v_model *m = mem_calloc(1, sizeof *m, "a model", error);
    if (m == NULL)
        return W2V_ENOMEM;
    m->path = strdup(name);
    int status = m->path != NULL ? open_path(m, path, &opening, error)
                                 : error_memory(error, "a file name", strlen(name));
    if (status == W2V_OK && !m->is_container)
        status = make_index(m, error);
    /* Whatever is wrong with a file that is being written, this is what to say of it. */
    const int changed = w2v_unchanged(m, error);
    if (changed != W2V_OK)
        status = changed;
    if (status != W2V_OK) {
        w2v_close(m);
        return status;
    }
    if (m->text != NULL && m->matrix.bytes != NULL) /* all that is needed of the file */
        file_unmap(&m->file);
    *model = m;
    return W2V_OK;
}

int w2v_unchanged(const struct w2v_model *model, struct w2v_error *error)
{
    int status = W2V_OK;
    if (model->memory.bytes == NULL)
        status = file_map_unchanged(&model->file, model->path, error);
    if (status == W2V_OK && model->is_container)
        status = container_damage(&model->container, model->path, error);
    return status == W2V_OK ? file_map_unchanged(&model->word_file, model->path, error) : status;
}

void model_enter(const struct w2v_model *model, struct paths *paths)
{
    static const char what[] = "the model";
    paths_input(paths, what, strcmp(model->path, STANDARD_INPUT) == 0 ? "-" : model->path);
    if (model->memory.bytes == NULL && model->file.bytes != NULL)
        paths_input_open(paths, what, model->path, model->file.fd);
    if (model->word_file.bytes != NULL)
        paths_input_open(paths, "the list of the model's words", model->path, model->word_file.fd);
}

int w2v_open(struct w2v_model **model, const char *path, struct w2v_error *error)
{
    struct w2v_open_options options;
    w2v_open_options_init(&options);
    return w2v_open_with(model, path, &options, error);
}

const char *w2v_fault(const struct w2v_model *model)
{
    return model->fault.code != W2V_OK ? model->fault.message : NULL;
}

void w2v_close(struct w2v_model *model)
{
    if (model == NULL)
        return;
    container_release(&model->container);
    fasttext_release(model->fasttext);
    free(model->words);
    free(model->text);
    index_release(&model->index);
    free(model->first);
    mem_unmap(&model->matrix);
    if (model->memory.bytes == NULL)
        file_unmap(&model->file);
    mem_unmap(&model->memory);
    file_unmap(&model->word_file);
    free(model->touched);
    free(model->path);
    free(model);
}

const char *w2v_format(const struct w2v_model *model)
{
    return model->format;
}

size_t w2v_n_words(const struct w2v_model *model)
{
    return model->n_words;
}

size_t w2v_dim(const struct w2v_model *model)
{
    return model->dim;
}

const char *w2v_word(const struct w2v_model *model, size_t id, size_t *n_bytes)
{
    if (model->is_container)
        return container_word(&model->container, id, n_bytes);
    *n_bytes = (size_t)model->words[id].n_bytes;
    return (const char *)model->word_bytes + model->words[id].offset;
}

int64_t w2v_find(const struct w2v_model *model, const char *word, size_t n_bytes)
{
    if (model->is_container)
        return container_find(&model->container, word, n_bytes);
    return index_find(&model->index, model_word_of, model, word, n_bytes);
}

bool w2v_has_subwords(const struct w2v_model *model)
{
    struct subwords subwords;
    return model_subwords(model, &subwords);
}

bool w2v_vector_of(const struct w2v_model *model, const char *word, size_t n_bytes, float *vector)
{
    const int64_t id = w2v_find(model, word, n_bytes);
    if (id >= 0) {
        w2v_vector(model, (size_t)id, vector);
        return true;
    }
    return model_compose_word(model, word, n_bytes, vector);
}

bool w2v_count(const struct w2v_model *model, size_t id, uint64_t *count)
{
    if (model->fasttext == NULL)
        return model->is_container && container_count(&model->container, id, count);
    *count = fasttext_count(model, id);
    return true;
}

/* ---- Rows ---- */

void model_touch(const struct w2v_model *model, uint64_t from, uint64_t to)
{
    for (uint64_t i = from / MODEL_STRETCH; model->touched != NULL && i * MODEL_STRETCH < to; i++)
        if (atomic_load_explicit(&model->touched[i], memory_order_relaxed) == 0 &&
            atomic_exchange_explicit(&model->touched[i], 1, memory_order_relaxed) == 0)
            file_map_touch(&model->file, i * MODEL_STRETCH, MODEL_STRETCH);
}

void model_copy_floats(float *to, const unsigned char *bytes, size_t n)
{
    if (bytes == NULL) {
        memset(to, 0, n * sizeof *to);
        return;
    }
    if (container_host_is_little()) {
        memcpy(to, bytes, n * sizeof *to);
        return;
    }
    for (size_t k = 0; k < n; k++) {
        const uint32_t bits = hash_load32(bytes + k * sizeof bits);
        memcpy(to + k, &bits, sizeof bits);
    }
}

/* A row's place in the file; NULL where a damaged file does not tell it. */
static const unsigned char *row_bytes(const struct w2v_model *model, size_t id)
{
    if (model->is_container)
        return container_row(&model->container, id);
    if (model->first_row != 0)
        return model->file.bytes + model->first_row + id * model->dim * sizeof(float);
    return model->file.bytes + model->words[id].offset + model->words[id].n_bytes + 1;
}

/* Has the n rows, in the file from `begin` on, mapped and fetched in the order of memory. */
static void fetch_rows(const struct w2v_model *model, const unsigned char *begin,
                       const unsigned char *end)
{
    model_touch(model, (uint64_t)(begin - model->file.bytes), (uint64_t)(end - model->file.bytes));
    for (; begin < end; begin += 64)
        hash_prefetch(begin);
}

static bool makes_rows(const struct w2v_model *model)
{
    return model->fasttext != NULL && fasttext_makes_rows(model->fasttext);
}

void model_rows(const struct w2v_model *model, size_t first, size_t n, const void **rows,
                float *copies)
{
    const size_t dim = model->dim;
    if (model->matrix.bytes != NULL) {
        for (size_t i = 0; i < n; i++)
            rows[i] = (const float *)model->matrix.bytes + (first + i) * model->stride;
        return;
    }
    if (makes_rows(model)) {
        for (size_t i = 0; i < n; i++)
            rows[i] = fasttext_row(model, first + i, copies + i * dim);
        return;
    }
    if (model->is_container)
        container_rows(&model->container, first, n, rows);
    for (size_t i = 0; !model->is_container && i < n; i++)
        rows[i] = row_bytes(model, first + i);
    if (n > 1 && rows[0] != NULL && rows[n - 1] != NULL)
        fetch_rows(model, rows[0], (const unsigned char *)rows[n - 1] + dim * sizeof(float));
    for (size_t i = 0; i < n; i++) {
        if (rows[i] != NULL && container_host_is_little())
            continue;
        model_copy_floats(copies + i * dim, rows[i], dim);
        rows[i] = copies + i * dim;
    }
}

void model_part(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers)
{
    if (model->matrix.bytes != NULL) {
        const float *matrix = model->matrix.bytes;
        memcpy(numbers, matrix + id * model->stride + first, n * sizeof *numbers);
    } else if (makes_rows(model)) {
        fasttext_part(model, id, first, n, numbers);
    } else {
        const unsigned char *row = row_bytes(model, id);
        model_copy_floats(numbers, row != NULL ? row + first * sizeof *numbers : NULL, n);
    }
}

void w2v_vector(const struct w2v_model *model, size_t id, float *vector)
{
    model_part(model, id, 0, model->dim, vector);
}

size_t model_n_outputs(const struct w2v_model *model)
{
    if (model->fasttext != NULL)
        return fasttext_n_outputs(model);
    return model->is_container ? model->container.n_outputs : 0;
}

bool model_output(const struct w2v_model *model, size_t row, float *numbers)
{
    if (model->fasttext != NULL)
        return fasttext_output(model, row, numbers);
    return model->is_container && container_floats(&model->container, CONTAINER_OUTPUT,
                                                   (uint64_t)row * model->dim, numbers, model->dim);
}

/* ---- Checking ---- */

static int check_finite(const struct w2v_model *model, struct w2v_error *error)
{
    float *row = mem_calloc(model->dim, sizeof *row, "a row", error);
    int status = row != NULL ? W2V_OK : W2V_ENOMEM;
    for (size_t id = 0; id < model->n_words && status == W2V_OK; id++) {
        size_t n;
        w2v_vector(model, id, row);
        if (!fpmath_finite(row, model->dim)) {
            const char *word = w2v_word(model, id, &n);
            status =
                error_set(error, W2V_ENUMERIC, "%s: the vector of \"%.*s\" (row %zu) is not finite",
                          model->path, (int)(n < 64 ? n : 64), word, id + 1);
        }
    }
    free(row);
    return status;
}

int w2v_verify(const struct w2v_model *model, struct w2v_error *error)
{
    if (model->is_container) {
        int status = container_verify(&model->container, model->path, error);
        if (status != W2V_OK)
            return status;
    }
    return check_finite(model, error);
}

/* ---- What a file says of itself ---- */

/* Visits the lines "KEY\tVALUE" of a record, which is changed. */
static void visit_record(char *record, size_t n_bytes, w2v_info_fn visit, void *context)
{
    for (char *line = record, *end = record + n_bytes; line < end;) {
        char *lf = memchr(line, '\n', (size_t)(end - line));
        if (lf == NULL)
            lf = end; /* a terminator has its place there */
        *lf = '\0';
        char *tab = strchr(line, '\t');
        if (tab != NULL) {
            *tab = '\0';
            visit(context, line, tab + 1);
        }
        line = lf + 1;
    }
}

/* Words that are not found because an equal one stands before them. */
static size_t count_duplicates(const struct w2v_model *model)
{
    size_t n = 0;
    for (size_t id = 0; model->first != NULL && id < model->n_words; id++)
        n += model->first[id] != id;
    return n;
}

int w2v_info(const struct w2v_model *model, w2v_info_fn visit, void *context,
             struct w2v_error *error)
{
    char number[32];
    visit(context, "format", model->format);
    snprintf(number, sizeof number, "%zu", model->n_words);
    visit(context, "words", number);
    snprintf(number, sizeof number, "%zu", model->dim);
    visit(context, "dim", number);
    if (!model->is_container) {
        snprintf(number, sizeof number, "%zu", count_duplicates(model));
        visit(context, "duplicates", number);
    }
    if (model->fasttext != NULL)
        fasttext_info(model, visit, context);
    if (!model->is_container)
        return W2V_OK;
    const size_t n_bytes = (size_t)model->container.sections[CONTAINER_RECORD].n_bytes;
    if (n_bytes == 0)
        return W2V_OK;
    char *record = mem_calloc(n_bytes + 1, 1, "a model's record", error);
    if (record == NULL)
        return W2V_ENOMEM;
    if (container_read(&model->container, CONTAINER_RECORD, 0, record, n_bytes))
        visit_record(record, n_bytes, visit, context);
    else
        visit(context, "record", "damaged");
    free(record);
    return W2V_OK;
}
