/*
 * A selection of a model's words as the writers of w2v's own files and of fastText's .bin take it:
 * words, rows, counts, the training record, and, where the numbers are not changed, what they were
 * made of: the words' own rows, the rows of n-grams and the output matrix.
 */
#ifndef W2V_MODEL_CONVERT_INPUT_H
#define W2V_MODEL_CONVERT_INPUT_H

#include "model/convert.h"

struct convert_input {
    struct container_input input;

    /* Storage of the input; it must not move. */
    struct convert *convert;
    struct model_word *words; /* as they are written, where some are respelled; else NULL */
    char *text;
    uint64_t *counts;
    struct text_record {
        char *text;
        size_t n, capacity;
        bool subwords; /* the record's lines about n-grams are true of the file */
        int status;
    } record;
    struct subword_rows subwords;
    uint32_t *buckets;
};

/* Makes an input of c->selection, without pack and plain. Release it whatever the result. */
int convert_input_make(struct convert_input *made, struct convert *c, struct w2v_error *error);
void convert_input_release(struct convert_input *made);

#endif
