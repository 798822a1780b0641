/* Matrices made small by product quantization. See quantized.h. */
#include "model/quantized.h"

#include <inttypes.h>
#include <string.h>

enum { CENTROIDS = 256, HEAD = 1 + 8 + 8 + 4, QUANTIZER = 4 * 4 };

static int damaged(const struct cursor *c, const char *name)
{
    return error_set(c->error, W2V_EFORMAT,
                     "%s: its quantized %s is damaged or incomplete: byte %zu of %zu", c->path,
                     name, c->at, c->n_bytes);
}

/* Reads a quantizer of dim numbers and returns its centroids; NULL if it cannot be right. */
static const unsigned char *read_quantizer(struct cursor *c, size_t dim, size_t *n_parts,
                                           size_t *n_part)
{
    const uint64_t n_bytes = (uint64_t)dim * CENTROIDS * sizeof(float);
    if (!cursor_has(c, QUANTIZER))
        return NULL;
    const int32_t columns = cursor_i32(c), parts = cursor_i32(c), part = cursor_i32(c),
                  last = cursor_i32(c);
    if (columns <= 0 || (size_t)columns != dim || parts <= 0 || part <= 0 || last <= 0 ||
        last > part || (int64_t)(parts - 1) * part + last != columns || !cursor_has(c, n_bytes))
        return NULL;
    *n_parts = (size_t)parts;
    *n_part = (size_t)part;
    c->at += (size_t)n_bytes;
    return c->bytes + c->at - n_bytes;
}

int quantized_read(struct quantized *q, struct cursor *c, size_t dim, const char *name)
{
    size_t one, one_too;
    *q = (struct quantized){.dim = dim};
    if (!cursor_has(c, HEAD))
        return damaged(c, name);
    const unsigned has_lengths = c->bytes[c->at++];
    const int64_t rows = cursor_i64(c), columns = cursor_i64(c);
    const int32_t n_codes = cursor_i32(c);
    if (has_lengths > 1 || rows < 0 || rows > INT32_MAX || columns != (int64_t)dim || n_codes < 0 ||
        !cursor_has(c, (uint64_t)n_codes))
        return damaged(c, name);
    q->n_rows = (uint64_t)rows;
    q->codes = c->bytes + c->at;
    c->at += (size_t)n_codes;
    q->centroids = read_quantizer(c, dim, &q->n_parts, &q->n_part);
    if (q->centroids == NULL || q->n_rows * q->n_parts != (uint64_t)n_codes)
        return damaged(c, name);
    if (has_lengths == 0)
        return W2V_OK;
    if (!cursor_has(c, q->n_rows))
        return damaged(c, name);
    q->lengths = c->bytes + c->at;
    c->at += (size_t)q->n_rows;
    q->length_centroids = read_quantizer(c, 1, &one, &one_too);
    return q->length_centroids != NULL ? W2V_OK : damaged(c, name);
}

static float float_at(const unsigned char *bytes, size_t i)
{
    const uint32_t bits = hash_load32(bytes + i * sizeof(float));
    float number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

void quantized_row(const struct quantized *q, uint64_t row, size_t first, size_t n, float *numbers)
{
    const unsigned char *codes = q->codes + row * q->n_parts;
    const float length = q->lengths != NULL ? float_at(q->length_centroids, q->lengths[row]) : 1;
    for (size_t k = 0; k < n; k++) {
        const size_t part = (first + k) / q->n_part, begin = part * q->n_part;
        const size_t size = q->dim - begin < q->n_part ? q->dim - begin : q->n_part;
        const size_t centroid = begin * CENTROIDS + codes[part] * size;
        numbers[k] = length * float_at(q->centroids, centroid + (first + k - begin));
    }
}
