/* The first line "V D" of word2vec's files, binary and text: two whole numbers, blanks between. */
#ifndef W2V_MODEL_HEADER_H
#define W2V_MODEL_HEADER_H

#include <stdbool.h>
#include <stddef.h>

struct header_field {
    const char *text;
    size_t n_bytes;
};

/* What separates the fields of a line: a space, a tab, a carriage return. */
static inline bool header_is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

/* The next field of *at .. end, *at moved behind it; empty when there is none. */
struct header_field header_next(const char **at, const char *end);

/*
 * The fields of a first line "V D", of any whole numbers; its length with LF and a byte-order mark in
 * front, 0 if it is none.
 */
size_t header_split(const void *bytes, size_t n_bytes, struct header_field fields[2]);

/* A number from 1 to SIZE_MAX, or 0. */
size_t header_size(struct header_field field);

#endif
