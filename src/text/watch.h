/*
 * Progress of work that goes over the tokens of a corpus several times: one of the threads, the
 * caller's own, tells it and heeds the wish to stop.
 */
#ifndef W2V_TEXT_WATCH_H
#define W2V_TEXT_WATCH_H

#include "base/error.h"

struct watch {
    const struct w2v_text_options *text; /* whose progress function is called */
    enum w2v_phase phase;
    uint64_t done, total; /* tokens gone over in the passes that are done, and in all */
    double began, reported;
};

void watch_start(struct watch *watch, const struct w2v_text_options *text, enum w2v_phase phase,
                 uint64_t total);

/*
 * Tells, at most every tenth of a second, that `within` tokens of this pass are done too.
 * W2V_ESTOPPED where the caller wants no more.
 */
int watch_tell(struct watch *watch, uint64_t within, struct w2v_error *error);

#endif
