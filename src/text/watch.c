/* Progress of passes over a corpus. See watch.h. */
#include "text/watch.h"

#include "base/thread.h"

static const double WATCH_SECONDS = 0.1;

void watch_start(struct watch *watch, const struct w2v_text_options *text, enum w2v_phase phase,
                 uint64_t total)
{
    const double now = thread_seconds();
    *watch =
        (struct watch){.text = text, .phase = phase, .total = total, .began = now, .reported = now};
}

int watch_tell(struct watch *watch, uint64_t within, struct w2v_error *error)
{
    const struct w2v_text_options *text = watch->text;
    const double now = thread_seconds();
    if (text->progress == NULL || now - watch->reported < WATCH_SECONDS)
        return W2V_OK;
    watch->reported = now;
    struct w2v_progress progress = {.phase = watch->phase,
                                    .done = watch->done + within,
                                    .total = watch->total,
                                    .seconds = now - watch->began};
    if (text->progress(text->progress_context, &progress) != 0)
        return error_set(error, W2V_ESTOPPED, "stopped while looking for words");
    return W2V_OK;
}
