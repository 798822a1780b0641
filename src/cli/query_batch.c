/* Queries on their way to being answered. See query_batch.h. */
#include "cli/query_batch.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/ui.h"

enum { BLOCK_WORDS = 1 << 16 };

/* A word that waits. Its bytes and its vector are places in arrays, since the arrays may move. */
struct waiting_word {
    size_t text, n_bytes;
    size_t vector; /* SIZE_MAX: it has none */
    int64_t id;
    double weight;
};

/* Where the words of a query that waits end, and whether it has no answer. */
struct query_end {
    size_t end;
    bool lost;
};

int query_batch_no_memory(void)
{
    ui_error("out of memory for the queries");
    return UI_FAILED;
}

void *query_batch_extend(struct array *array, size_t n, size_t size)
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

const char *query_batch_place(const struct query_batch *batch, char *text, size_t size)
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
                 ui_shorten(other, n_bytes, 80), other);
    }
    ui_error("%s%s%s", before, n_ids > 0 ? "; the nearest: " : "", text);
}

static bool holds_operator(const char *word, size_t n)
{
    return memchr(word, '+', n) != NULL || memchr(word, '-', n) != NULL ||
           memchr(word, '*', n) != NULL;
}

/* The query has no answer. Returns whether a message is to say why. */
static bool lose(struct query_batch *batch)
{
    batch->lost = true;
    if (batch->oov == OOV_ROW)
        return false; /* its row says so */
    if (batch->oov != OOV_SKIP)
        batch->status = UI_FAILED;
    return batch->oov != OOV_SKIP || !opt_flag(batch->query.args, "quiet");
}

/* The beginning of a word for a message, which ends at a zero byte: all bytes escaped. */
static const char *shown(const char *word, size_t n, char text[264])
{
    text[w2v_escape(text, 256, &word, &n)] = '\0';
    return text;
}

static void not_usable(struct query_batch *batch, const char *word, size_t n, const char *fault)
{
    char where[64], text[264];
    if (lose(batch))
        ui_error("%sthe vector of '%s' %s", query_batch_place(batch, where, sizeof where),
                 shown(word, n, text), fault);
}

static void not_found(struct query_batch *batch, const char *word, size_t n)
{
    char where[64], text[264], message[512];
    size_t n_bytes;
    if (!lose(batch))
        return;
    query_batch_place(batch, where, sizeof where);
    snprintf(message, sizeof message, "%s'%s' is not in the vocabulary", where,
             shown(word, n, text));
    struct w2v_error error; /* not shown: the message is right without the hint */
    int64_t folded;
    if (w2v_find_folded(batch->query.model, word, n, &folded, &error) == W2V_OK && folded >= 0) {
        const char *other = w2v_word(batch->query.model, (size_t)folded, &n_bytes);
        ui_error("%s; '%.*s' is", message, ui_shorten(other, n_bytes, 256), other);
    } else if (n > 2 && word[0] == '"' && word[n - 1] == '"' &&
               w2v_find(batch->query.model, word + 1, n - 2) >= 0) {
        ui_error("%s; '%s' is, and needs no quotes", message, shown(word + 1, n - 2, text));
    } else if (batch->kind->weights != NULL && n == 1 && memchr("+-*", *word, 3) != NULL) {
        ui_error("%s; an expression of so few words needs --expr", message);
    } else if (batch->kind->expression && n > 1 && holds_operator(word, n)) {
        ui_error("%s; operators stand between blanks", message);
    } else if (batch->prompt) {
        suggest(batch, message, word, n);
    } else {
        ui_error("%s", message);
    }
}

/* Looks at the vector of a word, or makes one if the word has none and the model can. */
static int find_vector(struct query_batch *batch, const char *word, size_t n,
                       struct waiting_word *waiting, bool *found, const char **fault)
{
    const struct w2v_model *model = batch->query.model;
    const size_t dim = w2v_dim(model);
    float *vector = query_batch_extend(&batch->vectors, dim, sizeof *vector);
    if (vector == NULL)
        return query_batch_no_memory();
    waiting->vector = batch->vectors.n - dim;
    *found = true;
    if (waiting->id >= 0)
        w2v_vector(model, (size_t)waiting->id, vector);
    else
        *found = batch->oov == OOV_SUBWORD &&
                 (batch->folding != NULL ? w2v_vector_folded(model, word, n, vector)
                                         : w2v_vector_of(model, word, n, vector));
    *fault = *found && !batch->kind->any_vector ? query_fault(model, vector) : NULL;
    if (waiting->id < 0 && *fault == query_zero)
        *found = false; /* its n-grams are all unknown */
    if (*found && waiting->id < 0)
        return composed_add(&batch->composed, word, n) ? UI_DONE : query_batch_no_memory();
    batch->vectors.n -= dim; /* it need not be kept */
    return UI_DONE;
}

/* Whether two words are the same. Those with an id may be spelled otherwise. */
static bool are_same(const struct query_batch *batch, const struct waiting_word *a,
                     const struct waiting_word *b)
{
    const char *text = batch->text.items;
    return a->id == b->id &&
           (a->id >= 0 ||
            (a->n_bytes == b->n_bytes && memcmp(text + a->text, text + b->text, a->n_bytes) == 0));
}

/* An unknown word that the query already has gets the same vector, so that both are one term. */
static void share_vector(struct query_batch *batch, struct waiting_word *waiting)
{
    const struct waiting_word *words = batch->words.items;
    for (size_t i = batch->begin; i + 1 < batch->words.n && waiting->id < 0; i++)
        if (waiting->vector != SIZE_MAX && are_same(batch, waiting, &words[i])) {
            batch->vectors.n -= w2v_dim(batch->query.model);
            waiting->vector = words[i].vector;
            return;
        }
}

int query_batch_add(struct query_batch *batch, const char *word, size_t n, double weight)
{
    const struct w2v_model *model = batch->query.model;
    struct waiting_word waiting = {.n_bytes = n, .weight = weight};
    struct w2v_error error;
    bool found;
    const char *fault;
    if (batch->folding == NULL)
        waiting.id = w2v_find(model, word, n);
    else if (w2v_folding_find(batch->folding, word, n, &waiting.id, &error) != W2V_OK)
        return ui_fail(&error);
    if (find_vector(batch, word, n, &waiting, &found, &fault) != UI_DONE)
        return UI_FAILED;
    if (!found || fault != NULL) {
        if (w2v_unchanged(model, &error) != W2V_OK) /* damage may hide a word that is there */
            return ui_fail(&error);
        if (found)
            not_usable(batch, word, n, fault);
        else
            not_found(batch, word, n);
        if (batch->oov != OOV_ROW)
            return UI_DONE;
        waiting.id = -1;
        waiting.vector = SIZE_MAX;
    }
    char *text = query_batch_extend(&batch->text, n, 1);
    struct waiting_word *place_of = query_batch_extend(&batch->words, 1, sizeof waiting);
    if (text == NULL || place_of == NULL)
        return query_batch_no_memory();
    if (n > 0)
        memcpy(text, word, n);
    waiting.text = batch->text.n - n;
    share_vector(batch, &waiting);
    *place_of = waiting;
    return UI_DONE;
}

/* Whether the weights of each word of the current query add up to 0, as in "king - king". */
static bool cancels(const struct query_batch *batch)
{
    const struct waiting_word *words = batch->words.items;
    double most = 0, all = 0; /* weights are divided by the largest, so that no sum overflows */
    for (size_t i = batch->begin; i < batch->words.n; i++)
        most = fmax(most, fabs(words[i].weight));
    for (size_t i = batch->begin; i < batch->words.n && most > 0; i++)
        all += fabs(words[i].weight) / most;
    for (size_t i = batch->begin; i < batch->words.n && most > 0; i++) {
        double weight = 0;
        for (size_t j = batch->begin; j < batch->words.n; j++)
            if (are_same(batch, &words[i], &words[j]))
                weight += words[j].weight / most;
        if (fabs(weight) >= W2V_LEAST_WEIGHT * all)
            return false;
    }
    return true;
}

/* Says what makes the current query wrong, whatever its words are: a sum of zero, or too many terms. */
static void check_query(struct query_batch *batch)
{
    char where[64];
    const size_t n = batch->words.n - batch->begin;
    if (batch->lost || !batch->kind->search)
        return;
    if (batch->query.method == W2V_ADD && cancels(batch)) {
        if (lose(batch))
            ui_error("%sthe words of the query add up to zero",
                     query_batch_place(batch, where, sizeof where));
    } else if (batch->query.method == W2V_MUL && n > W2V_MAX_MUL_TERMS) {
        ui_error("%s%zu terms; --method mul takes %d at most",
                 query_batch_place(batch, where, sizeof where), n, W2V_MAX_MUL_TERMS);
        batch->status = batch->line == 0 ? UI_USAGE : UI_FAILED;
        batch->lost = true;
    }
}

/* Forgets the words of the current query. */
static void drop_query(struct query_batch *batch)
{
    batch->words.n = batch->begin;
    batch->text.n = batch->text_begin;
    batch->vectors.n = batch->vectors_begin;
}

/* The next query begins behind all words. */
static void begin_query(struct query_batch *batch)
{
    batch->begin = batch->words.n;
    batch->text_begin = batch->text.n;
    batch->vectors_begin = batch->vectors.n;
    batch->lost = false;
}

int query_batch_end(struct query_batch *batch)
{
    check_query(batch);
    if (batch->lost && batch->oov != OOV_ROW) {
        drop_query(batch);
    } else {
        struct query_end *ending = query_batch_extend(&batch->ends, 1, sizeof *ending);
        if (ending == NULL)
            return query_batch_no_memory();
        *ending = (struct query_end){batch->words.n, batch->lost};
    }
    begin_query(batch);
    return UI_DONE;
}

int query_batch_lose(struct query_batch *batch, const char *line, size_t n)
{
    if (batch->oov != OOV_ROW)
        return UI_DONE;
    batch->lost = true;
    drop_query(batch);
    char *text = query_batch_extend(&batch->text, n, 1);
    struct waiting_word *waiting = query_batch_extend(&batch->words, 1, sizeof *waiting);
    if (text == NULL || waiting == NULL)
        return query_batch_no_memory();
    if (n > 0)
        memcpy(text, line, n);
    *waiting = (struct waiting_word){batch->text.n - n, n, SIZE_MAX, -1, 1};
    return query_batch_end(batch);
}

/* ---- Blocks ---------------------------------------------------------------------------------- */

/* Makes what the subcommands take. No array moves from here on, so pointers into them hold. */
static int make_queries(struct query_batch *batch)
{
    const struct waiting_word *waiting = batch->words.items;
    const struct query_end *ends = batch->ends.items;
    batch->query_words.n = batch->asked.n = 0;
    struct query_word *words =
        query_batch_extend(&batch->query_words, batch->words.n, sizeof *words);
    struct query_asked *asked = query_batch_extend(&batch->asked, batch->ends.n, sizeof *asked);
    if (words == NULL || asked == NULL)
        return query_batch_no_memory();
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

int query_batch_answer(struct query_batch *batch)
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
    batch->words.n = batch->text.n = batch->vectors.n = batch->ends.n = 0;
    begin_query(batch);
    if (batch->prompt)
        composed_tell(&batch->composed, opt_flag(batch->query.args, "quiet"));
    if (w2v_unchanged(batch->query.model, &error) != W2V_OK)
        return ui_fail(&error);
    return ui_flush();
}

bool query_batch_is_full(const struct query_batch *batch)
{
    return batch->ends.n >= batch->block || batch->words.n >= BLOCK_WORDS;
}

void query_batch_release(struct query_batch *batch)
{
    struct array *const arrays[] = {&batch->words, &batch->text,        &batch->vectors,
                                    &batch->asked, &batch->query_words, &batch->fields,
                                    &batch->ends};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++)
        free(arrays[i]->items);
    free(batch->among);
    free(batch->exclude);
    free(batch->query.hits);
    free(batch->query.n_hits);
    w2v_folding_close(batch->folding);
}
