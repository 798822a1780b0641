/* w2v cluster: words that belong together. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/query.h"
#include "cli/row.h"
#include "cli/ui.h"

enum { NEAREST = 10 };

static const struct opt options[] = {
    {"k", 'k', OPT_COUNT, .value = "N", .min = 1, .max = 1000000000,
     .note = "default 100, or half the number of words if less", .elsewhere = "clusters|classes",
     .help = "the number of clusters"},
    OUTPUT_OPTION,
    {"stats", 0, OPT_FLAG,
     .help =
         "print a row for each cluster instead: size, mean cosine, and the words nearest to its "
         "centre"},
    QUERY_RESTRICT("are used"),
    {"seed", 0, OPT_COUNT, .value = "N", .fallback = "1", .help = "seed of the start"},
    {"max-rounds", 0, OPT_COUNT, .value = "N", .min = 1, .max = 1000000, .fallback = "100",
     .elsewhere = "iter|iterations|epochs",
     .help = "rounds at most; one that raises the mean cosine by less than 1e-5 is the last"},
    OPEN_TOLERANT,
    QUERY_JSON,
    {"progress", 0, OPT_CHOICE, .choices = "auto|json|none", .fallback = "auto",
     .help = PROGRESS_HELP("")},
};

static void print_words(const struct w2v_model *model, const struct w2v_cluster_report *report,
                        bool json)
{
    for (size_t id = 0; id < report->n_words; id++) {
        const bool none = report->cluster[id] == W2V_NO_CLUSTER;
        struct row_field row[] = {
            {"word", ROW_TEXT, .text = NULL},
            {"cluster", ROW_COUNT, .count = report->cluster[id]},
            {"cosine", ROW_REAL, .real = (double)report->cosine[id]},
        };
        if (none)
            continue;
        row[0].text = w2v_word(model, id, &row[0].n_bytes);
        row_print(json, row, 3);
    }
}

/* Rows CLUSTER, SIZE, COSINE and the nearest words with blanks between; in JSON an array of words. */
static void print_stats(const struct w2v_model *model, const struct w2v_cluster_report *report,
                        bool json)
{
    for (size_t j = 0; j < report->k; j++) {
        const size_t *members = report->members + report->begin[j];
        const size_t n = report->begin[j + 1] - report->begin[j];
        double sum = 0;
        for (size_t i = 0; i < n; i++)
            sum += (double)report->cosine[members[i]];
        printf(json ? "{\"cluster\": %zu, \"size\": %zu, \"cosine\": %.6f, \"words\": ["
                    : "%zu\t%zu\t%.6f\t",
               j, n, sum / (double)n);
        for (size_t i = 0; i < n && i < NEAREST; i++) {
            size_t n_bytes;
            const char *word = w2v_word(model, members[i], &n_bytes);
            if (i > 0)
                fputs(json ? ", " : " ", stdout);
            if (json)
                row_json_string(stdout, word, n_bytes);
            else
                row_word(word, n_bytes);
        }
        fputs(json ? "]}\n" : "\n", stdout);
    }
}

static int run(const struct opt_args *args)
{
    struct w2v_cluster_options cluster;
    struct w2v_cluster_report report = {0};
    struct w2v_model *model = NULL;
    struct w2v_error error = {0};
    struct progress progress;
    struct output output;
    const bool quiet = opt_flag(args, "quiet"), json = opt_flag(args, "json");
    if (args->n_operands != 1)
        return ui_usage(args, args->n_operands == 0 ? "no model; name a file"
                                                    : "one model, no more operands");
    int status = output_begin(&output, opt_text(args, "output"));
    if (status != UI_DONE)
        return status;
    w2v_cluster_options_init(&cluster);
    cluster.k = (size_t)opt_number(args, "k");
    cluster.restrict_to = (size_t)opt_number(args, "restrict");
    cluster.seed = opt_number(args, "seed");
    cluster.max_rounds = (unsigned)opt_number(args, "max-rounds");
    cluster.threads = (unsigned)opt_number(args, "threads");
    progress_init(&progress, args);
    cluster.progress = progress_tell;
    cluster.progress_context = &progress;
    status = open_model(args, args->operands[0], &model);
    if (status == UI_DONE)
        status = output_apart(&output, model);
    if (status == UI_DONE && (w2v_cluster(model, &cluster, &report, &error) != W2V_OK ||
                              w2v_unchanged(model, &error) != W2V_OK))
        status = UI_FAILED;
    if (status == UI_DONE) {
        ui_clear();
        if (opt_flag(args, "stats"))
            print_stats(model, &report, json);
        else
            print_words(model, &report, json);
        if (!quiet) {
            ui_note_left_out(report.n_left_out);
            ui_say("%zu cluster%s, %u round%s, mean cosine %.4f", report.k, ui_s(report.k),
                   report.rounds, ui_s(report.rounds), report.mean_cosine);
        }
    }
    status = output_end(&output, status);
    if (error.code != W2V_OK)
        status = ui_fail(&error);
    w2v_cluster_report_release(&report);
    w2v_close(model);
    return status;
}

const struct command cmd_cluster = {
    .name = "cluster",
    .summary = "words that belong together",
    .usage = "cluster MODEL [-k N] [-o FILE] [options]",
    .about =
        "Divides the words into N clusters by spherical k-means that starts with k-means++. Output "
        "in the order of the model: WORD<TAB>CLUSTER<TAB>COSINE, the cosine to the cluster's "
        "centre. Cluster 0 is the largest. The same model, N and seed give the same clusters for "
        "any number of threads. Words whose vectors are zeros or not finite are left out, and a "
        "note counts them. Of equal words in the model only the first is used.\nWith --stats: "
        "CLUSTER<TAB>SIZE<TAB>COSINE<TAB>WORDS. COSINE is the mean over the cluster, and WORDS are "
        "the ten words nearest to the centre, with blanks between.",
    .examples = "w2v cluster vec.bin -k 500 -o classes.tsv\n"
                "w2v cluster vec.bin -k 50 --restrict 10000 --stats",
    COMMAND_OPTIONS(options),
    .run = run,
};
