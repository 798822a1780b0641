/*
 * What the name of a model that is written promises: the one rule for all who write one.
 *
 *   1. An ending of a compression (.gz, .bz2, .xz, .zst, .lz4; see pack.h) has the file compressed,
 *      and the name before it counts on.
 *   2. A format that is asked for is written, whatever the ending.
 *   3. Else the ending says which: none, .bin and .w2v are w2v's own, a word2vec binary file; .txt
 *      word2vec-text; .ftbin fastText's .bin; .glove, .vec, .npy, .safetensors and .tsv (the
 *      projector's) what they are called after. Any other is refused: it promises what w2v cannot write.
 *
 * An ending is what follows the last dot of the file's name, where that is neither its first byte
 * nor followed by nothing or by digits alone (vec.300, run-0.5). Upper and lower case are one.
 */
#ifndef W2V_MODEL_ENDING_H
#define W2V_MODEL_ENDING_H

#include "base/pack.h"

struct ending {
    enum w2v_file file;             /* not W2V_FILE_GUESS */
    const char *name;               /* of the format */
    const struct pack_format *pack; /* NULL: not compressed */
    const char *words;              /* the ending of the second file, or NULL: there is none */
};

/* `file` is what is asked for, or W2V_FILE_GUESS. W2V_EARG where the name or both do not go. */
int ending_choose(struct ending *ending, const char *path, enum w2v_file file,
                  struct w2v_error *error);

#endif
