/*
 * What vectors are made of, for w2v's own files and fastText's, and making them. See model.h.
 */
#include <stdlib.h>
#include <string.h>

#include "model/fasttext.h"

/* ---- Rows ---- */

bool model_subwords(const struct w2v_model *model, struct subwords *subwords)
{
    if (model->fasttext != NULL)
        return fasttext_subwords(model->fasttext, subwords);
    *subwords = model->container.subwords;
    return model->container.has_subwords;
}

bool model_is_pruned(const struct w2v_model *model)
{
    return model->fasttext != NULL && fasttext_is_pruned(model->fasttext);
}

bool model_ngram(const struct w2v_model *model, uint32_t bucket, size_t first, size_t n,
                 float *numbers)
{
    if (model->fasttext != NULL)
        return fasttext_ngram(model, bucket, first, n, numbers);
    container_ngram(&model->container, bucket, first, n, numbers);
    return true;
}

void model_own(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers)
{
    if (model->fasttext != NULL)
        fasttext_own(model, id, first, n, numbers);
    else
        container_own(&model->container, id, first, n, numbers);
}

/* Whether a number is anything but +0. */
static bool has_bits(float number)
{
    uint32_t bits;
    memcpy(&bits, &number, sizeof bits);
    return bits != 0;
}

/*
 * Lists the rows of fastText's files. They have one for every bucket; rows of zeros do not count.
 */
static void list_rows(const struct w2v_model *model, uint32_t n_buckets, float *row,
                      uint32_t *buckets, size_t *n)
{
    for (uint32_t bucket = 0; bucket < n_buckets; bucket++) {
        size_t k = 0;
        model_ngram(model, bucket, 0, model->dim, row);
        while (k < model->dim && !has_bits(row[k]))
            k++;
        if (k < model->dim)
            buckets[(*n)++] = bucket;
    }
}

/* Lists the buckets of a w2v file, which has a row for each. */
static int list_buckets(const struct w2v_model *model, uint32_t *buckets, size_t *n,
                        struct w2v_error *error)
{
    for (; *n < model->container.n_ngrams; ++*n)
        if (!container_ngram_bucket(&model->container, *n, buckets + *n))
            return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its n-grams cannot be read",
                             model->path);
    return W2V_OK;
}

int model_list_ngrams(const struct w2v_model *model, bool *whole, uint32_t **buckets, size_t *n,
                      struct w2v_error *error)
{
    static const char what[] = "a model's n-grams";
    struct subwords subwords;
    int status = W2V_OK;
    *buckets = NULL;
    *n = 0;
    *whole = model_subwords(model, &subwords) &&
             (model->fasttext == NULL || fasttext_is_whole(model->fasttext));
    if (!*whole)
        return W2V_OK;
    const size_t most = model->is_container ? model->container.n_ngrams : subwords.buckets;
    uint32_t *list = mem_calloc(most + 1, sizeof *list, what, error);
    float *row = mem_calloc(model->dim, sizeof *row, what, error);
    if (list == NULL || row == NULL)
        status = W2V_ENOMEM;
    else if (model->is_container)
        status = list_buckets(model, list, n, error);
    else
        list_rows(model, subwords.buckets, row, list, n);
    free(row);
    if (status == W2V_OK)
        *buckets = list;
    else
        free(list);
    return status;
}

/* ---- Vectors ---- */

/* A sum of n_rows rows, of which it has the numbers first .. first + n - 1. */
struct row_sum {
    const struct w2v_model *model;
    size_t first, n, n_rows;
    float *numbers;
};

enum { PART = 256 };

static size_t part_size(const struct row_sum *sum, size_t at)
{
    return sum->n - at < PART ? sum->n - at : PART;
}

static void add_bucket(void *context, uint32_t bucket)
{
    struct row_sum *sum = context;
    float part[PART];
    for (size_t at = 0; at < sum->n; at += PART) {
        float *restrict to = sum->numbers + at;
        const size_t n = part_size(sum, at);
        if (!model_ngram(sum->model, bucket, sum->first + at, n, part))
            return;
        for (size_t k = 0; k < n; k++)
            to[k] += part[k];
    }
    sum->n_rows++;
}

static void add_ngrams(struct row_sum *sum, const char *word, size_t n_bytes)
{
    struct subwords subwords;
    if (model_subwords(sum->model, &subwords))
        subword_visit(&subwords, word, n_bytes, add_bucket, sum);
}

static void divide(struct row_sum *sum)
{
    const float scale = (float)(1.0 / (double)sum->n_rows);
    for (size_t k = 0; k < sum->n; k++)
        sum->numbers[k] *= scale;
}

void model_compose_row(const struct w2v_model *model, size_t id, size_t first, size_t n,
                       float *numbers)
{
    struct row_sum sum = {model, first, n, 1, numbers};
    size_t n_bytes;
    const char *word = w2v_word(model, id, &n_bytes);
    model_own(model, id, first, n, numbers);
    for (size_t k = 0; k < n; k++)
        numbers[k] += 0.0f; /* -0 becomes +0, as in a sum that begins with zeros */
    add_ngrams(&sum, word, n_bytes);
    divide(&sum);
}

bool model_compose_word(const struct w2v_model *model, const char *word, size_t n_bytes,
                        float *vector)
{
    struct row_sum sum = {model, 0, model->dim, 0, vector};
    memset(vector, 0, model->dim * sizeof *vector);
    add_ngrams(&sum, word, n_bytes);
    if (sum.n_rows > 0)
        divide(&sum);
    return sum.n_rows > 0;
}
