/*
 * Joins the spellings of two tokens that become one. If the last letter of the left token and the
 * first one of the right token belong to scripts without spaces (Han, kana, Thai, Lao, Burmese,
 * Khmer, ...), nothing is put between them, as in a text. Otherwise "_" is.
 */
#ifndef W2V_TEXT_JOIN_H
#define W2V_TEXT_JOIN_H

#include "base/error.h"
#include "text/tokenizer.h"

/* Whether "_" is put between the two. */
bool join_needs_mark(struct token left, struct token right);

/* A buffer that can be used again. Begin with {0} and free `text` in the end. */
struct joining {
    char *text;
    size_t n_bytes, capacity;
};

/* Writes `left` and `right`, joined, to joining->text. */
int join_words(struct joining *joining, struct token left, struct token right,
               struct w2v_error *error);

#endif
