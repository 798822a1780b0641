/* Looking things up in an open model: words, rows, and what the file says of itself. */
#include "model/model.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"
#include "base/fpmath.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "model/fasttext.h"

const char *w2v_fault(const struct w2v_model *model)
{
    return model->fault.code != W2V_OK ? model->fault.message : NULL;
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

/* A row's place in the file; NULL if damage hides it. */
static const unsigned char *row_in_file(const struct w2v_model *model, size_t id)
{
    if (model->is_container)
        return container_row(&model->container, id);
    if (model->first_row != 0)
        return model->file.bytes + model->first_row + id * model->dim * sizeof(float);
    return model->file.bytes + model->words[id].offset + model->words[id].n_bytes + 1;
}

/* Fetches the rows at begin .. end of the file ahead, in the order of memory. */
static void fetch_rows(const struct w2v_model *model, const unsigned char *begin,
                       const unsigned char *end)
{
    model_touch(model, (uint64_t)(begin - model->file.bytes), (uint64_t)(end - model->file.bytes));
    for (; begin < end; begin += 64)
        fetch_to_read(begin, 1);
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
        rows[i] = row_in_file(model, first + i);
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
        const unsigned char *row = row_in_file(model, id);
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
                          model->path, (int)utf8_shorten(word, n, 64), word, id + 1);
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

/* Visits the lines "KEY\tVALUE" of a record, and writes terminators into it. */
static void visit_record(char *record, size_t n_bytes, w2v_info_fn visit, void *context)
{
    for (char *line = record, *end = record + n_bytes; line < end;) {
        char *lf = memchr(line, '\n', (size_t)(end - line));
        if (lf == NULL)
            lf = end; /* there is room for a terminator */
        *lf = '\0';
        char *tab = strchr(line, '\t');
        if (tab != NULL) {
            *tab = '\0';
            visit(context, line, tab + 1);
        }
        line = lf + 1;
    }
}

/* Words that cannot be found, because an equal word has a lower id. */
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
