/* How words are written in a format that cannot hold every byte of them. */
#ifndef W2V_MODEL_SPELLING_H
#define W2V_MODEL_SPELLING_H

#include "model/selection.h"

/* The bytes that a format cannot hold in words. A zero byte may be among them. */
struct banned {
    const char *bytes;
    size_t n;
};

/* The initializer of a struct banned with the bytes of a string literal. */
#define BANNED(literal)              \
    {                                \
        literal, sizeof(literal) - 1 \
    }

/* The bytes that end a word for word2vec.c, fastText, gensim and GloVe's readers. */
#define SPELLING_BLANKS " \t\n\v\f\r"

/* Whether a word is written with other bytes than its own. */
bool spelling_changes(const char *word, size_t n_bytes, struct banned banned);

/*
 * Copies a word to `to`, with '_' in place of each byte that is in `banned`; an empty word becomes
 * "_". Returns the number of bytes written.
 */
size_t spelling_write(char *to, const char *word, size_t n_bytes, struct banned banned);

/*
 * Leaves out of the selection each word that would be written like another one, and counts it in
 * n_alike. A word that is written as it is stays. Of several that are changed the first one stays.
 * Those that stay are counted in n_respelled.
 */
int spelling_leave_out(struct selection *s, struct banned banned, struct w2v_error *error);

#endif
