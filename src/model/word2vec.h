/*
 * word2vec's binary files: a line "V D", then V rows. A row is any number of newlines, the word,
 * one space, D little-endian binary32 floats. Only newlines may follow the last row. word2vec.c
 * ends each row with a newline, gensim does not.
 */
#ifndef W2V_MODEL_WORD2VEC_H
#define W2V_MODEL_WORD2VEC_H

#include "model/model.h"

bool word2vec_recognises(const struct file_map *file);

/*
 * For the table of formats (model.h). Checks that all rows are complete. A tolerant opening takes the
 * rows that are complete, and model->fault says what follows them.
 */
int word2vec_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error);

#endif
