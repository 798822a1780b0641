/*
 * Completion for shells, made from the tables of subcommands and options and printed to standard
 * output. It completes subcommands, options, choices and files.
 */
#ifndef W2V_CLI_COMPLETION_H
#define W2V_CLI_COMPLETION_H

void completion_bash(void);
void completion_zsh(void);
void completion_fish(void);

#endif
