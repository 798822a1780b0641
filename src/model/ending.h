/*
 * What the name of an output promises: the one rule for everyone who writes a model.
 *
 *   1. If the name ends like a compressed file (.gz, .bz2, .xz, .zst, .lz4; see pack.h), the file
 *      is compressed, and the rules below look at the name without this ending.
 *   2. If the user asks for a format, it is written, whatever the ending.
 *   3. Otherwise the ending chooses the format. No ending, .bin and .w2v: w2v's own, a word2vec
 *      binary file; .txt: word2vec-text; .ftbin: fastText's .bin; .tsv: the projector's; .glove,
 *      .vec, .npy and .safetensors: the format of that name. Any other ending is refused, for it
 *      promises something that w2v cannot write.
 *
 * The ending is what follows the last dot of the file's name. There is none if this dot is the
 * first byte of the name, or if nothing or only digits follow it (vec.300, run-0.5). Upper and
 * lower case are the same.
 */
#ifndef W2V_MODEL_ENDING_H
#define W2V_MODEL_ENDING_H

#include "base/pack.h"

struct ending {
    enum w2v_file file;             /* not W2V_FILE_GUESS */
    const char *name;               /* of the format */
    const struct pack_format *pack; /* NULL: not compressed */
    const char *words;              /* the ending of the second file; NULL: there is none */
};

/* How many bytes of `path` stand before its ending, and before that of a compressed file. */
size_t ending_begin(const char *path);

/*
 * `file` is the format that the user asks for, or W2V_FILE_GUESS. W2V_EARG: the name is refused, or
 * it does not go with the format.
 */
int ending_choose(struct ending *ending, const char *path, enum w2v_file file,
                  struct w2v_error *error);

#endif
