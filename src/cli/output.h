/*
 * Sends results to a file (--output) instead of standard output. Between output_begin and output_end,
 * standard output is the new file, so rows are printed as always. If anything fails, the old file
 * stays as it was.
 */
#ifndef W2V_CLI_OUTPUT_H
#define W2V_CLI_OUTPUT_H

#include "cli/opt.h"
#include "w2v.h"

#define OUTPUT_OPTION                                                                  \
    {                                                                                  \
        "output", 'o', OPT_TEXT, .value = "FILE", .note = "default standard output",   \
                                 .help = "write to FILE, compressed if its name ends " \
                                         "in .gz, .bz2, .xz, .zst or .lz4; an "        \
                                         "existing file is replaced when all is done"  \
    }

struct output {
    struct w2v_output *file; /* NULL: standard output itself */
    int standard;            /* a copy of the descriptor of standard output, to be put back */
};

/* NULL and "-" are standard output. Returns the exit status; an error has been printed. */
int output_begin(struct output *output, const char *path);

/*
 * Refuses to write a model on a terminal if its format is binary. Returns the exit status; an error has been
 * printed.
 */
int output_check_terminal(const struct opt_args *args, const char *path, enum w2v_file file);

/* Checks that the file is none that the model is read from; call it before anything is printed. */
int output_apart(const struct output *output, const struct w2v_model *model);

/* The same for standard output and a file that is read. */
int output_apart_from(const char *path);

/* Keeps the file if `status` is UI_DONE, else drops it. Returns the exit status. */
int output_end(struct output *output, int status);

#endif
