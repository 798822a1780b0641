/*
 * What is drawn at random in training, from the vocabulary's counts: which tokens subsampling keeps
 * (Mikolov et al. 2013, arXiv 1310.4546, with word2vec's formula) and which words are negatives, by
 * the alias method (Walker 1977; Vose 1991, "A linear algorithm for generating random numbers with
 * a given distribution"): 8 bytes a word, one table look-up a draw.
 *
 * The tables are computed with operations that every machine rounds alike.
 */
#ifndef W2V_TRAIN_SAMPLER_H
#define W2V_TRAIN_SAMPLER_H

#include "base/rng.h"
#include "text/vocab.h"

struct sampler_column {
    uint32_t threshold; /* a draw up to this stays in the column */
    uint32_t alias;
};

struct sampler {
    uint32_t n_words;
    uint32_t *keep;               /* a token is kept when 32 random bits are at most this */
    struct sampler_column *noise; /* n_words columns */
    float *kept_share;            /* of the tokens kept, the share that a word has */
    float *noise_share;           /* of the negatives, likewise */
    double n_kept;                /* expected number of tokens kept of one pass, by the counts */
};

/* Begin with {0}. sample 0: keep all. */
int sampler_init(struct sampler *sampler, const struct vocab *vocab, double sample,
                 double ns_exponent, struct w2v_error *error);
void sampler_release(struct sampler *sampler);

static inline bool sampler_keeps(const struct sampler *sampler, uint32_t id, uint32_t bits)
{
    return bits <= sampler->keep[id];
}

static inline uint32_t sampler_negative(const struct sampler *sampler, uint64_t bits)
{
    uint32_t column = rng_below((uint32_t)(bits >> 32), sampler->n_words);
    const struct sampler_column *c = &sampler->noise[column];
    /* Even odds of staying are what a branch predictor is worst at. */
    uint32_t stay = 0 - (uint32_t)((uint32_t)bits <= c->threshold);
    return (column & stay) | (c->alias & ~stay);
}

#endif
