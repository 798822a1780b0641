/* w2v tokenize: the tokens that training would see. */
#include <string.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/ui.h"

static const struct opt options[] = {
    OUTPUT_OPTION, INPUT_TOKENIZER, INPUT_SPELLING, INPUT_SEGMENT, INPUT_PROGRESS(""),
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
    progress_results(&progress, path);
    ui_output(path);
    if (w2v_tokenize(input_paths(args), args->n_operands, path, &set.text, &report, &error) !=
        W2V_OK)
        return ui_fail(&error);
    ui_clear();
    input_note(args, &report);
    return UI_DONE;
}

const struct command cmd_tokenize = {
    .name = "tokenize",
    .summary = "text to tokens, as training sees them",
    .usage = "tokenize CORPUS... [-o FILE] [options]",
    .about =
        "Writes the tokens of the files in order, with blanks between. Each line of the text "
        "is a line of the output. Bytes that are not UTF-8 separate tokens, and a note says "
        "how many there were. NUL separates tokens too. As with every command that reads text, a "
        "file that is "
        "clearly not text is refused; see --any-bytes.\n"
        "Spellings that look the same become one word. Text gets Unicode normal form C. "
        "Invisible characters are dropped: soft hyphens, word joiners, direction marks, "
        "variation selectors, and joiners unless the script needs them. With --tokenizer words "
        "an apostrophe inside a word becomes the ASCII one. --tokenizer whitespace changes words "
        "only "
        "by --nfkc.\n"
        "'w2v train --tokenizer whitespace' reads the same tokens from the output.",
    .examples = "w2v tokenize corpus.txt > corpus.tok",
    COMMAND_OPTIONS(options),
    .run = run,
};
