/*
 * A line of vectors as text. See textline.h. A quick scan from the front reads most lines. Any
 * other line is read again from its end, where the numbers are; this also finds out what is wrong
 * with it.
 */
#include "model/textline.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "model/header.h"

enum { SHOWN = 64 /* bytes of a field in a message */ };

const char *textline_end(const char *start, const char *end)
{
    const char *lf = memchr(start, '\n', (size_t)(end - start));
    return lf != NULL ? lf : end;
}

bool textline_is_blank(const char *start, const char *end)
{
    while (start < end && header_is_blank(*start))
        start++;
    return start == end;
}

/* The last field of start .. *end; *end moves to its beginning. It is empty if there is none. */
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

size_t textline_count_numbers(const char *start, const char *end, size_t most)
{
    size_t n = 0;
    float number;
    struct header_field field = {NULL, 0};
    while (n < most && (field = last_field(start, &end)).n_bytes > 0 &&
           number_parse(field.text, field.n_bytes, &number))
        n++;
    const bool all_numbers = n > 0 && n < most && field.n_bytes == 0;
    return all_numbers ? n - 1 : n;
}

/* Takes a number at p, which a blank or the line's end must end. Returns where it ends, or NULL. */
static inline const char *take_number(const char *p, const char *end, float *number)
{
    const char *behind = number_scan(p, end, number);
    if (behind != NULL && (behind == end || header_is_blank(*behind)))
        return behind;
    const struct header_field field = header_next(&p, end);
    return number_parse(field.text, field.n_bytes, number) && isfinite(*number) ? p : NULL;
}

/* Reads a word without blanks and D numbers. Returns the word's end, or NULL for any other line. */
static const char *scan_forward(const char *start, const char *end, size_t dim, bool with_word,
                                float *row)
{
    const char *p = start;
    while (with_word && p < end && !header_is_blank(*p))
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
    return p == end && (word_end > start || !with_word) ? word_end : NULL;
}

/* Reads any line from its end. Returns the word's end, or sets the error and returns NULL. */
static const char *scan_backward(const char *start, const char *end, size_t dim, bool with_word,
                                 float *row, const char *path, size_t line, struct w2v_error *error)
{
    const char *wanted = with_word ? "a word and " : "";
    float number;
    for (size_t k = dim; k-- > 0;) {
        const struct header_field field = last_field(start, &end);
        const int n_shown = (int)(field.n_bytes < SHOWN ? field.n_bytes : SHOWN);
        const bool parsed = number_parse(field.text, field.n_bytes, &number);
        if (!parsed && with_word && field.text == start) {
            error_set(error, W2V_EFORMAT,
                      "%s:%zu: a word and %zu number%s, where there should be %zu", path, line,
                      dim - 1 - k, error_s(dim - 1 - k), dim);
            return NULL;
        }
        if (!parsed) {
            error_set(error, W2V_EFORMAT,
                      "%s:%zu: \"%.*s\" is not a number (the line should have %s%zu number%s)",
                      path, line, n_shown, field.text, wanted, dim, error_s(dim));
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
    if ((end > start) == with_word)
        return end;
    if (with_word)
        error_set(error, W2V_EFORMAT, "%s:%zu: %zu number%s without a word", path, line, dim,
                  error_s(dim));
    else
        error_set(error, W2V_EFORMAT, "%s:%zu: more than %zu number%s", path, line, dim,
                  error_s(dim));
    return NULL;
}

const char *textline_scan(const char *start, const char *end, size_t dim, bool with_word,
                          float *row)
{
    const char *word_end = scan_forward(start, end, dim, with_word, row);
    if (word_end != NULL)
        return word_end;
    return scan_backward(start, end, dim, with_word, row, "", 0, NULL);
}

const char *textline_check(const char *start, const char *end, size_t dim, bool with_word,
                           const char *path, size_t line, struct w2v_error *error)
{
    return scan_backward(start, end, dim, with_word, NULL, path, line, error);
}
