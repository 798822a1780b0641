/* w2v phrases: the text with collocations joined, and the table of them. */
#include <string.h>

#include "cli/command.h"
#include "cli/input.h"
#include "cli/output.h"
#include "cli/ui.h"

static const struct opt options[] = {
    OUTPUT_OPTION,
    {"passes", 0, OPT_COUNT, .value = "N", .fallback = "2", .min = 1, .max = W2V_MAX_PHRASE_PASSES,
     .help = "passes at most; each pass can join phrases of the pass before, so two passes find "
             "phrases of up to four words"},
    INPUT_PHRASE_SCORE("score"),
    INPUT_PHRASE_THRESHOLD("threshold"),
    {"min-count", 0, OPT_LIBRARY, .key = "phrase_min_count",
     .help = "pairs and words that occur less often are in no phrase; the w2v score also subtracts "
             "N from a pair's count. No word is left out of the text"},
    {"memory", 0, OPT_LIBRARY, .note = "default half of what the process may use",
     .help =
         "memory for the encoded text and the counts of pairs. Text that does not fit goes to "
         "a temporary file. Pairs that do not fit are counted lossily: the rarest are dropped. "
         "A count can then be too low, and the summary has the largest possible error. It is an "
         "error if SIZE is too small to count all different words"},
    {"save", 0, OPT_TEXT, .value = "FILE",
     .help = "also write the table of phrases: phrase, count, score, pass, left part, right part, "
             "separated by tabs; ordered by pass and falling score"},
    {"apply", 0, OPT_TEXT, .value = "FILE",
     .help = "join the phrases of such a table instead of finding some"},
    INPUT_TOKENIZER,
    INPUT_SPELLING,
    INPUT_SEGMENT,
    INPUT_PROGRESS(""),
};

static int check(const struct opt_args *args)
{
    static const char *const finding[] = {"passes", "score", "threshold", "min-count", "save"};
    const char *apply = opt_text(args, "apply");
    for (size_t i = 0; apply != NULL && i < sizeof finding / sizeof finding[0]; i++)
        if (opt_given(args, finding[i]))
            return ui_usage(args, "--%s is for finding phrases, but --apply uses a table",
                            finding[i]);
    return UI_DONE;
}

static int run(const struct opt_args *args)
{
    struct w2v_train_options set;
    struct w2v_phrase_options *phrases = &set.phrases;
    struct w2v_text_report report;
    struct w2v_error error;
    struct progress progress;
    const char *path = opt_text(args, "output");
    if (path == NULL)
        path = "-";
    w2v_train_options_init(&set);
    int status = input_options(args, &set, &progress);
    if (status == UI_DONE)
        status = check(args);
    if (status != UI_DONE)
        return status;
    phrases->passes = (unsigned)opt_number(args, "passes");
    phrases->memory = set.memory;
    phrases->save_path = opt_text(args, "save");
    phrases->apply_path = opt_text(args, "apply");
    progress_results(&progress, path);
    ui_output(path);
    ui_output(phrases->save_path);
    if (w2v_phrases(input_paths(args), args->n_operands, path, &set.text, phrases, &report,
                    &error) != W2V_OK)
        return ui_fail(&error);
    ui_clear();
    input_note(args, &report);
    if (!opt_flag(args, "quiet"))
        input_say_phrases(&report, phrases->apply_path != NULL);
    return UI_DONE;
}

const struct command cmd_phrases = {
    .name = "phrases",
    .summary = "the text with phrases joined",
    .usage = "phrases CORPUS... [-o FILE] [options]\n"
             "phrases CORPUS... --apply FILE [-o FILE] [options]",
    .about = "Finds words that stand side by side much more often than by chance (Mikolov et al. "
             "2013; or Bouma 2009). Writes the tokens of the files as 'w2v tokenize' does, with "
             "these words joined: new_york. In scripts without spaces (Han, kana, Thai, ...) "
             "nothing stands between them. A phrase never crosses a line end. Lines are joined "
             "from left to right: the first pair that is a phrase is joined, and the next pair "
             "begins after it.\n"
             "The text is read once, so it can come from standard input. The result is the same "
             "for any number of threads. 'w2v train --phrases N' joins phrases before training.",
    .examples = "w2v phrases corpus.txt > joined.txt\n"
                "w2v phrases corpus.txt -o joined.txt --save table.tsv --score npmi\n"
                "w2v phrases other.txt --apply table.tsv > other-joined.txt",
    COMMAND_OPTIONS(options),
    .run = run,
};
