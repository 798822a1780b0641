/*
 * safetensors files with one two-dimensional tensor of F64, F32, F16 or BF16. If there are several, the
 * one called "embeddings" is read.
 *
 *   offset  size  meaning
 *   0       8     n, the header's length, at most 100,000,000
 *   8       n     JSON: {"NAME": {"dtype": "F32", "shape": [V, D], "data_offsets": [from, to]}},
 *                 any number of tensors, and "__metadata__"; blanks
 *   8 + n         the tensors. Offsets count from here. They lie one behind the other up to the end
 *                 of the file, and each has the size that its type and shape need
 *
 * The words are in the metadata: "words" has them, separated by newlines. A newline may follow the last
 * word. If some word is not UTF-8, "words_encoding" is "latin-1", and each character of "words" stands
 * for the byte of the same number. Without "words", the words are in a file beside this one (sidecar.h).
 */
#ifndef W2V_MODEL_SAFETENSORS_H
#define W2V_MODEL_SAFETENSORS_H

#include "model/convert.h"

enum { SAFETENSORS_MAX_HEADER = 100000000 };

extern const char safetensors_name[]; /* the tensor's name, "embeddings" */

bool safetensors_recognises(const struct file_map *file);
int safetensors_open(struct w2v_model *model, const struct model_opening *opening,
                     struct w2v_error *error);

/* Writes one tensor, whose numbers begin at a multiple of 64, and the words. */
int safetensors_write(struct convert *c, struct w2v_error *error);

#endif
