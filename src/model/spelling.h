/* How words are written in a format that cannot hold every byte of them. */
#ifndef W2V_MODEL_SPELLING_H
#define W2V_MODEL_SPELLING_H

#include "model/selection.h"

/* The bytes that end a word for word2vec.c, fastText, gensim and GloVe's readers. */
#define SPELLING_BLANKS " \t\n\v\f\r"

/*
 * Copies a word to `to`, with '_' in place of each byte that is in `banned`; an empty word becomes
 * "_". Returns the number of bytes written.
 */
size_t spelling_write(char *to, const char *word, size_t n_bytes, const char *banned);

/*
 * Leaves out of the selection each word that would be written like another one, and counts it in
 * n_alike. A word that is written as it is stays. Of several that are changed the first one stays.
 * Those that stay are counted in n_respelled.
 */
int spelling_leave_out(struct selection *s, const char *banned, struct w2v_error *error);

#endif
