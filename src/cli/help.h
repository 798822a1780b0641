/*
 * Help, made from the tables of subcommands and options. Functions without `out` print to standard
 * output.
 */
#ifndef W2V_CLI_HELP_H
#define W2V_CLI_HELP_H

#include <stdio.h>

#include "cli/command.h"

void help_overview(FILE *out);
void help_command(const struct command *command);
void help_version(void);

/* Help and range as one phrase, "size of a vector (1 to 65536; default 100)". */
void help_describe(const struct opt *option, char *text, size_t n_bytes);

#endif
