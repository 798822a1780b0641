/*
 * fastText's .bin files. See fasttext.h.
 *
 * Opening walks over the dictionary, which takes no time to speak of; the matrix is not touched.
 * Vectors are made of n-grams when first asked for: a search asks for all of them, but once, and
 * `w2v vector` for a few. A thread that makes a row marks it; another one that wants the row
 * meanwhile makes itself a copy instead of waiting. The bits are the same.
 */
#include "model/fasttext.h"

#include <inttypes.h>
#include <math.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "kernel/kernel.h"
#include "text/subword.h"

enum {
    MAGIC = 793712314,
    N_ARGUMENTS = 12,
    MAX_NGRAM = 100,      /* characters; longer ones are a lie that would cost time */
    MAX_NGRAMS = 1 << 15, /* of a word, for which its vector takes so many sums: likewise */
    SUPERVISED = 3
};

enum argument {
    DIM,
    WINDOW,
    EPOCHS,
    MIN_COUNT,
    NEGATIVE,
    WORD_NGRAMS,
    LOSS,
    MODEL,
    BUCKETS,
    MINN,
    MAXN,
    RATE_UPDATES
};

/* An n-gram that pruning left: its bucket, and its row behind those of the words. */
struct kept {
    uint32_t bucket, row;
};

enum { UNMADE, BEING_MADE, MADE };

struct fasttext {
    int32_t version; /* 0: of 2016 */
    int32_t arguments[N_ARGUMENTS];
    double sample;
    uint64_t input; /* offset of the input matrix's floats */
    uint64_t n_rows;
    bool is_pruned, has_ngrams;
    struct kept *kept; /* by rising bucket */
    size_t n_kept;
    struct mem_map made; /* (V, stride) */
    size_t stride;
    atomic_uchar *states; /* (V) */
};

/* ---- Reading ---- */

/* The file from `at` on. */
struct cursor {
    const unsigned char *bytes;
    size_t n_bytes, at;
    const char *path;
    struct w2v_error *error;
};

static bool has(const struct cursor *c, uint64_t n)
{
    return n <= c->n_bytes - c->at;
}

static int32_t take_i32(struct cursor *c)
{
    const uint32_t bits = hash_load32(c->bytes + c->at);
    c->at += 4;
    return (int32_t)bits;
}

static int64_t take_i64(struct cursor *c)
{
    const uint64_t bits = hash_load64(c->bytes + c->at);
    c->at += 8;
    return (int64_t)bits;
}

static int cut(const struct cursor *c, const char *where)
{
    return error_set(c->error, W2V_EFORMAT,
                     "%s: the file ends at byte %zu, in its %s: damaged, or not all of a fastText "
                     "file",
                     c->path, c->n_bytes, where);
}

static void take_arguments(struct fasttext *f, struct cursor *c)
{
    f->version = 0;
    if (hash_load32(c->bytes) == MAGIC) {
        c->at = 4;
        f->version = take_i32(c);
    }
    for (int i = 0; i < N_ARGUMENTS; i++)
        f->arguments[i] = take_i32(c);
    const uint64_t bits = (uint64_t)take_i64(c);
    memcpy(&f->sample, &bits, sizeof bits);
}

enum { HEADER = 4 * N_ARGUMENTS + 8 };

/* The files of 2016 begin with their arguments: only numbers that make sense are taken for them. */
bool fasttext_recognises(const struct file_map *file)
{
    struct fasttext f = {0};
    struct cursor c = {.bytes = file->bytes, .n_bytes = file->n_bytes};
    if (file->n_bytes >= 4 && hash_load32(file->bytes) == MAGIC)
        return true;
    if (file->n_bytes < HEADER)
        return false;
    take_arguments(&f, &c);
    const int32_t *a = f.arguments;
    return a[DIM] > 0 && a[DIM] <= W2V_MAX_DIM && a[WINDOW] > 0 && a[WINDOW] <= W2V_MAX_WINDOW &&
           a[EPOCHS] > 0 && a[MIN_COUNT] >= 0 && a[NEGATIVE] >= 0 && a[WORD_NGRAMS] > 0 &&
           a[LOSS] > 0 && a[LOSS] <= 4 && a[MODEL] > 0 && a[MODEL] <= 3 && a[BUCKETS] >= 0 &&
           a[MINN] >= 0 && a[MINN] <= MAX_NGRAM && a[MAXN] >= 0 && a[MAXN] <= MAX_NGRAM &&
           a[RATE_UPDATES] > 0 && f.sample >= 0 && f.sample <= 1;
}

static int read_arguments(struct w2v_model *model, struct cursor *c)
{
    struct fasttext *f = model->fasttext;
    const int32_t *a = f->arguments;
    if (!has(c, HEADER + 8))
        return cut(c, "header");
    take_arguments(f, c);
    if (f->version != 0 && f->version != 11 && f->version != 12)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: version %" PRId32 " of the fastText format; w2v reads 11 and 12",
                         c->path, f->version);
    if (a[DIM] <= 0 || a[BUCKETS] < 0 || a[MAXN] > MAX_NGRAM || a[MODEL] < 1 || a[MODEL] > 3)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: a fastText file of %" PRId32 " dimensions, %" PRId32 " buckets, "
                         "n-grams up to %" PRId32 " and model number %" PRId32 ": damaged",
                         c->path, a[DIM], a[BUCKETS], a[MAXN], a[MODEL]);
    model->dim = (size_t)a[DIM];
    f->has_ngrams = a[MAXN] > 0 && a[MINN] <= a[MAXN] && a[BUCKETS] > 0 &&
                    !(f->version == 11 && a[MODEL] == SUPERVISED);
    return W2V_OK;
}

static int read_entries(struct w2v_model *model, struct cursor *c, size_t n)
{
    enum { BEHIND = 9 /* the count and the kind */, SHOWN = 60 };
    for (size_t i = 0; i < n; i++) {
        const unsigned char *word = c->bytes + c->at;
        const unsigned char *end = has(c, 1) ? memchr(word, 0, c->n_bytes - c->at) : NULL;
        if (end == NULL || c->n_bytes - (size_t)(end + 1 - c->bytes) < BEHIND)
            return cut(c, "dictionary");
        const size_t n_bytes = (size_t)(end - word);
        const bool is_label = i >= model->n_words;
        if (end[BEHIND] != is_label || n_bytes == 0)
            return error_set(c->error, W2V_EFORMAT,
                             "%s: entry %zu of the dictionary, \"%.*s\" at byte %zu, is no %s: "
                             "damaged",
                             c->path, i + 1, (int)(n_bytes < SHOWN ? n_bytes : SHOWN),
                             (const char *)word, c->at, is_label ? "label" : "word");
        if (!is_label)
            model->words[i] = (struct model_word){c->at, n_bytes};
        c->at += n_bytes + 1 + BEHIND;
    }
    return W2V_OK;
}

static int compare_kept(const void *a, const void *b)
{
    const struct kept *x = a, *y = b;
    return (x->bucket > y->bucket) - (x->bucket < y->bucket);
}

static int read_kept(struct fasttext *f, struct cursor *c)
{
    if (f->n_kept > (c->n_bytes - c->at) / 8)
        return cut(c, "list of n-grams");
    f->kept = mem_calloc(f->n_kept, sizeof *f->kept, "a model's n-grams", c->error);
    if (f->kept == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < f->n_kept; i++) {
        const int32_t bucket = take_i32(c), row = take_i32(c);
        if (bucket < 0 || row < 0)
            return error_set(c->error, W2V_EFORMAT,
                             "%s: n-gram %zu of those kept, at byte %zu, is out of range: damaged",
                             c->path, i + 1, c->at - 8);
        f->kept[i] = (struct kept){(uint32_t)bucket, (uint32_t)row};
    }
    qsort(f->kept, f->n_kept, sizeof *f->kept, compare_kept);
    return W2V_OK;
}

static int read_dictionary(struct w2v_model *model, struct cursor *c)
{
    enum { LEAST_ENTRY = 11 };
    struct fasttext *f = model->fasttext;
    if (!has(c, 3 * 4 + 8 + (f->version != 0 ? 8 : 0)))
        return cut(c, "header");
    const int64_t n = take_i32(c), n_words = take_i32(c), n_labels = take_i32(c);
    c->at += 8; /* tokens */
    const int64_t n_kept = f->version != 0 ? take_i64(c) : -1;
    if (n_words <= 0 || n_labels < 0 || n != n_words + n_labels || n_kept < -1 ||
        n_kept > INT32_MAX)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: a fastText dictionary of %" PRId64 " entries, %" PRId64 " words and "
                         "%" PRId64 " labels: damaged",
                         c->path, n, n_words, n_labels);
    if ((uint64_t)n > (c->n_bytes - c->at) / LEAST_ENTRY)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: its dictionary has %" PRId64 " entries, but the file only %zu bytes: "
                         "damaged",
                         c->path, n, c->n_bytes);
    model->n_words = (size_t)n_words;
    int status = model_make_words(model, c->error);
    if (status == W2V_OK)
        status = read_entries(model, c, (size_t)n);
    f->is_pruned = n_kept >= 0;
    f->n_kept = f->is_pruned ? (size_t)n_kept : 0;
    return status == W2V_OK ? read_kept(f, c) : status;
}

/* Passes over a matrix; its floats' offset and its rows are given back. */
static int pass_matrix(const struct w2v_model *model, struct cursor *c, const char *name,
                       uint64_t *floats, uint64_t *n_rows)
{
    if (!has(c, 16 + (model->fasttext->version != 0)))
        return cut(c, name);
    if (model->fasttext->version != 0 && c->bytes[c->at++] != 0)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: a quantized fastText file; only those that are not quantized can be "
                         "read",
                         c->path);
    const int64_t rows = take_i64(c), columns = take_i64(c);
    const uint64_t left = (c->n_bytes - c->at) / 4;
    if (rows < 0 || columns != (int64_t)model->dim)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: its %s has %" PRId64 " rows of %" PRId64 ", not of %zu numbers: "
                         "damaged",
                         c->path, name, rows, columns, model->dim);
    if (left / model->dim < (uint64_t)rows)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: its %s has %" PRId64 " rows of %" PRId64 " numbers, but the file "
                         "only %zu bytes: damaged, or not all of a fastText file",
                         c->path, name, rows, columns, c->n_bytes);
    *floats = c->at;
    *n_rows = (uint64_t)rows;
    c->at += (size_t)rows * model->dim * 4;
    return W2V_OK;
}

static int read_matrices(struct w2v_model *model, struct cursor *c)
{
    struct fasttext *f = model->fasttext;
    uint64_t output, n_output, last = model->n_words - 1;
    int status = pass_matrix(model, c, "input matrix", &f->input, &f->n_rows);
    if (status == W2V_OK)
        status = pass_matrix(model, c, "output matrix", &output, &n_output);
    if (status != W2V_OK)
        return status;
    if (c->at != c->n_bytes)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: %zu bytes behind the output matrix, which ends at byte %zu: damaged, "
                         "or not a fastText file",
                         c->path, c->n_bytes - c->at, c->at);
    if (f->has_ngrams && !f->is_pruned)
        last = model->n_words + (uint64_t)f->arguments[BUCKETS] - 1;
    for (size_t i = 0; i < f->n_kept; i++)
        if (model->n_words + f->kept[i].row > last)
            last = model->n_words + f->kept[i].row;
    if (f->n_rows <= last)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: its input matrix has %" PRIu64 " rows where words and n-grams need "
                         "%" PRIu64 ": damaged",
                         c->path, f->n_rows, last + 1);
    return W2V_OK;
}

void fasttext_release(struct fasttext *f)
{
    if (f == NULL)
        return;
    mem_unmap(&f->made);
    free(f->states);
    free(f->kept);
    free(f);
}

bool fasttext_has_subwords(const struct fasttext *f)
{
    return f->has_ngrams;
}

/* ---- Vectors ---- */

/* A sum of rows of the input matrix, of their numbers first .. first + n - 1. */
struct sum {
    const struct w2v_model *model;
    size_t first, n, n_rows;
    float *numbers;
};

static void sum_row(struct sum *sum, uint64_t row)
{
    const struct fasttext *f = sum->model->fasttext;
    const unsigned char *from =
        sum->model->file.bytes + f->input + 4 * (row * sum->model->dim + sum->first);
    float *restrict to = sum->numbers;
    if (container_host_is_little()) {
        for (size_t k = 0; k < sum->n; k++) {
            float number;
            memcpy(&number, from + 4 * k, sizeof number);
            to[k] += number;
        }
    } else {
        for (size_t k = 0; k < sum->n; k++) {
            const uint32_t bits = hash_load32(from + 4 * k);
            float number;
            memcpy(&number, &bits, sizeof number);
            to[k] += number;
        }
    }
    sum->n_rows++;
}

static void sum_bucket(void *context, uint32_t bucket)
{
    struct sum *sum = context;
    const struct fasttext *f = sum->model->fasttext;
    uint64_t row = bucket;
    if (f->is_pruned) {
        const struct kept key = {bucket, 0};
        const struct kept *kept = bsearch(&key, f->kept, f->n_kept, sizeof *f->kept, compare_kept);
        if (kept == NULL)
            return;
        row = kept->row;
    }
    sum_row(sum, sum->model->n_words + row);
}

static void sum_ngrams(struct sum *sum, const char *word, size_t n_bytes)
{
    const int32_t *a = sum->model->fasttext->arguments;
    const struct subwords subwords = {a[MINN], a[MAXN], (uint32_t)a[BUCKETS]};
    subword_visit(&subwords, word, n_bytes, sum_bucket, sum);
}

static void finish_sum(struct sum *sum)
{
    const float scale = (float)(1.0 / (double)sum->n_rows);
    for (size_t k = 0; k < sum->n; k++)
        sum->numbers[k] *= scale;
}

static void compose_row(const struct w2v_model *model, size_t id, size_t first, size_t n,
                        float *numbers)
{
    struct sum sum = {model, first, n, 0, numbers};
    size_t n_bytes;
    const char *word = w2v_word(model, id, &n_bytes);
    memset(numbers, 0, n * sizeof *numbers);
    sum_row(&sum, id);
    sum_ngrams(&sum, word, n_bytes);
    finish_sum(&sum);
}

bool fasttext_compose(const struct w2v_model *model, const char *word, size_t n_bytes,
                      float *vector)
{
    struct sum sum = {model, 0, model->dim, 0, vector};
    memset(vector, 0, model->dim * sizeof *vector);
    if (!model->fasttext->has_ngrams)
        return false;
    sum_ngrams(&sum, word, n_bytes);
    if (sum.n_rows > 0)
        finish_sum(&sum);
    return sum.n_rows > 0;
}

const float *fasttext_row(const struct w2v_model *model, size_t id, float *copy)
{
    struct fasttext *f = model->fasttext;
    float *row = (float *)f->made.bytes + id * f->stride;
    unsigned char state = atomic_load_explicit(&f->states[id], memory_order_acquire);
    if (state == UNMADE &&
        atomic_compare_exchange_strong_explicit(&f->states[id], &state, BEING_MADE,
                                                memory_order_acquire, memory_order_acquire)) {
        compose_row(model, id, 0, model->dim, row);
        atomic_store_explicit(&f->states[id], MADE, memory_order_release);
        return row;
    }
    if (state == MADE)
        return row;
    compose_row(model, id, 0, model->dim, copy);
    return copy;
}

void fasttext_part(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers)
{
    const struct fasttext *f = model->fasttext;
    if (atomic_load_explicit(&f->states[id], memory_order_acquire) == MADE)
        memcpy(numbers, (const float *)f->made.bytes + id * f->stride + first, n * sizeof *numbers);
    else
        compose_row(model, id, first, n, numbers);
}

/*
 * Whether a word has at most MAX_NGRAMS n-grams; a word of fastText's usual ones may have 8,000
 * characters. A file with more for its bytes would take time that does not go with its size.
 */
static bool has_few_ngrams(const struct fasttext *f, const char *word, size_t n_bytes)
{
    const int32_t least = f->arguments[MINN] > 1 ? f->arguments[MINN] : 1;
    const size_t n_lengths = (size_t)(f->arguments[MAXN] - least + 1);
    return n_bytes + 2 <= MAX_NGRAMS / n_lengths ||
           subword_count_characters(word, n_bytes) + 2 <= MAX_NGRAMS / n_lengths;
}

static int check_ngrams(const struct w2v_model *model, const struct cursor *c)
{
    for (size_t id = 0; id < model->n_words; id++) {
        size_t n_bytes;
        const char *word = w2v_word(model, id, &n_bytes);
        if (!has_few_ngrams(model->fasttext, word, n_bytes))
            return error_set(c->error, W2V_EFORMAT,
                             "%s: word %zu has %zu bytes, and with n-grams of up to %" PRId32
                             " characters more than %d of them: damaged",
                             c->path, id + 1, n_bytes, model->fasttext->arguments[MAXN],
                             MAX_NGRAMS);
    }
    return W2V_OK;
}

/* ---- Opening ---- */

int fasttext_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error)
{
    struct cursor c = {model->file.bytes, model->file.n_bytes, 0, opening->path, error};
    struct fasttext *f = mem_calloc(1, sizeof *f, "a model", error);
    model->fasttext = f;
    if (f == NULL)
        return W2V_ENOMEM;
    int status = read_arguments(model, &c);
    if (status == W2V_OK)
        status = read_dictionary(model, &c);
    if (status == W2V_OK)
        status = read_matrices(model, &c);
    if (status == W2V_OK && f->has_ngrams)
        status = check_ngrams(model, &c);
    if (status != W2V_OK || !f->has_ngrams) {
        model->first_row = f->input;
        return status;
    }
    f->stride = kernel_pad(model->dim);
    f->states = mem_calloc(model->n_words, sizeof *f->states, "a model's rows", error);
    if (f->states == NULL)
        return W2V_ENOMEM;
    return mem_map(&f->made, model->n_words, mem_product(f->stride, sizeof(float)),
                   "a model's rows", error);
}

/* ---- What the file says of itself ---- */

uint64_t fasttext_count(const struct w2v_model *model, size_t id)
{
    const struct model_word *word = &model->words[id];
    return hash_load64(model->file.bytes + word->offset + word->n_bytes + 1);
}

static void tell(w2v_info_fn visit, void *context, const char *key, int32_t number)
{
    char text[16];
    snprintf(text, sizeof text, "%" PRId32, number);
    visit(context, key, text);
}

void fasttext_info(const struct w2v_model *model, w2v_info_fn visit, void *context)
{
    static const char *const models[] = {"", "cbow", "sg", "supervised"};
    static const char *const losses[] = {"", "hs", "ns", "softmax", "ova"};
    const struct fasttext *f = model->fasttext;
    const int32_t *a = f->arguments;
    char text[32];
    if (f->version != 0)
        tell(visit, context, "version", f->version);
    visit(context, "model", models[a[MODEL]]);
    if (a[LOSS] > 0 && a[LOSS] <= 4)
        visit(context, "loss", losses[a[LOSS]]);
    tell(visit, context, "window", a[WINDOW]);
    tell(visit, context, "negative", a[NEGATIVE]);
    number_format(text, sizeof text, "%.12g", f->sample);
    visit(context, "sample", text);
    tell(visit, context, "epochs", a[EPOCHS]);
    tell(visit, context, "min_count", a[MIN_COUNT]);
    visit(context, "subwords", f->has_ngrams ? "yes" : "no");
    if (f->has_ngrams) {
        tell(visit, context, "minn", a[MINN]);
        tell(visit, context, "maxn", a[MAXN]);
        tell(visit, context, "buckets", a[BUCKETS]);
    }
}
