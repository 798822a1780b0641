/* A container_input of a selection. See convert_input.h. */
#include "model/convert_input.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Words ---- */

static const char *spelled_word(const void *context, size_t i, size_t *n_bytes)
{
    const struct convert_input *made = context;
    if (made->words == NULL)
        return selection_word(made->convert->selection, i, n_bytes);
    *n_bytes = (size_t)made->words[i].n_bytes;
    return made->text + made->words[i].offset;
}

static int spell_all(struct convert_input *made, struct w2v_error *error)
{
    const struct convert *c = made->convert;
    const size_t n = c->selection->n;
    size_t n_bytes, n_text = 0;
    if (c->selection->n_respelled == 0)
        return W2V_OK;
    for (size_t i = 0; i < n; i++) {
        selection_word(c->selection, i, &n_bytes);
        n_text += n_bytes + 1;
    }
    made->words = mem_calloc(n, sizeof *made->words, "words", error);
    made->text = mem_calloc(n_text, 1, "words", error);
    if (made->words == NULL || made->text == NULL)
        return W2V_ENOMEM;
    n_text = 0;
    for (size_t i = 0; i < n; i++) {
        const char *word = selection_word(c->selection, i, &n_bytes);
        made->words[i].offset = n_text;
        made->words[i].n_bytes = spelling_write(made->text + n_text, word, n_bytes, c->banned);
        n_text += (size_t)made->words[i].n_bytes;
    }
    return W2V_OK;
}

/* ---- Rows ---- */

static int row_of(void *context, size_t i, const float **row, struct w2v_error *error)
{
    return selection_row(context, i, row, error);
}

static int copy_row(void *context, enum container_kind kind, size_t i, float *row,
                    struct w2v_error *error)
{
    const struct convert_input *made = context;
    const struct selection *s = made->convert->selection;
    bool found = true;
    if (kind == CONTAINER_OUTPUT)
        found = model_output(s->model, s->ids[i], row);
    else if (kind == CONTAINER_OWN)
        model_own(s->model, s->ids[i], 0, s->dim, row);
    else
        found = model_ngram(s->model, made->buckets[i], 0, s->dim, row);
    return found ? W2V_OK
                 : error_set(error, W2V_EFORMAT, "%s: damaged: row %zu of its %s cannot be read",
                             s->model->path, i + 1,
                             kind == CONTAINER_OUTPUT ? "output matrix" : "n-grams");
}

/*
 * Finds out whether the output rows still fit the words. The rows of hierarchical softmax are nodes
 * of a tree over all words in their order, so they are taken only with all words.
 */
static void find_output(struct convert_input *made)
{
    const struct selection *s = made->convert->selection;
    const size_t n_words = s->model->n_words, n_outputs = model_n_outputs(s->model);
    const bool is_tree = n_outputs > 0 && n_outputs < n_words;
    bool whole = s->n == n_words;
    for (size_t i = 0; i < s->n && whole; i++)
        whole = s->ids[i] == i;
    made->input.copies_output = n_outputs > 0 && (whole || !is_tree);
    made->input.n_outputs = is_tree ? n_outputs : s->n;
}

static int find_ngrams(struct convert_input *made, struct w2v_error *error)
{
    struct subword_rows *rows = &made->subwords;
    const struct w2v_model *model = made->convert->selection->model;
    bool whole;
    int status = model_list_ngrams(model, &whole, &made->buckets, &rows->n_ngrams, error);
    rows->buckets = made->buckets;
    if (status == W2V_OK && whole && model_subwords(model, &rows->subwords))
        made->input.subwords = rows;
    return status;
}

/* ---- Record and counts ---- */

static int add_record(struct text_record *record, const char *key, const char *value,
                      struct w2v_error *error)
{
    const size_t n = strlen(key) + strlen(value) + 2;
    if (record->status == W2V_OK)
        record->status = mem_grow(&record->text, &record->capacity, record->n + n + 1, 1,
                                  "a model's record", error);
    if (record->status == W2V_OK)
        record->n += (size_t)snprintf(record->text + record->n, n + 1, "%s\t%s\n", key, value);
    return record->status;
}

static bool is_among(const char *key, size_t n_key, const char *const *keys, size_t n_keys)
{
    bool found = false;
    for (size_t i = 0; i < n_keys && !found; i++)
        found = strlen(keys[i]) == n_key && memcmp(key, keys[i], n_key) == 0;
    return found;
}

static bool is_about_ngrams(const char *key, size_t n_key)
{
    static const char *const keys[] = {"subwords", "minn", "maxn", "buckets"};
    return is_among(key, n_key, keys, sizeof keys / sizeof keys[0]);
}

/* Takes a line, unless it is about the file itself or about n-grams that do not go along. */
static void take_line(void *context, const char *key, const char *value)
{
    static const char *const others[] = {"format",     "words",   "dim",
                                         "duplicates", "version", "quantized"};
    struct text_record *record = context;
    const size_t n_key = strlen(key);
    if (!is_among(key, n_key, others, sizeof others / sizeof others[0]) &&
        (record->subwords || !is_about_ngrams(key, n_key)))
        add_record(record, key, value, NULL);
}

/* Removes the lines about n-grams. */
static void drop_ngrams(struct text_record *record)
{
    const char *line = record->text, *end = line + record->n;
    record->n = 0;
    while (line < end) {
        const char *lf = memchr(line, '\n', (size_t)(end - line));
        const size_t n = (size_t)((lf != NULL ? lf + 1 : end) - line);
        const char *tab = memchr(line, '\t', n);
        if (tab == NULL || !is_about_ngrams(line, (size_t)(tab - line))) {
            memmove(record->text + record->n, line, n);
            record->n += n;
        }
        line += n;
    }
}

/* Copies the record of a w2v file. Lines about n-grams that do not go along are left out. */
static int copy_record(struct text_record *record, const struct w2v_model *model,
                       struct w2v_error *error)
{
    const size_t n = (size_t)model->container.sections[CONTAINER_RECORD].n_bytes;
    int status = mem_grow(&record->text, &record->capacity, n + 1, 1, "a model's record", error);
    if (status == W2V_OK &&
        !container_read(&model->container, CONTAINER_RECORD, 0, record->text, n))
        status = error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its record cannot be read",
                           model->path);
    record->n = status == W2V_OK ? n : 0;
    if (status == W2V_OK && w2v_has_subwords(model) && !record->subwords)
        drop_ngrams(record);
    return status;
}

/* Adds a line that says what was done to the numbers. */
static int add_transformed(struct text_record *record, const struct w2v_convert_options *o,
                           struct w2v_error *error)
{
    char text[120];
    int n =
        snprintf(text, sizeof text, "%s", o->remove_top > 0 || o->center ? "center" : "normalize");
    if (o->remove_top > 0)
        n += snprintf(text + n, sizeof text - (size_t)n, " remove-top %zu", o->remove_top);
    if (o->normalize && (o->remove_top > 0 || o->center))
        snprintf(text + n, sizeof text - (size_t)n, " normalize");
    return add_record(record, "transformed", text, error);
}

static int make_record(struct convert_input *made, bool changed, struct w2v_error *error)
{
    struct text_record *record = &made->record;
    const struct w2v_model *model = made->convert->selection->model;
    int status = W2V_OK;
    record->subwords = made->input.subwords != NULL;
    if (model->is_container)
        status = copy_record(record, model, error);
    else if (model->fasttext != NULL)
        status = w2v_info(model, take_line, record, error);
    if (record->status != W2V_OK)
        status = error_memory(error, "a model's record", record->n);
    if (status == W2V_OK && changed)
        status = add_transformed(record, made->convert->options, error);
    made->input.record = record->n > 0 ? record->text : NULL;
    made->input.n_record_bytes = record->n;
    return status;
}

static int make_counts(struct convert_input *made, struct w2v_error *error)
{
    const struct selection *s = made->convert->selection;
    uint64_t count;
    if (!w2v_count(s->model, 0, &count))
        return W2V_OK;
    made->counts = mem_calloc(s->n, sizeof *made->counts, "counts", error);
    if (made->counts == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < s->n; i++)
        if (!w2v_count(s->model, s->ids[i], made->counts + i))
            return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its counts cannot be read",
                             s->model->path);
    made->input.counts = made->counts;
    return W2V_OK;
}

/* ---- The whole ---- */

int convert_input_make(struct convert_input *made, struct convert *c, struct w2v_error *error)
{
    const struct w2v_convert_options *o = c->options;
    const bool changed = o->center || o->remove_top > 0 || o->normalize;
    *made = (struct convert_input){.convert = c};
    made->input = (struct container_input){.n_words = c->selection->n,
                                           .dim = c->selection->dim,
                                           .word = spelled_word,
                                           .word_context = made,
                                           .row = row_of,
                                           .row_context = c->selection,
                                           .copy = copy_row,
                                           .copy_context = made};
    int status = spell_all(made, error);
    if (status != W2V_OK || c->ending.file == W2V_FILE_WORD2VEC_PLAIN)
        return status;
    if (!changed)
        find_output(made);
    if (!changed)
        status = find_ngrams(made, error);
    if (status == W2V_OK)
        status = make_record(made, changed, error);
    return status == W2V_OK ? make_counts(made, error) : status;
}

/* ---- A part of another input ---- */

static int copy_kept(void *context, enum container_kind kind, size_t i, float *row,
                     struct w2v_error *error)
{
    const struct convert_input *made = context;
    const float *kept;
    int status =
        container_input_row(made->from, kind, made->convert->selection->ids[i], NULL, &kept, error);
    if (status == W2V_OK)
        memcpy(row, kept, made->from->dim * sizeof *row);
    return status;
}

int convert_input_keep(struct convert_input *made, struct convert *c,
                       const struct container_input *from, struct w2v_error *error)
{
    const struct selection *s = c->selection;
    const size_t n_outputs = container_input_n_outputs(from);
    *made = (struct convert_input){.convert = c, .from = from};
    made->input = *from;
    made->input.n_words = s->n;
    made->input.word = spelled_word;
    made->input.word_context = made;
    made->input.rows = NULL;
    made->input.row = row_of;
    made->input.row_context = c->selection;
    made->input.copy = copy_kept;
    made->input.copy_context = made;
    if (s->n < from->n_words) { /* a tree's rows are nodes, which need all words */
        made->input.copies_output = n_outputs == from->n_words;
        made->input.output = NULL;
        made->input.n_outputs = s->n;
    }
    if (from->subwords != NULL) {
        made->subwords = *from->subwords;
        made->subwords.own = NULL;
        made->input.subwords = &made->subwords;
    }
    int status = spell_all(made, error);
    if (status != W2V_OK || from->counts == NULL)
        return status;
    made->counts = mem_calloc(s->n, sizeof *made->counts, "counts", error);
    if (made->counts == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < s->n; i++)
        made->counts[i] = from->counts[s->ids[i]];
    made->input.counts = made->counts;
    return W2V_OK;
}

void convert_input_release(struct convert_input *made)
{
    free(made->words);
    free(made->text);
    free(made->counts);
    free(made->record.text);
    free(made->buckets);
}
