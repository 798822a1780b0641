/*
 * The subcommands. Each is a struct command in its own file cmd_<name>.c. A new one needs that file and
 * a row in the list below. Parser, help, manual and completion all read the struct.
 */
#ifndef W2V_CLI_COMMAND_H
#define W2V_CLI_COMMAND_H

#include "cli/opt.h"

struct command {
    const char *name;
    const char *summary;  /* one line, no full stop */
    const char *usage;    /* what follows "w2v"; each form on a line */
    const char *about;    /* paragraphs with "\n" between */
    const char *examples; /* each on a line; NULL: none */
    const struct opt *options;
    size_t n_options;
    int (*run)(const struct opt_args *args); /* returns the exit status */
};

/* In the order of help and manual. */
#define COMMANDS(ROW) \
    ROW(train)        \
    ROW(tokenize)     \
    ROW(vocab)        \
    ROW(phrases)      \
    ROW(walk)         \
    ROW(neighbors)    \
    ROW(analogy)      \
    ROW(similarity)   \
    ROW(odd)          \
    ROW(vector)       \
    ROW(cluster)      \
    ROW(nn_graph)     \
    ROW(map)          \
    ROW(eval)         \
    ROW(info)         \
    ROW(words)        \
    ROW(convert)      \
    ROW(help)

#define COMMAND_DECLARE(name) extern const struct command cmd_##name;
COMMANDS(COMMAND_DECLARE)

/* The table itself. */
extern const struct command *const command_table[];
extern const size_t command_n;

/* Finds a subcommand by name. If there is none, prints an error and returns NULL. */
const struct command *command_find(const char *name);

/* Sets both members `options` and `n_options` from an array. */
#define COMMAND_OPTIONS(array) .options = (array), .n_options = sizeof(array) / sizeof(array)[0]

#endif
