/* What the query subcommands share. See query.h. */
#include "cli/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/candidates.h"
#include "cli/fields.h"
#include "cli/open.h"
#include "cli/query_batch.h"
#include "cli/ui.h"

enum { BLOCK = 1024 /* queries */, BLOCK_HITS = 1 << 22 };

/* ---- Lines ----------------------------------------------------------------------------------- */

/* The weight of word i of a line. */
static double weight_of(const struct query_kind *kind, size_t i)
{
    return kind->weights != NULL ? kind->weights[i % kind->width] : 1;
}

/* Reads a line, or an operand, as one expression. */
static int run_expression(struct query_batch *batch, const char *line, size_t n)
{
    struct w2v_expression expression;
    struct w2v_error error;
    char where[64];
    int status = UI_DONE;
    if (w2v_parse_expression(&expression, line, n, &error) != W2V_OK) {
        char before[512];
        const char *rest = line;
        size_t n_rest = (size_t)ui_shorten(line, n, 100);
        const int n_place = snprintf(before, sizeof before, "w2v: %s'",
                                     query_batch_place(batch, where, sizeof where));
        before[(size_t)n_place + w2v_escape(before + n_place, sizeof before - 1 - (size_t)n_place,
                                            &rest, &n_rest)] = '\0';
        ui_shown(before, "': ", error.message);
        batch->status = batch->line == 0 ? UI_USAGE : UI_FAILED;
        return query_batch_lose(batch, line, n);
    }
    for (size_t i = 0; status == UI_DONE && i < expression.n_terms; i++) {
        const struct w2v_expression_term *term = &expression.terms[i];
        if (batch->query.method == W2V_MUL && !batch->lost &&
            ((term->weight < 1 && term->weight > -1) || term->weight > 1 || term->weight < -1)) {
            ui_error("%s'%.*s': weights need --method add",
                     query_batch_place(batch, where, sizeof where), ui_shorten(line, n, 256), line);
            batch->status = batch->line == 0 ? UI_USAGE : UI_FAILED;
            batch->lost = true;
        }
        status = query_batch_add(batch, term->word, term->n_bytes, term->weight);
    }
    w2v_expression_release(&expression);
    return status == UI_DONE ? query_batch_end(batch) : status;
}

/* Whether the words are a sum such as king - man + woman. The three words A B C are none. */
static bool is_sum(const struct query_kind *kind, const struct field *fields, size_t n)
{
    if (kind->weights == NULL || n < 5 || n % 2 == 0 || n > 2 * W2V_MAX_TERMS)
        return false;
    for (size_t i = 0; i < n; i++) {
        const bool is_operator =
            fields[i].n_bytes == 1 && (*fields[i].text == '+' || *fields[i].text == '-');
        if (is_operator != (i % 2 == 1))
            return false;
    }
    return true;
}

static int run_sum(struct query_batch *batch, const struct field *fields, size_t n)
{
    int status = UI_DONE;
    for (size_t i = 0; status == UI_DONE && i < n; i += 2)
        status = query_batch_add(batch, fields[i].text, fields[i].n_bytes,
                                 i > 0 && *fields[i - 1].text == '-' ? -1 : 1);
    return status == UI_DONE ? query_batch_end(batch) : status;
}

/* Adds words that make up whole queries. */
static int run_fields(struct query_batch *batch, const struct field *fields, size_t n)
{
    const size_t width = batch->kind->width > 0 ? batch->kind->width : n;
    int status = UI_DONE;
    if (is_sum(batch->kind, fields, n))
        return run_sum(batch, fields, n);
    for (size_t i = 0; status == UI_DONE && i < n; i++) {
        status =
            query_batch_add(batch, fields[i].text, fields[i].n_bytes, weight_of(batch->kind, i));
        if (status == UI_DONE && (i + 1) % width == 0) {
            status = query_batch_end(batch);
            if (status == UI_DONE && query_batch_is_full(batch))
                status = query_batch_answer(batch);
        }
    }
    return status;
}

/* Whether n words make up one query, or n queries where a query is one word. */
static bool is_query(const struct query_kind *kind, const struct field *fields, size_t n)
{
    return (kind->width > 1 ? n == kind->width : n >= kind->least) || is_sum(kind, fields, n);
}

/* Reads a line: one query, or a query for each word where a query is one word. */
static int run_line(struct query_batch *batch, const char *line, size_t n)
{
    const struct query_kind *kind = batch->kind;
    struct fields words;
    struct field *field, one;
    char where[64];
    while (n > 0 && fields_is_blank(line[n - 1]) && line[n - 1] != '\t')
        n--;
    words = fields_of(line, n);
    if (kind->expression && fields_next(&words, &one))
        return run_expression(batch, line, n);
    batch->fields.n = 0;
    while (!kind->expression && fields_next(&words, &one)) {
        field = query_batch_extend(&batch->fields, 1, sizeof *field);
        if (field == NULL)
            return query_batch_no_memory();
        *field = one;
    }
    const size_t n_words = batch->fields.n;
    if (n_words == 0)
        return batch->prompt ? UI_DONE : query_batch_lose(batch, "", 0);
    if (!is_query(kind, batch->fields.items, n_words)) {
        ui_error("%s%zu word%s; %s", query_batch_place(batch, where, sizeof where), n_words,
                 ui_s(n_words), kind->takes);
        batch->status = UI_FAILED;
        return query_batch_lose(batch, line, n);
    }
    return run_fields(batch, batch->fields.items, n_words);
}

/* Reads the operands that follow the model. */
static int read_operands(struct query_batch *batch, const struct opt_args *args)
{
    const size_t n = args->n_operands - 1;
    struct field *fields = query_batch_extend(&batch->fields, n, sizeof *fields);
    if (fields == NULL)
        return query_batch_no_memory();
    for (size_t i = 0; i < n; i++)
        fields[i] = (struct field){args->operands[i + 1], strlen(args->operands[i + 1])};
    return UI_DONE;
}

/* Answers the words of the command line. They were found to be whole queries. */
static int run_words(struct query_batch *batch)
{
    const struct field *fields = batch->fields.items;
    int status = UI_DONE;
    if (!batch->kind->expression)
        status = run_fields(batch, fields, batch->fields.n);
    for (size_t i = 0; batch->kind->expression && status == UI_DONE && i < batch->fields.n; i++)
        status = run_expression(batch, fields[i].text, fields[i].n_bytes);
    return status == UI_DONE ? query_batch_answer(batch) : status;
}

static int run_input(struct query_batch *batch)
{
    struct w2v_lines *lines = NULL;
    struct w2v_line line = {.ended = false};
    struct w2v_error error;
    bool wait = true;
    batch->prompt = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    if (batch->prompt && !opt_flag(batch->query.args, "quiet"))
        ui_say("one query a line; Ctrl-D ends");
    int status = w2v_lines_open(&lines, STDIN_FILENO, &error) == W2V_OK ? UI_DONE : ui_fail(&error);
    while (status == UI_DONE && !line.ended) {
        if (batch->prompt && wait)
            ui_prompt(batch->query.args->command);
        if (w2v_lines_next(lines, wait, &line, &error) != W2V_OK) {
            ui_shown("w2v: standard input: ", error.message, "");
            status = UI_FAILED;
            break;
        }
        batch->line = line.number;
        if (line.found)
            status = run_line(batch, line.text, line.n_bytes);
        if (status == UI_DONE && (!line.found || query_batch_is_full(batch)))
            status = query_batch_answer(batch);
        wait = !line.found;
    }
    if (batch->prompt) {
        fputc('\n', stderr);
        batch->status = UI_DONE; /* the person has seen what was wrong */
    }
    w2v_lines_close(lines);
    return status;
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* Sets what the options say about answers and candidates, and makes room for the answers. */
static int prepare_search(struct query_batch *batch)
{
    struct query *query = &batch->query;
    struct w2v_search_options *search = &query->search;
    const struct opt_args *args = query->args;
    const char *among = opt_text(args, "among"), *exclude = opt_text(args, "exclude");
    const bool quiet = opt_flag(args, "quiet");
    size_t n_words = w2v_n_words(query->model), k = (size_t)opt_number(args, "k");
    search->restrict_to = (size_t)opt_number(args, "restrict");
    search->threads = (unsigned)opt_number(args, "threads");
    if (batch->kind->expression || batch->kind->weights != NULL)
        query->method = opt_number(args, "method") == 1 ? W2V_MUL : W2V_ADD;
    if (opt_given(args, "min-score"))
        search->min_score = (float)opt_real(args, "min-score");
    if (among != NULL) {
        const int status = candidates_read(among, query->model, batch->folding, quiet,
                                           &batch->among, &search->n_among);
        if (status != UI_DONE)
            return status;
        if (search->n_among == 0 && !quiet)
            ui_note("no word of %s is in the vocabulary, so there are no answers", ui_name(among));
        search->among = batch->among;
    }
    if (exclude != NULL) {
        const int status = candidates_read(exclude, query->model, batch->folding, quiet,
                                           &batch->exclude, &search->n_exclude);
        if (status != UI_DONE)
            return status;
    }
    search->exclude = batch->exclude;
    if (k > n_words)
        k = n_words > 0 ? n_words : 1;
    search->k = k;
    if (batch->block > BLOCK_HITS / k)
        batch->block = BLOCK_HITS / k > 0 ? BLOCK_HITS / k : 1;
    if (k > SIZE_MAX / sizeof *query->hits / batch->block)
        return query_batch_no_memory();
    query->hits = malloc(batch->block * k * sizeof *query->hits);
    query->n_hits = malloc(batch->block * sizeof *query->n_hits);
    return query->hits != NULL && query->n_hits != NULL ? UI_DONE : query_batch_no_memory();
}

void query_note_subwords(const struct opt_args *args, const struct w2v_model *model)
{
    if (!w2v_has_subwords(model) && !opt_flag(args, "quiet"))
        ui_note("%s has no subwords; --oov subword finds no more words",
                ui_name(args->operands[0]));
}

/* Only one thing can be read from standard input. */
static int check_inputs(const struct opt_args *args, const struct query_kind *kind)
{
    static const char *const lists[] = {"among", "exclude"};
    const char *user = NULL;
    if (ui_is_standard_input(args->operands[0]))
        user = "the model";
    if (args->n_operands == 1 && user != NULL)
        return ui_usage(args, "model and queries cannot both come from standard input");
    if (args->n_operands == 1)
        user = "queries";
    for (size_t i = 0; kind->search && i < 2; i++) {
        const char *path = opt_text(args, lists[i]);
        if (path == NULL || !ui_is_standard_input(path))
            continue;
        if (user != NULL)
            return ui_usage(args, "%s and --%s cannot both come from standard input", user,
                            lists[i]);
        user = "--among";
    }
    return UI_DONE;
}

static int check(struct query_batch *batch, const struct opt_args *args)
{
    const struct query_kind *kind = batch->kind;
    if (args->n_operands == 0)
        return ui_usage(args, "no model; name a file");
    int status = check_inputs(args, kind);
    const size_t n = args->n_operands - 1;
    if (status == UI_DONE && n > 0)
        status = read_operands(batch, args);
    if (status == UI_DONE && n > 0 && !kind->expression &&
        (kind->width > 0 ? n % kind->width != 0 : n < kind->least) &&
        !is_sum(kind, batch->fields.items, n))
        return ui_usage(args, "%zu word%s; %s", n, ui_s(n), kind->takes);
    return status;
}

int query_run(const struct opt_args *args, const struct query_kind *kind)
{
    struct query_batch batch = {.kind = kind, .block = BLOCK, .status = UI_DONE};
    struct w2v_model *model;
    struct w2v_error error;
    int status = check(&batch, args);
    if (status == UI_DONE)
        status = open_model(args, args->operands[0], &model);
    if (status != UI_DONE) {
        query_batch_release(&batch);
        return status;
    }
    batch.query.args = args;
    batch.query.model = batch.composed.model = model;
    batch.query.json = opt_flag(args, "json");
    batch.query.method = W2V_ADD;
    batch.oov = opt_number(args, "oov");
    if (!opt_given(args, "oov") && w2v_has_subwords(model))
        batch.oov = OOV_SUBWORD;
    batch.query.rows = batch.oov == OOV_ROW;
    if (batch.oov == OOV_SUBWORD)
        query_note_subwords(args, model);
    w2v_search_options_init(&batch.query.search);
    if (opt_number(args, "case") == QUERY_FOLD &&
        w2v_folding_open(&batch.folding, model, &error) != W2V_OK)
        status = ui_fail(&error);
    batch.query.search.folding = batch.folding;
    if (status == UI_DONE && kind->search)
        status = prepare_search(&batch);
    if (status == UI_DONE)
        status = args->n_operands > 1 ? run_words(&batch) : run_input(&batch);
    composed_tell(&batch.composed, opt_flag(args, "quiet"));
    query_batch_release(&batch);
    w2v_close(model);
    return status != UI_DONE ? status : batch.status;
}
