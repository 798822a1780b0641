/*
 * Progress of a piece of work: one thread tells it to the caller's function, which may stop the work.
 */
#ifndef W2V_BASE_WATCH_H
#define W2V_BASE_WATCH_H

#include "base/error.h"

struct watch {
    w2v_progress_fn progress; /* NULL: nothing is told */
    void *context;
    enum w2v_phase phase;
    uint64_t done,
        total;          /* what passes over the data that are over have done; all there is to do */
    double began, told; /* by thread_seconds */
};

void watch_start(struct watch *watch, w2v_progress_fn progress, void *context, enum w2v_phase phase,
                 uint64_t total);

/* Whether it is time to tell: a tenth of a second has gone by since the last time. */
bool watch_due(const struct watch *watch);

/*
 * Tells that `within` of this pass is done too, where it is time to or where this is the `last`
 * word. W2V_ESTOPPED where the caller wants no more.
 */
int watch_tell(struct watch *watch, uint64_t within, bool last, struct w2v_error *error);

#endif
