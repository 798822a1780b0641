/*
 * A matrix of numbers somewhere in a file: the rows of NumPy's and safetensors' files. A matrix of
 * 32-bit floats, row by row, is used where it lies. Any other is converted to one in memory; a
 * double that is too large for a float is an error.
 */
#ifndef W2V_MODEL_TENSOR_H
#define W2V_MODEL_TENSOR_H

#include "model/model.h"

enum tensor_type { TENSOR_F16, TENSOR_BF16, TENSOR_F32, TENSOR_F64 };

struct tensor {
    enum tensor_type type;
    uint64_t n_rows, n_columns; /* as the file says; not yet checked */
    bool by_columns;            /* column by column, Fortran's order */
    uint64_t offset, n_bytes;   /* its place in the file */
};

/*
 * How a model gets its rows from a tensor. The caller makes sure that offset and n_bytes are within
 * the file. tensor_check compares the shape with n_bytes and sets n_words and dim. Then the caller
 * reads the words. At last tensor_take gives the model its rows.
 */
int tensor_check(struct w2v_model *model, const struct tensor *tensor,
                 const struct model_opening *opening, struct w2v_error *error);
int tensor_take(struct w2v_model *model, const struct tensor *tensor,
                const struct model_opening *opening, struct w2v_error *error);

/* How many bytes a number of this type has. */
unsigned tensor_size(enum tensor_type type);

#endif
