/*
 * What the query subcommands share: opening the model, taking queries from the command line or, a
 * line each, from standard input, looking words up, and answering block by block in input order.
 *
 * A query with a word that is not in the vocabulary is not answered; the word is named on standard
 * error and the exit status is 1 (--oov skip: 0).
 */
#ifndef W2V_CLI_QUERY_H
#define W2V_CLI_QUERY_H

#include "cli/opt.h"
#include "w2v.h"

#define QUERY_JSON                                                                \
    {                                                                             \
        "json", 0, OPT_FLAG, .help = "one JSON object a line, the fields by name" \
    }
#define QUERY_OOV                                                                                  \
    {                                                                                              \
        "oov", 0, OPT_CHOICE,                                                                      \
            .choices = "error|skip", .fallback = "error",                                          \
            .help = "what a word that is not in the vocabulary means for the exit status: 1, or "  \
                    "nothing; its query is not answered, and it is named on standard error (with " \
                    "skip and --quiet it is not)"                                                  \
    }
#define QUERY_K                                                                           \
    {                                                                                     \
        "k", 'k', OPT_COUNT, .value = "N", .min = 1, .max = 1000000000, .fallback = "10", \
                             .elsewhere = "topn|top", .help = "most answers to a query"   \
    }
#define QUERY_RESTRICT                                                                    \
    {                                                                                     \
        "restrict", 0, OPT_COUNT, .value = "N", .min = 1, .note = "default all words",    \
                                  .elsewhere = "restrict-vocab|threshold",                \
                                  .help = "only the N most frequent words are candidates" \
    }
#define QUERY_METHOD                                                                              \
    {                                                                                             \
        "method", 0, OPT_CHOICE,                                                                  \
            .choices = "add|mul", .fallback = "add",                                              \
            .help =                                                                               \
                "add: greatest cosine to A - B + C (3CosAdd); mul: 3CosMul of Levy and Goldberg " \
                "(2014)"                                                                          \
    }
/* For the `about` of each. */
#define QUERY_ABOUT                                                                                \
    "\nWith no words on the command line queries are read from standard input, one a line, words " \
    "separated by blanks; they are answered in input order, block by block, at once where no "     \
    "more input is at hand. Words are looked up as they are written."

/* An open model and the options; what an answer needs. */
struct query {
    const struct opt_args *args;
    const struct w2v_model *model;
    bool json;
    struct w2v_search_options search; /* k and restrict_to where the subcommand has them */
    enum w2v_method method;
    struct w2v_hit *hits; /* (block, k) where the subcommand has k */
    size_t *n_hits;       /* (block) */
};

struct query_kind {
    size_t width; /* words in a query; 0: all of the line, `least` or more */
    size_t least;
    bool search;       /* has --k and --restrict */
    const char *takes; /* "an analogy takes three words, A B C" */

    /* Prints the answers to ids[0 .. n-1], whole queries: one of them where width is 0. */
    int (*answer)(const struct query *query, const size_t *ids, size_t n, struct w2v_error *error);
};

/* Runs the subcommand; returns the exit status. */
int query_run(const struct opt_args *args, const struct query_kind *kind);

#endif
