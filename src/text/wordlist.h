/*
 * Lists of words as files, a word a line, with its count or without. One reader for all of them:
 * the vocabulary that training is given, the words that stay, those that may be answers, those that
 * are written. lines.h has the rules of lines; blank ones are passed over.
 *
 * The whole file decides what its lines are:
 *
 *   - a tab in any line: a word ends at its line's first tab, and may hold blanks; what follows is
 *     its count, where it is a whole number, else it is not read
 *   - no tab, and every line ends in a blank and a whole number: that is the count, as word2vec and
 *     GloVe write it
 *   - else a line is a word, blanks and all
 */
#ifndef W2V_TEXT_WORDLIST_H
#define W2V_TEXT_WORDLIST_H

#include "base/lines.h"

struct wordlist {
    struct lines lines;
    bool has_tabs;
    bool has_counts;          /* every line has one */
    uint64_t without, n_with; /* the first line without a count; how many lines have one */
    uint64_t n_lines;         /* that hold a word */
};

struct wordlist_entry {
    const char *text; /* as long as the list lasts */
    size_t n_bytes;   /* 0: a line that begins with a tab */
    uint64_t count;   /* where the list has counts; more than 64 bits: the greatest there is */
    uint64_t line;
    const char *rest; /* what stands behind the tab, n_rest bytes; none where there is no tab */
    size_t n_rest;
};

int wordlist_open(struct wordlist *list, const char *path, struct w2v_error *error);

/* The same of bytes that stay where they are. */
void wordlist_of(struct wordlist *list, const char *bytes, size_t n_bytes);

/* The next word; false at the end. */
bool wordlist_next(struct wordlist *list, struct wordlist_entry *entry);

void wordlist_release(struct wordlist *list);

#endif
