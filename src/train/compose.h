/*
 * Words composed of subwords (Bojanowski et al. 2017, arXiv 1607.04606). The input row of a word is
 * the mean of its parts: a row of its own, and the rows of its n-grams (text/subword.h). The
 * gradient that reaches the mean goes to each of its parts, undivided, as fastText has it.
 *
 * If every part of a word moves by d, their mean moves by d. So within a round the input row of a
 * word is trained like any other, and what it moved by is added to its parts when the round is
 * over. Then the input rows that the next round touches are composed anew. Other input rows are
 * stale until they are touched; nobody reads them.
 *
 *     compose_gather(round 0), rows_claim(round 0), each owner                     | barrier
 *     train round r                                                                | barrier
 *     rows_merge(r), compose_moves, each owner                                     | barrier
 *     compose_scatter, each owner                                                  | barrier
 *     compose_gather(r + 1), rows_claim(r + 1), each owner                         | barrier
 *
 * All words of a round move from the same values, and a frequent n-gram is a part of very many of
 * them, so the sum of their moves can overshoot. Let l(w) be the load of word w (rows.h), r the rate
 * and c the centres of a round. Part p is moved by the load r c l(p), where l(p) is the sum of l(w)
 * over its words. A word moves by the mean of what its n parts move by, so its load is
 *
 *     L(w) = r c (sum of l(p) over its parts) / n.
 *
 * The moves of part p are scaled by min(1, COMPOSE_MOST_LOAD / the largest L(w) of its words). The
 * load of a word is then (r c / n) sum of scale(p) l(p), and with scale(p) at most
 * COMPOSE_MOST_LOAD / L(w) this is at most COMPOSE_MOST_LOAD, for every word.
 *
 * Words and parts are divided among the same owners (layout.h), parts by their number.
 *
 * Parts are numbered: part w is the own row of word w, and behind these come the n-grams of the
 * vocabulary, by rising bucket. Buckets that no word reaches have no row; they count as zero.
 */
#ifndef W2V_TRAIN_COMPOSE_H
#define W2V_TRAIN_COMPOSE_H

#include "text/subword.h"
#include "train/rows.h"

/* Measured; see tests/bench/TUNING.md. */
#define COMPOSE_MOST_LOAD 15.0

/* A word of the round moves a part: the word is number `at` of its owner. */
struct compose_move {
    uint32_t part, at;
};

struct compose_moves {
    struct compose_move *moves;
    size_t n, capacity;
};

struct compose_owner {
    /* Of words: those of the round, and their rows before it, after it their moves. */
    uint32_t *words;
    size_t n_words, capacity;
    struct mem_map before;
    size_t before_capacity;     /* in rows */
    struct compose_moves *into; /* (n_owners): by the owner of the part */
    /* Of parts: those that move, and the moves of each, one part behind the other. */
    uint32_t *parts;
    const float **moves;
    size_t parts_capacity, moves_capacity;
};

struct compose_part {
    float load;     /* the largest L(w) of its words, for a reach of 1 */
    uint32_t place; /* while a round's moves are sorted; else 0 */
};

struct compose {
    const struct kernel *kernel;
    struct subwords subwords;
    size_t n_words, n_ngrams;
    uint32_t *buckets; /* (n_ngrams), rising */
    size_t *first;     /* (V + 1): word w has part[first[w] .. first[w + 1]), the own row first */
    uint32_t *part;    /* in the order of subword_visit, with repeats */
    struct compose_part *state;   /* (parts) */
    unsigned char *listed;        /* (V): 1 for a word of the round */
    struct compose_owner *owners; /* (n_owners) */
    size_t n_owners;
};

static inline struct subwords compose_subwords(const struct w2v_train_options *options)
{
    return (struct subwords){(int32_t)options->minn, (int32_t)options->maxn, options->buckets};
}

/*
 * Finds how many buckets the words reach, and what parts and lists of parts will take of memory, in
 * bytes, the rows of the parts included.
 */
int compose_measure(const struct subwords *subwords, const struct vocab *vocab, size_t dim,
                    size_t *n_ngrams, uint64_t *n_bytes, struct w2v_error *error);

/*
 * Lists the parts of all words. Begin with {0}. The layout tells the owners; it does not know yet
 * how many parts there are.
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

/* The loads of the parts, from those of the words in `rows`. */
int compose_loads(struct compose *compose, const struct rows *rows, struct w2v_error *error);

/* By how much the moves of a part are scaled. `reach`: as for rows_merge. */
static inline float compose_scale(const struct compose_part *part, double reach)
{
    const double load = reach * (double)part->load;
    return load > COMPOSE_MOST_LOAD ? (float)(COMPOSE_MOST_LOAD / load) : 1;
}

/* Composes the input row of one word. */
void compose_row(const struct compose *compose, const struct rows *rows, size_t word);

/* For one owner: composes the rows of the words that the plans touch, and remembers them. */
int compose_gather(struct compose *compose, const struct rows *rows, size_t owner,
                   const struct plan *plans, size_t n_plans, struct w2v_error *error);

/* For one owner, after rows_merge: what the words of the round moved by. */
void compose_moves(struct compose *compose, const struct rows *rows, size_t owner);

/* For one owner: adds the moves of the words to its parts. `reach`: as for rows_merge. */
int compose_scatter(struct compose *compose, const struct rows *rows, size_t owner, double reach,
                    struct w2v_error *error);

#endif
