/*
 * Counting n-grams. See ngrams.h.
 *
 * The array `starts` belongs to one length of n-grams: at each token it holds 1 + the id of the
 * frequent n-gram of that length that begins there, or 0. To count the next length, each thread
 * takes a part of the keys (chosen by hash), goes over `starts`, counts the keys of its part in a
 * table of its own, and keeps the frequent ones. Then `starts` is updated to the new length, in
 * shares that are cut between runs.
 */
#include "text/ngrams.h"

#include <stdlib.h>

#include "base/fetch.h"
#include "base/thread.h"

enum {
    NGRAM_BYTES = sizeof(struct ngram) + 3 * sizeof(struct ngrams_slot) + 2 * sizeof(uint64_t),
    LEAST_BYTES = 4 << 20 /* the n-grams that are kept may take this much, whatever the limit is */
};
enum { SHARE = 1 << 16, TELL = 1 << 18, LOOK_AHEAD = 32, N_LOGS = 1 << 12, LEAST_SLOTS = 1 << 12 };

uint32_t ngrams_log2(uint64_t x)
{
    uint32_t whole = 63, bits = 0;
    while (!(x >> whole & 1))
        whole--;
    x = whole > 31 ? x >> (whole - 31)
                   : x << (31 - whole); /* 1.0 <= x < 2.0, 31 bits of fraction */
    for (unsigned bit = NGRAMS_ONE >> 1; bit > 0; bit >>= 1) {
        x = x * x >> 31;
        if (x >> 32) {
            x >>= 1;
            bits |= bit;
        }
    }
    return whole * NGRAMS_ONE | bits;
}

/* One n-gram of the length being counted. */
struct count_slot {
    uint32_t prefix, unit, suffix, count; /* count 0: empty */
};

struct count_table {
    struct mem_map memory;
    struct count_slot *slots;
    size_t n_slots, n;
    struct hash_key by;
};

struct ngram_counting {
    struct ngrams *ngrams;
    const uint32_t *tokens;
    uint32_t *starts;
    size_t n_tokens;
    size_t *cuts, n_shares; /* ngrams_cut */
    uint32_t min_count;
    unsigned length; /* being counted; NGRAMS_LONGEST + 1 is counted only for the entropies */
    uint64_t limit;  /* bytes that the n-grams that are kept may take */
    size_t n_parts;
    size_t first; /* the first id of the n-grams that are one unit shorter */
    /* For each of those: sums of c log2(c) over the counts c of the n-grams one unit longer. */
    atomic_uint_fast64_t *left, *right;
    uint32_t logs[N_LOGS]; /* of small counts */
    atomic_size_t ticket;
    pthread_mutex_t lock; /* guards ngrams->n and ->grams */
    struct watch *watch;
    struct thread_failure failure;
};

void ngrams_release(struct ngrams *ngrams)
{
    free(ngrams->grams);
    free(ngrams->slots);
    *ngrams = (struct ngrams){0};
}

size_t ngrams_spell(const struct ngrams *ngrams, size_t id, uint32_t *units)
{
    size_t n = 1;
    for (size_t at = id; at >= ngrams->n_units; at = ngrams->grams[at].prefix)
        n++;
    for (size_t i = n; i-- > 0; id = ngrams->grams[id].prefix)
        units[i] = ngrams->grams[id].unit;
    return n;
}

static int table_resize(struct count_table *table, size_t n_slots, struct w2v_error *error)
{
    struct count_table larger = {.n_slots = n_slots, .n = table->n, .by = table->by};
    int status = mem_map(&larger.memory, n_slots, sizeof *larger.slots, "n-grams", error);
    if (status != W2V_OK)
        return status;
    larger.slots = larger.memory.bytes;
    for (size_t i = 0; i < table->n_slots; i++) {
        const struct count_slot *slot = &table->slots[i];
        if (slot->count == 0)
            continue;
        size_t at = (size_t)ngrams_hash(table->by, slot->prefix, slot->unit) & (n_slots - 1);
        while (larger.slots[at].count != 0)
            at = (at + 1) & (n_slots - 1);
        larger.slots[at] = *slot;
    }
    mem_unmap(&table->memory);
    *table = larger;
    return W2V_OK;
}

/* Counts a few keys, whose slots have been prefetched. */
static int table_add(struct count_table *table, const struct count_slot *keys,
                     const uint64_t *hashes, size_t n, struct w2v_error *error)
{
    if (3 * table->n_slots < 5 * (table->n + n)) {
        int status = table_resize(table, 2 * table->n_slots, error);
        if (status != W2V_OK)
            return status;
    }
    const size_t mask = table->n_slots - 1;
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)hashes[i] & mask;
        struct count_slot *slot = &table->slots[at];
        while (slot->count != 0 && (slot->prefix != keys[i].prefix || slot->unit != keys[i].unit)) {
            at = (at + 1) & mask;
            slot = &table->slots[at];
        }
        if (slot->count == 0) {
            *slot = keys[i];
            table->n++;
        }
        if (slot->count < UINT32_MAX)
            slot->count++;
    }
    return W2V_OK;
}

/* Counts the keys of one part. If `tells`, this thread reports the progress. */
static int count_keys(struct ngram_counting *c, size_t part, struct count_table *table, bool tells,
                      struct w2v_error *error)
{
    struct count_slot keys[LOOK_AHEAD];
    uint64_t hashes[LOOK_AHEAD];
    size_t n = 0;
    int status = W2V_OK;
    for (size_t i = 0; i + 1 < c->n_tokens && status == W2V_OK; i++) {
        if (tells && i % TELL == 0)
            status = watch_tell(c->watch, i, false, error);
        const uint32_t prefix = c->starts[i], suffix = c->starts[i + 1];
        if (prefix == 0 || suffix == 0 || !(c->tokens[i + 1] & NGRAMS_JOINED))
            continue;
        const uint32_t unit = NGRAMS_UNIT(c->tokens[i + c->length - 1]);
        const uint64_t hash = ngrams_hash(table->by, prefix - 1, unit);
        if ((hash >> 32) * c->n_parts >> 32 != part)
            continue;
        keys[n] = (struct count_slot){prefix - 1, unit, suffix - 1, 0};
        hashes[n] = hash;
        fetch_to_read(&table->slots[(size_t)hash & (table->n_slots - 1)], 1);
        if (++n == LOOK_AHEAD) {
            status = table_add(table, keys, hashes, n, error);
            n = 0;
        }
    }
    return status == W2V_OK ? table_add(table, keys, hashes, n, error) : status;
}

/* Makes room for n n-grams. The caller holds the lock. */
static int reserve_grams(struct ngram_counting *c, size_t n, struct w2v_error *error)
{
    struct ngrams *ngrams = c->ngrams;
    if (n > NGRAMS_MAX_UNITS)
        return error_set(error, W2V_EDATA, "more than %u n-grams", NGRAMS_MAX_UNITS);
    if (mem_product(n, NGRAM_BYTES) > c->limit)
        return error_set(
            error, W2V_ENOMEM,
            "finding words (--segment) in this text takes more memory than the %.1f MB "
            "allowed for it (%zu n-grams and more); allow more, or give less text",
            (double)c->limit * 1e-6, n);
    return mem_grow(&ngrams->grams, &ngrams->capacity, n, sizeof *ngrams->grams, "n-grams", error);
}

/*
 * Adds the counts of a part to the entropies of the shorter n-grams, and keeps its frequent ones.
 */
static int close_part(struct ngram_counting *c, const struct count_table *table,
                      struct w2v_error *error)
{
    size_t n_kept = 0;
    for (size_t i = 0; i < table->n_slots; i++) {
        const struct count_slot *slot = &table->slots[i];
        if (slot->count == 0)
            continue;
        const uint64_t log = slot->count < N_LOGS ? c->logs[slot->count] : ngrams_log2(slot->count);
        if (log > 0) {
            atomic_fetch_add_explicit(&c->right[slot->prefix - c->first], slot->count * log,
                                      memory_order_relaxed);
            atomic_fetch_add_explicit(&c->left[slot->suffix - c->first], slot->count * log,
                                      memory_order_relaxed);
        }
        n_kept += slot->count >= c->min_count;
    }
    if (c->length > NGRAMS_LONGEST)
        return W2V_OK;
    pthread_mutex_lock(&c->lock);
    struct ngrams *ngrams = c->ngrams;
    int status = reserve_grams(c, ngrams->n + n_kept, error);
    for (size_t i = 0; i < table->n_slots && status == W2V_OK; i++) {
        const struct count_slot *slot = &table->slots[i];
        if (slot->count >= c->min_count)
            ngrams->grams[ngrams->n++] = (struct ngram){.prefix = slot->prefix,
                                                        .suffix = slot->suffix,
                                                        .unit = slot->unit,
                                                        .count = slot->count};
    }
    pthread_mutex_unlock(&c->lock);
    return status;
}

static void count_worker(void *arg, unsigned index, unsigned n)
{
    struct ngram_counting *c = arg;
    struct w2v_error error;
    size_t part;
    (void)n;
    while (!thread_failed(&c->failure) &&
           (part = thread_ticket(&c->ticket, c->n_parts)) < c->n_parts) {
        struct count_table table = {.by = c->ngrams->by};
        int status = table_resize(&table, LEAST_SLOTS, &error);
        if (status == W2V_OK)
            status = count_keys(c, part, &table, index == 0, &error);
        if (status == W2V_OK)
            status = close_part(c, &table, &error);
        mem_unmap(&table.memory);
        if (status != W2V_OK)
            thread_fail(&c->failure, &error);
    }
}

/* A run may be longer than a share. Then the next cuts are its end, too, and are found at once. */
size_t *ngrams_cut(const uint32_t *tokens, size_t n_tokens, size_t *n_shares,
                   struct w2v_error *error)
{
    *n_shares = n_tokens / SHARE + 1;
    size_t *cuts = mem_calloc(*n_shares + 1, sizeof *cuts, "n-grams", error);
    for (size_t s = 0, at = 0; cuts != NULL && s <= *n_shares; s++) {
        if (at < s * SHARE)
            at = s * SHARE;
        while (at < n_tokens && (tokens[at] & NGRAMS_JOINED))
            at++;
        cuts[s] = at < n_tokens ? at : n_tokens;
    }
    return cuts;
}

/* Updates `starts` to the n-grams of the length that has been counted. */
static void update_worker(void *arg, unsigned index, unsigned n)
{
    struct ngram_counting *c = arg;
    size_t share;
    (void)index, (void)n;
    while ((share = thread_ticket(&c->ticket, c->n_shares)) < c->n_shares) {
        const size_t from = c->cuts[share], end = c->cuts[share + 1];
        for (size_t i = from; i < end; i++) {
            const uint32_t prefix = c->starts[i], suffix = i + 1 < end ? c->starts[i + 1] : 0;
            c->starts[i] = 0;
            if (prefix == 0 || suffix == 0 || !(c->tokens[i + 1] & NGRAMS_JOINED))
                continue;
            const uint32_t unit = NGRAMS_UNIT(c->tokens[i + c->length - 1]);
            const uint32_t id = ngrams_find(c->ngrams, prefix - 1, unit)->id;
            c->starts[i] = id == 0 ? 0 : id + 1;
        }
    }
}

/* Makes room in the hash table for all n-grams and adds those from id `from` on. */
static int index_grams(struct ngrams *ngrams, size_t from, struct w2v_error *error)
{
    size_t n_slots = ngrams->n_slots ? ngrams->n_slots : LEAST_SLOTS;
    while (n_slots < 2 * (ngrams->n - ngrams->n_units))
        n_slots *= 2;
    if (n_slots > ngrams->n_slots) {
        free(ngrams->slots);
        ngrams->slots = mem_calloc(n_slots, sizeof *ngrams->slots, "n-grams", error);
        ngrams->n_slots = n_slots;
        from = ngrams->n_units;
        if (ngrams->slots == NULL)
            return W2V_ENOMEM;
    }
    for (size_t id = from; id < ngrams->n; id++) {
        const struct ngram *gram = &ngrams->grams[id];
        *ngrams_find(ngrams, gram->prefix, gram->unit) =
            (struct ngrams_slot){gram->prefix, gram->unit, (uint32_t)id, 0};
    }
    return W2V_OK;
}

/* Counts the n-grams of c->length and computes the entropies of those that are one unit shorter. */
static int count_length(struct ngram_counting *c, unsigned threads, struct w2v_error *error)
{
    struct ngrams *ngrams = c->ngrams;
    const size_t n_shorter = ngrams->n - c->first, from = ngrams->n;
    int status = W2V_ENOMEM;
    c->right = mem_calloc(n_shorter, sizeof *c->right, "n-grams", error);
    c->left = mem_calloc(n_shorter, sizeof *c->left, "n-grams", error);
    if (c->right == NULL || c->left == NULL)
        goto cleanup;
    atomic_store(&c->ticket, 0);
    thread_run(threads, count_worker, c);
    status = thread_outcome(&c->failure, error);
    if (status != W2V_OK)
        goto cleanup;
    for (size_t i = 0; i < n_shorter; i++) {
        struct ngram *gram = &ngrams->grams[c->first + i];
        if (gram->count == 0)
            continue;
        const uint32_t log = ngrams_log2(gram->count);
        gram->right = (int32_t)(log - (uint32_t)(atomic_load(&c->right[i]) / gram->count));
        gram->left = (int32_t)(log - (uint32_t)(atomic_load(&c->left[i]) / gram->count));
    }
    if (c->length <= NGRAMS_LONGEST) {
        ngrams->ends[c->length] = ngrams->n;
        status = index_grams(ngrams, from, error);
    }
    if (status == W2V_OK && c->length < NGRAMS_LONGEST + 1) {
        atomic_store(&c->ticket, 0);
        thread_run(threads, update_worker, c);
    }
    c->first = from;
cleanup:
    free(c->right);
    free(c->left);
    return status;
}

int ngrams_count(struct ngrams *ngrams, const uint32_t *tokens, size_t n_tokens, size_t n_units,
                 uint32_t min_count, unsigned threads, uint64_t memory, uint32_t *starts,
                 struct watch *watch, struct w2v_error *error)
{
    struct ngram_counting c = {.ngrams = ngrams,
                               .tokens = tokens,
                               .n_tokens = n_tokens,
                               .starts = starts,
                               .min_count = min_count,
                               .watch = watch};
    /* In the worst case all n-grams differ, and a growing table holds its old slots too. */
    const uint64_t worst = mem_product(n_tokens, 4 * sizeof(struct count_slot));
    c.n_parts = memory == 0 ? 1 : (size_t)(worst / (memory / 3 + 1)) + 1;
    c.limit = memory == 0 ? UINT64_MAX : memory / 3 * 2;
    if (c.limit < LEAST_BYTES)
        c.limit = LEAST_BYTES;
    c.n_parts = (c.n_parts + threads - 1) / threads * threads;
    *ngrams = (struct ngrams){.n_units = n_units, .by = hash_key()};
    c.cuts = ngrams_cut(tokens, n_tokens, &c.n_shares, error);
    if (c.cuts == NULL)
        return W2V_ENOMEM;
    if (pthread_mutex_init(&c.lock, NULL) != 0) {
        free(c.cuts);
        return error_set(error, W2V_ENOMEM, "cannot make a lock");
    }
    for (uint32_t i = 1; i < N_LOGS; i++)
        c.logs[i] = ngrams_log2(i);
    int status = mem_grow(&ngrams->grams, &ngrams->capacity, n_units, sizeof *ngrams->grams,
                          "n-grams", error);
    if (status == W2V_OK) {
        for (size_t id = 0; id < n_units; id++)
            ngrams->grams[id] = (struct ngram){.unit = (uint32_t)id};
        ngrams->n = ngrams->ends[1] = n_units;
        for (size_t i = 0; i < n_tokens; i++) {
            uint32_t *count = &ngrams->grams[NGRAMS_UNIT(tokens[i])].count;
            *count += *count < UINT32_MAX;
            starts[i] = NGRAMS_UNIT(tokens[i]) + 1;
        }
    }
    for (c.length = 2; c.length <= NGRAMS_LONGEST + 1 && status == W2V_OK; c.length++) {
        status = count_length(&c, threads, error);
        watch->done += n_tokens;
    }
    pthread_mutex_destroy(&c.lock);
    free(c.cuts);
    if (status != W2V_OK)
        ngrams_release(ngrams);
    return status;
}

int ngrams_prune(struct ngrams *ngrams, int32_t without, struct w2v_error *error)
{
    /*
     * A prefix has a lower id than its n-grams. So, going down, all marks of an n-gram come first.
     */
    uint32_t *id_of = mem_calloc(ngrams->n, sizeof *id_of, "n-grams", error);
    if (id_of == NULL)
        return W2V_ENOMEM;
    for (size_t id = ngrams->n; id-- > ngrams->n_units;)
        if (ngrams->grams[id].value != without || id_of[id] != 0)
            id_of[id] = id_of[ngrams->grams[id].prefix] = 1;
    size_t n = ngrams->n_units, length = 2;
    for (size_t id = 0; id < n; id++)
        id_of[id] = (uint32_t)id;
    for (size_t id = n; id < ngrams->n; id++) {
        if (id == ngrams->ends[length])
            ngrams->ends[length++] = n;
        if (id_of[id] == 0)
            continue;
        struct ngram gram = ngrams->grams[id];
        gram.prefix = id_of[gram.prefix];
        id_of[id] = (uint32_t)n;
        ngrams->grams[n++] = gram;
    }
    while (length <= NGRAMS_LONGEST)
        ngrams->ends[length++] = n;
    ngrams->n = n;
    free(id_of);
    free(ngrams->slots);
    ngrams->slots = NULL;
    ngrams->n_slots = 0;
    struct ngram *grams = realloc(ngrams->grams, (n ? n : 1) * sizeof *grams);
    if (grams != NULL) { /* if shrinking fails, the larger array stays */
        ngrams->grams = grams;
        ngrams->capacity = n;
    }
    return index_grams(ngrams, ngrams->n_units, error);
}
