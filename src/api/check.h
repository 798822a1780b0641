/*
 * Checks of a run's options and data. Each is done as soon as what it needs is known.
 */
#ifndef W2V_API_CHECK_H
#define W2V_API_CHECK_H

#include "train/trainer.h"

/*
 * W2V_EARG if an option is out of range, or if two contradict each other. Options of a resumed run may
 * contradict each other, since most come from the checkpoint. resume_check_options names an option that
 * must not be given.
 */
int check_options(const struct w2v_train_options *options, struct w2v_error *error);

/* W2V_EARG if the last learning rate is above the first; both are set. */
int check_rates(const struct w2v_train_options *options, struct w2v_error *error);
int check_walks(const struct w2v_walk_options *options, struct w2v_error *error);

/* W2V_EDATA if w2v's own file could not hold one of the words; found before any work. */
int check_words(const struct wordtable *words, const char *path, struct w2v_error *error);

/*
 * W2V_EDATA if this corpus cannot be trained on; found before training. `counted` tells whether a given
 * vocabulary has counts of its own.
 */
int check_corpus(const struct corpus *corpus, const struct w2v_text_report *report,
                 const struct w2v_train_options *options, bool counted, struct w2v_error *error);

/* W2V_EDATA if training found nothing to learn from. */
int check_learned(const struct trainer *trainer, const struct w2v_train_options *options,
                  struct w2v_error *error);

/* How many words the corpus does not have. Only a given vocabulary can have such words. */
uint64_t check_unseen(const struct corpus *corpus, const struct w2v_train_options *options);

#endif
