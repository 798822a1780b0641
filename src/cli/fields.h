/*
 * The words of a line of queries. Where the line holds a tab, tabs stand between them and a word may
 * hold blanks; else blanks stand between them, and a word that holds blanks stands in double quotes.
 * Quotes around what has no blank in it are part of the word, and so are those that no other closes.
 */
#ifndef W2V_CLI_FIELDS_H
#define W2V_CLI_FIELDS_H

#include <stdbool.h>
#include <stddef.h>

struct fields {
    const char *at, *end;
    bool tabs;     /* stand between words */
    bool no_quote; /* no quote after this place is closed */
};

struct field {
    const char *text; /* in the line, a byte or more */
    size_t n_bytes;
};

bool fields_is_blank(char c);

struct fields fields_of(const char *line, size_t n_bytes);

/* The next word; false at the end. */
bool fields_next(struct fields *fields, struct field *field);

#endif
