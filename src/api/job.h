/*
 * One call of w2v_train, and its steps: train.c has their order, train_corpus.c what is read, and
 * train_files.c what is written.
 */
#ifndef W2V_API_JOB_H
#define W2V_API_JOB_H

#include "api/budget.h"
#include "api/resume.h"
#include "api/warm.h"
#include "train/saver.h"

struct job {
    struct w2v_train_options options; /* the rates as used */
    struct resume_run run;
    unsigned threads;
    struct budget budget;
    struct corpus corpus;
    struct w2v_walk_report walk;
    struct trainer trainer;
    struct saver saver;
    struct warm warm;
    struct record carried; /* lines of the record from before this call */
    int unsaved;           /* what became of the last checkpoint */
    double train_seconds;
};

/* Tells the caller of something that is no error. */
void train_say(const struct job *job, enum w2v_notice kind, const char *format, ...)
    W2V_PRINTF(3, 4);

/* ---- Reading ---- */

/*
 * Reads the corpus, and checks whether it can be learned from and whether there is room for what
 * will be written. The vocabulary is saved where the options ask for it.
 */
int train_read_corpus(struct job *job, struct w2v_error *error);

/* ---- Writing ---- */

/* The run's files are apart, those that a checkpoint names included, and the model can be written. */
int train_check_paths(const struct job *job, struct w2v_error *error);

/*
 * A disk that is too full for the model, or for it and a checkpoint, is found before the first
 * epoch: makes room for both beside their targets and gives it back. The files need a little more,
 * for their tables, and text more than that; how much a compressed one needs is not known before.
 */
int train_check_room(const struct job *job, struct w2v_error *error);

int train_save_vocab(const struct vocab *vocab, const char *path, struct w2v_error *error);

/* Writes the model with its training record; `report`: progress is told. */
int train_write_model(const struct job *job, bool report, struct w2v_error *error);

#endif
