/*
 * Checkpoints while a run goes on. When one is due the matrices are copied, on all threads between
 * two rounds, and a thread of its own writes the copy while training continues. Where there is no
 * memory for a copy the run stands still until the file is written.
 *
 * A checkpoint that cannot be written does not end the run: the next is tried in its time, and the
 * last good one stays. Only a number that is not finite ends it, before such a number is in a file.
 */
#ifndef W2V_TRAIN_SAVER_H
#define W2V_TRAIN_SAVER_H

#include "base/thread.h"
#include "train/checkpoint.h"

struct saver {
    /* The caller's: */
    const char *path;
    double seconds; /* between two checkpoints; 0: not by the clock */
    uint64_t words; /* corpus tokens between two; 0: not by words */
    double epochs;  /* epochs between two; 0: not by epochs */
    bool still;     /* make no copy */
    const char *text;
    size_t n_text;
    const struct corpus *corpus;
    void (*failed)(void *context, const struct w2v_error *error); /* a checkpoint was not written */
    void *context;
    /* Its own: */
    bool due, writing;
    double last;          /* the clock, when the last one was begun */
    uint64_t every, next; /* rounds */
    struct mem_map copy;
    struct trainer_place place; /* of the copy */
    const struct trainer *trainer;
    const float *rows;
    pthread_t thread;
    atomic_bool written; /* by the thread, when its file is done */
    int status;          /* of the last */
    struct w2v_error error;
    uint64_t round; /* of the last good one, UINT64_MAX: none yet */
};

/* Where `text` says it, as "10m", "30s", "1.5h", "1e" (epochs), "200000w": sets one of the three. */
int saver_interval(struct saver *saver, const char *text, struct w2v_error *error);

/* Sets the saver's own members. */
void saver_init(struct saver *saver);

/* The last two of the trainer's hooks; their context is the saver. */
int saver_after_round(void *saver, const struct trainer *trainer, float **copy,
                      struct w2v_error *error);
int saver_copied(void *saver, const struct trainer *trainer, const float *copy,
                 struct w2v_error *error);

/* Waits for the thread, if there is one. With the trainer (between two rounds, its threads gone) writes its place. */
int saver_finish(struct saver *saver, const struct trainer *trainer, struct w2v_error *error);
void saver_release(struct saver *saver);

#endif
