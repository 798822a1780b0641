/*
 * Training turns the encoded corpus into matrices, with the same result on any number of threads.
 *
 * A run is a sequence of rounds (schedule.h, rounds.h). What a round does depends only on its
 * number, the corpus and the options.
 */
#ifndef W2V_TRAIN_TRAINER_H
#define W2V_TRAIN_TRAINER_H

#include "train/compose.h"
#include "train/objective.h"
#include "train/rows.h"
#include "train/schedule.h"

/* The sums of one shard in an epoch. */
struct trainer_tally {
    double loss;
    uint64_t n_predictions;
};

/*
 * How far a run has come, between two rounds. A run can continue from this, the matrices and the
 * losses of the finished epochs. It needs nothing else, since random draws follow from the round.
 */
struct trainer_place {
    uint64_t round;                                    /* rounds done */
    uint64_t n_predictions;                            /* in the finished epochs */
    struct trainer_tally tallies[SCHEDULE_MAX_SHARDS]; /* of the current epoch */
};

struct trainer {
    const struct kernel *kernel;
    struct sampler sampler;
    struct tree tree; /* for hierarchical softmax */
    struct objective objective;
    struct schedule schedule;
    struct rows rows;
    bool has_subwords;
    struct compose compose; /* if has_subwords */
    size_t dim;
    struct plan_options plan;
    const unsigned char *frozen; /* (V), 1: the word's input row does not change; NULL: all may */
    struct trainer_place place;  /* after the last finished round */
    /* Results: */
    double *loss; /* (epochs): the mean loss per prediction; NaN: there was none */
    uint64_t n_trained, n_predictions; /* corpus tokens and predictions that were trained */
};

/* How many bytes the run will need for each word of the vocabulary. */
size_t trainer_bytes_per_word(const struct w2v_train_options *options);

/*
 * Functions of the caller that are called during a run, on the thread that called trainer_run unless
 * the member says otherwise. `start` and `due` may be NULL. after_round and copied need `due`.
 */
struct trainer_hooks {
    void *context;
    /* Before the first round. May change the initial rows and, to continue a run, the place. */
    int (*start)(void *context, struct trainer *trainer, struct w2v_error *error);
    /*
     * After each round but the last: whether after_round is to be called. Any thread of the run calls
     * it, but never two at once. Others move rows meanwhile, so it must not read them.
     */
    bool (*due)(void *context, const struct trainer *trainer);
    /*
     * After a round. To get the matrices, it sets *copy to memory for them, by rows.layout, and all
     * threads copy them there. If it sets *copy to the matrices themselves, no copy is made. The
     * threads wait until `copied` returns.
     */
    int (*after_round)(void *context, const struct trainer *trainer, float **copy,
                       struct w2v_error *error);
    /* When the copy has been made. The trainer's place is that of the copy. */
    int (*copied)(void *context, const struct trainer *trainer, const float *copy,
                  struct w2v_error *error);
};

/*
 * Trains on `threads` threads. The trained vectors are rows_master(&rows, id). `frozen` is (V),
 * with 1 for each word whose input row must not change, or NULL; it must outlive the trainer. The
 * calling thread calls options->text.progress. The caller releases the trainer, even after a
 * failure. After W2V_ESTOPPED the matrices and the place are those after a whole round.
 */
int trainer_run(struct trainer *trainer, const struct corpus *corpus,
                const struct w2v_train_options *options, const struct kernel *kernel,
                const unsigned char *frozen, unsigned threads, const struct trainer_hooks *hooks,
                struct w2v_error *error);
void trainer_release(struct trainer *trainer);

#endif
