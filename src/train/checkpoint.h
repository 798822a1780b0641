/*
 * A checkpoint is a file from which a run continues as if it had never stopped. It holds the state
 * of the trainer between two rounds, the vocabulary, and a text for the caller's own use: options,
 * files, digests of the corpus. Random draws follow from the number of the round, so the state of
 * no generator is saved.
 *
 * Numbers have the byte order of the machine; floats are IEEE binary32 and binary64:
 *
 *   offset  size    meaning
 *   0       8       magic: 93 'W' '2' 'C' 0d 0a 1a 0a
 *   8       4       the number 0x01020304, which shows the byte order
 *   12      4       version of this layout: 3
 *   16      8       size of the file
 *   24      8       V, words
 *   32      8       D, dimensions
 *   40      8       rounds in an epoch
 *   48      8       R, rounds done
 *   56      8       S, shards of a round, 1 to SCHEDULE_MAX_SHARDS
 *   64      8       predictions in the finished epochs
 *   72      8       B, bytes of all words
 *   80      8       T, bytes of the text
 *   88      8       N, rows of the matrices
 *   96      16 S    sums of each shard in the current epoch: f64 loss, u64 predictions
 *           8 E     f64 mean loss of each finished epoch, E = floor(R / rounds in an epoch)
 *           8 V     u64 count of each word
 *           8 V     u64 end of each word, as an offset into the bytes of the words
 *           V       1 for a word whose vector does not change, else 0
 *           B       the bytes of the words, without separators
 *           T       the text
 *           8       digest of all bytes so far
 *           4 D N   f32 rows, in the order of layout.h
 *           8       digest of the rows
 *
 * The file holds nothing else, so its header determines its size. The two are compared before
 * anything is allocated. A digest is computed over blocks of CHECKPOINT_BLOCK bytes; the last block
 * may be shorter. All floats are finite.
 */
#ifndef W2V_TRAIN_CHECKPOINT_H
#define W2V_TRAIN_CHECKPOINT_H

#include "train/trainer.h"

enum { CHECKPOINT_VERSION = 3, CHECKPOINT_HEADER = 96, CHECKPOINT_BLOCK = 1 << 20 };

/* ---- Writing ---- */

struct checkpoint_content {
    const char *text;
    size_t n_text;
    const struct vocab *vocab;
    const struct trainer *trainer; /* its place and matrices are not read */
    const struct trainer_place *place;
    const float *rows; /* by trainer->rows.layout */
};

/*
 * Writes the whole file or nothing. An older file stays until the new one is complete. W2V_ENUMERIC
 * if a number of the rows is not finite.
 */
int checkpoint_write(const char *path, const struct checkpoint_content *content,
                     struct w2v_error *error);

/*
 * Checks before the work that `path` can be written. An older checkpoint or an empty file may be
 * there; anything else is an error, since a checkpoint must not replace other files.
 */
int checkpoint_check(const char *path, struct w2v_error *error);

/* ---- Reading ---- */

struct checkpoint {
    int fd; /* stays open, so that checkpoint_load can read the rows */
    char *path;
    size_t n_words, dim, n_rows;
    uint64_t rounds; /* in an epoch */
    unsigned shards;
    struct trainer_place place;
    size_t n_losses;
    double *loss;
    struct vocab vocab;
    unsigned char *frozen; /* (V) */
    char *text;            /* n_text bytes and a 0 */
    size_t n_text;
    uint64_t rows_offset; /* where the rows begin in the file */
};

/* Opens a checkpoint and checks the whole file. W2V_EFORMAT if it is damaged or no checkpoint. */
int checkpoint_open(struct checkpoint *checkpoint, const char *path, struct w2v_error *error);
void checkpoint_release(struct checkpoint *checkpoint);

/*
 * For the start hook of a trainer: sets its matrices, losses and place to those of the checkpoint.
 * W2V_EDATA if the trainer's schedule or the size of its matrices is another.
 */
int checkpoint_load(const struct checkpoint *checkpoint, struct trainer *trainer,
                    struct w2v_error *error);

/* Extends a digest by the next block. The digest of no blocks is 0. */
uint64_t checkpoint_digest(uint64_t digest, const void *block, size_t n_bytes);

#endif
