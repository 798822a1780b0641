/*
 * Reading an evaluation set, recognised by content. All lines are looked at before it is decided
 * what they are; lines.h has the rules of lines, blank ones and remarks are passed over.
 *
 *   analogy set     lines ": section" and lines of four words, blanks (spaces or tabs) between;
 *                   questions before the first section are in one called "(none)". Without a
 *                   section four words with a number among them are no question
 *   similarity set  two words and a number in each line, and more columns or not. Tabs stand
 *                   between, where most lines have two or more, else commas or semicolons, else
 *                   blanks. The words are in the first two columns that are not numbers. The score
 *                   is in the column that a heading calls so ("score", "SimLex999", "mean", ...),
 *                   else in the first column of numbers behind the words, else in the last before
 *                   them; or in the one that the caller names
 *
 * Any other line, a heading apart, is passed over and counted.
 */
#ifndef W2V_QUERY_EVALSET_H
#define W2V_QUERY_EVALSET_H

#include "base/lines.h"

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
    struct lines lines; /* the file */
    bool is_analogies;
    struct evalset_text *sections; /* in order; of a similarity set one */
    size_t n_sections, sections_capacity;
    struct evalset_item *items;
    size_t n_items, items_capacity;
    uint64_t n_bad;                        /* lines passed over, */
    uint64_t bad_lines[W2V_MAX_BAD_LINES]; /* the numbers of the first of them, */
    struct evalset_text bad;               /* and what stands in the first */
};

/*
 * The file may be a pipe, compressed, or "-". `score_column` counts from 1; 0: it is found. An error
 * where there is no question or pair at all.
 */
int evalset_read(struct evalset *set, const char *path, size_t score_column,
                 struct w2v_error *error);

/* The same from bytes in memory, which must stay; `name` is for messages. */
int evalset_parse(struct evalset *set, const char *bytes, size_t n_bytes, size_t score_column,
                  const char *name, struct w2v_error *error);
void evalset_release(struct evalset *set);

#endif
