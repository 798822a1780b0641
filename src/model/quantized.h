/*
 * Matrices that product quantization made small, as fastText's .ftz files have them (Jegou et al.
 * 2011, "Product quantization for nearest neighbor search"; Joulin et al. 2016, arXiv 1612.03651).
 *
 * The D numbers of a row are cut into S parts of d numbers, the last part shorter. A code, one byte,
 * names one of the 256 centroids of its part. Where lengths were taken away before, each row has a
 * code of its length too, and all its numbers are multiplied by that. All numbers are little-endian:
 *
 *   u8 1: lengths apart; i64 rows; i64 D; i32 rows x S; the codes, S for each row
 *   i32 x 4, f32 x 256 D     D, S, d, numbers of the last part; of each part its centroids in turn
 *   where lengths are apart: the codes, one for each row; i32 x 4: 1, 1, 1, 1; f32 x 256
 */
#ifndef W2V_MODEL_QUANTIZED_H
#define W2V_MODEL_QUANTIZED_H

#include "model/cursor.h"

struct quantized {
    const unsigned char *codes, *centroids;
    const unsigned char *lengths, *length_centroids; /* NULL: lengths were not taken away */
    uint64_t n_rows;
    size_t dim, n_parts, n_part; /* n_part: d */
};

/*
 * Reads a matrix from its first byte on and passes over it; nothing is copied, so the file's bytes
 * must stay. W2V_EFORMAT, with `name` in the message, where it cannot be one of `dim` columns.
 */
int quantized_read(struct quantized *q, struct cursor *c, size_t dim, const char *name);

/* Copies n numbers of a row, from `first` on. They are the bits that fastText computes. */
void quantized_row(const struct quantized *q, uint64_t row, size_t first, size_t n, float *numbers);

#endif
