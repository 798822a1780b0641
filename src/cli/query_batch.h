/*
 * Queries on their way to being answered: their words are looked up one by one, and whole queries
 * wait until there is a block of them, which the subcommand then answers in one call.
 */
#ifndef W2V_CLI_QUERY_BATCH_H
#define W2V_CLI_QUERY_BATCH_H

#include "cli/composed.h"
#include "cli/query.h"

/* The choices of --oov. */
enum { OOV_ERROR, OOV_SKIP, OOV_SUBWORD, OOV_ROW };

/* An array that grows. */
struct array {
    void *items;
    size_t n, capacity;
};

struct query_batch {
    struct query query;
    const struct query_kind *kind;
    size_t block;                            /* queries answered in one call */
    struct array words, text, vectors, ends; /* of the queries that wait */
    struct array query_words, asked;         /* the same as `kind->answer` takes them */
    struct array fields; /* struct field: the words of the line that is being read */
    size_t begin, text_begin, vectors_begin; /* where the current query begins in these arrays */
    bool lost;                               /* a word of the current query was not found */
    bool prompt;                             /* a person sits at a terminal */
    uint64_t oov, line;          /* --oov; the number of the current line, 0: the command line */
    struct w2v_folding *folding; /* with --case fold, else NULL */
    struct composed composed;
    size_t *among, *exclude;
    int status; /* UI_FAILED once a query could not be answered */
};

/* Says that memory ran out, and returns UI_FAILED. */
int query_batch_no_memory(void);

/* Makes room for n more items of `size` bytes at the end. Returns where they begin, or NULL. */
void *query_batch_extend(struct array *array, size_t n, size_t size);

/* "standard input:12: ", or nothing where the user knows the place. Returns `text`. */
const char *query_batch_place(const struct query_batch *batch, char *text, size_t size);

/* Adds a word to the current query. A word that is not found is named, and the query is lost. */
int query_batch_add(struct query_batch *batch, const char *word, size_t n, double weight);

/* Ends the current query. A lost one goes away, unless --oov row gives it a row. */
int query_batch_end(struct query_batch *batch);

/* Takes a line that is no query: with --oov row it gets a row too, as a query of one word. */
int query_batch_lose(struct query_batch *batch, const char *line, size_t n);

/* Answers all queries that wait. */
int query_batch_answer(struct query_batch *batch);

/* Whether so much waits that it should be answered. */
bool query_batch_is_full(const struct query_batch *batch);

void query_batch_release(struct query_batch *batch);

#endif
