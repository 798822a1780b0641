/* Messages, signals and standard output. See ui.h. */
#define _XOPEN_SOURCE 700 /* SIGXCPU */
#include "cli/ui.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cli/row.h"

bool ui_is_standard_input(const char *path)
{
    static const char *const names[] = {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(path, names[i]) == 0)
            return true;
    return false;
}

static atomic_int drawn; /* a line is on the terminal without its newline */

/* ---- Messages -------------------------------------------------------------------------------- */

void ui_clear(void)
{
    if (drawn) {
        fputs("\r\033[K", stderr);
        fflush(stderr);
    }
    drawn = false;
}

/* How many characters a line of the terminal has, but for the last place. */
static int line_room(void)
{
    struct winsize size;
    return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1 ? size.ws_col - 1
                                                                           : INT_MAX;
}

void ui_draw(const char *text)
{
    fprintf(stderr, "\r%.*s\033[K", line_room(), text);
    fflush(stderr);
    drawn = true;
}

void ui_prompt(const char *command)
{
    fprintf(stderr, "%s> ", command);
    fflush(stderr);
}

static bool as_json; /* notes and summaries are objects */

void ui_as_json(bool whether)
{
    as_json = whether;
}

void ui_object(const char *phase, const char *shown)
{
    ui_clear();
    fprintf(stderr, "{\"phase\": \"%s\", \"text\": ", phase);
    row_json_string(stderr, shown, strlen(shown));
    fputs("}\n", stderr);
}

void ui_shown(const char *before, const char *shown, const char *after)
{
    ui_clear();
    fprintf(stderr, "%s%s%s\n", before, shown, after);
}

/* Prints a line whose text is escaped: as an object if it has a phase and objects are wanted. */
static void print_line(const char *phase, const char *before, const char *shown, const char *after)
{
    if (as_json && phase != NULL)
        ui_object(phase, shown);
    else
        ui_shown(before, shown, after);
}

/* Makes the text of a line, escapes and prints it. */
static void say_line(const char *phase, const char *before, const char *format, va_list args,
                     const char *after)
{
    enum { LINE_BYTES = 16384 }; /* a line may name several files */
    char text[LINE_BYTES], shown[LINE_BYTES];
    const char *rest = text;
    int n = vsnprintf(text, sizeof text, format, args);
    if (n < 0)
        return;
    size_t n_text = strlen(text);
    shown[w2v_escape(shown, sizeof shown - 1, &rest, &n_text)] = '\0';
    print_line(phase, before, shown, after);
}

void ui_error(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_line(NULL, "w2v: ", format, args, "");
    va_end(args);
}

void ui_note(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_line("note", "w2v: note: ", format, args, "");
    va_end(args);
}

void ui_note_shown(const char *shown)
{
    print_line("note", "w2v: note: ", shown, "");
}

void ui_note_left_out(size_t n)
{
    if (n > 0)
        ui_note("%zu word%s left out: %s zero or not finite", n, ui_s(n),
                n == 1 ? "its vector is" : "their vectors are");
}

void ui_say(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    say_line("done", "", format, args, "");
    va_end(args);
}

/* Makes the texts before and after a usage error. */
static void make_hint(const struct opt_args *args, char before[64], char after[64])
{
    const char *blank = args->command[0] != '\0' ? " " : "";
    snprintf(before, 64, "w2v%s%s: ", blank, args->command);
    snprintf(after, 64, " (try 'w2v help%s%s')", blank, args->command);
}

int ui_usage_of(const struct opt_args *args, const struct w2v_error *error)
{
    char before[64], after[64];
    make_hint(args, before, after);
    ui_shown(before, error->message, after);
    return UI_USAGE;
}

int ui_usage(const struct opt_args *args, const char *format, ...)
{
    char before[64], after[64];
    make_hint(args, before, after);
    va_list list;
    va_start(list, format);
    say_line(NULL, before, format, list, after);
    va_end(list);
    return UI_USAGE;
}

/* ---- Signals --------------------------------------------------------------------------------- */

/* Schedulers send SIGUSR2 and SIGXCPU some time before they kill a job. SIGQUIT always ends w2v at once. */
static const int stop_signals[] = {SIGINT, SIGTERM, SIGHUP, SIGUSR2, SIGXCPU, SIGQUIT};
enum { N_STOP_SIGNALS = sizeof stop_signals / sizeof stop_signals[0] };
/* A handler may run on any thread. */
static atomic_int stop_signal, asked, page_lost, at_stake;

/* Ends the process by the signal, from its handler or from anywhere else. */
static void end_by(int number)
{
    static atomic_flag ending = ATOMIC_FLAG_INIT;
    static const char clear[] = "\r\033[K",
                      early[] = "w2v: stopped before training began, so there is nothing to save\n";
    const struct rlimit no_core = {0, 0};
    sigset_t set;
    sigemptyset(&set);
    for (int i = 0; i < N_STOP_SIGNALS; i++)
        sigaddset(&set, stop_signals[i]);
    /* A handler that interrupted this thread would wait for it, and so for ever. */
    pthread_sigmask(SIG_BLOCK, &set, NULL);
    while (atomic_flag_test_and_set(&ending))
        pause(); /* another thread does it already, and must not be interrupted */
    w2v_remove_unfinished();
    if (drawn && write(STDERR_FILENO, clear, sizeof clear - 1) < 0)
        drawn = false;
    if (at_stake == UI_LATER && write(STDERR_FILENO, early, sizeof early - 1) < 0)
        drawn = false;
    if (number == SIGXCPU) /* its default action would write a core file */
        setrlimit(RLIMIT_CORE, &no_core);
    signal(number, SIG_DFL);
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(SIG_UNBLOCK, &set, NULL);
    raise(number);
}

static void on_signal(int number)
{
    const int before = errno;
    if (stop_signal == 0 && at_stake == UI_NOW && number != SIGQUIT)
        stop_signal = number;
    else if (stop_signal == 0 || number != SIGXCPU) /* SIGXCPU comes again every second */
        end_by(number);
    errno = before;
}

void ui_at_stake(enum ui_stake stake)
{
    at_stake = (int)stake;
}

static void on_question(int number)
{
    (void)number;
    asked = 1;
}

static void catch_signals(void)
{
    struct sigaction action, old;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_signal;
    sigemptyset(&action.sa_mask);
    for (int i = 0; i < N_STOP_SIGNALS; i++)
        sigaddset(&action.sa_mask, stop_signals[i]);
    for (int i = 0; i < N_STOP_SIGNALS; i++)
        if (sigaction(stop_signals[i], NULL, &old) == 0 && old.sa_handler != SIG_IGN)
            sigaction(stop_signals[i], &action, NULL);
    action.sa_handler = on_question;
    action.sa_flags = SA_RESTART;
    sigaction(SIGUSR1, &action, NULL);
}

void ui_output(const char *path)
{
    if (path != NULL && strcmp(path, "-") != 0)
        signal(SIGPIPE, SIG_IGN);
}

bool ui_stopped(void)
{
    return stop_signal != 0 || page_lost;
}

bool ui_page_lost(void)
{
    return page_lost;
}

bool ui_asked(void)
{
    if (!asked)
        return false;
    asked = 0;
    return true;
}

/* ---- Mapped files ---------------------------------------------------------------------------- */

/*
 * Handles a page of a mapped file that cannot be read: the file was cut, or its disk fails. A page of
 * zeros takes its place. So the work ends normally, removes its temporary files and prints an error.
 */
static void on_bus_error(int number, siginfo_t *info, void *context)
{
    const int before = errno;
    (void)context;
    if ((info->si_code == BUS_ADRERR || info->si_code == BUS_OBJERR) &&
        w2v_replace_page(info->si_addr)) {
        page_lost = 1;
        errno = before;
        return;
    }
    signal(number, SIG_DFL);
    raise(number);
}

static void catch_bus_errors(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_bus_error;
    action.sa_flags = SA_SIGINFO;
    sigemptyset(&action.sa_mask);
    sigaction(SIGBUS, &action, NULL);
}

static int said_page_lost(void)
{
    static bool said;
    if (!said)
        ui_error("a file was cut while it was read, or its disk fails; what was printed may be "
                 "wrong");
    said = true;
    return UI_FAILED;
}

/* ---- Failures -------------------------------------------------------------------------------- */

int ui_fail(const struct w2v_error *error)
{
    ui_clear();
    if (error->code == W2V_ESTOPPED && stop_signal != 0)
        end_by(stop_signal);
    if (error->code == W2V_ESTOPPED && page_lost)
        return said_page_lost();
    page_lost = 0; /* the message says it */
    ui_shown("w2v: ", error->message, "");
    return error->code == W2V_EARG ? UI_USAGE : UI_FAILED;
}

/* ---- Standard output ------------------------------------------------------------------------- */

void ui_start(void)
{
    /*
     * If the parent closed a descriptor, the next file that is opened would get its number, and
     * messages would go into that file. /dev/null takes the number, opened in the wrong direction, so
     * that using it is still an error.
     */
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF &&
            open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY) != fd)
            _exit(UI_FAILED);
    /* Each line is one write, so that lines of several processes do not mix. */
    static char line[1 << 15];
    setvbuf(stderr, line, _IOLBF, sizeof line);
    signal(SIGXFSZ, SIG_IGN); /* past the file size limit write() says EFBIG */
    catch_bus_errors();
    catch_signals();
}

static bool output_is_file;
static int output_fault; /* the errno of the first failure; 0: none */

void ui_output_is_file(bool is)
{
    output_is_file = is;
}

int ui_output_fault(void)
{
    return output_fault;
}

static int output_failed(void)
{
    if (output_fault == 0) {
        output_fault = errno != 0 ? errno : EIO;
        if (!output_is_file)
            ui_error("standard output: cannot write: %s", strerror(output_fault));
    }
    return UI_FAILED;
}

int ui_flush(void)
{
    return fflush(stdout) != 0 || ferror(stdout) ? output_failed() : UI_DONE;
}

int ui_end(int status)
{
    bool failed = fflush(stdout) != 0 || ferror(stdout);
    if (fclose(stdout) != 0)
        failed = true;
    if (failed)
        return output_failed();
    return page_lost ? said_page_lost() : status;
}
