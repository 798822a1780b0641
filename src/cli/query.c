/* What the query subcommands share. See query.h. */
#include "cli/query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/lines.h"
#include "cli/open.h"
#include "cli/ui.h"

enum { BLOCK = 1024 /* queries */, BLOCK_HITS = 1 << 22 };

/* Queries on their way to being answered. */
struct batch {
    struct query query;
    const struct query_kind *kind;
    size_t block; /* queries answered in one call */
    size_t *ids;  /* whole queries, and at the end the one being read */
    size_t n_ids, capacity;
    bool skip;  /* --oov skip */
    int status; /* UI_FAILED once a query could not be answered */
};

static int out_of_memory(void)
{
    ui_error("out of memory for the queries");
    return UI_FAILED;
}

/* ---- Words ----------------------------------------------------------------------------------- */

/* Whether the word without its ASCII capitals is in the vocabulary; it is then in `lower`. */
static bool find_lower(const struct w2v_model *model, const char *word, size_t n, char *lower,
                       size_t size)
{
    if (n >= size)
        return false;
    for (size_t i = 0; i < n; i++)
        lower[i] = (char)(word[i] >= 'A' && word[i] <= 'Z' ? word[i] - 'A' + 'a' : word[i]);
    lower[n] = '\0';
    return w2v_find(model, lower, n) >= 0;
}

/* "standard input:12: " or nothing. */
static const char *place(char *text, size_t size, uint64_t line)
{
    text[0] = '\0';
    if (line > 0)
        snprintf(text, size, "standard input:%llu: ", (unsigned long long)line);
    return text;
}

static void not_found(struct batch *batch, const char *word, size_t n, uint64_t line)
{
    char where[64], lower[256];
    int shown = n > 256 ? 256 : (int)n;
    if (!batch->skip)
        batch->status = UI_FAILED;
    else if (opt_flag(batch->query.args, "quiet"))
        return;
    place(where, sizeof where, line);
    if (find_lower(batch->query.model, word, n, lower, sizeof lower))
        ui_error("%s'%.*s' is not in the vocabulary; '%s' is", where, shown, word, lower);
    else
        ui_error("%s'%.*s' is not in the vocabulary", where, shown, word);
}

static int push(struct batch *batch, size_t id)
{
    if (batch->n_ids == batch->capacity) {
        if (batch->capacity > SIZE_MAX / 2 / sizeof *batch->ids)
            return out_of_memory();
        size_t capacity = batch->capacity == 0 ? 256 : 2 * batch->capacity;
        size_t *ids = realloc(batch->ids, capacity * sizeof *ids);
        if (ids == NULL)
            return out_of_memory();
        batch->ids = ids;
        batch->capacity = capacity;
    }
    batch->ids[batch->n_ids++] = id;
    return UI_DONE;
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

/* Answers what is waiting. */
static int answer(struct batch *batch)
{
    struct w2v_error error;
    size_t width = batch->kind->width;
    size_t most = width == 0 ? batch->n_ids : batch->block * width;
    for (size_t i = 0; i < batch->n_ids; i += most) {
        size_t n = batch->n_ids - i < most ? batch->n_ids - i : most;
        if (batch->kind->answer(&batch->query, batch->ids + i, n, &error) != W2V_OK)
            return ui_fail(&error);
    }
    batch->n_ids = 0;
    return w2v_unchanged(batch->query.model, &error) == W2V_OK ? UI_DONE : ui_fail(&error);
}

/*
 * One word of the query that began at batch->ids[*begin]. A word that is not found costs its query:
 * *lost is set until the query's last word.
 */
static int add_word(struct batch *batch, const char *word, size_t n, uint64_t line, size_t *begin,
                    size_t *n_read, bool *lost)
{
    int64_t id = w2v_find(batch->query.model, word, n);
    if (id < 0) {
        not_found(batch, word, n, line);
        *lost = true;
    }
    if (push(batch, id < 0 ? 0 : (size_t)id) != UI_DONE)
        return UI_FAILED;
    if (++*n_read == batch->kind->width) {
        if (*lost)
            batch->n_ids = *begin;
        *begin = batch->n_ids;
        *n_read = 0;
        *lost = false;
    }
    return UI_DONE;
}

/* A query of any width ends. */
static int end_wide(struct batch *batch, size_t begin, bool lost)
{
    if (lost)
        batch->n_ids = begin;
    return batch->n_ids > 0 ? answer(batch) : UI_DONE;
}

/* The words of the command line, which are known to be whole queries. */
static int run_words(struct batch *batch, char **words, size_t n_words)
{
    size_t begin = 0, n_read = 0;
    bool lost = false;
    for (size_t i = 0; i < n_words; i++)
        if (add_word(batch, words[i], strlen(words[i]), 0, &begin, &n_read, &lost) != UI_DONE)
            return UI_FAILED;
    int status = batch->kind->width == 0 ? end_wide(batch, begin, lost) : answer(batch);
    return status == UI_DONE ? ui_flush() : status;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static size_t count_words(const char *line, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += !is_blank(line[i]) && (i == 0 || is_blank(line[i - 1]));
    return count;
}

static int run_line(struct batch *batch, const char *line, size_t n, uint64_t number)
{
    const struct query_kind *kind = batch->kind;
    size_t n_words = count_words(line, n), begin = batch->n_ids, n_read = 0;
    bool lost = false;
    char where[64];
    if (n_words == 0)
        return UI_DONE;
    if (kind->width > 1 ? n_words != kind->width : n_words < kind->least) {
        ui_error("%s%zu %s; %s", place(where, sizeof where, number), n_words,
                 n_words == 1 ? "word" : "words", kind->takes);
        batch->status = UI_FAILED;
        return UI_DONE;
    }
    for (size_t i = 0; i < n;) {
        size_t start = i;
        while (i < n && !is_blank(line[i]))
            i++;
        if (i > start &&
            add_word(batch, line + start, i - start, number, &begin, &n_read, &lost) != UI_DONE)
            return UI_FAILED;
        while (i < n && is_blank(line[i]))
            i++;
    }
    return kind->width == 0 ? end_wide(batch, begin, lost) : UI_DONE;
}

static int run_input(struct batch *batch)
{
    const struct query_kind *kind = batch->kind;
    struct lines lines;
    int status = UI_DONE;
    bool wait = true;
    lines_init(&lines, STDIN_FILENO);
    for (;;) {
        char *line;
        size_t n;
        enum lines_outcome outcome = lines_next(&lines, wait, &line, &n);
        if (outcome == LINES_FAILED) {
            ui_error("standard input: cannot read: %s", strerror(errno));
            status = UI_FAILED;
            break;
        }
        if (outcome == LINES_LINE)
            status = run_line(batch, line, n, lines.number);
        bool full = kind->width > 0 && batch->n_ids >= batch->block * kind->width;
        if (status == UI_DONE && (outcome != LINES_LINE || full)) {
            status = answer(batch);
            if (status == UI_DONE)
                status = ui_flush();
        }
        wait = outcome == LINES_WAIT;
        if (outcome == LINES_END || status != UI_DONE)
            break;
    }
    lines_release(&lines);
    return status;
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* Sets k, restrict_to and the block from options and model, and takes memory for the answers. */
static int prepare_search(struct batch *batch)
{
    struct query *query = &batch->query;
    size_t n_words = w2v_n_words(query->model), k = (size_t)opt_number(query->args, "k");
    query->search.restrict_to = (size_t)opt_number(query->args, "restrict");
    query->search.threads = (unsigned)opt_number(query->args, "threads");
    if (k > n_words)
        k = n_words > 0 ? n_words : 1;
    query->search.k = k;
    if (batch->block > BLOCK_HITS / k)
        batch->block = BLOCK_HITS / k > 0 ? BLOCK_HITS / k : 1;
    if (k > SIZE_MAX / sizeof *query->hits / batch->block)
        return out_of_memory();
    query->hits = malloc(batch->block * k * sizeof *query->hits);
    query->n_hits = malloc(batch->block * sizeof *query->n_hits);
    return query->hits != NULL && query->n_hits != NULL ? UI_DONE : out_of_memory();
}

static int check(const struct opt_args *args, const struct query_kind *kind)
{
    if (args->n_operands == 0)
        return ui_usage(args, "no model; name a file");
    size_t n = args->n_operands - 1;
    if (n == 0)
        return strcmp(args->operands[0], "-") != 0
                   ? UI_DONE
                   : ui_usage(args, "model and queries cannot both come from standard input");
    if (kind->width > 0 ? n % kind->width != 0 : n < kind->least)
        return ui_usage(args, "%zu %s; %s", n, n == 1 ? "word" : "words", kind->takes);
    return UI_DONE;
}

int query_run(const struct opt_args *args, const struct query_kind *kind)
{
    struct batch batch = {.kind = kind, .block = BLOCK, .status = UI_DONE};
    struct w2v_model *model;
    int status = check(args, kind);
    if (status != UI_DONE)
        return status;
    if (open_model(args, args->operands[0], &model) != UI_DONE)
        return UI_FAILED;
    batch.query.args = args;
    batch.query.model = model;
    batch.query.json = opt_flag(args, "json");
    batch.skip = opt_number(args, "oov") == 1;
    w2v_search_options_init(&batch.query.search);
    if (kind->search)
        status = prepare_search(&batch);
    if (status == UI_DONE)
        status = args->n_operands > 1 ? run_words(&batch, args->operands + 1, args->n_operands - 1)
                                      : run_input(&batch);
    free(batch.query.hits);
    free(batch.query.n_hits);
    free(batch.ids);
    w2v_close(model);
    return status != UI_DONE ? status : batch.status;
}
