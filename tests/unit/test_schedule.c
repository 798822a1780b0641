/*
 * train/schedule: every token is trained once an epoch, for any number of shards. Loads and small
 * vocabularies make rounds smaller. Defaults follow from the corpus.
 */
#include <stdint.h>

#include "test.h"
#include "train/schedule.h"

enum { N_TOKENS = 100003 };

static struct schedule schedule_of(size_t n_words, double load, double mean_load, unsigned shards)
{
    const struct corpus corpus = {.n_tokens = N_TOKENS,
                                  .vocab = {.n_words = n_words, .total = N_TOKENS}};
    const struct sampler sampler = {.n_words = (uint32_t)n_words, .n_kept = N_TOKENS / 2};
    const struct w2v_train_options options = {
        .epochs = 2, .min_lr = -1, .lr = 0.025, .shards = shards};
    struct schedule schedule;
    schedule_init(&schedule, &corpus, &sampler, &options, load, mean_load);
    return schedule;
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

static void test_default_rates(void)
{
    static const struct {
        enum w2v_architecture model;
        bool subwords;
        double lr;
    } cases[] = {{W2V_SKIPGRAM, false, 0.025},
                 {W2V_SKIPGRAM, true, 0.025},
                 {W2V_CBOW, false, 0.075},
                 {W2V_CBOW, true, 0.1}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct w2v_train_options options = {
            .model = cases[i].model, .subwords = cases[i].subwords, .min_lr = -1};
        double lr, min_lr;
        schedule_rates(&options, &lr, &min_lr);
        CHECK(lr == cases[i].lr && min_lr == lr * 1e-4);
        options.lr = 0.5;
        options.min_lr = 0;
        schedule_rates(&options, &lr, &min_lr);
        CHECK(lr == 0.5 && min_lr == 0);
    }
}

int main(void)
{
    TEST(test_stretches_cover_the_corpus);
    TEST(test_rounds_follow_loads);
    TEST(test_shards_can_be_asked_for);
    TEST(test_defaults_follow_the_corpus);
    TEST(test_default_rates);
    return test_end();
}
