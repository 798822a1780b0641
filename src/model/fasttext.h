/*
 * fastText's .bin files: version 12 and 11, and those of 2016, which have no magic number. Of a word
 * of the vocabulary fastText stores a row of its own; its vector is the mean of that and of the rows
 * of the word's n-grams, hashed into buckets (Bojanowski et al. 2017, arXiv 1607.04606). So a word
 * that is not in the vocabulary has a vector too. Both are the bits that fastText computes.
 * All numbers are little-endian:
 *
 *   i32 793712314, i32 version         missing in the files of 2016
 *   i32 x 12, f64                      dim, window, epochs, min count, negative, word n-grams, loss
 *                                      (1 hs, 2 ns, 3 softmax, 4 ova), model (1 cbow, 2 sg, 3
 *                                      supervised), buckets, minn, maxn, rate updates; sample
 *   i32 x 3, i64, i64                  n, words, labels (n of both); tokens; n-grams kept by pruning,
 *                                      -1: all (missing in 2016)
 *   n times: bytes, 0, i64, i8         word, its count, 0 (1: a label); words first
 *   i32 x 2 for each n-gram kept       bucket, row behind those of the words
 *   u8, i64, i64, f32 x rows x columns 1: quantized (missing in 2016); the input matrix: words, then
 *                                      buckets
 *   the same again                     the output matrix, to the end of the file
 *
 * A quantized matrix, of a .ftz file, is as quantized.h has it; the output may be quantized only where
 * the input is.
 *
 * text/subword.h says what the n-grams of a word are. Supervised models of version 11 use none.
 */
#ifndef W2V_MODEL_FASTTEXT_H
#define W2V_MODEL_FASTTEXT_H

#include "model/model.h"

enum { FASTTEXT_MAGIC = 793712314, FASTTEXT_VERSION = 12, FASTTEXT_ARGUMENTS = 12 };

enum { FASTTEXT_HS = 1 }; /* a loss */

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

/* Of a model that fasttext_open opened. */
void fasttext_release(struct fasttext *fasttext);

/* As model_subwords, model_ngram, model_own and model_output have them. */
bool fasttext_subwords(const struct fasttext *fasttext, struct subwords *subwords);
bool fasttext_ngram(const struct w2v_model *model, uint32_t bucket, size_t first, size_t n,
                    float *numbers);
void fasttext_own(const struct w2v_model *model, size_t id, size_t first, size_t n, float *numbers);
size_t fasttext_n_outputs(const struct w2v_model *model);
bool fasttext_output(const struct w2v_model *model, size_t row, float *numbers);

/* Whether the file has all n-grams and the numbers as they were trained: no .ftz file. */
bool fasttext_is_whole(const struct fasttext *fasttext);

/* Whether vectors are made, of n-grams or codes; else they are in the file from first_row on. */
bool fasttext_makes_rows(const struct fasttext *fasttext);

/* Row `id`, as model_rows gives it: made when first asked for, and kept. */
const float *fasttext_row(const struct w2v_model *model, size_t id, float *copy);

/* n numbers of it, from `first` on. */
void fasttext_part(const struct w2v_model *model, size_t id, size_t first, size_t n,
                   float *numbers);

uint64_t fasttext_count(const struct w2v_model *model, size_t id);
void fasttext_info(const struct w2v_model *model, w2v_info_fn visit, void *context);

/* ---- Writing ---- */

/*
 * Writes a file of version 12, whole or not at all, that fastText's program and gensim read. Buckets
 * that have no row get zeros, and so does the output matrix where there is none; without subwords
 * there are no buckets, and maxn is 0, as after fastText's -maxn 0. What the training record does not
 * say of the arguments is fastText's default. A count is at least 1, for gensim drops words that
 * never occur; the words of a model without counts have 1 too. A zero byte in a word becomes '_'.
 * Errors are those of container_write; `plain` is not looked at.
 */
int fasttext_write(const char *path, const struct container_input *in, struct w2v_error *error);

#endif
