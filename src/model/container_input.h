/*
 * What the writers of w2v's own files and of fastText's .bin write: words, rows, and what goes with
 * them. Rows lie in memory or are made on demand.
 */
#ifndef W2V_MODEL_CONTAINER_INPUT_H
#define W2V_MODEL_CONTAINER_INPUT_H

#include "model/container.h"

struct container_input {
    size_t n_words, dim;
    /* Word `id`, which container_holds. Its bytes stay until everything is written. */
    const char *(*word)(const void *context, size_t id, size_t *n_bytes);
    const void *word_context;

    /* The vectors, (V, D), `stride` floats from row to row; NULL: `row` gives them. */
    const float *rows;
    size_t stride;
    /* Points *row to row `id`, until the next call; or an error. Called twice, in order. */
    int (*row)(void *context, size_t id, const float **row, struct w2v_error *error);
    void *row_context;

    const float *output; /* the output rows, with the same stride, or NULL */
    size_t n_outputs;    /* how many output rows there are; 0: one a word */

    /* What `rows` are composed of, with a stride of its own; or NULL. */
    const struct subword_rows *subwords;

    /*
     * For matrices that are not in memory: copies row i of CONTAINER_OUTPUT, CONTAINER_OWN or
     * CONTAINER_NGRAMS, or gives an error. It is called for output rows where `copies_output` is
     * set, and for the others where subwords->own and subwords->ngrams are NULL.
     */
    int (*copy)(void *context, enum container_kind kind, size_t i, float *row,
                struct w2v_error *error);
    void *copy_context;
    bool copies_output;

    const uint64_t *counts; /* (V), or NULL */
    const char *record;     /* lines "KEY\tVALUE\n", or NULL */
    size_t n_record_bytes;
    bool plain; /* only the matrix part, a file as word2vec.c writes it */

    /*
     * Called every megabyte or so, and a last time before the file takes its name; or NULL. n_done of
     * n_words is the share of all rows that is written. Anything but 0 stops the writing with
     * W2V_ESTOPPED.
     */
    int (*progress)(void *context, size_t n_done, size_t n_words);
    void *progress_context;
};

/* Whether a model file can hold the word: it is not empty and has no space and no newline. */
bool container_holds(const char *word, size_t n_bytes);

/* Whether words and vectors can be written. If not, the error is the one of container_write. */
int container_input_check(const struct container_input *in, const char *path,
                          struct w2v_error *error);

/* The same for the numbers of the other matrices, where the input has them. */
int container_input_check_others(const struct container_input *in, const char *path,
                                 struct w2v_error *error);

bool container_input_has_output(const struct container_input *in);
size_t container_input_n_outputs(const struct container_input *in);

/* Points *row to the vector of word `id`, until the next call. */
int container_input_vector(const struct container_input *in, size_t id, const float **row,
                           struct w2v_error *error);

/*
 * Points *row to row i of one of the other matrices, which the input must have, until the next
 * call. `copy` has room for D floats.
 */
int container_input_row(const struct container_input *in, enum container_kind kind, size_t i,
                        float *copy, const float **row, struct w2v_error *error);

/*
 * Visits all rows of one of the other matrices in order; there are none if the input does not have
 * it. A status of `visit` other than W2V_OK ends this and is returned.
 */
int container_input_visit(const struct container_input *in, enum container_kind kind,
                          int (*visit)(void *context, const float *row), void *context,
                          struct w2v_error *error);

#endif
