/*
 * Training: from the encoded corpus to the matrices, on any number of threads with the same result.
 *
 * The run is a sequence of rounds, by the schedule. What a round does follows from its number, the
 * corpus and the options alone.
 */
#ifndef W2V_TRAIN_TRAINER_H
#define W2V_TRAIN_TRAINER_H

#include "train/compose.h"
#include "train/objective.h"
#include "train/rows.h"
#include "train/schedule.h"

/* One shard's sums over an epoch. */
struct trainer_tally {
    double loss;
    uint64_t n_predictions;
};

/*
 * Where a run stands between two rounds. With the matrices and the losses of the epochs that are
 * over it is all that a run needs to go on: what is drawn at random follows from the round.
 */
struct trainer_place {
    uint64_t round;                                    /* rounds done */
    uint64_t n_predictions;                            /* of the epochs that are over */
    struct trainer_tally tallies[SCHEDULE_MAX_SHARDS]; /* of the one under way */
};

struct trainer {
    const struct kernel *kernel;
    struct sampler sampler;
    struct tree tree; /* of hierarchical softmax */
    struct objective objective;
    struct schedule schedule;
    struct rows rows;
    bool has_subwords;
    struct compose compose; /* where it has subwords */
    size_t dim;
    struct plan_options plan;
    const unsigned char *frozen; /* (V), 1: the word's input row stays; NULL: none does */
    struct trainer_place place;  /* after the last round that was done */
    /* What came of it. */
    double *loss; /* an epoch: mean per prediction */
    uint64_t n_trained, n_predictions;
};

/* Tells how much memory the run will need for each word of the vocabulary. */
size_t trainer_bytes_per_word(const struct w2v_train_options *options);

/* What goes with a run besides training; any may be NULL. All on the thread that called. */
struct trainer_hooks {
    void *context;
    /* Before the first round: may change the initial rows and, to go on with a run, the place. */
    int (*start)(void *context, struct trainer *trainer, struct w2v_error *error);
    /*
     * After a round, unless it is the last: sets *copy where the matrices, by rows.layout, are
     * wanted; to the matrices themselves to have them stand still instead.
     */
    int (*after_round)(void *context, const struct trainer *trainer, float **copy,
                       struct w2v_error *error);
    /* Then, with the copy made; the place is that of the copy. */
    int (*copied)(void *context, const struct trainer *trainer, const float *copy,
                  struct w2v_error *error);
};

/*
 * Trains on `threads` threads; the trained vectors are rows_master(&rows, id). `frozen`: (V), 1 for
 * a word whose input row stays, or NULL; it must outlive the trainer. options->text.progress is
 * called from the calling thread. The trainer is the caller's to release even after a failure;
 * after W2V_ESTOPPED matrices and place are those after a whole round.
 */
int trainer_run(struct trainer *trainer, const struct corpus *corpus,
                const struct w2v_train_options *options, const struct kernel *kernel,
                const unsigned char *frozen, unsigned threads, const struct trainer_hooks *hooks,
                struct w2v_error *error);
void trainer_release(struct trainer *trainer);

#endif
