/*
 * Writing vectors as text. Numbers have the fewest digits that read back as the same float. Threads
 * print the pieces of a group of rows into buffers; then one thread writes the buffers in order.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "base/thread.h"
#include "model/convert.h"
#include "model/textfile.h"

/*
 * A group has at most PIECES pieces, and PIECES_A_THREAD for each thread, which keeps all busy. The text of a
 * piece takes about 200 kB, or more if a row has more numbers.
 */
enum { PIECE_NUMBERS = 16384, PIECES = 64, PIECES_A_THREAD = 4 };

struct printed_piece {
    char *text;
    size_t n_bytes, capacity;
    size_t n_done; /* rows printed; it ends before a row that is not finite */
    int status;
};

struct printing {
    struct convert *c;
    char blank;
    bool with_words;
    size_t first, n_rows; /* of the group */
    size_t n_piece;       /* rows of a piece */
    struct printed_piece pieces[PIECES];
    atomic_size_t next;
};

static void print_piece(const struct printing *p, struct printed_piece *piece, size_t first,
                        size_t n)
{
    const struct selection *s = p->c->selection;
    float *row = mem_calloc(s->dim, sizeof *row, "a row", NULL);
    piece->status = row != NULL ? W2V_OK : W2V_ENOMEM;
    piece->n_bytes = piece->n_done = 0;
    for (; piece->status == W2V_OK && piece->n_done < n; piece->n_done++) {
        size_t n_word = 0;
        const char *word = selection_word(s, first + piece->n_done, &n_word);
        if (!selection_make_row(s, first + piece->n_done, row)) {
            piece->status = W2V_ENUMERIC;
            break;
        }
        piece->status =
            mem_grow(&piece->text, &piece->capacity,
                     piece->n_bytes + n_word + 2 + s->dim * (NUMBER_TEXT + 1), 1, "a row", NULL);
        if (piece->status != W2V_OK)
            break;
        if (p->with_words)
            piece->n_bytes +=
                spelling_write(piece->text + piece->n_bytes, word, n_word, p->c->banned);
        for (size_t k = 0; k < s->dim; k++) {
            if (k > 0 || p->with_words)
                piece->text[piece->n_bytes++] = p->blank;
            piece->n_bytes += number_print(row[k], piece->text + piece->n_bytes);
        }
        piece->text[piece->n_bytes++] = '\n';
    }
    free(row);
}

static void print_pieces(void *arg, unsigned index, unsigned n_threads)
{
    struct printing *p = arg;
    const size_t n_pieces = (p->n_rows + p->n_piece - 1) / p->n_piece;
    size_t i;
    (void)index;
    (void)n_threads;
    while ((i = thread_ticket(&p->next, n_pieces)) < n_pieces) {
        const size_t left = p->n_rows - i * p->n_piece;
        print_piece(p, &p->pieces[i], p->first + i * p->n_piece,
                    left < p->n_piece ? left : p->n_piece);
    }
}

static int write_group(struct printing *p, struct outfile *out, struct w2v_error *error)
{
    struct convert *c = p->c;
    int status = W2V_OK;
    atomic_store(&p->next, 0);
    thread_run(p->n_rows <= p->n_piece ? 1 : c->selection->threads, print_pieces, p);
    for (size_t i = 0; i * p->n_piece < p->n_rows && status == W2V_OK; i++) {
        const struct printed_piece *piece = &p->pieces[i];
        if (piece->status == W2V_ENUMERIC)
            return selection_not_finite(c->selection, p->first + i * p->n_piece + piece->n_done,
                                        error);
        if (piece->status != W2V_OK)
            return error_memory(error, "rows of text", c->selection->dim * NUMBER_TEXT);
        status = outfile_write(out, piece->text, piece->n_bytes, error);
    }
    return status == W2V_OK ? convert_tell(c, p->first + p->n_rows, error) : status;
}

int textfile_write_rows(struct convert *c, struct outfile *out, char blank, bool with_words,
                        struct w2v_error *error)
{
    const size_t wanted = (size_t)PIECES_A_THREAD * c->selection->threads,
                 n_pieces = wanted < PIECES ? wanted : PIECES;
    int status = W2V_OK;
    struct printing *p = mem_calloc(1, sizeof *p, "rows of text", error);
    if (p == NULL)
        return W2V_ENOMEM;
    p->c = c;
    p->blank = blank;
    p->n_piece = 1 + PIECE_NUMBERS / c->selection->dim;
    p->with_words = with_words;
    while (status == W2V_OK && p->first < c->selection->n) {
        const size_t left = c->selection->n - p->first;
        p->n_rows = left < p->n_piece * n_pieces ? left : p->n_piece * n_pieces;
        status = write_group(p, out, error);
        p->first += p->n_rows;
    }
    for (size_t i = 0; i < PIECES; i++)
        free(p->pieces[i].text);
    free(p);
    return status;
}

static int write_file(struct convert *c, bool with_header, struct w2v_error *error)
{
    struct outfile out;
    int status = outfile_open_packed(&out, c->path, error);
    if (status != W2V_OK)
        return status;
    if (with_header) {
        char header[64];
        const int n =
            snprintf(header, sizeof header, "%zu %zu\n", c->selection->n, c->selection->dim);
        status = outfile_write(&out, header, (size_t)n, error);
    }
    if (status == W2V_OK)
        status = textfile_write_rows(c, &out, ' ', true, error);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}

int textfile_write(struct convert *c, struct w2v_error *error)
{
    return write_file(c, true, error);
}

int textfile_write_plain(struct convert *c, struct w2v_error *error)
{
    return write_file(c, false, error);
}
