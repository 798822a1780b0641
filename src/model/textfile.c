/*
 * Vectors as text. See textfile.h.
 *
 * A stretch of whole lines is cut into pieces; threads count the lines of each, which gives each
 * its first row, then parse them into their places. A line that the forward scan does not like is
 * taken apart again from its end, where the numbers stand, which also finds what is wrong with it.
 */
#include "model/textfile.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/thread.h"
#include "kernel/kernel.h"
#include "model/header.h"

enum {
    MAX_NUMBER = 64,         /* bytes of a number and a blank, where a file is to be recognised */
    MAX_TEXT_WORD = 1 << 20, /* the same for a word */
    SURVEYED = 100,          /* lines that tell how many numbers a row has */
    STRETCH = 8 << 20,
    PIECE = 256 << 10,
    MAX_PIECES = STRETCH / PIECE + 1,
    SHOWN = 64 /* bytes of a field in a message */
};

struct piece {
    const char *start, *end; /* whole lines */
    size_t n_lines, first;   /* its first line's number in the stretch, from 0 */
    const char *fault;       /* the line that is no row, or NULL */
    size_t n_good;           /* the lines before it */
};

struct reading {
    struct w2v_model *model;
    const char *path;
    unsigned threads;
    size_t n_promised;            /* rows by the header; 0: there is none */
    size_t n_rows;                /* so far */
    size_t n_lines;               /* so far, the header's included */
    size_t row_capacity;          /* rows that the matrix has room for */
    size_t word_capacity;         /* and the array of words */
    size_t n_text, text_capacity; /* bytes of the words */
    size_t n_limit;               /* rows of the stretch that may be stored */
    bool blank;                   /* empty lines have ended the text so far */
    const char *stretch;
    struct piece pieces[MAX_PIECES];
    size_t n_pieces;
    atomic_size_t next;
};

/* ---- A line ---- */

/* The field that ends where *end is moved to, from behind; empty when there is none. */
static struct header_field last_field(const char *start, const char **end)
{
    while (*end > start && header_is_blank((*end)[-1]))
        (*end)--;
    const char *p = *end;
    while (p > start && !header_is_blank(p[-1]))
        p--;
    const struct header_field field = {p, (size_t)(*end - p)};
    *end = p;
    return field;
}

/* How many numbers the line ends in, at most `most`, with a word before them. */
static size_t count_numbers(const char *start, const char *end, size_t most)
{
    size_t n = 0;
    float number;
    struct header_field field;
    while (n < most && (field = last_field(start, &end)).n_bytes > 0 &&
           number_parse(field.text, field.n_bytes, &number))
        n++;
    return n > 0 && n < most && field.n_bytes == 0 ? n - 1 : n; /* nothing else: one is the word */
}

/* A number at p, ended by a blank or the line's end; returns where it ends, or NULL. */
static inline const char *take_number(const char *p, const char *end, float *number)
{
    const char *behind = number_scan(p, end, number);
    if (behind != NULL && (behind == end || header_is_blank(*behind)))
        return behind;
    const struct header_field field = header_next(&p, end);
    return number_parse(field.text, field.n_bytes, number) && isfinite(*number) ? p : NULL;
}

/* A line of a word without blanks and D numbers; the word's end, or NULL where it is none. */
static const char *scan_row(const char *start, const char *end, size_t dim, float *row)
{
    const char *p = start;
    while (p < end && !header_is_blank(*p))
        p++;
    const char *const word_end = p;
    for (size_t k = 0; k < dim; k++) {
        while (p < end && header_is_blank(*p))
            p++;
        p = take_number(p, end, row + k);
        if (p == NULL)
            return NULL;
    }
    while (p < end && header_is_blank(*p))
        p++;
    return p == end && word_end > start ? word_end : NULL;
}

/*
 * Any line, from its end. The word's end, or NULL, and *error says what is wrong with line `line`.
 * `row` may be NULL.
 */
static const char *split_row(const char *start, const char *end, size_t dim, float *row,
                             const char *path, size_t line, struct w2v_error *error)
{
    float number;
    for (size_t k = dim; k-- > 0;) {
        const struct header_field field = last_field(start, &end);
        const int n_shown = (int)(field.n_bytes < SHOWN ? field.n_bytes : SHOWN);
        if (!number_parse(field.text, field.n_bytes, &number)) {
            error_set(error, W2V_EFORMAT,
                      "%s:%zu: \"%.*s\" is no number, where a word and %zu numbers should be", path,
                      line, n_shown, field.text, dim);
            return NULL;
        }
        if (!isfinite(number)) {
            error_set(error, W2V_EFORMAT, "%s:%zu: number %zu, \"%.*s\", is not finite", path, line,
                      k + 1, n_shown, field.text);
            return NULL;
        }
        if (row != NULL)
            row[k] = number;
    }
    while (end > start && header_is_blank(end[-1]))
        end--;
    if (end > start)
        return end;
    error_set(error, W2V_EFORMAT, "%s:%zu: %zu numbers without a word", path, line, dim);
    return NULL;
}

static const char *end_of_line(const char *start, const char *end)
{
    const char *lf = memchr(start, '\n', (size_t)(end - start));
    return lf != NULL ? lf : end;
}

/* ---- Recognising ---- */

/* The first line of start .. end, if it is no longer than one of `dim` numbers; or NULL. */
static const char *first_line(const char *start, const char *end, size_t dim)
{
    size_t n_bytes = (size_t)(end - start);
    if (n_bytes > MAX_TEXT_WORD && (n_bytes - MAX_TEXT_WORD) / MAX_NUMBER > dim)
        n_bytes = MAX_TEXT_WORD + dim * MAX_NUMBER;
    const char *lf = memchr(start, '\n', n_bytes);
    if (lf == NULL && start + n_bytes == end)
        lf = end;
    return lf;
}

/*
 * Whether the first line is a word and D numbers, or at least a word and several numbers, so that
 * it is text with a wrong header. The floats of a binary file hardly ever look like this.
 */
bool textfile_recognises(const struct file_map *file)
{
    struct header_field fields[2];
    const size_t n_header_bytes = header_split(file->bytes, file->n_bytes, fields);
    if (n_header_bytes == 0)
        return false;
    const size_t dim = header_size(fields[1]), left = file->n_bytes - n_header_bytes;
    const char *start = (const char *)file->bytes + n_header_bytes;
    if (dim == 0 || dim > left)
        return false;
    const char *end = first_line(start, start + left, dim), *at = start;
    if (end == NULL)
        return false;
    const size_t n_numbers = count_numbers(start, end, dim);
    if (n_numbers == dim)
        return true;
    for (size_t i = 0; i <= n_numbers; i++)
        if (header_next(&at, end).n_bytes == 0)
            return false;
    return n_numbers >= 2 && header_next(&at, end).n_bytes == 0;
}

/* One number behind a word is what lists of words with counts have. */
bool textfile_recognises_plain(const struct file_map *file)
{
    if (file->n_bytes == 0)
        return false;
    const char *start = (const char *)file->bytes;
    const char *end = first_line(start, start + file->n_bytes, W2V_MAX_DIM);
    return end != NULL && count_numbers(start, end, SIZE_MAX) >= 2;
}

/* ---- A stretch of lines ---- */

static void count_piece(struct piece *piece)
{
    piece->n_lines = 0;
    for (const char *p = piece->start; p < piece->end; piece->n_lines++) {
        const char *lf = end_of_line(p, piece->end);
        p = lf < piece->end ? lf + 1 : lf;
    }
}

static void count_pieces(void *arg, unsigned index, unsigned n)
{
    struct reading *r = arg;
    size_t i;
    (void)index;
    (void)n;
    while ((i = thread_ticket(&r->next, r->n_pieces)) < r->n_pieces)
        count_piece(&r->pieces[i]);
}

static void parse_piece(const struct reading *r, struct piece *piece)
{
    const struct w2v_model *model = r->model;
    struct w2v_error error;
    piece->fault = NULL;
    piece->n_good = 0;
    for (const char *p = piece->start; p < piece->end;) {
        const size_t line = piece->first + piece->n_good;
        const char *end = end_of_line(p, piece->end);
        if (line >= r->n_limit)
            return;
        float *row = (float *)model->matrix.bytes + (r->n_rows + line) * model->stride;
        const char *word_end = scan_row(p, end, model->dim, row);
        if (word_end == NULL)
            word_end = split_row(p, end, model->dim, row, r->path, 0, &error);
        if (word_end == NULL) {
            piece->fault = p;
            return;
        }
        model->words[r->n_rows + line] =
            (struct model_word){(uint64_t)(p - r->stretch), (uint64_t)(word_end - p)};
        piece->n_good++;
        p = end < piece->end ? end + 1 : end;
    }
}

static void parse_pieces(void *arg, unsigned index, unsigned n)
{
    struct reading *r = arg;
    size_t i;
    (void)index;
    (void)n;
    while ((i = thread_ticket(&r->next, r->n_pieces)) < r->n_pieces)
        parse_piece(r, &r->pieces[i]);
}

static void cut_pieces(struct reading *r, const char *start, const char *end)
{
    r->n_pieces = 0;
    while (start < end) {
        struct piece *piece = &r->pieces[r->n_pieces++];
        const bool last = r->n_pieces == MAX_PIECES || end - start <= PIECE;
        const char *lf = last ? end : end_of_line(start + PIECE, end);
        *piece = (struct piece){.start = start, .end = lf < end ? lf + 1 : end};
        start = piece->end;
    }
}

static void on_pieces(struct reading *r, thread_fn run)
{
    atomic_store(&r->next, 0);
    thread_run(r->threads < r->n_pieces ? r->threads : (unsigned)r->n_pieces, run, r);
}

/* Room for n more rows and their words. */
static int make_room(struct reading *r, size_t n, struct w2v_error *error)
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
static int keep_words(struct reading *r, size_t n, struct w2v_error *error)
{
    struct w2v_model *model = r->model;
    size_t n_bytes = r->n_text;
    for (size_t id = r->n_rows; id < r->n_rows + n; id++)
        n_bytes += (size_t)model->words[id].n_bytes;
    int status = mem_grow(&model->text, &r->text_capacity, n_bytes, 1, "a model's words", error);
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

/*
 * Takes the lines of start .. end, at most STRETCH bytes but for a longer line. With W2V_EFORMAT the
 * rows before the fault are there.
 */
static int take_stretch(struct reading *r, const char *start, const char *end,
                        struct w2v_error *error)
{
    size_t n_lines = 0, n_good = 0;
    r->stretch = start;
    cut_pieces(r, start, end);
    on_pieces(r, count_pieces);
    for (size_t i = 0; i < r->n_pieces; i++) {
        r->pieces[i].first = n_lines;
        n_lines += r->pieces[i].n_lines;
    }
    /* Were there more rows than fit the bytes, there would be a fault in those that do. */
    const size_t fit = (size_t)(end - start) / (2 * r->model->dim) + 1;
    r->n_limit = n_lines < fit ? n_lines : fit;
    if (r->n_promised > 0 && r->n_limit > r->n_promised - r->n_rows)
        r->n_limit = r->n_promised - r->n_rows;
    int status = make_room(r, r->n_limit, error);
    if (status != W2V_OK)
        return status;
    on_pieces(r, parse_pieces);
    const char *fault = NULL;
    for (size_t i = 0; i < r->n_pieces && fault == NULL; i++) {
        n_good += r->pieces[i].n_good;
        fault = r->pieces[i].fault;
    }
    status = keep_words(r, n_good, error);
    if (status != W2V_OK)
        return status;
    r->n_rows += n_good;
    r->n_lines += n_good;
    if (fault != NULL) {
        split_row(fault, end_of_line(fault, end), r->model->dim, NULL, r->path, r->n_lines + 1,
                  error);
        return W2V_EFORMAT;
    }
    if (n_good < n_lines)
        return error_set(error, W2V_EFORMAT, "%s:%zu: more rows than the %zu of the header",
                         r->path, r->n_lines + 1, r->n_promised);
    return W2V_OK;
}

/* ---- A file ---- */

/* The number of numbers that most of the first lines have; of equals the least. */
static size_t survey(const char *start, const char *end)
{
    size_t numbers[SURVEYED], n = 0, best = 0, n_best = 0;
    for (; n < SURVEYED && start < end; n++) {
        const char *lf = end_of_line(start, end);
        numbers[n] = count_numbers(start, lf, SIZE_MAX);
        start = lf < end ? lf + 1 : lf;
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

/* D, from the first lines, or, where the header gives it, checked against them. */
static int find_dim(struct reading *r, const char *start, const char *end, struct w2v_error *error)
{
    struct w2v_model *model = r->model;
    const size_t n_numbers = survey(start, end);
    if (r->n_promised == 0) {
        model->dim = n_numbers;
        if (n_numbers == 0)
            return error_set(error, W2V_EFORMAT, "%s:1: no numbers behind the words", r->path);
    } else if (n_numbers > model->dim) {
        return error_set(error, W2V_EFORMAT, "%s:%zu: more than %zu numbers behind the word",
                         r->path, r->n_lines + 1, model->dim);
    } else if (split_row(start, end_of_line(start, end), model->dim, NULL, r->path, r->n_lines + 1,
                         error) == NULL) {
        return W2V_EFORMAT; /* before room is made for rows that are not there */
    }
    model->stride = kernel_pad(model->dim);
    return W2V_OK;
}

static bool is_space(char c)
{
    return c == '\n' || header_is_blank(c);
}

/*
 * Takes whole lines. Empty ones at their end are passed over, which is right only where nothing
 * else follows.
 */
static int take_lines(struct reading *r, const char *start, const char *end,
                      struct w2v_error *error)
{
    const char *last = end;
    while (last > start && is_space(last[-1]))
        last--;
    if (last == start) {
        r->blank |= end > start;
        return W2V_OK;
    }
    if (r->blank) {
        split_row(start, start, 1, NULL, r->path, r->n_lines + 1, error);
        return W2V_EFORMAT;
    }
    last = end_of_line(last, end) + 1;
    r->blank = last < end;
    int status = r->model->stride == 0 ? find_dim(r, start, last, error) : W2V_OK;
    while (status == W2V_OK && start < last) {
        const char *until = last;
        if (last - start > STRETCH) {
            until = end_of_line(start + STRETCH - PIECE, last);
            until += until < last;
        }
        status = take_stretch(r, start, until, error);
        start = until;
    }
    return status;
}

/* The whole lines of start .. end: where they end. */
static const char *whole_lines(const char *start, const char *end)
{
    while (end > start && end[-1] != '\n')
        end--;
    return end;
}

/* What is behind the last newline: blanks, or a line whose last number may lack digits. */
static int take_rest(const struct reading *r, const char *start, const char *end,
                     struct w2v_error *error)
{
    while (start < end && is_space(*start))
        start++;
    if (start == end)
        return W2V_OK;
    return error_set(error, W2V_EFORMAT,
                     "%s:%zu: the last line does not end in a newline: is it cut?", r->path,
                     r->n_lines + 1);
}

/* The rest of the reading, with the status so far. */
static int finish(struct reading *r, bool tolerant, int status, struct w2v_error *error)
{
    struct w2v_model *model = r->model;
    if (status == W2V_OK && r->n_rows == 0)
        status = error_set(error, W2V_EFORMAT, "%s:%zu: no rows", r->path, r->n_lines + 1);
    if (status == W2V_OK && r->n_rows < r->n_promised)
        status =
            error_set(error, W2V_EFORMAT,
                      "%s:%zu: the file ends after %zu of %zu rows: damaged, or a wrong header",
                      r->path, r->n_lines + 1, r->n_rows, r->n_promised);
    if (status == W2V_EFORMAT && tolerant && r->n_rows > 0) {
        model->fault = (struct w2v_error){W2V_EFORMAT, ""};
        if (error != NULL)
            error_copy(&model->fault, error);
        status = W2V_OK;
    }
    model->n_words = r->n_rows;
    free(r);
    return status;
}

static struct reading *begin(struct w2v_model *model, const struct model_opening *opening,
                             bool with_header, struct w2v_error *error)
{
    struct reading *r = mem_calloc(1, sizeof *r, "a model", error);
    if (r == NULL)
        return NULL;
    r->model = model;
    r->path = opening->path;
    r->threads = thread_count(opening->threads);
    r->n_promised = with_header ? model->n_words : 0;
    r->n_lines = with_header;
    return r;
}

/* ---- Opening ---- */

/* The rows of a mapped file, from `at` on. */
static int open_mapped(struct w2v_model *model, const struct model_opening *opening, size_t at,
                       struct w2v_error *error)
{
    const char *start = (const char *)model->file.bytes + at;
    const char *end = (const char *)model->file.bytes + model->file.n_bytes;
    const char *whole = whole_lines(start, end);
    struct reading *r = begin(model, opening, at > 0, error);
    if (r == NULL)
        return W2V_ENOMEM;
    int status = take_lines(r, start, whole, error);
    if (status == W2V_OK)
        status = take_rest(r, whole, end, error);
    return finish(r, opening->tolerant, status, error);
}

int textfile_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error)
{
    size_t n_header_bytes;
    int status = model_read_header(model, opening, 1, 2, &n_header_bytes, error);
    return status == W2V_OK ? open_mapped(model, opening, n_header_bytes, error) : status;
}

int textfile_open_plain(struct w2v_model *model, const struct model_opening *opening,
                        struct w2v_error *error)
{
    return open_mapped(model, opening, 0, error);
}

int textfile_open_stream(struct w2v_model *model, const struct model_opening *opening,
                         struct stream *stream, bool with_header, struct w2v_error *error)
{
    size_t done = 0;
    if (with_header) {
        struct header_field fields[2];
        done = header_split(stream->buffer.bytes, stream->n_bytes, fields);
        model->n_words = header_size(fields[0]);
        model->dim = header_size(fields[1]);
        if (model->n_words == 0 || model->dim == 0)
            return error_set(error, W2V_EFORMAT,
                             "%s:1: the header gives no usable number of words and dimensions",
                             opening->path);
    }
    struct reading *r = begin(model, opening, with_header, error);
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
    return finish(r, opening->tolerant, status, error);
}
