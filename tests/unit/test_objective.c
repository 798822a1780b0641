/*
 * train/negative, train/hierarchical: the shapes of blocks by the options, and the weights of pairs
 * when windows are trained in turns.
 */
#include <limits.h>
#include <math.h>
#include <stdlib.h>

#include "test.h"
#include "train/objective.h"

enum { N_WORDS = 50, N_TOKENS = 2000 };

static uint32_t ids[N_TOKENS];
static uint64_t counts[N_WORDS];
static struct corpus corpus;
static struct sampler sampler;
static struct tree tree;

static void make_corpus(void)
{
    for (size_t i = 0; i < N_TOKENS; i++) {
        ids[i] = rng_below((uint32_t)rng_at(3, i), N_WORDS);
        counts[ids[i]]++;
    }
    ids[N_TOKENS - 1] |= CORPUS_LINE_END;
    corpus = (struct corpus){.ids = ids, .n_tokens = N_TOKENS};
    corpus.vocab.n_words = N_WORDS;
    corpus.vocab.count = counts;
    corpus.vocab.total = N_TOKENS;
    CHECK(sampler_init(&sampler, &corpus.vocab, 0, 0.75, NULL) == W2V_OK);
    CHECK(tree_init(&tree, counts, N_WORDS, NULL) == W2V_OK);
}

static struct w2v_train_options options_of(enum w2v_architecture model, enum w2v_loss loss,
                                           unsigned window, unsigned negative)
{
    return (struct w2v_train_options){.model = model,
                                      .loss = loss,
                                      .window = window,
                                      .negative = negative,
                                      .lr = 0.05,
                                      .seed = 7};
}

static struct objective objective_of(const struct w2v_train_options *options)
{
    struct layout layout = layout_of(N_WORDS, options->loss, 4);
    struct objective objective;
    layout.n_parts = options->subwords ? 1000 : 0;
    objective_init(&objective, options, &layout, &corpus, &sampler, &tree);
    return objective;
}

/* Drawn windows of w have (w + 1) contexts on average. */
static void test_shapes(void)
{
    static const struct {
        enum w2v_architecture model;
        enum w2v_loss loss;
        unsigned window, negative, windows, contexts, turns, negatives;
    } cases[] = {
        {W2V_SKIPGRAM, W2V_NEGATIVE, 1, 5, 4, 4, 1, 12},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 5, 5, 4, 4, 1, 12},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 5, 1, 4, 4, 1, 3},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 5, 20, 4, 4, 1, 48},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 5, 21, 4, 4, 2, 27},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 5, 200, 4, 4, 10, 48},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 8, 5, 3, 4, 1, 14},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 10, 5, 2, 4, 1, 12},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 13, 5, 2, 4, 1, 14},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 14, 5, 1, 4, 1, 6},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 20, 5, 1, 4, 1, 6},
        {W2V_SKIPGRAM, W2V_NEGATIVE, 50, 45, 1, 4, 3, 18},
        {W2V_SKIPGRAM, W2V_HIERARCHICAL, 20, 5, 1, 12, 1, 0},
        {W2V_CBOW, W2V_NEGATIVE, 5, 5, 2, INT_MAX, 1, 8},
        {W2V_CBOW, W2V_NEGATIVE, 5, 20, 1, INT_MAX, 1, 20},
        {W2V_CBOW, W2V_NEGATIVE, 5, 50, 2, INT_MAX, 3, 28},
        {W2V_CBOW, W2V_HIERARCHICAL, 20, 5, 1, INT_MAX, 1, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const struct w2v_train_options options =
            options_of(cases[i].model, cases[i].loss, cases[i].window, cases[i].negative);
        const struct objective o = objective_of(&options);
        CHECK_MSG(o.block_windows == cases[i].windows && o.most_contexts == cases[i].contexts &&
                      o.turns == cases[i].turns && o.block_negatives == cases[i].negatives,
                  "%zu: %u windows, %u contexts, %u turns, %u negatives", i, o.block_windows,
                  o.most_contexts, o.turns, o.block_negatives);
    }
}

/* With more shards the pool is smaller, but a block never has a negative twice because of that. */
static void test_pools(void)
{
    struct w2v_train_options options = options_of(W2V_SKIPGRAM, W2V_NEGATIVE, 5, 5);
    CHECK(objective_of(&options).pool > 48 && objective_of(&options).pool < 96);
    options.lr = 0.06;
    CHECK(objective_of(&options).pool == 96);
    options.lr = 0.025;
    CHECK(objective_of(&options).pool == 48);
    options.shards = 32;
    CHECK(objective_of(&options).pool == 24);
    options.shards = 128;
    CHECK(objective_of(&options).pool == 12 && objective_of(&options).block_negatives == 12);
    /* 51 contexts and 6 losses leave 80 of 128 centres in a stretch. */
    options = options_of(W2V_SKIPGRAM, W2V_NEGATIVE, 50, 5);
    CHECK(objective_of(&options).pool == 256 * 51 / 6 * 80 / 128);
    options = options_of(W2V_CBOW, W2V_NEGATIVE, 5, 5);
    options.lr = 0.06;
    CHECK(objective_of(&options).pool == 48);
    options.lr = 0.12;
    CHECK(objective_of(&options).pool == 96);
    options.lr = 0.06;
    options.window = 53;
    CHECK(objective_of(&options).pool == 3 * 48);
    options.window = 5;
    options.subwords = true;
    CHECK(objective_of(&options).pool == 128);
    options.model = W2V_SKIPGRAM;
    CHECK(objective_of(&options).pool == 256 && objective_of(&options).block_negatives == 16);
}

/* Over all turns a prediction has the weight 1 on its centre and `negative` on its negatives. */
static void check_turns(enum w2v_architecture model, unsigned window, unsigned negative)
{
    const struct w2v_train_options options = options_of(model, W2V_NEGATIVE, window, negative);
    const struct plan_options plan_options = {.window = window};
    const struct objective objective = objective_of(&options);
    struct plan plan = {0};
    double positive = 0, left_out = 0, negatives = 0;
    size_t n_predictions = 0;
    CHECK(plan_build(&plan, &corpus, &objective, &plan_options, 0, 60, 0, 0, NULL) == W2V_OK);
    CHECK(plan.n_blocks > 0 && plan.n_blocks % objective.turns == 0);
    for (size_t b = 0; b < plan.n_blocks; b++) {
        const struct plan_block *block = &plan.blocks[b];
        const size_t n = (block->n_in + block->n_centres) * block->n_out;
        struct objective_pairs pairs = {.weight = calloc(n, sizeof(float)),
                                        .in_sum = calloc(n, sizeof(float)),
                                        .out_sum = calloc(n, sizeof(float))};
        const size_t n_now =
            (model == W2V_CBOW ? objective.kind->weigh_windows
                               : objective.kind->weigh)(&objective, &plan, block, &pairs);
        CHECK(block->again == (b % objective.turns > 0));
        n_predictions += block->again ? 0 : n_now;
        for (size_t i = 0; i < n; i++)
            *(pairs.weight[i] > 0 ? &positive : &negatives) += (double)pairs.weight[i];
        /* A negative that is a centre of its block is left out. */
        unsigned drawn = 0;
        for (uint32_t j = block->n_positive; j < block->n_out; j++)
            drawn += plan.times[block->out + j];
        left_out += (double)n_now * (objective.block_negatives - drawn) * negative /
                    (objective.turns * objective.block_negatives);
        free(pairs.weight);
        free(pairs.in_sum);
        free(pairs.out_sum);
    }
    CHECK(fabs(positive - (double)n_predictions) < 1e-5 * positive);
    const double wanted = (double)n_predictions * negative;
    CHECK_MSG(fabs(left_out - negatives - wanted) < 1e-4 * wanted, "%g, not %g",
              left_out - negatives, wanted);
    plan_release(&plan);
}

static void test_turns(void)
{
    check_turns(W2V_SKIPGRAM, 5, 5);
    check_turns(W2V_SKIPGRAM, 5, 45);
    check_turns(W2V_SKIPGRAM, 30, 101);
    check_turns(W2V_CBOW, 5, 45);
    check_turns(W2V_CBOW, 5, 20);
}

int main(void)
{
    make_corpus();
    TEST(test_shapes);
    TEST(test_pools);
    TEST(test_turns);
    sampler_release(&sampler);
    tree_release(&tree);
    return test_end();
}
