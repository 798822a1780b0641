/* Reading the two formats of word2vec.c. See word2vec.h. */
#include "model/word2vec.h"

#include <math.h>
#include <string.h>

#include "kernel/kernel.h"
#include "model/number.h"

enum {
    MAX_HEADER = 100,
    MAX_NUMBER = 64,        /* bytes of a number and a blank, where a file is to be recognised */
    MAX_TEXT_WORD = 1 << 20 /* the same for a word */
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* ---- The header ---- */

struct field {
    const char *text;
    size_t n_bytes;
};

/* The next field of at .. end, moving *at behind it; empty when there is none. */
static struct field next_field(const char **at, const char *end)
{
    struct field field;
    while (*at < end && is_blank(**at))
        (*at)++;
    field.text = *at;
    while (*at < end && !is_blank(**at))
        (*at)++;
    field.n_bytes = (size_t)(*at - field.text);
    return field;
}

static bool is_whole_number(struct field field)
{
    size_t i = field.n_bytes > 0 && (field.text[0] == '-' || field.text[0] == '+');
    if (i == field.n_bytes)
        return false;
    for (; i < field.n_bytes; i++)
        if (field.text[i] < '0' || field.text[i] > '9')
            return false;
    return true;
}

/* The fields of a first line "V D", any whole numbers; returns its length with LF, 0 if it is not.
 */
static size_t split_header(const struct file_map *file, struct field fields[2])
{
    if (file->n_bytes == 0)
        return 0;
    const char *at = (const char *)file->bytes;
    const char *lf = memchr(at, '\n', file->n_bytes < MAX_HEADER ? file->n_bytes : MAX_HEADER);
    if (lf == NULL)
        return 0;
    fields[0] = next_field(&at, lf);
    fields[1] = next_field(&at, lf);
    if (!is_whole_number(fields[0]) || !is_whole_number(fields[1]) ||
        next_field(&at, lf).n_bytes > 0)
        return 0;
    return (size_t)(lf - (const char *)file->bytes) + 1;
}

/* A number from 1 to SIZE_MAX, or 0. */
static size_t to_size(struct field field)
{
    size_t number = 0;
    for (size_t i = field.text[0] == '+'; i < field.n_bytes; i++) {
        const size_t digit = (size_t)(field.text[i] - '0'); /* '-' gives a large one */
        if (digit > 9 || number > (SIZE_MAX - digit) / 10)
            return 0;
        number = 10 * number + digit;
    }
    return number;
}

/*
 * V and D, checked against the file's size: a row has at least `row_bytes` + D * `number_bytes`.
 * `spare`: bytes that the last row may lack.
 */
static int read_header(struct w2v_model *model, const char *path, size_t row_bytes,
                       size_t number_bytes, size_t spare, size_t *n_header_bytes,
                       struct w2v_error *error)
{
    struct field fields[2];
    *n_header_bytes = split_header(&model->file, fields);
    model->n_words = to_size(fields[0]);
    model->dim = to_size(fields[1]);
    const int n_shown = (int)(fields[1].text + fields[1].n_bytes - fields[0].text);
    if (model->n_words == 0 || model->dim == 0 || model->n_words >= UINT32_MAX)
        return error_set(error, W2V_EFORMAT,
                         "%s:1: the header \"%.*s\" gives no usable number of words and dimensions",
                         path, n_shown, fields[0].text);
    const size_t left = model->file.n_bytes - *n_header_bytes + spare;
    if (left < row_bytes || (left - row_bytes) / number_bytes < model->dim ||
        left / (row_bytes + model->dim * number_bytes) < model->n_words)
        return error_set(error, W2V_EFORMAT,
                         "%s:1: the header promises %zu words of %zu dimensions, but the file has "
                         "only %zu bytes: damaged, or not a word2vec file",
                         path, model->n_words, model->dim, model->file.n_bytes);
    return model_make_words(model, error);
}

/* ---- Binary ---- */

bool word2vec_recognises(const struct file_map *file)
{
    struct field fields[2];
    return split_header(file, fields) > 0;
}

int word2vec_open(struct w2v_model *model, const char *path, struct w2v_error *error)
{
    size_t at;
    int status = read_header(model, path, 1, sizeof(float), 0, &at, error);
    if (status != W2V_OK)
        return status;
    const unsigned char *bytes = model->file.bytes;
    const size_t n_bytes = model->file.n_bytes, n_row_bytes = model->dim * sizeof(float);
    for (size_t id = 0; id < model->n_words; id++) {
        while (at < n_bytes && bytes[at] == '\n')
            at++;
        const unsigned char *space = at < n_bytes ? memchr(bytes + at, ' ', n_bytes - at) : NULL;
        if (space == NULL || (size_t)(bytes + n_bytes - space) - 1 < n_row_bytes)
            return error_set(error, W2V_EFORMAT,
                             "%s: the file ends in row %zu of %zu, which begins at byte %zu: "
                             "damaged, or not a word2vec file",
                             path, id + 1, model->n_words, at);
        const size_t n_word_bytes = (size_t)(space - bytes) - at;
        if (memchr(bytes + at, '\n', n_word_bytes) != NULL)
            return error_set(error, W2V_EFORMAT,
                             "%s: the word of row %zu, at byte %zu, holds a newline: damaged, or "
                             "not a word2vec file",
                             path, id + 1, at);
        model->words[id] = (struct model_word){at, n_word_bytes};
        at += n_word_bytes + 1 + n_row_bytes;
    }
    const size_t end = at;
    while (at < n_bytes && bytes[at] == '\n')
        at++;
    if (at < n_bytes)
        return error_set(error, W2V_EFORMAT,
                         "%s: %zu bytes behind the last row, which ends at byte %zu: a damaged w2v "
                         "file or not a word2vec file",
                         path, n_bytes - end, end);
    return W2V_OK;
}

/* ---- Text ---- */

/* The field that ends where *end is moved to, from behind; empty when there is none. */
static struct field last_field(const char *start, const char **end)
{
    struct field field;
    while (*end > start && is_blank((*end)[-1]))
        (*end)--;
    const char *p = *end;
    while (p > start && !is_blank(p[-1]))
        p--;
    field = (struct field){p, (size_t)(*end - p)};
    *end = p;
    return field;
}

/*
 * Whether the first line is a word and D numbers, or at least a word and several numbers, so that
 * it is text with a wrong header. The floats of a binary file hardly ever look like this.
 */
bool word2vec_recognises_text(const struct file_map *file)
{
    struct field fields[2];
    const size_t n_header_bytes = split_header(file, fields);
    if (n_header_bytes == 0)
        return false;
    const size_t dim = to_size(fields[1]), left = file->n_bytes - n_header_bytes;
    const char *start = (const char *)file->bytes + n_header_bytes;
    size_t n_bytes = left;
    if (dim == 0 || dim > left)
        return false;
    if (n_bytes > MAX_TEXT_WORD && (n_bytes - MAX_TEXT_WORD) / MAX_NUMBER > dim)
        n_bytes = MAX_TEXT_WORD + dim * MAX_NUMBER;
    const char *end = memchr(start, '\n', n_bytes);
    if (end == NULL) {
        if (n_bytes < left)
            return false;
        end = start + n_bytes;
    }
    size_t n_numbers = 0;
    float number;
    struct field field;
    while ((field = last_field(start, &end)).n_bytes > 0 &&
           number_parse(field.text, field.n_bytes, &number))
        n_numbers++;
    if (n_numbers > dim || (n_numbers == dim && field.n_bytes > 0))
        return true;
    return n_numbers >= 2 && last_field(start, &end).n_bytes == 0;
}

static int text_row(struct w2v_model *model, size_t id, const char *start, const char *end,
                    const char *path, struct w2v_error *error)
{
    float *row = (float *)model->matrix.bytes + id * model->stride;
    const size_t dim = model->dim, line = id + 2;
    struct field field;
    float number;
    for (size_t k = dim; k-- > 0;) {
        field = last_field(start, &end);
        if (!number_parse(field.text, field.n_bytes, row + k))
            return error_set(
                error, W2V_EFORMAT,
                "%s:%zu: \"%.*s\" is no number, where a word and %zu numbers should be", path, line,
                (int)(field.n_bytes < 64 ? field.n_bytes : 64), field.text, dim);
        if (!isfinite(row[k]))
            return error_set(error, W2V_EFORMAT, "%s:%zu: number %zu, \"%.*s\", is not finite",
                             path, line, k + 1, (int)(field.n_bytes < 64 ? field.n_bytes : 64),
                             field.text);
    }
    if (end == start)
        return error_set(error, W2V_EFORMAT, "%s:%zu: %zu numbers without a word", path, line, dim);
    while (end > start && is_blank(end[-1]))
        end--;
    const char *word_end = end;
    field = last_field(start, &end);
    if (end > start && number_parse(field.text, field.n_bytes, &number))
        return error_set(error, W2V_EFORMAT, "%s:%zu: more than %zu numbers behind the word", path,
                         line, dim);
    model->words[id] = (struct model_word){(uint64_t)(start - (const char *)model->file.bytes),
                                           (uint64_t)(word_end - start)};
    return W2V_OK;
}

int word2vec_open_text(struct w2v_model *model, const char *path, struct w2v_error *error)
{
    size_t n_header_bytes;
    int status = read_header(model, path, 1, 2, 1, &n_header_bytes, error);
    if (status != W2V_OK)
        return status;
    model->stride = kernel_pad(model->dim);
    status = mem_map(&model->matrix, model->n_words, mem_product(model->stride, sizeof(float)),
                     "a model", error);
    if (status != W2V_OK)
        return status;
    const char *at = (const char *)model->file.bytes + n_header_bytes;
    const char *const end = (const char *)model->file.bytes + model->file.n_bytes;
    for (size_t id = 0; id < model->n_words; id++) {
        if (at == end)
            return error_set(error, W2V_EFORMAT,
                             "%s:%zu: the file ends after %zu of %zu rows: damaged, or a wrong "
                             "header",
                             path, id + 2, id, model->n_words);
        const char *lf = memchr(at, '\n', (size_t)(end - at));
        status = text_row(model, id, at, lf != NULL ? lf : end, path, error);
        if (status != W2V_OK)
            return status;
        at = lf != NULL ? lf + 1 : end;
    }
    while (at < end && (*at == '\n' || is_blank(*at)))
        at++;
    if (at < end)
        return error_set(error, W2V_EFORMAT, "%s:%zu: more rows than the %zu of the header", path,
                         model->n_words + 2, model->n_words);
    return W2V_OK;
}
