/*
 * Vectors as text: a file or a stream to stretches of whole lines. See textfile.h, and
 * textfile_rows.h for what becomes of a stretch.
 */
#include "model/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/thread.h"
#include "kernel/kernel.h"
#include "model/header.h"
#include "model/sidecar.h"
#include "model/textfile_rows.h"
#include "model/textline.h"

/*
 * So many lines tell how many numbers a row has. If all have more than a header says, CONVINCING of them
 * contradict it, or AGREEING of them if they have equally many.
 */
enum { SURVEYED = 100, CONVINCING = 10, AGREEING = 3 };

/* ---- A file ---- */

/* Counts the numbers of the first lines that have any. Returns how many lines these are. */
static size_t count_numbers(const char *start, const char *end, size_t numbers[SURVEYED])
{
    size_t n = 0;
    while (n < SURVEYED && start < end) {
        const char *line_end = textline_end(start, end);
        numbers[n] = textline_count_numbers(start, line_end, SIZE_MAX);
        n += numbers[n] > 0;
        start = line_end < end ? line_end + 1 : line_end;
    }
    return n;
}

/* The most common count of numbers; the least of equally common ones. */
static size_t usual_numbers(const char *start, const char *end)
{
    size_t numbers[SURVEYED], best = 0, n_best = 0;
    const size_t n = count_numbers(start, end, numbers);
    for (size_t i = 0; i < n; i++) {
        size_t n_equal = 0;
        for (size_t j = 0; j < n; j++)
            n_equal += numbers[j] == numbers[i];
        if (n_equal > n_best || (n_equal == n_best && numbers[i] < best)) {
            best = numbers[i];
            n_best = n_equal;
        }
    }
    return best;
}

/* The least count of numbers; 0 if the lines are too few to tell. Fewer can tell if all agree. */
static size_t least_numbers(const char *start, const char *end)
{
    size_t numbers[SURVEYED], least = SIZE_MAX, most = 0;
    const size_t n = count_numbers(start, end, numbers);
    for (size_t i = 0; i < n; i++) {
        least = numbers[i] < least ? numbers[i] : least;
        most = numbers[i] > most ? numbers[i] : most;
    }
    return n >= CONVINCING || (n >= AGREEING && least == most) ? least : 0;
}

/*
 * Finds D from the first lines. If the header gives D, checks that one of these lines has D
 * numbers, and that not all have more: every word would end in a number.
 */
static int find_dim(struct text_reading *r, const char *start, const char *end,
                    struct w2v_error *error)
{
    struct w2v_model *model = r->model;
    const size_t line = r->n_lines + 1;
    const char *first = start;
    if (r->kind == TEXTFILE_NUMBERS) {
        const char *line_end = textline_end(start, end);
        model->dim = 1 + textline_count_numbers(start, line_end, SIZE_MAX);
    } else if (r->kind == TEXTFILE_PLAIN) {
        model->dim = usual_numbers(start, end);
        if (model->dim == 0)
            return error_set(error, W2V_EFORMAT, "%s:%zu: no numbers behind the words", r->path,
                             line);
    } else {
        const size_t n_least = least_numbers(start, end);
        if (n_least > model->dim)
            return error_set(error, W2V_EFORMAT,
                             "%s:%zu: rows have %zu numbers, but the header promises %zu", r->path,
                             line, n_least, model->dim);
    }
    /* One of the first lines must be a row, before room is made for rows that may not exist. */
    for (size_t n = 0; n < SURVEYED && start < end; n++) {
        const char *line_end = textline_end(start, end);
        if (textline_check(start, line_end, model->dim, textfile_rows_have_words(r), r->path, line,
                           NULL) != NULL)
            break;
        if (!r->tolerant || n + 1 == SURVEYED || line_end + 1 >= end) {
            r->stretch = first;
            return textfile_rows_fault(r, first, end, error);
        }
        start = line_end + 1;
    }
    model->stride = kernel_pad(model->dim);
    return W2V_OK;
}

/* Takes whole lines. The first line that is not empty decides about D. */
static int take_lines(struct text_reading *r, const char *start, const char *end,
                      struct w2v_error *error)
{
    for (const char *next; r->model->stride == 0 && start < end; start = next, r->n_lines++) {
        const char *line_end = textline_end(start, end);
        next = line_end < end ? line_end + 1 : end;
        if (textline_is_blank(start, line_end))
            continue;
        int status = find_dim(r, start, end, error);
        if (status != W2V_OK)
            return status;
        break;
    }
    int status = W2V_OK;
    while (status == W2V_OK && start < end) {
        const char *until = end;
        if (end - start > TEXTFILE_STRETCH) {
            until = textline_end(start + TEXTFILE_STRETCH - TEXTFILE_PIECE, end);
            until += until < end;
        }
        status = textfile_rows_take(r, start, until, error);
        start = until;
    }
    return status;
}

/* Where the last whole line of start .. end ends. */
static const char *whole_lines(const char *start, const char *end)
{
    while (end > start && end[-1] != '\n')
        end--;
    return end;
}

/*
 * Takes what follows the last newline: a row, if it has all its numbers. If rows are missing behind it, it
 * was cut, maybe within its last number. Then it is left out, and the caller tells of the missing rows.
 */
static int take_rest(struct text_reading *r, const char *start, const char *end,
                     struct w2v_error *error)
{
    if (r->n_rows + r->n_skipped + 1 < r->n_promised)
        return W2V_OK;
    r->is_rest = true;
    return take_lines(r, start, end, error);
}

/* Says what a tolerant reading has left out. The message begins with the first fault. */
static void tell_skipped(const struct text_reading *r, const struct w2v_error *first,
                         struct w2v_error *fault)
{
    char lines[TEXTFILE_TOLD * 24] = "";
    size_t n = 0;
    error_copy(fault, first);
    if (r->n_skipped == 0)
        return;
    for (size_t i = 0; i < r->n_skipped && i < TEXTFILE_TOLD; i++)
        n += (size_t)snprintf(lines + n, sizeof lines - n, "%s%zu", i > 0 ? ", " : "",
                              r->skipped[i]);
    error_append(fault, "; %zu line%s skipped: %s%s", r->n_skipped, error_s(r->n_skipped), lines,
                 r->n_skipped > TEXTFILE_TOLD ? " and more" : "");
}

/* Ends the reading. Takes the status so far, and returns the status of all. */
static int end_reading(struct text_reading *r, int status, struct w2v_error *error)
{
    struct w2v_model *model = r->model;
    if (status == W2V_OK && r->n_rows == 0)
        status = error_set(error, W2V_EFORMAT, "%s:%zu: no rows", r->path, r->n_lines + 1);
    if (status == W2V_OK && r->n_rows + r->n_skipped < r->n_promised)
        status =
            error_set(error, W2V_EFORMAT,
                      "%s:%zu: the file ends after %zu of %zu rows: damaged, or a wrong header",
                      r->path, r->n_lines + 1, r->n_rows + r->n_skipped, r->n_promised);
    if (status == W2V_EFORMAT && r->tolerant && r->n_rows > 0) {
        tell_skipped(r, error, &model->fault);
        status = W2V_OK;
    } else if (status == W2V_OK && r->n_skipped > 0) {
        tell_skipped(r, &r->first_fault, &model->fault);
    }
    model->n_words = r->n_rows;
    free(r);
    return status;
}

static struct text_reading *begin_reading(struct w2v_model *model,
                                          const struct model_opening *opening,
                                          enum textfile_kind kind, struct w2v_error *error)
{
    struct text_reading *r = mem_calloc(1, sizeof *r, "a model", error);
    if (r == NULL)
        return NULL;
    r->model = model;
    r->path = opening->path;
    r->kind = kind;
    r->tolerant = opening->tolerant;
    r->threads = thread_count(opening->threads);
    r->n_promised = kind == TEXTFILE_HEADER ? model->n_words : 0;
    r->n_lines = kind == TEXTFILE_HEADER;
    return r;
}

/* ---- Opening ---- */

/*
 * The file with the words for the projector's numbers. gensim's word2vec2tensor writes PREFIX_tensor.tsv
 * and PREFIX_metadata.tsv.
 */
static char *metadata_of(const struct model_opening *opening, struct w2v_error *error)
{
    static const char ours[] = "_tensor.metadata.tsv", gensims[] = "_metadata.tsv";
    char *path = sidecar_of(opening, ".metadata.tsv", error);
    const size_t n = path != NULL ? strlen(path) : 0;
    if (n >= sizeof ours && access(path, F_OK) != 0 &&
        strcmp(path + n + 1 - sizeof ours, ours) == 0)
        memcpy(path + n + 1 - sizeof ours, gensims, sizeof gensims);
    return path;
}

/* Reads the words for the projector's numbers. */
static int read_words(struct w2v_model *model, const struct model_opening *opening,
                      struct w2v_error *error)
{
    char *path = metadata_of(opening, error);
    if (path == NULL)
        return opening->standard ? W2V_EFORMAT : W2V_ENOMEM;
    free(model->words);
    model->words = NULL;
    int status = sidecar_read_metadata(model, path, error);
    if (status == W2V_EIO)
        status = error_set(error, W2V_EIO,
                           "%s: only numbers and tabs, as in files of the embedding projector; its "
                           "words should be in %s, a line each, but that file cannot be read",
                           opening->path, path);
    return status;
}

/* Reads the rows of a mapped file, from `at` on. */
static int read_mapped(struct w2v_model *model, const struct model_opening *opening,
                       enum textfile_kind kind, size_t at, struct w2v_error *error)
{
    const char *start = (const char *)model->file.bytes + at;
    const char *end = (const char *)model->file.bytes + model->file.n_bytes;
    const char *whole = whole_lines(start, end);
    struct text_reading *r = begin_reading(model, opening, kind, error);
    if (r == NULL)
        return W2V_ENOMEM;
    int status = take_lines(r, start, whole, error);
    if (status == W2V_OK)
        status = take_rest(r, whole, end, error);
    return end_reading(r, status, error);
}

int textfile_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error)
{
    size_t n_header_bytes;
    int status = model_read_header(model, opening, 1, 2, &n_header_bytes, error);
    return status == W2V_OK ? read_mapped(model, opening, TEXTFILE_HEADER, n_header_bytes, error)
                            : status;
}

int textfile_open_plain(struct w2v_model *model, const struct model_opening *opening,
                        struct w2v_error *error)
{
    return read_mapped(model, opening, TEXTFILE_PLAIN, textfile_mark(&model->file), error);
}

int textfile_open_numbers(struct w2v_model *model, const struct model_opening *opening,
                          struct w2v_error *error)
{
    int status = read_mapped(model, opening, TEXTFILE_NUMBERS, textfile_mark(&model->file), error);
    return status == W2V_OK ? read_words(model, opening, error) : status;
}

int textfile_open_stream(struct w2v_model *model, const struct model_opening *opening,
                         struct stream *stream, enum textfile_kind kind, struct w2v_error *error)
{
    const struct file_map head = {.bytes = stream->buffer.bytes, .n_bytes = stream->n_bytes};
    size_t done = textfile_mark(&head);
    if (kind == TEXTFILE_HEADER) {
        struct header_field fields[2];
        done = header_split(stream->buffer.bytes, stream->n_bytes, fields);
        model->n_words = header_size(fields[0]);
        model->dim = header_size(fields[1]);
        if (model->n_words == 0 || model->dim == 0)
            return error_set(error, W2V_EFORMAT,
                             "%s:1: the header gives no usable number of words and dimensions",
                             opening->path);
    }
    struct text_reading *r = begin_reading(model, opening, kind, error);
    if (r == NULL)
        return W2V_ENOMEM;
    int status = W2V_OK, read_status = W2V_OK;
    struct w2v_error read_error = {0};
    for (;;) {
        const char *start = (const char *)stream->buffer.bytes + done;
        const char *end = (const char *)stream->buffer.bytes + stream->n_bytes;
        const char *whole = whole_lines(start, end);
        status = take_lines(r, start, whole, error);
        if (status == W2V_OK && read_status != W2V_OK)
            status = error_copy(error, &read_error);
        if (status == W2V_OK && stream->ended)
            status = take_rest(r, whole, end, error);
        if (status != W2V_OK || stream->ended)
            break;
        done = (size_t)(whole - (const char *)stream->buffer.bytes);
        read_status = stream_fill(stream, done, &read_error);
        done = 0;
    }
    status = end_reading(r, status, error);
    return status == W2V_OK && kind == TEXTFILE_NUMBERS ? read_words(model, opening, error)
                                                        : status;
}
