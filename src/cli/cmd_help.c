/* w2v help: the overview, a subcommand's help, or the manual page. */
#include "cli/command.h"
#include "cli/help.h"
#include "cli/ui.h"

static const struct opt options[] = {
    {"man", 0, OPT_FLAG, .help = "write the manual page, in roff"},
};

static int run(const struct opt_args *args)
{
    if (opt_flag(args, "man") && args->n_operands > 0)
        return ui_usage(args, "--man is for all subcommands; name none");
    if (opt_flag(args, "man")) {
        help_manual();
    } else if (args->n_operands == 0) {
        help_overview(stdout);
    } else if (args->n_operands > 1) {
        return ui_usage(args, "one subcommand at a time");
    } else {
        const struct command *command = command_find(args->operands[0]);
        if (command == NULL)
            return UI_USAGE;
        help_command(command);
    }
    return UI_DONE;
}

const struct command cmd_help = {
    .name = "help",
    .summary = "say how w2v or a subcommand is used",
    .usage = "help [SUBCOMMAND]\n"
             "help --man",
    .about = "The same as w2v SUBCOMMAND --help.",
    .examples = "w2v help train\n"
                "w2v help --man > w2v.1",
    COMMAND_OPTIONS(options),
    .run = run,
};
