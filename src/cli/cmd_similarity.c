/* w2v similarity: the cosine of two words. */
#include <math.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_OOV, QUERY_CASE("exact"), OPEN_TOLERANT, QUERY_JSON};

static int answer(const struct query *query, const struct query_asked *asked, size_t n,
                  struct w2v_error *error)
{
    const size_t dim = w2v_dim(query->model);
    float *copies = calloc(2 * dim, sizeof *copies);
    if (copies == NULL)
        return query_no_memory(error);
    for (size_t i = 0; i < n; i++) {
        static const struct query_word none = {.text = ""};
        const struct query_word *a = &asked[i].words[0],
                                *b = asked[i].n_words > 1 ? &asked[i].words[1] : &none;
        struct row_field row[] = {
            {"a", ROW_TEXT, .text = a->text, .n_bytes = a->n_bytes},
            {"b", ROW_TEXT, .text = b->text, .n_bytes = b->n_bytes},
            {"cosine", ROW_REAL, .real = NAN},
        };
        if (!asked[i].lost)
            row[2].real = (double)w2v_cosine(query_vector(query, a, copies),
                                             query_vector(query, b, copies + dim), dim);
        row_print(query->json, row, 3);
    }
    free(copies);
    return W2V_OK;
}

static int run(const struct opt_args *args)
{
    static const struct query_kind kind = {
        .width = 2, .least = 2, .takes = "a pair takes two words, A B", .answer = answer};
    return query_run(args, &kind);
}

const struct command cmd_similarity = {
    .name = "similarity",
    .summary = "the cosine of two words",
    .usage = "similarity MODEL [A B]... [options]",
    .about = "Prints the cosine of each pair: A<TAB>B<TAB>COSINE." QUERY_ABOUT,
    .examples = "w2v similarity vec.bin cat dog\n"
                "cut -f1,2 wordsim353.txt | w2v similarity vec.bin --oov skip",
    COMMAND_OPTIONS(options),
    .run = run,
};
