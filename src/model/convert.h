/*
 * What writing a model in some format needs. A format to write is a row of the table in ending.c and
 * a function in convert.c that writes the rows of a selection to a file, or to two that belong
 * together.
 */
#ifndef W2V_MODEL_CONVERT_H
#define W2V_MODEL_CONVERT_H

#include "base/outfile.h"
#include "base/watch.h"
#include "model/container_input.h"
#include "model/ending.h"
#include "model/selection.h"

struct convert {
    const struct w2v_convert_options *options;
    struct selection *selection;
    const char *path;
    struct ending ending;
    char *words_path;      /* of the second file, where the format has one */
    uint64_t words_digest; /* of that file: hash_bytes */
    size_t n_respelled;
    bool wrote_subwords, wrote_output;
    struct watch watch;
};

/*
 * For a model that will be trained: whether `path` can be written, as what it is to be (see
 * ending.h), with an output matrix or without, before any work. `paths` has the run's other
 * files, from which the model's must be apart; release it afterwards.
 */
int convert_check(const char *path, enum w2v_file file, bool with_output, struct paths *paths,
                  struct w2v_error *error);

/*
 * Writes what was trained as `file`, or as its name has it. What the input says of plain, pack and
 * progress is not looked at.
 */
int convert_trained(const char *path, enum w2v_file file, const struct container_input *in,
                    w2v_progress_fn progress, void *context, unsigned threads,
                    struct w2v_error *error);

/*
 * Copies a word to `to` with '_' for each of its bytes that is in `banned` and, where there are
 * none, for the word. Returns the bytes written, at most n_bytes or 1; *respelled counts.
 */
size_t convert_spell(char *to, const char *word, size_t n_bytes, const char *banned,
                     size_t *respelled);

/*
 * Tells how far it is, and whether to go on: W2V_ESTOPPED where not, and W2V_EIO, with the last row,
 * where the model was changed meanwhile.
 */
int convert_tell(struct convert *c, size_t n_done, struct w2v_error *error);

/* Opens the output, compressed where its name says so. */
int convert_open(const struct convert *c, struct outfile *out, struct w2v_error *error);

/* Writes all rows as numbers of the precision asked for, little-endian. */
int convert_rows(struct convert *c, struct outfile *out, struct w2v_error *error);

/*
 * Writes two files that belong together: the words, a line each, and what `write_rows` writes. As
 * outfile_commit_both has it, either both are new in the end or none is. A list of words that belongs
 * to another matrix is not replaced (sidecar.h).
 */
int convert_pair(struct convert *c,
                 int (*write_rows)(struct convert *, struct outfile *, struct w2v_error *),
                 struct w2v_error *error);

#endif
