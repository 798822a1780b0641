/* What the commands that read text or graphs share. See input.h. */
#include "cli/input.h"

#include <stdio.h>

#include "cli/ui.h"

/* Checks --keep-case and --fold. UI_USAGE, after an error message, if they contradict each other. */
static int set_case(const struct opt_args *args, struct w2v_text_options *options)
{
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

/* Sets those of the library's options that were given. */
static int set_given(const struct opt_args *args, struct w2v_train_options *options)
{
    struct w2v_error error;
    char number[24];
    for (size_t i = 0; i < args->n_rows; i++) {
        const struct opt *row = &args->rows[i];
        const char *text = args->values[i].text;
        if (row->library == NULL || !args->values[i].given)
            continue;
        if (row->kind == OPT_FLAG)
            text = "yes";
        if (row->kind == OPT_SIZE) { /* without its unit */
            snprintf(number, sizeof number, "%llu", (unsigned long long)args->values[i].number);
            text = number;
        }
        if (w2v_train_option_set(options, row->library->key, text, &error) != W2V_OK)
            return ui_usage_of(args, &error);
    }
    return UI_DONE;
}

int input_reading(const struct opt_args *args, struct w2v_train_options *options,
                  struct progress *progress)
{
    if (opt_given(args, "threads"))
        options->text.threads = (unsigned)opt_number(args, "threads");
    progress_init(progress, args);
    options->text.progress = progress_tell;
    options->text.progress_context = progress;
    return set_given(args, options);
}

int input_settings(const struct opt_args *args, struct w2v_train_options *options,
                   struct progress *progress)
{
    const int status = input_reading(args, options, progress);
    return status == UI_DONE ? set_case(args, &options->text) : status;
}

int input_options(const struct opt_args *args, struct w2v_train_options *options,
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
        ui_note("%s", report->advice);
    if (report->n_invalid_bytes > 0)
        ui_note("%llu byte%s not UTF-8 and taken as %s",
                (unsigned long long)report->n_invalid_bytes,
                report->n_invalid_bytes == 1 ? " was" : "s were",
                report->n_invalid_bytes == 1 ? "a separator" : "separators");
}

void input_say_phrases(const struct w2v_text_report *report, bool applied)
{
    char bound[80] = "; all counts exact";
    if (applied)
        bound[0] = '\0';
    else if (report->phrase_error > 0)
        snprintf(bound, sizeof bound, "; some counts may be too low, by %llu at most",
                 (unsigned long long)report->phrase_error);
    ui_say("phrases     %llu, joined in %llu place%s%s", (unsigned long long)report->n_phrases,
           (unsigned long long)report->n_joined, ui_s(report->n_joined), bound);
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
    if (r->n_remarks > 0)
        ui_note("%llu line%s with # %s skipped", (unsigned long long)r->n_remarks,
                r->n_remarks == 1 ? " that begins" : "s that begin",
                r->n_remarks == 1 ? "was" : "were");
    if (r->lone_first)
        ui_note(
            "the names of the first line are in no other line; if they are headings, leave that "
            "line out: tail -n +2");
    ui_say("walks       %llu with %llu step%s in %s, %.1f million steps/s",
           (unsigned long long)r->n_walks, (unsigned long long)r->n_steps, ui_s(r->n_steps),
           walking, r->walk_seconds > 0 ? (double)r->n_steps / r->walk_seconds * 1e-6 : 0);
}
