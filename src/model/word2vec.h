/*
 * The two formats of word2vec.c. Both begin with a line "V D".
 *
 *   binary  a row: newlines or none, the word, one space, D little-endian binary32 floats. Behind
 *           the last row newlines only. word2vec.c ends each row with a newline, gensim does not.
 *   text    a line a row: the word, then D numbers, blanks (spaces or tabs) between. The last D
 *           fields are the numbers, so a word may hold blanks. Blanks at the line's end and empty
 *           lines at the file's are passed over.
 */
#ifndef W2V_MODEL_WORD2VEC_H
#define W2V_MODEL_WORD2VEC_H

#include "model/model.h"

bool word2vec_recognises(const struct file_map *file);
bool word2vec_recognises_text(const struct file_map *file);

/* For the table of formats: see model.h. Words are in the file; rows are checked to be complete. */
int word2vec_open(struct w2v_model *model, const char *path, struct w2v_error *error);
int word2vec_open_text(struct w2v_model *model, const char *path, struct w2v_error *error);

#endif
