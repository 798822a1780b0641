/*
 * Vectors as text. See textfile.h.
 *
 * A stretch of whole lines is cut into pieces. Threads first count the lines of the pieces, which
 * tells where the rows of each piece begin, and then parse the pieces into place. If lines were
 * skipped, the rows behind them are moved up.
 */
#include "model/textfile.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/thread.h"
#include "kernel/kernel.h"
#include "model/header.h"
#include "model/sidecar.h"
#include "model/textline.h"

enum {
    SURVEYED = 100, /* lines that tell how many numbers a row has */
    STRETCH = 8 << 20,
    PIECE = 256 << 10,
    MAX_PIECES = STRETCH / PIECE + 1,
    TOLD = 5 /* skipped lines whose numbers are reported */
};

struct parsed_piece {
    const char *start, *end; /* whole lines */
    size_t n_lines;
    size_t first, room;   /* the place of its first row in the stretch; how many rows it may have */
    size_t n_good, n_bad; /* lines that are rows, and lines that are not; empty ones are neither */
    const char *bad[TOLD]; /* the first lines that are not rows */
};

struct text_reading {
    struct w2v_model *model;
    const char *path;
    unsigned threads;
    enum textfile_kind kind;
    bool tolerant;
    bool is_rest;                 /* this is the last line, and it has no newline */
    size_t n_promised;            /* rows that the header promises; 0: there is no header */
    size_t n_rows;                /* so far */
    size_t n_lines;               /* so far, with the header */
    size_t n_skipped;             /* lines so far that are not rows */
    size_t skipped[TOLD];         /* line numbers of the first ones */
    struct w2v_error first_fault; /* what is wrong with the first one */
    size_t row_capacity;          /* rows that the matrix has room for */
    size_t word_capacity;         /* words that the array has room for */
    size_t n_text, text_capacity; /* bytes of the words */
    const char *stretch;
    struct parsed_piece pieces[MAX_PIECES];
    size_t n_pieces;
    atomic_size_t next;
};

static bool has_words(const struct text_reading *r)
{
    return r->kind != TEXTFILE_NUMBERS;
}

/* ---- A stretch of lines ---- */

static void count_piece(const struct text_reading *r, struct parsed_piece *piece)
{
    /* A row has at least two bytes a number, so more lines than this cannot all be rows. */
    const size_t fit = (size_t)(piece->end - piece->start) / (2 * r->model->dim) + 1;
    piece->n_lines = piece->room = 0;
    for (const char *p = piece->start; p < piece->end; piece->n_lines++) {
        const char *line_end = textline_end(p, piece->end);
        piece->room += !textline_is_blank(p, line_end);
        p = line_end < piece->end ? line_end + 1 : line_end;
    }
    piece->room = piece->room < fit ? piece->room : fit;
}

static void count_pieces(void *arg, unsigned index, unsigned n)
{
    struct text_reading *r = arg;
    size_t i;
    (void)index;
    (void)n;
    while ((i = thread_ticket(&r->next, r->n_pieces)) < r->n_pieces)
        count_piece(r, &r->pieces[i]);
}

static void parse_piece(const struct text_reading *r, struct parsed_piece *piece)
{
    const struct w2v_model *model = r->model;
    piece->n_good = piece->n_bad = 0;
    for (const char *p = piece->start, *end; p < piece->end; p = end < piece->end ? end + 1 : end) {
        const size_t id = r->n_rows + piece->first + piece->n_good;
        float *row = (float *)model->matrix.bytes + id * model->stride;
        end = textline_end(p, piece->end);
        if (textline_is_blank(p, end))
            continue;
        const char *word_end = piece->n_good < piece->room
                                   ? textline_scan(p, end, model->dim, has_words(r), row)
                                   : NULL;
        if (word_end != NULL) {
            model->words[id] =
                (struct model_word){(uint64_t)(p - r->stretch), (uint64_t)(word_end - p)};
            piece->n_good++;
            continue;
        }
        if (piece->n_bad < TOLD)
            piece->bad[piece->n_bad] = p;
        piece->n_bad++;
        if (!r->tolerant)
            return;
    }
}

static void parse_pieces(void *arg, unsigned index, unsigned n)
{
    struct text_reading *r = arg;
    size_t i;
    (void)index;
    (void)n;
    while ((i = thread_ticket(&r->next, r->n_pieces)) < r->n_pieces)
        parse_piece(r, &r->pieces[i]);
}

static void cut_pieces(struct text_reading *r, const char *start, const char *end)
{
    r->n_pieces = 0;
    while (start < end) {
        struct parsed_piece *piece = &r->pieces[r->n_pieces++];
        const bool last = r->n_pieces == MAX_PIECES || end - start <= PIECE;
        const char *lf = last ? end : textline_end(start + PIECE, end);
        *piece = (struct parsed_piece){.start = start, .end = lf < end ? lf + 1 : end};
        start = piece->end;
    }
}

static void on_pieces(struct text_reading *r, thread_fn run)
{
    atomic_store(&r->next, 0);
    thread_run(r->threads < r->n_pieces ? r->threads : (unsigned)r->n_pieces, run, r);
}

/* Makes room for n more rows and their words. */
static int make_room(struct text_reading *r, size_t n, struct w2v_error *error)
{
    struct w2v_model *model = r->model;
    const size_t need = r->n_rows + n;
    if (need >= UINT32_MAX)
        return error_set(error, W2V_EFORMAT, "%s: too many rows", r->path);
    if (need > r->row_capacity) {
        size_t wanted = r->row_capacity + r->row_capacity / 2;
        if (wanted < need)
            wanted = need;
        int status = mem_remap(&model->matrix, wanted, mem_product(model->stride, sizeof(float)),
                               "a model", error);
        if (status != W2V_OK)
            return status;
        r->row_capacity = wanted;
    }
    return mem_grow(&model->words, &r->word_capacity, need, sizeof *model->words, "a model's words",
                    error);
}

/* Copies the words of n new rows out of the stretch. */
static int keep_words(struct text_reading *r, size_t n, struct w2v_error *error)
{
    struct w2v_model *model = r->model;
    size_t n_bytes = r->n_text;
    for (size_t id = r->n_rows; id < r->n_rows + n; id++)
        n_bytes += (size_t)model->words[id].n_bytes;
    int status =
        mem_grow(&model->text, &r->text_capacity, n_bytes + 1, 1, "a model's words", error);
    if (status != W2V_OK)
        return status;
    for (size_t id = r->n_rows; id < r->n_rows + n; id++) {
        struct model_word *word = &model->words[id];
        memcpy(model->text + r->n_text, r->stretch + word->offset, (size_t)word->n_bytes);
        word->offset = r->n_text;
        r->n_text += (size_t)word->n_bytes;
    }
    model->word_bytes = (const unsigned char *)model->text;
    return W2V_OK;
}

/* The number of the line at p, which is in the stretch. */
static size_t line_number(const struct text_reading *r, const char *p)
{
    size_t n = r->n_lines + 1;
    for (const char *at = r->stretch; (at = memchr(at, '\n', (size_t)(p - at))) != NULL; at++)
        n++;
    return n;
}

/* Sets the error that says what is wrong with the line at p. Returns W2V_EFORMAT. */
static int tell_fault(const struct text_reading *r, const char *p, const char *end,
                      struct w2v_error *error)
{
    const size_t line = line_number(r, p), dim = r->model->dim;
    const char *line_end = textline_end(p, end);
    if (r->is_rest)
        return error_set(error, W2V_EFORMAT,
                         "%s:%zu: the last line does not end in a newline and does not have "
                         "%s%zu number%s: is it cut?",
                         r->path, line, has_words(r) ? "a word and " : "", dim, error_s(dim));
    if (textline_check(p, line_end, dim, has_words(r), r->path, line, error) != NULL)
        error_set(error, W2V_EFORMAT, "%s:%zu: is too short", r->path, line);
    return W2V_EFORMAT;
}

/* Remembers the lines of the stretch that were skipped. */
static void note_skipped(struct text_reading *r, const char *end)
{
    for (size_t i = 0; i < r->n_pieces; i++) {
        const struct parsed_piece *piece = &r->pieces[i];
        for (size_t k = 0; k < piece->n_bad && k < TOLD && r->n_skipped + k < TOLD; k++) {
            if (r->n_skipped + k == 0)
                tell_fault(r, piece->bad[k], end, &r->first_fault);
            r->skipped[r->n_skipped + k] = line_number(r, piece->bad[k]);
        }
        r->n_skipped += piece->n_bad;
    }
}

/* Closes the gaps behind pieces with fewer rows than they had room for. Returns the rows of all. */
static size_t close_gaps(struct text_reading *r)
{
    struct w2v_model *model = r->model;
    float *rows = (float *)model->matrix.bytes + r->n_rows * model->stride;
    struct model_word *words = model->words + r->n_rows;
    size_t n = 0;
    for (size_t i = 0; i < r->n_pieces; i++) {
        const struct parsed_piece *piece = &r->pieces[i];
        if (piece->first != n) {
            memmove(rows + n * model->stride, rows + piece->first * model->stride,
                    piece->n_good * model->stride * sizeof *rows);
            memmove(words + n, words + piece->first, piece->n_good * sizeof *words);
        }
        n += piece->n_good;
    }
    return n;
}

/* Sets the error that names the first line beyond the rows that the header promises. */
static int too_many_rows(const struct text_reading *r, const char *end, struct w2v_error *error)
{
    const size_t n_left = r->n_promised - r->n_rows;
    const char *p = r->stretch;
    /*
     * Skipped lines count as rows here. The number may be too low then, but it is only a message.
     */
    for (size_t n = 0; p < end; p = textline_end(p, end) + 1) {
        n += !textline_is_blank(p, textline_end(p, end));
        if (n > n_left)
            break;
    }
    return error_set(error, W2V_EFORMAT, "%s:%zu: more rows than the %zu of the header", r->path,
                     line_number(r, p < end ? p : end), r->n_promised);
}

/*
 * Takes the lines of start .. end: at most STRETCH bytes, unless a line is longer. A tolerant
 * reading that returns W2V_EFORMAT has still taken the rows before the fault.
 */
static int take_stretch(struct text_reading *r, const char *start, const char *end,
                        struct w2v_error *error)
{
    size_t n_lines = 0, room = 0, n_good;
    r->stretch = start;
    cut_pieces(r, start, end);
    on_pieces(r, count_pieces);
    for (size_t i = 0; i < r->n_pieces; i++) {
        r->pieces[i].first = room;
        room += r->pieces[i].room;
        n_lines += r->pieces[i].n_lines;
    }
    if (room == 0) { /* empty lines */
        r->n_lines += n_lines;
        return W2V_OK;
    }
    int status = make_room(r, room, error);
    if (status != W2V_OK)
        return status;
    on_pieces(r, parse_pieces);
    for (size_t i = 0; i < r->n_pieces && !r->tolerant; i++)
        if (r->pieces[i].n_bad > 0)
            return tell_fault(r, r->pieces[i].bad[0], end, error);
    note_skipped(r, end);
    n_good = close_gaps(r);
    const bool too_many = r->n_promised > 0 && n_good > r->n_promised - r->n_rows;
    if (too_many) {
        too_many_rows(r, end, error);
        n_good = r->n_promised - r->n_rows;
    }
    status = keep_words(r, n_good, error);
    if (status != W2V_OK)
        return status;
    r->n_rows += n_good;
    r->n_lines += n_lines;
    return too_many ? W2V_EFORMAT : W2V_OK;
}

/* ---- A file ---- */

/*
 * The most common count of numbers in the first lines that have any; the least of equally common.
 */
static size_t survey(const char *start, const char *end)
{
    size_t numbers[SURVEYED], n = 0, best = 0, n_best = 0;
    while (n < SURVEYED && start < end) {
        const char *line_end = textline_end(start, end);
        numbers[n] = textline_count_numbers(start, line_end, SIZE_MAX);
        n += numbers[n] > 0;
        start = line_end < end ? line_end + 1 : line_end;
    }
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

/*
 * Finds D from the first lines. If the header gives D, checks that one of these lines has D
 * numbers.
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
        model->dim = survey(start, end);
        if (model->dim == 0)
            return error_set(error, W2V_EFORMAT, "%s:%zu: no numbers behind the words", r->path,
                             line);
    }
    /* One of the first lines must be a row, before room is made for rows that may not exist. */
    for (size_t n = 0; n < SURVEYED && start < end; n++) {
        const char *line_end = textline_end(start, end);
        if (textline_check(start, line_end, model->dim, has_words(r), r->path, line, NULL) != NULL)
            break;
        if (!r->tolerant || n + 1 == SURVEYED || line_end + 1 >= end) {
            r->stretch = first;
            return tell_fault(r, first, end, error);
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
        if (end - start > STRETCH) {
            until = textline_end(start + STRETCH - PIECE, end);
            until += until < end;
        }
        status = take_stretch(r, start, until, error);
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

/* Takes what follows the last newline: a row, if it has all its numbers. */
static int take_rest(struct text_reading *r, const char *start, const char *end,
                     struct w2v_error *error)
{
    r->is_rest = true;
    return take_lines(r, start, end, error);
}

/* Says what a tolerant reading has left out. The message begins with the first fault. */
static void tell_skipped(const struct text_reading *r, const struct w2v_error *first,
                         struct w2v_error *fault)
{
    char lines[TOLD * 24] = "";
    size_t n = 0;
    error_copy(fault, first);
    if (r->n_skipped == 0)
        return;
    for (size_t i = 0; i < r->n_skipped && i < TOLD; i++)
        n += (size_t)snprintf(lines + n, sizeof lines - n, "%s%zu", i > 0 ? ", " : "",
                              r->skipped[i]);
    error_append(fault, "; %zu line%s skipped: %s%s", r->n_skipped, error_s(r->n_skipped), lines,
                 r->n_skipped > TOLD ? " and more" : "");
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
        const struct w2v_error unsaid = {W2V_EFORMAT, ""};
        tell_skipped(r, error != NULL ? error : &unsaid, &model->fault);
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

/* Reads the words for the projector's numbers, which are in a file of their own. */
static int read_words(struct w2v_model *model, const struct model_opening *opening,
                      struct w2v_error *error)
{
    char *path = sidecar_path(opening->path, ".metadata.tsv", error);
    if (path == NULL)
        return W2V_ENOMEM;
    free(model->words);
    model->words = NULL;
    int status = sidecar_read_metadata(model, path, error);
    if (status == W2V_EIO)
        status = error_set(error, W2V_EIO,
                           "%s: only numbers and tabs, as in files of the embedding projector; its "
                           "words should be in %s, a line each, but that file cannot be read",
                           opening->path, path);
    free(path);
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
