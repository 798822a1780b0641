/*
 * safetensors files: one two-dimensional tensor of F32, F16 or BF16, or of several the one called
 * "embeddings"; the words are in a file beside it (sidecar.h).
 *
 *   offset  size  meaning
 *   0       8     n, the header's length
 *   8       n     JSON: {"NAME": {"dtype": "F32", "shape": [V, D], "data_offsets": [from, to]}},
 *                 any number of them, and "__metadata__", which is passed over; blanks
 *   8 + n         the tensors; offsets count from here
 */
#ifndef W2V_MODEL_SAFETENSORS_H
#define W2V_MODEL_SAFETENSORS_H

#include "model/convert.h"

bool safetensors_recognises(const struct file_map *file);
int safetensors_open(struct w2v_model *model, const struct model_opening *opening,
                     struct w2v_error *error);

/* One tensor, "embeddings", its numbers at a multiple of 64. */
int safetensors_write(struct convert *c, struct w2v_error *error);

#endif
