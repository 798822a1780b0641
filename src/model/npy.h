/*
 * NumPy's .npy files, versions 1 to 3: an array (V, D) of little-endian floats of 16, 32 or 64
 * bits, row by row or column by column. The words are in a file beside it (sidecar.h).
 *
 *   offset  size  meaning
 *   0       6     93 'N' 'U' 'M' 'P' 'Y'
 *   6       2     version: 1, 2 or 3; 0
 *   8       2     n, the header's length; 4 bytes from version 2 on
 *   10      n     the header, a Python dict: {'descr': '<f4', 'fortran_order': False,
 *                 'shape': (V, D), }, blanks, LF; at 12 from version 2 on
 *   ..            the numbers
 *   ..      28    only in files that w2v writes; NumPy does not look here: LF "w2v words ", then
 *                 hash_bytes of the list of words as 16 hexadecimal digits, LF
 *
 * As NumPy does, w2v accepts these three keys and no others, each once.
 */
#ifndef W2V_MODEL_NPY_H
#define W2V_MODEL_NPY_H

#include "model/convert.h"

bool npy_recognises(const struct file_map *file);
int npy_open(struct w2v_model *model, const struct model_opening *opening, struct w2v_error *error);

/*
 * hash_bytes of the list of words that the file was written with. False if the file does not say.
 */
bool npy_words_digest(const struct file_map *file, uint64_t *digest);

/* Writes version 1, with '<f4' or '<f2'. */
int npy_write(struct convert *c, struct w2v_error *error);

#endif
