/*
 * NumPy's .npy files, versions 1 to 3: little-endian floats of 16, 32 or 64 bits in an array
 * (V, D), row by row or column by column; the words are in a file beside it (sidecar.h).
 *
 *   offset  size  meaning
 *   0       6     93 'N' 'U' 'M' 'P' 'Y'
 *   6       2     version: 1, 2 or 3; 0
 *   8       2, 4  n, the header's length; 4 bytes from version 2 on
 *   10, 12  n     the header, a Python dict: {'descr': '<f4', 'fortran_order': False,
 *                 'shape': (V, D), }, blanks, LF
 *   ..            the numbers
 *   ..      28    in files that w2v writes, where NumPy does not look: LF "w2v words ", hash_bytes
 *                 of the list of words as 16 hexadecimal digits, LF
 *
 * The header is taken as NumPy takes it: the three keys and no other, each once.
 */
#ifndef W2V_MODEL_NPY_H
#define W2V_MODEL_NPY_H

#include "model/convert.h"

bool npy_recognises(const struct file_map *file);
int npy_open(struct w2v_model *model, const struct model_opening *opening, struct w2v_error *error);

/* The list of words that the file was written with: hash_bytes of it. False where it does not say. */
bool npy_words_digest(const struct file_map *file, uint64_t *digest);

/* Version 1, '<f4' or '<f2'. */
int npy_write(struct convert *c, struct w2v_error *error);

#endif
