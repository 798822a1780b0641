/*
 * w2v: finds the subcommand, parses its options and runs it. cmd_<name>.c has what a subcommand does
 * and the table of its options.
 */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/ui.h"
#include "w2v.h"

static int run(const struct command *command, int argc, char **argv)
{
    struct opt_args args = {command->name, command->options, command->n_options, .operands = NULL};
    switch (opt_parse(&args, argc, argv)) {
    case OPT_RUN:
        return command->run(&args);
    case OPT_HELP:
        help_command(command);
        return UI_DONE;
    case OPT_VERSION:
        help_version();
        return UI_DONE;
    case OPT_WRONG:
        break;
    }
    return UI_USAGE;
}

/* The subcommand among the arguments behind an option other than --help and --version, or NULL. */
static const char *command_named(int argc, char **argv)
{
    static const char *const answers[] = {"-h", "--help", "-V", "--version"};
    for (size_t i = 0; argc > 0 && i < sizeof answers / sizeof answers[0]; i++)
        if (strcmp(argv[0], answers[i]) == 0)
            return NULL;
    for (int i = 1; i < argc; i++)
        for (size_t k = 0; k < command_n; k++)
            if (strcmp(argv[i], command_table[k]->name) == 0)
                return command_table[k]->name;
    return NULL;
}

/* Runs w2v without a subcommand: `w2v --help`, `w2v --version`, or an error. */
static int run_bare(int argc, char **argv)
{
    struct opt_args args = {"", NULL, 0, .operands = NULL};
    const char *name = command_named(argc, argv);
    if (name != NULL)
        return ui_usage(&args, "options go after the subcommand: w2v %s ...", name);
    switch (opt_parse(&args, argc, argv)) {
    case OPT_RUN:
        if (args.n_operands > 0)
            return ui_usage(&args, "options go after the subcommand: w2v %s ...", args.operands[0]);
        help_overview(stderr);
        return UI_USAGE;
    case OPT_HELP:
        help_overview(stdout);
        return UI_DONE;
    case OPT_VERSION:
        help_version();
        return UI_DONE;
    case OPT_WRONG:
        break;
    }
    return UI_USAGE;
}

int main(int argc, char **argv)
{
    int status = UI_USAGE;
    ui_start();
    w2v_give_memory_back();
    if (argc < 2 || argv[1][0] == '-') {
        status = run_bare(argc > 0 ? argc - 1 : 0, argv + (argc > 0));
    } else {
        const struct command *command = command_find(argv[1]);
        if (command != NULL)
            status = run(command, argc - 2, argv + 2);
    }
    return ui_end(status);
}
