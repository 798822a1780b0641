/*
 * Messages on standard error (errors, usage errors, notes, the line that is redrawn on a terminal), the
 * end of standard output, and signals. A message is written as one whole line.
 */
#ifndef W2V_CLI_UI_H
#define W2V_CLI_UI_H

#include <stdbool.h>
#include <string.h>

#include "cli/opt.h"
#include "w2v.h"

#if defined(__GNUC__)
#define UI_PRINTF(string, first) __attribute__((__format__(__printf__, string, first)))
#else
#define UI_PRINTF(string, first)
#endif

/* How many bytes of a text a message shows: at most `most`, and no character of UTF-8 is cut. */
static inline int ui_shorten(const char *text, size_t n_bytes, size_t most)
{
    size_t n = n_bytes < most ? n_bytes : most;
    while (n < n_bytes && n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    return (int)n;
}

/* The name of an input in messages. */
static inline const char *ui_name(const char *path)
{
    return strcmp(path, "-") == 0 ? "standard input" : path;
}

/* Whether an input is standard input, under one of its names. */
bool ui_is_standard_input(const char *path);

/* Exit statuses. */
enum { UI_DONE = 0, UI_FAILED = 1, UI_USAGE = 2 };

/* The plural ending of a noun, as in "%zu word%s", and the verb for it. */
static inline const char *ui_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

static inline const char *ui_are(uint64_t n)
{
    return n == 1 ? "is" : "are";
}

/*
 * Print "w2v: MESSAGE" and "w2v: note: MESSAGE". These and the functions below escape the line
 * (w2v_escape), so the caller passes words and file names as they are. Messages of the library are
 * escaped already: use ui_shown and ui_note_shown.
 */
void ui_error(const char *format, ...) UI_PRINTF(1, 2);
void ui_note(const char *format, ...) UI_PRINTF(1, 2);
void ui_note_shown(const char *shown);

/* Notes that n words were left out, if any, as their vectors are zeros or not finite. */
void ui_note_left_out(size_t n);

/* Prints the line without a name in front. */
void ui_say(const char *format, ...) UI_PRINTF(1, 2);

/* Prints a line of three parts that need no escapes. */
void ui_shown(const char *before, const char *shown, const char *after);

/* Prints {"phase": PHASE, "text": SHOWN} as a line. The text is escaped already. */
void ui_object(const char *phase, const char *shown);

/* After ui_as_json(true) lines of ui_say are objects with the phase "done", and notes with "note". */
void ui_as_json(bool whether);

/* Both print "w2v train: MESSAGE (try 'w2v help train')" and return UI_USAGE. */
int ui_usage(const struct opt_args *args, const char *format, ...) UI_PRINTF(2, 3);
int ui_usage_of(const struct opt_args *args, const struct w2v_error *error);

/*
 * Prints an error of the library and returns its exit status. If a signal stopped the work, prints
 * nothing and ends the process by that signal, so clean up before.
 */
int ui_fail(const struct w2v_error *error);

/*
 * Draws `text`, which is ASCII, over the last drawn line of a terminal, as far as the line has room. Any
 * message clears it.
 */
void ui_draw(const char *text);
void ui_clear(void);

/* Prints "COMMAND> ", where a person types the next line. */
void ui_prompt(const char *command);

/*
 * Flush standard output; ui_end also closes it. Return `status` or UI_DONE, or UI_FAILED after an error
 * message, since a full disk is not success.
 */
int ui_flush(void);
int ui_end(int status);

/*
 * While standard output is a file, the caller reports a failure to write it. The second function then
 * has its errno, or 0.
 */
void ui_output_is_file(bool is);
int ui_output_fault(void);

/*
 * Call this first in main. It makes sure that descriptors 0 to 2 exist, turns a full disk and lost pages
 * of mapped files into errors, and catches signals. After a lost page ui_stopped() is true.
 */
void ui_start(void);

/*
 * Tells of an output; NULL is none, and "-" is standard output. Once an output is a file, a closed pipe is a
 * write error and does not end the process.
 */
void ui_output(const char *path);

/* Whether a signal could lose a state of training that is to be saved. */
enum ui_stake {
    UI_NEVER,
    UI_LATER, /* training will begin: a signal says that there is nothing to save yet */
    UI_NOW
};

/*
 * SIGINT, SIGTERM, SIGHUP, SIGUSR2 and SIGXCPU remove the temporary files and end the process at once.
 * With UI_NOW the first signal only makes ui_stopped() true. UI_NEVER at first. Signals that the parent
 * ignored stay ignored.
 */
void ui_at_stake(enum ui_stake stake);
bool ui_stopped(void);

/* Whether the reason is a lost page of a mapped file. */
bool ui_page_lost(void);

/* Whether a SIGUSR1, which asks for progress, came since the last call. */
bool ui_asked(void);

#endif
