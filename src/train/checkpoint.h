/*
 * Checkpoints: a file from which a run goes on as if it had never ended. It holds the state of the
 * trainer between two rounds (every random draw follows from the round, so there are no generators
 * to save), the vocabulary, and a text in which the caller keeps what it needs besides: options,
 * files, digests of the corpus.
 *
 * Numbers are in the order of the machine's bytes, floats IEEE binary32 and binary64:
 *
 *   offset  size    meaning
 *   0       8       magic: 93 'W' '2' 'C' 0d 0a 1a 0a
 *   8       4       the number 0x01020304: the order of bytes
 *   12      4       version of this layout: 2
 *   16      8       size of the file
 *   24      8       V, words
 *   32      8       D, dimensions
 *   40      8       rounds in an epoch
 *   48      8       R, rounds done
 *   56      8       S, shards of a round, 1 to 16
 *   64      8       predictions in the epochs that are over
 *   72      8       B, bytes of all words
 *   80      8       T, bytes of the text
 *   88      8       N, rows of the matrices
 *   96      16 S    each shard's sums in the epoch under way: f64 loss, u64 predictions
 *           8 E     f64 mean loss of each epoch that is over, E = R / rounds in an epoch
 *           8 V     u64 count of each word
 *           8 V     u64 end of each word, counted from the first one's beginning
 *           V       1 for a word whose vector stays as it is, else 0
 *           B       the words, one behind the other
 *           T       the text
 *           8       digest of all bytes so far
 *           4 D N   f32 rows, as layout.h has them
 *           8       digest of the rows
 *
 * Nothing else is in the file, so its size follows from the numbers at its start; they are compared
 * with it before anything is allocated. A digest is over blocks of CHECKPOINT_BLOCK bytes, the last
 * one shorter. All numbers are finite.
 */
#ifndef W2V_TRAIN_CHECKPOINT_H
#define W2V_TRAIN_CHECKPOINT_H

#include "train/trainer.h"

enum { CHECKPOINT_VERSION = 2, CHECKPOINT_HEADER = 96, CHECKPOINT_BLOCK = 1 << 20 };

/* ---- Writing ---- */

struct checkpoint_content {
    const char *text;
    size_t n_text;
    const struct vocab *vocab;
    const struct trainer *trainer; /* schedule, losses; neither its place nor its matrices */
    const struct trainer_place *place;
    const float *rows; /* by trainer->rows.layout */
};

/*
 * Writes the file, whole or not at all; one that is there stays until then. W2V_ENUMERIC where a
 * number is not finite.
 */
int checkpoint_write(const char *path, const struct checkpoint_content *content,
                     struct w2v_error *error);

/*
 * Before the work: an error where `path` could not be written, or where something stands that is no
 * checkpoint. A checkpoint takes the place of an older one, and of nothing else.
 */
int checkpoint_check(const char *path, struct w2v_error *error);

/* ---- Reading ---- */

struct checkpoint {
    int fd; /* stays open: the rows are read when a run wants them */
    char *path;
    size_t n_words, dim, n_rows;
    uint64_t rounds; /* an epoch */
    unsigned shards;
    struct trainer_place place;
    size_t n_losses;
    double *loss;
    struct vocab vocab;
    unsigned char *frozen; /* (V) */
    char *text;            /* n_text bytes and a 0 */
    size_t n_text;
    uint64_t rows; /* their offset */
};

/* Opens and checks the whole file. W2V_EFORMAT where it is none, or damaged. */
int checkpoint_open(struct checkpoint *checkpoint, const char *path, struct w2v_error *error);
void checkpoint_release(struct checkpoint *checkpoint);

/*
 * Puts a trainer, as its start hook finds it, to the checkpoint's place: matrices, losses, place.
 * W2V_EDATA where its schedule or vocabulary is another.
 */
int checkpoint_load(const struct checkpoint *checkpoint, struct trainer *trainer,
                    struct w2v_error *error);

/* Continues a digest, 0 at first, by the next block. */
uint64_t checkpoint_digest(uint64_t digest, const void *block, size_t n_bytes);

#endif
