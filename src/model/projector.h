/*
 * The embedding projector's two files: tab-separated numbers, a line a word, and the words, a line
 * each. They are written here; textfile.h reads them.
 */
#ifndef W2V_MODEL_PROJECTOR_H
#define W2V_MODEL_PROJECTOR_H

#include "model/convert.h"

int projector_write(struct convert *c, struct w2v_error *error);

#endif
