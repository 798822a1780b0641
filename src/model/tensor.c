/* A matrix somewhere in a file. See tensor.h. */
#include "model/tensor.h"

#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include "base/hash.h"
#include "base/thread.h"
#include "kernel/kernel.h"
#include "model/half.h"

static const unsigned sizes[] = {2, 2, 4, 8}; /* by type */

struct decoding {
    struct w2v_model *model;
    const struct tensor *tensor;
    atomic_size_t too_large; /* the first row with a number too large for floats, or SIZE_MAX */
};

unsigned tensor_size(enum tensor_type type)
{
    return sizes[type];
}

static float decode(enum tensor_type type, const unsigned char *bytes, bool *too_large)
{
    double wide;
    uint64_t bits;
    switch (type) {
    case TENSOR_F16:
        return half_from_binary16((uint16_t)(bytes[0] | bytes[1] << 8));
    case TENSOR_BF16:
        return half_from_bfloat((uint16_t)(bytes[0] | bytes[1] << 8));
    case TENSOR_F32:
        return half_bits_float(hash_load32(bytes));
    case TENSOR_F64:
        break;
    }
    bits = hash_load64(bytes);
    memcpy(&wide, &bits, sizeof wide);
    *too_large |= isfinite(wide) && fabs(wide) > (double)FLT_MAX;
    return (float)wide;
}

/* Remembers a row with a number too large, if it is the first such row so far. */
static void note_too_large(struct decoding *d, size_t row)
{
    size_t first = atomic_load(&d->too_large);
    bool stored = false;
    while (row < first && !stored)
        stored = atomic_compare_exchange_weak(&d->too_large, &first, row);
}

/* Decodes a thread's share of the rows. */
static void decode_rows(void *arg, unsigned index, unsigned n)
{
    struct decoding *d = arg;
    const struct tensor *t = d->tensor;
    const size_t n_rows = d->model->n_words, dim = d->model->dim, size = sizes[t->type];
    const unsigned char *bytes = d->model->file.bytes + t->offset;
    for (size_t i = n_rows * index / n; i < n_rows * (index + 1) / n; i++) {
        float *row = (float *)d->model->matrix.bytes + i * d->model->stride;
        bool too_large = false;
        for (size_t k = 0; k < dim; k++)
            row[k] = decode(t->type, bytes + size * (t->by_columns ? k * n_rows + i : i * dim + k),
                            &too_large);
        if (too_large)
            note_too_large(d, i);
    }
}

int tensor_check(struct w2v_model *model, const struct tensor *t,
                 const struct model_opening *opening, struct w2v_error *error)
{
    const uint64_t size = sizes[t->type];
    if (t->n_rows == 0 || t->n_columns == 0 || t->n_rows >= UINT32_MAX)
        return error_set(error, W2V_EFORMAT,
                         "%s: a matrix of %" PRIu64 " x %" PRIu64
                         " gives no usable number of words "
                         "and dimensions",
                         opening->path, t->n_rows, t->n_columns);
    if (t->n_columns > t->n_bytes / size || t->n_rows > t->n_bytes / (size * t->n_columns) ||
        t->n_rows * t->n_columns * size != t->n_bytes)
        return error_set(error, W2V_EFORMAT,
                         "%s: a matrix of %" PRIu64 " x %" PRIu64 " numbers of %" PRIu64 " bytes "
                         "does not fill the %" PRIu64 " bytes that the file has for it: damaged",
                         opening->path, t->n_rows, t->n_columns, size, t->n_bytes);
    model->n_words = (size_t)t->n_rows;
    model->dim = (size_t)t->n_columns;
    return W2V_OK;
}

int tensor_take(struct w2v_model *model, const struct tensor *t,
                const struct model_opening *opening, struct w2v_error *error)
{
    if (t->type == TENSOR_F32 && !t->by_columns) {
        model->first_row = t->offset;
        return W2V_OK;
    }
    model->stride = kernel_pad(model->dim);
    int status = mem_map(&model->matrix, model->n_words, mem_product(model->stride, sizeof(float)),
                         "a model", error);
    struct decoding decoding = {model, t, SIZE_MAX};
    if (status != W2V_OK)
        return status;
    thread_run(t->n_bytes < 1 << 18 ? 1 : thread_count(opening->threads), decode_rows, &decoding);
    const size_t row = atomic_load(&decoding.too_large);
    if (row != SIZE_MAX)
        status = error_set(error, W2V_EFORMAT,
                           "%s: row %zu has a number that is too large for a float of 32 bits",
                           opening->path, row + 1);
    return status;
}
