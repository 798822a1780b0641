/*
 * Vectors as text: a stretch of lines to rows. See textfile_rows.h.
 *
 * A stretch is cut into pieces. Threads first count the lines of the pieces, which tells where the
 * rows of each piece begin, and then parse the pieces into place. If lines were skipped, the rows
 * behind them are moved up.
 */
#include "model/textfile_rows.h"

#include <string.h>

#include "base/thread.h"
#include "model/textline.h"

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
        const char *word_end =
            piece->n_good < piece->room
                ? textline_scan(p, end, model->dim, textfile_rows_have_words(r), row)
                : NULL;
        if (word_end != NULL) {
            model->words[id] =
                (struct model_word){(uint64_t)(p - r->stretch), (uint64_t)(word_end - p)};
            piece->n_good++;
            continue;
        }
        if (piece->n_bad < TEXTFILE_TOLD)
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
        const bool last = r->n_pieces == TEXTFILE_PIECES || end - start <= TEXTFILE_PIECE;
        const char *lf = last ? end : textline_end(start + TEXTFILE_PIECE, end);
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

int textfile_rows_fault(const struct text_reading *r, const char *p, const char *end,
                        struct w2v_error *error)
{
    const size_t line = line_number(r, p), dim = r->model->dim;
    const char *line_end = textline_end(p, end);
    if (r->is_rest)
        return error_set(error, W2V_EFORMAT,
                         "%s:%zu: the last line does not end in a newline and does not have "
                         "%s%zu number%s: is it cut?",
                         r->path, line, textfile_rows_have_words(r) ? "a word and " : "", dim,
                         error_s(dim));
    if (textline_check(p, line_end, dim, textfile_rows_have_words(r), r->path, line, error) != NULL)
        error_set(error, W2V_EFORMAT, "%s:%zu: is too short", r->path, line);
    return W2V_EFORMAT;
}

/* Remembers the lines of the stretch that were skipped. */
static void note_skipped(struct text_reading *r, const char *end)
{
    for (size_t i = 0; i < r->n_pieces; i++) {
        const struct parsed_piece *piece = &r->pieces[i];
        for (size_t k = 0;
             k < piece->n_bad && k < TEXTFILE_TOLD && r->n_skipped + k < TEXTFILE_TOLD; k++) {
            if (r->n_skipped + k == 0)
                textfile_rows_fault(r, piece->bad[k], end, &r->first_fault);
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
    /* Skipped lines count as rows here, so the message may name an earlier line. */
    for (size_t n = 0; p < end; p = textline_end(p, end) + 1) {
        n += !textline_is_blank(p, textline_end(p, end));
        if (n > n_left)
            break;
    }
    return error_set(error, W2V_EFORMAT, "%s:%zu: more rows than the %zu of the header", r->path,
                     line_number(r, p < end ? p : end), r->n_promised);
}

int textfile_rows_take(struct text_reading *r, const char *start, const char *end,
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
            return textfile_rows_fault(r, r->pieces[i].bad[0], end, error);
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
