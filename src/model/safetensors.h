/*
 * safetensors files: one two-dimensional tensor of F32, F16 or BF16, or of several the one called
 * "embeddings".
 *
 *   offset  size  meaning
 *   0       8     n, the header's length, at most 100,000,000
 *   8       n     JSON: {"NAME": {"dtype": "F32", "shape": [V, D], "data_offsets": [from, to]}},
 *                 any number of them, and "__metadata__"; blanks
 *   8 + n         the tensors; offsets count from here. They lie one behind the other, as large as
 *                 type and shape have it, and are all of the file
 *
 * The words are in the metadata: "words" has them with newlines between. "words_encoding" is
 * "latin-1" where some of them are no UTF-8: each character of "words" then stands for the byte of
 * its number. Without "words" they are in a file beside it (sidecar.h).
 */
#ifndef W2V_MODEL_SAFETENSORS_H
#define W2V_MODEL_SAFETENSORS_H

#include "model/convert.h"

enum { SAFETENSORS_MAX_HEADER = 100000000 };

extern const char safetensors_name[]; /* of the tensor: "embeddings" */

bool safetensors_recognises(const struct file_map *file);
int safetensors_open(struct w2v_model *model, const struct model_opening *opening,
                     struct w2v_error *error);

/* One tensor, its numbers at a multiple of 64, and the words. */
int safetensors_write(struct convert *c, struct w2v_error *error);

#endif
