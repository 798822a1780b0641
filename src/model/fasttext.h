/*
 * fastText's .bin files: versions 12 and 11, and the files of 2016, which have no magic number. For
 * a word of the vocabulary fastText stores an own row; its vector is the mean of its own row and of
 * the rows of its n-grams, which are hashed into buckets (Bojanowski et al. 2017, arXiv
 * 1607.04606). A word that is not in the vocabulary has a vector of its n-grams alone. w2v computes
 * the same bits as fastText. All numbers are little-endian:
 *
 *   i32 793712314, i32 version         missing in the files of 2016
 *   i32 x 12, f64                      dim, window, epochs, min count, negative, word n-grams, loss
 *                                      (1 hs, 2 ns, 3 softmax, 4 ova), model (1 cbow, 2 sg, 3
 *                                      supervised), buckets, minn, maxn, rate updates; sample
 *   i32 x 3, i64, i64                  n = words + labels, words, labels; tokens; how many n-grams
 *                                      pruning kept, -1: it was not pruned (missing in 2016)
 *   n times: bytes, 0, i64, i8         a word, its count, 0; after all words the labels, with 1
 *   i32 x 2 for each n-gram kept       bucket; row, counted from the first row behind the words
 *   u8, i64, i64, f32 x rows x columns 0, or 1: quantized (missing in 2016); rows and columns; the
 *                                      input matrix: rows of the words, then of the buckets
 *   the same again                     the output matrix, to the end of the file
 *
 * In a .ftz file the input matrix is quantized (quantized.h has the layout), and the output matrix
 * may be. text/subword.h says what the n-grams of a word are. Supervised models of version 11 use
 * none.
 */
#ifndef W2V_MODEL_FASTTEXT_H
#define W2V_MODEL_FASTTEXT_H

#include "model/model.h"

enum { FASTTEXT_MAGIC = 793712314, FASTTEXT_VERSION = 12, FASTTEXT_ARGUMENTS = 12 };

enum { FASTTEXT_HS = 1, FASTTEXT_NS = 2 }; /* losses */

enum fasttext_argument {
    FASTTEXT_DIM,
    FASTTEXT_WINDOW,
    FASTTEXT_EPOCHS,
    FASTTEXT_MIN_COUNT,
    FASTTEXT_NEGATIVE,
    FASTTEXT_WORD_NGRAMS,
    FASTTEXT_LOSS,
    FASTTEXT_MODEL,
    FASTTEXT_BUCKETS,
    FASTTEXT_MINN,
    FASTTEXT_MAXN,
    FASTTEXT_RATE_UPDATES
};

/* ---- Reading ---- */

bool fasttext_recognises(const struct file_map *file);
int fasttext_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error);

/* Releases what fasttext_open made. */
void fasttext_release(struct fasttext *fasttext);

/* The same as model_subwords, model_ngram, model_own, model_n_outputs and model_output. */
bool fasttext_subwords(const struct fasttext *fasttext, struct subwords *subwords);
bool fasttext_ngram(const struct w2v_model *model, uint32_t bucket, size_t first, size_t n,
                    float *numbers);
void fasttext_own(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers);
size_t fasttext_n_outputs(const struct w2v_model *model);
bool fasttext_output(const struct w2v_model *model, size_t row, float *numbers);

/* Whether the file has all n-grams, with the numbers that were trained. A .ftz file does not. */
bool fasttext_is_whole(const struct fasttext *fasttext);

/* Whether pruning took the n-grams of some buckets away. */
bool fasttext_is_pruned(const struct fasttext *fasttext);

/* Bytes of memory for vectors that are made, and for what pruning kept. */
size_t fasttext_memory(const struct fasttext *f);

/* Whether vectors are made of n-grams or codes. If not, the file has them, from first_row on. */
bool fasttext_makes_rows(const struct fasttext *fasttext);

/* Row `id`. It is made when it is first asked for, and kept; or it is made in `copy`. */
const float *fasttext_row(const struct w2v_model *model, size_t id, float *copy);

/* Copies n numbers of row `id`, from `first` on. */
void fasttext_part(const struct w2v_model *model, size_t id, size_t first, size_t n,
                   float *numbers);

uint64_t fasttext_count(const struct w2v_model *model, size_t id);
void fasttext_info(const struct w2v_model *model, w2v_info_fn visit, void *context);

/* ---- Writing ---- */

/*
 * Writes a file of version 12, whole or not at all, that fastText's program and gensim read.
 * Buckets without a row get zeros, and so does a missing output matrix. Without subwords there are
 * no buckets and maxn is 0, as after fastText's -maxn 0. Arguments that the training record does
 * not have get fastText's defaults. A count is at least 1, since gensim drops words that never
 * occur; without counts all words have 1. A zero byte in a word becomes '_'. Errors are those of
 * container_write. `plain` is ignored.
 */
int fasttext_write(const char *path, const struct container_input *in, struct w2v_error *error);

#endif
