/* w2v nn-graph: the neighbours of every word. */
#include <stdlib.h>
#include <time.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/query.h"
#include "cli/row.h"
#include "cli/ui.h"

enum { BLOCK = 1024, BLOCK_HITS = 1 << 22 };

static const struct opt options[] = {
    QUERY_K,
    OUTPUT_OPTION,
    QUERY_RESTRICT,
    {"min-score", 0, OPT_REAL, .value = "X", .least = -1e9, .most = 1e9, .note = "default none",
     .help = "only neighbours of cosine X or more"},
    OPEN_TOLERANT,
    QUERY_JSON,
    {"progress", 0, OPT_CHOICE, .choices = "auto|json|none", .fallback = "auto",
     .help = "on standard error: for people, as JSON objects, or not"},
};

static double seconds_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Answers and prints words first .. first + n - 1. */
static int answer(const struct query *query, const size_t *ids, size_t n, struct w2v_error *error)
{
    int code =
        w2v_neighbors(query->model, ids, n, &query->search, query->hits, query->n_hits, error);
    for (size_t i = 0; code == W2V_OK && i < n; i++) {
        size_t n_bytes;
        const char *word = w2v_word(query->model, ids[i], &n_bytes);
        query_print(query, i, word, n_bytes, "cosine");
    }
    return code;
}

/* Whether no equal word stands before it. */
static bool is_first(const struct w2v_model *model, size_t id)
{
    size_t n_bytes;
    const char *word = w2v_word(model, id, &n_bytes);
    return w2v_find(model, word, n_bytes) == (int64_t)id;
}

static int search_all(struct query *query, struct progress *progress, struct w2v_error *error)
{
    const size_t n_words = w2v_n_words(query->model), restrict_to = query->search.restrict_to;
    const size_t n = restrict_to == 0 || restrict_to > n_words ? n_words : restrict_to;
    const double began = seconds_now();
    size_t block = BLOCK_HITS / query->search.k, ids[BLOCK];
    int code = W2V_OK;
    block = block > BLOCK ? BLOCK : block > 0 ? block : 1;
    query->hits = calloc(block, query->search.k * sizeof *query->hits);
    query->n_hits = calloc(block, sizeof *query->n_hits);
    if (query->hits == NULL || query->n_hits == NULL)
        code = query_no_memory(error);
    for (size_t done = 0; code == W2V_OK && done < n;) {
        size_t m = 0;
        for (; done < n && m < block; done++)
            if (is_first(query->model, done))
                ids[m++] = done;
        code = answer(query, ids, m, error);
        const struct w2v_progress now = {
            .phase = W2V_PHASE_SEARCH, .done = done, .total = n, .seconds = seconds_now() - began};
        if (code == W2V_OK && progress_tell(progress, &now) != 0)
            *error = (struct w2v_error){code = W2V_ESTOPPED, "stopped"};
    }
    free(query->hits);
    free(query->n_hits);
    return code;
}

static int run(const struct opt_args *args)
{
    struct query query = {.args = args, .json = opt_flag(args, "json")};
    struct w2v_model *model = NULL;
    struct w2v_error error = {0};
    struct progress progress;
    struct output output;
    if (args->n_operands != 1)
        return ui_usage(args, args->n_operands == 0 ? "no model; name a file"
                                                    : "one model, no more operands");
    int status = output_begin(&output, opt_text(args, "output"));
    if (status != UI_DONE)
        return status;
    progress_init(&progress, opt_flag(args, "quiet")
                                 ? PROGRESS_NONE
                                 : (enum progress_mode)opt_number(args, "progress"));
    w2v_search_options_init(&query.search);
    query.search.restrict_to = (size_t)opt_number(args, "restrict");
    query.search.threads = (unsigned)opt_number(args, "threads");
    if (opt_given(args, "min-score"))
        query.search.min_score = (float)opt_real(args, "min-score");
    status = open_model(args, args->operands[0], &model);
    if (status == UI_DONE)
        status = output_apart(&output, model);
    if (status == UI_DONE) {
        const size_t k = (size_t)opt_number(args, "k"), n_words = w2v_n_words(model);
        query.model = model;
        query.search.k = k < n_words ? k : n_words;
        if (search_all(&query, &progress, &error) != W2V_OK ||
            w2v_unchanged(model, &error) != W2V_OK)
            status = UI_FAILED;
        ui_clear();
    }
    status = output_end(&output, status);
    if (error.code != W2V_OK)
        status = ui_fail(&error);
    w2v_close(model);
    return status;
}

const struct command cmd_nn_graph = {
    .name = "nn-graph",
    .summary = "the neighbours of every word",
    .usage = "nn-graph MODEL [-k N] [-o FILE] [options]",
    .about = "For every different word of the model, in its order, the words of greatest cosine to "
             "it, best "
             "first: WORD<TAB>NEIGHBOUR<TAB>COSINE, as neighbors prints them. With --restrict N "
             "both are of the N most frequent words.",
    .examples = "w2v nn-graph vec.bin -k 10 --restrict 50000 -o graph.tsv",
    COMMAND_OPTIONS(options),
    .run = run,
};
