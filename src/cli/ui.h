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

/* The ending of a noun in the plural, "%zu word%s", and its verb. */
static inline const char *ui_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static inline const char *ui_are(uint64_t n)
{
    return n == 1 ? "is" : "are";
}

/*
 * "w2v: MESSAGE". Here and below the line is escaped (w2v_escape), so that words and names can be put
 * into it as they are; the library's messages are escaped already, and go through ui_shown.
 */
void ui_error(const char *format, ...) UI_PRINTF(1, 2);

/* The line as it is, without a name in front. */
void ui_say(const char *format, ...) UI_PRINTF(1, 2);

/* A line of three parts that can be shown as they are. */
void ui_shown(const char *before, const char *shown, const char *after);

/* "w2v train: MESSAGE (try 'w2v help train')"; returns UI_USAGE. The second with the library's. */
int ui_usage(const struct opt_args *args, const char *format, ...) UI_PRINTF(2, 3);
int ui_usage_of(const struct opt_args *args, const struct w2v_error *error);

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
 * a mapped file whose pages are lost, which ui_stopped() tells of like a signal; and sees to signals.
 */
void ui_start(void);

/* With true a closed pipe is an error of the write instead of the end: for work that goes to files. */
void ui_keep_going(bool whatever_reads);

/*
 * SIGINT, SIGTERM, SIGHUP, SIGUSR2 and SIGXCPU end the process at once, wherever it works or waits,
 * after its temporary files are removed. While something is at stake, a state of training to be
 * kept, the first of them only makes ui_stopped() true. What the parent had ignored stays ignored.
 * Nothing is at stake until it is said.
 */
void ui_at_stake(bool something);
bool ui_stopped(void);

/* Whether it is not by a signal but because a page of a mapped file is lost. */
bool ui_page_lost(void);

/* Whether a SIGUSR1 came since the last call: someone wants to know how far the work is. */
bool ui_asked(void);

#endif
