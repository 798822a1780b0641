/*
 * The rounds of a run on threads. All threads go through the same phases as a crew (base/thread.h).
 * The pieces of a phase are shards or owners (layout.h), never threads, so the result is the same for
 * any number of threads.
 *
 *     train round r, plan round r + 1, each shard           | phase ends
 *     merge round r, claim round r + 1, each owner          | phase ends
 *
 * rows.h has the contract of merging and claiming. Words made of subwords need more phases in the
 * second line; see compose.h. Now and then there is a phase between two rounds in which the thread that
 * called reports progress and calls the hooks. If the hooks want a copy of the matrices, two more phases
 * follow.
 */
#ifndef W2V_TRAIN_ROUNDS_H
#define W2V_TRAIN_ROUNDS_H

#include "train/trainer.h"

/*
 * Sets the initial rows and trains all rounds from trainer->place on. With subwords, also composes
 * the rows of all words in the end, if training is done or was stopped (W2V_ESTOPPED). Arguments
 * and errors are those of trainer_run. W2V_ENUMERIC if the loss of an epoch says that training
 * diverged.
 */
int rounds_run(struct trainer *trainer, const struct corpus *corpus,
               const struct w2v_train_options *options, unsigned threads,
               const struct trainer_hooks *hooks, struct w2v_error *error);

#endif
