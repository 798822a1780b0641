/* Progress of a job. See watch.h. */
#include "base/watch.h"

#include "base/thread.h"

static const double WATCH_SECONDS = 0.1;

void watch_start(struct watch *watch, w2v_progress_fn progress, void *context, enum w2v_phase phase,
                 uint64_t total)
{
    const double now = thread_seconds();
    *watch = (struct watch){.progress = progress,
                            .context = context,
                            .phase = phase,
                            .total = total,
                            .began = now,
                            .told = now};
}

bool watch_due(const struct watch *watch)
{
    return watch->progress != NULL && thread_seconds() - watch->told >= WATCH_SECONDS;
}

int watch_tell(struct watch *watch, uint64_t within, bool last, struct w2v_error *error)
{
    static const char *const work[] = {
        [W2V_PHASE_READ] = "reading",
        [W2V_PHASE_TRAIN] = "training",
        [W2V_PHASE_WRITE] = "writing",
        [W2V_PHASE_CLUSTER] = "clustering",
        [W2V_PHASE_SEARCH] = "searching",
        [W2V_PHASE_PHRASES] = "looking for phrases",
        [W2V_PHASE_SEGMENT] = "looking for words",
        [W2V_PHASE_MAP] = "laying out the map",
        [W2V_PHASE_WALK] = "walking",
    };
    if (watch->progress == NULL || (!last && !watch_due(watch)))
        return W2V_OK;
    watch->told = thread_seconds();
    const struct w2v_progress progress = {.phase = watch->phase,
                                          .done = watch->done + within,
                                          .total = watch->total,
                                          .seconds = watch->told - watch->began};
    if (watch->progress(watch->context, &progress) != 0)
        return error_set(error, W2V_ESTOPPED, "stopped while %s", work[watch->phase]);
    return W2V_OK;
}
