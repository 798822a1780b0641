/* Help and the manual page. See help.h. */
#include "cli/help.h"

#include <string.h>

#include "w2v.h"

enum { WIDTH = 79 };

/* ---- Plain text ------------------------------------------------------------------------------ */

/* Breaks `text` into lines from column `indent` on; the cursor is at `column` already. */
static void wrap(FILE *out, const char *text, int indent, int column)
{
    bool first = true;
    for (;;) {
        text += strspn(text, " ");
        if (*text == '\0')
            break;
        if (*text == '\n') {
            fputs("\n\n", out);
            column = 0;
            first = true;
            text++;
            continue;
        }
        int n = (int)strcspn(text, " \n");
        if (!first && column + 1 + n > WIDTH) {
            fputc('\n', out);
            column = 0;
            first = true;
        }
        if (first && column < indent) {
            fprintf(out, "%*s", indent - column, "");
            column = indent;
        }
        fprintf(out, "%s%.*s", first ? "" : " ", n, text);
        column += n + !first;
        first = false;
        text += n;
    }
    fputc('\n', out);
}

/* Each line of `lines` with `before` in front. */
static void put_lines(FILE *out, const char *lines, const char *before)
{
    while (*lines != '\0') {
        int n = (int)strcspn(lines, "\n");
        fprintf(out, "%s%.*s\n", before, n, lines);
        lines += n;
        lines += *lines == '\n';
    }
}

/* Help and range as one phrase, "size of a vector (1 to 65536; default 100)". */
static void describe(const struct opt *option, char *text, size_t n_bytes)
{
    char range[256];
    opt_range(option, range, sizeof range);
    if (range[0] != '\0')
        snprintf(text, n_bytes, "%s (%s)", option->help, range);
    else
        snprintf(text, n_bytes, "%s", option->help);
}

static void put_options(FILE *out, const struct opt *options, size_t n)
{
    enum { COLUMN = 29 };
    for (size_t i = 0; i < n; i++) {
        char spelling[128], text[1024];
        opt_spelling(&options[i], spelling, sizeof spelling);
        describe(&options[i], text, sizeof text);
        int column = fprintf(out, "  %s", spelling);
        if (column > COLUMN - 2) {
            fputc('\n', out);
            column = 0;
        }
        wrap(out, text, COLUMN, column);
    }
}

void help_version(void)
{
    printf("w2v %s\n", w2v_version());
}

void help_overview(FILE *out)
{
    fputs("w2v: word vectors from text\n\n"
          "usage: w2v SUBCOMMAND [options] FILE...\n\n",
          out);
    for (size_t i = 0; i < command_n; i++)
        fprintf(out, "  %-12s %s\n", command_table[i]->name, command_table[i]->summary);
    fputs("\n'w2v help SUBCOMMAND' says more; 'w2v help --man' writes the manual page.\n", out);
}

void help_command(const struct command *command)
{
    FILE *out = stdout;
    fprintf(out, "w2v %s: %s\n\n", command->name, command->summary);
    put_lines(out, command->usage, "    w2v ");
    fputc('\n', out);
    wrap(out, command->about, 0, 0);
    if (command->n_options > 0)
        fputs("\noptions:\n", out);
    put_options(out, command->options, command->n_options);
    fputs("\ncommon to all subcommands:\n", out);
    put_options(out, opt_common, opt_n_common);
    if (command->examples != NULL) {
        fputs("\nexamples:\n", out);
        put_lines(out, command->examples, "    ");
    }
}

/* ---- The manual page ------------------------------------------------------------------------- */

/* `n` bytes as roff text: no byte is taken for a request, an escape or a soft hyphen. */
static void roff(const char *text, size_t n)
{
    bool line_start = true;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\n') {
            fputs("\n.PP\n", stdout);
            line_start = true;
            continue;
        }
        if (line_start && (text[i] == '.' || text[i] == '\''))
            fputs("\\&", stdout);
        line_start = false;
        switch (text[i]) {
        case '\\':
            fputs("\\e", stdout);
            break;
        case '-':
            fputs("\\-", stdout);
            break;
        case '\'':
            fputs("\\(aq", stdout);
            break;
        case '^':
            fputs("\\(ha", stdout);
            break;
        case '~':
            fputs("\\(ti", stdout);
            break;
        case '`':
            fputs("\\(ga", stdout);
            break;
        default:
            putchar(text[i]);
        }
    }
}

static void roff_line(const char *text)
{
    roff(text, strlen(text));
    putchar('\n');
}

static void roff_examples(const char *lines)
{
    fputs(".PP\n.nf\n.RS 4\n", stdout);
    while (*lines != '\0') {
        size_t n = strcspn(lines, "\n");
        roff(lines, n);
        putchar('\n');
        lines += n;
        lines += *lines == '\n';
    }
    fputs(".RE\n.fi\n", stdout);
}

static void roff_options(const struct opt *options, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        char spelling[128], text[1024];
        opt_spelling(&options[i], spelling, sizeof spelling);
        describe(&options[i], text, sizeof text);
        fputs(".TP\n\\fB", stdout);
        const char *bare = spelling + strspn(spelling, " "), *value = strstr(bare, "--");
        size_t n_bold = (size_t)(value - bare) + strcspn(value, " ");
        roff(bare, n_bold);
        fputs("\\fR", stdout);
        if (bare[n_bold] != '\0') {
            fputs(" \\fI", stdout);
            roff(bare + n_bold + 1, strlen(bare + n_bold + 1));
            fputs("\\fR", stdout);
        }
        putchar('\n');
        roff_line(text);
    }
}

/* The usage lines of a subcommand, each after "w2v". */
static void roff_usage(const char *lines)
{
    while (*lines != '\0') {
        size_t n = strcspn(lines, "\n");
        fputs("\\fBw2v\\fR ", stdout);
        roff(lines, n);
        fputs("\n.br\n", stdout);
        lines += n;
        lines += *lines == '\n';
    }
}

void help_manual(void)
{
    printf(".TH W2V 1 \"\" \"w2v %s\" \"User Commands\"\n", W2V_VERSION);
    fputs(".SH NAME\nw2v \\- word vectors from text\n.SH SYNOPSIS\n.nh\n.ad l\n", stdout);
    for (size_t i = 0; i < command_n; i++)
        roff_usage(command_table[i]->usage);
    fputs(".hy\n.SH DESCRIPTION\n", stdout);
    roff_line(
        "w2v turns text, or any sequences of things, into vectors, and answers questions "
        "about them. A MODEL is any vector file that w2v can read; its format is recognised "
        "from its content, not from its name. The file name - is standard input or "
        "standard output.\n"
        "Options may stand anywhere, as --dim 300, --dim=300, -d 300 or -d300; -- ends them. "
        "Of an option given twice the last one counts. Results go to standard "
        "output, messages and progress to standard error.\n"
        "Text that is read by lines may begin with a UTF-8 byte order mark, and its lines may "
        "end in CR LF; the last one may lack its end. Blank lines are passed over, except in "
        "the list of words beside a matrix. A list of words (--vocab, --freeze, --among, "
        "--exclude, --words) has a word a line, with its count or without. Where any line "
        "has a tab, a word ends at the first tab and may hold blanks; else, where every line "
        "ends in a blank and a whole number, that is the count; else a line is a word. A "
        "file may be compressed, and - is standard input.");
    fputs(".SH \"WORDS IN ROWS AND MESSAGES\"\n", stdout);
    roff_line(
        "Words and names of files may hold any bytes. Where w2v prints them in rows and in "
        "messages, what would forge a row or drive a terminal is escaped, so that the word can "
        "be told again: \\\\ is a backslash, \\t a tab, \\n a newline, \\r a carriage return, "
        "\\xHH another byte below 32, the byte 127, or one of 128 to 159 that is not part of a "
        "character, and \\u00HH a control character of U+0080 to U+009F. With --json strings are "
        "those of JSON; bytes that are not UTF-8 become U+FFFD there. Text that is written to be "
        "read again, by tokenize, vocab, words, phrases and convert, has words as they are.");
    fputs(".SH OUTPUTS\n", stdout);
    roff_line(
        "A file is written beside its target and renamed when it is complete; until then what "
        "has the name stays. The new file keeps the old one's rights, and its owner and group "
        "where that is allowed. The names /dev/stdin, /dev/stdout, /dev/stderr, /dev/fd/N and "
        "/proc/self/fd/N, and what is no regular file, are written directly.\n"
        "An output may not be a file that the command reads, by whatever name, nor another of "
        "its outputs; files beside a model and those that a checkpoint names count. Only convert "
        "may replace its own MODEL, and a resumed run its own checkpoint.\n"
        "Of two outputs that belong together, a text and its table of phrases, a matrix and its "
        "words, neither is replaced unless both could be written, and the one that -o or OUT "
        "names takes its name last. A saved vocabulary is written when it is counted. Where one "
        "of several outputs is a pipe whose reader has seen enough, the others are written all "
        "the same.");
    fputs(".SH OPTIONS\nCommon to all subcommands:\n", stdout);
    roff_options(opt_common, opt_n_common);
    for (size_t i = 0; i < command_n; i++) {
        const struct command *command = command_table[i];
        fputs(".SH \"W2V ", stdout);
        for (const char *c = command->name; *c != '\0'; c++)
            putchar(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
        fputs("\"\n", stdout);
        roff_usage(command->usage);
        fputs(".PP\n", stdout);
        roff_line(command->about);
        roff_options(command->options, command->n_options);
    }
    fputs(".SH \"EXIT STATUS\"\n.TP\n.B 0\nDone.\n.TP\n.B 1\n", stdout);
    roff_line("Failed: a file, the data, memory, or a word that is not in the vocabulary. With "
              "several queries those that can be answered are answered.");
    fputs(".TP\n.B 2\nWrong usage.\n.PP\n", stdout);
    roff_line(
        "A process ended by a signal has that signal's status. SIGINT, SIGTERM, SIGHUP, SIGUSR2 "
        "and SIGXCPU end it at once, whether it works or waits, and leave no output and no "
        "temporary file. Only a training that keeps a checkpoint, or the model as it is, does "
        "that first; then a second signal ends it at once.");
    fputs(".SH ENVIRONMENT\n.TP\n.B W2V_SIMD\n", stdout);
    roff_line("The name of the instruction set to compute with, instead of the best that the CPU "
              "has; a name that is unknown or that the CPU does not have is an error that lists "
              "those it has.");
    fputs(".SH EXAMPLES\n", stdout);
    for (size_t i = 0; i < command_n; i++)
        if (command_table[i]->examples != NULL)
            roff_examples(command_table[i]->examples);
}
