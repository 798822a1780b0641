/*
 * Reading an evaluation set. Its content tells which kind it is; all lines are looked at before
 * this is decided. lines.h has the rules for lines; blank lines and remarks are ignored.
 *
 *   analogy set     lines ": section", and lines of four words separated by blanks (spaces or
 *                   tabs). Questions before the first section are in one called "(none)". In a
 *                   set without sections, four words with a number among them are no question
 *   similarity set  each line has two words and a number, and may have more columns. Columns are
 *                   separated by tabs if most lines have at least two tabs, else likewise by
 *                   semicolons or commas, else by blanks. The words are in the two columns whose headings
 *                   contain "word"; else in the first two that are not numbers. The score is in the
 *                   column that the caller names; else in the one whose heading says so ("score",
 *                   "SimLex999", "mean", ...); else in the first column of numbers behind the words;
 *                   else in the last one before them
 *
 * Where commas do not separate columns, a comma in a number is its decimal point.
 *
 * Other lines are skipped and counted. The first line of a similarity set is not counted if it is a
 * heading, which has something other than a number in a column of numbers.
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
    struct evalset_text *sections; /* in order; a similarity set has one */
    size_t n_sections, sections_capacity;
    struct evalset_item *items;
    size_t n_items, items_capacity;
    uint64_t n_bad;                        /* lines that were skipped */
    uint64_t bad_lines[W2V_MAX_BAD_LINES]; /* the line numbers of the first ones */
    struct evalset_text bad;               /* the text of the first one */
};

/*
 * Reads a set from a file, which may be a pipe, compressed, or "-". `score_column` counts from 1;
 * 0: the rules above find the column. W2V_EFORMAT: there is no question and no pair.
 */
int evalset_read(struct evalset *set, const char *path, size_t score_column,
                 struct w2v_error *error);

/* The same for bytes in memory, which must stay; `name` is for messages. */
int evalset_parse(struct evalset *set, const char *bytes, size_t n_bytes, size_t score_column,
                  const char *name, struct w2v_error *error);
void evalset_release(struct evalset *set);

#endif
