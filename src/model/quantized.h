/*
 * Matrices that product quantization made small, in the layout of fastText's .ftz files (Jegou et
 * al. 2011, "Product quantization for nearest neighbor search"; Joulin et al. 2016, arXiv
 * 1612.03651).
 *
 * The D numbers of a row are cut into S parts of d numbers; the last part may be shorter. A part is
 * stored as a code, one byte, which names one of the 256 centroids of that part. If rows were made
 * unit vectors before, each row has one more code for its length, by which its numbers are
 * multiplied. All numbers are little-endian:
 *
 *   u8, i64, i64, i32        1: lengths have codes, else 0; rows; D; rows x S
 *   u8 x rows x S            the codes of the parts, row by row
 *   i32 x 4, f32 x 256 D     D, S, d, numbers of the last part; the centroids, part by part
 *
 * and only if lengths have codes:
 *
 *   u8 x rows                the codes of the lengths
 *   i32 x 4, f32 x 256       1, 1, 1, 1; the centroids of the lengths
 */
#ifndef W2V_MODEL_QUANTIZED_H
#define W2V_MODEL_QUANTIZED_H

#include "model/cursor.h"

struct quantized {
    const unsigned char *codes, *centroids;
    const unsigned char *lengths, *length_centroids; /* NULL: lengths have no codes */
    uint64_t n_rows;
    size_t dim, n_parts, n_part; /* n_part: d */
};

/*
 * Reads a matrix and moves the cursor behind it. Nothing is copied, so the file's bytes must stay.
 * W2V_EFORMAT, with `name` in the message, if it cannot be a matrix of `dim` columns.
 */
int quantized_read(struct quantized *q, struct cursor *c, size_t dim, const char *name);

/* Copies n numbers of a row, from `first` on. The bits are those that fastText computes. */
void quantized_row(const struct quantized *q, uint64_t row, size_t first, size_t n, float *numbers);

#endif
