/* w2v neighbors: the words nearest to a word. */
#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"

static const struct opt options[] = {QUERY_K, QUERY_RESTRICT, QUERY_OOV, OPEN_TOLERANT, QUERY_JSON};

static int answer(const struct query *query, const size_t *ids, size_t n, struct w2v_error *error)
{
    size_t k = query->search.k;
    int code =
        w2v_neighbors(query->model, ids, n, &query->search, query->hits, query->n_hits, error);
    for (size_t i = 0; code == W2V_OK && i < n; i++)
        for (size_t j = 0; j < query->n_hits[i]; j++) {
            const struct w2v_hit *hit = &query->hits[i * k + j];
            struct row_field row[] = {
                {"query", ROW_TEXT, .text = NULL},
                {"word", ROW_TEXT, .text = NULL},
                {"cosine", ROW_REAL, .real = (double)hit->score},
            };
            row[0].text = w2v_word(query->model, ids[i], &row[0].n_bytes);
            row[1].text = w2v_word(query->model, hit->id, &row[1].n_bytes);
            row_print(query->json, row, 3);
        }
    return code;
}

static int run(const struct opt_args *args)
{
    static const struct query_kind kind = {
        .width = 1, .least = 1, .search = true, .takes = "a query is a word", .answer = answer};
    return query_run(args, &kind);
}

const struct command cmd_neighbors = {
    .name = "neighbors",
    .summary = "the words nearest to a word",
    .usage = "neighbors MODEL [WORD...] [options]",
    .about = "For each WORD the words of greatest cosine to it, best first, equal ones by "
             "frequency: QUERY<TAB>WORD<TAB>COSINE. The search is exact. The word itself is "
             "never among the answers." QUERY_ABOUT,
    .examples = "w2v neighbors vec.bin king\n"
                "w2v neighbors vec.bin --k 1 --json < words.txt",
    COMMAND_OPTIONS(options),
    .run = run,
};
