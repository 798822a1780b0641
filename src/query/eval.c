/*
 * Evaluation.
 *
 * Analogies are counted as by Mikolov et al. 2013 (arXiv 1301.3781). A question A B C D is right if
 * the best answer to B - A + C other than A, B and C is D. Accuracy is right / used.
 *
 * Similarities: Spearman's and Pearson's correlation of the cosines with the scores of the file.
 * For Spearman's, equal numbers get the mean of their ranks.
 *
 * A question or a pair is used if all its words are candidates whose vectors are finite and not zeros. A
 * pair is also used if the model makes vectors of its words from their n-grams.
 *
 * With a folding, words that differ only in case are the same, as in word2vec's compute-accuracy
 * and in gensim. The query has the first of them; words that are the same as A, B or C are not
 * answers (as in gensim); any word that is the same as D is right.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "query/evalset.h"
#include "query/folding.h"

void w2v_eval_options_init(struct w2v_eval_options *options)
{
    *options = (struct w2v_eval_options){.method = W2V_ADD, .compose = true};
}

void w2v_eval_report_release(struct w2v_eval_report *report)
{
    if (report == NULL)
        return;
    free(report->rows);
    free(report->names);
    *report = (struct w2v_eval_report){0};
}

/* ---- Words ---- */

struct eval_lookup {
    const struct w2v_model *model;
    const struct w2v_eval_options *options;
    const struct w2v_folding *folding; /* NULL: case matters */
    float *row;                        /* room for a vector */
    bool failed;                       /* memory ran out */
};

static int64_t find_word(struct eval_lookup *lookup, const struct evalset_text *word)
{
    int64_t id = -1;
    if (lookup->folding == NULL)
        id = w2v_find(lookup->model, word->text, word->n_bytes);
    else if (w2v_folding_find(lookup->folding, word->text, word->n_bytes, &id, NULL) != W2V_OK)
        lookup->failed = true;
    return id;
}

static bool is_usable(const struct eval_lookup *lookup, size_t id)
{
    w2v_vector(lookup->model, id, lookup->row);
    return fpmath_has_direction(lookup->row, w2v_dim(lookup->model));
}

/* Finds the words of an item. False if one of them cannot be used; the report counts why. */
static bool find_words(struct eval_lookup *lookup, const struct evalset_item *item, size_t n_words,
                       size_t *ids, struct w2v_eval_report *report)
{
    const size_t restrict_to = lookup->options->restrict_to;
    bool known = true, allowed = true, usable = true;
    for (size_t i = 0; i < n_words; i++) {
        const int64_t id = find_word(lookup, &item->words[i]);
        ids[i] = id < 0 ? 0 : (size_t)id;
        known = known && id >= 0;
        allowed = allowed && (restrict_to == 0 || ids[i] < restrict_to);
    }
    report->n_not_words += !known;
    report->n_restricted += known && !allowed;
    for (size_t i = 0; i < n_words && known && allowed; i++)
        usable = usable && is_usable(lookup, ids[i]);
    report->n_unusable += !usable;
    return known && allowed && usable;
}

/* Whether two ids count as the same word. */
static bool is_same(const struct eval_lookup *lookup, size_t a, size_t b)
{
    return lookup->folding == NULL
               ? a == b
               : w2v_folding_first(lookup->folding, a) == w2v_folding_first(lookup->folding, b);
}

/* ---- Analogies ---- */

struct tally {
    uint64_t right, used, total;
};

static void tally_add(struct tally *sum, const struct tally *tally)
{
    sum->right += tally->right;
    sum->used += tally->used;
    sum->total += tally->total;
}

static void add_row(struct w2v_eval_report *report, const char *section, const struct tally *tally)
{
    report->rows[report->n_rows++] = (struct w2v_eval_row){
        .section = section,
        .measure = "accuracy",
        .score = tally->used > 0 ? (double)tally->right / (double)tally->used : NAN,
        .used = tally->used,
        .total = tally->total,
    };
}

/* Adds a row for each section, for Google's two kinds of sections, and for all. */
static int report_analogies(const struct evalset *set, const struct tally *tallies,
                            struct w2v_eval_report *report, struct w2v_error *error)
{
    struct tally semantic = {0}, syntactic = {0}, total = {0};
    bool any_semantic = false, any_syntactic = false;
    size_t n_bytes = 0;
    for (size_t s = 0; s < set->n_sections; s++)
        n_bytes += set->sections[s].n_bytes + 1; /* at most the file's size: no overflow */
    report->rows = mem_calloc(set->n_sections + 3, sizeof *report->rows, "a report", error);
    report->names = mem_calloc(n_bytes, 1, "a report", error);
    if (report->rows == NULL || report->names == NULL)
        return W2V_ENOMEM;
    char *name = report->names;
    for (size_t s = 0; s < set->n_sections; s++) {
        const struct evalset_text section = set->sections[s];
        const bool gram = section.n_bytes >= 4 && memcmp(section.text, "gram", 4) == 0;
        any_semantic |= !gram;
        any_syntactic |= gram;
        tally_add(gram ? &syntactic : &semantic, &tallies[s]);
        tally_add(&total, &tallies[s]);
        memcpy(name, section.text, section.n_bytes);
        add_row(report, name, &tallies[s]);
        name += section.n_bytes + 1;
    }
    if (any_semantic && any_syntactic) {
        add_row(report, "semantic", &semantic);
        add_row(report, "syntactic", &syntactic);
    }
    add_row(report, "total", &total);
    return W2V_OK;
}

/* The questions that can be asked, and their answers. Arrays have room for all items of the set. */
struct questions {
    size_t n;
    size_t *ids;      /* (n, 3): a question A is to B as C is to D is B - A + C = D */
    size_t *expected; /* (n): D */
    size_t *section;  /* (n) */
    struct w2v_hit *hits;
    size_t *n_hits;
};

static int make_questions(struct questions *q, size_t n_items, struct w2v_error *error)
{
    static const char what[] = "an evaluation";
    *q = (struct questions){
        .ids = mem_calloc(n_items, 3 * sizeof *q->ids, what, error),
        .expected = mem_calloc(n_items, sizeof *q->expected, what, error),
        .section = mem_calloc(n_items, sizeof *q->section, what, error),
        .hits = mem_calloc(n_items, sizeof *q->hits, what, error),
        .n_hits = mem_calloc(n_items, sizeof *q->n_hits, what, error),
    };
    return q->ids != NULL && q->expected != NULL && q->section != NULL && q->hits != NULL &&
                   q->n_hits != NULL
               ? W2V_OK
               : W2V_ENOMEM;
}

static void release_questions(struct questions *q)
{
    free(q->ids);
    free(q->expected);
    free(q->section);
    free(q->hits);
    free(q->n_hits);
}

/* Takes the questions whose words the model has. Counts all of them in the tallies of their sections. */
static int pick_questions(struct eval_lookup *lookup, const struct evalset *set,
                          struct questions *q, struct tally *tallies,
                          struct w2v_eval_report *report, struct w2v_error *error)
{
    for (size_t i = 0; i < set->n_items; i++) {
        const struct evalset_item *item = &set->items[i];
        size_t found[4];
        tallies[item->section].total++;
        if (!find_words(lookup, item, 4, found, report))
            continue;
        size_t *ids = q->ids + 3 * q->n;
        ids[0] = found[1];
        ids[1] = found[0];
        ids[2] = found[2];
        q->expected[q->n] = found[3];
        q->section[q->n++] = item->section;
    }
    return lookup->failed ? error_memory(error, "a word", 0) : W2V_OK;
}

static int score_analogies(struct eval_lookup *lookup, const struct evalset *set,
                           struct w2v_eval_report *report, struct w2v_error *error)
{
    const struct w2v_eval_options *options = lookup->options;
    struct w2v_search_options search;
    struct questions q;
    struct tally *tallies = mem_calloc(set->n_sections, sizeof *tallies, "an evaluation", error);
    int status = make_questions(&q, set->n_items, error);
    if (tallies == NULL)
        status = W2V_ENOMEM;
    if (status == W2V_OK)
        status = pick_questions(lookup, set, &q, tallies, report, error);
    w2v_search_options_init(&search);
    search.k = 1;
    search.restrict_to = options->restrict_to;
    search.folding = lookup->folding;
    search.threads = options->threads;
    if (status == W2V_OK)
        status = w2v_analogy(lookup->model, q.ids, q.n, options->method, &search, q.hits, q.n_hits,
                             error);
    for (size_t i = 0; i < q.n && status == W2V_OK; i++) {
        struct tally *tally = &tallies[q.section[i]];
        tally->used++;
        tally->right += q.n_hits[i] > 0 && is_same(lookup, q.hits[i].id, q.expected[i]);
    }
    if (status == W2V_OK)
        status = report_analogies(set, tallies, report, error);
    release_questions(&q);
    free(tallies);
    return status;
}

/* ---- Similarities ---- */

struct ranked {
    float value;
    double rank;
    size_t index;
};

static int by_value(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->value > y->value) - (x->value < y->value);
}

static int by_index(const void *a, const void *b)
{
    const struct ranked *x = a, *y = b;
    return (x->index > y->index) - (x->index < y->index);
}

/* Sets the ranks, from 1; equal values get the mean of their ranks. The order of items stays. */
static void rank(struct ranked *items, size_t n)
{
    qsort(items, n, sizeof *items, by_value);
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && !(items[end].value > items[i].value);)
            end++;
        for (size_t j = i; j < end; j++)
            items[j].rank = ((double)i + (double)end + 1) / 2;
    }
    qsort(items, n, sizeof *items, by_index);
}

/* Pearson's correlation of number(x[i]) and number(y[i]); NAN if all x or all y are equal. */
static double correlation(const struct ranked *x, const struct ranked *y, size_t n,
                          double (*number)(const struct ranked *item))
{
    double x_mean = 0, y_mean = 0, xx = 0, xy = 0, yy = 0;
    for (size_t i = 0; i < n; i++) {
        x_mean += number(&x[i]);
        y_mean += number(&y[i]);
    }
    x_mean /= (double)n;
    y_mean /= (double)n;
    for (size_t i = 0; i < n; i++) {
        const double a = number(&x[i]) - x_mean, b = number(&y[i]) - y_mean;
        xx += a * a;
        xy += a * b;
        yy += b * b;
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static double rank_of(const struct ranked *item)
{
    return item->rank;
}

static double value_of(const struct ranked *item)
{
    return (double)item->value;
}

/* Whether all values are equal. A variance does not tell, since rounding may keep it above 0. */
static bool all_equal(const struct ranked *items, size_t n)
{
    for (size_t i = 1; i < n; i++)
        if (items[i].value < items[0].value || items[i].value > items[0].value)
            return false;
    return true;
}

/*
 * Makes the vectors of a pair, (2, D): each is the word's own, or made of its n-grams. False if a
 * word has none. The report counts pairs that are left out, and pairs with a word that was made.
 */
static bool make_pair(struct eval_lookup *lookup, const struct evalset_item *item, float *vectors,
                      struct w2v_eval_report *report)
{
    const size_t dim = lookup->model->dim;
    bool known = true, composed = false;
    for (size_t i = 0; i < 2 && known; i++) {
        const struct evalset_text *word = &item->words[i];
        const int64_t id = find_word(lookup, word);
        float *vector = vectors + i * dim;
        if (id >= 0)
            w2v_vector(lookup->model, (size_t)id, vector);
        else if (lookup->folding != NULL)
            known = w2v_vector_folded(lookup->model, word->text, word->n_bytes, vector);
        else
            known = w2v_vector_of(lookup->model, word->text, word->n_bytes, vector);
        composed = composed || id < 0;
    }
    const bool usable =
        !known || (fpmath_has_direction(vectors, dim) && fpmath_has_direction(vectors + dim, dim));
    report->n_not_words += !known;
    report->n_unusable += !usable;
    report->n_composed += known && usable && composed;
    return known && usable;
}

/* The cosine of a pair. False if a word has no vector. With `vectors`, words may be made. */
static bool find_cosine(struct eval_lookup *lookup, const struct evalset_item *item, float *vectors,
                        struct w2v_eval_report *report, float *cosine)
{
    const size_t dim = lookup->model->dim;
    size_t ids[2];
    if (vectors != NULL) {
        const bool known = make_pair(lookup, item, vectors, report);
        *cosine = known ? w2v_cosine(vectors, vectors + dim, dim) : 0;
        return known;
    }
    if (!find_words(lookup, item, 2, ids, report))
        return false;
    *cosine = w2v_similarity(lookup->model, ids[0], ids[1]);
    return true;
}

static int score_similarities(struct eval_lookup *lookup, const struct evalset *set,
                              struct w2v_eval_report *report, struct w2v_error *error)
{
    size_t n = 0;
    int status = W2V_ENOMEM;
    struct ranked *cosines = mem_calloc(set->n_items, sizeof *cosines, "an evaluation", error);
    struct ranked *given = mem_calloc(set->n_items, sizeof *given, "an evaluation", error);
    float *vectors = NULL; /* (2, D) if words may be made of n-grams */
    report->rows = mem_calloc(2, sizeof *report->rows, "a report", error);
    if (cosines == NULL || given == NULL || report->rows == NULL)
        goto done;
    if (lookup->options->compose && lookup->options->restrict_to == 0 &&
        w2v_has_subwords(lookup->model)) {
        vectors = mem_calloc(2, mem_product(lookup->model->dim, sizeof *vectors), "vectors", error);
        if (vectors == NULL)
            goto done;
    }
    for (size_t i = 0; i < set->n_items; i++) {
        float cosine;
        if (!find_cosine(lookup, &set->items[i], vectors, report, &cosine))
            continue;
        cosines[n] = (struct ranked){.value = isfinite(cosine) ? cosine : 0, .index = n};
        given[n] = (struct ranked){.value = set->items[i].score, .index = n};
        n++;
    }
    if (lookup->failed) {
        status = error_memory(error, "a word", 0);
        goto done;
    }
    rank(cosines, n);
    rank(given, n);
    const bool flat = all_equal(cosines, n) || all_equal(given, n);
    for (int row = 0; row < 2; row++)
        report->rows[report->n_rows++] = (struct w2v_eval_row){
            .section = "total",
            .measure = row == 0 ? "spearman" : "pearson",
            .score = flat ? NAN : correlation(cosines, given, n, row == 0 ? rank_of : value_of),
            .used = n,
            .total = set->n_items};
    status = W2V_OK;
done:
    free(vectors);
    free(cosines);
    free(given);
    return status;
}

/* Reports how much of the set was used, and which lines were skipped. */
static void tell_of_set(const struct evalset *set, struct w2v_eval_report *report)
{
    const struct w2v_eval_row *total = &report->rows[report->n_rows - 1];
    const size_t n = utf8_shorten(set->bad.text, set->bad.n_bytes, sizeof report->bad_text - 1);
    report->n_used = total->used;
    report->n_total = total->total;
    report->n_bad = set->n_bad;
    memcpy(report->bad_lines, set->bad_lines, sizeof report->bad_lines);
    if (n > 0)
        memcpy(report->bad_text, set->bad.text, n);
}

int w2v_eval(const struct w2v_model *model, const char *path,
             const struct w2v_eval_options *options, struct w2v_eval_report *report,
             struct w2v_error *error)
{
    struct evalset set;
    struct eval_lookup lookup = {.model = model, .options = options, .folding = options->folding};
    *report = (struct w2v_eval_report){0};
    int status = model_check_input(model, "the question set", path, error);
    if (status == W2V_OK)
        status = evalset_read(&set, path, options->score_column, error);
    if (status != W2V_OK)
        return status;
    lookup.row = mem_calloc(w2v_dim(model), sizeof *lookup.row, "a vector", error);
    if (lookup.row == NULL)
        status = W2V_ENOMEM;
    else
        status = set.is_analogies ? score_analogies(&lookup, &set, report, error)
                                  : score_similarities(&lookup, &set, report, error);
    if (status == W2V_OK)
        tell_of_set(&set, report);
    else
        w2v_eval_report_release(report);
    free(lookup.row);
    evalset_release(&set);
    return status;
}
