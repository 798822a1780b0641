/* What the query subcommands share. See query.h. */
#include "cli/query.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/candidates.h"
#include "cli/lines.h"
#include "cli/open.h"
#include "cli/row.h"
#include "cli/ui.h"

enum { BLOCK = 1024 /* queries */, BLOCK_HITS = 1 << 22, BLOCK_WORDS = 1 << 16 };
enum { OOV_ERROR, OOV_SKIP, OOV_SUBWORD };

/* An array that grows. */
struct array {
    void *items;
    size_t n, capacity;
};

/* A word that waits: where its bytes and its vector stand in arrays that may move. */
struct waiting {
    size_t text, n_bytes, vector;
    int64_t id;
    double weight;
};

/* Queries on their way to being answered. */
struct batch {
    struct query query;
    const struct query_kind *kind;
    size_t block; /* queries answered in one call */
    struct array words, text, vectors, asked, known;
    struct array ends;  /* size_t: where the words of each waiting query end */
    size_t begin;       /* where those of the one being read begin */
    bool lost;          /* a word of it is not there */
    bool fold;          /* --case fold */
    bool prompt;        /* a person is at a terminal */
    uint64_t oov, line; /* --oov; the line being read, 0: the command line */
    size_t *among, *exclude;
    int status; /* UI_FAILED once a query could not be answered */
};

static int out_of_memory(void)
{
    ui_error("out of memory for the queries");
    return UI_FAILED;
}

int query_no_memory(struct w2v_error *error)
{
    *error = (struct w2v_error){W2V_ENOMEM, "out of memory for an answer"};
    return W2V_ENOMEM;
}

/* Room for n more items of `size` bytes at the end; returns the place, or NULL. */
static void *extend(struct array *array, size_t n, size_t size)
{
    if (n > array->capacity - array->n) {
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
static const char *place(const struct batch *batch, char *text, size_t size)
{
    text[0] = '\0';
    if (batch->line > 0 && !batch->prompt)
        snprintf(text, size, "standard input:%llu: ", (unsigned long long)batch->line);
    return text;
}

static void suggest(const struct batch *batch, const char *before, const char *word, size_t n)
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

static void not_found(struct batch *batch, const char *word, size_t n)
{
    char where[64], message[512];
    size_t n_bytes;
    if (batch->oov != OOV_SKIP)
        batch->status = UI_FAILED;
    else if (opt_flag(batch->query.args, "quiet"))
        return;
    place(batch, where, sizeof where);
    snprintf(message, sizeof message, "%s'%.*s' is not in the vocabulary", where,
             n > 256 ? 256 : (int)n, word);
    const int64_t folded = w2v_find_folded(batch->query.model, word, n);
    if (folded >= 0) {
        const char *other = w2v_word(batch->query.model, (size_t)folded, &n_bytes);
        ui_error("%s; '%.*s' is", message, n_bytes > 256 ? 256 : (int)n_bytes, other);
    } else if (batch->prompt) {
        suggest(batch, message, word, n);
    } else {
        ui_error("%s", message);
    }
}

/* Gives a word that is not in the vocabulary a vector, if the model can. */
static int make_vector(struct batch *batch, const char *word, size_t n, struct waiting *waiting,
                       bool *made)
{
    const size_t dim = w2v_dim(batch->query.model);
    float *vector = extend(&batch->vectors, dim, sizeof *vector);
    if (vector == NULL)
        return out_of_memory();
    waiting->vector = batch->vectors.n - dim;
    *made = w2v_vector_of(batch->query.model, word, n, vector);
    return UI_DONE;
}

/* One word of the query being read. A word that is not found costs the query. */
static int add_word(struct batch *batch, const char *word, size_t n, double weight)
{
    const struct w2v_model *model = batch->query.model;
    struct waiting waiting = {.n_bytes = n, .weight = weight};
    waiting.id = batch->fold ? w2v_find_folded(model, word, n) : w2v_find(model, word, n);
    bool made = false;
    if (waiting.id == W2V_ENOMEM)
        return out_of_memory();
    if (waiting.id < 0 && batch->oov == OOV_SUBWORD &&
        make_vector(batch, word, n, &waiting, &made) != UI_DONE)
        return UI_FAILED;
    if (waiting.id < 0 && !made) {
        struct w2v_error error;
        if (w2v_unchanged(model, &error) != W2V_OK) /* it may have been there */
            return ui_fail(&error);
        not_found(batch, word, n);
        batch->lost = true;
        return UI_DONE;
    }
    char *text = extend(&batch->text, n, 1);
    struct waiting *place_of = extend(&batch->words, 1, sizeof waiting);
    if (text == NULL || place_of == NULL)
        return out_of_memory();
    if (n > 0)
        memcpy(text, word, n);
    waiting.text = batch->text.n - n;
    *place_of = waiting;
    return UI_DONE;
}

/* The query being read ends. */
static int end_query(struct batch *batch)
{
    if (batch->lost) {
        batch->words.n = batch->begin;
    } else {
        size_t *end = extend(&batch->ends, 1, sizeof *end);
        if (end == NULL)
            return out_of_memory();
        *end = batch->words.n;
    }
    batch->begin = batch->words.n;
    batch->lost = false;
    return UI_DONE;
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

/* Words and queries as the subcommands take them, now that the arrays stay where they are. */
static int settle(struct batch *batch)
{
    const struct waiting *waiting = batch->words.items;
    const size_t *ends = batch->ends.items;
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
        if (waiting[i].id < 0)
            words[i].vector = (const float *)batch->vectors.items + waiting[i].vector;
    }
    for (size_t q = 0, begin = 0; q < batch->ends.n; begin = ends[q++])
        asked[q] = (struct query_asked){words + begin, ends[q] - begin};
    return UI_DONE;
}

/* Answers what is waiting. */
static int answer(struct batch *batch)
{
    struct w2v_error error;
    const size_t n_asked = batch->ends.n;
    if (n_asked == 0)
        return UI_DONE;
    if (settle(batch) != UI_DONE)
        return UI_FAILED;
    const struct query_asked *asked = batch->asked.items;
    for (size_t i = 0; i < n_asked; i += batch->block) {
        const size_t n = n_asked - i < batch->block ? n_asked - i : batch->block;
        if (batch->kind->answer(&batch->query, asked + i, n, &error) != W2V_OK)
            return ui_fail(&error);
    }
    batch->words.n = batch->text.n = batch->vectors.n = batch->ends.n = batch->begin = 0;
    if (w2v_unchanged(batch->query.model, &error) != W2V_OK)
        return ui_fail(&error);
    return ui_flush();
}

static bool is_full(const struct batch *batch)
{
    return batch->ends.n >= batch->block || batch->words.n >= BLOCK_WORDS;
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

/* Of word i of a query. */
static double weight_of(const struct query_kind *kind, size_t i)
{
    return kind->weights != NULL ? kind->weights[i % kind->width] : 1;
}

/* A line, or an operand, that is one expression. */
static int run_expression(struct batch *batch, const char *line, size_t n)
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
        return UI_DONE;
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

/* A line of words: as many queries as there are words to them. */
static int run_line(struct batch *batch, const char *line, size_t n)
{
    const struct query_kind *kind = batch->kind;
    size_t n_words = count_words(line, n), n_read = 0;
    char where[64];
    int status = UI_DONE;
    if (n_words == 0)
        return UI_DONE;
    if (kind->expression)
        return run_expression(batch, line, n);
    if (kind->width > 1 ? n_words != kind->width : n_words < kind->least) {
        ui_error("%s%zu %s; %s", place(batch, where, sizeof where), n_words,
                 n_words == 1 ? "word" : "words", kind->takes);
        batch->status = UI_FAILED;
        return UI_DONE;
    }
    for (size_t i = 0; status == UI_DONE && i < n;) {
        size_t start = i;
        while (i < n && !is_blank(line[i]))
            i++;
        if (i > start) {
            status = add_word(batch, line + start, i - start, weight_of(kind, n_read));
            if (status == UI_DONE && ++n_read % (kind->width > 0 ? kind->width : n_words) == 0) {
                status = end_query(batch);
                if (status == UI_DONE && is_full(batch))
                    status = answer(batch);
            }
        }
        while (i < n && is_blank(line[i]))
            i++;
    }
    return status;
}

/* The words of the command line, which are known to be whole queries. */
static int run_words(struct batch *batch, char **words, size_t n_words)
{
    const size_t width = batch->kind->width > 0 ? batch->kind->width : n_words;
    int status = UI_DONE;
    for (size_t i = 0; status == UI_DONE && i < n_words; i++) {
        if (batch->kind->expression) {
            status = run_expression(batch, words[i], strlen(words[i]));
            continue;
        }
        status = add_word(batch, words[i], strlen(words[i]), weight_of(batch->kind, i));
        if (status == UI_DONE && (i + 1) % width == 0)
            status = end_query(batch);
    }
    return status == UI_DONE ? answer(batch) : status;
}

static int run_input(struct batch *batch)
{
    struct lines lines;
    int status = UI_DONE;
    bool wait = true;
    batch->prompt = isatty(STDIN_FILENO) && isatty(STDERR_FILENO);
    lines_init(&lines, STDIN_FILENO);
    while (status == UI_DONE) {
        char *line;
        size_t n;
        if (batch->prompt && wait)
            fprintf(stderr, "%s> ", batch->query.args->command);
        enum lines_outcome outcome = lines_next(&lines, wait, &line, &n);
        if (outcome == LINES_FAILED) {
            ui_error("standard input: cannot read: %s", strerror(errno));
            status = UI_FAILED;
            break;
        }
        batch->line = lines.number;
        if (outcome == LINES_LINE)
            status = run_line(batch, line, n);
        if (status == UI_DONE && (outcome != LINES_LINE || is_full(batch)))
            status = answer(batch);
        wait = outcome == LINES_WAIT;
        if (outcome == LINES_END)
            break;
    }
    if (batch->prompt) {
        fputc('\n', stderr);
        batch->status = UI_DONE; /* what was wrong the person has seen */
    }
    lines_release(&lines);
    return status;
}

/* ---- Answers --------------------------------------------------------------------------------- */

int query_search(const struct query *query, const struct query_asked *asked, size_t n,
                 struct w2v_error *error)
{
    size_t n_words = 0;
    for (size_t q = 0; q < n; q++)
        n_words += asked[q].n_words;
    struct w2v_term *terms = calloc(n_words, sizeof *terms);
    struct w2v_query *queries = calloc(n, sizeof *queries);
    int code = terms != NULL && queries != NULL ? W2V_OK : query_no_memory(error);
    for (size_t q = 0, i = 0; code == W2V_OK && q < n; q++) {
        queries[q] = (struct w2v_query){terms + i, asked[q].n_words};
        for (size_t j = 0; j < asked[q].n_words; j++) {
            const struct query_word *word = &asked[q].words[j];
            terms[i++] = (struct w2v_term){word->id, word->vector, word->weight};
        }
    }
    if (code == W2V_OK)
        code = w2v_search(query->model, queries, n, query->method, &query->search, query->hits,
                          query->n_hits, error);
    free(terms);
    free(queries);
    return code;
}

void query_print(const struct query *query, size_t i, const char *label, size_t n_label,
                 const char *score)
{
    for (size_t j = 0; j < query->n_hits[i]; j++) {
        const struct w2v_hit *hit = &query->hits[i * query->search.k + j];
        struct row_field row[] = {
            {"query", ROW_TEXT, .text = label, .n_bytes = n_label},
            {"word", ROW_TEXT, .text = NULL},
            {score, ROW_REAL, .real = (double)hit->score},
        };
        row[1].text = w2v_word(query->model, hit->id, &row[1].n_bytes);
        row_print(query->json, row, 3);
    }
}

const float *query_vector(const struct query *query, const struct query_word *word, float *copy)
{
    if (word->id < 0)
        return word->vector;
    w2v_vector(query->model, (size_t)word->id, copy);
    return copy;
}

/* ---- The whole ------------------------------------------------------------------------------- */

/* Sets what the options say of answers and candidates, and takes memory for the answers. */
static int prepare_search(struct batch *batch)
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
        if (candidates_read(among, query->model, batch->fold, quiet, &batch->among,
                            &search->n_among) != UI_DONE)
            return UI_FAILED;
        search->among = batch->among != NULL ? batch->among : &none;
    }
    if (exclude != NULL && candidates_read(exclude, query->model, batch->fold, quiet,
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

static int check(const struct opt_args *args, const struct query_kind *kind)
{
    if (args->n_operands == 0)
        return ui_usage(args, "no model; name a file");
    size_t n = args->n_operands - 1;
    if (n == 0)
        return strcmp(args->operands[0], "-") != 0
                   ? UI_DONE
                   : ui_usage(args, "model and queries cannot both come from standard input");
    if (!kind->expression && (kind->width > 0 ? n % kind->width != 0 : n < kind->least))
        return ui_usage(args, "%zu %s; %s", n, n == 1 ? "word" : "words", kind->takes);
    return UI_DONE;
}

static void release(struct batch *batch)
{
    struct array *const arrays[] = {&batch->words, &batch->text,  &batch->vectors,
                                    &batch->asked, &batch->known, &batch->ends};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]->items);
    free(batch->among);
    free(batch->exclude);
    free(batch->query.hits);
    free(batch->query.n_hits);
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
    batch.query.method = W2V_ADD;
    batch.fold = opt_number(args, "case") == 1;
    batch.oov = opt_number(args, "oov");
    if (batch.oov == OOV_SUBWORD && !w2v_has_subwords(model) && !opt_flag(args, "quiet"))
        ui_error("%s: the model has no subwords; --oov subword finds no more words",
                 args->operands[0]);
    w2v_search_options_init(&batch.query.search);
    if (kind->search)
        status = prepare_search(&batch);
    if (status == UI_DONE)
        status = args->n_operands > 1 ? run_words(&batch, args->operands + 1, args->n_operands - 1)
                                      : run_input(&batch);
    release(&batch);
    w2v_close(model);
    return status != UI_DONE ? status : batch.status;
}
