/*
 * The first line "V D" of word2vec's files, binary and text: two whole numbers with blanks between.
 */
#ifndef W2V_MODEL_HEADER_H
#define W2V_MODEL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct header_field {
    const char *text;
    size_t n_bytes;
};

/* Whether c separates fields: a space, a tab or a carriage return. */
static inline bool header_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next field of *at .. end; *at moves behind it. It is empty if there is none. */
struct header_field header_next(const char **at, const char *end);

/*
 * Splits a first line "V D" into its two fields, which may be any whole numbers. Returns the length
 * of the line, with its LF and with a byte order mark in front; 0 if this is no such line.
 */
size_t header_split(const void *bytes, size_t n_bytes, struct header_field fields[2]);

/* The number in a field, from 1 to SIZE_MAX; 0 if it is another. */
size_t header_size(struct header_field field);

#endif
