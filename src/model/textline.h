/*
 * A line of vectors as text: the word, then D numbers, blanks (spaces, tabs, carriage returns)
 * between and behind. The last D fields are the numbers, so a word may hold blanks. Numbers are what
 * strtof takes in the C locale, and finite. A line may also be of numbers alone.
 */
#ifndef W2V_MODEL_TEXTLINE_H
#define W2V_MODEL_TEXTLINE_H

#include "base/error.h"

/* Where the line at `start` ends: at its newline, or at `end`. */
const char *textline_end(const char *start, const char *end);

/* Whether there is nothing but blanks. */
bool textline_is_blank(const char *start, const char *end);

/* How many numbers the line ends in, at most `most`, with a word before them. */
size_t textline_count_numbers(const char *start, const char *end, size_t most);

/*
 * A row's numbers into `row`: the word's end, or NULL where the line is no row of `dim` numbers.
 * Without `with_word` it is of numbers alone, and its start is returned.
 */
const char *textline_scan(const char *start, const char *end, size_t dim, bool with_word,
                          float *row);

/* The same without the numbers; where it is no row, *error says why of line `line` of `path`. */
const char *textline_check(const char *start, const char *end, size_t dim, bool with_word,
                           const char *path, size_t line, struct w2v_error *error);

#endif
