/* w2v neighbors: the words nearest to a word. */
#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"

static const struct opt options[] = {QUERY_K("answers per query"),
                                     QUERY_RESTRICT("can be answers"),
                                     QUERY_CANDIDATES,
                                     QUERY_OOV,
                                     QUERY_CASE("exact"),
                                     OPEN_TOLERANT,
                                     QUERY_JSON};

static int answer(const struct query *query, const struct query_asked *asked, size_t n,
                  struct w2v_error *error)
{
    int code = query_search(query, asked, n, error);
    for (size_t i = 0; code == W2V_OK && i < n; i++)
        query_print(query, i, asked[i].words[0].text, asked[i].words[0].n_bytes, "cosine");
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
    .about = "Prints the words of greatest cosine to each WORD, best first: "
             "QUERY<TAB>WORD<TAB>COSINE. Words of equal cosine come in the model's order. The "
             "search is exact. The word itself is never an answer, and of equal words in the model "
             "only the first can be an answer." QUERY_ABOUT,
    .examples = "w2v neighbors vec.bin king\n"
                "w2v neighbors vec.bin --k 1 --json < words.txt",
    COMMAND_OPTIONS(options),
    .run = run,
};
