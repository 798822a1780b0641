/*
 * Makes a container_input of a selection of a model's words: words, rows, counts and the training
 * record. If the numbers are not changed, what they were made of goes along: the words' own rows,
 * the rows of n-grams and the output matrix.
 */
#ifndef W2V_MODEL_CONVERT_INPUT_H
#define W2V_MODEL_CONVERT_INPUT_H

#include "model/convert.h"

struct convert_input {
    struct container_input input;

    /* Storage of the input; it must not move. */
    struct convert *convert;
    struct model_word *words; /* (n) the words as they are written; NULL: none is respelled */
    char *text;
    uint64_t *counts;
    struct text_record {
        char *text;
        size_t n, capacity;
        bool subwords; /* the rows of n-grams go along, so lines about n-grams stay */
        int status;
    } record;
    struct subword_rows subwords;
    uint32_t *buckets;
    const struct container_input *from; /* the input of which words are kept, or NULL */
};

/* Makes an input of c->selection, without plain. Release it even after an error. */
int convert_input_make(struct convert_input *made, struct convert *c, struct w2v_error *error);

/*
 * Makes an input of those words of `from` that c->selection has. Its rows lie in memory, and it
 * must outlive the new one. Release that even after an error.
 */
int convert_input_keep(struct convert_input *made, struct convert *c,
                       const struct container_input *from, struct w2v_error *error);
void convert_input_release(struct convert_input *made);

#endif
