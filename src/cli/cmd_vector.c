/* w2v vector: the numbers themselves. */
#include <stdio.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_OOV, OPEN_TOLERANT, QUERY_JSON};

static void print(const struct query *query, size_t id, const float *vector, size_t dim)
{
    size_t n_bytes;
    const char *word = w2v_word(query->model, id, &n_bytes);
    if (query->json) {
        fputs("{\"word\": ", stdout);
        row_json_string(word, n_bytes);
        fputs(", \"vector\": [", stdout);
    } else {
        fwrite(word, 1, n_bytes, stdout);
        putchar('\t');
    }
    for (size_t i = 0; i < dim; i++) {
        if (i > 0)
            fputs(query->json ? ", " : " ", stdout);
        row_float(query->json, vector[i]);
    }
    fputs(query->json ? "]}\n" : "\n", stdout);
}

static int answer(const struct query *query, const size_t *ids, size_t n, struct w2v_error *error)
{
    size_t dim = w2v_dim(query->model);
    float *vector = calloc(dim, sizeof *vector);
    if (vector == NULL) {
        *error = (struct w2v_error){W2V_ENOMEM, "out of memory for an answer"};
        return W2V_ENOMEM;
    }
    for (size_t i = 0; i < n; i++) {
        w2v_vector(query->model, ids[i], vector);
        print(query, ids[i], vector, dim);
    }
    free(vector);
    return W2V_OK;
}

static int run(const struct opt_args *args)
{
    static const struct query_kind kind = {
        .width = 1, .least = 1, .takes = "a query is a word", .answer = answer};
    return query_run(args, &kind);
}

const struct command cmd_vector = {
    .name = "vector",
    .summary = "the vectors of words",
    .usage = "vector MODEL [WORD...] [options]",
    .about = "For each WORD its vector as the file holds it: WORD<TAB>x1 x2 ... xD, each number in "
             "the fewest digits, six or more, that read back as the same float." QUERY_ABOUT,
    .examples = "w2v vector vec.bin king",
    COMMAND_OPTIONS(options),
    .run = run,
};
