/* What the query subcommands share. See query.h. */
#include "cli/query.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/candidates.h"
#include "cli/composed.h"
#include "cli/fields.h"
#include "cli/open.h"
#include "cli/ui.h"

enum { BLOCK = 1024 /* queries */, BLOCK_HITS = 1 << 22, BLOCK_WORDS = 1 << 16 };
enum { OOV_ERROR, OOV_SKIP, OOV_SUBWORD, OOV_ROW };

/* An array that grows. */
struct array {
    void *items;
    size_t n, capacity;
};

/* A word that waits: where its bytes and its vector stand in arrays that may move. */
struct waiting_word {
    size_t text, n_bytes, vector;
    int64_t id;
    double weight;
};

/* A query that waits: where its words end, and whether it has no answer. */
struct query_end {
    size_t end;
    bool lost;
};

/* Queries on their way to being answered. */
struct query_batch {
    struct query query;
    const struct query_kind *kind;
    size_t block; /* queries answered in one call */
    struct array words, text, vectors, asked, known;
    struct array fields;         /* struct field: the words of the line being read */
    struct array ends;           /* struct query_end, of each waiting query */
    size_t begin;                /* where the words of the one being read begin */
    bool lost;                   /* a word of it is not there */
    bool prompt;                 /* a person is at a terminal */
    uint64_t oov, line;          /* --oov; the line being read, 0: the command line */
    struct w2v_folding *folding; /* --case fold */
    struct composed composed;
    size_t *among, *exclude;
    int status; /* UI_FAILED once a query could not be answered */
};

static int out_of_memory(void)
{
    ui_error("out of memory for the queries");
    return UI_FAILED;
}

/* Room for n more items of `size` bytes at the end; returns the place, or NULL. */
static void *extend(struct array *array, size_t n, size_t size)
{
    if (array->items == NULL || n > array->capacity - array->n) {
        size_t capacity = array->capacity < 256 ? 256 : array->capacity;
        while (capacity - array->n < n) {
            if (capacity > SIZE_MAX / 2 / size)
                return NULL;
            capacity *= 2;
        }
        void *items = realloc(array->items, capacity * size);
        if (items == NULL)
            return NULL;
        array->items = items;
        array->capacity = capacity;
    }
    array->n += n;
    return (char *)array->items + (array->n - n) * size;
}

/* ---- Words ----------------------------------------------------------------------------------- */

/* "standard input:12: " or nothing. */
static const char *place(const struct query_batch *batch, char *text, size_t size)
{
    text[0] = '\0';
    if (batch->line > 0 && !batch->prompt)
        snprintf(text, size, "standard input:%llu: ", (unsigned long long)batch->line);
    return text;
}

static void suggest(const struct query_batch *batch, const char *before, const char *word, size_t n)
{
    char text[512] = "";
    size_t ids[5], n_bytes;
    const size_t n_ids = w2v_suggest(batch->query.model, word, n, ids, 5);
    for (size_t i = 0; i < n_ids; i++) {
        const char *other = w2v_word(batch->query.model, ids[i], &n_bytes);
        const size_t used = strlen(text);
        snprintf(text + used, sizeof text - used, "%s%.*s", i > 0 ? ", " : "",
                 n_bytes > 80 ? 80 : (int)n_bytes, other);
    }
    ui_error("%s%s%s", before, n_ids > 0 ? "; the nearest: " : "", text);
}

static void not_found(struct query_batch *batch, const char *word, size_t n)
{
    char where[64], message[512];
    size_t n_bytes;
    if (batch->oov == OOV_ROW)
        return; /* the row says it */
    if (batch->oov != OOV_SKIP)
        batch->status = UI_FAILED;
    else if (opt_flag(batch->query.args, "quiet"))
        return;
    place(batch, where, sizeof where);
    snprintf(message, sizeof message, "%s'%.*s' is not in the vocabulary", where,
             n > 256 ? 256 : (int)n, word);
    struct w2v_error error; /* without the hint the message is still right */
    int64_t folded;
    if (w2v_find_folded(batch->query.model, word, n, &folded, &error) == W2V_OK && folded >= 0) {
        const char *other = w2v_word(batch->query.model, (size_t)folded, &n_bytes);
        ui_error("%s; '%.*s' is", message, n_bytes > 256 ? 256 : (int)n_bytes, other);
    } else if (batch->kind->weights != NULL && n == 1 && strchr("+-*", *word) != NULL) {
        ui_error("%s; an expression of so few words needs --expr", message);
    } else if (batch->prompt) {
        suggest(batch, message, word, n);
    } else {
        ui_error("%s", message);
    }
}

/* Gives a word that is not in the vocabulary a vector, if the model can. */
static int make_vector(struct query_batch *batch, const char *word, size_t n,
                       struct waiting_word *waiting, bool *made)
{
    const size_t dim = w2v_dim(batch->query.model);
    float *vector = extend(&batch->vectors, dim, sizeof *vector);
    if (vector == NULL)
        return out_of_memory();
    waiting->vector = batch->vectors.n - dim;
    *made = batch->folding != NULL ? w2v_vector_folded(batch->query.model, word, n, vector)
                                   : w2v_vector_of(batch->query.model, word, n, vector);
    return !*made || composed_add(&batch->composed, word, n) ? UI_DONE : out_of_memory();
}

/* One word of the query being read. A word that is not found costs the query. */
static int add_word(struct query_batch *batch, const char *word, size_t n, double weight)
{
    const struct w2v_model *model = batch->query.model;
    struct waiting_word waiting = {.n_bytes = n, .weight = weight};
    struct w2v_error error;
    bool made = false;
    if (batch->folding == NULL)
        waiting.id = w2v_find(model, word, n);
    else if (w2v_folding_find(batch->folding, word, n, &waiting.id, &error) != W2V_OK)
        return ui_fail(&error);
    if (waiting.id < 0 && batch->oov == OOV_SUBWORD &&
        make_vector(batch, word, n, &waiting, &made) != UI_DONE)
        return UI_FAILED;
    if (waiting.id < 0 && !made) {
        if (w2v_unchanged(model, &error) != W2V_OK) /* it may have been there */
            return ui_fail(&error);
        not_found(batch, word, n);
        batch->lost = true;
        if (batch->oov != OOV_ROW)
            return UI_DONE;
        waiting.id = -1;
        waiting.vector = SIZE_MAX;
    }
    char *text = extend(&batch->text, n, 1);
    struct waiting_word *place_of = extend(&batch->words, 1, sizeof waiting);
    if (text == NULL || place_of == NULL)
        return out_of_memory();
    if (n > 0)
        memcpy(text, word, n);
    waiting.text = batch->text.n - n;
    *place_of = waiting;
    return UI_DONE;
}

/* The query being read ends. */
static int end_query(struct query_batch *batch)
{
    if (batch->lost && batch->oov != OOV_ROW) {
        batch->words.n = batch->begin;
    } else {
        struct query_end *ending = extend(&batch->ends, 1, sizeof *ending);
        if (ending == NULL)
            return out_of_memory();
        *ending = (struct query_end){batch->words.n, batch->lost};
    }
    batch->begin = batch->words.n;
    batch->lost = false;
    return UI_DONE;
}

/* A line that is no query: with --oov row it has a row all the same, as a query of one word. */
static int lose_line(struct query_batch *batch, const char *line, size_t n)
{
    if (batch->oov != OOV_ROW)
        return UI_DONE;
    batch->lost = true;
    batch->words.n = batch->begin;
    char *text = extend(&batch->text, n, 1);
    struct waiting_word *waiting = extend(&batch->words, 1, sizeof *waiting);
    if (text == NULL || waiting == NULL)
        return out_of_memory();
    if (n > 0)
        memcpy(text, line, n);
    *waiting = (struct waiting_word){batch->text.n - n, n, SIZE_MAX, -1, 1};
    return end_query(batch);
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

/* Words and queries as the subcommands take them, now that the arrays stay where they are. */
static int make_queries(struct query_batch *batch)
{
    const struct waiting_word *waiting = batch->words.items;
    const struct query_end *ends = batch->ends.items;
    batch->known.n = batch->asked.n = 0;
    struct query_word *words = extend(&batch->known, batch->words.n, sizeof *words);
    struct query_asked *asked = extend(&batch->asked, batch->ends.n, sizeof *asked);
    if (words == NULL || asked == NULL)
        return out_of_memory();
    for (size_t i = 0; i < batch->words.n; i++) {
        words[i] = (struct query_word){.text = (const char *)batch->text.items + waiting[i].text,
                                       .n_bytes = waiting[i].n_bytes,
                                       .id = waiting[i].id,
                                       .weight = waiting[i].weight};
        if (waiting[i].id < 0 && waiting[i].vector != SIZE_MAX)
            words[i].vector = (const float *)batch->vectors.items + waiting[i].vector;
    }
    for (size_t q = 0, begin = 0; q < batch->ends.n; begin = ends[q++].end)
        asked[q] = (struct query_asked){words + begin, ends[q].end - begin, ends[q].lost};
    return UI_DONE;
}

/* Answers what is waiting. */
static int answer(struct query_batch *batch)
{
    struct w2v_error error;
    const size_t n_asked = batch->ends.n;
    if (n_asked == 0)
        return UI_DONE;
    if (make_queries(batch) != UI_DONE)
        return UI_FAILED;
    const struct query_asked *asked = batch->asked.items;
    for (size_t i = 0; i < n_asked; i += batch->block) {
        const size_t n = n_asked - i < batch->block ? n_asked - i : batch->block;
        if (batch->kind->answer(&batch->query, asked + i, n, &error) != W2V_OK)
            return ui_fail(&error);
    }
    batch->words.n = batch->text.n = batch->vectors.n = batch->ends.n = batch->begin = 0;
    if (batch->prompt)
        composed_tell(&batch->composed, opt_flag(batch->query.args, "quiet"));
    if (w2v_unchanged(batch->query.model, &error) != W2V_OK)
        return ui_fail(&error);
    return ui_flush();
}

static bool is_full(const struct query_batch *batch)
{
    return batch->ends.n >= batch->block || batch->words.n >= BLOCK_WORDS;
}

/* ---- Lines ----------------------------------------------------------------------------------- */

/* Of word i of a query. */
static double weight_of(const struct query_kind *kind, size_t i)
{
    return kind->weights != NULL ? kind->weights[i % kind->width] : 1;
}

/* A line, or an operand, that is one expression. */
static int run_expression(struct query_batch *batch, const char *line, size_t n)
{
    struct w2v_expression expression;
    struct w2v_error error;
    char where[64];
    int status = UI_DONE;
    if (w2v_parse_expression(&expression, line, n, &error) != W2V_OK) {
        char before[512];
        const char *rest = line;
        size_t n_rest = n < 100 ? n : 100;
        const int n_place =
            snprintf(before, sizeof before, "w2v: %s'", place(batch, where, sizeof where));
        before[(size_t)n_place + w2v_escape(before + n_place, sizeof before - 1 - (size_t)n_place,
                                            &rest, &n_rest)] = '\0';
        ui_shown(before, "': ", error.message);
        batch->status = batch->line == 0 ? UI_USAGE : UI_FAILED;
        return lose_line(batch, line, n);
    }
    for (size_t i = 0; status == UI_DONE && i < expression.n_terms; i++) {
        const struct w2v_expression_term *term = &expression.terms[i];
        if (batch->query.method == W2V_MUL && !batch->lost &&
            ((term->weight < 1 && term->weight > -1) || term->weight > 1 || term->weight < -1)) {
            ui_error("%s'%.*s': weights need --method add", place(batch, where, sizeof where),
                     n > 256 ? 256 : (int)n, line);
            batch->status = batch->line == 0 ? UI_USAGE : UI_FAILED;
            batch->lost = true;
        }
        status = add_word(batch, term->word, term->n_bytes, term->weight);
    }
    w2v_expression_release(&expression);
    return status == UI_DONE ? end_query(batch) : status;
}

/* Whether the words are a sum such as king - man + woman, longer than the three words A B C. */
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
        status = add_word(batch, fields[i].text, fields[i].n_bytes,
                          i > 0 && *fields[i - 1].text == '-' ? -1 : 1);
    return status == UI_DONE ? end_query(batch) : status;
}

/* Words that are whole queries. */
static int run_fields(struct query_batch *batch, const struct field *fields, size_t n)
{
    const size_t width = batch->kind->width > 0 ? batch->kind->width : n;
    int status = UI_DONE;
    if (is_sum(batch->kind, fields, n))
        return run_sum(batch, fields, n);
    for (size_t i = 0; status == UI_DONE && i < n; i++) {
        status = add_word(batch, fields[i].text, fields[i].n_bytes, weight_of(batch->kind, i));
        if (status == UI_DONE && (i + 1) % width == 0) {
            status = end_query(batch);
            if (status == UI_DONE && is_full(batch))
                status = answer(batch);
        }
    }
    return status;
}

/* Whether so many words are one query, or, where a query is a word, as many as they are. */
static bool is_query(const struct query_kind *kind, const struct field *fields, size_t n)
{
    return (kind->width > 1 ? n == kind->width : n >= kind->least) || is_sum(kind, fields, n);
}

/* A line of words: as many queries as there are words to them. */
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
        field = extend(&batch->fields, 1, sizeof *field);
        if (field == NULL)
            return out_of_memory();
        *field = one;
    }
    const size_t n_words = batch->fields.n;
    if (n_words == 0)
        return batch->prompt ? UI_DONE : lose_line(batch, "", 0);
    if (!is_query(kind, batch->fields.items, n_words)) {
        ui_error("%s%zu word%s; %s", place(batch, where, sizeof where), n_words, ui_s(n_words),
                 kind->takes);
        batch->status = UI_FAILED;
        return lose_line(batch, line, n);
    }
    return run_fields(batch, batch->fields.items, n_words);
}

/* The operands behind the model. */
static int read_operands(struct query_batch *batch, const struct opt_args *args)
{
    const size_t n = args->n_operands - 1;
    struct field *fields = extend(&batch->fields, n, sizeof *fields);
    if (fields == NULL)
        return out_of_memory();
    for (size_t i = 0; i < n; i++)
        fields[i] = (struct field){args->operands[i + 1], strlen(args->operands[i + 1])};
    return UI_DONE;
}

/* The words of the command line, which are known to be whole queries. */
static int run_words(struct query_batch *batch)
{
    const struct field *fields = batch->fields.items;
    int status = UI_DONE;
    if (!batch->kind->expression)
        status = run_fields(batch, fields, batch->fields.n);
    for (size_t i = 0; batch->kind->expression && status == UI_DONE && i < batch->fields.n; i++)
        status = run_expression(batch, fields[i].text, fields[i].n_bytes);
    return status == UI_DONE ? answer(batch) : status;
}

static int run_input(struct query_batch *batch)
{
    struct w2v_lines *lines = NULL;
    struct w2v_line line = {.ended = false};
    struct w2v_error error;
    bool wait = true;
    batch->prompt = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    int status = w2v_lines_open(&lines, STDIN_FILENO, &error) == W2V_OK ? UI_DONE : ui_fail(&error);
    while (status == UI_DONE && !line.ended) {
        if (batch->prompt && wait)
            fprintf(stderr, "%s> ", batch->query.args->command);
        if (w2v_lines_next(lines, wait, &line, &error) != W2V_OK) {
            ui_error("standard input: %s", error.message);
            status = UI_FAILED;
            break;
        }
        batch->line = line.number;
        if (line.found)
            status = run_line(batch, line.text, line.n_bytes);
        if (status == UI_DONE && (!line.found || is_full(batch)))
            status = answer(batch);
        wait = !line.found;
    }
    if (batch->prompt) {
        fputc('\n', stderr);
        batch->status = UI_DONE; /* what was wrong the person has seen */
    }
    w2v_lines_close(lines);
    return status;
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* Sets what the options say of answers and candidates, and takes memory for the answers. */
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
        static const size_t none;
        if (candidates_read(among, query->model, batch->folding, quiet, &batch->among,
                            &search->n_among) != UI_DONE)
            return UI_FAILED;
        search->among = batch->among != NULL ? batch->among : &none;
    }
    if (exclude != NULL && candidates_read(exclude, query->model, batch->folding, quiet,
                                           &batch->exclude, &search->n_exclude) != UI_DONE)
        return UI_FAILED;
    search->exclude = batch->exclude;
    if (k > n_words)
        k = n_words > 0 ? n_words : 1;
    search->k = k;
    if (batch->block > BLOCK_HITS / k)
        batch->block = BLOCK_HITS / k > 0 ? BLOCK_HITS / k : 1;
    if (k > SIZE_MAX / sizeof *query->hits / batch->block)
        return out_of_memory();
    query->hits = malloc(batch->block * k * sizeof *query->hits);
    query->n_hits = malloc(batch->block * sizeof *query->n_hits);
    return query->hits != NULL && query->n_hits != NULL ? UI_DONE : out_of_memory();
}

/* Standard input has one use. */
static int check_inputs(const struct opt_args *args, const struct query_kind *kind)
{
    static const char *const lists[] = {"among", "exclude"};
    const char *user = NULL;
    if (strcmp(args->operands[0], "-") == 0)
        user = "the model";
    if (args->n_operands == 1 && user != NULL)
        return ui_usage(args, "model and queries cannot both come from standard input");
    if (args->n_operands == 1)
        user = "queries";
    for (size_t i = 0; kind->search && i < 2; i++) {
        const char *path = opt_text(args, lists[i]);
        if (path == NULL || strcmp(path, "-") != 0)
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

static void release(struct query_batch *batch)
{
    struct array *const arrays[] = {&batch->words, &batch->text,   &batch->vectors, &batch->asked,
                                    &batch->known, &batch->fields, &batch->ends};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]->items);
    free(batch->among);
    free(batch->exclude);
    free(batch->query.hits);
    free(batch->query.n_hits);
    w2v_folding_close(batch->folding);
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
        release(&batch);
        return status;
    }
    batch.query.args = args;
    batch.query.model = model;
    batch.query.json = opt_flag(args, "json");
    batch.query.method = W2V_ADD;
    batch.oov = opt_number(args, "oov");
    if (!opt_given(args, "oov") && w2v_has_subwords(model))
        batch.oov = OOV_SUBWORD;
    batch.query.rows = batch.oov == OOV_ROW;
    if (batch.oov == OOV_SUBWORD && !w2v_has_subwords(model) && !opt_flag(args, "quiet"))
        ui_error("%s: the model has no subwords; --oov subword finds no more words",
                 args->operands[0]);
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
    release(&batch);
    w2v_close(model);
    return status != UI_DONE ? status : batch.status;
}
