/* Opening the model that a subcommand is given, and the option that says how. */
#ifndef W2V_CLI_OPEN_H
#define W2V_CLI_OPEN_H

#include "cli/opt.h"
#include "w2v.h"

#define OPEN_TOLERANT                                                                         \
    {                                                                                         \
        "tolerant", 0, OPT_FLAG,                                                              \
            .help = "skip the lines of a text file that are no rows, and take the rest of a " \
                    "file that is cut; a note on standard error says how many and which"      \
    }

/*
 * Opens `path` by --threads and, where the subcommand has it, --tolerant. The exit status; what is
 * wrong has been said.
 */
int open_model(const struct opt_args *args, const char *path, struct w2v_model **model);

#endif
