/* Counting pairs. See pairs.h. */
#include "text/pairs.h"

#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"
#include "base/thread.h"

enum {
    SLICE = 1 << 15, /* tokens */
    MAX_SLICES = 64, /* in a round */
    FIRST_SLOTS = 1 << 8,
    AHEAD = 8 /* a slot is prefetched this many pairs before it is used */
};

/* The pairs of one slice. Partition p has keys[start[p]] .. keys[start[p + 1] - 1]. */
struct slice {
    uint64_t keys[SLICE];
    uint32_t start[PAIRS_PARTITIONS + 1];
};

struct pair_counting {
    struct pairs *pairs;
    const uint32_t *ids;
    size_t n;
    size_t begin, n_slices; /* this round has n_slices slices from ids[begin] on */
    const uint8_t *eligible;
    size_t max_slots; /* of a table */
    struct slice *slices;
    atomic_size_t ticket;
    struct thread_failure failure;
};

/* The same in every process, because it affects which pairs are dropped when memory is short. */
static inline size_t partition_of(uint64_t key)
{
    return (size_t)(rng_mix(key) >> 58);
}

/* The key of the pair that begins at index i; 0 if it does not count. */
static inline uint64_t key_at(const struct pair_counting *c, size_t i)
{
    const uint32_t left = c->ids[i];
    if (i + 1 >= c->n || (left & CORPUS_LINE_END) || !c->eligible[left])
        return 0;
    const uint32_t right = CORPUS_ID(c->ids[i + 1]);
    return c->eligible[right] ? pairs_key(left, right) : 0;
}

static void cut_slice(const struct pair_counting *c, size_t s)
{
    struct slice *slice = &c->slices[s];
    const size_t begin = c->begin + s * SLICE, end = c->n - begin < SLICE ? c->n : begin + SLICE;
    uint32_t next[PAIRS_PARTITIONS] = {0};
    for (size_t i = begin; i < end; i++) {
        const uint64_t key = key_at(c, i);
        if (key != 0)
            next[partition_of(key)]++;
    }
    uint32_t sum = 0;
    for (size_t p = 0; p < PAIRS_PARTITIONS; p++) {
        slice->start[p] = sum;
        sum += next[p];
        next[p] = slice->start[p];
    }
    slice->start[PAIRS_PARTITIONS] = sum;
    for (size_t i = begin; i < end; i++) {
        const uint64_t key = key_at(c, i);
        if (key != 0)
            slice->keys[next[partition_of(key)]++] = key;
    }
}

static void cut_worker(void *arg, unsigned index, unsigned n)
{
    struct pair_counting *c = arg;
    size_t s;
    (void)index, (void)n;
    while ((s = thread_ticket(&c->ticket, c->n_slices)) < c->n_slices)
        cut_slice(c, s);
}

static struct pair *find_slot(const struct pairs_table *table, uint64_t key)
{
    const size_t mask = table->n_slots - 1;
    for (size_t at = pairs_hash(table->by, key) & mask;; at = (at + 1) & mask)
        if (table->slots[at].key == key || table->slots[at].key == 0)
            return &table->slots[at];
}

/* count + error: the pair occurred at most so often. */
static uint32_t upper_count(const struct pair *pair)
{
    return pair->count > UINT32_MAX - pair->error ? UINT32_MAX : pair->count + pair->error;
}

/* Moves the pairs above the bound to new slots. */
static int rebuild(struct pairs_table *table, size_t n_slots, struct w2v_error *error)
{
    struct pairs_table new = {.n_slots = n_slots, .bound = table->bound, .by = hash_key()};
    new.slots = mem_calloc(n_slots, sizeof *new.slots, "pairs of words", error);
    if (new.slots == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < table->n_slots; i++) {
        const struct pair *pair = &table->slots[i];
        if (pair->key == 0 || upper_count(pair) <= table->bound)
            continue;
        *find_slot(&new, pair->key) = *pair;
        new.n_pairs++;
    }
    free(table->slots);
    *table = new;
    return W2V_OK;
}

static int compare_numbers(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* Raises the bound to the median, so that at least half of the pairs are dropped. */
static int drop_half(struct pairs_table *table, struct w2v_error *error)
{
    size_t n = 0;
    uint32_t *counts = mem_calloc(table->n_pairs, sizeof *counts, "pairs of words", error);
    if (counts == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < table->n_slots; i++)
        if (table->slots[i].key != 0)
            counts[n++] = upper_count(&table->slots[i]);
    qsort(counts, n, sizeof *counts, compare_numbers);
    table->bound = counts[n / 2];
    free(counts);
    return rebuild(table, table->n_slots, error);
}

/* Makes room for one more pair. */
static int reserve_pair(struct pairs_table *table, size_t max_slots, struct w2v_error *error)
{
    if (table->n_slots == 0)
        return rebuild(table, FIRST_SLOTS, error);
    if (table->n_pairs < table->n_slots / 4 * 3)
        return W2V_OK;
    return table->n_slots < max_slots ? rebuild(table, 2 * table->n_slots, error)
                                      : drop_half(table, error);
}

static int add_slice(struct pairs_table *table, const uint64_t *keys, size_t n, size_t max_slots,
                     struct w2v_error *error)
{
    for (size_t i = 0; i < n; i++) {
        int status = reserve_pair(table, max_slots, error);
        if (status != W2V_OK)
            return status;
        if (i + AHEAD < n)
            fetch_to_read(
                &table->slots[pairs_hash(table->by, keys[i + AHEAD]) & (table->n_slots - 1)], 1);
        struct pair *pair = find_slot(table, keys[i]);
        if (pair->key == 0) {
            *pair = (struct pair){.key = keys[i], .error = table->bound};
            table->n_pairs++;
        }
        pair->count += pair->count < UINT32_MAX;
    }
    return W2V_OK;
}

static void add_worker(void *arg, unsigned index, unsigned n)
{
    struct pair_counting *c = arg;
    struct w2v_error error;
    size_t p;
    int status = W2V_OK;
    (void)index, (void)n;
    while (status == W2V_OK && (p = thread_ticket(&c->ticket, PAIRS_PARTITIONS)) < PAIRS_PARTITIONS)
        for (size_t s = 0; s < c->n_slices && status == W2V_OK; s++) {
            const struct slice *slice = &c->slices[s];
            status = add_slice(&c->pairs->tables[p], slice->keys + slice->start[p],
                               slice->start[p + 1] - slice->start[p], c->max_slots, &error);
        }
    if (status != W2V_OK)
        thread_fail(&c->failure, &error);
}

/* The most slots that a table may have so that all tables fit into `memory`. */
static size_t slots_within(uint64_t memory)
{
    size_t n_slots = FIRST_SLOTS;
    while (2 * n_slots * sizeof(struct pair) <= memory / PAIRS_PARTITIONS)
        n_slots *= 2;
    return n_slots;
}

int pairs_count(struct pairs *pairs, const uint32_t *ids, size_t n, const uint8_t *eligible,
                uint64_t memory, unsigned threads, struct watch *watch, struct w2v_error *error)
{
    struct pair_counting c = {.pairs = pairs,
                              .ids = ids,
                              .n = n,
                              .eligible = eligible,
                              .max_slots = memory == 0 ? SIZE_MAX : slots_within(memory / 4 * 3)};
    const size_t n_slices = n / SLICE + (n % SLICE != 0);
    size_t n_most = MAX_SLICES; /* slices in a round */
    if (memory != 0 && memory / 4 / sizeof *c.slices < MAX_SLICES)
        n_most = (size_t)(memory / 4 / sizeof *c.slices);
    if (n_most == 0)
        n_most = 1;
    int status = W2V_OK;
    c.slices = mem_calloc(n_slices < n_most ? n_slices : n_most, sizeof *c.slices, "pairs of words",
                          error);
    if (c.slices == NULL)
        return W2V_ENOMEM;
    for (size_t first = 0; first < n_slices && status == W2V_OK; first += c.n_slices) {
        c.n_slices = n_slices - first < n_most ? n_slices - first : n_most;
        c.begin = first * SLICE;
        atomic_store(&c.ticket, 0);
        thread_run(threads, cut_worker, &c);
        atomic_store(&c.ticket, 0);
        thread_run(threads, add_worker, &c);
        status = thread_outcome(&c.failure, error);
        if (status == W2V_OK && watch != NULL)
            status = watch_tell(watch, c.begin, false, error);
    }
    free(c.slices);
    if (status != W2V_OK)
        pairs_release(pairs);
    return status;
}

uint32_t pairs_error(const struct pairs *pairs)
{
    uint32_t most = 0;
    for (size_t p = 0; p < PAIRS_PARTITIONS; p++)
        if (pairs->tables[p].bound > most)
            most = pairs->tables[p].bound;
    return most;
}

void pairs_release(struct pairs *pairs)
{
    for (size_t p = 0; p < PAIRS_PARTITIONS; p++)
        free(pairs->tables[p].slots);
    *pairs = (struct pairs){0};
}
