/* w2v words: the words of a model with their counts. */
#include <stdio.h>

#include "cli/command.h"
#include "cli/open.h"
#include "cli/output.h"
#include "cli/query.h"
#include "cli/row.h"
#include "cli/ui.h"

static const struct opt options[] = {OUTPUT_OPTION, OPEN_TOLERANT, QUERY_JSON};

/*
 * The list can be read again, so words are not escaped. Only a word with a tab or a line end, which no
 * list can hold, is escaped as in other rows.
 */
static void print_line(const char *word, size_t n_bytes, const uint64_t *count)
{
    bool holds = true;
    for (size_t i = 0; i < n_bytes; i++)
        holds = holds && word[i] != '\t' && word[i] != '\n' && word[i] != '\r';
    if (holds)
        fwrite(word, 1, n_bytes, stdout);
    else
        row_text(word, n_bytes);
    if (count != NULL)
        printf("\t%llu", (unsigned long long)*count);
    putchar('\n');
}

/* Prints all words; whether each of them had a count. */
static bool print_words(const struct w2v_model *model, bool json)
{
    bool counted = true;
    for (size_t id = 0; id < w2v_n_words(model); id++) {
        struct row_field row[] = {
            {"word", ROW_TEXT, .text = NULL},
            {"count", ROW_COUNT, .count = 0},
        };
        row[0].text = w2v_word(model, id, &row[0].n_bytes);
        const bool has_count = w2v_count(model, id, &row[1].count);
        counted = counted && has_count;
        if (!has_count)
            row[1].kind = ROW_NONE;
        if (json)
            row_print(true, row, 2);
        else
            print_line(row[0].text, row[0].n_bytes, has_count ? &row[1].count : NULL);
    }
    return counted;
}

static int run(const struct opt_args *args)
{
    struct w2v_model *model = NULL;
    struct w2v_error error = {0};
    struct output output;
    if (args->n_operands != 1)
        return ui_usage(args,
                        args->n_operands == 0 ? "no model; name a file" : "one model at a time");
    int status = output_begin(&output, opt_text(args, "output"));
    if (status != UI_DONE)
        return status;
    bool counted = true;
    status = open_model(args, args->operands[0], &model);
    if (status == UI_DONE)
        status = output_apart(&output, model);
    if (status == UI_DONE) {
        counted = print_words(model, opt_flag(args, "json"));
        if (w2v_unchanged(model, &error) != W2V_OK)
            status = UI_FAILED;
    }
    status = output_end(&output, status);
    if (error.code != W2V_OK)
        status = ui_fail(&error);
    else if (status == UI_DONE && !counted && !opt_flag(args, "quiet"))
        ui_note("the model has no counts");
    w2v_close(model);
    return status;
}

const struct command cmd_words = {
    .name = "words",
    .summary = "the words of a model with their counts",
    .usage = "words MODEL [-o FILE] [options]",
    .about =
        "Prints WORD<TAB>COUNT in the model's order. COUNT is how often the word occurs in the "
        "corpus. fastText's .bin files have counts, and so have w2v's own, unless they were "
        "converted from a file that has none. Without counts a row is the word alone, and in JSON "
        "the count is null. A note says so.\n"
        "--vocab, --freeze, --among and --exclude take such a list, and so does --words of "
        "convert. Queries on standard input need the words alone, and so does --words of map, "
        "which takes the second column as a group. 'cut -f 1' leaves the counts out. In a query a "
        "word with blanks stands in double quotes.",
    .examples = "w2v words vec.bin | head -n 1000 > frequent.txt\n"
                "w2v words vec.bin | cut -f 1 | w2v neighbors vec.bin -k 1",
    COMMAND_OPTIONS(options),
    .run = run,
};
