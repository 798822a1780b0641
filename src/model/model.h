/*
 * An open model, whatever file it came from: words, rows, and a way from a word to its row. Rows
 * lie in a model file (container.h), behind their words in another binary file, or in memory.
 *
 * A format is a row of the table in model_open.c: it recognises a file by its content and opens it, that
 * is, fills in n_words, dim, and either `container` or `words` (and `matrix`, where the numbers are
 * not in the file as they are in memory). The index of the words is made afterwards, unless the format
 * has made it while it had them in hand. What is wrong with a file is said when it is opened.
 */
#ifndef W2V_MODEL_MODEL_H
#define W2V_MODEL_MODEL_H

#include "base/file.h"
#include "base/mem.h"
#include "base/paths.h"
#include "model/container.h"
#include "model/index.h"

struct model_word {
    uint64_t offset, n_bytes; /* from word_bytes on */
};

struct fasttext; /* fasttext.h */

struct w2v_model {
    const char *format;
    char *path; /* for messages */
    struct file_map file;
    struct mem_map memory; /* the file's bytes, where it could not be mapped; else empty */
    size_t n_words, dim;

    bool is_container;
    struct container container;

    struct model_word *words;        /* (V), where it is no container */
    const unsigned char *word_bytes; /* the file, `word_file` or `text` */
    struct file_map word_file;       /* beside the file, where that holds numbers only */
    char *text;                      /* words that are not in the file as they are, or NULL */

    /*
     * Its rows, where it is no container, are one of: in memory; made of n-grams; in the file one
     * behind the other from `first_row` on; there, each behind its word and a space.
     */
    struct mem_map matrix; /* (V, stride) floats */
    size_t stride;
    struct fasttext *fasttext;
    uint64_t first_row; /* or 0 */

    /* Which stretches of the mapped file were touched, (n_bytes / MODEL_STRETCH + 1) flags. */
    atomic_uchar *touched;

    struct index index; /* where it is no container */
    uint32_t *first;    /* (V) the first word that is equal to this one; NULL: all are different */

    struct w2v_error fault; /* what was left out, where that is tolerated; code 0: nothing */
};

/* What a format's `open` is told. */
struct model_opening {
    const char *path; /* for messages, and to find what lies beside the file */
    unsigned threads; /* as w2v_open_options has them */
    bool tolerant;
};

enum { MODEL_STRETCH = 4 << 20 };

/* Has bytes from .. to of the file mapped, by stretches, where they are not yet. Any thread may. */
void model_touch(const struct w2v_model *model, uint64_t from, uint64_t to);

/* Enters the files that the model is read from; the strings are the model's. */
void model_enter(const struct w2v_model *model, struct paths *paths);

typedef int (*model_open_fn)(struct w2v_model *model, const struct model_opening *opening,
                             struct w2v_error *error);

/*
 * Opens a file's bytes, which stay the caller's, by one format; not a container. After a success
 * set model->file to {0} before w2v_close. For tests.
 */
int model_open_mapped(struct w2v_model **model, const struct file_map *file, model_open_fn open,
                      const struct model_opening *opening, struct w2v_error *error);

/*
 * Points rows[i], for i of 0 .. n - 1, to the D floats of row first + i, at any address: in the
 * file or in memory where they are floats there, else in `copies`, which has room for (n, D).
 */
void model_rows(const struct w2v_model *model, size_t first, size_t n, const void **rows,
                float *copies);

/* Copies n numbers of row `id`, from `first` on. */
void model_part(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers);

/*
 * How many output rows the file has: one a word, of negative sampling; one fewer, of the nodes that
 * hierarchical softmax predicts by (container.h); or none.
 */
size_t model_n_outputs(const struct w2v_model *model);

/* The D numbers of that output row. False where the file does not have it, or it is damaged. */
bool model_output(const struct w2v_model *model, size_t row, float *numbers);

/*
 * What vectors are made of, where the model has subwords: w2v's own files, and fastText's .bin and
 * .ftz. A run that goes on from a model takes rows from here: of each of its words that the model has
 * the own row, and of each of its buckets, where minn, maxn and buckets are the same, the bucket's
 * row. Any number of threads may ask.
 *
 * model_subwords is false where there are no n-grams. model_ngram and model_own copy n numbers of a
 * row, from `first` on; of a bucket without a row they are zeros. model_ngram is false where the
 * n-grams of a bucket were taken away by pruning and do not count in a mean.
 */
bool model_subwords(const struct w2v_model *model, struct subwords *subwords);
bool model_ngram(const struct w2v_model *model, uint32_t bucket, size_t first, size_t n,
                 float *numbers);
void model_own(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers);

/*
 * The buckets that have a row, rising, the caller's to free. False in *whole, and none, where the
 * rows cannot go into another file: there are none, or a .ftz file has them pruned or quantized.
 */
int model_list_ngrams(const struct w2v_model *model, bool *whole, uint32_t **buckets, size_t *n,
                      struct w2v_error *error);

/*
 * Vectors: the mean of a word's own row, if it has one, and of the rows of its n-grams. The sum goes
 * in f32 from the own row over the n-grams in their order, and is multiplied by the f32 nearest to 1
 * divided by their number: the bits that fastText computes. The first copies n numbers of the vector
 * of word `id`, from `first` on. The second makes the D numbers of any word of its n-grams alone;
 * false, and zeros, where the model has no n-grams of it.
 */
void model_compose_row(const struct w2v_model *model, size_t id, size_t first, size_t n,
                       float *numbers);
bool model_compose_word(const struct w2v_model *model, const char *word, size_t n_bytes,
                        float *vector);

/* Copies n little-endian floats, at any address; zeros where `bytes` is NULL. */
void model_copy_floats(float *to, const unsigned char *bytes, size_t n);

/* For opening a model: model->words, an array of V, zeroed. */
int model_make_words(struct w2v_model *model, struct w2v_error *error);

/* w2v_word, for index.h. */
const char *model_word_of(const void *model, size_t id, size_t *n_bytes);

/*
 * For files that begin with "V D": both, checked against the file's size, a row having `row_bytes`
 * and D times `number_bytes` at least. The header's length with LF goes to *n_header_bytes.
 */
int model_read_header(struct w2v_model *model, const struct model_opening *opening,
                      size_t row_bytes, size_t number_bytes, size_t *n_header_bytes,
                      struct w2v_error *error);

#endif
