/*
 * The subcommands. Each is a struct command in a file of its own, cmd_<name>.c; adding one is that
 * file and one row of the list below. Parser, help and manual all read the same struct.
 */
#ifndef W2V_CLI_COMMAND_H
#define W2V_CLI_COMMAND_H

#include "cli/opt.h"

struct command {
    const char *name;
    const char *summary;  /* one line, no full stop */
    const char *usage;    /* what follows "w2v"; a line a form */
    const char *about;    /* paragraphs, "\n" between two */
    const char *examples; /* a line each; NULL: none */
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

/* The table itself, in main.c. */
extern const struct command *const command_table[];
extern const size_t command_n;

/* The subcommand of this name; NULL after saying that there is none. */
const struct command *command_find(const char *name);

/* Options as a member pair: COMMAND_OPTIONS(options) gives the array and its length. */
#define COMMAND_OPTIONS(array) .options = (array), .n_options = sizeof(array) / sizeof(array)[0]

#endif
