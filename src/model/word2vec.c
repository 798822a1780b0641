/* word2vec's binary files. See word2vec.h. */
#include "model/word2vec.h"

#include <string.h>

#include "base/hash.h"
#include "base/thread.h"
#include "model/header.h"

bool word2vec_recognises(const struct file_map *file)
{
    struct header_field fields[2];
    return header_split(file->bytes, file->n_bytes, fields) > 0;
}

/*
 * Where a row begins is known once the word before it was read, so one thread goes from row to row,
 * and looks at nothing but their words; the others have the file mapped ahead of it.
 */
struct scan {
    struct w2v_model *model;
    const char *path;
    struct w2v_error *error;
    size_t at; /* the first row */
    atomic_size_t next;
    int status;
};

static int scan_rows(struct w2v_model *model, const char *path, size_t at, struct w2v_error *error)
{
    enum { AHEAD = 16, LINE = 64 };
    const size_t start = at;
    size_t touched = SIZE_MAX;
    const unsigned char *bytes = model->file.bytes;
    const size_t n_bytes = model->file.n_bytes, n_row_bytes = model->dim * sizeof(float);
    for (size_t id = 0; id < model->n_words; id++) {
        /* Rows are of much the same length, so where one some steps on begins is nearly known. */
        const size_t usual = id > 0 ? (at - start) / id : n_row_bytes, ahead = at + AHEAD * usual;
        if (ahead + LINE < n_bytes) {
            hash_prefetch(bytes + ahead - LINE / 2);
            hash_prefetch(bytes + ahead + LINE / 2);
        }
        if (at / MODEL_STRETCH != touched) {
            touched = at / MODEL_STRETCH;
            model_touch(model, at, at + 1);
        }
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

static void run_scan(void *arg, unsigned index, unsigned n)
{
    struct scan *scan = arg;
    const size_t n_bytes = scan->model->file.n_bytes, n_stretches = n_bytes / MODEL_STRETCH + 1;
    size_t i;
    (void)n;
    if (index == 0)
        scan->status = scan_rows(scan->model, scan->path, scan->at, scan->error);
    while ((i = thread_ticket(&scan->next, n_stretches)) < n_stretches)
        model_touch(scan->model, i * MODEL_STRETCH, i * MODEL_STRETCH + 1);
}

int word2vec_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error)
{
    const char *path = opening->path;
    size_t at;
    int status = model_read_header(model, opening, 1, sizeof(float), &at, error);
    if (status == W2V_OK)
        status = model_make_words(model, error);
    if (status != W2V_OK)
        return status;
    struct scan scan = {.model = model, .path = path, .error = error, .at = at};
    thread_run(model->file.n_bytes < MODEL_STRETCH ? 1 : thread_count(opening->threads), run_scan,
               &scan);
    return scan.status;
}
