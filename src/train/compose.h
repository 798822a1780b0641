/*
 * Words composed of subwords (Bojanowski et al. 2017, arXiv 1607.04606). The input row of a word is
 * the mean of its parts: a row of its own, and the rows of its n-grams (text/subword.h). Each part
 * gets the whole gradient of the mean, not divided by the number of parts, as in fastText.
 *
 * If every part of a word moves by d, their mean moves by d. So within a round the input row of a
 * word is trained like any other, and after the round its move is added to its parts. Then the
 * input rows that the next round touches are composed again. Other input rows are out of date, but
 * nobody reads them before a round touches them.
 *
 *     compose_gather(round 0), rows_claim(round 0), each owner                     | phase ends
 *     rows_place(i), train round i, each shard                                     | phase ends
 *     rows_merge(i), compose_moves, each owner                                     | phase ends
 *     compose_scatter, each owner                                                  | phase ends
 *     compose_gather(i + 1), rows_claim(i + 1), each owner                         | phase ends
 *
 * All words of a round start from the same values, and a frequent n-gram is a part of very many of
 * them, so the sum of their moves can overshoot. Let l(w) be the load of word w (rows.h), r the
 * rate and c the centres of a round. The load of part p is r c l(p), where l(p) is the sum of l(w)
 * over the words w that have p. A word moves by the mean of the moves of its n parts, so its load
 * is
 *
 *     L(w) = r c (sum of l(p) over its parts) / n.
 *
 * The moves of part p are scaled by
 *
 *     scale(p) = min(1, COMPOSE_MOST_LOAD / the largest L(w) of the words that have p).
 *
 * Then the load of a word is (r c / n) sum of scale(p) l(p). With scale(p) <= COMPOSE_MOST_LOAD /
 * L(w) this is at most COMPOSE_MOST_LOAD, for every word.
 *
 * In CBOW the k contexts of a window move together, and they have parts in common. If one of them has
 * p, each of the others has it with the probability f(p), the share of all contexts that have p. So in
 * L(w) the load l(p) counts 1 + (k - 1) f(p) times. The mean of the window moves k times as far as L(w)
 * says, so scale(p) is also at most COMPOSE_MOST_MEAN_LOAD / (k x the largest L(w)).
 *
 * Where a round is in places that are full of the same words, these move their parts far more than
 * expected. Let m(p) be the sum of |weight| that moved the words that have p (rows.h). If m(p) >
 * 2 c l(p), scale(p) is multiplied by 2 c l(p) / m(p). Let j be the number of words that move p. The
 * product is at least 1 / j: with 1 / j the part moves by the mean of the moves of these words.
 *
 * Part w is the own row of word w. Behind these come the n-grams of the vocabulary, in the order in
 * which the words first have them. Frequent words come first, so the rows of frequent n-grams lie
 * close together, which saves much of the waiting for memory. A bucket that no word uses has no row
 * and counts as zero. Parts are divided among the same owners as words, by their number (layout.h).
 */
#ifndef W2V_TRAIN_COMPOSE_H
#define W2V_TRAIN_COMPOSE_H

#include "text/subword.h"
#include "train/objective.h"
#include "train/rows.h"

/* Measured; see tests/bench/TUNING.md. */
#define COMPOSE_MOST_LOAD 15.0
#define COMPOSE_MOST_MEAN_LOAD 45.0

/* A word of the round moves a part. The word is words[at] of its owner. */
struct compose_move {
    uint32_t part, at;
};

struct compose_moves {
    struct compose_move *moves;
    size_t n, capacity;
};

/* What an owner notes. The arrays (owned) are indexed by layout_owned. */
struct compose_owner {
    struct compose_part *state; /* (owned): loads and scratch of its parts */
    uint32_t *listed;           /* (owned): for a word of the round, 1 + its place in `words` */
    /*
     * The owner's words of the round, and a row for each: its values before the round, which
     * compose_moves replaces by its move.
     */
    uint32_t *words;
    size_t n_words, capacity;
    struct mem_map before;
    float *weight;              /* for each of these words, the sum of |weight| that moved it */
    size_t before_capacity;     /* in rows, and of `weight` */
    struct compose_moves *into; /* (layout_owners): the moves of parts, by their owner */
    /* The owner's parts that move, and all moves of the first part, then of the next, and so on. */
    uint32_t *parts;
    const float **moves;
    size_t parts_capacity, moves_capacity;
};

struct compose_part {
    float load;     /* with r c it gives scale(p): see compose_scale */
    float own;      /* l(p) */
    float weight;   /* m(p) while the moves of a round are sorted; else 0 */
    uint32_t place; /* scratch while the moves of a round are sorted; else 0 */
};

struct compose {
    const struct kernel *kernel;
    struct subwords subwords;
    size_t n_words, n_ngrams;
    uint32_t *buckets; /* (n_ngrams), rising */
    uint32_t *ngrams;  /* (n_ngrams): the n-gram of each of these buckets, part n_words + n-gram */
    size_t *first;     /* (V + 1): word w has part[first[w] .. first[w + 1]), the own row first */
    uint32_t *part;    /* in the order of subword_visit, with repeats */
    struct layout layout;         /* only its division among owners is used */
    struct compose_owner *owners; /* (layout_owners) */
};

static inline struct subwords compose_subwords(const struct w2v_train_options *options)
{
    return (struct subwords){(int32_t)options->minn, (int32_t)options->maxn, options->buckets};
}

/*
 * Counts the buckets that the words use, and finds how many bytes the parts will take, with their
 * rows and lists, if a round has at most n_round words.
 */
int compose_measure(const struct subwords *subwords, const struct vocab *vocab, size_t dim,
                    uint64_t n_round, size_t *n_ngrams, uint64_t *n_bytes, struct w2v_error *error);

/*
 * Lists the parts of all words. Begin with {0}. Of `layout` the division among owners is used; its
 * n_parts is not known yet.
 */
int compose_init(struct compose *compose, const struct kernel *kernel,
                 const struct subwords *subwords, const struct vocab *vocab,
                 const struct layout *layout, struct w2v_error *error);
void compose_release(struct compose *compose);

static inline size_t compose_n_parts(const struct compose *compose)
{
    return compose->n_words + compose->n_ngrams;
}

static inline float *compose_part(const struct rows *rows, size_t part)
{
    return rows_master(rows, layout_part(&rows->layout, part));
}

/* The row of bucket buckets[i]. */
static inline float *compose_ngram(const struct compose *compose, const struct rows *rows, size_t i)
{
    return compose_part(rows, compose->n_words + compose->ngrams[i]);
}

/* Computes the loads of the parts from the loads of the words in `rows`. */
void compose_loads(struct compose *compose, const struct rows *rows,
                   const struct objective *objective);

static inline struct compose_part *compose_state(const struct compose *compose, size_t part)
{
    const struct compose_owner *owner = &compose->owners[layout_owner(&compose->layout, part)];
    return &owner->state[layout_owned(&compose->layout, part)];
}

/* scale(p) if the round moves parts as expected. `reach` is r c. */
static inline float compose_scale(const struct compose_part *part, double reach)
{
    const double load = reach * (double)part->load;
    return load > COMPOSE_MOST_LOAD ? (float)(COMPOSE_MOST_LOAD / load) : 1;
}

/* Composes the input row of one word. */
void compose_row(const struct compose *compose, const struct rows *rows, size_t word);

/* For one owner: composes the rows of the words that the plans touch, and keeps a copy of them. */
int compose_gather(struct compose *compose, const struct rows *rows, size_t owner,
                   const struct plan *plans, size_t n_plans, struct w2v_error *error);

/* For one owner, after rows_merge: computes the moves of its words. */
void compose_moves(struct compose *compose, const struct rows *rows, size_t owner,
                   const struct plan *plans, size_t n_plans);

/* For one owner: adds the moves of the words to its parts. `rate` and `centres` are r and c. */
int compose_scatter(struct compose *compose, const struct rows *rows, size_t owner, double rate,
                    double centres, struct w2v_error *error);

#endif
