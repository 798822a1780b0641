/*
 * word2vec's binary files. After a line "V D" a row: newlines or none, the word, one space, D
 * little-endian binary32 floats. Behind the last row newlines only. word2vec.c ends each row with a
 * newline, gensim does not.
 */
#ifndef W2V_MODEL_WORD2VEC_H
#define W2V_MODEL_WORD2VEC_H

#include "model/model.h"

bool word2vec_recognises(const struct file_map *file);

/* For the table of formats: see model.h. Words are in the file; rows are checked to be complete. */
int word2vec_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error);

#endif
