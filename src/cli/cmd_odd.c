/* w2v odd: the word that fits least. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_OOV, OPEN_TOLERANT, QUERY_JSON};

static int answer(const struct query *query, const size_t *ids, size_t n, struct w2v_error *error)
{
    float *cosines = calloc(n, sizeof *cosines);
    if (cosines == NULL) {
        *error = (struct w2v_error){W2V_ENOMEM, "out of memory for an answer"};
        return W2V_ENOMEM;
    }
    int code = w2v_odd(query->model, ids, n, cosines, error);
    if (code == W2V_OK) {
        size_t odd = 0;
        for (size_t i = 1; i < n; i++)
            if (cosines[i] < cosines[odd])
                odd = i;
        struct row_field row[] = {
            {"word", ROW_TEXT, .text = NULL},
            {"cosine", ROW_REAL, .real = (double)cosines[odd]},
        };
        row[0].text = w2v_word(query->model, ids[odd], &row[0].n_bytes);
        row_print(query->json, row, 2);
    }
    free(cosines);
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
