/*
 * The schedule of a run: how the corpus is cut into shards, rounds and stretches, and how the
 * learning rate falls. It follows from the corpus and the options, never from the threads.
 *
 * In a round each of S shards trains one stretch. Shard s begins at token n_tokens * s / S, and an
 * epoch takes exactly `rounds` stretches of each shard. So all shards end an epoch together, and an
 * epoch trains every token once. The rate falls linearly with the share of all rounds that is done.
 */
#ifndef W2V_TRAIN_SCHEDULE_H
#define W2V_TRAIN_SCHEDULE_H

#include "text/corpus.h"
#include "train/sampler.h"

enum {
    SCHEDULE_SHARDS = 16,
    SCHEDULE_MAX_SHARDS = W2V_MAX_SHARDS,
    SCHEDULE_STRETCH = 128,
    SCHEDULE_ROUND = 2048 /* centres of a round, at most */
};

/* Measured; see tests/bench/TUNING.md. The load is about 35 for the defaults on English text. */
#define SCHEDULE_MOST_LOAD 40.0
#define SCHEDULE_MOST_MEAN_LOAD 8.0

/* The plan of a stretch takes about 4 bytes for a unit of work: here some 100 kB. */
#define SCHEDULE_MOST_WORK 24576.0

struct schedule {
    size_t n_tokens;
    unsigned shards, epochs;
    uint64_t rounds; /* in an epoch */
    double centres;  /* expected in a round, for all shards together */
    double lr, min_lr;
};

/*
 * The default number of epochs for a corpus of n words: 22 (2.5 million / n)^(1/4), rounded, at
 * least 3 and at most 22. A small text needs more passes. Too many passes overfit: the results for
 * rare words and on SimLex get worse first. With subwords analogies get worse first, and sooner: there
 * 0.6 million stands for 2.5 million. Measured on texts of 2 to 100 MB; see tests/bench/TUNING.md.
 */
unsigned schedule_epochs(uint64_t n_tokens, bool subwords);

/*
 * The default threshold of subsampling where V words of the vocabulary occur: max(1e-4, 1 / V). With
 * 1e-4 almost nothing would be left of a corpus with few different words. With 1 / V only words above
 * about 2.6 times the mean count are thinned out.
 */
double schedule_sample(size_t n_words);

/* The expected number of centres in an epoch, with options->sample set. */
double schedule_centres(const struct w2v_train_options *options, const struct corpus *corpus);

/*
 * The expected number of predictions in an epoch, by the lengths of the lines, with options->sample
 * set: pairs of a centre and a context, in CBOW centres that have a context.
 */
double schedule_predictions(const struct w2v_train_options *options, const struct corpus *corpus);

/*
 * The default first learning rate: f / sqrt(T), where T is the number of predictions of the whole run
 * for each word of the vocabulary. For T steps of stochastic gradient descent the best constant rate
 * falls as 1 / sqrt(T) (Nemirovski, Juditsky, Lan, Shapiro 2009, "Robust stochastic approximation
 * approach to stochastic programming"). Measured; see tests/bench/TUNING.md:
 *
 *                               f     least    most
 *     skip-gram                 1.8   0.025    0.1
 *     skip-gram with subwords   1.5   0.025    0.1
 *     CBOW                      1.8   0.025    0.25
 *     CBOW with subwords        2.5   0.1      0.25
 *
 * Vocabularies of few words lose with less than the least. In skip-gram the contexts of a wide window
 * move the same vector together. So with c contexts for each centre the least is min(0.025, 0.4 / c). With
 * n < 5 negatives a prediction moves its rows less, and f is multiplied by (6 / (1 + n))^(1 / 4).
 *
 * A run that starts from a model (options->init_path) should not undo what the model has learned. Its
 * rate is at most 0.025, in CBOW 0.075.
 *
 * `predictions` and `centres` are those of an epoch, and `n_words` counts the words that occur.
 */
double schedule_lr(const struct w2v_train_options *options, double predictions, double centres,
                   size_t n_words);

/*
 * The most centres in a stretch whose centres have so much work (objective.h), at least 1. Usually it is
 * SCHEDULE_STRETCH.
 */
size_t schedule_longest(double work);

/* What bounds the rounds of a run. Each number is for one centre. */
struct schedule_bounds {
    double load;      /* the largest load of a row that bounds rounds (objective.h) */
    double mean_load; /* the load of the mean of a CBOW window (objective.h) */
    double work;      /* the expected work (objective.h) */
};

/*
 * Makes the schedule. Epochs and rates of the options are set.
 *
 * A round has about 2,048 centres in options->shards shards (0: SCHEDULE_SHARDS), at most 128 in a
 * shard. It is smaller in three cases:
 *   - V < 8,192 words of the vocabulary occur. Then a round has at most max(16, V / 4) centres,
 *     and a shard at least 8.
 *   - Windows are very wide, or predictions have very many losses. A plan grows with the work of its
 *     stretch, so a stretch has at most SCHEDULE_MOST_WORK.
 *   - A row would move too far in a round. All shards start from the same values, and their moves
 *     are added; a single shard sees each move before the next. Let r be the rate, c the centres of
 *     the round and l the load of the busiest row. r c l stays at most SCHEDULE_MOST_LOAD. So c becomes
 *     smaller, and the number of shards with it (shards_of in schedule.c). A single shard needs no
 *     merge, so its stretches are not bounded by the load. The mean of a CBOW window moves with all
 *     its words at once. So the bound on r c mean_load is smaller: SCHEDULE_MOST_MEAN_LOAD.
 */
void schedule_init(struct schedule *schedule, const struct corpus *corpus,
                   const struct sampler *sampler, const struct w2v_train_options *options,
                   const struct schedule_bounds *bounds);

/* The number of rounds in the whole run. */
uint64_t schedule_rounds(const struct schedule *schedule);

/* The share of the run that is done after `round` rounds: 0 to 1. */
double schedule_share(const struct schedule *schedule, uint64_t round);

/* The learning rate in a round. */
double schedule_rate(const struct schedule *schedule, uint64_t round);

/* The tokens [*begin, *end) that the shard trains in the round. */
void schedule_stretch(const struct schedule *schedule, uint64_t round, unsigned shard,
                      size_t *begin, size_t *end);

#endif
