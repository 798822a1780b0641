/* w2v odd: the word that fits least. */
#include <math.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_OOV, QUERY_CASE("exact"), OPEN_TOLERANT, QUERY_JSON};

/* The place of the odd word and its cosine. */
static int find_odd(const struct query *query, const struct query_asked *asked, size_t *odd,
                    float *cosine, struct w2v_error *error)
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
    *odd = 0;
    for (size_t i = 1; code == W2V_OK && i < n; i++)
        if (cosines[i] < cosines[*odd])
            *odd = i;
    if (code == W2V_OK)
        *cosine = cosines[*odd];
    free(cosines);
    free(vectors);
    free(copies);
    return code;
}

static int answer_one(const struct query *query, const struct query_asked *asked,
                      struct w2v_error *error)
{
    size_t odd = 0;
    float cosine = NAN;
    struct field *words = calloc(asked->n_words, sizeof *words);
    if (words == NULL)
        return query_no_memory(error);
    for (size_t i = 0; i < asked->n_words; i++)
        words[i] = (struct field){asked->words[i].text, asked->words[i].n_bytes};
    int code = asked->lost ? W2V_OK : find_odd(query, asked, &odd, &cosine, error);
    if (code == W2V_OK) {
        const struct row_field row[] = {
            {"word", asked->lost ? ROW_NONE : ROW_TEXT, .text = words[odd].text,
             .n_bytes = words[odd].n_bytes},
            {"cosine", ROW_REAL, .real = (double)cosine},
            /* One word alone is a line that is no query: it is shown as it is. */
            {"query", asked->n_words > 1 ? ROW_WORDS : ROW_TEXT, .text = words[0].text,
             .n_bytes = words[0].n_bytes, .words = words, .n_words = asked->n_words},
        };
        row_print(query->json, row, 3);
    }
    free(words);
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
        .width = 0, .least = 3, .takes = "give three words or more", .answer = answer};
    return query_run(args, &kind);
}

const struct command cmd_odd = {
    .name = "odd",
    .summary = "the word that fits least among others",
    .usage = "odd MODEL [WORD WORD WORD...] [options]",
    .about = "Prints the word of a query that fits least: WORD<TAB>COSINE<TAB>QUERY. COSINE is the "
             "word's cosine to the mean of the unit vectors of all words of the query. The word "
             "with the least cosine fits least; if several have it, the first is printed. QUERY is "
             "all words with blanks between. A query has three words or more; on the command line "
             "all words are one query." QUERY_ABOUT,
    .examples = "w2v odd vec.bin breakfast lunch dinner cereal",
    COMMAND_OPTIONS(options),
    .run = run,
};
