/*
 * Reading an evaluation set, recognised by content.
 *
 *   analogy set     lines ": section" and lines of four words, blanks (spaces or tabs) between;
 *                   questions before the first section are in one called "(none)"
 *   similarity set  two words and a number, between them tabs, else commas (further fields are
 *                   passed over), else blanks; a first line without a number is a heading
 *
 * In both, empty lines and lines that begin with # are passed over. Any other line is an error that
 * names it.
 */
#ifndef W2V_QUERY_EVALSET_H
#define W2V_QUERY_EVALSET_H

#include "base/error.h"

struct evalset_text {
    const char *text; /* in the file, not terminated */
    size_t n_bytes;
};

/* A question, or a pair and its score. */
struct evalset_item {
    struct evalset_text words[4];
    float score;
    size_t section;
};

struct evalset {
    char *bytes; /* the file */
    bool is_analogies;
    struct evalset_text *sections; /* in order; of a similarity set one */
    size_t n_sections, sections_capacity;
    struct evalset_item *items;
    size_t n_items, items_capacity;
};

/* The file may be a pipe, or "-". An error where there is no question or pair at all. */
int evalset_read(struct evalset *set, const char *path, struct w2v_error *error);

/* The same from bytes in memory, which must stay; `name` is for messages. */
int evalset_parse(struct evalset *set, const char *bytes, size_t n_bytes, const char *name,
                  struct w2v_error *error);
void evalset_release(struct evalset *set);

#endif
