/* w2v nn-graph: the neighbours of every word. */
#include <stdlib.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/query.h"
#include "cli/row.h"
#include "cli/ui.h"

static const struct opt options[] = {
    QUERY_K("neighbours of each word"),
    OUTPUT_OPTION,
    QUERY_RESTRICT("are used"),
    {"min-score", 0, OPT_REAL, .value = "X", .least = -1e9, .most = 1e9, .note = "default none",
     .help = "only neighbours of cosine X or more"},
    OPEN_TOLERANT,
    QUERY_JSON,
    {"progress", 0, OPT_CHOICE, .choices = "auto|json|none", .fallback = "auto",
     .help = PROGRESS_HELP("")},
};

/* What the rows need. */
struct rows {
    struct query query;
    float *vector;     /* (D), room for a word's vector */
    size_t n_left_out; /* words whose vectors have no direction */
};

static void print(void *context, size_t id, const struct w2v_hit *hits, size_t n_hits)
{
    struct rows *rows = context;
    const struct query *query = &rows->query;
    size_t n_bytes;
    if (n_hits == 0) {
        w2v_vector(query->model, id, rows->vector);
        rows->n_left_out += query_fault(query->model, rows->vector) != NULL;
    }
    const char *word = w2v_word(query->model, id, &n_bytes);
    query_print_hits(query, hits, n_hits, word, n_bytes, "cosine");
}

/* Prints the graph of an open model. */
static int print_graph(struct rows *rows, struct progress *progress, struct w2v_error *error)
{
    struct query *query = &rows->query;
    rows->vector = calloc(w2v_dim(query->model), sizeof *rows->vector);
    int code = rows->vector != NULL ? W2V_OK : query_no_memory(error);
    if (code == W2V_OK)
        code = w2v_neighbors_of_all(query->model, &query->search, print, rows, progress_tell,
                                    progress, error);
    if (code == W2V_OK)
        code = w2v_unchanged(query->model, error);
    ui_clear();
    free(rows->vector);
    return code == W2V_OK ? UI_DONE : UI_FAILED;
}

static int run(const struct opt_args *args)
{
    struct rows rows = {.query = {.args = args, .json = opt_flag(args, "json")}};
    struct w2v_search_options *search = &rows.query.search;
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
    progress_init(&progress, args);
    progress_results(&progress, opt_text(args, "output"));
    w2v_search_options_init(search);
    search->k = (size_t)opt_number(args, "k");
    search->restrict_to = (size_t)opt_number(args, "restrict");
    search->threads = (unsigned)opt_number(args, "threads");
    if (opt_given(args, "min-score"))
        search->min_score = (float)opt_real(args, "min-score");
    status = open_model(args, args->operands[0], &model);
    if (status == UI_DONE)
        status = output_apart(&output, model);
    rows.query.model = model;
    if (status == UI_DONE)
        status = print_graph(&rows, &progress, &error);
    status = output_end(&output, status);
    if (error.code != W2V_OK)
        status = ui_fail(&error);
    else if (status == UI_DONE && !opt_flag(args, "quiet"))
        ui_note_left_out(rows.n_left_out);
    w2v_close(model);
    return status;
}

const struct command cmd_nn_graph = {
    .name = "nn-graph",
    .summary = "the neighbours of every word",
    .usage = "nn-graph MODEL [-k N] [-o FILE] [options]",
    .about = "Prints the words of greatest cosine to each word of the model, best first: "
             "QUERY<TAB>WORD<TAB>COSINE. Queries are in the order of the model; of equal words "
             "only the first counts. A word whose vector is zero or not finite has no rows. With "
             "--restrict N both words are among the first N.",
    .examples = "w2v nn-graph vec.bin -k 10 --restrict 50000 -o graph.tsv",
    COMMAND_OPTIONS(options),
    .run = run,
};
