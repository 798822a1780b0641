/*
 * One call of w2v_train and its steps. train.c has their order, train_corpus.c reads the corpus, and
 * train_files.c writes files.
 */
#ifndef W2V_API_JOB_H
#define W2V_API_JOB_H

#include "api/budget.h"
#include "api/resume.h"
#include "api/warm.h"
#include "train/saver.h"

struct train_job {
    struct w2v_train_options options; /* with the rates that are used */
    struct resume_run run;
    unsigned threads;
    struct budget budget;
    struct corpus corpus;
    bool vocab_counted; /* the counts of the given vocabulary decide, not those of the corpus */
    struct w2v_walk_report walk;
    struct trainer trainer;
    struct saver saver;
    struct warm warm;
    struct record carried; /* lines of the training record from earlier runs */
    bool other_run;        /* at first the checkpoint's file has that of another run */
    int unsaved;           /* the status of the last checkpoint */
    double train_seconds;
    uint64_t n_alike; /* words that were not written, since others are written like them */
};

/* Calls the notice function, if there is one. */
void train_say(const struct train_job *job, enum w2v_notice kind, const char *format, ...)
    W2V_PRINTF(3, 4);

/* ---- Reading ---- */

/*
 * Reads the corpus and checks that it can be trained on and that the disk has room for the outputs.
 * Saves the vocabulary if the options ask for it.
 */
int train_read_corpus(struct train_job *job, struct w2v_error *error);

/* ---- Writing ---- */

/* Checks that no file of the run, nor one that a checkpoint names, has two uses, and that
   the model can be written. */
int train_check_paths(const struct train_job *job, struct w2v_error *error);

/*
 * Checks before the first epoch that the disk has room for the model and a checkpoint: allocates files
 * of their sizes beside the targets and removes them. Binary files need a little more than that for
 * their tables, text files more. The size of a compressed file is not known before.
 */
int train_check_room(const struct train_job *job, struct w2v_error *error);

int train_save_vocab(const struct vocab *vocab, const char *path, struct w2v_error *error);

/* Writes the model with its training record. With `report` it reports progress. */
int train_write_model(struct train_job *job, bool report, struct w2v_error *error);

#endif
