/*
 * The schedule of a run: how the corpus is cut into shards, rounds and stretches, and how the
 * learning rate falls. It follows from the corpus and the options, never from the threads.
 *
 * In a round each of S shards trains one stretch. Shard s begins at token n_tokens * s / S, and an
 * epoch takes exactly `rounds` stretches of each shard. So all shards end an epoch together, and an
 * epoch is exactly the corpus. The rate falls linearly with the share of all rounds that is done.
 */
#ifndef W2V_TRAIN_SCHEDULE_H
#define W2V_TRAIN_SCHEDULE_H

#include "text/corpus.h"
#include "train/sampler.h"

enum { SCHEDULE_SHARDS = 16, SCHEDULE_MAX_SHARDS = W2V_MAX_SHARDS };

/* Measured; see tests/bench/TUNING.md. The defaults come to some 35 on English text. */
#define SCHEDULE_MOST_LOAD 40.0
#define SCHEDULE_MOST_MEAN_LOAD 8.0

struct schedule {
    size_t n_tokens;
    unsigned shards, epochs;
    uint64_t rounds; /* an epoch */
    double centres;  /* expected in a round, all shards together */
    double lr, min_lr;
};

/*
 * The default number of epochs for a corpus of so many words: 22 (2.5 million / n)^(1/4), rounded,
 * from 3 to 22. A small text needs more passes, and too many make it learn its own accidents: rare
 * words and SimLex fall first. Measured on texts of 2 to 100 MB; see tests/bench/TUNING.md.
 */
unsigned schedule_epochs(uint64_t n_tokens);

/*
 * The default threshold of subsampling for so many words: the larger of 1e-4 and 1 / V. With 1e-4 a
 * vocabulary of a few words would be thinned out to next to nothing. At 1 / V a word is thinned out
 * from about 2.6 times the mean count on.
 */
double schedule_sample(size_t n_words);

/* The first and last learning rates that the options come to. */
void schedule_rates(const struct w2v_train_options *options, double *lr, double *min_lr);

/*
 * Makes the schedule; options->epochs is at least 1. `load`: the largest sum of weights that moves
 * a row, expected for one centre; `mean_load`: that of the means of CBOW's windows (objective.h).
 *
 * A round is some 2,048 centres in options->shards shards (0: SCHEDULE_SHARDS), at most 128 a shard.
 * Two things make it smaller, shard by shard:
 *   - a vocabulary below 8,192 words: a round has at most a quarter as many centres as words;
 *   - a row that moves too far in a round. The shards' moves start from the same values and are
 *     added, while one shard would have seen each before the next. With the rate r, c centres in
 *     the round and the load l of the busiest row, r c l stays below SCHEDULE_MOST_LOAD. Without
 *     subsampling that leaves some 5 shards, with wide windows as well 1, which needs no merge.
 *     Means of CBOW's windows move with all of their words at once, so their bound is smaller.
 */
void schedule_init(struct schedule *schedule, const struct corpus *corpus,
                   const struct sampler *sampler, const struct w2v_train_options *options,
                   double load, double mean_load);

/* Rounds of the whole run. */
uint64_t schedule_rounds(const struct schedule *schedule);

/* The share of the run that `round` rounds are: 0 to 1. */
double schedule_share(const struct schedule *schedule, uint64_t round);

/* The learning rate in a round. */
double schedule_rate(const struct schedule *schedule, uint64_t round);

/* The tokens [*begin, *end) that the shard trains in the round. */
void schedule_stretch(const struct schedule *schedule, uint64_t round, unsigned shard,
                      size_t *begin, size_t *end);

#endif
