/*
 * The words of a file that holds numbers only: a text file beside it, a line a word. The words of
 * NAME.npy are in NAME.words, else in NAME.txt. What follows a tab is passed over, so that a list
 * with counts will do.
 */
#ifndef W2V_MODEL_SIDECAR_H
#define W2V_MODEL_SIDECAR_H

#include "model/model.h"

/* `path` with `ending` for its own, or behind it; the caller's to free. NULL: out of memory. */
char *sidecar_path(const char *path, const char *ending, struct w2v_error *error);

/* Reads the words of a model whose n_words is known; another number of lines is an error. */
int sidecar_read(struct w2v_model *model, const struct model_opening *opening,
                 struct w2v_error *error);

#endif
