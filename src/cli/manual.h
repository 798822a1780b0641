/*
 * The manual pages, made from the tables of subcommands and options and printed to standard output:
 * section 1, in roff with the man macros.
 */
#ifndef W2V_CLI_MANUAL_H
#define W2V_CLI_MANUAL_H

#include "cli/command.h"

/* w2v(1): what all subcommands have in common, and their list. */
void manual_overview(void);

/* w2v-SUBCOMMAND(1). */
void manual_command(const struct command *command);

#endif
