/*
 * What is checked of a run's options and data, each as soon as it is known.
 */
#ifndef W2V_API_CHECK_H
#define W2V_API_CHECK_H

#include "train/trainer.h"

/* Ranges, and options that contradict each other. W2V_EARG. */
int check_options(const struct w2v_train_options *options, struct w2v_error *error);
int check_walks(const struct w2v_walk_options *options, struct w2v_error *error);

/* Words that the model file could not hold in the end are refused before any work. */
int check_words(const struct wordtable *words, const char *path, struct w2v_error *error);

/* What stands in the way of training, before any of it. W2V_EDATA. */
int check_corpus(const struct corpus *corpus, const struct w2v_text_report *report,
                 const struct w2v_train_options *options, struct w2v_error *error);

/* After training: whether there was anything to learn from. W2V_EDATA. */
int check_learned(const struct trainer *trainer, const struct w2v_train_options *options,
                  struct w2v_error *error);

/* How many words the corpus does not have. Only a given vocabulary may have such words. */
uint64_t check_unseen(const struct corpus *corpus, const struct w2v_train_options *options);

#endif
