/*
 * Which words a map shows. See choice.h. Words are chosen by marks, one for each of the model, so
 * that they come in the model's order, whoever names them.
 */
#include "draw/choice.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/infile.h"
#include "base/lines.h"
#include "base/mem.h"

enum {
    TOP = 2000,
    TOP_NEAR = 200,
    TYPICAL = 3,       /* words that name a cluster: the most frequent ones */
    CENTRAL = 10,      /* they are chosen from so many words nearest to the centre */
    CENTRAL_SHARE = 10 /* or from a tenth of the cluster, where that is more */
};

static const uint32_t NOT_CHOSEN = UINT32_MAX - 1;
static const char what[] = "the words of a map";

struct choice {
    struct picture *picture;
    const struct w2v_model *model;
    const struct w2v_map_options *options;
    uint32_t *mark;     /* (V): the group, PICTURE_NO_GROUP or NOT_CHOSEN */
    bool *first;        /* (V): has the first right to a label */
    size_t (*pairs)[2]; /* of arrows: ids */
    size_t n_pairs, pair_capacity, group_capacity;
    struct lines arrows;
};

/* ---- Lists ---- */

struct text {
    const char *at;
    size_t n;
};

/* The next line that is not blank. */
static bool next_line(struct lines *lines, struct text *line)
{
    return lines_next(lines, &line->at, &line->n);
}

/* Parts a line at its first `separator`. False where it has none; *behind is empty then. */
static bool cut(struct text line, char separator, struct text *before, struct text *behind)
{
    const char *found = line.n > 0 ? memchr(line.at, separator, line.n) : NULL;
    *before = line;
    *behind = (struct text){line.at, 0};
    if (found == NULL)
        return false;
    before->n = (size_t)(found - line.at);
    *behind = (struct text){found + 1, line.n - before->n - 1};
    return true;
}

/* ---- Groups ---- */

static int add_group(struct choice *c, const char *name, size_t n_bytes, struct w2v_error *error)
{
    struct picture *p = c->picture;
    int status =
        mem_grow(&p->groups, &c->group_capacity, p->n_groups + 1, sizeof *p->groups, what, error);
    if (status == W2V_OK)
        p->groups[p->n_groups++] = (struct picture_group){.name = name, .n_bytes = n_bytes};
    return status;
}

static int find_group(struct choice *c, struct text name, uint32_t *group, struct w2v_error *error)
{
    const struct picture *p = c->picture;
    *group = PICTURE_NO_GROUP;
    if (name.n == 0)
        return W2V_OK;
    for (size_t g = 0; g < p->n_groups && *group == PICTURE_NO_GROUP; g++)
        if (p->groups[g].n_bytes == name.n && memcmp(p->groups[g].name, name.at, name.n) == 0)
            *group = (uint32_t)g;
    if (*group != PICTURE_NO_GROUP)
        return W2V_OK;
    if (p->n_groups == PICTURE_MAX_GROUPS)
        return error_set(error, W2V_EDATA,
                         "%s: names more than %d groups; what stands behind a tab is the word's "
                         "group",
                         infile_name(c->options->words_path), PICTURE_MAX_GROUPS);
    *group = (uint32_t)p->n_groups;
    return add_group(c, name.at, name.n, error);
}

/* ---- Choosing ---- */

/* Whether the vector of a word is finite and not 0. `vector` is room for D numbers. */
static bool has_direction(const struct w2v_model *model, size_t id, float *vector)
{
    w2v_vector(model, id, vector);
    return fpmath_has_direction(vector, w2v_dim(model));
}

static void choose_top(struct choice *c, size_t top)
{
    for (size_t id = 0, n = 0; id < w2v_n_words(c->model) && n < top; id++) {
        size_t n_bytes;
        const char *word = w2v_word(c->model, id, &n_bytes);
        if (w2v_find(c->model, word, n_bytes) != (int64_t)id)
            continue; /* of equal words the first counts */
        c->mark[id] = PICTURE_NO_GROUP;
        n++;
    }
}

static int choose_words(struct choice *c, struct w2v_error *error)
{
    struct text column, more;
    struct wordlist *list = &c->picture->list;
    struct wordlist_entry entry;
    int status = wordlist_open(list, c->options->words_path, error);
    while (status == W2V_OK && wordlist_next(list, &entry)) {
        uint32_t group;
        cut((struct text){entry.rest, entry.n_rest}, '\t', &column, &more);
        if (entry.n_bytes == 0)
            continue;
        const int64_t id = w2v_find(c->model, entry.text, entry.n_bytes);
        if (id < 0) {
            c->picture->n_missing++;
        } else if (c->mark[id] == NOT_CHOSEN) {
            if (column.n > 0 && c->options->clusters > 0)
                return error_set(error, W2V_EARG,
                                 "%s:%llu: clusters were asked for, but this line gives its word a "
                                 "group, behind a tab; choose one",
                                 infile_name(c->options->words_path),
                                 (unsigned long long)entry.line);
            status = find_group(c, column, &group, error);
            c->mark[id] = group;
        }
    }
    return status;
}

/* The default of `top`: at least two words for each of the n_near, so that each has a neighbour. */
static size_t top_near(size_t n_near)
{
    return n_near < TOP_NEAR / 2 ? TOP_NEAR : 2 * n_near;
}

/*
 * Lists those of the n_near words that have a direction, for nothing is near to the others. Returns how
 * many there are. The others are marked too, so that list_words counts them.
 */
static size_t list_near(struct choice *c, size_t *near, float *vector)
{
    size_t n = 0;
    for (size_t i = 0; i < c->options->n_near; i++) {
        const size_t id = c->options->near[i];
        c->mark[id] = PICTURE_NO_GROUP;
        if (has_direction(c->model, id, vector))
            near[n++] = id;
    }
    return n;
}

/*
 * Chooses the n_near words and their neighbours, `top` at most: each of these words has the same
 * number of neighbours; two words may have a neighbour in common. The group of a neighbour is that of
 * the word nearest to it.
 */
static int choose_near_to(struct choice *c, const size_t *near, size_t n_near, size_t top,
                          struct w2v_error *error)
{
    struct w2v_search_options search;
    w2v_search_options_init(&search);
    search.threads = c->options->threads;
    search.k = (top - n_near) / n_near;
    struct w2v_hit *hits = mem_calloc(n_near, mem_product(search.k, sizeof *hits), what, error);
    size_t *n_hits = mem_calloc(n_near, sizeof *n_hits, what, error);
    int status = hits != NULL && n_hits != NULL ? W2V_OK : W2V_ENOMEM;
    if (status == W2V_OK && search.k > 0)
        status = w2v_neighbors(c->model, near, n_near, &search, hits, n_hits, error);
    for (size_t i = 0; i < n_near && status == W2V_OK; i++) {
        size_t n_bytes;
        const char *word = w2v_word(c->model, near[i], &n_bytes);
        for (size_t j = 0; j < n_hits[i]; j++)
            c->mark[hits[i * search.k + j].id] = PICTURE_NO_GROUP;
        if (n_near > 1)
            status = add_group(c, word, n_bytes, error);
    }
    for (size_t id = 0; id < w2v_n_words(c->model) && status == W2V_OK && n_near > 1; id++) {
        float best = -INFINITY;
        for (size_t i = 0; i < n_near && c->mark[id] != NOT_CHOSEN; i++) {
            const float cosine = w2v_similarity(c->model, id, near[i]);
            if (cosine > best) {
                best = cosine;
                c->mark[id] = (uint32_t)i;
            }
        }
    }
    for (size_t i = 0; i < n_near && status == W2V_OK; i++) {
        c->mark[near[i]] = n_near > 1 ? (uint32_t)i : PICTURE_NO_GROUP;
        c->first[near[i]] = true;
    }
    free(hits);
    free(n_hits);
    return status;
}

static int choose_near(struct choice *c, size_t top, struct w2v_error *error)
{
    size_t *near = mem_calloc(c->options->n_near, sizeof *near, what, error);
    float *vector = mem_calloc(w2v_dim(c->model), sizeof *vector, what, error);
    int status = near != NULL && vector != NULL ? W2V_OK : W2V_ENOMEM;
    const size_t n_near = status == W2V_OK ? list_near(c, near, vector) : 0;
    if (n_near > 0)
        status = choose_near_to(c, near, n_near, top, error);
    free(near);
    free(vector);
    return status;
}

/* The text without the blanks around it. */
static struct text trim(struct text text)
{
    for (; text.n > 0 && text.at[0] == ' '; text.at++)
        text.n--;
    for (; text.n > 0 && text.at[text.n - 1] == ' ';)
        text.n--;
    return text;
}

/* Lines of two words, a tab or blanks between them. */
static int read_arrows(struct choice *c, struct w2v_error *error)
{
    struct text line, from, to, more; /* more columns, such as scores, count for nothing */
    struct lines *list = &c->arrows;
    int status = lines_load(list, c->options->arrows_path, LINES_NO_BLANKS, error);
    while (status == W2V_OK && next_line(list, &line)) {
        line = trim(line);
        const char separator = memchr(line.at, '\t', line.n) != NULL ? '\t' : ' ';
        cut(line, separator, &from, &to);
        from = trim(from);
        cut(separator == ' ' ? trim(to) : to, separator, &to, &more);
        to = trim(to);
        if (from.n == 0 || to.n == 0)
            return error_set(error, W2V_EFORMAT,
                             "%s:%llu: not two words; an arrow is a line of two, a blank between",
                             infile_name(c->options->arrows_path),
                             (unsigned long long)list->number);
        const int64_t a = w2v_find(c->model, from.at, from.n), b = w2v_find(c->model, to.at, to.n);
        if (a < 0 || b < 0) {
            c->picture->n_unpaired++;
            continue;
        }
        status =
            mem_grow(&c->pairs, &c->pair_capacity, c->n_pairs + 1, sizeof *c->pairs, what, error);
        if (status != W2V_OK)
            break;
        c->pairs[c->n_pairs][0] = (size_t)a;
        c->pairs[c->n_pairs++][1] = (size_t)b;
        for (int i = 0; i < 2; i++) {
            const size_t id = (size_t)(i == 0 ? a : b);
            c->mark[id] = c->mark[id] == NOT_CHOSEN ? PICTURE_NO_GROUP : c->mark[id];
            c->first[id] = true;
        }
    }
    return status;
}

/* ---- From marks to the picture ---- */

static int list_words(struct choice *c, struct w2v_error *error)
{
    struct picture *p = c->picture;
    const size_t n_words = w2v_n_words(c->model);
    size_t n = 0;
    for (size_t id = 0; id < n_words; id++)
        n += c->mark[id] != NOT_CHOSEN;
    float *vector = mem_calloc(w2v_dim(c->model), sizeof *vector, what, error);
    p->ids = mem_calloc(n, sizeof *p->ids, what, error);
    p->group = mem_calloc(n, sizeof *p->group, what, error);
    p->order = mem_calloc(n, sizeof *p->order, what, error);
    p->places = mem_calloc(n, 2 * sizeof *p->places, what, error);
    if (vector == NULL || p->ids == NULL || p->group == NULL || p->order == NULL ||
        p->places == NULL) {
        free(vector);
        return W2V_ENOMEM;
    }
    for (size_t id = 0; id < n_words; id++) {
        if (c->mark[id] == NOT_CHOSEN)
            continue;
        if (!has_direction(c->model, id, vector)) {
            c->mark[id] = NOT_CHOSEN;
            p->n_left_out++;
            continue;
        }
        p->ids[p->n] = id;
        p->group[p->n] = c->mark[id];
        if (c->mark[id] != PICTURE_NO_GROUP)
            p->groups[c->mark[id]].n_words++;
        p->n++;
    }
    free(vector);
    size_t at = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < p->n; i++)
            if (c->first[p->ids[i]] == (pass == 0))
                p->order[at++] = (uint32_t)i;
    if (p->n == 0)
        return error_set(error, W2V_EDATA,
                         "no word to draw: none that is asked for is in the "
                         "model and has a direction");
    return W2V_OK;
}

static uint32_t place_of(const struct picture *p, size_t id)
{
    size_t low = 0, high = p->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (p->ids[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

static int list_arrows(struct choice *c, struct w2v_error *error)
{
    struct picture *p = c->picture;
    p->arrows = mem_calloc(c->n_pairs, sizeof *p->arrows, what, error);
    if (p->arrows == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < c->n_pairs; i++) {
        const size_t a = c->pairs[i][0], b = c->pairs[i][1];
        if (c->mark[a] == NOT_CHOSEN || c->mark[b] == NOT_CHOSEN) {
            p->n_unpaired++;
            continue;
        }
        p->arrows[p->n_arrows][0] = place_of(p, a);
        p->arrows[p->n_arrows++][1] = place_of(p, b);
    }
    return W2V_OK;
}

/* ---- Clusters ---- */

/*
 * Chooses the typical words of n members, which come nearest to the centre first. Members and typical
 * words are places in the picture. Returns how many are chosen.
 */
static size_t choose_typical(const size_t *members, size_t n, size_t typical[TYPICAL])
{
    const size_t share = n / CENTRAL_SHARE, most = share > CENTRAL ? share : CENTRAL;
    size_t n_typical = 0;
    for (size_t i = 0; i < n && i < most; i++) {
        size_t at = n_typical < TYPICAL ? n_typical++ : TYPICAL - 1;
        if (n_typical == TYPICAL && i >= TYPICAL && typical[at] < members[i])
            continue;
        for (; at > 0 && typical[at - 1] > members[i]; at--)
            typical[at] = typical[at - 1];
        typical[at] = members[i];
    }
    return n_typical;
}

/* Names each cluster by its typical words, with commas between them. */
static int name_clusters(struct choice *c, const struct w2v_cluster_report *report,
                         struct w2v_error *error)
{
    struct picture *p = c->picture;
    size_t n_bytes, total = 0;
    for (int pass = 0; pass < 2; pass++) { /* the first one measures */
        if (pass == 1 && (p->names = mem_calloc(total + 1, 1, what, error)) == NULL)
            return W2V_ENOMEM;
        total = 0;
        for (size_t j = 0; j < report->k; j++) {
            const size_t begin = report->begin[j], n = report->begin[j + 1] - begin, from = total;
            size_t typical[TYPICAL];
            const size_t n_typical = choose_typical(report->members + begin, n, typical);
            for (size_t i = 0; i < n_typical; i++) {
                const char *word = picture_word(p, typical[i], &n_bytes);
                const size_t comma = i > 0 ? 2 : 0;
                if (pass == 1) {
                    memcpy(p->names + total, ", ", comma);
                    memcpy(p->names + total + comma, word, n_bytes);
                }
                total += comma + n_bytes;
            }
            if (pass == 0)
                continue;
            int status = add_group(c, p->names + from, total - from, error);
            if (status != W2V_OK)
                return status;
            p->groups[j].n_words = n;
        }
    }
    return W2V_OK;
}

static int make_clusters(struct choice *c, struct w2v_error *error)
{
    struct picture *p = c->picture;
    struct w2v_cluster_options options;
    struct w2v_cluster_report report;
    w2v_cluster_options_init(&options);
    options.k = c->options->clusters;
    options.seed = c->options->seed;
    options.threads = c->options->threads;
    options.among = p->ids;
    options.n_among = p->n;
    options.progress = c->options->progress;
    options.progress_context = c->options->progress_context;
    int status = w2v_cluster(c->model, &options, &report, error);
    if (status != W2V_OK)
        return status;
    status = name_clusters(c, &report, error);
    for (size_t i = 0; i < p->n && status == W2V_OK; i++)
        p->group[i] = report.cluster[i] == W2V_NO_CLUSTER ? PICTURE_NO_GROUP : report.cluster[i];
    w2v_cluster_report_release(&report);
    return status;
}

/* ---- The whole ---- */

int choice_make(struct picture *picture, const struct w2v_model *model,
                const struct w2v_map_options *options, struct w2v_error *error)
{
    const size_t n_words = w2v_n_words(model);
    struct choice c = {.picture = picture, .model = model, .options = options};
    int status = W2V_ENOMEM;
    *picture = (struct picture){.model = model, .n_labels = options->labels};
    c.mark = mem_calloc(n_words, sizeof *c.mark, what, error);
    c.first = mem_calloc(n_words, sizeof *c.first, what, error);
    if (c.mark == NULL || c.first == NULL)
        goto done;
    for (size_t id = 0; id < n_words; id++)
        c.mark[id] = NOT_CHOSEN;
    status = W2V_OK;
    if (options->n_near > 0)
        status =
            choose_near(&c, options->top > 0 ? options->top : top_near(options->n_near), error);
    else if (options->words_path != NULL)
        status = choose_words(&c, error);
    else
        choose_top(&c, options->top > 0 ? options->top : TOP);
    if (status == W2V_OK && options->arrows_path != NULL)
        status = read_arrows(&c, error);
    if (status == W2V_OK)
        status = list_words(&c, error);
    if (status == W2V_OK && picture->n > W2V_MAX_MAP_WORDS)
        status = error_set(error, W2V_EDATA, "more than %d words", W2V_MAX_MAP_WORDS);
    if (status == W2V_OK)
        status = list_arrows(&c, error);
    if (status == W2V_OK && options->clusters > 0)
        status = make_clusters(&c, error);
done:
    free(c.mark);
    free(c.first);
    free(c.pairs);
    lines_release(&c.arrows);
    return status;
}
