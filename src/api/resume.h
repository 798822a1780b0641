/*
 * What a checkpoint has besides the trainer's state: options, files, figures of the corpus, and lines
 * for the model's training record. They are a record in the text of the checkpoint. A resumed run reads
 * them and compares.
 */
#ifndef W2V_API_RESUME_H
#define W2V_API_RESUME_H

#include "api/record.h"
#include "kernel/kernel.h"
#include "train/checkpoint.h"

/* Figures of the corpus. */
struct resume_corpus {
    struct w2v_text_report text;
    uint64_t digest, text_digest; /* as in struct corpus */
};

/* What the text of a checkpoint has. */
struct resume_run {
    const struct w2v_train_options *options; /* with the rates that are used */
    const char *const *paths;
    size_t n_paths;
    const char *output;
    const struct kernel *kernel;
    struct resume_corpus corpus;
    const struct record *carried; /* lines for the model's training record */
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

/* Makes the text of a checkpoint. */
struct record resume_describe(const struct resume_run *run);

/*
 * W2V_EARG or W2V_EDATA, with what differs, unless this run can continue the checkpoint. If
 * options->epochs is 0, resume_check_epochs follows once the number is chosen.
 */
int resume_check_options(const struct w2v_checkpoint *checkpoint,
                         const struct w2v_train_options *options, const struct kernel *kernel,
                         struct w2v_error *error);
int resume_check_epochs(const struct w2v_checkpoint *checkpoint, unsigned epochs,
                        struct w2v_error *error);
int resume_check_corpus(const struct w2v_checkpoint *checkpoint, const struct resume_corpus *corpus,
                        struct w2v_error *error);

/* Fills a table of words with the checkpoint's vocabulary, as if the words had been counted. */
int resume_vocab(const struct w2v_checkpoint *checkpoint, struct wordtable *table,
                 struct w2v_error *error);

#endif
