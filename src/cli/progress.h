/*
 * Progress of long work: a w2v_progress_fn that speaks on standard error, and stops the work when a
 * signal asked for it. On a terminal one line is redrawn a few times a second; elsewhere a plain
 * line comes every ten seconds and at the end of an epoch; as JSON an object a line, one a second
 * and at the end of an epoch. SIGUSR1 asks for a line at once, whatever the mode.
 */
#ifndef W2V_CLI_PROGRESS_H
#define W2V_CLI_PROGRESS_H

#include <stdbool.h>

#include "w2v.h"

enum progress_mode { PROGRESS_AUTO, PROGRESS_JSON, PROGRESS_NONE };

struct progress {
    enum progress_mode mode;
    bool terminal, quiet;
    bool keeps;    /* a training that is stopped leaves something: set before it begins */
    double spoken; /* the clock when something was last said, or the work began */
    struct w2v_progress last; /* what was reported last; phase and epoch of it tell what ended */
    bool any;
};

/* `mode` is that of --progress. */
void progress_init(struct progress *progress, enum progress_mode mode);

/* A w2v_progress_fn; `context` is the struct progress. */
int progress_tell(void *context, const struct w2v_progress *now);

/*
 * A w2v_notice_fn; `context` likewise. With `quiet` set only warnings are said. As JSON: an object
 * whose phase is "plan", "note" or "warning".
 */
void progress_notice(void *context, enum w2v_notice kind, const char *text);

/* "1.2 GB", "345 bytes" */
const char *progress_bytes(char *text, size_t n, double bytes);

/* "1.2 s", "12 s", "3:05", "1:02:03" */
const char *progress_time(char *text, size_t n, double seconds);

#endif
