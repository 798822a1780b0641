/* The words of a model that are to be written. See selection.h. */
#include "model/selection.h"

#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/thread.h"
#include "base/utf8.h"
#include "text/wordlist.h"

/* ---- Which words ---- */

/* Marks the words of a list. */
static int mark_words(struct selection *s, const char *path, unsigned char *chosen,
                      struct w2v_error *error)
{
    struct wordlist list;
    struct wordlist_entry entry;
    int status = wordlist_open(&list, path, error);
    if (status != W2V_OK)
        return status;
    while (wordlist_next(&list, &entry)) {
        const int64_t id = entry.n_bytes > 0 ? w2v_find(s->model, entry.text, entry.n_bytes) : -1;
        if (id >= 0)
            chosen[id] = 1;
        else
            s->n_missing += entry.n_bytes > 0;
    }
    wordlist_release(&list);
    return W2V_OK;
}

/* Takes those of the first `top` different words that are chosen. NULL: all are. */
static void take_words(struct selection *s, size_t top, const unsigned char *chosen)
{
    size_t n_distinct = 0;
    for (size_t id = 0; id < s->model->n_words; id++) {
        size_t n_bytes;
        const char *word = w2v_word(s->model, id, &n_bytes);
        const int64_t first = w2v_find(s->model, word, n_bytes);
        const bool again = first >= 0 && first != (int64_t)id;
        const bool wanted = chosen == NULL || chosen[again ? (size_t)first : id];
        const bool beyond = n_distinct >= top;
        if (beyond && chosen == NULL)
            break;
        n_distinct += !again;
        if (!wanted)
            continue;
        if (again)
            s->n_duplicates += !beyond;
        else if (beyond)
            s->n_beyond++;
        else
            s->ids[s->n++] = id;
    }
}

/* Leaves out words whose vectors are not finite. */
static int drop_not_finite(struct selection *s, struct w2v_error *error)
{
    const size_t n = s->n;
    float *vector = mem_calloc(w2v_dim(s->model), sizeof *vector, "a vector", error);
    if (vector == NULL)
        return W2V_ENOMEM;
    s->n = 0;
    for (size_t i = 0; i < n; i++) {
        w2v_vector(s->model, s->ids[i], vector);
        if (fpmath_finite(vector, w2v_dim(s->model)))
            s->ids[s->n++] = s->ids[i];
    }
    free(vector);
    s->n_not_finite = n - s->n;
    return s->n > 0 ? W2V_OK
                    : error_set(error, W2V_EDATA, "%s: no vector is finite", s->model->path);
}

static int choose(struct selection *s, const struct w2v_convert_options *options,
                  struct w2v_error *error)
{
    const size_t n_words = s->model->n_words;
    int status = W2V_OK;
    unsigned char *chosen = NULL;
    s->ids = mem_calloc(n_words, sizeof *s->ids, "a selection of words", error);
    if (s->ids == NULL)
        return W2V_ENOMEM;
    if (options->words_path != NULL) {
        chosen = mem_calloc(n_words, 1, "a selection of words", error);
        status = chosen != NULL ? mark_words(s, options->words_path, chosen, error) : W2V_ENOMEM;
    }
    if (status == W2V_OK)
        take_words(s, options->top > 0 ? options->top : n_words, chosen);
    free(chosen);
    if (status == W2V_OK && s->n == 0 && s->n_beyond > 0)
        status = error_set(error, W2V_EDATA, "%s: none of its words is among the first %zu",
                           options->words_path, options->top);
    else if (status == W2V_OK && s->n == 0)
        status = error_set(error, W2V_EDATA, "%s: none of its words is in the model",
                           options->words_path);
    return status == W2V_OK && options->tolerant ? drop_not_finite(s, error) : status;
}

/* ---- Their numbers ---- */

static bool make_row(const struct selection *s, size_t i, float *row)
{
    const size_t dim = s->dim;
    w2v_vector(s->model, s->ids[i], row);
    if (s->unit)
        fpmath_unit(row, dim);
    if (s->mean != NULL)
        for (size_t k = 0; k < dim; k++)
            row[k] = (float)((double)row[k] - s->mean[k]);
    for (size_t d = 0; d < s->n_directions; d++) {
        const double *direction = s->directions + d * dim;
        double along = 0;
        for (size_t k = 0; k < dim; k++)
            along += (double)row[k] * direction[k];
        for (size_t k = 0; k < dim; k++)
            row[k] = (float)((double)row[k] - along * direction[k]);
    }
    if (s->normalize)
        fpmath_unit(row, dim);
    return fpmath_finite(row, dim);
}

bool selection_make_row(const struct selection *s, size_t i, float *row)
{
    return make_row(s, i, row);
}

static void make_batch(void *arg, unsigned index, unsigned n)
{
    struct selection *s = arg;
    for (size_t i = index * s->n_batch / n; i < (index + 1) * s->n_batch / n; i++)
        make_row(s, s->first + i, s->batch + i * s->dim);
}

int selection_row(struct selection *s, size_t i, const float **row, struct w2v_error *error)
{
    if (s->n_batch == 0 || i < s->first || i >= s->first + s->n_batch) {
        s->first = i;
        s->n_batch = s->n - i < SELECTION_BATCH ? s->n - i : SELECTION_BATCH;
        thread_run(s->n_batch * s->dim < 1 << 16 ? 1 : s->threads, make_batch, s);
    }
    *row = s->batch + (i - s->first) * s->dim;
    return fpmath_finite(*row, s->dim) ? W2V_OK : selection_not_finite(s, i, error);
}

static int row_of(void *context, size_t i, const float **row, struct w2v_error *error)
{
    return selection_row(context, i, row, error);
}

struct principal_rows selection_rows(struct selection *s)
{
    return (struct principal_rows){
        .n = s->n, .dim = s->dim, .row = row_of, .context = s, .threads = s->threads};
}

int selection_not_finite(const struct selection *s, size_t i, struct w2v_error *error)
{
    size_t n;
    const char *word = selection_word(s, i, &n);
    return error_set(error, W2V_ENUMERIC,
                     "not written: the vector of \"%.*s\" (row %zu) is not finite",
                     (int)utf8_shorten(word, n, 64), word, s->ids[i] + 1);
}

const char *selection_word(const struct selection *s, size_t i, size_t *n_bytes)
{
    return w2v_word(s->model, s->ids[i], n_bytes);
}

/* ---- The whole ---- */

static int find_directions(struct selection *s, const struct w2v_convert_options *options,
                           struct w2v_error *error)
{
    if (!options->center && options->remove_top == 0)
        return W2V_OK;
    double *mean = mem_calloc(s->dim, sizeof *mean, "a mean", error);
    if (mean == NULL)
        return W2V_ENOMEM;
    const struct principal_rows rows = selection_rows(s);
    int status = principal_mean(&rows, mean, error);
    s->mean = mean; /* from here on, rows are centred */
    s->n_batch = 0;
    if (status != W2V_OK || options->remove_top == 0)
        return status;
    double *directions = mem_calloc(options->remove_top, mem_product(s->dim, sizeof *directions),
                                    "directions", error);
    if (directions == NULL)
        return W2V_ENOMEM;
    status = principal_directions(&rows, options->remove_top, directions, error);
    s->directions = directions;
    s->n_directions = options->remove_top;
    s->n_batch = 0;
    return status;
}

/* Makes room for a batch of rows. */
static int make_room(struct selection *s, struct w2v_error *error)
{
    const size_t n = s->n < SELECTION_BATCH ? s->n : SELECTION_BATCH;
    s->batch = mem_calloc(n, mem_product(s->dim, sizeof *s->batch), "rows", error);
    return s->batch != NULL ? W2V_OK : W2V_ENOMEM;
}

int selection_make(struct selection *s, const struct w2v_model *model,
                   const struct w2v_convert_options *options, struct w2v_error *error)
{
    *s = (struct selection){
        .model = model, .dim = model->dim, .threads = thread_count(options->threads)};
    int status = choose(s, options, error);
    if (status == W2V_OK)
        status = make_room(s, error);
    if (status == W2V_OK && options->remove_top >= s->dim)
        status = error_set(
            error, W2V_EARG, "%zu direction%s cannot be removed from vectors of %zu dimension%s",
            options->remove_top, error_s(options->remove_top), s->dim, error_s(s->dim));
    if (status == W2V_OK && options->remove_top > 0 && options->remove_top + 1 >= s->n)
        status = error_set(error, W2V_EARG,
                           "%zu direction%s cannot be removed from %zu vector%s: nothing would be "
                           "left but rounding errors",
                           options->remove_top, error_s(options->remove_top), s->n, error_s(s->n));
    if (status == W2V_OK)
        status = find_directions(s, options, error);
    if (status != W2V_OK)
        selection_release(s);
    else
        s->normalize = options->normalize;
    return status;
}

int selection_of_units(struct selection *s, const struct w2v_model *model, const size_t *ids,
                       size_t n, unsigned threads, struct w2v_error *error)
{
    *s = (struct selection){
        .model = model, .n = n, .dim = model->dim, .threads = thread_count(threads), .unit = true};
    s->ids = mem_calloc(n, sizeof *s->ids, "a selection of words", error);
    if (s->ids == NULL || make_room(s, error) != W2V_OK) {
        selection_release(s);
        return W2V_ENOMEM;
    }
    memcpy(s->ids, ids, n * sizeof *ids);
    return W2V_OK;
}

void selection_release(struct selection *s)
{
    free(s->ids);
    free(s->mean);
    free(s->directions);
    free(s->batch);
    *s = (struct selection){0};
}
