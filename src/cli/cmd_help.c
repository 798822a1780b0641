/* w2v help: the overview, a subcommand's help, manual pages, completion for shells. */
#include "cli/command.h"
#include "cli/completion.h"
#include "cli/help.h"
#include "cli/manual.h"
#include "cli/ui.h"

static const struct opt options[] = {
    {"man", 0, OPT_FLAG, .help = "write a manual page in roff, for w2v or for the subcommand"},
    {"completion", 0, OPT_CHOICE, .choices = "bash|zsh|fish",
     .help = "write the script that completes command lines of w2v in this shell"},
};

static void (*const completions[])(void) = {completion_bash, completion_zsh, completion_fish};

static int run(const struct opt_args *args)
{
    const struct command *command = NULL;
    const bool man = opt_flag(args, "man"), completion = opt_given(args, "completion");
    if (completion && (man || args->n_operands > 0))
        return ui_usage(args, "--completion covers all subcommands and takes no operand");
    if (args->n_operands > 1)
        return ui_usage(args, "one subcommand at a time");
    if (args->n_operands == 1 && (command = command_find(args->operands[0])) == NULL)
        return UI_USAGE;
    if (completion)
        completions[opt_number(args, "completion")]();
    else if (man && command != NULL)
        manual_command(command);
    else if (man)
        manual_overview();
    else if (command != NULL)
        help_command(command);
    else
        help_overview(stdout);
    return UI_DONE;
}

const struct command cmd_help = {
    .name = "help",
    .summary = "say how w2v or a subcommand is used",
    .usage = "help [SUBCOMMAND]\n"
             "help --man [SUBCOMMAND]\n"
             "help --completion SHELL",
    .about = "The same as w2v SUBCOMMAND --help. 'make install' puts the manual pages and the "
             "completion where man and the shells look for them.",
    .examples = "w2v help train\n"
                "w2v help --man train | man -l -\n"
                "source <(w2v help --completion bash)",
    COMMAND_OPTIONS(options),
    .run = run,
};
