/* w2v vocab: the words of a text and how often each occurs. */
#include <string.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/ui.h"

static const struct opt options[] = {
    OUTPUT_OPTION,
    {"min-count", 0, OPT_COUNT, .value = "N", .fallback = "1", .help = "leave rarer words out"},
    INPUT_MAX_VOCAB,
    INPUT_TOKENIZER,
    INPUT_SPELLING,
    INPUT_SEGMENT,
    INPUT_PROGRESS(""),
};

static int run(const struct opt_args *args)
{
    struct w2v_train_options set;
    struct w2v_text_report report;
    struct w2v_error error;
    struct progress progress;
    const char *path = opt_text(args, "output");
    if (path == NULL)
        path = "-";
    w2v_train_options_init(&set);
    int status = input_options(args, &set, &progress);
    if (status != UI_DONE)
        return status;
    set.text.min_count = opt_number(args, "min-count");
    progress_results(&progress, path);
    ui_output(path);
    if (w2v_vocab(input_paths(args), args->n_operands, path, &set.text, &report, &error) != W2V_OK)
        return ui_fail(&error);
    ui_clear();
    input_note(args, &report);
    return UI_DONE;
}

const struct command cmd_vocab = {
    .name = "vocab",
    .summary = "count the words of a text",
    .usage = "vocab CORPUS... [-o FILE] [options]",
    .about = "Writes WORD<TAB>COUNT lines by falling count; equal counts are ordered by bytes. By "
             "default all words are kept, since --min-count is 1 here (5 in train). "
             "'w2v train --vocab FILE' uses such a list instead of counting.",
    .examples = "w2v vocab corpus.txt --min-count 5 -o vocab.tsv",
    COMMAND_OPTIONS(options),
    .run = run,
};
