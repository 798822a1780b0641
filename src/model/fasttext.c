/*
 * fastText's .bin files. See fasttext.h.
 *
 * Opening walks over the dictionary, which takes hardly any time, and does not touch the matrix. A
 * vector is made of its n-grams when it is first asked for, since `w2v vector` needs only a few. It
 * is then kept, since a search needs all of them, often. A thread that makes a row marks it. A
 * second thread that wants the row in the meantime does not wait but makes a copy, which has the
 * same bits.
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
#include "base/utf8.h"
#include "kernel/kernel.h"
#include "model/quantized.h"

enum { SUPERVISED = 3 };

/* So many additions may the vector of one word take: some 10 s. */
#define MAX_ADDITIONS ((uint64_t)1 << 36)

/* An n-gram that pruning kept: its bucket, and its row, counted behind those of the words. */
struct kept {
    uint32_t bucket, row;
};

enum { UNMADE, BEING_MADE, MADE };

struct fasttext {
    int32_t version; /* 0: the file is of 2016 */
    int32_t arguments[FASTTEXT_ARGUMENTS];
    double sample;
    int64_t n_tokens;
    uint64_t input; /* offset of the input matrix's floats */
    uint64_t n_rows;
    bool is_quantized; /* the input matrix is `quantized`, and `input` is 0 */
    struct quantized quantized;
    uint64_t output; /* offset of the output matrix's floats, a row a word; 0: there is none */
    bool is_pruned, has_ngrams;
    struct kept *kept; /* by rising bucket */
    size_t n_kept;
    struct mem_map made; /* (V, stride): vectors that are made; empty where the file has them */
    size_t stride;
    atomic_uchar *states; /* (V) of the rows in `made`; NULL: the file has the vectors */
};

/* ---- Reading ---- */

static int cut(const struct cursor *c, const char *where)
{
    return error_set(
        c->error, W2V_EFORMAT,
        "%s: the file ends at byte %zu, within its %s: damaged, or not a whole fastText "
        "file",
        c->path, c->n_bytes, where);
}

static void take_arguments(struct fasttext *f, struct cursor *c)
{
    f->version = 0;
    if (hash_load32(c->bytes) == FASTTEXT_MAGIC) {
        c->at = 4;
        f->version = cursor_i32(c);
    }
    for (int i = 0; i < FASTTEXT_ARGUMENTS; i++)
        f->arguments[i] = cursor_i32(c);
    const uint64_t bits = (uint64_t)cursor_i64(c);
    memcpy(&f->sample, &bits, sizeof bits);
}

enum { HEADER = 4 * FASTTEXT_ARGUMENTS + 8 };

/*
 * The files of 2016 have no magic number and begin with the arguments. They are recognised by
 * arguments that all make sense.
 */
bool fasttext_recognises(const struct file_map *file)
{
    struct fasttext f = {0};
    struct cursor c = {.bytes = file->bytes, .n_bytes = file->n_bytes};
    if (file->n_bytes >= 4 && hash_load32(file->bytes) == FASTTEXT_MAGIC)
        return true;
    if (file->n_bytes < HEADER)
        return false;
    take_arguments(&f, &c);
    const int32_t *a = f.arguments;
    return a[FASTTEXT_DIM] > 0 && a[FASTTEXT_DIM] <= W2V_MAX_DIM && a[FASTTEXT_WINDOW] > 0 &&
           a[FASTTEXT_WINDOW] <= W2V_MAX_WINDOW && a[FASTTEXT_EPOCHS] > 0 &&
           a[FASTTEXT_MIN_COUNT] >= 0 && a[FASTTEXT_NEGATIVE] >= 0 && a[FASTTEXT_WORD_NGRAMS] > 0 &&
           a[FASTTEXT_LOSS] > 0 && a[FASTTEXT_LOSS] <= 4 && a[FASTTEXT_MODEL] > 0 &&
           a[FASTTEXT_MODEL] <= 3 && a[FASTTEXT_BUCKETS] >= 0 && a[FASTTEXT_MINN] >= 0 &&
           a[FASTTEXT_MINN] <= SUBWORD_MOST_CHARACTERS && a[FASTTEXT_MAXN] >= 0 &&
           a[FASTTEXT_MAXN] <= SUBWORD_MOST_CHARACTERS && a[FASTTEXT_RATE_UPDATES] > 0 &&
           f.sample >= 0 && f.sample <= 1;
}

static int read_arguments(struct w2v_model *model, struct cursor *c)
{
    struct fasttext *f = model->fasttext;
    const int32_t *a = f->arguments;
    if (!cursor_has(c, HEADER + 8))
        return cut(c, "header");
    take_arguments(f, c);
    if (f->version != 0 && f->version != 11 && f->version != 12)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: version %" PRId32 " of the fastText format; w2v reads 11 and 12",
                         c->path, f->version);
    if (a[FASTTEXT_DIM] <= 0 || a[FASTTEXT_BUCKETS] < 0 ||
        a[FASTTEXT_MAXN] > SUBWORD_MOST_CHARACTERS || a[FASTTEXT_MODEL] < 1 ||
        a[FASTTEXT_MODEL] > 3)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: a fastText file of %" PRId32 " dimensions, %" PRId32 " buckets, "
                         "n-grams up to %" PRId32 " and model number %" PRId32 ": damaged",
                         c->path, a[FASTTEXT_DIM], a[FASTTEXT_BUCKETS], a[FASTTEXT_MAXN],
                         a[FASTTEXT_MODEL]);
    model->dim = (size_t)a[FASTTEXT_DIM];
    f->has_ngrams = a[FASTTEXT_MAXN] > 0 && a[FASTTEXT_MINN] <= a[FASTTEXT_MAXN] &&
                    a[FASTTEXT_BUCKETS] > 0 &&
                    !(f->version == 11 && a[FASTTEXT_MODEL] == SUPERVISED);
    return W2V_OK;
}

static int read_entries(struct w2v_model *model, struct cursor *c, size_t n)
{
    enum { BEHIND = 9 /* the count and the kind */, SHOWN = 60 };
    for (size_t i = 0; i < n; i++) {
        const unsigned char *word = c->bytes + c->at;
        const unsigned char *end = cursor_has(c, 1) ? memchr(word, 0, c->n_bytes - c->at) : NULL;
        if (end == NULL || c->n_bytes - (size_t)(end + 1 - c->bytes) < BEHIND)
            return cut(c, "dictionary");
        const size_t n_bytes = (size_t)(end - word);
        const bool is_label = i >= model->n_words;
        if (end[BEHIND] != is_label || n_bytes == 0)
            return error_set(c->error, W2V_EFORMAT,
                             "%s: entry %zu of the dictionary, \"%.*s\" at byte %zu, is not a %s: "
                             "damaged",
                             c->path, i + 1, (int)utf8_shorten((const char *)word, n_bytes, SHOWN),
                             (const char *)word, c->at, is_label ? "label" : "word");
        if (hash_load64(end + 1) > INT64_MAX)
            return error_set(c->error, W2V_EFORMAT,
                             "%s: the count of entry %zu of the dictionary is negative: damaged",
                             c->path, i + 1);
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
        const int32_t bucket = cursor_i32(c), row = cursor_i32(c);
        if (bucket < 0 || row < 0)
            return error_set(c->error, W2V_EFORMAT,
                             "%s: n-gram %zu of the list, at byte %zu, is out of range: damaged",
                             c->path, i + 1, c->at - 8);
        f->kept[i] = (struct kept){(uint32_t)bucket, (uint32_t)row};
    }
    qsort(f->kept, f->n_kept, sizeof *f->kept, compare_kept);
    for (size_t i = 1; i < f->n_kept; i++)
        if (f->kept[i].bucket == f->kept[i - 1].bucket)
            return error_set(c->error, W2V_EFORMAT,
                             "%s: bucket %" PRIu32 " is listed twice: damaged", c->path,
                             f->kept[i].bucket);
    return W2V_OK;
}

static int read_dictionary(struct w2v_model *model, struct cursor *c)
{
    enum { LEAST_ENTRY = 11 };
    struct fasttext *f = model->fasttext;
    if (!cursor_has(c, 3 * 4 + 8 + (f->version != 0 ? 8 : 0)))
        return cut(c, "header");
    const int64_t n = cursor_i32(c), n_words = cursor_i32(c), n_labels = cursor_i32(c);
    f->n_tokens = cursor_i64(c);
    const int64_t n_kept = f->version != 0 ? cursor_i64(c) : -1;
    if (n_words <= 0 || n_labels < 0 || n != n_words + n_labels || n_kept < -1 ||
        n_kept > INT32_MAX)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: a fastText dictionary of %" PRId64 " entries, %" PRId64 " words and "
                         "%" PRId64 " labels: damaged",
                         c->path, n, n_words, n_labels);
    if ((uint64_t)n > (c->n_bytes - c->at) / LEAST_ENTRY)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: its dictionary has %" PRId64
                         " entries, but the file has only %zu bytes: "
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

/*
 * Passes over a matrix. Gives back its number of rows and the offset of its floats, which is 0 if
 * the matrix is quantized. `quantized` is NULL where it must not be: only a file with a quantized
 * input matrix may have a quantized output matrix.
 */
static int pass_matrix(struct fasttext *f, size_t dim, struct cursor *c, const char *name,
                       struct quantized *quantized, uint64_t *floats, uint64_t *n_rows)
{
    const bool has_flag = f->version != 0;
    if (!cursor_has(c, 16 + has_flag))
        return cut(c, name);
    const unsigned flag = has_flag ? c->bytes[c->at++] : 0;
    if (flag > 1 || (flag == 1 && quantized == NULL))
        return error_set(c->error, W2V_EFORMAT,
                         "%s: byte %zu, which says whether its %s is quantized, is %u: damaged",
                         c->path, c->at - 1, name, flag);
    *floats = 0;
    if (flag == 1) {
        const int status = quantized_read(quantized, c, dim, name);
        *n_rows = quantized->n_rows;
        return status;
    }
    const int64_t rows = cursor_i64(c), columns = cursor_i64(c);
    const uint64_t left = (c->n_bytes - c->at) / 4;
    if (rows < 0 || columns != (int64_t)dim)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: its %s has %" PRId64 " rows of %" PRId64 " numbers instead of %zu: "
                         "damaged",
                         c->path, name, rows, columns, dim);
    if (left / dim < (uint64_t)rows)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: its %s has %" PRId64 " rows of %" PRId64 " numbers, but the file "
                         "has only %zu bytes: damaged, or not a whole fastText file",
                         c->path, name, rows, columns, c->n_bytes);
    *floats = c->at;
    *n_rows = (uint64_t)rows;
    c->at += (size_t)rows * dim * 4;
    return W2V_OK;
}

static int read_matrices(struct w2v_model *model, struct cursor *c)
{
    struct fasttext *f = model->fasttext;
    struct quantized output;
    uint64_t n_output, last = model->n_words - 1;
    int status =
        pass_matrix(f, model->dim, c, "input matrix", &f->quantized, &f->input, &f->n_rows);
    f->is_quantized = f->input == 0;
    if (status == W2V_OK)
        status = pass_matrix(f, model->dim, c, "output matrix", f->is_quantized ? &output : NULL,
                             &f->output, &n_output);
    if (status != W2V_OK)
        return status;
    if (n_output != model->n_words || f->arguments[FASTTEXT_MODEL] == SUPERVISED)
        f->output = 0; /* rows of labels */
    if (c->at != c->n_bytes)
        return error_set(c->error, W2V_EFORMAT,
                         "%s: %zu bytes behind the output matrix, which ends at byte %zu: damaged, "
                         "or not a fastText file",
                         c->path, c->n_bytes - c->at, c->at);
    if (f->has_ngrams && !f->is_pruned)
        last = model->n_words + (uint64_t)f->arguments[FASTTEXT_BUCKETS] - 1;
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

bool fasttext_subwords(const struct fasttext *f, struct subwords *subwords)
{
    const int32_t *a = f->arguments;
    if (f->has_ngrams)
        *subwords = (struct subwords){a[FASTTEXT_MINN] > 0 ? a[FASTTEXT_MINN] : 0, a[FASTTEXT_MAXN],
                                      (uint32_t)a[FASTTEXT_BUCKETS]};
    return f->has_ngrams;
}

bool fasttext_is_whole(const struct fasttext *f)
{
    return !f->is_quantized && !f->is_pruned;
}

bool fasttext_is_pruned(const struct fasttext *f)
{
    return f->is_pruned;
}

bool fasttext_makes_rows(const struct fasttext *f)
{
    return f->states != NULL;
}

size_t fasttext_memory(const struct fasttext *f)
{
    return f->made.n_bytes + f->n_kept * sizeof *f->kept;
}

/* ---- Rows ---- */

static void copy_row(const struct w2v_model *model, uint64_t row, size_t first, size_t n,
                     float *numbers)
{
    const struct fasttext *f = model->fasttext;
    if (f->is_quantized)
        quantized_row(&f->quantized, row, first, n, numbers);
    else
        model_copy_floats(numbers, model->file.bytes + f->input + 4 * (row * model->dim + first),
                          n);
}

void fasttext_own(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers)
{
    copy_row(model, id, first, n, numbers);
}

bool fasttext_ngram(const struct w2v_model *model, uint32_t bucket, size_t first, size_t n,
                    float *numbers)
{
    const struct fasttext *f = model->fasttext;
    uint64_t row = bucket;
    if (f->is_pruned) {
        const struct kept key = {bucket, 0};
        const struct kept *kept = bsearch(&key, f->kept, f->n_kept, sizeof *f->kept, compare_kept);
        if (kept == NULL)
            return false;
        row = kept->row;
    }
    copy_row(model, model->n_words + row, first, n, numbers);
    return true;
}

size_t fasttext_n_outputs(const struct w2v_model *model)
{
    /*
     * A tree of V words has only V - 1 nodes: the last of the V rows is unused. Rows of the losses
     * softmax and one-vs-all are of no use to w2v, which trains neither.
     */
    const int32_t loss = model->fasttext->arguments[FASTTEXT_LOSS];
    if (model->fasttext->output == 0 || (loss != FASTTEXT_HS && loss != FASTTEXT_NS))
        return 0;
    return model->n_words - (loss == FASTTEXT_HS);
}

bool fasttext_output(const struct w2v_model *model, size_t row, float *numbers)
{
    const uint64_t output = model->fasttext->output;
    const bool has = row < fasttext_n_outputs(model);
    if (has)
        model_copy_floats(numbers, model->file.bytes + output + 4 * (uint64_t)row * model->dim,
                          model->dim);
    return has;
}

const float *fasttext_row(const struct w2v_model *model, size_t id, float *copy)
{
    struct fasttext *f = model->fasttext;
    float *row = (float *)f->made.bytes + id * f->stride;
    unsigned char state = atomic_load_explicit(&f->states[id], memory_order_acquire);
    if (state == UNMADE &&
        atomic_compare_exchange_strong_explicit(&f->states[id], &state, BEING_MADE,
                                                memory_order_acquire, memory_order_acquire)) {
        model_compose_row(model, id, 0, model->dim, row);
        atomic_store_explicit(&f->states[id], MADE, memory_order_release);
        return row;
    }
    if (state == MADE)
        return row;
    model_compose_row(model, id, 0, model->dim, copy);
    return copy;
}

void fasttext_part(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers)
{
    const struct fasttext *f = model->fasttext;
    if (atomic_load_explicit(&f->states[id], memory_order_acquire) == MADE)
        memcpy(numbers, (const float *)f->made.bytes + id * f->stride + first, n * sizeof *numbers);
    else
        model_compose_row(model, id, first, n, numbers);
}

/*
 * Whether the vector of a word takes at most MAX_ADDITIONS. With 300 dimensions and fastText's default
 * lengths a word may have 50 million characters.
 */
static bool has_few_ngrams(const struct fasttext *f, const char *word, size_t n_bytes)
{
    const int32_t least = f->arguments[FASTTEXT_MINN] > 1 ? f->arguments[FASTTEXT_MINN] : 1;
    const uint64_t n_lengths = (uint64_t)(f->arguments[FASTTEXT_MAXN] - least + 1),
                   most = MAX_ADDITIONS / n_lengths / (uint64_t)f->arguments[FASTTEXT_DIM];
    return n_bytes + 2 <= most || subword_count_characters(word, n_bytes) + 2 <= most;
}

static int check_ngrams(const struct w2v_model *model, const struct cursor *c)
{
    for (size_t id = 0; id < model->n_words; id++) {
        size_t n_bytes;
        const char *word = w2v_word(model, id, &n_bytes);
        if (!has_few_ngrams(model->fasttext, word, n_bytes))
            return error_set(c->error, W2V_EFORMAT,
                             "%s: word %zu, of %zu bytes, has too many n-grams of up to %" PRId32
                             " characters for vectors of %zu dimensions",
                             c->path, id + 1, n_bytes, model->fasttext->arguments[FASTTEXT_MAXN],
                             model->dim);
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
    if (status != W2V_OK || (!f->has_ngrams && !f->is_quantized)) {
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

static void visit_number(w2v_info_fn visit, void *context, const char *key, int32_t number)
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
    char text[NUMBER_DOUBLE_TEXT];
    if (f->version != 0)
        visit_number(visit, context, "version", f->version);
    visit(context, "model", models[a[FASTTEXT_MODEL]]);
    if (a[FASTTEXT_LOSS] > 0 && a[FASTTEXT_LOSS] <= 4)
        visit(context, "loss", losses[a[FASTTEXT_LOSS]]);
    visit_number(visit, context, "window", a[FASTTEXT_WINDOW]);
    visit_number(visit, context, "negative", a[FASTTEXT_NEGATIVE]);
    number_print_double(f->sample, text);
    visit(context, "sample", text);
    visit_number(visit, context, "epochs", a[FASTTEXT_EPOCHS]);
    visit_number(visit, context, "min_count", a[FASTTEXT_MIN_COUNT]);
    number_format(text, sizeof text, "%" PRId64, f->n_tokens);
    visit(context, "corpus_tokens", text);
    if (f->version != 0)
        visit(context, "quantized", f->is_quantized ? "yes" : "no");
    visit(context, "subwords", f->has_ngrams ? "yes" : "no");
    if (f->has_ngrams) {
        visit_number(visit, context, "minn", a[FASTTEXT_MINN]);
        visit_number(visit, context, "maxn", a[FASTTEXT_MAXN]);
        visit_number(visit, context, "buckets", a[FASTTEXT_BUCKETS]);
    }
}
