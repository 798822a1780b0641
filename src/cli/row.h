/*
 * Prints results to standard output: each row is a line of tab-separated fields or, with --json, an
 * object with the fields by name. Real numbers have six decimals.
 */
#ifndef W2V_CLI_ROW_H
#define W2V_CLI_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/fields.h"

enum row_kind {
    ROW_TEXT,
    ROW_WORDS, /* with blanks between */
    ROW_REAL,
    ROW_COUNT,
    ROW_NONE /* empty; null in JSON */
};

struct row_field {
    const char *name;
    enum row_kind kind;
    const char *text; /* ROW_TEXT: any n_bytes */
    size_t n_bytes;
    const struct field *words; /* ROW_WORDS */
    size_t n_words;
    double real;    /* ROW_REAL; not finite: null in JSON */
    uint64_t count; /* ROW_COUNT */
};

void row_print(bool json, const struct row_field *fields, size_t n);

/* Prints a field of a row that is not JSON, escaped by w2v_escape. */
void row_text(const char *text, size_t n_bytes);

/* The same for a word of a list with blanks between: blanks inside the word become \x20. */
void row_word(const char *text, size_t n_bytes);

/*
 * Prints a JSON string for any bytes. Bytes that are not UTF-8 become U+FFFD, one for each maximal
 * part of a sequence (The Unicode Standard, 3.9).
 */
void row_json_string(FILE *file, const char *text, size_t n_bytes);

/* Prints the fewest decimal digits that read back as the same float. JSON: null if not finite. */
void row_float(bool json, float value);

#endif
