/* w2v walk: random walks of a graph as text. */
#include <string.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/ui.h"

static const struct opt options[] = {
    OUTPUT_OPTION,
    INPUT_WALKS('p', 'q'),
    {"seed", 0, OPT_LIBRARY,
     .help = "the same graph, options and seed give the same walks, byte for byte, for any number "
             "of threads"},
    INPUT_ANY_BYTES,
    INPUT_PROGRESS(""),
};

static int run(const struct opt_args *args)
{
    struct w2v_train_options set;
    struct w2v_walk_report report;
    struct w2v_error error;
    struct progress progress;
    const char *path = opt_text(args, "output");
    if (path == NULL)
        path = "-";
    if (args->n_operands == 0)
        return ui_usage(args, "no graph; name a file, or - for standard input");
    w2v_train_options_init(&set);
    const int status = input_reading(args, &set, &progress);
    if (status != UI_DONE)
        return status;
    set.walk.seed = set.seed;
    progress_results(&progress, path);
    ui_output(path);
    if (w2v_walk(input_paths(args), args->n_operands, path, &set.text, &set.walk, &report,
                 &error) != W2V_OK)
        return ui_fail(&error);
    ui_clear();
    if (!opt_flag(args, "quiet"))
        input_say_walks(&report, args->n_operands);
    return UI_DONE;
}

const struct command cmd_walk = {
    .name = "walk",
    .summary = "random walks of a graph, as text to train on",
    .usage = "walk GRAPH... [-o FILE] [options]",
    .about =
        "Reads a graph and writes random walks. Each walk is a line of names with blanks between. "
        "All files together are one list of edges; - is standard input, and files may be "
        "compressed. Each line is an edge: two names and, if you like, a weight, separated by "
        "white space. A name cannot hold blanks, and quotes are ordinary characters. A line that "
        "begins with #, or with blanks and #, is skipped, but must be UTF-8. The default weight is "
        "1, an edge of weight 0 is no edge, and an edge that is there twice counts twice. A walk "
        "ends early at a node without a way out.\n"
        "The walks are the same for any number of threads. Their order is shuffled. With --p and "
        "--q they are the walks of node2vec (Grover and Leskovec 2016). In memory the graph takes "
        "4 bytes for each direction of an edge, or 12 with weights, and for some p and q one more "
        "byte for each edge.\n"
        "'w2v train --tokenizer whitespace' trains the same vectors on the output as 'w2v train "
        "--graph' on the graph.",
    .examples = "w2v walk graph.tsv -o walks.txt\n"
                "w2v walk graph.tsv.gz --p 0.5 --q 2 | xz > walks.xz\n"
                "w2v train walks.xz -o vec.bin --tokenizer whitespace",
    COMMAND_OPTIONS(options),
    .run = run,
};
