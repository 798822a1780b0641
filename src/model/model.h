/*
 * An open model, whatever file it came from: words, rows, and a way from a word to its row. Rows
 * lie in a model file (container.h), behind their words in another binary file, or in memory.
 *
 * A format is a row of the table in model.c: it recognises a file by its content and opens it, that
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

/* The D output numbers of word `id`. False where the file has none. */
bool model_output(const struct w2v_model *model, size_t id, float *numbers);

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
