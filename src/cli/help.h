/*
 * Help and the manual page, both written from the tables of subcommands and options, on standard
 * output unless said otherwise.
 */
#ifndef W2V_CLI_HELP_H
#define W2V_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

void help_overview(FILE *out);
void help_command(const struct command *command);
void help_manual(void); /* roff with the man macros, section 1 */
void help_version(void);

#endif
