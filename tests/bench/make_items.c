/*
 * make_items sessions|baskets ITEMS LINES LENGTH EXPONENT SEED FOLDER
 *
 * Made sequences of items whose structure is known. LINES lines of 2 to 50 items, LENGTH on average,
 * from a catalogue of ITEMS items in groups of 20. The item of rank r is as popular as r^-EXPONENT.
 *
 *   sessions   a Markov chain: an item is followed by one of eight items near it on the ring of its
 *              group, by one of two others, or, one time in seven, by any item by popularity
 *   baskets    without order: three of four items are from one group by popularity, the others are
 *              from anywhere; no item is twice in a basket
 *
 * Writes FOLDER/train (the lines without their last items), FOLDER/test (of each line the last item
 * but one, a tab, the last) and FOLDER/groups (ITEM<TAB>GROUP). Prints the share of the last items
 * that are among the ten most probable ones: nobody who sees only the item before can do better.
 * For baskets it prints "-".
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/rng.h"

enum { GROUP = 20, NEAR = 8, FOLLOWERS = 10, MOST = 50, GUESSES = 10 };

static const double JUMP = 1.0 / 7, OWN = 0.75;

/* What can follow an item, and the sums of the chances up to each. */
struct item {
    double popularity, upto;
    size_t next[FOLLOWERS];
    double chance[FOLLOWERS];
};

struct world {
    struct item *item;
    size_t n;
    double total;
    uint64_t key, drawn;
};

static double even(struct world *w)
{
    return (double)(rng_at(w->key, w->drawn++) >> 11) / 9007199254740992.0;
}

/* An item of [begin, end) by popularity. */
static size_t draw(struct world *w, size_t begin, size_t end)
{
    const double before = begin > 0 ? w->item[begin - 1].upto : 0;
    const double at = before + even(w) * (w->item[end - 1].upto - before);
    size_t low = begin, high = end - 1;
    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (w->item[middle].upto > at)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static size_t group_end(const struct world *w, size_t i)
{
    const size_t end = i / GROUP * GROUP + GROUP;
    return end < w->n ? end : w->n;
}

static void make_chain(struct world *w, size_t i)
{
    static const int step[NEAR] = {1, 2, 3, 4, 5, 6, -1, -2};
    static const double weight[FOLLOWERS] = {1, .5, .33, .25, .2, .17, .5, .25, .2, .2};
    const size_t first = i / GROUP * GROUP, n = group_end(w, i) - first;
    struct item *item = &w->item[i];
    double sum = 0;
    for (size_t k = 0; k < FOLLOWERS; k++) {
        const size_t place = (size_t)((int)(i - first + n) + (k < NEAR ? step[k] : 0)) % n;
        item->next[k] = k < NEAR ? first + place : draw(w, 0, w->n);
        item->chance[k] = weight[k] * sqrt(w->item[item->next[k]].popularity);
        sum += item->chance[k];
    }
    for (size_t k = 0; k < FOLLOWERS; k++)
        item->chance[k] /= sum;
}

/* Ranks are a random order, so that groups differ. */
static void make_world(struct world *w, double exponent)
{
    size_t *rank = calloc(w->n, sizeof *rank);
    w->item = calloc(w->n, sizeof *w->item);
    if (rank == NULL || w->item == NULL)
        exit(1);
    for (size_t i = 0; i < w->n; i++) {
        const size_t j = (size_t)(even(w) * (double)(i + 1));
        rank[i] = rank[j];
        rank[j] = i;
    }
    for (size_t i = 0; i < w->n; i++) {
        w->item[i].popularity = pow((double)(rank[i] + 1), -exponent);
        w->item[i].upto = w->total += w->item[i].popularity;
    }
    for (size_t i = 0; i < w->n; i++)
        make_chain(w, i);
    free(rank);
}

static size_t follow(struct world *w, size_t i)
{
    double at = even(w);
    if (at < JUMP)
        return draw(w, 0, w->n);
    at = (at - JUMP) / (1 - JUMP);
    for (size_t k = 0; k + 1 < FOLLOWERS; k++, at -= w->item[i].chance[k - 1])
        if (at < w->item[i].chance[k])
            return w->item[i].next[k];
    return w->item[i].next[FOLLOWERS - 1];
}

/* The probability that b follows a. */
static double probability(const struct world *w, size_t a, size_t b)
{
    double p = JUMP * w->item[b].popularity / w->total;
    for (size_t k = 0; k < FOLLOWERS; k++)
        if (w->item[a].next[k] == b)
            p += (1 - JUMP) * w->item[a].chance[k];
    return p;
}

/* Whether b is among the ten that most probably follow a. */
static int is_likely(const struct world *w, size_t a, size_t b)
{
    const double p = probability(w, a, b);
    size_t better = 0;
    for (size_t i = 0; i < w->n && better < GUESSES; i++)
        better += i != a && probability(w, a, i) > p;
    return better < GUESSES && a != b;
}

static size_t length(struct world *w, double mean)
{
    const double more = -log(1 - even(w)) * (mean - 2 + 0.5);
    return 2 + (size_t)(more < MOST - 2 ? more : MOST - 2);
}

static int has(const size_t *line, size_t n, size_t i)
{
    while (n > 0)
        if (line[--n] == i)
            return 1;
    return 0;
}

static void make_line(struct world *w, int basket, size_t *line, size_t n)
{
    line[0] = draw(w, 0, w->n);
    const size_t first = line[0] / GROUP * GROUP, last = group_end(w, line[0]);
    for (size_t k = 1; k < n; k++) {
        if (!basket) {
            line[k] = follow(w, line[k - 1]);
            continue;
        }
        const int own = even(w) < OWN;
        for (int tries = 0; tries == 0 || (has(line, k, line[k]) && tries < 100); tries++)
            line[k] = own && tries < 20 ? draw(w, first, last) : draw(w, 0, w->n);
    }
    /* A basket's first item is of its group, which its place would tell. */
    for (size_t k = basket ? n : 1; k > 1; k--) {
        const size_t j = (size_t)(even(w) * (double)k), swapped = line[k - 1];
        line[k - 1] = line[j];
        line[j] = swapped;
    }
}

static FILE *open_in(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    if (file == NULL)
        exit(1);
    return file;
}

int main(int argc, char **argv)
{
    if (argc != 8)
        return 2;
    const int basket = strcmp(argv[1], "baskets") == 0;
    const double mean = strtod(argv[4], NULL);
    const size_t n_lines = strtoul(argv[3], NULL, 10);
    struct world w = {.n = strtoul(argv[2], NULL, 10), .key = strtoul(argv[6], NULL, 10)};
    FILE *train = open_in(argv[7], "train"), *test = open_in(argv[7], "test");
    FILE *groups = open_in(argv[7], "groups");
    size_t likely = 0, tested = 0, line[MOST];
    make_world(&w, strtod(argv[5], NULL));
    for (size_t i = 0; i < w.n; i++)
        fprintf(groups, "item-%zu\tg%zu\n", i, i / GROUP);
    for (size_t l = 0; l < n_lines; l++) {
        const size_t n = length(&w, mean);
        make_line(&w, basket, line, n);
        for (size_t k = 0; k + 1 < n; k++)
            fprintf(train, "item-%zu%c", line[k], k + 2 < n ? ' ' : '\n');
        fprintf(test, "item-%zu\titem-%zu\n", line[n - 2], line[n - 1]);
        if (!basket && l % (1 + n_lines / 1000) == 0) {
            tested++;
            likely += (size_t)is_likely(&w, line[n - 2], line[n - 1]);
        }
    }
    if (basket)
        puts("-");
    else
        printf("%.4f\n", (double)likely / (double)tested);
    free(w.item);
    return fclose(train) == 0 && fclose(test) == 0 && fclose(groups) == 0 ? 0 : 1;
}
