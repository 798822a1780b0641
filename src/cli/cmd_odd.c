/* w2v odd: the word that fits least. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_OOV, QUERY_CASE, OPEN_TOLERANT, QUERY_JSON};

static int answer_one(const struct query *query, const struct query_asked *asked,
                      struct w2v_error *error)
{
    const size_t n = asked->n_words, dim = w2v_dim(query->model);
    float *cosines = calloc(n, sizeof *cosines), *copies = NULL;
    const float **vectors = calloc(n, sizeof *vectors);
    if (n <= SIZE_MAX / sizeof *copies / dim)
        copies = calloc(n, dim * sizeof *copies);
    int code = W2V_ENOMEM;
    if (cosines == NULL || vectors == NULL || copies == NULL) {
        query_no_memory(error);
    } else {
        for (size_t i = 0; i < n; i++)
            vectors[i] = query_vector(query, &asked->words[i], copies + i * dim);
        code = w2v_odd_vector(vectors, n, dim, cosines, error);
    }
    if (code == W2V_OK) {
        size_t odd = 0;
        for (size_t i = 1; i < n; i++)
            if (cosines[i] < cosines[odd])
                odd = i;
        const struct row_field row[] = {
            {"word", ROW_TEXT, .text = asked->words[odd].text,
             .n_bytes = asked->words[odd].n_bytes},
            {"cosine", ROW_REAL, .real = (double)cosines[odd]},
        };
        row_print(query->json, row, 2);
    }
    free(cosines);
    free(vectors);
    free(copies);
    return code;
}

static int answer(const struct query *query, const struct query_asked *asked, size_t n,
                  struct w2v_error *error)
{
    int code = W2V_OK;
    for (size_t i = 0; code == W2V_OK && i < n; i++)
        code = answer_one(query, &asked[i], error);
    return code;
}

static int run(const struct opt_args *args)
{
    static const struct query_kind kind = {
        .width = 0,
        .least = 3,
        .takes = "the odd one of fewer than three words is not defined",
        .answer = answer};
    return query_run(args, &kind);
}

const struct command cmd_odd = {
    .name = "odd",
    .summary = "the word that fits least among others",
    .usage = "odd MODEL [WORD WORD WORD...] [options]",
    .about = "Of three words or more the one whose cosine to the mean of their unit vectors is "
             "least (the first of equal ones), and that cosine: WORD<TAB>COSINE. All words of the "
             "command line are one query." QUERY_ABOUT,
    .examples = "w2v odd vec.bin breakfast lunch dinner cereal",
    COMMAND_OPTIONS(options),
    .run = run,
};
