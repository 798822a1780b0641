/* Opens the model of a subcommand. */
#ifndef W2V_CLI_OPEN_H
#define W2V_CLI_OPEN_H

#include "cli/opt.h"
#include "w2v.h"

#define OPEN_TOLERANT                                                                             \
    {                                                                                             \
        "tolerant", 0, OPT_FLAG,                                                                  \
            .help = "skip bad lines of a text file. If a text or word2vec binary file is cut "    \
                    "off, take its complete rows. A note on standard error says what is left out" \
    }

/*
 * Opens `path` with --threads and, if the subcommand has it, --tolerant. Returns the exit status; an
 * error has been printed.
 */
int open_model(const struct opt_args *args, const char *path, struct w2v_model **model);

#endif
