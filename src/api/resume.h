/*
 * What a checkpoint says besides the trainer's state: options, files, what the corpus came to, and
 * the lines that the model's training record will carry on. Written as a record into the
 * checkpoint's text, read back and compared when a run is resumed.
 */
#ifndef W2V_API_RESUME_H
#define W2V_API_RESUME_H

#include "api/record.h"
#include "kernel/kernel.h"
#include "train/checkpoint.h"

/* What reading the corpus came to. */
struct resume_corpus {
    struct w2v_text_report text;
    uint64_t digest, text_digest; /* as in struct corpus */
};

/* What is told beside the state. */
struct resume_run {
    const struct w2v_train_options *options; /* with the rates as used */
    const char *const *paths;
    size_t n_paths;
    const char *output;
    const struct kernel *kernel;
    struct resume_corpus corpus;
    const struct record *carried; /* lines for the model's record */
};

struct w2v_checkpoint {
    struct checkpoint file;
    struct w2v_train_options options;
    const char **paths;
    size_t n_paths;
    const char *output, *version, *arithmetic;
    struct resume_corpus corpus;
    struct record carried;
    unsigned n_schedules; /* how often the number of epochs was changed */
};

/* The bits that the kernels give: "fma", or the table's own name. */
const char *resume_arithmetic(const struct kernel *kernel);

/* The text of a checkpoint. */
struct record resume_describe(const struct resume_run *run);

/* W2V_EARG, W2V_EDATA: what differs from the run that the checkpoint is of. */
int resume_check_options(const struct w2v_checkpoint *checkpoint,
                         const struct w2v_train_options *options, const struct kernel *kernel,
                         struct w2v_error *error);
int resume_check_corpus(const struct w2v_checkpoint *checkpoint, const struct resume_corpus *corpus,
                        struct w2v_error *error);

/* The checkpoint's vocabulary as a counter would have left it. */
int resume_vocab(const struct w2v_checkpoint *checkpoint, struct wordtable *table,
                 struct w2v_error *error);

#endif
