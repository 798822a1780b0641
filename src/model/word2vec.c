/* word2vec's binary files. See word2vec.h. */
#include "model/word2vec.h"

#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"
#include "base/hash.h"
#include "base/thread.h"
#include "model/header.h"

bool word2vec_recognises(const struct file_map *file)
{
    struct header_field fields[2];
    return header_split(file->bytes, file->n_bytes, fields) > 0;
}

/*
 * Only the word of a row tells where the next row begins. So one thread goes from row to row and
 * looks at the words alone. The other threads make the system map the file ahead of it, and the
 * last one then counts the words for the index as they are found.
 */
struct scan {
    struct w2v_model *model;
    const struct model_opening *opening;
    struct w2v_error *error;
    size_t at;              /* the first row */
    size_t n_promised;      /* rows by the header */
    uint64_t *hashes;       /* (V), of the words */
    atomic_size_t n_hashed; /* how many hashes are there */
    atomic_bool ended;      /* no more will come */
    atomic_size_t next;     /* the next stretch to map */
    int status;
};

/*
 * Notes a fault behind the first n rows. A tolerant opening takes these rows and tells of the fault;
 * otherwise the file is refused.
 */
static int end_early(struct scan *scan, size_t n, const struct w2v_error *fault)
{
    struct w2v_model *model = scan->model;
    if (!scan->opening->tolerant || n == 0)
        return error_copy(scan->error, fault);
    error_copy(&model->fault, fault);
    model->n_words = model->index.n_words = n;
    atomic_store_explicit(&scan->n_hashed, n, memory_order_release);
    return W2V_OK;
}

/*
 * Prefetches the word of a row some steps behind the one at `at`. Rows have nearly equal lengths, so the
 * place of that row is nearly known.
 */
static void fetch_ahead(const struct file_map *file, size_t at, size_t usual_row)
{
    enum { AHEAD = 16, LINE = 64 };
    const size_t ahead = at + AHEAD * usual_row;
    if (ahead + LINE < file->n_bytes) {
        fetch_to_read(file->bytes + ahead - LINE / 2, 1);
        fetch_to_read(file->bytes + ahead + LINE / 2, 1);
    }
}

/* Finds the word of the row at *at, behind newlines. False: the file ends before the row does. */
static bool find_word(const struct w2v_model *model, size_t *at, size_t *n_word_bytes)
{
    const unsigned char *bytes = model->file.bytes;
    const size_t n_bytes = model->file.n_bytes;
    while (*at < n_bytes && bytes[*at] == '\n')
        ++*at;
    const unsigned char *space = *at < n_bytes ? memchr(bytes + *at, ' ', n_bytes - *at) : NULL;
    if (space == NULL || (size_t)(bytes + n_bytes - space) - 1 < model->dim * sizeof(float))
        return false;
    *n_word_bytes = (size_t)(space - bytes) - *at;
    return true;
}

static int scan_rows(struct scan *scan)
{
    enum { HASHED = 4096 };
    struct w2v_model *model = scan->model;
    const char *path = scan->opening->path;
    struct w2v_error fault;
    const unsigned char *bytes = model->file.bytes;
    const size_t start = scan->at, n_bytes = model->file.n_bytes,
                 n_row_bytes = model->dim * sizeof(float);
    size_t at = start, touched = SIZE_MAX, usual = n_row_bytes, n_word_bytes;
    for (size_t id = 0; id < model->n_words; id++) {
        if (id % 256 == 255)
            usual = (at - start) / id;
        fetch_ahead(&model->file, at, usual);
        if (at / MODEL_STRETCH != touched) {
            touched = at / MODEL_STRETCH;
            model_touch(model, at, at + 1);
        }
        if (!find_word(model, &at, &n_word_bytes)) {
            error_set(&fault, W2V_EFORMAT,
                      "%s: the file ends in row %zu of %zu, which begins at byte %zu: damaged, or "
                      "not a word2vec file",
                      path, id + 1, scan->n_promised, at);
            return end_early(scan, id, &fault);
        }
        if (memchr(bytes + at, '\n', n_word_bytes) != NULL)
            return error_set(scan->error, W2V_EFORMAT,
                             "%s: the word of row %zu, at byte %zu, holds a newline: damaged, or "
                             "not a word2vec file",
                             path, id + 1, at);
        model->words[id] = (struct model_word){at, n_word_bytes};
        scan->hashes[id] = hash_bytes(bytes + at, n_word_bytes);
        if ((id + 1) % HASHED == 0)
            atomic_store_explicit(&scan->n_hashed, id + 1, memory_order_release);
        at += n_word_bytes + 1 + n_row_bytes;
    }
    atomic_store_explicit(&scan->n_hashed, model->n_words, memory_order_release);
    const size_t end = at;
    while (at < n_bytes && bytes[at] == '\n')
        at++;
    if (at == n_bytes)
        return W2V_OK;
    error_set(
        &fault, W2V_EFORMAT,
        "%s: %zu bytes behind the last row, which ends at byte %zu: a damaged w2v file or not "
        "a word2vec file",
        path, n_bytes - end, end);
    return end_early(scan, model->n_words, &fault);
}

static void count_words(struct scan *scan)
{
    struct index *index = &scan->model->index;
    size_t n_counted = 0, n;
    bool ended = false;
    /* A page of zeros that is read before it is written would be mapped twice. */
    memset(index->first, 0, (index->n_buckets + 1) * sizeof *index->first);
    while (!ended) {
        ended = atomic_load_explicit(&scan->ended, memory_order_acquire);
        n = atomic_load_explicit(&scan->n_hashed, memory_order_acquire);
        if (n == n_counted)
            sched_yield();
        index_count(index, scan->hashes + n_counted, n - n_counted);
        n_counted = n;
    }
}

static void run_scan(void *arg, unsigned index, unsigned n)
{
    struct scan *scan = arg;
    const size_t n_bytes = scan->model->file.n_bytes, n_stretches = n_bytes / MODEL_STRETCH + 1;
    size_t i;
    if (index == 0) {
        scan->status = scan_rows(scan);
        atomic_store_explicit(&scan->ended, true, memory_order_release);
    }
    while ((i = thread_ticket(&scan->next, n_stretches)) < n_stretches)
        model_touch(scan->model, i * MODEL_STRETCH, i * MODEL_STRETCH + 1);
    if (index + 1 == n)
        count_words(scan);
}

int word2vec_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error)
{
    size_t at;
    int status = model_read_header(model, opening, 1, sizeof(float), &at, error);
    const size_t n_promised = model->n_words;
    if (status == W2V_OK) {
        const size_t most = (model->file.n_bytes - at) / (1 + model->dim * sizeof(float));
        if (model->n_words > most) /* a tolerant opening: there is room for fewer rows */
            model->n_words = most + 1;
        status = model_make_words(model, error);
    }
    if (status == W2V_OK)
        status = index_make(&model->index, model->n_words, error);
    if (status != W2V_OK)
        return status;
    struct scan scan = {
        .model = model, .opening = opening, .error = error, .at = at, .n_promised = n_promised};
    scan.hashes = mem_calloc(model->n_words, sizeof *scan.hashes, "a model's index", error);
    if (scan.hashes == NULL)
        return W2V_ENOMEM;
    thread_run(model->file.n_bytes < MODEL_STRETCH ? 1 : thread_count(opening->threads), run_scan,
               &scan);
    if (scan.status == W2V_OK)
        index_place(&model->index, scan.hashes, model_word_of, model);
    free(scan.hashes);
    return scan.status;
}
