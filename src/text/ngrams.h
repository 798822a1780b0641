/*
 * The frequent n-grams of a stream of units (characters, say), and how freely the text goes on at
 * either side of each: its branching entropy (Harris 1955, "From phoneme to morpheme"; Tanaka-Ishii
 * 2005, "Entropy as an indicator of context boundaries").
 *
 * They are counted by rising length: an n-gram can be frequent only if what is left of it without
 * its last unit, and without its first, is, so that of the text's n-grams few are ever kept. Counts
 * are exact, entropies fixed-point sums of integers in which no order of addition shows: all that
 * stands here but the numbering is the same for any number of threads and any memory.
 */
#ifndef W2V_TEXT_NGRAMS_H
#define W2V_TEXT_NGRAMS_H

#include "base/hash.h"
#include "base/mem.h"
#include "base/watch.h"

/*
 * A stream is an array of tokens: a unit's id in the low bits, and this bit where the unit follows
 * the one before it within a run. N-grams lie within runs; units that stand alone are runs of one.
 */
#define NGRAMS_JOINED 0x40000000u
#define NGRAMS_UNIT(token) ((token)&0x3fffffffu)
#define NGRAMS_MAX_UNITS 0x3fffffffu

enum { NGRAMS_LONGEST = 6, NGRAMS_MIN_COUNT = 5, NGRAMS_ONE = 1 << 16 /* 1.0 in fixed point */ };

/* Ids: first the units, then the n-grams of two or more by rising length. */
struct ngram {
    uint32_t prefix, suffix; /* ids of what is left without the last unit, without the first */
    uint32_t unit;           /* the last */
    uint32_t count;
    int32_t left, right; /* branching entropies in bits, times NGRAMS_ONE: of the units before it
                            and behind it. The end of a run, and a unit that makes a rare n-gram
                            with what is left of this without its far end, count as different each
                            time that they occur. */
    int32_t value;       /* the caller's; at first 0 */
};

/* Where to find an n-gram; id 0: empty. `score` is for the caller. */
struct ngrams_slot {
    uint32_t prefix, unit, id;
    int32_t score;
};

struct ngrams {
    size_t n_units, n;   /* ids below n_units are units, below n n-grams */
    struct ngram *grams; /* n; prefix and suffix of a unit are not set */
    size_t capacity;
    size_t ends[NGRAMS_LONGEST + 1]; /* ids of n units end here; [0] is 0 */
    struct ngrams_slot *slots;
    size_t n_slots;     /* a power of two */
    struct hash_key by; /* of the slots, so that no text can have n-grams collide */
};

/* Begin with {0}. */
void ngrams_release(struct ngrams *ngrams);

/*
 * Counts the n-grams of tokens[0 .. n_tokens) that occur min_count times or more. `starts`, of
 * n_tokens, is room to work in. Of about `memory` bytes (0: no limit) a third is used for the tables
 * in which counting is done; less takes more passes. What is kept costs 60 to 100 bytes an n-gram,
 * and has the rest, or a few MB where that is less: more n-grams than fit are an error, W2V_ENOMEM,
 * for leaving some out would change the words.
 */
int ngrams_count(struct ngrams *ngrams, const uint32_t *tokens, size_t n_tokens, size_t n_units,
                 uint32_t min_count, unsigned threads, uint64_t memory, uint32_t *starts,
                 struct watch *watch, struct w2v_error *error);

/*
 * Keeps the n-grams whose value is not `without`, and all their prefixes; units stay. Ids change,
 * their order does not. Suffixes are then no longer told.
 */
int ngrams_prune(struct ngrams *ngrams, int32_t without, struct w2v_error *error);

/* The units of an n-gram (or of a unit), NGRAMS_LONGEST at the most; how many. */
size_t ngrams_spell(const struct ngrams *ngrams, size_t id, uint32_t *units);

/* log2(x) times NGRAMS_ONE, rounded down; x > 0. In integers, so the same everywhere. */
uint32_t ngrams_log2(uint64_t x);

static inline uint64_t ngrams_hash(struct hash_key by, uint32_t prefix, uint32_t unit)
{
    return hash_fold(by, by.start, (uint64_t)prefix << 32 | unit);
}

/* The slot of the n-gram that is `prefix` and then `unit`, or an empty one. */
static inline struct ngrams_slot *ngrams_find(const struct ngrams *ngrams, uint32_t prefix,
                                              uint32_t unit)
{
    const size_t mask = ngrams->n_slots - 1;
    for (size_t at = (size_t)ngrams_hash(ngrams->by, prefix, unit) & mask;; at = (at + 1) & mask) {
        struct ngrams_slot *slot = &ngrams->slots[at];
        if (slot->id == 0 || (slot->prefix == prefix && slot->unit == unit))
            return slot;
    }
}

/* Asks for the memory where that will be found. */
static inline void ngrams_prefetch(const struct ngrams *ngrams, uint32_t prefix, uint32_t unit)
{
#if defined(__GNUC__)
    __builtin_prefetch(
        &ngrams->slots[(size_t)ngrams_hash(ngrams->by, prefix, unit) & (ngrams->n_slots - 1)]);
#else
    (void)ngrams, (void)prefix, (void)unit;
#endif
}

/* Where a share of the tokens may begin at or after `from`: not within a run. */
static inline size_t ngrams_cut(const uint32_t *tokens, size_t n_tokens, size_t from)
{
    while (from < n_tokens && (tokens[from] & NGRAMS_JOINED))
        from++;
    return from < n_tokens ? from : n_tokens;
}

#endif
