/*
 * Opening and closing models: the table of formats, and the files that a model is read from. A
 * format is recognised by the file's content. A damaged file of w2v's own must not pass for another
 * format.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "model/fasttext.h"
#include "model/foreign.h"
#include "model/header.h"
#include "model/npy.h"
#include "model/safetensors.h"
#include "model/textfile.h"
#include "model/word2vec.h"

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

/* The first format that recognises a file opens it. */
static const struct format {
    const char *name;
    bool (*recognises)(const struct file_map *file);
    model_open_fn open;
    enum textfile_kind text; /* text that can be parsed while it is read, and its kind */
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

/*
 * Finds the format of a file, or says in an error what the file is. The first bytes of the file are
 * enough.
 */
static int recognise(const struct format **format, const struct file_map *file, const char *path,
                     struct w2v_error *error)
{
    if (file->n_bytes == 0)
        return error_set(error, W2V_EFORMAT, "%s: the file is empty", path);
    const struct magic *foreign = recognises_container(file) ? NULL : foreign_of(file);
    *format = foreign == NULL ? find_format(file) : NULL;
    if (foreign != NULL)
        return error_set(error, W2V_EFORMAT, "%s: is not a vector file but %s; %s", path,
                         foreign->name, foreign_advice(foreign));
    if (*format != NULL)
        return W2V_OK;
    return error_set(error, W2V_EFORMAT,
                     "%s: not a vector file that w2v knows, or damaged: its first line is neither "
                     "\"WORDS DIMENSIONS\" nor a word and two numbers or more",
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

/* A tolerant opening takes the bytes before the damage of a compressed file, and keeps the error. */
static int forgive(int status, const struct model_opening *opening, const struct stream *stream,
                   const struct w2v_error *error, struct w2v_error *damage)
{
    if (status != W2V_EFORMAT || !opening->tolerant || stream->n_bytes == 0)
        return status;
    error_copy(damage, error);
    return W2V_OK;
}

/* Opens a file that cannot be mapped: text while it is read, any other once all is in memory. */
static int open_stream(struct w2v_model *model, const char *path,
                       const struct model_opening *opening, struct w2v_error *error)
{
    struct stream stream;
    struct w2v_error damage = {0};
    int status = stream_open(&stream, path, error);
    status = forgive(status, opening, &stream, error, &damage);
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
            status = forgive(status, opening, &stream, error, &damage);
            if (status == W2V_OK)
                status = open_mapped(model, opening, error);
        }
    }
    if (status == W2V_OK && damage.code != W2V_OK)
        error_copy(&model->fault, &damage);
    stream_release(&stream);
    return status;
}

/* Whether the path is a pipe, a terminal or standard input. */
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

/* Releases the bytes of the file, which are mapped or in memory. */
static void release_file(struct w2v_model *model)
{
    if (model->memory.bytes == NULL)
        file_unmap(&model->file);
    mem_unmap(&model->memory);
    model->file = (struct file_map){0};
}

int w2v_open_with(struct w2v_model **model, const char *path,
                  const struct w2v_open_options *options, struct w2v_error *error)
{
    const char *name = infile_name(path);
    const struct model_opening opening = {name, options->threads, options->tolerant,
                                          infile_is_standard(path)};
    struct w2v_error unsaid;
    if (error == NULL) /* a tolerant opening keeps the text of a fault */
        error = &unsaid;
    struct w2v_model *m = mem_calloc(1, sizeof *m, "a model", error);
    if (m == NULL)
        return W2V_ENOMEM;
    m->path = strdup(name);
    int status = m->path != NULL ? open_path(m, path, &opening, error)
                                 : error_memory(error, "a file name", strlen(name));
    if (status == W2V_OK && !m->is_container)
        status = make_index(m, error);
    /* If somebody is writing the file, that is what to report, whatever else is wrong with it. */
    const int changed = w2v_unchanged(m, error);
    if (changed != W2V_OK)
        status = changed;
    if (status != W2V_OK) {
        w2v_close(m);
        return status;
    }
    if (m->text != NULL && m->matrix.bytes != NULL) /* words and rows are copied */
        release_file(m);
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
    return status == W2V_OK ? file_map_unchanged(&model->word_file, model->word_path, error)
                            : status;
}

size_t model_memory(const struct w2v_model *model)
{
    const struct index *index = &model->index;
    size_t n = model->memory.n_bytes + model->matrix.n_bytes;
    if (model->fasttext != NULL)
        n += fasttext_memory(model->fasttext);
    if (model->words != NULL)
        n += model->n_words * sizeof *model->words;
    for (size_t id = 0; model->text != NULL && id < model->n_words; id++)
        n += model->words[id].n_bytes;
    if (index->ids != NULL)
        n += (index->n_buckets + index->n_words) * sizeof *index->ids;
    return n + (model->first != NULL ? model->n_words * sizeof *model->first : 0);
}

void model_enter(const struct w2v_model *model, struct paths *paths)
{
    static const char what[] = "the model";
    paths_input(paths, what, strcmp(model->path, infile_name("-")) == 0 ? "-" : model->path);
    if (model->memory.bytes == NULL && model->file.bytes != NULL)
        paths_input_open(paths, what, model->path, model->file.fd);
    if (model->word_file.bytes != NULL)
        paths_input_open(paths, "the list of the model's words", model->word_path,
                         model->word_file.fd);
}

int model_check_input(const struct w2v_model *model, const char *what, const char *path,
                      struct w2v_error *error)
{
    struct paths paths = {0};
    model_enter(model, &paths);
    paths_input(&paths, what, path);
    const int status = paths_check(&paths, error);
    paths_release(&paths);
    return status;
}

int w2v_open(struct w2v_model **model, const char *path, struct w2v_error *error)
{
    struct w2v_open_options options;
    w2v_open_options_init(&options);
    return w2v_open_with(model, path, &options, error);
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
    release_file(model);
    file_unmap(&model->word_file);
    free(model->word_path);
    free(model->touched);
    free(model->path);
    free(model);
}
