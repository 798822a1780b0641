/*
 * An open model, whatever file it came from: words, rows, and a way from a word to its row.
 *
 * A format is a row of the table in model_open.c. It recognises a file by its content and opens it:
 * it fills in n_words, dim, and either `container`, or `words` and the place of the rows. The index
 * of the words is made afterwards, unless the format has made it while it read the words. An
 * opening reports anything wrong that can be found without reading all of a file that is mapped. In our
 * own files the pages of the trailer are checked when they are first used (container.h).
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
    struct mem_map memory; /* the file's bytes, if it could not be mapped; else empty */
    size_t n_words, dim;

    bool is_container;
    struct container container;

    struct model_word *words;        /* (V), unless the model is a container */
    const unsigned char *word_bytes; /* the file, `word_file` or `text` */
    struct file_map word_file;       /* the list beside a file that holds only numbers, */
    char *word_path;                 /* and its path */
    char *text;                      /* words that had to be copied or decoded, or NULL */

    /*
     * Where the rows are, unless the model is a container; the first of these that is there:
     * `matrix` has them in memory; `fasttext` makes them of n-grams or codes; they lie in the file
     * one behind the other from `first_row` on; each lies in the file behind its word and a space.
     */
    struct mem_map matrix; /* (V, stride) floats */
    size_t stride;
    struct fasttext *fasttext;
    uint64_t first_row; /* 0: not there */

    /* (n_bytes / MODEL_STRETCH + 1) flags: which stretches of the mapped file were touched. */
    atomic_uchar *touched;

    struct index index; /* unless the model is a container */
    uint32_t *first;    /* (V) lowest id of a word equal to this one; NULL: all are different */

    struct w2v_error fault; /* what a tolerant opening left out; code 0: nothing */
};

/* What a format's `open` has to know. */
struct model_opening {
    const char *path; /* for messages, and to find what lies beside the file */
    unsigned threads; /* as w2v_open_options has them */
    bool tolerant;
    bool standard; /* the model comes from standard input, so nothing lies beside it */
};

enum { MODEL_STRETCH = 4 << 20 };

/*
 * Makes the system map bytes from .. to of the file, in whole stretches, unless that was done
 * before. Any number of threads may call it.
 */
void model_touch(const struct w2v_model *model, uint64_t from, uint64_t to);

/* How many bytes of memory the model takes, without what is mapped from files. */
size_t model_memory(const struct w2v_model *model);

/* Adds the files that the model is read from to `paths`. The strings stay the model's. */
void model_enter(const struct w2v_model *model, struct paths *paths);

/* W2V_EARG if this further input, called `what`, is the pipe that the model was read from. */
int model_check_input(const struct w2v_model *model, const char *what, const char *path,
                      struct w2v_error *error);

/* Opens a file by one format. The error is not NULL. */
typedef int (*model_open_fn)(struct w2v_model *model, const struct model_opening *opening,
                             struct w2v_error *error);

/*
 * For tests: opens the bytes of a file, which stay the caller's, by one format, which must not be
 * the container's. After a success, set model->file to {0} before w2v_close.
 */
int model_open_mapped(struct w2v_model **model, const struct file_map *file, model_open_fn open,
                      const struct model_opening *opening, struct w2v_error *error);

/*
 * Points rows[i], for i of 0 .. n - 1, to the D floats of row first + i, at any alignment. They are
 * in the file or in memory if they are there as floats, and otherwise in `copies`, which has room
 * for (n, D).
 */
void model_rows(const struct w2v_model *model, size_t first, size_t n, const void **rows,
                float *copies);

/* Copies n numbers of row `id`, from `first` on. */
void model_part(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers);

/*
 * How many output rows the file has: V, one a word, of negative sampling; V - 1, one a node of the
 * tree of hierarchical softmax (container.h); or 0.
 */
size_t model_n_outputs(const struct w2v_model *model);

/* Copies the D numbers of an output row. False if the file does not have it or it is damaged. */
bool model_output(const struct w2v_model *model, size_t row, float *numbers);

/*
 * What vectors are made of, if the model has subwords; w2v's own files and fastText's .bin and .ftz
 * may have them. A run that goes on from a model starts with these rows: the own rows of words that
 * it shares with the model and, if minn, maxn and buckets are the same, the rows of the buckets.
 * Any number of threads may ask.
 *
 * model_subwords is false if there are no n-grams. model_ngram and model_own copy n numbers of a
 * row, from `first` on; a bucket without a row gives zeros. model_ngram is false if pruning took
 * the n-grams of a bucket away; they do not count in a mean. model_is_pruned tells of such a file.
 */
bool model_subwords(const struct w2v_model *model, struct subwords *subwords);
bool model_is_pruned(const struct w2v_model *model);
bool model_ngram(const struct w2v_model *model, uint32_t bucket, size_t first, size_t n,
                 float *numbers);
void model_own(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers);

/*
 * Lists the buckets that have a row, rising; the caller frees the list. *whole is false, and the
 * list empty, if the rows cannot go into another file: there are none, or a .ftz file has pruned or
 * quantized them.
 */
int model_list_ngrams(const struct w2v_model *model, bool *whole, uint32_t **buckets, size_t *n,
                      struct w2v_error *error);

/*
 * A vector is the mean of a word's own row, if it has one, and the rows of its n-grams. A mean of n
 * rows is their f32 sum, own row first, then n-grams in their order, times the f32 nearest to 1 /
 * n: the bits that fastText computes.
 *
 * model_compose_row copies n numbers of the vector of word `id`, from `first` on.
 * model_compose_word makes the D numbers of any word from its n-grams alone; it is false, and gives
 * zeros, if the model has no row of any of them.
 */
void model_compose_row(const struct w2v_model *model, size_t id, size_t first, size_t n,
                       float *numbers);
bool model_compose_word(const struct w2v_model *model, const char *word, size_t n_bytes,
                        float *vector);

/* Copies n little-endian floats, at any alignment; zeros if `bytes` is NULL. */
void model_copy_floats(float *to, const unsigned char *bytes, size_t n);

/* For opening a model: makes model->words, an array of V, zeroed. */
int model_make_words(struct w2v_model *model, struct w2v_error *error);

/* w2v_word, as index.h calls it. */
const char *model_word_of(const void *model, size_t id, size_t *n_bytes);

/*
 * For files that begin with "V D": reads both and checks them against the file's size. A row has at
 * least row_bytes + D * number_bytes bytes. *n_header_bytes becomes the length of the header with
 * LF.
 */
int model_read_header(struct w2v_model *model, const struct model_opening *opening,
                      size_t row_bytes, size_t number_bytes, size_t *n_header_bytes,
                      struct w2v_error *error);

#endif
