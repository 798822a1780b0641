/*
 * Completion for shells, written from the tables of subcommands and options to standard output: the
 * subcommands, their options, the choices and files that are an option's value.
 */
#ifndef W2V_CLI_COMPLETION_H
#define W2V_CLI_COMPLETION_H

void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

#endif
