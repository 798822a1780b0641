/*
 * Options: each subcommand has a table. A row says what the parser accepts and checks, what the
 * default is, and what help and manual say, so that these always agree. A row for an option of
 * training has kind, range, choices and default from the library's table.
 *
 * The usual GNU style: --dim 300, --dim=300, -d 300, -d300, -qd300; options and operands in any
 * order; "--" ends the options; "-" is an operand. If an option is given twice, the last one
 * counts, so a script can put "$@" behind options of its own.
 */
#ifndef W2V_CLI_OPT_H
#define W2V_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum opt_kind {
    OPT_FLAG,   /* no value */
    OPT_COUNT,  /* a whole number */
    OPT_SIZE,   /* bytes: a whole number, maybe with a unit: 2G and 2GiB (1024), 2GB (1000) */
    OPT_REAL,   /* a real number */
    OPT_CHOICE, /* one of a list of words; the number is its place, from 0 */
    OPT_TEXT,   /* any text that is not empty, such as a file name */
    OPT_LIBRARY /* an option of the library: opt_rows fills in its kind */
};

struct w2v_option;

struct opt {
    const char *name; /* without the dashes */
    char letter;      /* or 0 */
    enum opt_kind kind;
    const char *key;       /* OPT_LIBRARY: the library's name; NULL: `name` with '_' for '-' */
    const char *value;     /* the value's name in help: N, X, FILE; NULL: none, or the choices */
    const char *fallback;  /* the default as typed; NULL: 0 or no text */
    const char *note;      /* help says this instead of "default FALLBACK" */
    uint64_t min, max;     /* OPT_COUNT, OPT_SIZE; a max of 0: no upper limit */
    double least, most;    /* OPT_REAL */
    bool above;            /* OPT_REAL: `least` itself is not allowed */
    bool names_operands;   /* OPT_FLAG: it says what the operands are, so --name=OPERAND is one */
    const char *choices;   /* OPT_CHOICE: "sg|cbow" */
    const char *elsewhere; /* its names in other tools, "size|vector-size", for hints */
    const char *help;      /* a phrase without a full stop; range and default follow it */
    const struct w2v_option *library; /* set by opt_rows if it is one of the library */
};

struct opt_value {
    bool given;
    uint64_t number;  /* OPT_FLAG (0 or 1), OPT_COUNT, OPT_SIZE, OPT_CHOICE */
    double real;      /* OPT_REAL */
    const char *text; /* as typed */
};

enum { OPT_MAX = 64 };

/* A command line taken apart. */
struct opt_args {
    const char *command;       /* the subcommand's name, "" for w2v itself */
    const struct opt *options; /* the subcommand's own */
    size_t n_options;
    struct opt rows[OPT_MAX]; /* its own and the common ones, from opt_rows */
    size_t n_rows;
    struct opt_value values[OPT_MAX]; /* one for each row */
    char **operands;
    size_t n_operands;
};

enum opt_outcome { OPT_RUN, OPT_HELP, OPT_VERSION, OPT_WRONG };

/* The options that every subcommand has: threads, quiet, help, version. */
enum { OPT_N_COMMON = 4 };

/*
 * Makes the rows that a subcommand uses: its own, completed from the library's table, and then the
 * common ones. A common one loses its letter to an own one with the same letter. Returns the number
 * of rows.
 */
size_t opt_rows(const struct opt *options, size_t n_options, struct opt rows[OPT_MAX]);

/*
 * Takes argv[0 .. argc-1] apart, after the subcommand's name. `args` holds the first three members;
 * the others are filled in. argv is permuted: the operands become its first elements. Errors are
 * printed on standard error.
 */
enum opt_outcome opt_parse(struct opt_args *args, int argc, char **argv);

/* The value of the option with this name. The table must have it, with this kind. */
bool opt_flag(const struct opt_args *args, const char *name);
uint64_t opt_number(const struct opt_args *args, const char *name);
double opt_real(const struct opt_args *args, const char *name);
const char *opt_text(const struct opt_args *args, const char *name);
bool opt_given(const struct opt_args *args, const char *name);

/* Writes "-d, --dim N" to `text`. */
void opt_spelling(const struct opt *option, char *text, size_t n_bytes);

/* Writes what is allowed and the default, "1 to 65536; default 100", or "". OPT_RANGE bytes are enough. */
enum { OPT_RANGE = 1024 };
void opt_range(const struct opt *option, char *text, size_t n_bytes);

/* Of n names the one nearest to what was typed, or NULL if none is near. */
const char *opt_nearest(const char *typed, const char *const *names, size_t n);

#endif
