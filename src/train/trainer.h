/*
 * Training: from the encoded corpus to the matrices, on any number of threads with the same result.
 *
 * The run is a sequence of rounds. In each, PLAN_MAX_SHARDS (fewer for a tiny vocabulary) places of
 * the corpus advance by one stretch each: shard s of S begins at token n_tokens * s / S, and every
 * epoch takes exactly `rounds` stretches of each shard, so all shards end an epoch together and an
 * epoch is exactly the corpus. What a round does follows from its number, the corpus and the
 * options alone. The learning rate falls linearly with the share of all rounds that is done.
 */
#ifndef W2V_TRAIN_TRAINER_H
#define W2V_TRAIN_TRAINER_H

#include "train/rows.h"

struct trainer {
    const struct kernel *kernel;
    struct sampler sampler;
    struct rows rows;
    /* The schedule. */
    unsigned shards;
    uint64_t rounds; /* an epoch */
    struct plan_options plan;
    double lr, min_lr;
    /* What came of it. */
    double *loss; /* an epoch: mean per prediction */
    uint64_t n_trained, n_predictions;
};

/* Tells how much memory the run will need for each word of the vocabulary. */
size_t trainer_bytes_per_word(size_t dim);

/* The first and last learning rates that the options come to. */
void trainer_rates(const struct w2v_train_options *options, double *lr, double *min_lr);

/*
 * Begin with {0}. Trains on `threads` threads; the trained vectors are rows_master(&rows, id).
 * options->text.progress is called from the calling thread. The trainer is the caller's to release
 * even after a failure.
 */
int trainer_run(struct trainer *trainer, const struct corpus *corpus,
                const struct w2v_train_options *options, const struct kernel *kernel,
                unsigned threads, struct w2v_error *error);
void trainer_release(struct trainer *trainer);

#endif
