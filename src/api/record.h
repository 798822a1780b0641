/*
 * Records: text of lines "KEY\tVALUE\n", in which a model file describes its training and a checkpoint
 * its run. In a value \n, \t and \\ stand for newline, tab and backslash. Functions that add lines
 * return nothing; if memory ran out, `status` says so afterwards.
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

/* Adds a real number with the fewest digits that read back as the same number. */
void record_add_real(struct record *record, const char *key, double value);

/* Adds a file name as an absolute path. */
void record_add_path(struct record *record, const char *key, const char *path);

/* Adds all lines of another record. */
void record_join(struct record *record, const struct record *other);

/*
 * Takes the first line from the n_bytes at *text. Changes these bytes so that key and value become
 * strings without escapes. False at the end, or if it is not such a line.
 */
bool record_take(char **text, size_t *n_bytes, const char **key, const char **value);

#endif
