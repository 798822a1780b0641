/* Completion for shells. See completion.h. */
#include "cli/completion.h"

#include <stdio.h>
#include <string.h>

#include "cli/command.h"

/* What may stand as an option's value. */
enum value { VALUE_NONE, VALUE_CHOICE, VALUE_FILE, VALUE_OTHER };

static enum value value_of(const struct opt *option)
{
    if (option->kind == OPT_FLAG)
        return VALUE_NONE;
    if (option->kind == OPT_CHOICE)
        return VALUE_CHOICE;
    if (option->kind == OPT_TEXT && option->value != NULL &&
        (strcmp(option->value, "FILE") == 0 || strcmp(option->value, "MODEL") == 0 ||
         strcmp(option->value, "OUT") == 0))
        return VALUE_FILE;
    return VALUE_OTHER;
}

/* Whether the words behind this subcommand are names of subcommands. */
static bool takes_commands(const struct command *command)
{
    return strcmp(command->name, "help") == 0;
}

static void put_commands(void)
{
    for (size_t i = 0; i < command_n; i++)
        printf("%s%s", i > 0 ? " " : "", command_table[i]->name);
}

/* "sg|cbow" with a blank between two. */
static void put_choices(const char *choices)
{
    for (; *choices != '\0'; choices++)
        putchar(*choices == '|' ? ' ' : *choices);
}

/*
 * The beginning of a help text, as far as a line of a menu shows it. Within single quotes; what is
 * special to the shell's lists of options is behind a backslash.
 */
static void put_brief(const char *text, const char *special)
{
    enum { LONGEST = 60 };
    size_t n = 0, blank = 0;
    for (; text[n] != '\0' && strchr(";:(\n", text[n]) == NULL && n <= LONGEST; n++) {
        if (text[n] == '.' && (text[n + 1] == ' ' || text[n + 1] == '\0'))
            break;
        if (text[n] == ' ')
            blank = n;
    }
    if (n > LONGEST)
        n = blank;
    while (n > 0 && (text[n - 1] == ' ' || text[n - 1] == ','))
        n--;
    for (size_t i = 0; i < n; i++) {
        if (text[i] == '\'') {
            fputs("'\\''", stdout);
            continue;
        }
        if (strchr(special, text[i]) != NULL)
            putchar('\\');
        putchar(text[i]);
    }
}

/* ---- bash ------------------------------------------------------------------------------------ */

/* The values of a subcommand's options: choices, files, and others, of which nothing is known. */
static void bash_values(const struct command *command)
{
    struct opt rows[OPT_MAX];
    const size_t n = opt_rows(command->options, command->n_options, rows);
    for (const struct opt *option = rows; option < rows + n; option++) {
        const enum value value = value_of(option);
        if (value == VALUE_NONE)
            continue;
        printf("    %s:--%s", command->name, option->name);
        if (option->letter != 0)
            printf(" | %s:-%c", command->name, option->letter);
        fputs(") ", stdout);
        if (value == VALUE_CHOICE) {
            fputs("values='", stdout);
            put_choices(option->choices);
            putchar('\'');
        } else {
            fputs(value == VALUE_FILE ? "return" : "compopt +o default; return", stdout);
        }
        fputs(" ;;\n", stdout);
    }
}

void completion_bash(void)
{
    struct opt rows[OPT_MAX];
    fputs("# Completion of w2v for bash, as 'w2v help --completion bash' writes it.\n"
          "_w2v() {\n"
          "    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}\n"
          "    local command=${COMP_WORDS[1]} commands='",
          stdout);
    put_commands();
    fputs("' options values=\n"
          "    COMPREPLY=()\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W \"$commands --help --version\" -- \"$word\"))\n"
          "        return\n"
          "    fi\n"
          "    # --name=value comes as three words.\n"
          "    if [ \"$word\" = = ]; then\n"
          "        word=\n"
          "    elif [ \"$before\" = = ]; then\n"
          "        before=${COMP_WORDS[COMP_CWORD - 2]}\n"
          "    fi\n"
          "    case $command in\n",
          stdout);
    for (size_t i = 0; i < command_n; i++) {
        const struct command *command = command_table[i];
        const size_t n = opt_rows(command->options, command->n_options, rows);
        printf("    %s) options='", command->name);
        for (size_t j = 0; j < n; j++)
            printf("%s--%s", j > 0 ? " " : "", rows[j].name);
        fputs("' ;;\n", stdout);
    }
    fputs("    *) return ;;\n"
          "    esac\n"
          "    case $command:$before in\n",
          stdout);
    for (size_t i = 0; i < command_n; i++)
        bash_values(command_table[i]);
    for (size_t i = 0; i < command_n; i++)
        if (takes_commands(command_table[i]))
            printf("    %s:*) values=$commands ;;\n", command_table[i]->name);
    fputs("    esac\n"
          "    case $word in\n"
          "    -*) values=$options ;;\n"
          "    esac\n"
          "    COMPREPLY=($(compgen -W \"$values\" -- \"$word\"))\n"
          "}\n"
          "complete -o default -F _w2v w2v\n",
          stdout);
}

/* ---- zsh ------------------------------------------------------------------------------------- */

/* One line for _arguments: '-d+[size of a vector]:N: ' */
static void zsh_option(const char *dashes, const char *name, const char *joint,
                       const struct opt *option)
{
    const enum value value = value_of(option);
    printf("            '%s%s%s[", dashes, name, value == VALUE_NONE ? "" : joint);
    put_brief(option->help, "[]:\\");
    putchar(']');
    if (value != VALUE_NONE)
        printf(":%s:", option->value != NULL ? option->value : "value");
    if (value == VALUE_CHOICE) {
        putchar('(');
        put_choices(option->choices);
        putchar(')');
    } else if (value != VALUE_NONE) {
        fputs(value == VALUE_FILE ? "_files" : " ", stdout);
    }
    fputs("' \\\n", stdout);
}

void completion_zsh(void)
{
    struct opt rows[OPT_MAX];
    fputs("#compdef w2v\n"
          "# Completion of w2v for zsh, as 'w2v help --completion zsh' writes it.\n"
          "_w2v() {\n"
          "    local -a commands\n"
          "    commands=(\n",
          stdout);
    for (size_t i = 0; i < command_n; i++) {
        printf("        '%s:", command_table[i]->name);
        put_brief(command_table[i]->summary, ":\\");
        fputs("'\n", stdout);
    }
    fputs("    )\n"
          "    if ((CURRENT == 2)); then\n"
          "        _describe subcommand commands\n"
          "        return\n"
          "    fi\n"
          "    shift words\n"
          "    ((CURRENT--))\n"
          "    case $words[1] in\n",
          stdout);
    for (size_t i = 0; i < command_n; i++) {
        const struct command *command = command_table[i];
        const size_t n = opt_rows(command->options, command->n_options, rows);
        printf("    %s)\n        _arguments -s -S \\\n", command->name);
        for (const struct opt *option = rows; option < rows + n; option++) {
            const char letter[2] = {option->letter, '\0'};
            if (option->letter != 0)
                zsh_option("-", letter, "+", option);
            zsh_option("--", option->name, "=", option);
        }
        if (takes_commands(command)) {
            fputs("            '*:subcommand:(", stdout);
            put_commands();
            fputs(")'\n", stdout);
        } else {
            fputs("            '*:file:_files'\n", stdout);
        }
        fputs("        ;;\n", stdout);
    }
    fputs("    esac\n"
          "}\n"
          "_w2v \"$@\"\n",
          stdout);
}

/* ---- fish ------------------------------------------------------------------------------------ */

void completion_fish(void)
{
    struct opt rows[OPT_MAX];
    /* __fish_seen_subcommand_from looks at all words, also at values and operands. */
    fputs("# Completion of w2v for fish, as 'w2v help --completion fish' writes it.\n"
          "function __w2v_is\n"
          "    set -l words (commandline -opc)\n"
          "    test (count $words) -gt 1; and test $words[2] = $argv[1]\n"
          "end\n",
          stdout);
    for (size_t i = 0; i < command_n; i++) {
        printf("complete -c w2v -f -n __fish_use_subcommand -a %s -d '", command_table[i]->name);
        put_brief(command_table[i]->summary, "\\");
        fputs("'\n", stdout);
    }
    for (size_t i = 0; i < command_n; i++) {
        const struct command *command = command_table[i];
        const size_t n = opt_rows(command->options, command->n_options, rows);
        for (const struct opt *option = rows; option < rows + n; option++) {
            const enum value value = value_of(option);
            printf("complete -c w2v -n '__w2v_is %s' -l %s", command->name, option->name);
            if (option->letter != 0)
                printf(" -s %c", option->letter);
            if (value == VALUE_FILE)
                fputs(" -r -F", stdout);
            else if (value != VALUE_NONE)
                fputs(" -x", stdout);
            if (value == VALUE_CHOICE) {
                fputs(" -a '", stdout);
                put_choices(option->choices);
                putchar('\'');
            }
            fputs(" -d '", stdout);
            put_brief(option->help, "\\");
            fputs("'\n", stdout);
        }
        if (takes_commands(command)) {
            printf("complete -c w2v -f -n '__w2v_is %s' -a '", command->name);
            put_commands();
            fputs("'\n", stdout);
        }
    }
}
