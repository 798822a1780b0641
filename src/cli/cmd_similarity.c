/* w2v similarity: the cosine of two words. */
#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_OOV, OPEN_TOLERANT, QUERY_JSON};

static int answer(const struct query *query, const size_t *ids, size_t n, struct w2v_error *error)
{
    (void)error;
    for (size_t i = 0; i < n; i += 2) {
        struct row_field row[] = {
            {"a", ROW_TEXT, .text = NULL},
            {"b", ROW_TEXT, .text = NULL},
            {"cosine", ROW_REAL, .real = (double)w2v_similarity(query->model, ids[i], ids[i + 1])},
        };
        row[0].text = w2v_word(query->model, ids[i], &row[0].n_bytes);
        row[1].text = w2v_word(query->model, ids[i + 1], &row[1].n_bytes);
        row_print(query->json, row, 3);
    }
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
    .about = "For each pair its cosine: A<TAB>B<TAB>COSINE." QUERY_ABOUT,
    .examples = "w2v similarity vec.bin cat dog\n"
                "cut -f1,2 wordsim353.txt | w2v similarity vec.bin --oov skip",
    COMMAND_OPTIONS(options),
    .run = run,
};
