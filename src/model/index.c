/* The index from words to ids. See index.h. */
#include "model/index.h"

#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"
#include "base/hash.h"
#include "base/mem.h"

static const char what[] = "a model's index";

size_t index_n_buckets(size_t n_words)
{
    size_t n = 1;
    while (n < n_words)
        n *= 2;
    return n;
}

/* ---- Making it ---- */

int index_make(struct index *index, size_t n_words, struct w2v_error *error)
{
    *index = (struct index){.n_buckets = index_n_buckets(n_words), .n_words = n_words};
    index->first = mem_calloc(index->n_buckets + 1, sizeof *index->first, what, error);
    index->ids = mem_calloc(n_words, sizeof *index->ids, what, error);
    if (index->first != NULL && index->ids != NULL)
        return W2V_OK;
    index_release(index);
    return W2V_ENOMEM;
}

void index_count(struct index *index, const uint64_t *hashes, size_t n)
{
    enum { AHEAD = 16 };
    const size_t mask = index->n_buckets - 1;
    for (size_t i = 0; i < n; i++) {
        if (i + AHEAD < n)
            fetch_to_read(index->first + (hashes[i + AHEAD] & mask), 1);
        index->first[hashes[i] & mask]++;
    }
}

int index_compare(uint64_t hash_a, const char *a, size_t n_a, uint64_t hash_b, const char *b,
                  size_t n_b)
{
    if (hash_a != hash_b)
        return hash_a < hash_b ? -1 : 1;
    const int order = memcmp(a, b, n_a < n_b ? n_a : n_b);
    return order != 0 ? order : (n_a > n_b) - (n_a < n_b);
}

/* The words and hashes by which ids are sorted. */
struct word_order {
    const uint64_t *hashes;
    index_word_fn word;
    const void *context;
};

static bool is_before(const struct word_order *order, uint32_t a, uint32_t b)
{
    size_t n_a, n_b;
    if (order->hashes[a] != order->hashes[b])
        return order->hashes[a] < order->hashes[b];
    const char *word_a = order->word(order->context, a, &n_a);
    const char *word_b = order->word(order->context, b, &n_b);
    const int c = index_compare(0, word_a, n_a, 0, word_b, n_b);
    return c != 0 ? c < 0 : a < b;
}

static void sift_down(const struct word_order *order, uint32_t *ids, size_t i, size_t n)
{
    const uint32_t top = ids[i];
    size_t child;
    while ((child = 2 * i + 1) < n) {
        if (child + 1 < n && is_before(order, ids[child], ids[child + 1]))
            child++;
        if (!is_before(order, top, ids[child]))
            break;
        ids[i] = ids[child];
        i = child;
    }
    ids[i] = top;
}

/*
 * Sorts a bucket. Most have few ids and are sorted by insertion. A bucket that somebody filled on
 * purpose is sorted on a heap, which takes no more than n log n steps.
 */
static void sort_bucket(const struct word_order *order, uint32_t *ids, size_t n)
{
    enum { FEW = 12 };
    if (n > FEW) {
        for (size_t i = n / 2; i-- > 0;)
            sift_down(order, ids, i, n);
        while (--n > 0) {
            const uint32_t last = ids[n];
            ids[n] = ids[0];
            ids[0] = last;
            sift_down(order, ids, 0, n);
        }
        return;
    }
    for (size_t i = 1; i < n; i++) {
        const uint32_t id = ids[i];
        size_t j = i;
        for (; j > 0 && is_before(order, id, ids[j - 1]); j--)
            ids[j] = ids[j - 1];
        ids[j] = id;
    }
}

static bool is_equal(uint32_t a, uint32_t b, index_word_fn word, const void *context)
{
    size_t n_a, n_b;
    const char *word_a = word(context, a, &n_a), *word_b = word(context, b, &n_b);
    return n_a == n_b && memcmp(word_a, word_b, n_a) == 0;
}

/* How many words of a sorted bucket have an equal one before them. */
static size_t count_repeated(const struct word_order *order, const uint32_t *ids, size_t n)
{
    size_t n_repeated = 0;
    for (size_t i = 1; i < n; i++)
        n_repeated += order->hashes[ids[i - 1]] == order->hashes[ids[i]] &&
                      is_equal(ids[i - 1], ids[i], order->word, order->context);
    return n_repeated;
}

void index_place(struct index *index, const uint64_t *hashes, index_word_fn word,
                 const void *context)
{
    enum { AHEAD = 16 };
    const struct word_order order = {hashes, word, context};
    const size_t mask = index->n_buckets - 1;
    uint32_t *first = index->first, end = 0;
    for (size_t b = 0; b < index->n_buckets; b++) { /* from counts to where each bucket ends */
        end += first[b];
        first[b] = end;
    }
    first[index->n_buckets] = end;
    /* From the last word to the first, so ids of a bucket rise; `first` moves to its beginning. */
    for (size_t id = index->n_words; id-- > 0;) {
        if (id >= AHEAD)
            fetch_to_read(first + (hashes[id - AHEAD] & mask), 1);
        index->ids[--first[hashes[id] & mask]] = (uint32_t)id;
    }
    for (size_t b = 0; b < index->n_buckets; b++) {
        const size_t n = first[b + 1] - first[b];
        if (n > 1) {
            sort_bucket(&order, index->ids + first[b], n);
            index->n_repeated += count_repeated(&order, index->ids + first[b], n);
        }
    }
}

int index_build(struct index *index, size_t n_words, index_word_fn word, const void *context,
                struct w2v_error *error)
{
    enum { AHEAD = 16 };
    size_t n;
    int status = index_make(index, n_words, error);
    if (status != W2V_OK)
        return status;
    uint64_t *hashes = mem_calloc(n_words, sizeof *hashes, what, error);
    if (hashes == NULL) {
        index_release(index);
        return W2V_ENOMEM;
    }
    for (size_t id = 0; id < n_words; id++) {
        if (id + AHEAD < n_words) /* the memory of words is slow: fetch one some steps ahead */
            fetch_to_read(word(context, id + AHEAD, &n), 1);
        const char *key = word(context, id, &n);
        hashes[id] = hash_bytes(key, n);
    }
    index_count(index, hashes, n_words);
    index_place(index, hashes, word, context);
    free(hashes);
    return W2V_OK;
}

int index_find_equal(const struct index *index, index_word_fn word, const void *context,
                     uint32_t **first, struct w2v_error *error)
{
    *first = NULL;
    if (index->n_repeated == 0)
        return W2V_OK;
    uint32_t *found = mem_calloc(index->n_words, sizeof *found, what, error);
    if (found == NULL)
        return W2V_ENOMEM;
    for (size_t b = 0; b < index->n_buckets; b++)
        for (uint32_t i = index->first[b]; i < index->first[b + 1]; i++)
            found[index->ids[i]] =
                i > index->first[b] && is_equal(index->ids[i - 1], index->ids[i], word, context)
                    ? found[index->ids[i - 1]]
                    : index->ids[i];
    *first = found;
    return W2V_OK;
}

void index_release(struct index *index)
{
    free(index->first);
    free(index->ids);
    *index = (struct index){0};
}

/* ---- Looking up ---- */

int64_t index_search(size_t begin, size_t end, index_id_fn id_at, index_word_fn word,
                     const void *context, const char *key, size_t n_bytes)
{
    const uint64_t hash = hash_bytes(key, n_bytes);
    int64_t found = -1;
    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;
        const int64_t id = id_at(context, middle);
        size_t n;
        if (id < 0)
            return -1;
        const char *other = word(context, (size_t)id, &n);
        const int order = index_compare(hash_bytes(other, n), other, n, hash, key, n_bytes);
        if (order < 0) {
            begin = middle + 1;
        } else {
            end = middle;
            if (order == 0) /* an equal word of lower id may come before it */
                found = id;
        }
    }
    return found;
}

/* An index with the callback that gives its words. */
struct indexed_words {
    const struct index *index;
    index_word_fn word;
    const void *context;
};

static int64_t id_at(const void *context, size_t place)
{
    const struct indexed_words *search = context;
    return search->index->ids[place];
}

static const char *word_of(const void *context, size_t id, size_t *n_bytes)
{
    const struct indexed_words *search = context;
    return search->word(search->context, id, n_bytes);
}

int64_t index_find(const struct index *index, index_word_fn word, const void *context,
                   const char *key, size_t n_bytes)
{
    const size_t bucket = (size_t)hash_bytes(key, n_bytes) & (index->n_buckets - 1);
    const struct indexed_words search = {index, word, context};
    return index_search(index->first[bucket], index->first[bucket + 1], id_at, word_of, &search,
                        key, n_bytes);
}
