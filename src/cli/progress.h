/*
 * Progress of long work: a w2v_progress_fn that prints to standard error and stops the work after a
 * signal.
 *
 *   on a terminal   one line that is redrawn a few times a second
 *   elsewhere       a line every ten seconds and at the end of an epoch
 *   as JSON         a line with an object every second and at the end of an epoch
 *
 * SIGUSR1 asks for a line at once in any mode.
 */
#ifndef W2V_CLI_PROGRESS_H
#define W2V_CLI_PROGRESS_H

#include <stdbool.h>

#include "cli/opt.h"
#include "w2v.h"

/* The help of --progress. `epochs` says when else there is a line, or is "". */
#define PROGRESS_HELP(epochs)                                                                \
    "how to report progress on standard error. auto: a line that is redrawn on a terminal, " \
    "elsewhere a line every ten seconds" epochs "; json: each line but an error is a JSON "  \
    "object. It has phase and, during work, done, seconds and, where it is known, total. A " \
    "summary has the phase done. none: no progress. Notes and summaries come anyway; only "  \
    "--quiet drops them"

/* In the order of the choices of --progress. */
enum progress_mode { PROGRESS_AUTO, PROGRESS_JSON, PROGRESS_NONE };

struct progress {
    enum progress_mode mode;
    bool terminal, quiet;
    bool keeps;    /* stopped training leaves a checkpoint or a model: set before it begins */
    double spoken; /* the time of the last line, or of the start */
    struct w2v_progress last; /* the last report; a change of phase or epoch shows an end */
    bool any;                 /* there was a report */
};

/* By --progress and --quiet. */
void progress_init(struct progress *progress, const struct opt_args *args);

/*
 * For a command that prints results during its work, to `path` (NULL or "-": standard output). If they go to
 * a terminal, no progress is drawn between them.
 */
void progress_results(struct progress *progress, const char *path);

/* The w2v_progress_fn; `context` is the struct progress. */
int progress_tell(void *context, const struct w2v_progress *now);

/*
 * The w2v_notice_fn; `context` is the struct progress. If `quiet` is set, only warnings are printed. In
 * JSON a notice is an object whose phase is "plan", "note" or "warning".
 */
void progress_notice(void *context, enum w2v_notice kind, const char *text);

/* "1.2 GB", "345 bytes" */
const char *progress_bytes(char *text, size_t n, double bytes);

/* "1.2 s", "12 s", "3:05", "1:02:03" */
const char *progress_time(char *text, size_t n, double seconds);

#endif
