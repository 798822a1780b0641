/*
 * Results that go to a file (--output) instead of standard output: whole when all is well, else the
 * file stays as it was. Rows are printed to standard output as ever, which is the file meanwhile.
 */
#ifndef W2V_CLI_OUTPUT_H
#define W2V_CLI_OUTPUT_H

#include "w2v.h"

#define OUTPUT_OPTION                                                                \
    {                                                                                \
        "output", 'o', OPT_TEXT, .value = "FILE", .note = "default standard output", \
                                 .help = "write here; an existing file is replaced " \
                                         "when all is done"                          \
    }

struct output {
    struct w2v_output *file; /* NULL: standard output itself */
};

/* `path`: NULL or "-" for standard output. Returns UI_DONE, or the exit status after saying why. */
int output_begin(struct output *output, const char *path);

/* Likewise, where the file is one that the model is read from. Nothing is written by then. */
int output_apart(const struct output *output, const struct w2v_model *model);

/* Ends the file that was begun: kept where status is UI_DONE. Returns the exit status. */
int output_end(struct output *output, int status);

#endif
