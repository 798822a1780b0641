/* What a model file is written from. See container_input.h. */
#include "model/container_input.h"

#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "model/index.h"

/* ---- Checking ---- */

bool container_holds(const char *word, size_t n_bytes)
{
    return n_bytes > 0 && memchr(word, ' ', n_bytes) == NULL && memchr(word, '\n', n_bytes) == NULL;
}

static int check_words(const struct container_input *in, const char *path, struct w2v_error *error)
{
    if (in->n_words == 0 || in->dim == 0)
        return error_set(error, W2V_EDATA, "%s: a model of %zu words x %zu dimensions is empty",
                         path, in->n_words, in->dim);
    if (in->n_words > INDEX_MAX_WORDS || in->dim > UINT32_MAX)
        return error_set(error, W2V_EDATA, "%s: %zu words x %zu dimensions are too many", path,
                         in->n_words, in->dim);
    for (size_t id = 0; id < in->n_words; id++) {
        size_t n;
        const char *word = in->word(in->word_context, id, &n);
        if (!container_holds(word, n))
            return error_set(error, W2V_EDATA,
                             "%s: word %zu (\"%.*s\") is empty or holds a space or a newline", path,
                             id + 1, (int)utf8_shorten(word, n, 64), word);
    }
    return W2V_OK;
}

int container_input_vector(const struct container_input *in, size_t id, const float **row,
                           struct w2v_error *error)
{
    if (in->rows == NULL)
        return in->row(in->row_context, id, row, error);
    *row = in->rows + id * in->stride;
    return W2V_OK;
}

static int check_rows(const struct container_input *in, const char *path, struct w2v_error *error)
{
    for (size_t id = 0; id < in->n_words; id++) {
        const float *row;
        int status = container_input_vector(in, id, &row, error);
        if (status != W2V_OK)
            return status;
        if (!fpmath_finite(row, in->dim)) {
            size_t n;
            const char *word = in->word(in->word_context, id, &n);
            return error_set(error, W2V_ENUMERIC,
                             "%s: not written: the vector of \"%.*s\" (row %zu) is not finite",
                             path, (int)utf8_shorten(word, n, 64), word, id + 1);
        }
    }
    return W2V_OK;
}

int container_input_check(const struct container_input *in, const char *path,
                          struct w2v_error *error)
{
    const int status = check_words(in, path, error);
    return status == W2V_OK ? check_rows(in, path, error) : status;
}

/* ---- The other matrices ---- */

bool container_input_has_output(const struct container_input *in)
{
    return in->output != NULL || in->copies_output;
}

size_t container_input_n_outputs(const struct container_input *in)
{
    if (!container_input_has_output(in))
        return 0;
    return in->n_outputs > 0 ? in->n_outputs : in->n_words;
}

/* How many rows the input has of a matrix. */
static size_t n_rows_of(const struct container_input *in, enum container_kind kind)
{
    if (kind == CONTAINER_OUTPUT)
        return container_input_n_outputs(in);
    if (in->subwords == NULL)
        return 0;
    return kind == CONTAINER_OWN ? in->n_words : in->subwords->n_ngrams;
}

int container_input_row(const struct container_input *in, enum container_kind kind, size_t i,
                        float *copy, const float **row, struct w2v_error *error)
{
    const float *rows = kind == CONTAINER_OUTPUT ? in->output
                        : kind == CONTAINER_OWN  ? in->subwords->own
                                                 : in->subwords->ngrams;
    *row = copy;
    if (rows == NULL)
        return in->copy(in->copy_context, kind, i, copy, error);
    if (kind == CONTAINER_NGRAMS && in->subwords->rows != NULL)
        i = in->subwords->rows[i];
    *row = rows + i * (kind == CONTAINER_OUTPUT ? in->stride : in->subwords->stride);
    return W2V_OK;
}

int container_input_visit(const struct container_input *in, enum container_kind kind,
                          int (*visit)(void *context, const float *row), void *context,
                          struct w2v_error *error)
{
    const size_t n = n_rows_of(in, kind);
    float *copy = mem_calloc(in->dim, sizeof *copy, "a row", error);
    int status = copy != NULL ? W2V_OK : W2V_ENOMEM;
    for (size_t i = 0; i < n && status == W2V_OK; i++) {
        const float *row;
        status = container_input_row(in, kind, i, copy, &row, error);
        if (status == W2V_OK)
            status = visit(context, row);
    }
    free(copy);
    return status;
}

struct finite_check {
    size_t dim, n; /* rows looked at */
};

static int check_other(void *context, const float *row)
{
    struct finite_check *finite = context;
    finite->n++;
    return fpmath_finite(row, finite->dim) ? W2V_OK : W2V_ENUMERIC;
}

int container_input_check_others(const struct container_input *in, const char *path,
                                 struct w2v_error *error)
{
    static const struct {
        enum container_kind kind;
        const char *name;
    } matrices[] = {{CONTAINER_OUTPUT, "the output matrix"},
                    {CONTAINER_OWN, "the words' own rows"},
                    {CONTAINER_NGRAMS, "the rows of n-grams"}};
    int status = W2V_OK;
    for (size_t i = 0; i < 3 && status == W2V_OK; i++) {
        struct finite_check finite = {in->dim, 0};
        status = container_input_visit(in, matrices[i].kind, check_other, &finite, error);
        if (status == W2V_ENUMERIC)
            status = error_set(error, W2V_ENUMERIC, "%s: not written: row %zu of %s is not finite",
                               path, finite.n, matrices[i].name);
    }
    return status;
}
