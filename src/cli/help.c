/* Help. See help.h. */
#include "cli/help.h"

#include <string.h>

#include "w2v.h"

enum { WIDTH = 79 };

/* Prints `text` in lines that begin at column `indent`. The cursor is at `column` before. */
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

/* Prints each line of `lines` with `before` in front. */
static void put_lines(FILE *out, const char *lines, const char *before)
{
    while (*lines != '\0') {
        int n = (int)strcspn(lines, "\n");
        fprintf(out, "%s%.*s\n", before, n, lines);
        lines += n;
        lines += *lines == '\n';
    }
}

void help_describe(const struct opt *option, char *text, size_t n_bytes)
{
    char range[OPT_RANGE];
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
        char spelling[128], text[2 * OPT_RANGE];
        opt_spelling(&options[i], spelling, sizeof spelling);
        help_describe(&options[i], text, sizeof text);
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
    fputs("\n'w2v help SUBCOMMAND' says more; 'w2v help --man' writes manual pages.\n", out);
}

void help_command(const struct command *command)
{
    FILE *out = stdout;
    struct opt rows[OPT_MAX];
    opt_rows(command->options, command->n_options, rows);
    fprintf(out, "w2v %s: %s\n\n", command->name, command->summary);
    put_lines(out, command->usage, "    w2v ");
    fputc('\n', out);
    wrap(out, command->about, 0, 0);
    if (command->n_options > 0)
        fputs("\noptions:\n", out);
    put_options(out, rows, command->n_options);
    fputs("\ncommon to all subcommands:\n", out);
    put_options(out, rows + command->n_options, OPT_N_COMMON);
    if (command->examples != NULL) {
        fputs("\nexamples:\n", out);
        put_lines(out, command->examples, "    ");
    }
}
