/*
 * A line of vectors as text: the word, then D numbers, with blanks (spaces, tabs, carriage returns)
 * between them, and perhaps at the end. The last D fields are the numbers, so a word may have
 * blanks. Numbers are those that strtof takes in the C locale, and must be finite. A line may also
 * have only numbers.
 */
#ifndef W2V_MODEL_TEXTLINE_H
#define W2V_MODEL_TEXTLINE_H

#include "base/error.h"

/* Where the line at `start` ends: at its newline, or at `end`. */
const char *textline_end(const char *start, const char *end);

/* Whether there is nothing but blanks. */
bool textline_is_blank(const char *start, const char *end);

/*
 * How many numbers end the line, at most `most`. If all fields are numbers, the first is the word.
 */
size_t textline_count_numbers(const char *start, const char *end, size_t most);

/*
 * Reads the numbers of a row into `row`. Returns where its word ends, or NULL if the line is not a
 * row of `dim` numbers. Without `with_word` the line must have only numbers, and its start is
 * returned.
 */
const char *textline_scan(const char *start, const char *end, size_t dim, bool with_word,
                          float *row);

/* The same, but keeps no numbers. If it returns NULL, *error says what is wrong with the line. */
const char *textline_check(const char *start, const char *end, size_t dim, bool with_word,
                           const char *path, size_t line, struct w2v_error *error);

#endif
