/*
 * How the spellings of two tokens that become one are joined: with nothing between where both sides
 * are letters of scripts written without spaces (Han, kana, Thai, Lao, Burmese, Khmer, ...), as
 * they would stand in a text, else with "_".
 */
#ifndef W2V_TEXT_JOIN_H
#define W2V_TEXT_JOIN_H

#include "base/error.h"
#include "text/tokenizer.h"

/* Whether "_" goes between. */
bool join_marks(struct token left, struct token right);

/* A buffer that is used again; begin with {0}, free `text` at last. */
struct joining {
    char *text;
    size_t n_bytes, capacity;
};

/* Left and right joined, into joining->text. */
int join_words(struct joining *joining, struct token left, struct token right,
               struct w2v_error *error);

#endif
