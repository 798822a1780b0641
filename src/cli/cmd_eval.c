/* w2v eval: analogy and similarity sets. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/query.h"
#include "cli/row.h"
#include "cli/ui.h"

static const struct opt options[] = {
    QUERY_RESTRICT,
    QUERY_METHOD,
    {"keep-case", 0, OPT_FLAG,
     .help = "look words up as written only; else one not found so is looked up case folded"},
    OPEN_TOLERANT,
    QUERY_JSON,
};

static void print(const struct opt_args *args, const char *path,
                  const struct w2v_eval_report *report)
{
    bool json = opt_flag(args, "json");
    for (size_t i = 0; i < report->n_rows; i++) {
        const struct w2v_eval_row *r = &report->rows[i];
        struct row_field row[] = {
            {"file", ROW_TEXT, .text = path, .n_bytes = strlen(path)},
            {"section", ROW_TEXT, .text = r->section, .n_bytes = strlen(r->section)},
            {"measure", ROW_TEXT, .text = r->measure, .n_bytes = strlen(r->measure)},
            {"score", ROW_REAL, .real = r->score},
            {"used", ROW_COUNT, .count = r->used},
            {"total", ROW_COUNT, .count = r->total},
        };
        row_print(json, row, sizeof row / sizeof row[0]);
    }
    unsigned long long n_not_words = report->n_not_words, n_restricted = report->n_restricted;
    if (opt_flag(args, "quiet") || n_not_words + n_restricted == 0)
        return;
    if (n_restricted == 0)
        ui_error("%s: left out %llu, which have a word that is not in the vocabulary", path,
                 n_not_words);
    else
        ui_error("%s: left out %llu: %llu have a word that is not in the vocabulary, %llu one "
                 "that is beyond --restrict %s",
                 path, n_not_words + n_restricted, n_not_words, n_restricted,
                 opt_text(args, "restrict"));
}

static int run(const struct opt_args *args)
{
    static const enum w2v_method methods[] = {W2V_ADD, W2V_MUL};
    struct w2v_eval_options eval;
    struct w2v_model *model;
    struct w2v_error error;
    int status = UI_DONE;
    if (args->n_operands == 0)
        return ui_usage(args, "no model; name a file");
    if (args->n_operands == 1)
        return ui_usage(args, "no question set; name a file after the model");
    w2v_eval_options_init(&eval);
    eval.restrict_to = (size_t)opt_number(args, "restrict");
    eval.method = methods[opt_number(args, "method")];
    eval.keep_case = opt_flag(args, "keep-case");
    eval.threads = (unsigned)opt_number(args, "threads");
    if (open_model(args, args->operands[0], &model) != UI_DONE)
        return UI_FAILED;
    for (size_t i = 1; i < args->n_operands; i++) {
        struct w2v_eval_report report;
        int code = w2v_eval(model, args->operands[i], &eval, &report, &error);
        if (code == W2V_OK && (code = w2v_unchanged(model, &error)) != W2V_OK)
            w2v_eval_report_release(&report);
        if (code == W2V_OK) {
            print(args, args->operands[i], &report);
            w2v_eval_report_release(&report);
        } else {
            status = ui_fail(&error); /* the other files may be good */
        }
        if (ui_flush() != UI_DONE) {
            status = UI_FAILED;
            break;
        }
    }
    w2v_close(model);
    return status;
}

const struct command cmd_eval = {
    .name = "eval",
    .summary = "score a model on question sets",
    .usage = "eval MODEL FILE... [options]",
    .about = "FILE is an analogy set (': section' lines, and four words a line) or a similarity "
             "set (two words and a number a line; tab, comma or blanks between), recognised by "
             "content. A row a section, then 'semantic' and 'syntactic' where the sections are "
             "those of Google's set, and 'total': "
             "FILE<TAB>SECTION<TAB>MEASURE<TAB>SCORE<TAB>USED<TAB>TOTAL.\n"
             "MEASURE is accuracy (the share answered right of the USED questions, whose four "
             "words are all candidates) or spearman (rank correlation, ties averaged). A score of "
             "which nothing could be used is nan (null in JSON). What was left out, and why, is "
             "said on standard error.",
    .examples = "w2v eval vec.bin questions-words.txt wordsim353.txt --restrict 30000",
    COMMAND_OPTIONS(options),
    .run = run,
};
