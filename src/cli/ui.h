/*
 * What is said to the person: errors, usage errors, notes, the one line that is redrawn on a
 * terminal, the end of standard output, and signals. All on standard error, a whole line at a time.
 */
#ifndef W2V_CLI_UI_H
#define W2V_CLI_UI_H

#include <stdbool.h>

#include "cli/opt.h"
#include "w2v.h"

#if defined(__GNUC__)
#define UI_PRINTF(string, first) __attribute__((__format__(__printf__, string, first)))
#else
#define UI_PRINTF(string, first)
#endif

/* Exit statuses. */
enum { UI_DONE = 0, UI_FAILED = 1, UI_USAGE = 2 };

/* "w2v: MESSAGE". */
void ui_error(const char *format, ...) UI_PRINTF(1, 2);

/* The line as it is, without a name in front. */
void ui_say(const char *format, ...) UI_PRINTF(1, 2);

/* "w2v train: MESSAGE (try 'w2v help train')"; returns UI_USAGE. */
int ui_usage(const struct opt_args *args, const char *format, ...) UI_PRINTF(2, 3);

/*
 * Says the library's error and returns the exit status for it. After W2V_ESTOPPED by a signal it
 * says nothing and ends the process by that signal, so remove what must go before.
 */
int ui_fail(const struct w2v_error *error);

/* Draws `text` over the line drawn before (terminals only); any message clears it. */
void ui_draw(const char *text);
void ui_clear(void);

/*
 * Flushes standard output; ui_end closes it as well. UI_DONE, or UI_FAILED after saying why: a
 * full disk is not success.
 */
int ui_flush(void);
int ui_end(int status);

/* What standard output is called in messages, where it is a file by now. */
void ui_name_output(const char *name);

/*
 * As the first thing in main: makes descriptors 0 to 2 exist, and a full disk an error, as well as
 * a mapped file whose pages are lost, which ui_stopped() tells of like a signal.
 */
void ui_start(void);

/*
 * From here on the first SIGINT, SIGTERM or SIGHUP only makes ui_stopped() true (those that the
 * parent had ignored stay ignored); the second ends the process at once. With `keep_going` a
 * closed pipe is an error of the write instead of the end: for work whose result goes to a file.
 */
void ui_catch_signals(bool keep_going);
bool ui_stopped(void);

/* Whether it is not by a signal but because a page of a mapped file is lost. */
bool ui_page_lost(void);

/*
 * With false nothing is lost by ending, and the first signal does so at once, even while the process
 * waits for input. True until said otherwise.
 */
void ui_at_stake(bool something);

/* Whether a SIGUSR1 came since the last call: someone wants to know how far the work is. */
bool ui_asked(void);

#endif
