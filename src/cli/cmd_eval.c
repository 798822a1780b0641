/* w2v eval: analogy and similarity sets. */
#include <stdio.h>
#include <string.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/query.h"
#include "cli/row.h"
#include "cli/ui.h"

static const struct opt options[] = {
    QUERY_RESTRICT("can be answers, and questions and pairs with other words are left out"),
    QUERY_METHOD("B", "A"),
    QUERY_CASE("fold"),
    {"score-column", 0, OPT_COUNT, .value = "N", .min = 1, .max = 64,
     .note = "default found by heading or content",
     .help = "the column of a similarity set that has the scores, from 1"},
    {"oov", 0, OPT_CHOICE, .choices = "skip|subword", .fallback = "skip", .note = "",
     .help = "pairs with an unknown word. The default is subword if the model has subwords, else "
             "skip. skip: leave the pair out; subword: compose the word of its n-grams, unless "
             "--restrict is given. Analogy questions with an unknown word are always left out, "
             "because a composed word cannot be an answer"},
    OPEN_TOLERANT,
    QUERY_JSON,
};

/* Says how many lines were skipped, and the numbers of the first of them. */
static void tell_bad(const char *path, const struct w2v_eval_report *report)
{
    char numbers[160] = "";
    const uint64_t n = report->n_bad;
    for (size_t i = 0; i < n && i < W2V_MAX_BAD_LINES; i++) {
        const size_t used = strlen(numbers);
        snprintf(numbers + used, sizeof numbers - used, "%s%llu", i > 0 ? ", " : "",
                 (unsigned long long)report->bad_lines[i]);
    }
    ui_error("%s: skipped %llu line%s that %s neither a question nor a pair, in line%s %s%s: "
             "\"%s\"",
             path, (unsigned long long)n, ui_s(n), ui_are(n), ui_s(n), numbers,
             n > W2V_MAX_BAD_LINES ? " and on" : "", report->bad_text);
}

/* Says what was left out, and why. */
static void say_left_out(const struct opt_args *args, const char *path,
                         const struct w2v_eval_report *report)
{
    const unsigned long long n_not_words = report->n_not_words, n_restricted = report->n_restricted;
    if (report->n_bad > 0)
        tell_bad(path, report);
    if (report->n_composed > 0)
        ui_note("%s: %llu pair%s an unknown word, which was composed of its n-grams", path,
                (unsigned long long)report->n_composed,
                report->n_composed == 1 ? " has" : "s have");
    if (report->n_unusable > 0)
        ui_error("%s: left out %llu, which %s a word whose vector is zero or not finite", path,
                 (unsigned long long)report->n_unusable, report->n_unusable == 1 ? "has" : "have");
    if (n_not_words + n_restricted == 0)
        return;
    if (n_restricted == 0)
        ui_error("%s: left out %llu, which %s a word that is not in the vocabulary", path,
                 n_not_words, n_not_words == 1 ? "has" : "have");
    else
        ui_error("%s: left out %llu: %llu for a word that is not in the vocabulary, %llu for one "
                 "that is beyond --restrict %s",
                 path, n_not_words + n_restricted, n_not_words, n_restricted,
                 opt_text(args, "restrict"));
}

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
    if (!opt_flag(args, "quiet"))
        say_left_out(args, ui_name(path), report);
}

static int run_set(const struct opt_args *args, const struct w2v_model *model, const char *path,
                   const struct w2v_eval_options *eval)
{
    struct w2v_eval_report report;
    struct w2v_error error;
    const int status = output_apart_from(path);
    if (status != UI_DONE)
        return status;
    int code = w2v_eval(model, path, eval, &report, &error);
    if (code != W2V_OK)
        return ui_fail(&error); /* the other files may be good */
    code = w2v_unchanged(model, &error);
    if (code == W2V_OK)
        print(args, path, &report);
    const uint64_t n_used = report.n_used, n_total = report.n_total;
    w2v_eval_report_release(&report);
    if (code != W2V_OK)
        return ui_fail(&error);
    if (n_used > 0)
        return ui_flush();
    ui_flush();
    ui_error("%s: none of its %llu question%s or pair%s could be used", ui_name(path),
             (unsigned long long)n_total, ui_s(n_total), ui_s(n_total));
    return UI_FAILED;
}

static int run(const struct opt_args *args)
{
    static const enum w2v_method methods[] = {W2V_ADD, W2V_MUL};
    struct w2v_eval_options eval;
    struct w2v_folding *folding = NULL;
    struct w2v_model *model;
    struct w2v_error error;
    int status = UI_DONE;
    size_t n_standard = 0;
    if (args->n_operands == 0)
        return ui_usage(args, "no model; name a file");
    if (args->n_operands == 1)
        return ui_usage(args, "no question set; name a file after the model");
    for (size_t i = 1; i < args->n_operands; i++)
        if (ui_is_standard_input(args->operands[i]) && n_standard++ > 0)
            return ui_usage(args,
                            "standard input can be read only once, but is named twice as a set");
    w2v_eval_options_init(&eval);
    eval.restrict_to = (size_t)opt_number(args, "restrict");
    eval.method = methods[opt_number(args, "method")];
    eval.compose = !opt_given(args, "oov") || opt_number(args, "oov") == 1;
    eval.score_column = (size_t)opt_number(args, "score-column");
    eval.threads = (unsigned)opt_number(args, "threads");
    status = open_model(args, args->operands[0], &model);
    if (status != UI_DONE)
        return status;
    if (opt_given(args, "oov") && eval.compose)
        query_note_subwords(args, model);
    if (opt_number(args, "case") == QUERY_FOLD &&
        w2v_folding_open(&folding, model, &error) != W2V_OK) {
        w2v_close(model);
        return ui_fail(&error);
    }
    eval.folding = folding;
    for (size_t i = 1; i < args->n_operands; i++) {
        const int of_set = run_set(args, model, args->operands[i], &eval);
        status = status == UI_DONE ? of_set : status;
    }
    w2v_folding_close(folding);
    w2v_close(model);
    return status;
}

const struct command cmd_eval = {
    .name = "eval",
    .summary = "score a model on question sets",
    .usage = "eval MODEL FILE... [options]",
    .about =
        "FILE is an analogy set or a similarity set, and its content tells which. An analogy set "
        "has ': section' lines, and four words on all other lines. A line of a similarity set has "
        "two words and a number, separated by tabs, commas, semicolons or blanks. There may be "
        "more columns.\n"
        "The first line of a similarity set may have headings. Two columns whose headings contain "
        "'word' have the words. If a heading is score, SimLex999, mean or the like, its column has "
        "the scores of the pairs. Otherwise the words are in the first two columns without "
        "numbers, and the scores in the first column of numbers after the words. Blank lines and "
        "lines that begin with # are skipped. Other lines that are neither a question nor a pair "
        "are skipped and counted on standard error.\n"
        "Output is a row for each section, then 'semantic' and 'syntactic' if the sections are "
        "those of Google's set, and 'total': "
        "FILE<TAB>SECTION<TAB>MEASURE<TAB>SCORE<TAB>USED<TAB>TOTAL. A question of the words A, B, "
        "C and D asks for the best answer to B - A + C, which should be D. MEASURE is accuracy "
        "(right answers divided by USED; a question is used if its four words are all candidates), "
        "spearman (rank correlation, ties averaged) or pearson. If nothing could be used, the "
        "score is nan (null in JSON), and the exit status is 1. A correlation of one pair, or of "
        "equal numbers, is nan as well. Standard error says what was left out, and why.\n"
        "Unless --case exact is given, words that differ only in case are one word, as in "
        "word2vec's compute-accuracy and gensim. The first of them in the model stands in the "
        "question, and any of them is a right answer.",
    .examples = "w2v eval vec.bin questions-words.txt wordsim353.txt --restrict 30000",
    COMMAND_OPTIONS(options),
    .run = run,
};
