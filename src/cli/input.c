/* What train, tokenize and vocab share. See input.h. */
#include "cli/input.h"

#include <stdio.h>

#include "cli/ui.h"

/* --fold and --keep-case; UI_USAGE, after saying so, where they cannot be meant. */
static int set_fold(const struct opt_args *args, struct w2v_text_options *options)
{
    static const enum w2v_fold folds[] = {W2V_FOLD_LOWER, W2V_FOLD_FULL, W2V_FOLD_TURKIC,
                                          W2V_FOLD_NONE};
    if (opt_given(args, "fold"))
        options->fold = folds[opt_number(args, "fold")];
    if (opt_flag(args, "keep-case")) {
        if (opt_given(args, "fold") && options->fold != W2V_FOLD_NONE)
            return ui_usage(args, "--keep-case is --fold none, not --fold %s",
                            opt_text(args, "fold"));
        options->fold = W2V_FOLD_NONE;
    }
    if (opt_given(args, "fold") && options->fold != W2V_FOLD_NONE &&
        options->tokenizer == W2V_TOKENIZER_WHITESPACE)
        return ui_usage(args, "--fold %s: --tokenizer whitespace takes words as they are",
                        opt_text(args, "fold"));
    return UI_DONE;
}

void input_reading(const struct opt_args *args, struct w2v_text_options *options,
                   struct progress *progress)
{
    static const enum progress_mode modes[] = {PROGRESS_AUTO, PROGRESS_JSON, PROGRESS_NONE};
    if (opt_given(args, "any-bytes"))
        options->any_bytes = opt_flag(args, "any-bytes");
    if (opt_given(args, "threads"))
        options->threads = (unsigned)opt_number(args, "threads");
    progress_init(progress,
                  opt_flag(args, "quiet") ? PROGRESS_NONE : modes[opt_number(args, "progress")]);
    progress->quiet = opt_flag(args, "quiet");
    options->progress = progress_tell;
    options->progress_context = progress;
}

int input_settings(const struct opt_args *args, struct w2v_text_options *options,
                   struct progress *progress)
{
    const struct {
        const char *name;
        bool *flag;
    } flags[] = {{"nfkc", &options->nfkc},
                 {"hyphens", &options->hyphens},
                 {"tags", &options->tags},
                 {"emoji", &options->emoji},
                 {"segment", &options->segment}};
    static const enum w2v_tokenizer tokenizers[] = {W2V_TOKENIZER_WORDS, W2V_TOKENIZER_WHITESPACE,
                                                    W2V_TOKENIZER_CHARS};
    if (opt_given(args, "tokenizer"))
        options->tokenizer = tokenizers[opt_number(args, "tokenizer")];
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++)
        if (opt_given(args, flags[i].name))
            *flags[i].flag = opt_flag(args, flags[i].name);
    input_reading(args, options, progress);
    return set_fold(args, options);
}

int input_options(const struct opt_args *args, struct w2v_text_options *options,
                  struct progress *progress)
{
    if (args->n_operands == 0)
        return ui_usage(args, "no corpus; name a file, or - for standard input");
    return input_settings(args, options, progress);
}

const char *const *input_paths(const struct opt_args *args)
{
    return (const char *const *)args->operands;
}

void input_note(const struct opt_args *args, const struct w2v_text_report *report)
{
    if (opt_flag(args, "quiet"))
        return;
    if (report->advice != NULL)
        ui_error("note: %s", report->advice);
    if (report->n_invalid_bytes > 0)
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

void input_walks(const struct opt_args *args, struct w2v_walk_options *options)
{
    if (opt_given(args, "walks"))
        options->walks = (unsigned)opt_number(args, "walks");
    if (opt_given(args, "length"))
        options->length = (unsigned)opt_number(args, "length");
    if (opt_given(args, "p"))
        options->p = opt_real(args, "p");
    if (opt_given(args, "q"))
        options->q = opt_real(args, "q");
    if (opt_given(args, "directed"))
        options->directed = opt_flag(args, "directed");
}

void input_say_walks(const struct w2v_walk_report *r, size_t n_files)
{
    char size[32], reading[32], walking[32];
    progress_bytes(size, sizeof size, (double)r->n_bytes);
    progress_time(reading, sizeof reading, r->read_seconds);
    progress_time(walking, sizeof walking, r->walk_seconds);
    ui_say("graph       %llu node%s, %llu %sedge%s; %s of %zu file%s read in %s",
           (unsigned long long)r->n_nodes, ui_s(r->n_nodes), (unsigned long long)r->n_edges,
           r->weighted ? "weighted " : "", ui_s(r->n_edges), size, n_files, ui_s(n_files), reading);
    ui_say("walks       %llu of %llu step%s in %s, %.1f million steps/s",
           (unsigned long long)r->n_walks, (unsigned long long)r->n_steps, ui_s(r->n_steps),
           walking, r->walk_seconds > 0 ? (double)r->n_steps / r->walk_seconds * 1e-6 : 0);
}
