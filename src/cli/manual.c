/* The manual pages. See manual.h. */
#include "cli/manual.h"

#include <stdio.h>
#include <string.h>

#include "cli/help.h"
#include "w2v.h"

/* Prints n bytes as roff text. Requests, escapes and soft hyphens in them are made literal. */
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
    fputs(".nf\n.RS 4\n", stdout);
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
        char spelling[128], text[2 * OPT_RANGE];
        opt_spelling(&options[i], spelling, sizeof spelling);
        help_describe(&options[i], text, sizeof text);
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

/* Prints the usage lines of a subcommand, each with "w2v" in front. */
static void roff_usage(const char *lines)
{
    while (*lines != '\0') {
        size_t n = strcspn(lines, "\n");
        fputs("\\fBw2v\\fR ", stdout);
        roff(lines, n);
        putchar('\n');
        lines += n;
        lines += *lines == '\n';
        if (*lines != '\0')
            fputs(".br\n", stdout);
    }
}

/* The beginning of every page. `name` is a subcommand, or "" for w2v itself. */
static void roff_start(const char *name, const char *summary)
{
    const char *dash = *name == '\0' ? "" : "-";
    fputs(".TH W2V", stdout);
    fputs(dash, stdout);
    for (const char *c = name; *c != '\0'; c++)
        putchar(*c >= 'a' && *c <= 'z' ? *c - 'a' + 'A' : *c);
    printf(" 1 \"\" \"w2v %s\" \"User Commands\"\n.SH NAME\nw2v", w2v_version());
    roff(dash, strlen(dash));
    roff(name, strlen(name));
    fputs(" \\- ", stdout);
    roff_line(summary);
    fputs(".SH SYNOPSIS\n.nh\n.ad l\n", stdout);
}

void manual_command(const struct command *command)
{
    struct opt rows[OPT_MAX];
    opt_rows(command->options, command->n_options, rows);
    roff_start(command->name, command->summary);
    roff_usage(command->usage);
    fputs(".hy\n.SH DESCRIPTION\n", stdout);
    roff_line(command->about);
    fputs(".SH OPTIONS\n", stdout);
    roff_options(rows, command->n_options);
    fputs(".SS \"Common to all subcommands\"\n", stdout);
    roff_options(rows + command->n_options, OPT_N_COMMON);
    if (command->examples != NULL) {
        fputs(".SH EXAMPLES\n", stdout);
        roff_examples(command->examples);
    }
    fputs(".SH \"SEE ALSO\"\n", stdout);
    roff_line("w2v(1), for what all subcommands have in common: files, outputs, words in rows and "
              "messages, and the exit status.");
}

void manual_overview(void)
{
    struct opt common[OPT_MAX];
    opt_rows(NULL, 0, common);
    roff_start("", "word vectors from text");
    roff_usage("SUBCOMMAND [options] FILE...");
    fputs(".hy\n.SH DESCRIPTION\n", stdout);
    roff_line(
        "w2v learns a vector for each word of a text, or of other sequences, and answers questions "
        "about these vectors. A MODEL is any vector file that w2v can read; its content tells the "
        "format, not its name. The file name - is standard input or standard output.\n"
        "Options may stand anywhere, as --dim 300, --dim=300, -d 300 or -d300; -- ends them. If an "
        "option is given twice, the last one counts. Results go to standard output, messages and "
        "progress to standard error.\n"
        "Text that is read by lines may begin with a UTF-8 byte order mark. Its lines may end in "
        "CR LF, and the last line may lack its end. Blank lines are skipped, except in the list of "
        "words beside a matrix. A file may be compressed, but queries on standard input may not.\n"
        "--vocab, --freeze, --among, --exclude, and --words of convert take a list of words. The "
        "list has a word on each line, with or without a count. If any line has a tab, a word ends "
        "at the first tab and may hold blanks, though not in --vocab. Else, if every line ends in "
        "a blank and a whole number, the number is the count. Else the whole line is a word.");
    fputs(".SH SUBCOMMANDS\n", stdout);
    roff_line("Each has a manual page of its own, w2v-SUBCOMMAND(1).");
    for (size_t i = 0; i < command_n; i++) {
        fputs(".TP\n\\fB", stdout);
        roff(command_table[i]->name, strlen(command_table[i]->name));
        fputs("\\fR\n", stdout);
        roff_line(command_table[i]->summary);
    }
    fputs(".SH OPTIONS\n", stdout);
    roff_line("These options are common to all subcommands. In walk, --quiet has no short form.");
    roff_options(common, OPT_N_COMMON);
    fputs(".SH \"WORDS IN ROWS AND MESSAGES\"\n", stdout);
    roff_line(
        "Words and file names may hold any bytes. Some bytes would break a row or control a "
        "terminal. w2v writes them as escapes in rows and messages: \\t is a tab, \\n a newline, "
        "\\r a carriage return. \\xHH is another byte below 32 or the byte 127. It also stands for "
        "a byte of 128 to 159 that is not part of a character. \\u00HH is a control character of "
        "U+0080 to U+009F. In a list of words with blanks between, \\x20 is a blank inside a word. "
        "All else stays as it is, backslashes too. With --json strings are those of JSON. Bytes "
        "that are not UTF-8 then become U+FFFD. tokenize, vocab, words, phrases, walk and convert "
        "write no escapes, so that their output can be read again. There is one exception: words "
        "escapes the tabs and line ends of words that have them.");
    fputs(".SH OUTPUTS\n", stdout);
    roff_line(
        "A file is written under a temporary name in the same folder and renamed when it is "
        "complete. Until then the path holds the old file. The new file keeps the permissions of "
        "the old one, and its owner and group if that is allowed. /dev/stdin, /dev/stdout, "
        "/dev/stderr, /dev/fd/N, /proc/self/fd/N, and files that are not regular, are written "
        "directly.\n"
        "An output must not be a file that the command also reads, under any name, nor one of its "
        "other outputs. Files beside a model and files that a checkpoint names count as read. "
        "There are two exceptions: convert may replace its own MODEL, and a resumed run its own "
        "checkpoint. A checkpoint replaces only another checkpoint or an empty file.\n"
        "Some outputs are pairs: a text and its table of phrases, a matrix and its words. Either "
        "both are replaced or neither, and the file that -o or OUT names is renamed last. A saved "
        "vocabulary is written as soon as it is counted. If one of several outputs is a pipe "
        "whose reader stops early, the others are still written, and the exit status is 0.");
    fputs(".SH \"EXIT STATUS\"\n.TP\n.B 0\nDone.\n.TP\n.B 1\n", stdout);
    roff_line(
        "Failed, because of a file, the data, memory, or a word that is not in the vocabulary. "
        "Of several queries, those that can be answered are answered.");
    fputs(".TP\n.B 2\nWrong usage.\n.PP\n", stdout);
    roff_line(
        "If a signal ends w2v, a shell sees the exit status 128 + the signal's number. SIGINT, "
        "SIGTERM, SIGHUP, SIGUSR2, SIGXCPU and SIGQUIT end w2v at once and leave no unfinished "
        "output and no temporary file. There are two exceptions: training with --checkpoint first "
        "writes its checkpoint, and with --save-on-interrupt its model. SIGQUIT or a second signal "
        "other than SIGXCPU then ends w2v at once. SIGUSR1 prints a line of progress and does not "
        "end w2v. Other fatal signals, such as SIGKILL, may leave a temporary file FILE.tmp.XXXXXX "
        "beside an output. You may delete it.");
    fputs(".SH ENVIRONMENT\n.TP\n.B W2V_SIMD\n", stdout);
    roff_line(
        "The name of the instruction set to use. By default it is the fastest that the CPU "
        "has. Training, searches, clusters, maps and principal directions use it, and fail if "
        "the name is unknown or the CPU cannot run it.");
    fputs(".TP\n.B TMPDIR\n", stdout);
    roff_line(
        "The folder for temporary files. A temporary file holds the part of a corpus that does "
        "not fit into --memory. By default the folder is /tmp.");
    fputs(".TP\n.B TERM\n", stdout);
    roff_line("If it is dumb, or not set, progress is not redrawn on one line.");
    fputs(".SH \"SEE ALSO\"\n", stdout);
    for (size_t i = 0; i < command_n; i++) {
        fputs(i > 0 ? ",\n" : "", stdout);
        roff("w2v-", 4);
        roff(command_table[i]->name, strlen(command_table[i]->name));
        fputs("(1)", stdout);
    }
    putchar('\n');
}
