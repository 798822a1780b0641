/*
 * What writing a model needs, whatever the format. A format that can be written is a row of the
 * table in ending.c, and a row of the table in convert.c with a function that writes a selection to
 * a file, or to two files that belong together.
 */
#ifndef W2V_MODEL_CONVERT_H
#define W2V_MODEL_CONVERT_H

#include "base/outfile.h"
#include "base/watch.h"
#include "model/container_input.h"
#include "model/ending.h"
#include "model/spelling.h"

struct convert {
    const struct w2v_convert_options *options;
    struct selection *selection;
    const char *path;
    struct ending ending;
    char *words_path;      /* the second file, where the format has one; else NULL */
    uint64_t words_digest; /* hash_bytes of that file */
    struct banned banned;  /* the bytes of words that the format cannot hold */
    bool wrote_subwords, wrote_output;
    struct watch watch;
};

/*
 * Whether the model of a run that has not begun can be written to `path` as `file` (see ending.h),
 * with or without an output matrix. With a dim of 0 the dimension is not known yet. `paths` has the
 * other files of the run, and the model's files must be none of them; release it afterwards.
 */
int convert_check(const char *path, enum w2v_file file, size_t dim, bool with_output,
                  struct paths *paths, struct w2v_error *error);

/*
 * How many bytes of memory convert_trained takes for V words with so many bytes together, if the format
 * holds each word as it is.
 */
uint64_t convert_trained_memory(enum w2v_file file, size_t n_words, uint64_t n_word_bytes);

/*
 * Writes what was trained as `file`; with W2V_FILE_GUESS the ending of `path` says as what. The
 * rows of the input lie in memory. Of the input, plain and progress are ignored. Of the options,
 * only threads and progress are used. Words that would become equal are written once
 * (spelling.h), and the report counts the others.
 */
int convert_trained(const char *path, enum w2v_file file, const struct container_input *in,
                    const struct w2v_convert_options *options, struct w2v_convert_report *report,
                    struct w2v_error *error);

/*
 * Tells the caller that n_done rows are written. W2V_ESTOPPED: the caller asks to stop. W2V_EIO,
 * with the last row only: the model was changed in the meantime.
 */
int convert_tell(struct convert *c, size_t n_done, struct w2v_error *error);

/* Writes all rows as little-endian numbers of the wanted precision. */
int convert_rows(struct convert *c, struct outfile *out, struct w2v_error *error);

/*
 * Writes two files that belong together: the words, a line each, and what `write_rows` writes. In
 * the end either both files are new or neither (outfile_commit_both). A list of words that belongs
 * to another matrix is not replaced (sidecar.h).
 */
int convert_pair(struct convert *c,
                 int (*write_rows)(struct convert *, struct outfile *, struct w2v_error *),
                 struct w2v_error *error);

#endif
