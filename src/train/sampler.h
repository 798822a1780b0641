/*
 * The random choices of training that follow the counts of the vocabulary. Subsampling chooses the
 * tokens to keep (Mikolov et al. 2013, arXiv 1310.4546, with word2vec's formula). Negatives are
 * drawn by the alias method (base/alias.h), which takes 8 bytes a word and one table look-up a draw.
 *
 * The tables are computed with operations that are rounded alike on every machine.
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
    uint32_t *keep;               /* a token is kept if 32 random bits are at most this */
    struct sampler_column *noise; /* n_words columns */
    float *kept_share;            /* the expected share of each word in the kept tokens */
    float *noise_share;           /* the share of each word in the negatives */
    double n_kept;                /* expected number of kept tokens in one pass, by the counts */
};

/* The expected number of tokens that subsampling keeps in one pass, by the counts. */
double sampler_kept(const struct vocab *vocab, double sample);

/* Begin with {0}. sample == 0 keeps all tokens. */
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
    /* No branch: it would be mispredicted half of the time. */
    uint32_t stay = 0 - (uint32_t)((uint32_t)bits <= c->threshold);
    return (column & stay) | (c->alias & ~stay);
}

#endif
