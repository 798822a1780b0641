/*
 * Evaluation. Analogies as Mikolov et al. 2013 count them (arXiv 1301.3781): a question A B C D is
 * right when the best answer to B - A + C, the three left out, is D; accuracy is right by used.
 * Similarities by Spearman's correlation of the cosines with the file's numbers, equal ones given
 * the mean of their ranks. Only questions all of whose words are candidates are used. A word is
 * looked up as it is written, then, unless the case is to be kept, folded as the tokenizer does.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/model.h"
#include "query/evalset.h"

void w2v_eval_options_init(struct w2v_eval_options *options)
{
    *options = (struct w2v_eval_options){.method = W2V_ADD};
}

void w2v_eval_report_release(struct w2v_eval_report *report)
{
    free(report->rows);
    free(report->names);
    *report = (struct w2v_eval_report){0};
}

/* ---- Words ---- */

struct lookup {
    const struct w2v_model *model;
    const struct w2v_eval_options *options;
    bool failed; /* memory ran out */
};

/* Finds an item's words. False where they are not all candidates; the report counts why. */
static bool find_words(struct lookup *lookup, const struct evalset_item *item, size_t n_words,
                       size_t *ids, struct w2v_eval_report *report)
{
    const size_t restrict_to = lookup->options->restrict_to;
    bool known = true, allowed = true;
    for (size_t i = 0; i < n_words; i++) {
        const struct evalset_text word = item->words[i];
        const int64_t id = lookup->options->keep_case
                               ? w2v_find(lookup->model, word.text, word.n_bytes)
                               : w2v_find_folded(lookup->model, word.text, word.n_bytes);
        ids[i] = id < 0 ? 0 : (size_t)id;
        lookup->failed |= id == W2V_ENOMEM;
        known = known && id >= 0;
        allowed = allowed && (restrict_to == 0 || ids[i] < restrict_to);
    }
    report->n_not_words += !known;
    report->n_restricted += known && !allowed;
    return known && allowed;
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

/* Rows of the sections, of Google's two kinds of them, and of all. */
static int report_analogies(const struct evalset *set, const struct tally *tallies,
                            struct w2v_eval_report *report, struct w2v_error *error)
{
    struct tally semantic = {0}, syntactic = {0}, total = {0};
    bool any_semantic = false, any_syntactic = false;
    size_t n_bytes = 0;
    for (size_t s = 0; s < set->n_sections; s++)
        n_bytes += set->sections[s].n_bytes + 1; /* no more than the file's */
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

static int score_analogies(struct lookup *lookup, const struct evalset *set,
                           struct w2v_eval_report *report, struct w2v_error *error)
{
    static const char what[] = "an evaluation";
    const struct w2v_eval_options *options = lookup->options;
    struct w2v_search_options search;
    size_t n = 0; /* used */
    int status = W2V_ENOMEM;
    size_t *ids = mem_calloc(set->n_items, 3 * sizeof *ids, what, error);
    size_t *expected = mem_calloc(set->n_items, sizeof *expected, what, error);
    size_t *section = mem_calloc(set->n_items, sizeof *section, what, error);
    size_t *n_hits = mem_calloc(set->n_items, sizeof *n_hits, what, error);
    struct w2v_hit *hits = mem_calloc(set->n_items, sizeof *hits, what, error);
    struct tally *tallies = mem_calloc(set->n_sections, sizeof *tallies, what, error);
    if (ids == NULL || expected == NULL || section == NULL || n_hits == NULL || hits == NULL ||
        tallies == NULL)
        goto done;
    w2v_search_options_init(&search);
    search.k = 1;
    search.restrict_to = options->restrict_to;
    search.threads = options->threads;
    for (size_t i = 0; i < set->n_items; i++) {
        const struct evalset_item *item = &set->items[i];
        size_t found[4];
        tallies[item->section].total++;
        if (!find_words(lookup, item, 4, found, report))
            continue;
        /* A is to B as C is to D: D is B - A + C. */
        ids[3 * n] = found[1];
        ids[3 * n + 1] = found[0];
        ids[3 * n + 2] = found[2];
        expected[n] = found[3];
        section[n++] = item->section;
    }
    if (lookup->failed) {
        status = error_memory(error, "a word", 0);
        goto done;
    }
    status = w2v_analogy(lookup->model, ids, n, options->method, &search, hits, n_hits, error);
    if (status != W2V_OK)
        goto done;
    for (size_t i = 0; i < n; i++) {
        tallies[section[i]].used++;
        tallies[section[i]].right += n_hits[i] > 0 && hits[i].id == expected[i];
    }
    status = report_analogies(set, tallies, report, error);
done:
    free(ids);
    free(expected);
    free(section);
    free(n_hits);
    free(hits);
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

/* Gives ranks from 1, equal values the mean of theirs; the order stays. */
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

/* The correlation of the ranks; NAN where one side is all equal. */
static double correlation(const struct ranked *x, const struct ranked *y, size_t n)
{
    const double mean = ((double)n + 1) / 2;
    double xx = 0, xy = 0, yy = 0;
    for (size_t i = 0; i < n; i++) {
        xx += (x[i].rank - mean) * (x[i].rank - mean);
        xy += (x[i].rank - mean) * (y[i].rank - mean);
        yy += (y[i].rank - mean) * (y[i].rank - mean);
    }
    return xx > 0 && yy > 0 ? xy / sqrt(xx * yy) : NAN;
}

static int score_similarities(struct lookup *lookup, const struct evalset *set,
                              struct w2v_eval_report *report, struct w2v_error *error)
{
    size_t n = 0;
    int status = W2V_ENOMEM;
    struct ranked *cosines = mem_calloc(set->n_items, sizeof *cosines, "an evaluation", error);
    struct ranked *given = mem_calloc(set->n_items, sizeof *given, "an evaluation", error);
    report->rows = mem_calloc(1, sizeof *report->rows, "a report", error);
    if (cosines == NULL || given == NULL || report->rows == NULL)
        goto done;
    for (size_t i = 0; i < set->n_items; i++) {
        size_t ids[2];
        if (!find_words(lookup, &set->items[i], 2, ids, report))
            continue;
        const float cosine = w2v_similarity(lookup->model, ids[0], ids[1]);
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
    report->rows[report->n_rows++] = (struct w2v_eval_row){.section = "total",
                                                           .measure = "spearman",
                                                           .score = correlation(cosines, given, n),
                                                           .used = n,
                                                           .total = set->n_items};
    status = W2V_OK;
done:
    free(cosines);
    free(given);
    return status;
}

int w2v_eval(const struct w2v_model *model, const char *path,
             const struct w2v_eval_options *options, struct w2v_eval_report *report,
             struct w2v_error *error)
{
    struct evalset set;
    struct lookup lookup = {.model = model, .options = options};
    *report = (struct w2v_eval_report){0};
    int status = evalset_read(&set, path, error);
    if (status != W2V_OK)
        return status;
    status = set.is_analogies ? score_analogies(&lookup, &set, report, error)
                              : score_similarities(&lookup, &set, report, error);
    if (status != W2V_OK)
        w2v_eval_report_release(report);
    evalset_release(&set);
    return status;
}
