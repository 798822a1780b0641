/*
 * Lists of words as files: a word a line, with or without a count. All lists are read here: a given
 * vocabulary for training, words to keep, candidates for answers, words to write. lines.h has the
 * rules for lines; blank lines are skipped.
 *
 * The whole file decides the layout of its lines:
 *
 *   - If any line has a tab, a word ends at the first tab of its line and may contain spaces. If
 *     the rest of the line is a whole number, it is the count; otherwise it is ignored.
 *   - If there is no tab and every line ends in a space and a whole number, this number is the
 *     count, as word2vec and GloVe write it.
 *   - Otherwise the whole line is the word, with its spaces.
 */
#ifndef W2V_TEXT_WORDLIST_H
#define W2V_TEXT_WORDLIST_H

#include "base/lines.h"

struct wordlist {
    struct lines lines;
    bool has_tabs;
    bool has_counts;  /* every line has one */
    uint64_t n_with;  /* lines with a count */
    uint64_t without; /* the number of the first line without a count; 0: none */
    uint64_t n_lines; /* lines with a word */
};

struct wordlist_entry {
    const char *text; /* valid until the list is released */
    size_t n_bytes;   /* 0 if the line begins with a tab */
    uint64_t count;   /* if the list has counts; at most UINT64_MAX */
    uint64_t line;
    const char *rest; /* the text after the first tab, n_rest bytes; n_rest is 0 without a tab */
    size_t n_rest;
};

int wordlist_open(struct wordlist *list, const char *path, struct w2v_error *error);

/* The same for bytes that must stay where they are. */
void wordlist_of(struct wordlist *list, const char *bytes, size_t n_bytes);

/* The next word; false at the end. */
bool wordlist_next(struct wordlist *list, struct wordlist_entry *entry);

void wordlist_release(struct wordlist *list);

#endif
