/*
 * The manual pages, written from the tables of subcommands and options to standard output: roff with
 * the man macros, section 1.
 */
#ifndef W2V_CLI_MANUAL_H
#define W2V_CLI_MANUAL_H

#include "cli/command.h"

/* w2v(1): what holds for all subcommands, and their list. */
void manual_overview(void);

/* w2v-SUBCOMMAND(1). */
void manual_command(const struct command *command);

#endif
