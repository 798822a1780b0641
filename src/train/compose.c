/* Words composed of subwords. See compose.h. */
#include "train/compose.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"

static const char what[] = "subwords";

/* ---- Which parts a word has ---- */

/* A set of buckets: bits[i] marks 64 of them, and before[i] counts those in bits[0 .. i - 1]. */
struct bucket_set {
    uint64_t *bits;
    uint32_t *before;
};

/* The words of 2^i to 2^(i + 1) - 1 parts. */
struct words_of_size {
    uint64_t n_words, n_parts;
};

enum { N_SIZES = 40 };

struct listing {
    struct compose *compose;
    struct bucket_set set;
    size_t n_parts;
    uint32_t n_ngrams; /* that list_part has numbered */
    struct words_of_size sizes[N_SIZES];
};

static const uint32_t NO_NGRAM = UINT32_MAX;

static void count_bucket(void *context, uint32_t bucket)
{
    struct listing *listing = context;
    listing->set.bits[bucket / 64] |= (uint64_t)1 << bucket % 64;
    listing->n_parts++;
}

static uint32_t count_bits(uint64_t x)
{
    x -= x >> 1 & 0x5555555555555555u;
    x = (x & 0x3333333333333333u) + (x >> 2 & 0x3333333333333333u);
    return (uint32_t)(((x + (x >> 4)) & 0x0f0f0f0f0f0f0f0fu) * 0x0101010101010101u >> 56);
}

static void list_part(void *context, uint32_t bucket)
{
    struct listing *listing = context;
    const struct bucket_set *set = &listing->set;
    const uint64_t below = set->bits[bucket / 64] & (((uint64_t)1 << bucket % 64) - 1);
    struct compose *compose = listing->compose;
    uint32_t *ngram = &compose->ngrams[set->before[bucket / 64] + count_bits(below)];
    if (*ngram == NO_NGRAM)
        *ngram = listing->n_ngrams++;
    compose->part[listing->n_parts++] = (uint32_t)compose->n_words + *ngram;
}

static void count_word(struct listing *listing, uint64_t n_parts)
{
    int i = 0;
    while (i < N_SIZES - 1 && n_parts >> (i + 1) > 0)
        i++;
    listing->sizes[i].n_words++;
    listing->sizes[i].n_parts += n_parts;
}

/* At most so many parts do any n words have together. */
static uint64_t most_parts(const struct listing *listing, uint64_t n)
{
    uint64_t sum = 0;
    for (int i = N_SIZES - 1; i >= 0 && n > 0; i--) {
        const struct words_of_size *size = &listing->sizes[i];
        const uint64_t most = n << (i + 1);
        sum += size->n_words <= n || size->n_parts < most ? size->n_parts : most;
        n -= size->n_words < n ? size->n_words : n;
    }
    return sum;
}

/* Counts the parts of all words, and finds the buckets that they use. */
static int find_buckets(struct listing *listing, const struct vocab *vocab, struct w2v_error *error)
{
    struct compose *compose = listing->compose;
    const size_t n = compose->subwords.buckets / 64 + 1;
    size_t n_ngrams = 0;
    listing->set.bits = mem_calloc(n, sizeof *listing->set.bits, what, error);
    listing->set.before = mem_calloc(n, sizeof *listing->set.before, what, error);
    if (listing->set.bits == NULL || listing->set.before == NULL)
        return W2V_ENOMEM;
    for (size_t id = 0; id < vocab->n_words; id++) {
        size_t n_bytes;
        const char *word = vocab_word(vocab, id, &n_bytes);
        const size_t n_before = listing->n_parts++;
        subword_visit(&compose->subwords, word, n_bytes, count_bucket, listing);
        count_word(listing, listing->n_parts - n_before);
    }
    for (size_t i = 0; i < n; i++) {
        listing->set.before[i] = (uint32_t)n_ngrams;
        n_ngrams += count_bits(listing->set.bits[i]);
    }
    compose->n_ngrams = n_ngrams;
    compose->buckets = mem_calloc(n_ngrams + 1, sizeof *compose->buckets, what, error);
    compose->ngrams = mem_calloc(n_ngrams + 1, sizeof *compose->ngrams, what, error);
    if (compose->buckets == NULL || compose->ngrams == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < n_ngrams; i++)
        compose->ngrams[i] = NO_NGRAM;
    for (uint32_t bucket = 0, at = 0; bucket < compose->subwords.buckets; bucket++)
        if (listing->set.bits[bucket / 64] >> bucket % 64 & 1)
            compose->buckets[at++] = bucket;
    return W2V_OK;
}

static int list_parts(struct listing *listing, const struct vocab *vocab, struct w2v_error *error)
{
    struct compose *compose = listing->compose;
    int status = find_buckets(listing, vocab, error);
    if (status != W2V_OK)
        return status;
    compose->first = mem_calloc(vocab->n_words + 1, sizeof *compose->first, what, error);
    compose->part = mem_calloc(listing->n_parts, sizeof *compose->part, what, error);
    if (compose->first == NULL || compose->part == NULL)
        return W2V_ENOMEM;
    listing->n_parts = 0;
    for (size_t id = 0; id < vocab->n_words; id++) {
        size_t n_bytes;
        const char *word = vocab_word(vocab, id, &n_bytes);
        compose->part[listing->n_parts++] = (uint32_t)id;
        subword_visit(&compose->subwords, word, n_bytes, list_part, listing);
        compose->first[id + 1] = listing->n_parts;
    }
    return W2V_OK;
}

static void release_listing(struct listing *listing)
{
    free(listing->set.bits);
    free(listing->set.before);
}

int compose_measure(const struct subwords *subwords, const struct vocab *vocab, size_t dim,
                    uint64_t n_round, size_t *n_ngrams, uint64_t *n_bytes, struct w2v_error *error)
{
    /* Lists of moves, which grow by half of their length. */
    const uint64_t move =
        (sizeof(struct compose_move) + sizeof(uint32_t) + sizeof(float *)) * 3 / 2;
    struct compose compose = {.subwords = *subwords, .n_words = vocab->n_words};
    struct listing listing = {.compose = &compose};
    const uint64_t part = kernel_pad(dim) * sizeof(float) + sizeof(struct compose_part) +
                          sizeof *compose.buckets + sizeof *compose.ngrams;
    int status = find_buckets(&listing, vocab, error);
    *n_ngrams = compose.n_ngrams;
    *n_bytes = compose_n_parts(&compose) * part + listing.n_parts * sizeof *compose.part +
               vocab->n_words * (sizeof *compose.first + sizeof(uint32_t)) +
               most_parts(&listing, n_round) * move;
    release_listing(&listing);
    compose_release(&compose);
    return status;
}

static int make_owners(struct compose *compose, struct w2v_error *error)
{
    const size_t n = layout_owners(&compose->layout);
    compose->owners = mem_calloc(n, sizeof *compose->owners, what, error);
    if (compose->owners == NULL)
        return W2V_ENOMEM;
    for (size_t o = 0; o < n; o++) {
        struct compose_owner *owner = &compose->owners[o];
        owner->state = mem_calloc(layout_most_owned(&compose->layout, compose_n_parts(compose)),
                                  sizeof *owner->state, what, error);
        owner->listed = mem_calloc(layout_most_owned(&compose->layout, compose->n_words),
                                   sizeof *owner->listed, what, error);
        owner->into = mem_calloc(n, sizeof *owner->into, what, error);
        if (owner->state == NULL || owner->listed == NULL || owner->into == NULL)
            return W2V_ENOMEM;
    }
    return W2V_OK;
}

int compose_init(struct compose *compose, const struct kernel *kernel,
                 const struct subwords *subwords, const struct vocab *vocab,
                 const struct layout *layout, struct w2v_error *error)
{
    struct listing listing = {.compose = compose};
    *compose = (struct compose){
        .kernel = kernel, .subwords = *subwords, .n_words = vocab->n_words, .layout = *layout};
    int status = list_parts(&listing, vocab, error);
    release_listing(&listing);
    if (status == W2V_OK)
        status = make_owners(compose, error);
    if (status != W2V_OK)
        compose_release(compose);
    return status;
}

void compose_release(struct compose *compose)
{
    const size_t n_owners = compose->owners != NULL ? layout_owners(&compose->layout) : 0;
    for (size_t o = 0; o < n_owners; o++) {
        struct compose_owner *owner = &compose->owners[o];
        free(owner->state);
        free(owner->listed);
        free(owner->words);
        mem_unmap(&owner->before);
        free(owner->weight);
        for (size_t p = 0; p < n_owners && owner->into != NULL; p++)
            free(owner->into[p].moves);
        free(owner->into);
        free(owner->parts);
        free(owner->moves);
    }
    free(compose->owners);
    free(compose->buckets);
    free(compose->ngrams);
    free(compose->first);
    free(compose->part);
    *compose = (struct compose){0};
}

void compose_loads(struct compose *compose, const struct rows *rows,
                   const struct objective *objective)
{
    const size_t *first = compose->first;
    const double n = objective->model == W2V_CBOW ? fmax(1, objective->contexts) : 1;
    /* (n - 1) f(p) / l(p): a word that is every context has a load of speed / n x losses. */
    const double others = n > 1 ? (n - 1) * n / (objective_speed(n) * objective->losses) : 0;
    const double factor = fmax(1, n * COMPOSE_MOST_LOAD / COMPOSE_MOST_MEAN_LOAD);
    for (size_t id = 0; id < compose->n_words; id++)
        for (size_t i = first[id]; i < first[id + 1]; i++)
            compose_state(compose, compose->part[i])->own += rows->load[id];
    for (size_t id = 0; id < compose->n_words; id++) {
        double of_word = 0;
        for (size_t i = first[id]; i < first[id + 1]; i++) {
            const double own = (double)compose_state(compose, compose->part[i])->own;
            of_word += own * (1 + others * own);
        }
        const float load = (float)(factor * of_word / (double)(first[id + 1] - first[id]));
        for (size_t i = first[id]; i < first[id + 1]; i++) {
            struct compose_part *part = compose_state(compose, compose->part[i]);
            part->load = load > part->load ? load : part->load;
        }
    }
}

/* ---- Before a round ---- */

void compose_row(const struct compose *compose, const struct rows *rows, size_t word)
{
    enum { AT_ONCE = 32 };
    const size_t dim = rows->layout.dim, end = compose->first[word + 1];
    const float one = 1, scale = (float)(1.0 / (double)(end - compose->first[word]));
    float *row = rows_master(rows, word);
    memset(row, 0, dim * sizeof *row);
    for (size_t i = compose->first[word]; i < end; i += AT_ONCE) {
        const float *parts[AT_ONCE];
        const size_t n = end - i < AT_ONCE ? end - i : AT_ONCE;
        for (size_t j = 0; j < n; j++)
            parts[j] = compose_part(rows, compose->part[i + j]);
        compose->kernel->accumulate(&row, 1, parts, n, dim, &one, 0, 0);
    }
    for (size_t k = 0; k < dim; k++)
        row[k] *= scale;
}

/* Lists the words of the owner that the plans touch, each once. */
static int list_touched_words(struct compose *compose, size_t owner_index, const struct plan *plans,
                              size_t n_plans, struct w2v_error *error)
{
    struct compose_owner *owner = &compose->owners[owner_index];
    const struct layout layout = compose->layout;
    const size_t n_touched = plan_count_touched(plans, n_plans, owner_index);
    size_t n = 0;
    int status =
        mem_grow(&owner->words, &owner->capacity, n_touched + 1, sizeof *owner->words, what, error);
    if (status != W2V_OK)
        return status;
    for (size_t s = 0; s < n_plans; s++)
        for (size_t i = plans[s].owner_begin[owner_index];
             i < plans[s].owner_begin[owner_index + 1]; i++) {
            const uint32_t row = plans[s].touched[i].row;
            if (row >= compose->n_words || owner->listed[layout_owned(&layout, row)] > 0)
                continue;
            owner->words[n++] = row;
            owner->listed[layout_owned(&layout, row)] = (uint32_t)n;
        }
    owner->n_words = n;
    return W2V_OK;
}

/* Tells the owners of parts which words will move their parts. */
static int list_moves(struct compose *compose, struct compose_owner *owner, struct w2v_error *error)
{
    const struct layout *layout = &compose->layout;
    size_t n[LAYOUT_MOST_OWNERS] = {0};
    int status = W2V_OK;
    for (size_t at = 0; at < owner->n_words; at++)
        for (size_t i = compose->first[owner->words[at]]; i < compose->first[owner->words[at] + 1];
             i++)
            n[layout_owner(layout, compose->part[i])]++;
    for (size_t o = 0; o < layout_owners(layout) && status == W2V_OK; o++) {
        struct compose_moves *into = &owner->into[o];
        status =
            mem_grow(&into->moves, &into->capacity, n[o] + 1, sizeof *into->moves, what, error);
        into->n = 0;
    }
    for (size_t at = 0; at < owner->n_words && status == W2V_OK; at++)
        for (size_t i = compose->first[owner->words[at]]; i < compose->first[owner->words[at] + 1];
             i++) {
            struct compose_moves *into = &owner->into[layout_owner(layout, compose->part[i])];
            into->moves[into->n++] = (struct compose_move){compose->part[i], (uint32_t)at};
        }
    return status;
}

int compose_gather(struct compose *compose, const struct rows *rows, size_t owner_index,
                   const struct plan *plans, size_t n_plans, struct w2v_error *error)
{
    struct compose_owner *owner = &compose->owners[owner_index];
    const size_t dim = rows->layout.dim;
    int status = list_touched_words(compose, owner_index, plans, n_plans, error);
    if (status == W2V_OK)
        status = list_moves(compose, owner, error);
    if (status == W2V_OK && owner->n_words > owner->before_capacity) {
        const size_t n = 2 * owner->n_words;
        mem_unmap(&owner->before);
        free(owner->weight);
        owner->before_capacity = 0;
        owner->weight = mem_calloc(n, sizeof *owner->weight, what, error);
        status = owner->weight == NULL
                     ? W2V_ENOMEM
                     : mem_map(&owner->before, mem_product(n, dim), sizeof(float), what, error);
        if (status == W2V_OK)
            owner->before_capacity = n;
    }
    for (size_t at = 0; at < owner->n_words && status == W2V_OK; at++) {
        if (at + 1 < owner->n_words)
            for (size_t i = compose->first[owner->words[at + 1]];
                 i < compose->first[owner->words[at + 1] + 1]; i++)
                fetch_to_read(compose_part(rows, compose->part[i]), dim * sizeof(float));
        compose_row(compose, rows, owner->words[at]);
        memcpy((float *)owner->before.bytes + at * dim, rows_master(rows, owner->words[at]),
               dim * sizeof(float));
        owner->weight[at] = 0;
    }
    return status;
}

/* ---- After a round ---- */

void compose_moves(struct compose *compose, const struct rows *rows, size_t owner_index,
                   const struct plan *plans, size_t n_plans)
{
    const struct compose_owner *owner = &compose->owners[owner_index];
    const struct layout *layout = &compose->layout;
    const size_t dim = rows->layout.dim;
    float *before = owner->before.bytes;
    for (size_t s = 0; s < n_plans; s++)
        for (size_t i = plans[s].owner_begin[owner_index];
             i < plans[s].owner_begin[owner_index + 1]; i++) {
            const struct plan_touch touch = plans[s].touched[i];
            if (touch.row < compose->n_words)
                owner->weight[owner->listed[layout_owned(layout, touch.row)] - 1] +=
                    plans[s].weight[touch.index];
        }
    for (size_t at = 0; at < owner->n_words; at++, before += dim) {
        const float *after = rows_master(rows, owner->words[at]);
        owner->listed[layout_owned(layout, owner->words[at])] = 0;
        for (size_t k = 0; k < dim; k++)
            before[k] = after[k] - before[k];
    }
}

/* Prefetches the state of the part that is moved AHEAD moves after move i. */
static inline void fetch_state(const struct compose *compose, const struct compose_moves *from,
                               size_t i)
{
    enum { AHEAD = 8 };
    if (i + AHEAD < from->n)
        fetch_to_write(compose_state(compose, from->moves[i + AHEAD].part), 1);
}

/* Sorts the moves of the owner's parts by part; *n_parts: how many parts move. */
static int sort_moves(struct compose *compose, size_t owner_index, size_t dim, size_t *n_parts,
                      struct w2v_error *error)
{
    struct compose_owner *owner = &compose->owners[owner_index];
    const size_t n_owners = layout_owners(&compose->layout);
    uint32_t next = 0;
    size_t n = 0;
    *n_parts = 0;
    for (size_t o = 0; o < n_owners; o++)
        n += compose->owners[o].into[owner_index].n;
    int status =
        mem_grow(&owner->parts, &owner->parts_capacity, n + 1, sizeof *owner->parts, what, error);
    if (status == W2V_OK)
        status = mem_grow(&owner->moves, &owner->moves_capacity, n + 1, sizeof *owner->moves, what,
                          error);
    if (status != W2V_OK)
        return status;
    for (size_t o = 0; o < n_owners; o++) {
        const struct compose_moves *from = &compose->owners[o].into[owner_index];
        for (size_t i = 0; i < from->n; i++) {
            fetch_state(compose, from, i);
            struct compose_part *part = compose_state(compose, from->moves[i].part);
            owner->parts[*n_parts] = from->moves[i].part;
            *n_parts += part->place++ == 0;
            part->weight += compose->owners[o].weight[from->moves[i].at];
        }
    }
    for (size_t i = 0; i < *n_parts; i++) {
        struct compose_part *part = compose_state(compose, owner->parts[i]);
        const uint32_t count = part->place;
        part->place = next;
        next += count;
    }
    for (size_t o = 0; o < n_owners; o++) {
        const struct compose_moves *from = &compose->owners[o].into[owner_index];
        const float *moves = compose->owners[o].before.bytes;
        for (size_t i = 0; i < from->n; i++)
            owner->moves[compose_state(compose, from->moves[i].part)->place++] =
                moves + from->moves[i].at * dim;
    }
    return W2V_OK;
}

/* scale(p) for the round. n_words of them move the part. */
static float scale_of(const struct compose_part *part, size_t n_words, double rate, double centres)
{
    const double scale = (double)compose_scale(part, rate * centres), least = 1 / (double)n_words;
    const double expected = 2 * centres * (double)part->own, weight = (double)part->weight;
    if (weight <= expected || scale <= least)
        return (float)scale;
    return (float)(scale * expected > least * weight ? scale * expected / weight : least);
}

int compose_scatter(struct compose *compose, const struct rows *rows, size_t owner_index,
                    double rate, double centres, struct w2v_error *error)
{
    enum { AHEAD = 2 };
    struct compose_owner *owner = &compose->owners[owner_index];
    const size_t dim = rows->layout.dim;
    size_t n_parts, first = 0, end;
    int status = sort_moves(compose, owner_index, dim, &n_parts, error);
    for (size_t i = 0; i < n_parts && status == W2V_OK; i++, first = end) {
        struct compose_part *part = compose_state(compose, owner->parts[i]);
        float *row = compose_part(rows, owner->parts[i]);
        end = part->place;
        const float scale = scale_of(part, end - first, rate, centres);
        part->place = 0;
        part->weight = 0;
        if (i + AHEAD < n_parts)
            fetch_to_write(compose_part(rows, owner->parts[i + AHEAD]), dim * sizeof(float));
        compose->kernel->accumulate(&row, 1, owner->moves + first, end - first, dim, &scale, 0, 0);
    }
    return status;
}
