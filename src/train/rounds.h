/*
 * The rounds of a run on threads. All threads go through the same phases, with a barrier behind
 * each. The work of a phase is divided by shards or by owners (layout.h), never by threads, so the
 * result is the same for any number of threads.
 *
 *     train round r, plan round r + 1, each shard           | barrier
 *     merge round r, claim round r + 1, each owner          | barrier
 *
 * rows.h has the contract of merging and claiming. Words made of subwords need more phases in the
 * second line; see compose.h. Progress and the hooks of the caller come between two rounds, on the
 * thread that called.
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
