/*
 * The frequent n-grams of a stream of units (characters, for example), with their branching
 * entropies on both sides. The branching entropy says how freely the text continues there (Harris
 * 1955, "From phoneme to morpheme"; Tanaka-Ishii 2005, "Entropy as an indicator of context
 * boundaries").
 *
 * N-grams are counted by rising length. An n-gram can be frequent only if its prefix (without the
 * last unit) and its suffix (without the first unit) are, so only few n-grams of the text are ever
 * kept. Counts are exact. Entropies are sums of integers in fixed point, so the order of addition
 * does not matter. Everything but the ids is the same for any number of threads and any memory.
 */
#ifndef W2V_TEXT_NGRAMS_H
#define W2V_TEXT_NGRAMS_H

#include "base/fetch.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/watch.h"

/*
 * A stream is an array of tokens. The low bits of a token are the id of a unit. NGRAMS_JOINED is
 * set if the unit belongs to the same run as the one before it. N-grams lie within runs; a unit
 * that stands alone is a run of one.
 */
#define NGRAMS_JOINED 0x40000000u
#define NGRAMS_UNIT(token) ((token)&0x3fffffffu)
#define NGRAMS_MAX_UNITS 0x3fffffffu

enum { NGRAMS_LONGEST = 6, NGRAMS_MIN_COUNT = 5, NGRAMS_ONE = 1 << 16 /* 1.0 in fixed point */ };

/* An n-gram. Units have the first ids; then come n-grams of two and more units by rising length. */
struct ngram {
    uint32_t prefix, suffix; /* ids of the n-gram without its last unit, and without its first */
    uint32_t unit;           /* the last unit */
    uint32_t count;
    /*
     * Branching entropies in bits, times NGRAMS_ONE: of the unit before the n-gram and of the unit
     * after it. Two kinds of neighbours count as a new unit at every occurrence: the end of a run,
     * and a unit that makes a rare n-gram with the nearest length - 1 units of this one.
     */
    int32_t left, right;
    int32_t value; /* for the caller; 0 at first */
};

/* A slot of the hash table from (prefix, unit) to an n-gram's id. id == 0: empty. */
struct ngrams_slot {
    uint32_t prefix, unit, id;
    int32_t score; /* for the caller */
};

struct ngrams {
    size_t n_units, n;   /* ids below n_units are units, ids from n_units to n - 1 are n-grams */
    struct ngram *grams; /* (n); prefix and suffix of a unit are not set */
    size_t capacity;
    size_t ends[NGRAMS_LONGEST + 1]; /* n-grams of length k have ids ends[k - 1] .. ends[k] - 1 */
    struct ngrams_slot *slots;
    size_t n_slots;     /* a power of two */
    struct hash_key by; /* the key of the hash, so that no text can make n-grams collide */
};

/* Begin with {0}. */
void ngrams_release(struct ngrams *ngrams);

/*
 * Counts the n-grams of tokens[0 .. n_tokens) that occur min_count times or more. `starts` is
 * working space of n_tokens numbers. About `memory` bytes are used (0: no limit). One third is for
 * the tables that count; with less memory there are more passes. The rest, but at least a few MB,
 * is for the n-grams that are kept, which take 60 to 100 bytes each. If they do not fit, the result
 * is W2V_ENOMEM, because leaving some out would change the words.
 */
int ngrams_count(struct ngrams *ngrams, const uint32_t *tokens, size_t n_tokens, size_t n_units,
                 uint32_t min_count, unsigned threads, uint64_t memory, uint32_t *starts,
                 struct watch *watch, struct w2v_error *error);

/*
 * Keeps the units, the n-grams whose value is not `without`, and all their prefixes. Ids change but
 * keep their order. Suffixes are not valid afterwards.
 */
int ngrams_prune(struct ngrams *ngrams, int32_t without, struct w2v_error *error);

/* Writes the units of an n-gram (or of a unit) and returns their number, at most NGRAMS_LONGEST. */
size_t ngrams_spell(const struct ngrams *ngrams, size_t id, uint32_t *units);

/* log2(x) * NGRAMS_ONE, rounded down, for x > 0. Computed in integers, so the same everywhere. */
uint32_t ngrams_log2(uint64_t x);

static inline uint64_t ngrams_hash(struct hash_key by, uint32_t prefix, uint32_t unit)
{
    return hash_fold(by, by.start, (uint64_t)prefix << 32 | unit);
}

/* The slot of the n-gram that consists of `prefix` and `unit`, or the empty slot for it. */
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

/* Prefetches the slot that ngrams_find will look at. */
static inline void ngrams_prefetch(const struct ngrams *ngrams, uint32_t prefix, uint32_t unit)
{
    const size_t at = (size_t)ngrams_hash(ngrams->by, prefix, unit) & (ngrams->n_slots - 1);
    fetch_to_read(&ngrams->slots[at], 1);
}

/*
 * Cuts the tokens into *n_shares shares, which begin at starts of runs. Share s has the tokens from cut s to
 * cut s + 1. The caller frees the cuts. NULL: out of memory.
 */
size_t *ngrams_cut(const uint32_t *tokens, size_t n_tokens, size_t *n_shares,
                   struct w2v_error *error);

#endif
