/* w2v vector: prints vectors. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_OOV, QUERY_CASE("exact"), OPEN_TOLERANT, QUERY_JSON};

static void print(const struct query *query, const struct query_word *word, const float *vector,
                  size_t dim)
{
    if (query->json) {
        fputs("{\"word\": ", stdout);
        row_json_string(stdout, word->text, word->n_bytes);
        fputs(", \"vector\": [", stdout);
    } else {
        row_text(word->text, word->n_bytes);
        putchar('\t');
    }
    for (size_t i = 0; i < dim; i++) {
        if (i > 0)
            fputs(query->json ? ", " : " ", stdout);
        row_float(query->json, vector[i]);
    }
    fputs(query->json ? "]}\n" : "\n", stdout);
}

/* The row of a word without a vector: nan for each number, so that rows stay a matrix. */
static void print_none(const struct query *query, const struct query_word *word, size_t dim)
{
    const struct row_field row[] = {
        {"word", ROW_TEXT, .text = word->text, .n_bytes = word->n_bytes},
        {"vector", ROW_NONE, .text = NULL},
    };
    if (query->json) {
        row_print(true, row, 2);
        return;
    }
    row_text(word->text, word->n_bytes);
    for (size_t i = 0; i < dim; i++)
        fputs(i > 0 ? " nan" : "\tnan", stdout);
    putchar('\n');
}

static int answer(const struct query *query, const struct query_asked *asked, size_t n,
                  struct w2v_error *error)
{
    const size_t dim = w2v_dim(query->model);
    float *copy = calloc(dim, sizeof *copy);
    if (copy == NULL)
        return query_no_memory(error);
    for (size_t i = 0; i < n; i++)
        if (asked[i].lost)
            print_none(query, asked[i].words, dim);
        else
            print(query, asked[i].words, query_vector(query, asked[i].words, copy), dim);
    free(copy);
    return W2V_OK;
}

static int run(const struct opt_args *args)
{
    static const struct query_kind kind = {
        .width = 1, .least = 1, .any_vector = true, .takes = "a query is a word", .answer = answer};
    return query_run(args, &kind);
}

const struct command cmd_vector = {
    .name = "vector",
    .summary = "the vectors of words",
    .usage = "vector MODEL [WORD...] [options]",
    .about = "Prints the vector of each WORD as it is in the file: WORD<TAB>x1 x2 ... xD. Each "
             "number has the fewest digits that read back as the same float. In JSON the keys are "
             "word and "
             "vector, an array." QUERY_ABOUT,
    .examples = "w2v vector vec.bin king",
    COMMAND_OPTIONS(options),
    .run = run,
};
