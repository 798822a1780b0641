/*
 * train/schedule: every token is trained once an epoch, for any number of shards. Loads and small
 * vocabularies make rounds smaller. Defaults follow from the corpus.
 */
#include <math.h>
#include <stdint.h>

#include "test.h"
#include "train/schedule.h"

enum { N_TOKENS = 100003 };

/* The schedule of a vocabulary in which n_words words have a count, and n_absent none. */
static struct schedule schedule_with(size_t n_words, size_t n_absent, double load, double mean_load,
                                     unsigned shards, double work)
{
    uint64_t *count = calloc(n_words + n_absent, sizeof *count);
    for (size_t id = 0; id < n_words; id++)
        count[id] = 1;
    const struct corpus corpus = {
        .n_tokens = N_TOKENS,
        .vocab = {.n_words = n_words + n_absent, .count = count, .total = N_TOKENS}};
    const struct sampler sampler = {.n_words = (uint32_t)n_words, .n_kept = N_TOKENS / 2};
    const struct w2v_train_options options = {
        .epochs = 2, .lr = 0.025, .min_lr = 2.5e-6, .shards = shards};
    struct schedule schedule;
    const struct schedule_bounds bounds = {load, mean_load, work};
    schedule_init(&schedule, &corpus, &sampler, &options, &bounds);
    free(count);
    return schedule;
}

static struct schedule schedule_of_work(size_t n_words, double load, double mean_load,
                                        unsigned shards, double work)
{
    return schedule_with(n_words, 0, load, mean_load, shards, work);
}

static struct schedule schedule_of(size_t n_words, double load, double mean_load, unsigned shards)
{
    return schedule_of_work(n_words, load, mean_load, shards, 36);
}

static void test_absent_words_change_nothing(void)
{
    const struct schedule few = schedule_with(40, 0, 0.001, 0, 0, 36),
                          absent = schedule_with(40, 9000, 0.001, 0, 0, 36);
    CHECK(few.shards == absent.shards && few.rounds == absent.rounds);
    CHECK(few.rounds > schedule_with(9040, 0, 0.001, 0, 0, 36).rounds);
}

static void test_stretches_cover_the_corpus(void)
{
    static const size_t words[] = {1, 40, 5000, 100000};
    static const double loads[] = {0.001, 1, 5, 1000};
    static const unsigned wanted[] = {0, 1, 3, 64, SCHEDULE_MAX_SHARDS};
    for (size_t w = 0; w < 4; w++)
        for (size_t l = 0; l < 20; l++) {
            const unsigned most = wanted[l / 4];
            const struct schedule s = schedule_of(words[w], loads[l % 4], 0, most);
            CHECK(s.shards >= 1 && s.shards <= (most > 0 ? most : SCHEDULE_SHARDS));
            CHECK(s.rounds > 0);
            size_t at = 0;
            for (unsigned shard = 0; shard < s.shards; shard++)
                for (uint64_t round = 0; round < s.rounds; round++) {
                    size_t begin, end;
                    schedule_stretch(&s, s.rounds + round, shard, &begin, &end);
                    CHECK(begin == at && end >= begin);
                    at = end;
                }
            CHECK(at == N_TOKENS);
        }
}

static void test_rounds_follow_loads(void)
{
    CHECK(schedule_of(100000, 0.1, 0, 0).shards == 16 &&
          schedule_of(100000, 1e6, 0, 0).shards == 1);
    const struct schedule s = schedule_of(100000, 2, 0, 0);
    CHECK(s.shards > 1 && s.shards < 16);
    CHECK(s.lr * s.centres * 2 <= SCHEDULE_MOST_LOAD * 1.0001);
    CHECK(schedule_of(20, 0.1, 0, 0).centres <= 16);
    const struct schedule cbow = schedule_of(100000, 0.1, 2, 0);
    CHECK(cbow.shards >= 1 && cbow.shards < s.shards);
    CHECK(cbow.lr * cbow.centres * 2 <= SCHEDULE_MOST_MEAN_LOAD * 1.0001);
    CHECK(schedule_rate(&s, 0) == 0.025 && schedule_rate(&s, schedule_rounds(&s)) < 3e-6);
}

/*
 * With larger loads there are fewer shards, an even number of them, so that two threads have equal work.
 * At least 4 are left as long as each has 32 centres, and stretches stay about as long as they were.
 */
static void test_loads_leave_even_shards(void)
{
    static const double longest[] = {128, 96, 30};
    for (size_t i = 0; i < 3; i++) {
        unsigned last = 16;
        for (double load = 0.1; load < 200; load *= 1.05) {
            const struct schedule s =
                schedule_of_work(100000, load, 0, 0, SCHEDULE_MOST_WORK / longest[i]);
            const double most = SCHEDULE_MOST_LOAD / (s.lr * load), stretch = s.centres / s.shards,
                         least = fmin(32, longest[i]);
            CHECK(s.shards <= last && (s.shards == 1 || s.shards % 2 == 0));
            CHECK(s.shards == 1 ? most < 2 * least : s.centres <= most);
            CHECK(s.shards == 1 || (stretch > 0.7 * least && stretch <= 1.5 * longest[i]));
            CHECK(s.shards >= 4 || most < 4 * least);
            last = s.shards;
        }
        CHECK(last == 1);
    }
}

/* Stretches of much work are shorter, down to a single centre. */
static void test_work_bounds_stretches(void)
{
    for (double work = 1; work < 1e6; work *= 1.3) {
        const struct schedule s = schedule_of_work(100000, 0.01, 0, 0, work);
        const double stretch = s.centres / s.shards;
        CHECK(s.shards == 16 && stretch <= 128 &&
              (stretch <= 1 || stretch * work <= SCHEDULE_MOST_WORK));
        CHECK(stretch > 0.9 * fmin(128, floor(SCHEDULE_MOST_WORK / work)));
    }
}

/* More shards cut a round into more stretches; the size of the round stays. */
static void test_shards_can_be_asked_for(void)
{
    const struct schedule usual = schedule_of(100000, 0.1, 0, 0);
    for (unsigned shards = 1; shards <= SCHEDULE_MAX_SHARDS; shards *= 2) {
        const struct schedule s = schedule_of(100000, 0.1, 0, shards);
        CHECK(s.shards == shards);
        CHECK(shards < 16 ? s.rounds > usual.rounds : s.rounds == usual.rounds);
    }
    CHECK(schedule_of(1000, 0.1, 0, 64).shards == 31);
}

static void test_defaults_follow_the_corpus(void)
{
    CHECK(schedule_epochs(0, false) == 22 && schedule_epochs(300000, false) == 22);
    CHECK(schedule_epochs(2500000, false) == 22 && schedule_epochs(16700000, false) == 14);
    CHECK(schedule_epochs(1000000000, false) == 5 && schedule_epochs(UINT64_MAX, false) == 3);
    CHECK(schedule_epochs(300000, true) == 22 && schedule_epochs(2500000, true) == 15);
    CHECK(schedule_epochs(16700000, true) == 10 && schedule_epochs(1000000000, true) == 3);
    for (uint64_t n = 1; n < (uint64_t)1 << 62; n *= 2)
        for (int subwords = 0; subwords < 2; subwords++)
            CHECK(schedule_epochs(2 * n, subwords) <= schedule_epochs(n, subwords));
    CHECK(schedule_sample(1) == 1 && schedule_sample(100) == 0.01);
    CHECK(schedule_sample(10000) == 1e-4 && schedule_sample(1000000) == 1e-4);
}

/* Pairs of two words that are at most `reach` apart in a line of n words. */
static double pairs_within(size_t n, size_t reach)
{
    double pairs = 0;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            pairs += i != j && (i < j ? j - i : i - j) <= reach;
    return pairs;
}

/* Without subsampling the predictions of an epoch are counted here one by one. */
static void test_predictions_are_counted(void)
{
    static const size_t lines[] = {1, 2, 3, 7, 40};
    uint32_t ids[64] = {0};
    uint64_t count = 53;
    struct corpus corpus = {
        .ids = ids, .n_tokens = 53, .vocab = {.n_words = 1, .total = 53, .count = &count}};
    for (size_t i = 0, end = 0; i < 4; i++) /* the last line has no mark */
        ids[(end += lines[i]) - 1] |= CORPUS_LINE_END;
    for (unsigned window = 1; window < 60; window += 4) {
        struct w2v_train_options options = {.window = window};
        double drawn = 0, fixed = 0, whole = 0;
        for (size_t i = 0; i < 5; i++) {
            const size_t n = lines[i];
            for (unsigned reach = 1; reach <= window; reach++)
                drawn += pairs_within(n, reach) / window;
            fixed += pairs_within(n, window);
            whole += (double)(n * (n - 1 < window ? n - 1 : window));
        }
        CHECK(fabs(schedule_predictions(&options, &corpus) - drawn) < 1e-9 * drawn);
        options.fixed_window = true;
        CHECK(fabs(schedule_predictions(&options, &corpus) - fixed) < 1e-9 * fixed);
        options.whole_line = true;
        CHECK(fabs(schedule_predictions(&options, &corpus) - whole) < 1e-9 * whole);
        options.model = W2V_CBOW;
        CHECK(fabs(schedule_predictions(&options, &corpus) - 52) < 1e-9);
    }
}

static void test_default_rates(void)
{
    /* steps: predictions for each word; contexts: for each centre; negative: 0 for hierarchical softmax */
    static const struct {
        enum w2v_architecture model;
        bool subwords, warm;
        double steps, contexts;
        unsigned negative;
        double lr;
    } cases[] = {{W2V_SKIPGRAM, false, false, 1600, 5, 5, 0.045},
                 {W2V_SKIPGRAM, true, false, 1600, 5, 5, 0.0375},
                 {W2V_CBOW, false, false, 225, 1, 5, 0.12},
                 {W2V_CBOW, true, false, 100, 1, 5, 0.25},
                 {W2V_SKIPGRAM, false, false, 1e5, 5, 5, 0.025},
                 {W2V_CBOW, false, false, 1e5, 1, 5, 0.025},
                 {W2V_SKIPGRAM, true, false, 1e5, 5, 5, 0.025},
                 {W2V_CBOW, true, false, 1e5, 1, 5, 0.1},
                 {W2V_SKIPGRAM, false, false, 1, 5, 5, 0.1},
                 {W2V_CBOW, false, false, 1, 1, 5, 0.25},
                 {W2V_SKIPGRAM, false, false, 0, 5, 5, 0.1},
                 {W2V_SKIPGRAM, false, true, 1, 5, 5, 0.025},
                 {W2V_CBOW, false, true, 1, 1, 5, 0.075},
                 {W2V_CBOW, false, true, 1e5, 1, 5, 0.025},
                 {W2V_SKIPGRAM, false, false, 1e5, 16, 5, 0.025},
                 {W2V_SKIPGRAM, false, false, 1e5, 40, 5, 0.01},
                 {W2V_SKIPGRAM, false, false, 1600, 56, 5, 0.045},
                 {W2V_SKIPGRAM, false, false, 1600, 5, 15, 0.045},
                 {W2V_SKIPGRAM, false, false, 1600, 5, 0, 0.045},
                 {W2V_SKIPGRAM, false, false, 1600, 5, 1, 0.045 * 1.3160740129524924},
                 {W2V_CBOW, false, false, 225, 1, 2, 0.12 * 1.189207115002721}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct w2v_train_options options = {.model = cases[i].model,
                                            .subwords = cases[i].subwords,
                                            .loss = cases[i].negative > 0 ? W2V_NEGATIVE
                                                                          : W2V_HIERARCHICAL,
                                            .negative = cases[i].negative,
                                            .epochs = 5};
        options.init_path = cases[i].warm ? "model" : NULL;
        const double lr = schedule_lr(&options, cases[i].steps * 20,
                                      cases[i].steps * 20 / cases[i].contexts, 100);
        CHECK_MSG(fabs(lr - cases[i].lr) < 1e-12, "case %zu: %g", i, lr);
    }
}

int main(void)
{
    TEST(test_absent_words_change_nothing);
    TEST(test_stretches_cover_the_corpus);
    TEST(test_rounds_follow_loads);
    TEST(test_loads_leave_even_shards);
    TEST(test_work_bounds_stretches);
    TEST(test_shards_can_be_asked_for);
    TEST(test_defaults_follow_the_corpus);
    TEST(test_predictions_are_counted);
    TEST(test_default_rates);
    return test_end();
}
