/*
 * Results on standard output: a row of fields, tab-separated, or with --json one object a line with
 * the fields by name. Real numbers have six decimals.
 */
#ifndef W2V_CLI_ROW_H
#define W2V_CLI_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum row_kind { ROW_TEXT, ROW_REAL, ROW_COUNT, ROW_NONE /* nothing; null in JSON */ };

struct row_field {
    const char *name;
    enum row_kind kind;
    const char *text; /* ROW_TEXT: n_bytes of any kind */
    size_t n_bytes;
    double real;    /* ROW_REAL; not finite: null in JSON */
    uint64_t count; /* ROW_COUNT */
};

void row_print(bool json, const struct row_field *fields, size_t n);

/* A field of a row that is not JSON, escaped by w2v_escape. */
void row_text(const char *text, size_t n_bytes);

/*
 * A JSON string. What is not UTF-8 comes out as U+FFFD, one for each maximal part of a sequence
 * (The Unicode Standard, 3.9), so that the line is JSON whatever the bytes.
 */
void row_json_string(const char *text, size_t n_bytes);

/* The shortest decimal digits that read back as the same float. JSON: null for what is no number.
 */
void row_float(bool json, float value);

#endif
