/* Writing fastText's .bin files. See fasttext.h for their layout. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/outfile.h"
#include "model/container_input.h"
#include "model/fasttext.h"

struct fasttext_writer {
    struct outfile out;
    const struct container_input *in;
    struct w2v_error *error;
    struct subwords subwords; /* buckets 0: there are none */
    float *copy, *zeros;      /* (D) */
    uint64_t n_done, n_rows;  /* rows of both matrices: written, and all */
};

/* ---- Arguments ---- */

/* The value of a key in the training record, or "" if the record does not have the key. */
static void find_value(const struct container_input *in, const char *key, char value[32])
{
    const size_t n_key = strlen(key);
    const char *line = in->record, *end = line != NULL ? line + in->n_record_bytes : NULL;
    value[0] = '\0';
    while (line != NULL && line < end) {
        const char *lf = memchr(line, '\n', (size_t)(end - line));
        const size_t n = (size_t)((lf != NULL ? lf : end) - line);
        if (n > n_key && line[n_key] == '\t' && memcmp(line, key, n_key) == 0 &&
            n - n_key - 1 < 32) {
            memcpy(value, line + n_key + 1, n - n_key - 1);
            value[n - n_key - 1] = '\0';
        }
        line = lf != NULL ? lf + 1 : end;
    }
}

static double find_number(const struct container_input *in, const char *key, double fallback)
{
    char value[32];
    double number;
    find_value(in, key, value);
    return number_parse_double(value, strlen(value), &number) && number >= 0 ? number : fallback;
}

static int32_t find_count(const struct container_input *in, const char *key, int32_t fallback)
{
    const double number = find_number(in, key, fallback);
    return number < INT32_MAX ? (int32_t)number : INT32_MAX;
}

/* Makes the arguments: those of the training record, or else fastText's defaults. */
static void make_arguments(const struct fasttext_writer *w, int32_t arguments[FASTTEXT_ARGUMENTS])
{
    enum { CBOW = 1, SKIPGRAM = 2 };
    char model[32], loss[32];
    find_value(w->in, "model", model);
    find_value(w->in, "loss", loss);
    const bool is_tree = strcmp(loss, "hs") == 0;
    const int32_t values[FASTTEXT_ARGUMENTS] = {
        [FASTTEXT_DIM] = (int32_t)w->in->dim,
        [FASTTEXT_WINDOW] = find_count(w->in, "window", 5),
        [FASTTEXT_EPOCHS] = find_count(w->in, "epochs", 5),
        [FASTTEXT_MIN_COUNT] = find_count(w->in, "min_count", 5),
        /* With a tree and negatives in one file, gensim would train by both losses. */
        [FASTTEXT_NEGATIVE] = find_count(w->in, "negative", is_tree ? 0 : 5),
        [FASTTEXT_WORD_NGRAMS] = 1,
        [FASTTEXT_LOSS] = is_tree ? FASTTEXT_HS : FASTTEXT_NS,
        [FASTTEXT_MODEL] = strcmp(model, "cbow") == 0 ? CBOW : SKIPGRAM,
        [FASTTEXT_BUCKETS] = (int32_t)w->subwords.buckets,
        [FASTTEXT_MINN] = w->subwords.minn,
        [FASTTEXT_MAXN] = w->subwords.maxn,
        [FASTTEXT_RATE_UPDATES] = 100,
    };
    memcpy(arguments, values, sizeof values);
}

/* ---- Writing ---- */

static int put_number(struct fasttext_writer *w, uint64_t number, size_t n_bytes)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < n_bytes; i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
    return outfile_write(&w->out, bytes, n_bytes, w->error);
}

static int put_header(struct fasttext_writer *w)
{
    int32_t arguments[FASTTEXT_ARGUMENTS];
    const double sample = find_number(w->in, "sample", 1e-4);
    uint64_t bits;
    memcpy(&bits, &sample, sizeof bits);
    make_arguments(w, arguments);
    int status = put_number(w, FASTTEXT_MAGIC, 4);
    if (status == W2V_OK)
        status = put_number(w, FASTTEXT_VERSION, 4);
    for (int i = 0; i < FASTTEXT_ARGUMENTS && status == W2V_OK; i++)
        status = put_number(w, (uint32_t)arguments[i], 4);
    return status == W2V_OK ? put_number(w, bits, 8) : status;
}

static uint64_t count_of(const struct container_input *in, size_t id)
{
    return in->counts != NULL && in->counts[id] > 0 ? in->counts[id] : 1;
}

static int put_word(struct fasttext_writer *w, size_t id)
{
    size_t n;
    const char *word = w->in->word(w->in->word_context, id, &n);
    int status = outfile_write(&w->out, word, n, w->error);
    if (status == W2V_OK)
        status = put_number(w, 0, 1);
    if (status == W2V_OK)
        status = put_number(w, count_of(w->in, id), 8);
    return status == W2V_OK ? put_number(w, 0, 1) : status; /* a word, no label */
}

static int put_dictionary(struct fasttext_writer *w)
{
    const size_t n_words = w->in->n_words;
    uint64_t n_tokens = 0;
    for (size_t id = 0; id < n_words; id++)
        n_tokens += count_of(w->in, id);
    const double told = find_number(w->in, "corpus_tokens", 0);
    if (told >= 1 && told < 9e15)
        n_tokens = (uint64_t)told;
    const struct {
        uint64_t number;
        size_t n_bytes;
    } sizes[] = {{n_words, 4}, {n_words, 4}, {0, 4}, {n_tokens, 8}, {UINT64_MAX /* -1 */, 8}};
    int status = W2V_OK;
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0] && status == W2V_OK; i++)
        status = put_number(w, sizes[i].number, sizes[i].n_bytes);
    for (size_t id = 0; id < n_words && status == W2V_OK; id++)
        status = put_word(w, id);
    return status;
}

/* Tells what share is done, as a number of words; all words only at the end. */
static int tell_progress(struct fasttext_writer *w)
{
    const struct container_input *in = w->in;
    const double share = (double)w->n_done / (double)w->n_rows;
    size_t n = (size_t)(share * (double)in->n_words);
    if (w->n_done < w->n_rows && n == in->n_words)
        n--;
    if (in->progress == NULL || in->progress(in->progress_context, n, in->n_words) == 0)
        return W2V_OK;
    return error_set(w->error, W2V_ESTOPPED, "%s: stopped, not written", w->out.name);
}

static int put_row(struct fasttext_writer *w, const float *row)
{
    enum { EVERY = 1 << 8 };
    int status = W2V_OK;
    if (container_host_is_little())
        status = outfile_write(&w->out, row, 4 * w->in->dim, w->error);
    for (size_t k = 0; k < w->in->dim && status == W2V_OK && !container_host_is_little(); k++) {
        uint32_t bits;
        memcpy(&bits, row + k, sizeof bits);
        status = put_number(w, bits, sizeof bits);
    }
    if (status == W2V_OK && ++w->n_done % EVERY == 0 && w->n_done < w->n_rows)
        status = tell_progress(w);
    return status;
}

/* Puts what stands before a matrix: that it is not quantized, and its size. */
static int put_matrix_head(struct fasttext_writer *w, uint64_t n_rows)
{
    int status = put_number(w, 0, 1);
    if (status == W2V_OK)
        status = put_number(w, n_rows, 8);
    return status == W2V_OK ? put_number(w, w->in->dim, 8) : status;
}

static int put_input(struct fasttext_writer *w)
{
    const struct subword_rows *rows = w->in->subwords;
    const float *row;
    int status = put_matrix_head(w, w->in->n_words + (uint64_t)w->subwords.buckets);
    for (size_t id = 0; id < w->in->n_words && status == W2V_OK; id++) {
        status = rows == NULL
                     ? container_input_vector(w->in, id, &row, w->error)
                     : container_input_row(w->in, CONTAINER_OWN, id, w->copy, &row, w->error);
        if (status == W2V_OK)
            status = put_row(w, row);
    }
    for (uint32_t bucket = 0, i = 0; bucket < w->subwords.buckets && status == W2V_OK; bucket++) {
        row = w->zeros;
        if (i < rows->n_ngrams && rows->buckets[i] == bucket)
            status = container_input_row(w->in, CONTAINER_NGRAMS, i++, w->copy, &row, w->error);
        if (status == W2V_OK)
            status = put_row(w, row);
    }
    return status;
}

static int put_output(struct fasttext_writer *w)
{
    const size_t n_outputs = container_input_n_outputs(w->in);
    int status = put_matrix_head(w, w->in->n_words);
    for (size_t i = 0; i < w->in->n_words && status == W2V_OK; i++) {
        const float *row = w->zeros;
        if (i < n_outputs)
            status = container_input_row(w->in, CONTAINER_OUTPUT, i, w->copy, &row, w->error);
        if (status == W2V_OK)
            status = put_row(w, row);
    }
    return status;
}

/* The rows of all buckets are written, whether n-grams have them or not, so the file may be huge. */
static int check_room(struct fasttext_writer *w)
{
    return outfile_check_room(&w->out, mem_product(w->n_rows, 4 * w->in->dim), w->error);
}

static int put_all(struct fasttext_writer *w)
{
    int (*const parts[])(struct fasttext_writer *) = {check_room, put_header, put_dictionary,
                                                      put_input,  put_output, tell_progress};
    int status = W2V_OK;
    for (size_t i = 0; i < sizeof parts / sizeof parts[0] && status == W2V_OK; i++)
        status = parts[i](w);
    return status;
}

int fasttext_write(const char *path, const struct container_input *in, struct w2v_error *error)
{
    struct fasttext_writer w = {.in = in, .error = error, .subwords = {.minn = 3}};
    int status = container_input_check(in, path, error);
    if (status == W2V_OK)
        status = container_input_check_others(in, path, error);
    if (status != W2V_OK)
        return status;
    if (in->subwords != NULL)
        w.subwords = in->subwords->subwords;
    if (in->n_words > INT32_MAX || in->dim > INT32_MAX || w.subwords.buckets > INT32_MAX)
        return error_set(error, W2V_EDATA,
                         "%s: %zu words x %zu dimensions are too many for the fasttext-bin format",
                         path, in->n_words, in->dim);
    w.n_rows = 2 * (uint64_t)in->n_words + w.subwords.buckets;
    w.copy = mem_calloc(in->dim, sizeof *w.copy, "a row", error);
    w.zeros = mem_calloc(in->dim, sizeof *w.zeros, "a row", error);
    status =
        w.copy == NULL || w.zeros == NULL ? W2V_ENOMEM : outfile_open_packed(&w.out, path, error);
    if (status == W2V_OK) {
        status = put_all(&w);
        if (status == W2V_OK)
            status = outfile_commit(&w.out, error);
        else
            outfile_abort(&w.out);
    }
    free(w.copy);
    free(w.zeros);
    return status;
}
