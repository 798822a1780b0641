/*
 * w2v: finds the subcommand, parses its options and runs it. cmd_<name>.c has what a subcommand does
 * and the table of its options.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "cli/help.h"
#include "cli/ui.h"
#include "w2v.h"

#define COMMAND_ROW(name) &cmd_##name,
const struct command *const command_table[] = {COMMANDS(COMMAND_ROW)};
const size_t command_n = sizeof command_table / sizeof command_table[0];

/* The command of w2v for a name that other tools have; NULL: unknown. */
static const char *command_elsewhere(const char *name)
{
    static const char *const pairs[][2] = {
        {"version", "w2v --version"},
        {"nn", "w2v neighbors"},
        {"distance", "w2v neighbors"},
        {"most-similar", "w2v neighbors"},
        {"most_similar", "w2v neighbors"},
        {"similar", "w2v neighbors"},
        {"neighbours", "w2v neighbors"},
        {"print-word-vectors", "w2v vector"},
        {"print-vectors", "w2v vector"},
        {"analogies", "w2v analogy"},
        {"word-analogy", "w2v analogy"},
        {"doesnt-match", "w2v odd"},
        {"doesnt_match", "w2v odd"},
        {"accuracy", "w2v eval"},
        {"compute-accuracy", "w2v eval"},
        {"evaluate", "w2v eval"},
        {"test", "w2v eval"},
        {"skipgram", "w2v train --model sg"},
        {"cbow", "w2v train --model cbow"},
        {"word2vec", "w2v train"},
        {"word2phrase", "w2v phrases"},
        {"dump", "w2v info"},
        {"dict", "w2v words"},
        {"vocabulary", "w2v vocab CORPUS' or 'w2v words MODEL"},
    };
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(name, pairs[i][0]) == 0)
            return pairs[i][1];
    return NULL;
}

const struct command *command_find(const char *name)
{
    static const struct opt_args none = {.command = ""};
    const char *names[sizeof command_table / sizeof command_table[0]];
    for (size_t i = 0; i < command_n; i++) {
        names[i] = command_table[i]->name;
        if (strcmp(name, names[i]) == 0)
            return command_table[i];
    }
    const char *nearest = opt_nearest(name, names, command_n);
    const char *meant = command_elsewhere(name);
    if (meant != NULL)
        ui_usage(&none, "no subcommand '%s'; did you mean '%s'?", name, meant);
    else if (nearest != NULL)
        ui_usage(&none, "no subcommand '%s'; did you mean '%s'?", name, nearest);
    else
        ui_usage(&none, "no subcommand '%s'", name);
    return NULL;
}

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
