/* The public walk function. It reads a graph and writes its walks. See w2v.h. */
#include "api/check.h"
#include "base/limit.h"
#include "base/thread.h"
#include "graph/walk_text.h"

void w2v_walk_options_init(struct w2v_walk_options *options)
{
    struct w2v_train_options all;
    w2v_train_options_init(&all);
    *options = all.walk;
}

int w2v_walk(const char *const *paths, size_t n_paths, const char *output,
             const struct w2v_text_options *text, const struct w2v_walk_options *options,
             struct w2v_walk_report *report, struct w2v_error *error)
{
    const struct walk_rules rules = {options->walks, options->length, options->p, options->q,
                                     options->seed};
    struct edges_options settings = {.text = *text, .memory = limit_memory("").n_bytes};
    struct graph graph = {0};
    struct walker walker = {0};
    struct outfile out;
    uint64_t n_nodes = 0;
    settings.text.threads = thread_count(text->threads);
    int status = check_walks(options, error);
    if (status == W2V_OK)
        status = outfile_open_apart(&out, "the walks", output, "the graph", paths, n_paths, error);
    if (status != W2V_OK)
        return status;
    const double began = thread_seconds();
    status = graph_read(&graph, paths, n_paths, options->directed, &settings, error);
    const double read = thread_seconds();
    if (status == W2V_OK)
        status = walk_init(&walker, &graph, &rules, settings.text.threads, error);
    if (status == W2V_OK)
        status = walk_text(&walker, &out, &settings.text, &n_nodes, error);
    if (report != NULL && status == W2V_OK) {
        *report = graph_report(&graph);
        report->n_walks = walker.n_walks;
        report->n_steps = n_nodes - walker.n_walks;
        report->read_seconds = read - began;
        report->walk_seconds = thread_seconds() - read;
    }
    walk_release(&walker);
    graph_release(&graph);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}
