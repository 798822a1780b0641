/*
 * Progress of a job: one thread reports it to the caller's function, which may stop the job.
 */
#ifndef W2V_BASE_WATCH_H
#define W2V_BASE_WATCH_H

#include "base/error.h"

struct watch {
    w2v_progress_fn progress; /* NULL: nothing is reported */
    void *context;
    enum w2v_phase phase;
    uint64_t done;      /* by the finished passes over the data; the caller adds to it */
    uint64_t total;     /* of all passes */
    double began, told; /* when it began and last reported, by thread_seconds */
};

void watch_start(struct watch *watch, w2v_progress_fn progress, void *context, enum w2v_phase phase,
                 uint64_t total);

/* Whether a report is due: the last one was at least a tenth of a second ago. */
bool watch_due(const struct watch *watch);

/*
 * Reports that watch->done + within is done, if a report is due or this is the `last` one.
 * W2V_ESTOPPED if the caller's function stops the job.
 */
int watch_tell(struct watch *watch, uint64_t within, bool last, struct w2v_error *error);

#endif
