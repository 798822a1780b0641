/* Subsampling and noise. See sampler.h. */
#include "train/sampler.h"

#include <math.h>
#include <stdlib.h>

#include "base/alias.h"
#include "base/fpmath.h"
#include "base/mem.h"

static const double TWO_32 = 4294967296.0;

/* The threshold for 32 random bits that has this probability. */
static uint32_t threshold(double probability)
{
    double t = probability * TWO_32 - 1;
    return t >= TWO_32 - 1 ? UINT32_MAX : t <= 0 ? 0 : (uint32_t)t;
}

/* The probability that a token of the word is kept. */
static double keep(const struct vocab *vocab, size_t id, double sample)
{
    if (sample == 0 || vocab->count[id] == 0)
        return 1;
    const double ratio = sample * (double)vocab->total / (double)vocab->count[id];
    return fmin(1, sqrt(ratio) + ratio);
}

double sampler_kept(const struct vocab *vocab, double sample)
{
    double kept = 0;
    for (size_t id = 0; id < vocab->n_words; id++)
        kept += keep(vocab, id, sample) * (double)vocab->count[id];
    return kept;
}

static void init_keep(struct sampler *sampler, const struct vocab *vocab, double sample)
{
    sampler->n_kept = sampler_kept(vocab, sample);
    for (uint32_t id = 0; id < sampler->n_words; id++) {
        const double kept = keep(vocab, id, sample);
        sampler->keep[id] = threshold(kept);
        /* With the smallest --sample nothing is kept. */
        const double n_kept = kept * (double)vocab->count[id];
        sampler->kept_share[id] = n_kept > 0 ? (float)(n_kept / sampler->n_kept) : 0;
    }
}

int sampler_init(struct sampler *sampler, const struct vocab *vocab, double sample,
                 double ns_exponent, struct w2v_error *error)
{
    const char *what = "the sampling tables";
    size_t n = vocab->n_words;
    double *share = mem_calloc(n, sizeof *share, what, error);
    uint32_t *stack = mem_calloc(n, sizeof *stack, what, error);
    uint32_t *alias = mem_calloc(n, sizeof *alias, what, error);
    *sampler = (struct sampler){.n_words = (uint32_t)n};
    sampler->keep = mem_calloc(n, sizeof *sampler->keep, what, error);
    sampler->noise = mem_calloc(n, sizeof *sampler->noise, what, error);
    sampler->kept_share = mem_calloc(n, sizeof *sampler->kept_share, what, error);
    sampler->noise_share = mem_calloc(n, sizeof *sampler->noise_share, what, error);
    int status = share && stack && alias && sampler->keep && sampler->noise &&
                         sampler->kept_share && sampler->noise_share
                     ? W2V_OK
                     : W2V_ENOMEM;
    if (status == W2V_OK) {
        double sum = 0;
        init_keep(sampler, vocab, sample);
        for (size_t id = 0; id < n; id++)
            sum += share[id] = vocab->count[id] > 0
                                   ? fpmath_pow((double)vocab->count[id], ns_exponent)
                                   : 0; /* a word that is not in the corpus is almost never drawn */
        for (size_t id = 0; id < n; id++) {
            share[id] /= sum;
            sampler->noise_share[id] = (float)share[id];
            share[id] *= (double)n;
        }
        alias_make(share, alias, stack, n);
        for (size_t id = 0; id < n; id++)
            sampler->noise[id] = (struct sampler_column){threshold(share[id]), alias[id]};
    }
    free(share);
    free(stack);
    free(alias);
    if (status != W2V_OK)
        sampler_release(sampler);
    return status;
}

void sampler_release(struct sampler *sampler)
{
    free(sampler->keep);
    free(sampler->noise);
    free(sampler->kept_share);
    free(sampler->noise_share);
    *sampler = (struct sampler){0};
}
