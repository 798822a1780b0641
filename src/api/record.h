/*
 * Records: text of lines "KEY\tVALUE\n", what a model file says of its training and what a
 * checkpoint says of its run. A newline, a tab or a backslash within a value stands as \n, \t or
 * \\. Building one never fails on the spot: the status says at last whether memory sufficed.
 */
#ifndef W2V_API_RECORD_H
#define W2V_API_RECORD_H

#include "base/error.h"

/* Begin with {0}; free `text`. */
struct record {
    char *text;
    size_t n_bytes, capacity;
    int status;
};

void record_add(struct record *record, const char *key, const char *format, ...) W2V_PRINTF(3, 4);

/* A real number, as short as gives the same again. */
void record_add_real(struct record *record, const char *key, double value);

/* A file's name, as an absolute one. */
void record_add_path(struct record *record, const char *key, const char *path);

/* All lines of another record. */
void record_join(struct record *record, const struct record *other);

/*
 * Takes the first line off the n_bytes at *text, which are changed: key and value become strings,
 * the value's escapes what they stand for. False at the end, or at what is no such line.
 */
bool record_take(char **text, size_t *n_bytes, const char **key, const char **value);

#endif
