/*
 * The words of a file that holds only numbers: a text file beside it, a line a word. The words of
 * NAME.npy are in NAME.words. Those of the projector's NAME.tsv are in NAME.metadata.tsv. A tab and what
 * follows it are ignored, so a list with counts will do.
 *
 * A list belongs to one matrix: with another list, every row would get a wrong word. If the matrix
 * says which list it was written with (npy.h), any other list is refused. An existing list is
 * replaced only together with its matrix.
 */
#ifndef W2V_MODEL_SIDECAR_H
#define W2V_MODEL_SIDECAR_H

#include "model/model.h"

/*
 * `path` with its ending (ending.h) replaced by `ending`, or with `ending` added if it has none. The
 * caller frees the name. NULL: out of memory.
 */
char *sidecar_path(const char *path, const char *ending, struct w2v_error *error);

/*
 * W2V_EARG if the matrix at `path` would be written through a link to a matrix with a list of its own.
 * That list would then have the words of other rows. `beside` is sidecar_path.
 */
int sidecar_check_link(const char *path, const char *ending, const char *beside,
                       struct w2v_error *error);

/* sidecar_path of the file that is being opened. It is an error if that is standard input. */
char *sidecar_of(const struct model_opening *opening, const char *ending, struct w2v_error *error);

/*
 * Reads the words of a model. The list must have model->n_words lines. `digest` is hash_bytes of
 * the list that the matrix was written with; NULL: any list will do.
 */
int sidecar_read(struct w2v_model *model, const struct model_opening *opening,
                 const uint64_t *digest, struct w2v_error *error);

/*
 * The same for the projector's list at `path`, whose first line may name its columns. The model then
 * owns `path`.
 */
int sidecar_read_metadata(struct w2v_model *model, char *path, struct w2v_error *error);

/*
 * Whether the list at `path` may be written, with these bytes, beside the file `matrix`. W2V_EIO:
 * there is a list already, with other bytes, and `matrix` was not written with it. `bytes` is NULL
 * while they are not known.
 */
int sidecar_check(const char *path, const char *bytes, size_t n_bytes, const char *matrix,
                  struct w2v_error *error);

#endif
