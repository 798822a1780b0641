/* The schedule of a run. See schedule.h. */
#include "train/schedule.h"

#include <math.h>

/* With 2,048 centres a round, phases and copies are cheap. */
enum { LEAST_PER_ROUND = 16, LEAST_PER_STRETCH = 8 };

/* Loads leave up to so many shards, if each then has so many centres. Measured. */
enum { SHARDS_BY_LOAD = 4, LEAST_BY_LOAD = 32 };

unsigned schedule_epochs(uint64_t n_tokens, bool subwords)
{
    static const double MOST = 22, LEAST = 3;
    const double words = subwords ? 0.6e6 : 2.5e6;
    /* Square roots are rounded alike on every machine. */
    const double epochs = MOST * sqrt(sqrt(words / (double)(n_tokens > 0 ? n_tokens : 1)));
    return (unsigned)((epochs > MOST ? MOST : epochs < LEAST ? LEAST : epochs) + 0.5);
}

double schedule_sample(size_t n_words)
{
    const double even = 1 / (double)n_words;
    return even > 1e-4 ? even : 1e-4;
}

/* The expected contexts of a centre that has so many other words in its line. */
static double contexts(const struct w2v_train_options *options, double others)
{
    const double window = options->window;
    double sum = 0;
    if (options->whole_line)
        return fmin(others, window);
    /* For each distance: the share of windows that reach so far, and of centres with a word there. */
    for (double d = 1; d <= window && d < others + 1; d++)
        sum += (options->fixed_window ? 1 : (window + 1 - d) / window) * (1 - d / (others + 1));
    return 2 * sum;
}

/* The share of the tokens that subsampling is expected to keep. */
static double kept_share(const struct w2v_train_options *options, const struct corpus *corpus)
{
    return sampler_kept(&corpus->vocab, options->sample) / (double)corpus->vocab.total;
}

double schedule_centres(const struct w2v_train_options *options, const struct corpus *corpus)
{
    return kept_share(options, corpus) * (double)corpus->n_tokens;
}

double schedule_predictions(const struct w2v_train_options *options, const struct corpus *corpus)
{
    const double kept = kept_share(options, corpus);
    double sum = 0;
    for (size_t at = 0, begin = 0; at < corpus->n_tokens; at++) {
        if (!(corpus->ids[at] & CORPUS_LINE_END) && at + 1 < corpus->n_tokens)
            continue;
        const double centres = kept * (double)(at + 1 - begin),
                     others = kept * (double)(at - begin);
        sum += centres * (options->model == W2V_CBOW ? fmin(others, 1) : contexts(options, others));
        begin = at + 1;
    }
    return sum;
}

double schedule_lr(const struct w2v_train_options *options, double predictions, double centres,
                   size_t n_words)
{
    static const double factors[2][2] = {{1.8, 1.5}, {1.8, 2.5}}; /* [CBOW][subwords] */
    const bool cbow = options->model == W2V_CBOW;
    const double steps = options->epochs * predictions / (double)n_words;
    const double least = fmin(cbow && options->subwords ? 0.1 : 0.025, 0.4 * centres / predictions);
    const double most = options->init_path != NULL ? (cbow ? 0.075 : 0.025) : cbow ? 0.25 : 0.1;
    const double losses =
        options->loss == W2V_NEGATIVE ? fmin(1 + (double)options->negative, 6) : 6;
    const double lr = factors[cbow][options->subwords] * sqrt(sqrt(6 / losses)) / sqrt(steps);
    return fmin(fmax(lr, least), most);
}

size_t schedule_longest(double work)
{
    const double most = SCHEDULE_MOST_WORK / work;
    return most >= SCHEDULE_STRETCH ? SCHEDULE_STRETCH : most > 1 ? (size_t)most : 1;
}

/*
 * In how many of at most `most` shards a round of `centres` is cut whose stretches should be `stretch`
 * long: an even number, so that two threads have equal work. If that is less than SHARDS_BY_LOAD, the
 * stretches may be shorter, down to LEAST_BY_LOAD.
 */
static size_t shards_of(double centres, double stretch, size_t most)
{
    const double least = fmin(stretch, LEAST_BY_LOAD);
    size_t shards = 2 * (size_t)(centres / stretch / 2 + 0.5);
    if (shards < SHARDS_BY_LOAD) {
        shards = SHARDS_BY_LOAD;
        while (shards > 1 && centres / (double)shards < least)
            shards /= 2;
    }
    return shards < most ? shards : most;
}

void schedule_init(struct schedule *schedule, const struct corpus *corpus,
                   const struct sampler *sampler, const struct w2v_train_options *options,
                   const struct schedule_bounds *bounds)
{
    const double kept = sampler->n_kept / (double)corpus->vocab.total * (double)corpus->n_tokens;
    *schedule = (struct schedule){.n_tokens = corpus->n_tokens,
                                  .epochs = options->epochs,
                                  .lr = options->lr,
                                  .min_lr = options->min_lr};
    const size_t wanted = options->shards > 0 ? options->shards : SCHEDULE_SHARDS;
    const size_t longest = schedule_longest(bounds->work);
    size_t most = vocab_n_counted(&corpus->vocab) / 4;
    most = most < LEAST_PER_ROUND ? LEAST_PER_ROUND : most > SCHEDULE_ROUND ? SCHEDULE_ROUND : most;
    most = most > wanted * longest ? wanted * longest : most;
    const size_t least = longest < LEAST_PER_STRETCH ? longest : LEAST_PER_STRETCH;
    const size_t shards = most / least < wanted ? most / least : wanted;
    const double stretch = (double)(most / shards), unbounded = (double)shards * stretch;
    const double share =
        fmax(bounds->load / SCHEDULE_MOST_LOAD, bounds->mean_load / SCHEDULE_MOST_MEAN_LOAD);
    const double by_load = 1 / (schedule->lr * share);
    double centres = fmin(unbounded, by_load);
    schedule->shards =
        (unsigned)(by_load < unbounded ? shards_of(centres, stretch, shards) : shards);
    if (schedule->shards == 1)
        centres = stretch;
    schedule->rounds = (uint64_t)(kept / centres) + 1;
    schedule->centres = kept / (double)schedule->rounds;
}

uint64_t schedule_rounds(const struct schedule *schedule)
{
    return schedule->rounds * schedule->epochs;
}

double schedule_share(const struct schedule *schedule, uint64_t round)
{
    return (double)round / (double)schedule_rounds(schedule);
}

double schedule_rate(const struct schedule *schedule, uint64_t round)
{
    return schedule->lr + (schedule->min_lr - schedule->lr) * schedule_share(schedule, round);
}

/* floor(n * part / parts), without overflow for parts < 2^32. */
static size_t cut_at(size_t n, uint64_t part, uint64_t parts)
{
    return (size_t)(n / parts * part + n % parts * part / parts);
}

void schedule_stretch(const struct schedule *schedule, uint64_t round, unsigned shard,
                      size_t *begin, size_t *end)
{
    const size_t first = cut_at(schedule->n_tokens, shard, schedule->shards);
    const size_t last = cut_at(schedule->n_tokens, shard + 1, schedule->shards);
    const uint64_t part = round % schedule->rounds;
    *begin = first + cut_at(last - first, part, schedule->rounds);
    *end = first + cut_at(last - first, part + 1, schedule->rounds);
}
