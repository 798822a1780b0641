/*
 * Splits a line of queries into words. In a line with a tab, tabs separate words, and words may hold
 * blanks. In any other line blanks (ASCII's and U+3000) separate words, and a word that holds blanks
 * stands in double quotes. Quotes around a word without blanks belong to the word, and so does a
 * quote without a closing one.
 */
#ifndef W2V_CLI_FIELDS_H
#define W2V_CLI_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct fields {
    const char *at, *end;
    bool tabs;     /* tabs separate the words */
    bool no_quote; /* the rest of the line has no closing quote */
};

struct field {
    const char *text; /* points into the line; not empty */
    size_t n_bytes;
};

bool fields_is_blank(char c);

struct fields fields_of(const char *line, size_t n_bytes);

/* The next word; false at the end. */
bool fields_next(struct fields *fields, struct field *field);

#endif
