/* What train, tokenize and vocab share. See input.h. */
#include "cli/input.h"

#include <stdio.h>

#include "cli/ui.h"

void input_settings(const struct opt_args *args, struct w2v_text_options *options,
                    struct progress *progress)
{
    static const enum w2v_tokenizer tokenizers[] = {W2V_TOKENIZER_WORDS, W2V_TOKENIZER_WHITESPACE,
                                                    W2V_TOKENIZER_CHARS};
    static const enum progress_mode modes[] = {PROGRESS_AUTO, PROGRESS_JSON, PROGRESS_NONE};
    if (opt_given(args, "tokenizer"))
        options->tokenizer = tokenizers[opt_number(args, "tokenizer")];
    if (opt_given(args, "keep-case"))
        options->keep_case = opt_flag(args, "keep-case");
    if (opt_given(args, "segment"))
        options->segment = opt_flag(args, "segment");
    if (opt_given(args, "threads"))
        options->threads = (unsigned)opt_number(args, "threads");
    progress_init(progress,
                  opt_flag(args, "quiet") ? PROGRESS_NONE : modes[opt_number(args, "progress")]);
    progress->quiet = opt_flag(args, "quiet");
    options->progress = progress_tell;
    options->progress_context = progress;
}

int input_options(const struct opt_args *args, struct w2v_text_options *options,
                  struct progress *progress)
{
    if (args->n_operands == 0)
        return ui_usage(args, "no corpus; name a file, or - for standard input");
    input_settings(args, options, progress);
    return UI_DONE;
}

const char *const *input_paths(const struct opt_args *args)
{
    return (const char *const *)args->operands;
}

void input_note(const struct opt_args *args, const struct w2v_text_report *report)
{
    if (report->n_invalid_bytes > 0 && !opt_flag(args, "quiet"))
        ui_error("note: %llu byte%s not UTF-8 and taken as %s",
                 (unsigned long long)report->n_invalid_bytes,
                 report->n_invalid_bytes == 1 ? " was" : "s were",
                 report->n_invalid_bytes == 1 ? "a separator" : "separators");
}

void input_say_phrases(const struct w2v_text_report *report)
{
    char bound[80] = "all counts exact";
    if (report->phrase_error > 0)
        snprintf(bound, sizeof bound, "no count low by more than %llu",
                 (unsigned long long)report->phrase_error);
    ui_say("phrases     %llu, joined in %llu place%s; %s", (unsigned long long)report->n_phrases,
           (unsigned long long)report->n_joined, ui_s(report->n_joined), bound);
}
