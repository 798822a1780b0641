/*
 * Telling vectors as text from other files. See textfile.h. A file that begins with "V D" may be
 * text or binary. It is text if its first line reads as a row, or if the bytes that would be floats
 * are all characters of text. So a typo in a text file is reported as one, and the text is never
 * read as binary floats.
 */
#include <string.h>

#include "base/magic.h"
#include "base/utf8.h"
#include "model/header.h"
#include "model/textfile.h"
#include "model/textline.h"

enum {
    MAX_NUMBER = 64,         /* bytes of a number and a blank */
    MAX_TEXT_WORD = 1 << 20, /* bytes of a word */
    SAMPLE = 4096,           /* bytes that are looked at to tell text from binary */
    SURVEYED = 100 /* lines that are looked at to tell numbers alone from rows with words */
};

size_t textfile_mark(const struct file_map *file)
{
    return magic_mark(file->bytes, file->n_bytes);
}

/* The end of the first line of start .. end; NULL if it is too long for a row of `dim` numbers. */
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

/* Passes over empty lines. */
static const char *skip_empty(const char *start, const char *end)
{
    while (start < end && (*start == '\n' || header_is_blank(*start)))
        start++;
    return start;
}

/* Whether the first line is a word and `dim` numbers, or, unless `exact`, a word and several. */
static bool begins_with_row(const char *start, const char *end, size_t dim, bool exact)
{
    const char *line_end = first_line(start, end, dim), *at = start;
    if (line_end == NULL)
        return false;
    const size_t n_numbers = textline_count_numbers(start, line_end, dim + 1);
    if (n_numbers >= dim || exact)
        return n_numbers >= dim;
    for (size_t i = 0; i <= n_numbers; i++)
        if (header_next(&at, line_end).n_bytes == 0)
            return false;
    return n_numbers >= 2 && header_next(&at, line_end).n_bytes == 0;
}

/* Whether the bytes that would be the floats of the first row are all characters of ASCII text. */
static bool floats_are_text(const char *floats, size_t n, size_t dim)
{
    enum { FEWEST = 3, DELETE = 0x7f };
    if (dim < FEWEST)
        return false;
    const size_t n_floats = n / 4 < dim ? n : 4 * dim;
    for (size_t i = 0; i < n_floats && i < SAMPLE; i++) {
        const unsigned char c = (unsigned char)floats[i];
        if (c >= DELETE || (c < ' ' && c != '\n' && c != '\t' && c != '\r'))
            return false;
    }
    return n_floats > 0;
}

/* Whether what follows the first word is text. Binary rows hardly ever are. */
static bool is_text(const char *start, size_t n, size_t dim)
{
    const char *space = memchr(start, ' ', n < MAX_TEXT_WORD ? n : MAX_TEXT_WORD);
    const char *row = space != NULL ? space + 1 : start;
    n -= (size_t)(row - start);
    return utf8_is_text(row, n < SAMPLE ? n : SAMPLE, n > SAMPLE) ||
           (space != NULL && floats_are_text(row, n, dim));
}

/*
 * Text with a header. Binary files begin in the same way, but their floats have bytes that no text
 * has. Text of any kind is accepted here, so that a wrong header or row is reported as such.
 */
bool textfile_recognises(const struct file_map *file)
{
    struct header_field fields[2];
    const size_t n_header_bytes = header_split(file->bytes, file->n_bytes, fields);
    if (n_header_bytes == 0)
        return false;
    const size_t dim = header_size(fields[1]), left = file->n_bytes - n_header_bytes;
    const char *start = (const char *)file->bytes + n_header_bytes, *const end = start + left;
    if (dim == 0 || dim > left)
        return false;
    return begins_with_row(skip_empty(start, end), end, dim, false) || is_text(start, left, dim);
}

/* A word and at least two numbers: lists of words with counts have only one. */
bool textfile_recognises_plain(const struct file_map *file)
{
    if (file->n_bytes == 0)
        return false;
    const char *const end = (const char *)file->bytes + file->n_bytes;
    const char *start = skip_empty((const char *)file->bytes + textfile_mark(file), end);
    const char *line_end = first_line(start, end, W2V_MAX_DIM);
    return line_end != NULL && textline_count_numbers(start, line_end, SIZE_MAX) >= 2;
}

/* The count of numbers in a line that has only numbers, separated by tabs; else 0. */
static size_t count_tabbed(const char *start, const char *end)
{
    size_t n = 1;
    if (end > start && end[-1] == '\r')
        end--;
    for (const char *p = start; p < end; p++) {
        n += *p == '\t';
        if (*p == ' ' || *p == '\r')
            return 0;
    }
    /* Without a limit the count leaves out the first field, which it takes for the word. */
    return n > 1 && textline_count_numbers(start, end, SIZE_MAX) == n - 1 &&
                   textline_count_numbers(start, end, n) == n
               ? n
               : 0;
}

/*
 * The projector's files: the first lines have only numbers, all the same count, and the first line
 * is not a right header of other text. The numbers of a header have a blank between them, not a tab.
 */
bool textfile_recognises_numbers(const struct file_map *file)
{
    const char *start = (const char *)file->bytes, *const end = start + file->n_bytes;
    struct header_field fields[2];
    const size_t n_header = header_split(file->bytes, file->n_bytes, fields);
    if (n_header > 0 && memchr(start, '\t', n_header) == NULL && header_size(fields[1]) > 0 &&
        begins_with_row(skip_empty(start + n_header, end), end, header_size(fields[1]), true))
        return false;
    size_t n_numbers = 0;
    start += textfile_mark(file);
    for (size_t n = 0; n < SURVEYED && start < end; n++) {
        const char *line_end = first_line(start, end, W2V_MAX_DIM);
        if (line_end == end && n > 0) /* the head of a stream may end anywhere */
            break;
        const size_t n_here = line_end != NULL ? count_tabbed(start, line_end) : 0;
        if (n_here == 0 || (n > 0 && n_here != n_numbers))
            return false;
        n_numbers = n_here;
        start = line_end < end ? line_end + 1 : end;
    }
    return n_numbers > 0;
}
