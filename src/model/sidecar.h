/*
 * The words of a file that holds numbers only: a text file beside it, a line a word. The words of
 * NAME.npy are in NAME.words, else in NAME.txt; those of the projector's NAME.tsv are in
 * NAME.metadata.tsv. What follows a tab is passed over, so that a list with counts will do.
 *
 * A list goes with one matrix: another one would give every row another word. Where the matrix says
 * which list it was written with (npy.h), a list that is not that one is refused. A list that is
 * there is replaced only where the matrix that it goes with is replaced too.
 */
#ifndef W2V_MODEL_SIDECAR_H
#define W2V_MODEL_SIDECAR_H

#include "model/model.h"

/* `path` with `ending` for its own, or behind it; the caller's to free. NULL: out of memory. */
char *sidecar_path(const char *path, const char *ending, struct w2v_error *error);

/*
 * Reads the words of a model whose n_words is known; another number of lines is an error. `digest`:
 * hash_bytes of the list that the matrix was written with, or NULL, any list.
 */
int sidecar_read(struct w2v_model *model, const struct model_opening *opening,
                 const uint64_t *digest, struct w2v_error *error);

/* The same for a list of this name, the projector's: a first line that names columns is no word. */
int sidecar_read_metadata(struct w2v_model *model, const char *path, struct w2v_error *error);

/*
 * W2V_EIO where the list `path` is there and may not be replaced by one of these bytes, to go with
 * `matrix`: it is neither the same nor the one that the file `matrix` was written with. With bytes
 * NULL, not yet known.
 */
int sidecar_check(const char *path, const char *bytes, size_t n_bytes, const char *matrix,
                  struct w2v_error *error);

#endif
