/*
 * Writes checkpoints while a run goes on. When one is due, all threads copy the matrices between
 * two rounds. Then a thread of the saver writes the copy while training continues. If there is no
 * memory for a copy, training waits until the file is written.
 *
 * A checkpoint that cannot be written does not end the run: the last good file stays, and the next
 * checkpoint is tried when it is due. Only a number that is not finite ends the run, before such a
 * number gets into a file.
 */
#ifndef W2V_TRAIN_SAVER_H
#define W2V_TRAIN_SAVER_H

#include "base/thread.h"
#include "train/checkpoint.h"

struct saver {
    /* Set by the caller: */
    const char *path;
    double seconds; /* between two checkpoints; 0: the clock does not count */
    uint64_t words; /* corpus tokens between two; 0: words do not count */
    double epochs;  /* epochs between two; 0: epochs do not count */
    bool still;     /* make no copy: training waits for the file */
    const char *text;
    size_t n_text;
    const struct corpus *corpus;
    /* Called if a checkpoint was not written; may be NULL. */
    void (*failed)(void *context, const struct w2v_error *error);
    void *context;
    /* Set by the saver: */
    bool writing;
    double last;          /* when the last one was begun, by thread_seconds */
    uint64_t every, next; /* rounds between two; the round of the next one */
    struct mem_map copy;
    struct trainer_place place; /* of the copy */
    const struct trainer *trainer;
    const float *rows;
    pthread_t thread;
    atomic_bool written; /* set by the thread when it has finished its file */
    int status;          /* of the last file */
    struct w2v_error error;
    uint64_t round; /* of the last good file; UINT64_MAX: none yet */
};

/*
 * Sets seconds, epochs or words from text such as "30s", "10m", "1.5h", "1e" (epochs), "200000w".
 */
int saver_interval(struct saver *saver, const char *text, struct w2v_error *error);

/* Sets the members that are not the caller's. To be called at the end of the start hook. */
void saver_init(struct saver *saver, const struct trainer *trainer);

/* The trainer's hooks due, after_round and copied. Their context is the saver. */
bool saver_due(void *saver, const struct trainer *trainer);
int saver_after_round(void *saver, const struct trainer *trainer, float **copy,
                      struct w2v_error *error);
int saver_copied(void *saver, const struct trainer *trainer, const float *copy,
                 struct w2v_error *error);

/*
 * Waits for the thread, if there is one. If `trainer` is not NULL, then writes a checkpoint of it,
 * unless the last good file already has its round. The threads of the trainer must have ended.
 */
int saver_finish(struct saver *saver, const struct trainer *trainer, struct w2v_error *error);
void saver_release(struct saver *saver);

#endif
