/*
 * What the query subcommands share: they open the model, take queries from the command line or from
 * the lines of standard input, look words up, and answer block by block in the order of the input.
 *
 * --oov says what becomes of a query with a word that is not in the vocabulary:
 *
 *   error    the query is not answered; the word is named on standard error; exit status 1
 *   skip     the same with status 0
 *   subword  the query is answered if the model can make a vector of the word; a note names such
 *            words. The default where the model has subwords
 *   row      the query gets a row that says so; rows keep step with the lines of the input
 *
 * A query with a word whose vector is zero or not finite is treated in the same way, unless the
 * subcommand takes any vector.
 *
 * On a terminal there is a prompt, and the nearest spellings are named.
 */
#ifndef W2V_CLI_QUERY_H
#define W2V_CLI_QUERY_H

#include "cli/opt.h"
#include "w2v.h"

#define QUERY_JSON                                                                               \
    {                                                                                            \
        "json", 0, OPT_FLAG,                                                                     \
            .help = "print each row as a JSON object; its keys are the names of the columns in " \
                    "lower case. Bytes that are not UTF-8 become U+FFFD"                         \
    }
#define QUERY_OOV                                                                                 \
    {                                                                                             \
        "oov", 0, OPT_CHOICE,                                                                     \
            .choices = "error|skip|subword|row", .fallback = "error", .note = "",                 \
            .help = "what to do if a word of a query is not in the vocabulary. The default is "   \
                    "subword if the model has subwords, else error. error: name the word on "     \
                    "standard error, do not answer the query, and exit with status 1. skip: the " \
                    "same with status 0, and with --quiet the word is not named. subword: "       \
                    "compose a vector of the word's n-grams, and name the word in a note. This "  \
                    "needs a model with subwords, or fastText's .bin or .ftz; with other models " \
                    "it is the same as error. row: print a row whose answers are empty and "      \
                    "numbers nan (null in JSON), and exit with status 0. An empty line gets "     \
                    "such a row too, and so does a query without an answer. A word whose vector " \
                    "is zero or not finite is treated as unknown, except by 'w2v vector'"         \
    }
/* The numbers of --case. */
enum { QUERY_EXACT, QUERY_FOLD };
#define QUERY_CASE(default_case)                                                               \
    {                                                                                          \
        "case", 0, OPT_CHOICE,                                                                 \
            .choices = "exact|fold", .fallback = default_case, .elsewhere = "keep-case",       \
            .help = "exact: look words up as they are given; fold: look up the first word of " \
                    "the model that is equal but for case. Other spellings of the words of "   \
                    "a query are then no answers"                                              \
    }
#define QUERY_K(what)                                                                     \
    {                                                                                     \
        "k", 'k', OPT_COUNT, .value = "N", .min = 1, .max = 1000000000, .fallback = "10", \
                             .elsewhere = "n|topn|top", .help = what                      \
    }
#define QUERY_RESTRICT(what)                                                               \
    {                                                                                      \
        "restrict", 0, OPT_COUNT,                                                          \
            .value = "N", .min = 1, .note = "default all words",                           \
            .elsewhere = "restrict-vocab|threshold",                                       \
            .help = "only the first N words of the model " what                            \
                    ". If the model is sorted by count, these are its most frequent words" \
    }
#define QUERY_METHOD(plus, minus)                                                                \
    {                                                                                            \
        "method", 0, OPT_CHOICE,                                                                 \
            .choices = "add|mul", .fallback = "add",                                             \
            .help = "the score of a word w. add: its cosine to " plus " - " minus " + C "        \
                    "(3CosAdd); mul: s(" plus ") x s(C) / (s(" minus ") + 0.001), where s(X) = " \
                    "(cos(w, X) + 1) / 2 (3CosMul of Levy and Goldberg 2014); with more words, " \
                    "the s of all added words are multiplied, and divided by s + 0.001 of each " \
                    "subtracted word"                                                            \
    }
/* Which words may be answers. */
#define QUERY_CANDIDATES                                                                       \
    {"among", 0, OPT_TEXT, .value = "FILE",                                                    \
     .help = "only the words of FILE are candidates; a word a line, with or without a count; " \
             "- is standard input"},                                                           \
        {"exclude", 0, OPT_TEXT, .value = "FILE",                                              \
         .help = "the words of FILE are no candidates; - is standard input"},                  \
    {                                                                                          \
        "min-score", 0, OPT_REAL, .value = "X", .least = -1e9, .most = 1e9,                    \
                                  .note = "default none",                                      \
                                  .help = "only answers that score X or more"                  \
    }

/* For the `about` of each. */
#define QUERY_ABOUT                                                                              \
    "\nWithout words on the command line, each line of standard input is a query. Answers come " \
    "in input order, in blocks; when no more input has arrived, all queries so far are "         \
    "answered. Blanks (also U+3000) separate words, and a word that holds blanks stands in "     \
    "double quotes. Other quotes belong to the word. In a line with a tab, tabs separate "       \
    "words, and words may hold blanks and quotes. On a terminal there is a prompt; Ctrl-D ends " \
    "it."

/* A word of a query. */
struct query_word {
    const char *text; /* as given */
    size_t n_bytes;
    int64_t id;          /* -1: the word is not in the vocabulary */
    const float *vector; /* D numbers, where id is -1; NULL: there are none, the query is lost */
    double weight;       /* its factor in the sum of the query */
};

struct query_asked {
    const struct query_word *words;
    size_t n_words;
    bool lost; /* it has no answer, and a row is to say so */
};

/* What an answer needs: an open model and the options. */
struct query {
    const struct opt_args *args;
    const struct w2v_model *model;
    bool json;
    bool rows;                        /* a query without an answer gets a row too */
    struct w2v_search_options search; /* where the subcommand searches */
    enum w2v_method method;
    struct w2v_hit *hits; /* (block, k) if the subcommand searches */
    size_t *n_hits;       /* (block) */
};

struct query_kind {
    size_t width; /* words in a query; 0: all words of the line, at least `least` */
    size_t least;
    const double *weights; /* (width), the weights of the words; NULL: all 1 */
    bool search;           /* it searches: has the options k, restrict and QUERY_CANDIDATES */
    bool any_vector;       /* a query with a vector that is zero or not finite has an answer too */
    bool expression;       /* a query is an expression: one operand, one line */
    const char *takes;     /* for error messages: "an analogy takes three words, A B C" */

    /* Prints the answers to n queries. */
    int (*answer)(const struct query *query, const struct query_asked *asked, size_t n,
                  struct w2v_error *error);
};

/* Runs the subcommand; returns the exit status. */
int query_run(const struct opt_args *args, const struct query_kind *kind);

/* Notes that --oov subword has no effect if the model has no subwords. */
void query_note_subwords(const struct opt_args *args, const struct w2v_model *model);

/*
 * Searches for n queries and fills query->hits. A query is the sum of its words, each times its
 * weight. Lost queries get 0 hits.
 */
int query_search(const struct query *query, const struct query_asked *asked, size_t n,
                 struct w2v_error *error);

/* Prints hits, or a row that says there are none. `score` is the name of the score in JSON. */
void query_print_hits(const struct query *query, const struct w2v_hit *hits, size_t n_hits,
                      const char *label, size_t n_label, const char *score);

/* The same for the hits of query i. */
void query_print(const struct query *query, size_t i, const char *label, size_t n_label,
                 const char *score);

/* Why the vector has no direction: query_zero, "is not finite". NULL if it has one. */
extern const char query_zero[];
const char *query_fault(const struct w2v_model *model, const float *vector);

/* The D numbers of a word. `copy` has room for D numbers. */
const float *query_vector(const struct query *query, const struct query_word *word, float *copy);

/* Sets *error to W2V_ENOMEM and returns that. */
int query_no_memory(struct w2v_error *error);

#endif
