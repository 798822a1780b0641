/*
 * A matrix of numbers somewhere in a file: the rows of NumPy's and safetensors' files. Floats of 32
 * bits, row by row, are used where they are; all others become such in memory, and doubles that are
 * beyond them are an error.
 */
#ifndef W2V_MODEL_TENSOR_H
#define W2V_MODEL_TENSOR_H

#include "model/model.h"

enum tensor_type { TENSOR_F16, TENSOR_BF16, TENSOR_F32, TENSOR_F64 };

struct tensor {
    enum tensor_type type;
    uint64_t n_rows, n_columns; /* any numbers */
    bool by_columns;            /* column by column (Fortran's order) */
    uint64_t offset, n_bytes;   /* of the place in the file that holds it */
};

/*
 * The rows of a model by a tensor, which the caller knows to be in the file: tensor_check compares
 * it with its place and sets n_words and dim; then the caller reads the words; tensor_take gives the
 * model its rows.
 */
int tensor_check(struct w2v_model *model, const struct tensor *tensor,
                 const struct model_opening *opening, struct w2v_error *error);
int tensor_take(struct w2v_model *model, const struct tensor *tensor,
                const struct model_opening *opening, struct w2v_error *error);

/* The bytes of one of its numbers. */
unsigned tensor_size(enum tensor_type type);

#endif
