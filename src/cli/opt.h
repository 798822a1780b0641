/*
 * Options: a table a subcommand. A row is at once what the parser accepts, what it checks, the
 * default and what help and the manual say, so that none of the four can drift from the others. A
 * row of an option of training has kind, range, choices and default from the library's table.
 *
 * The usual GNU style: --dim 300, --dim=300, -d 300, -d300, -qd300; options and operands in any
 * order; "--" ends the options; "-" is an operand. Of an option that is given twice the last one
 * counts, so that a wrapper may add options behind those of its own.
 */
#ifndef W2V_CLI_OPT_H
#define W2V_CLI_OPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum opt_kind {
    OPT_FLAG,   /* no value */
    OPT_COUNT,  /* a whole number */
    OPT_SIZE,   /* bytes: a whole number, and a unit or not: 2G and 2GiB (1024), 2GB (1000) */
    OPT_REAL,   /* a real number */
    OPT_CHOICE, /* one of a list of words; the number is its place, from 0 */
    OPT_TEXT,   /* anything but nothing: a file name, say */
    OPT_LIBRARY /* what the library's option is; opt_rows fills in what the row leaves out */
};

struct w2v_option;

struct opt {
    const char *name; /* without the dashes */
    char letter;      /* or 0 */
    enum opt_kind kind;
    const char *key;       /* OPT_LIBRARY: the library's name of it; NULL: ours, with '_' for '-' */
    const char *value;     /* the value's name in help: N, X, FILE; NULL: flags, short choices */
    const char *fallback;  /* the default, as one would type it; NULL: 0, or no text */
    const char *note;      /* said in help in place of "default FALLBACK" */
    uint64_t min, max;     /* OPT_COUNT, OPT_SIZE; max 0: no upper limit */
    double least, most;    /* OPT_REAL */
    bool above;            /* OPT_REAL: `least` itself is not allowed */
    const char *choices;   /* OPT_CHOICE: "sg|cbow" */
    const char *elsewhere; /* what other tools call it, "size|vector-size"; only to point here */
    const char *help;      /* a phrase, no full stop; range and default are added */
    const struct w2v_option *library; /* set by opt_rows for rows of OPT_LIBRARY */
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
    const struct opt *options; /* its own; the common ones are added */
    size_t n_options;
    struct opt rows[OPT_MAX]; /* all of them, as opt_rows gives them */
    size_t n_rows;
    struct opt_value values[OPT_MAX]; /* of each row */
    char **operands;
    size_t n_operands;
};

enum opt_outcome { OPT_RUN, OPT_HELP, OPT_VERSION, OPT_WRONG };

/* The options that every subcommand has: threads, quiet, help, version. */
enum { OPT_N_COMMON = 4 };

/*
 * The rows of a subcommand as they are used: its own, completed from the library's table, and behind
 * them the common ones, whose letters are theirs only where none of its own has them. Returns how
 * many there are.
 */
size_t opt_rows(const struct opt *options, size_t n_options, struct opt rows[OPT_MAX]);

/*
 * Takes argv[0 .. argc-1] apart, after the subcommand's name. `args` holds the first three members;
 * the rest is filled. argv is permuted: the operands become its first elements. What is wrong is
 * said on standard error.
 */
enum opt_outcome opt_parse(struct opt_args *args, int argc, char **argv);

/* The value of the option of this name, which must be in the table and of this kind. */
bool opt_flag(const struct opt_args *args, const char *name);
uint64_t opt_number(const struct opt_args *args, const char *name);
double opt_real(const struct opt_args *args, const char *name);
const char *opt_text(const struct opt_args *args, const char *name);
bool opt_given(const struct opt_args *args, const char *name);

/* "-d, --dim N" into `text`. */
void opt_spelling(const struct opt *option, char *text, size_t n_bytes);

/* What is allowed and the default, "1 to 65536; default 100"; "" where there is nothing to say. */
void opt_range(const struct opt *option, char *text, size_t n_bytes);

/* The name of `n` names that is nearest to what was typed, or NULL where none is near. */
const char *opt_nearest(const char *typed, const char *const *names, size_t n);

#endif
