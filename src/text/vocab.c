/*
 * Merging counters into a vocabulary. See vocab.h. Each word belongs to a partition, by its hash. A
 * thread takes a partition, merges its words from all counters, drops rare words and sorts the
 * rest. Then the vocabulary is divided into stretches. A thread takes a stretch, finds the words
 * that belong to it in the sorted partitions, merges and copies them.
 */
#include "text/vocab.h"

#include <stdlib.h>
#include <string.h>

#include "base/fetch.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/thread.h"

enum { MAX_PARTITIONS = 64, AHEAD = 16 };

/*
 * A word that is kept. Words are sorted by the two numbers first, which order nearly all of them,
 * and then by their texts.
 */
struct vocab_entry {
    uint64_t descent; /* ~count */
    uint64_t start;   /* the first 8 bytes, the first one highest; bytes beyond the end are 0 */
    const char *text;
    uint32_t n_bytes; /* as in struct wordtable_word */
    uint32_t member;  /* the id in the table of the partition */
};

static inline size_t entry_length(const struct vocab_entry *entry)
{
    return wordtable_length(entry->text, entry->n_bytes);
}

/* The words of all counters whose hash belongs to the partition. */
struct partition {
    struct wordtable table; /* the texts stay in the tables of the counters */
    uint32_t *final;        /* from ids of `table` to those of the vocabulary; or NULL */
    struct vocab_entry
        *entries; /* the kept words, sorted: in the place of table.words or in `other` */
    struct mem_map other;
    size_t n_entries;
};

/* The ids first .. end - 1 of the vocabulary, which one thread fills. */
struct stretch {
    size_t first, end;
    size_t from[MAX_PARTITIONS]; /* partition p has the entries from[p] .. to[p] - 1 of them */
    size_t to[MAX_PARTITIONS];
    size_t offset;  /* of their texts in vocab->bytes */
    size_t n_bytes; /* of their texts */
    uint64_t total; /* of their counts */
};

struct merge {
    const struct wordtable *tables;
    size_t n_tables, n_partitions;
    const struct vocab_rules *rules;
    uint32_t **maps; /* NULL: not wanted */
    struct partition *partitions;
    struct vocab *vocab;
    struct stretch *stretches;
    size_t n_stretches;
    void (*work)(struct merge *merge, struct stretch *stretch); /* what threads do with each now */
    atomic_size_t ticket;
    struct thread_failure failure;
};

size_t vocab_n_counted(const struct vocab *vocab)
{
    size_t n = vocab->n_words;
    while (n > 0 && vocab->count[n - 1] == 0)
        n--;
    return n;
}

void vocab_release(struct vocab *vocab)
{
    free(vocab->offset);
    free(vocab->bytes);
    free(vocab->count);
    *vocab = (struct vocab){0};
}

/* By falling count, then by bytes. Different words are never equal. */
static int compare_entries(const void *left, const void *right)
{
    const struct vocab_entry *a = left, *b = right;
    if (a->descent != b->descent)
        return a->descent < b->descent ? -1 : 1;
    if (a->start != b->start)
        return a->start < b->start ? -1 : 1;
    const size_t a_bytes = entry_length(a), b_bytes = entry_length(b);
    const int order = memcmp(a->text, b->text, a_bytes < b_bytes ? a_bytes : b_bytes);
    if (order != 0)
        return order;
    return (a_bytes > b_bytes) - (a_bytes < b_bytes);
}

static struct vocab_entry make_entry(const struct wordtable_word *word, const char *text,
                                     uint32_t member)
{
    struct vocab_entry entry = {
        .descent = ~word->count, .text = text, .n_bytes = word->n_bytes, .member = member};
    for (unsigned i = 0; i < 8; i++)
        entry.start = entry.start << 8 | (word->start >> 8 * i & 0xff);
    return entry;
}

static inline uint8_t radix_digit(const struct vocab_entry *entry, unsigned digit)
{
    return (uint8_t)(digit < 8 ? entry->start >> 8 * digit : entry->descent >> 8 * (digit - 8));
}

/*
 * Radix sort by (descent, start): a stable pass for each byte, the lowest first. `other` has room
 * for as many entries. Returns `entries` or `other`, whichever has the result.
 */
static struct vocab_entry *sort_by_numbers(struct vocab_entry *entries, struct vocab_entry *other,
                                           size_t n)
{
    enum { DIGITS = 16, VALUES = 256 };
    uint32_t counts[DIGITS][VALUES] = {{0}};
    struct vocab_entry *from = entries, *to = other, *swap;
    for (size_t i = 0; i < n; i++)
        for (unsigned digit = 0; digit < DIGITS; digit++)
            counts[digit][radix_digit(&entries[i], digit)]++;
    for (unsigned digit = 0; digit < DIGITS && n > 0; digit++) {
        uint32_t starts[VALUES], sum = 0;
        if (counts[digit][radix_digit(&from[0], digit)] == n)
            continue;
        for (unsigned value = 0; value < VALUES; value++) {
            starts[value] = sum;
            sum += counts[digit][value];
        }
        for (size_t i = 0; i < n; i++)
            to[starts[radix_digit(&from[i], digit)]++] = from[i];
        swap = from, from = to, to = swap;
    }
    return from;
}

/* Sorts the few entries that are equal in both numbers by their texts. */
static void sort_by_texts(struct vocab_entry *entries, size_t n)
{
    for (size_t i = 0, end; i < n; i = end) {
        for (end = i + 1; end < n && entries[end].descent == entries[i].descent &&
                          entries[end].start == entries[i].start;)
            end++;
        if (end - i > 1)
            qsort(entries + i, end - i, sizeof *entries, compare_entries);
    }
}

/*
 * The high bits of the hash choose the partition, because the low bits choose slots in its table.
 */
static size_t partition_of(const struct merge *merge, uint32_t hash)
{
    return (size_t)((uint64_t)hash * merge->n_partitions >> 32);
}

/* Adds n words of a table to a partition. `map`, unless NULL, gets their ids in the partition. */
static int add_words(struct partition *part, const struct wordtable *table, const uint32_t *ids,
                     size_t n, uint32_t *map, struct w2v_error *error)
{
    uint32_t members[WORDTABLE_BATCH];
    int status = wordtable_merge(&part->table, table, ids, n, members, error);
    for (size_t i = 0; i < n && map != NULL && status == W2V_OK; i++)
        map[ids[i]] = members[i]; /* map_worker replaces it by the id in the vocabulary */
    return status;
}

/* Adds the words of a table that belong to partition p. */
static int add_table(struct merge *merge, size_t p, const struct wordtable *table, uint32_t *map,
                     struct w2v_error *error)
{
    uint32_t ids[WORDTABLE_BATCH];
    size_t n = 0;
    int status = W2V_OK;
    for (uint32_t id = 0; id < table->n_words && status == W2V_OK; id++) {
        if (partition_of(merge, table->words[id].hash) == p)
            ids[n++] = id;
        if (n == WORDTABLE_BATCH || (n > 0 && id + 1 == table->n_words)) {
            status = add_words(&merge->partitions[p], table, ids, n, map, error);
            n = 0;
        }
    }
    return status;
}

/* Whether the rules keep a word that is not in rules->keep. */
static bool is_kept(const struct vocab_rules *rules, const struct wordtable *table, uint32_t id)
{
    if (rules->keep_only || table->words[id].count < rules->min_count)
        return false;
    if (rules->among == NULL)
        return true;
    size_t n_bytes;
    const char *text = wordtable_text(table, id, &n_bytes);
    return wordtable_find(rules->among, text, n_bytes) >= 0;
}

/*
 * Makes entries of the words that are kept and sorts them. The first n_kept words are rules->keep.
 * The entries overwrite part->table.words, because new memory would take more time.
 */
static int sort_partition(struct merge *merge, struct partition *part, size_t n_kept,
                          struct w2v_error *error)
{
    _Static_assert(sizeof(struct vocab_entry) <= sizeof(struct wordtable_word),
                   "no room for an entry");
    const struct vocab_rules *rules = merge->rules;
    const size_t n = part->table.n_words;
    struct vocab_entry *entries = (struct vocab_entry *)(void *)part->table.words;
    wordtable_seal(&part->table);
    int status = mem_map(&part->other, n, sizeof *entries, "the vocabulary", error);
    if (status == W2V_OK && merge->maps != NULL) {
        part->final = mem_calloc(n, sizeof *part->final, "the vocabulary", error);
        if (part->final == NULL)
            status = W2V_ENOMEM;
    }
    if (status != W2V_OK)
        return status;
    for (uint32_t id = 0; id < n; id++) {
        const struct wordtable_word word = part->table.words[id];
        if (part->final != NULL)
            part->final[id] = VOCAB_DROPPED;
        /* Entries have overwritten at most the words before this one. */
        if (id < n_kept || is_kept(rules, &part->table, id))
            entries[part->n_entries++] = make_entry(&word, part->table.texts[id], id);
    }
    part->entries = sort_by_numbers(entries, part->other.bytes, part->n_entries);
    sort_by_texts(part->entries, part->n_entries);
    return W2V_OK;
}

static int merge_partition(struct merge *merge, size_t p, struct w2v_error *error)
{
    struct partition *part = &merge->partitions[p];
    const struct vocab_rules *rules = merge->rules;
    /* The number of different words is at most n_all, and rarely above 2 n_most. */
    size_t n_most = 0, n_all = 0;
    for (size_t t = 0; t < merge->n_tables; t++) {
        const size_t n_here = merge->tables[t].n_words / merge->n_partitions;
        n_most = n_here > n_most ? n_here : n_most;
        n_all += n_here;
    }
    int status = wordtable_reserve(&part->table, n_all < 2 * n_most ? n_all : 2 * n_most, error);
    /* rules->keep comes first, so that its words are the first of the partition. */
    if (rules->keep != NULL && status == W2V_OK)
        status = add_table(merge, p, rules->keep, NULL, error);
    const size_t n_kept = part->table.n_words;
    for (size_t t = 0; t < merge->n_tables && status == W2V_OK; t++)
        status = add_table(merge, p, &merge->tables[t], merge->maps != NULL ? merge->maps[t] : NULL,
                           error);
    if (status != W2V_OK)
        return status;
    return sort_partition(merge, part, n_kept, error);
}

static void merge_worker(void *arg, unsigned index, unsigned n)
{
    struct merge *merge = arg;
    struct w2v_error error;
    size_t p;
    (void)index, (void)n;
    while (!thread_failed(&merge->failure) &&
           (p = thread_ticket(&merge->ticket, merge->n_partitions)) < merge->n_partitions)
        if (merge_partition(merge, p, &error) != W2V_OK)
            thread_fail(&merge->failure, &error);
}

/* Changes the ids in the maps from those of the partitions to those of the vocabulary. */
static void map_worker(void *arg, unsigned index, unsigned n)
{
    struct merge *merge = arg;
    size_t t;
    (void)index, (void)n;
    while ((t = thread_ticket(&merge->ticket, merge->n_tables)) < merge->n_tables) {
        const struct wordtable *table = &merge->tables[t];
        for (size_t id = 0; id < table->n_words; id++) {
            const struct partition *part =
                &merge->partitions[partition_of(merge, table->words[id].hash)];
            merge->maps[t][id] = part->final[merge->maps[t][id]];
        }
    }
}

/* The number of the partition's entries before `other`. It is known to be from low to high. */
static size_t count_before(const struct partition *part, const struct vocab_entry *other,
                           size_t low, size_t high)
{
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (compare_entries(&part->entries[middle], other) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The partition with the largest range low .. high; n_partitions if all ranges are empty. */
static size_t widest_range(const size_t *low, const size_t *high, size_t n_partitions)
{
    size_t best = n_partitions, most = 0;
    for (size_t p = 0; p < n_partitions; p++)
        if (high[p] - low[p] > most) {
            most = high[p] - low[p];
            best = p;
        }
    return best;
}

/*
 * Finds how many entries of each partition are among the first n of all: cuts[p] becomes that
 * number.
 *
 * The answer for partition p is in low[p] .. high[p]. Each step takes the middle entry of the
 * widest range and counts the entries before it, before[p] in each partition, `sum` in all. If sum
 * < n, this entry and all before it are among the first n, so the answers are at least before[p].
 * Otherwise neither this entry nor any after it is among them, so the answers are at most
 * before[p].
 */
static void cut_partitions(const struct merge *merge, size_t n, size_t *cuts)
{
    const size_t n_partitions = merge->n_partitions;
    size_t *low = cuts, high[MAX_PARTITIONS], before[MAX_PARTITIONS], best;
    for (size_t p = 0; p < n_partitions; p++) {
        low[p] = 0;
        high[p] = merge->partitions[p].n_entries;
    }
    while ((best = widest_range(low, high, n_partitions)) < n_partitions) {
        const size_t middle = low[best] + (high[best] - low[best]) / 2;
        const struct vocab_entry *entry = &merge->partitions[best].entries[middle];
        size_t sum = 0;
        for (size_t p = 0; p < n_partitions; p++) {
            before[p] = count_before(&merge->partitions[p], entry, low[p], high[p]);
            sum += before[p];
        }
        if (sum < n) {
            memcpy(low, before, n_partitions * sizeof *before);
            low[best]++; /* the entry itself */
        } else {
            memcpy(high, before, n_partitions * sizeof *before);
        }
    }
}

/*
 * Finds the entries that belong to a stretch, the length of their texts and the sum of the counts.
 */
static void measure_stretch(struct merge *merge, struct stretch *stretch)
{
    cut_partitions(merge, stretch->first, stretch->from);
    cut_partitions(merge, stretch->end, stretch->to);
    for (size_t p = 0; p < merge->n_partitions; p++)
        for (size_t i = stretch->from[p]; i < stretch->to[p]; i++) {
            stretch->n_bytes += entry_length(&merge->partitions[p].entries[i]);
            stretch->total += ~merge->partitions[p].entries[i].descent;
        }
}

/*
 * Whether the next entry of partition a comes before that of b. An exhausted partition comes last.
 */
static bool comes_first(const struct merge *merge, const struct stretch *stretch, size_t a,
                        size_t b)
{
    if (stretch->from[a] == stretch->to[a] || stretch->from[b] == stretch->to[b])
        return stretch->from[a] < stretch->to[a];
    return compare_entries(&merge->partitions[a].entries[stretch->from[a]],
                           &merge->partitions[b].entries[stretch->from[b]]) < 0;
}

/* Merges the entries of a stretch into the vocabulary. */
static void fill_stretch(struct merge *merge, struct stretch *stretch)
{
    struct vocab *vocab = merge->vocab;
    size_t offset = stretch->offset;
    for (size_t id = stretch->first; id < stretch->end; id++) {
        size_t best = 0;
        for (size_t p = 1; p < merge->n_partitions; p++)
            if (comes_first(merge, stretch, p, best))
                best = p;
        const struct partition *part = &merge->partitions[best];
        const struct vocab_entry *entry = &part->entries[stretch->from[best]++];
        if (stretch->to[best] - stretch->from[best] > AHEAD)
            fetch_to_read(entry[AHEAD].text, 1);
        if (part->final != NULL)
            part->final[entry->member] = (uint32_t)id;
        const size_t n_bytes = entry_length(entry);
        memcpy(vocab->bytes + offset, entry->text, n_bytes);
        offset += n_bytes;
        vocab->offset[id + 1] = offset;
        vocab->count[id] = ~entry->descent;
    }
}

static void stretch_worker(void *arg, unsigned index, unsigned n)
{
    struct merge *merge = arg;
    size_t s;
    (void)index, (void)n;
    while ((s = thread_ticket(&merge->ticket, merge->n_stretches)) < merge->n_stretches)
        merge->work(merge, &merge->stretches[s]);
}

static void run_stretches(struct merge *merge, unsigned threads,
                          void (*work)(struct merge *, struct stretch *))
{
    merge->work = work;
    atomic_store(&merge->ticket, 0);
    thread_run(threads, stretch_worker, merge);
}

/* Makes the vocabulary of the first n_words entries of all partitions. */
static int merge_entries(struct merge *merge, size_t n_words, unsigned threads,
                         struct w2v_error *error)
{
    struct vocab *vocab = merge->vocab;
    size_t n_bytes = 0;
    vocab->offset = mem_calloc(n_words + 1, sizeof *vocab->offset, "the vocabulary", error);
    vocab->count = mem_calloc(n_words, sizeof *vocab->count, "the vocabulary", error);
    merge->stretches = mem_calloc(threads, sizeof *merge->stretches, "the vocabulary", error);
    if (vocab->offset == NULL || vocab->count == NULL || merge->stretches == NULL)
        return W2V_ENOMEM;
    merge->n_stretches = threads;
    for (size_t s = 0; s < threads; s++) {
        merge->stretches[s].first = n_words / threads * s;
        merge->stretches[s].end = s + 1 < threads ? n_words / threads * (s + 1) : n_words;
    }
    run_stretches(merge, threads, measure_stretch);
    for (size_t s = 0; s < threads; s++) {
        merge->stretches[s].offset = n_bytes;
        n_bytes += merge->stretches[s].n_bytes;
        vocab->total += merge->stretches[s].total;
    }
    vocab->n_words = n_words;
    vocab->bytes = mem_calloc(n_bytes, 1, "the vocabulary", error);
    if (vocab->bytes == NULL)
        return W2V_ENOMEM;
    run_stretches(merge, threads, fill_stretch);
    return W2V_OK;
}

int vocab_merge(struct vocab *vocab, const struct wordtable *tables, size_t n_tables,
                const struct vocab_rules *rules, unsigned threads, uint32_t **maps,
                uint64_t *n_distinct, struct w2v_error *error)
{
    int status = W2V_ENOMEM;
    size_t n_words = 0;
    struct merge merge = {
        .tables = tables, .n_tables = n_tables, .rules = rules, .vocab = vocab, .maps = maps};
    merge.n_partitions = threads < MAX_PARTITIONS ? threads : MAX_PARTITIONS;
    merge.partitions =
        mem_calloc(merge.n_partitions, sizeof *merge.partitions, "the vocabulary", error);
    if (merge.partitions == NULL)
        goto cleanup;
    for (size_t t = 0; maps != NULL && t < n_tables; t++) {
        maps[t] = mem_calloc(tables[t].n_words, sizeof *maps[t], "the vocabulary", error);
        if (maps[t] == NULL)
            goto cleanup;
    }
    thread_run(threads, merge_worker, &merge);
    status = thread_outcome(&merge.failure, error);
    if (status != W2V_OK)
        goto cleanup;
    *n_distinct = 0;
    for (size_t p = 0; p < merge.n_partitions; p++) {
        *n_distinct += merge.partitions[p].table.n_words;
        n_words += merge.partitions[p].n_entries;
    }
    if (rules->max_vocab != 0 && n_words > rules->max_vocab)
        n_words = rules->max_vocab;
    if (n_words > WORDTABLE_MAX_WORDS)
        status = error_set(error, W2V_EDATA,
                           "%zu different words; raise --min-count or set --max-vocab", n_words);
    else
        status = merge_entries(&merge, n_words, threads, error);
    if (status == W2V_OK && maps != NULL) {
        atomic_store(&merge.ticket, 0);
        thread_run(threads, map_worker, &merge);
    }
cleanup:
    for (size_t p = 0; merge.partitions != NULL && p < merge.n_partitions; p++) {
        wordtable_release(&merge.partitions[p].table);
        free(merge.partitions[p].final);
        mem_unmap(&merge.partitions[p].other);
    }
    free(merge.partitions);
    free(merge.stretches);
    if (status != W2V_OK)
        vocab_release(vocab);
    return status;
}

/* ---- Writing. ---- */

enum {
    LINES_BYTES = 1 << 14, /* lines that are written together */
    COUNT_BYTES = 24       /* the most that format_count writes */
};

/* Writes "\tCOUNT\n" and returns its length. printf would be too slow for so many words. */
static size_t format_count(uint64_t count, char line[COUNT_BYTES])
{
    size_t n = 2;
    for (uint64_t rest = count; rest >= 10; rest /= 10)
        n++;
    line[0] = '\t';
    line[n] = '\n';
    for (size_t i = n - 1; i > 0; i--, count /= 10)
        line[i] = (char)('0' + count % 10);
    return n + 1;
}

int vocab_write(const struct vocab *vocab, struct outfile *out, struct w2v_error *error)
{
    char lines[LINES_BYTES + COUNT_BYTES];
    size_t n_lines = 0, n;
    int status = W2V_OK;
    for (size_t id = 0; id < vocab->n_words && status == W2V_OK; id++) {
        const char *word = vocab_word(vocab, id, &n);
        if (n_lines >= LINES_BYTES || n > LINES_BYTES - n_lines) {
            status = outfile_write(out, lines, n_lines, error);
            n_lines = 0;
        }
        if (n > LINES_BYTES && status == W2V_OK) {
            status = outfile_write(out, word, n, error);
        } else if (n <= LINES_BYTES) {
            memcpy(lines + n_lines, word, n);
            n_lines += n;
        }
        n_lines += format_count(vocab->count[id], lines + n_lines);
    }
    return status == W2V_OK ? outfile_write(out, lines, n_lines, error) : status;
}
