/*
 * train/step: every update is sound. Blocks are planned over random corpora of 1 to 1,000 words and
 * every kind of repetition, with windows and negatives from 1 to 200, drawn and fixed windows, and
 * contexts from whole lines, long and short, with and without subsampling, or over trees with short
 * codes and very long ones. The vectors are up to 5 long, in random directions, nearly parallel, or
 * mixed. The rate is the largest default one, or the highest for which the bound is kept. One update must
 * lower the objective of its block, computed in double.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "test.h"
#include "train/schedule.h"
#include "train/step.h"

enum { N_BLOCKS = TEST_LESS(10000, 20), N_TOKENS = 600, MOST_WORDS = 1000, BLOCKS_A_CORPUS = 4 };

/* The random numbers of one case. */
struct dice {
    uint64_t key, n;
};

static uint32_t below(struct dice *dice, uint32_t n)
{
    return rng_below((uint32_t)(rng_at(dice->key, dice->n++) >> 32), n);
}

static double even(struct dice *dice)
{
    return (double)(rng_at(dice->key, dice->n++) >> 11) / 9007199254740992.0;
}

static double normal(struct dice *dice)
{
    double u = even(dice) + 1e-300, v = even(dice);
    return sqrt(-2 * log(u)) * cos(6.283185307179586 * v);
}

struct world {
    uint32_t ids[N_TOKENS];
    uint64_t counts[MOST_WORDS];
    struct corpus corpus;
    struct sampler sampler;
    struct tree tree;
    struct w2v_train_options options;
    struct layout layout;
    struct objective objective;
    struct plan plan;
    float *rows;
};

/* Words drawn evenly; few words in most places; two words in turn; or stretches of one word. */
static uint32_t draw_word(struct dice *dice, unsigned kind, uint32_t n_words, size_t place)
{
    if (kind == 1 && below(dice, 4) > 0)
        return below(dice, n_words < 3 ? n_words : 3);
    if (kind == 2 && n_words > 1)
        return place % 2 == 0 ? 0 : 1 + below(dice, n_words - 1);
    if (kind == 3)
        return (uint32_t)(rng_at(dice->key, place / 50 + 1000000) % n_words);
    return below(dice, n_words);
}

static unsigned draw_option(struct dice *dice)
{
    static const unsigned usual[] = {1, 2, 5, 10, 15, 20, 50, 100, 200};
    return below(dice, 2) ? usual[below(dice, 9)] : 1 + below(dice, 200);
}

static void make_world(struct world *w, struct dice *dice, enum w2v_architecture model,
                       enum w2v_loss loss)
{
    static const uint32_t sizes[] = {1, 2, 3, 10, 40, 200, MOST_WORDS};
    static const size_t dims[] = {1, 2, 16, 100};
    const uint32_t n_words = sizes[below(dice, 7)];
    const unsigned kind = below(dice, 4), line = below(dice, 2) ? 300 : 10;
    *w = (struct world){0};
    for (size_t i = 0; i < N_TOKENS; i++) {
        w->ids[i] = draw_word(dice, kind, n_words, i);
        w->counts[w->ids[i]]++;
        if (i + 1 == N_TOKENS || below(dice, line) == 0)
            w->ids[i] |= CORPUS_LINE_END;
    }
    w->corpus = (struct corpus){.ids = w->ids, .n_tokens = N_TOKENS};
    w->corpus.vocab.n_words = n_words;
    w->corpus.vocab.count = w->counts;
    w->corpus.vocab.total = N_TOKENS;
    /* The rate is the highest default. */
    w->options = (struct w2v_train_options){.model = model,
                                            .loss = loss,
                                            .dim = dims[below(dice, 4)],
                                            .window = draw_option(dice),
                                            .fixed_window = below(dice, 2),
                                            .whole_line = below(dice, 2),
                                            .negative = draw_option(dice),
                                            .sample = below(dice, 2) ? 0 : 1e-3,
                                            .ns_exponent = 0.75,
                                            .epochs = 1,
                                            .lr = below(dice, 2)      ? (double)STEP_SOUND_RATE
                                                  : model == W2V_CBOW ? 0.25
                                                                      : 0.1,
                                            .seed = dice->n};
    w->options.attract = below(dice, 2) ? W2V_ATTRACT_YES : W2V_ATTRACT_NO;
    CHECK(sampler_init(&w->sampler, &w->corpus.vocab, w->options.sample, 0.75, NULL) == W2V_OK);
    /* These counts rise, so that codes become long. */
    CHECK(tree_init(&w->tree, w->counts, n_words, NULL) == W2V_OK);
    w->layout = layout_of(n_words, loss, w->options.dim);
    objective_init(&w->objective, &w->options, &w->layout, &w->corpus, &w->sampler, &w->tree);
    struct plan_options plan = {w->options.window, w->options.fixed_window, w->options.whole_line};
    CHECK(plan_build(&w->plan, &w->corpus, &w->objective, &plan, 0, N_TOKENS, 0, 0, NULL) ==
          W2V_OK);
    w->rows = aligned_alloc(64, layout_rows(&w->layout) * w->layout.dim * sizeof(float));
}

static void release_world(struct world *w)
{
    plan_release(&w->plan);
    sampler_release(&w->sampler);
    tree_release(&w->tree);
    free(w->rows);
}

/* Vectors up to 5 long; `parallel` is the share of a common direction in each of them. */
static void draw_rows(struct world *w, struct dice *dice)
{
    const size_t dim = w->options.dim;
    const double parallel = below(dice, 3) / 2.0, longest = below(dice, 2) ? 5 : 5 * even(dice);
    double shared[100], length;
    for (size_t k = 0; k < dim; k++)
        shared[k] = normal(dice) / sqrt((double)dim);
    for (size_t r = 0; r < layout_rows(&w->layout); r++) {
        float *row = w->rows + r * w->layout.dim;
        double vector[100], squares = 0;
        const double sign = below(dice, 4) ? 1 : -1;
        for (size_t k = 0; k < dim; k++) {
            vector[k] =
                sign * parallel * shared[k] + (1.05 - parallel) * normal(dice) / sqrt((double)dim);
            squares += vector[k] * vector[k];
        }
        length = longest * (below(dice, 2) ? 1 : even(dice));
        for (size_t k = 0; k < w->layout.dim; k++)
            row[k] = k < dim && squares > 0 ? (float)(vector[k] * length / sqrt(squares)) : 0;
    }
}

static double product(const struct world *w, const float *a, const float *b)
{
    double sum = 0;
    for (size_t k = 0; k < w->options.dim; k++)
        sum += (double)a[k] * (double)b[k];
    return sum;
}

/* log(1 + e^x) */
static double softplus(double x)
{
    return x > 0 ? x + log1p(exp(-x)) : log1p(exp(x));
}

/* The loss of one input with the centre's output and the block's negatives, written anew. */
static double input_loss(const struct world *w, const struct plan_block *block,
                         const struct plan_centre *centre, const float *in)
{
    const struct plan *plan = &w->plan;
    const size_t dim = w->layout.dim;
    const double each =
        (double)w->options.negative / ((double)w->objective.turns * w->objective.block_negatives);
    const uint32_t word = plan->kept[centre->place];
    if (w->options.loss == W2V_HIERARCHICAL) {
        double turns = 0;
        for (uint32_t at = word; at != tree_root(&w->tree); at = tree_above(&w->tree, at)) {
            const float *node = w->rows + layout_output(&w->layout, tree_node(&w->tree, at)) * dim;
            const double x = product(w, in, node);
            turns += softplus(tree_side(&w->tree, at) == 1 ? -x : x);
        }
        return turns;
    }
    double loss = softplus(-product(w, in, w->rows + layout_output(&w->layout, word) * dim)) /
                  w->objective.turns;
    for (uint32_t j = block->n_positive; j < block->n_out; j++)
        loss += each * plan->times[block->out + j] *
                softplus(product(w, in, w->rows + plan->rows[plan->out[block->out + j]] * dim));
    return loss;
}

static double block_loss(const struct world *w, const struct plan_block *block)
{
    const struct plan *plan = &w->plan;
    const size_t dim = w->layout.dim;
    double loss = 0;
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &plan->centres[c];
        const uint32_t n = centre->end - centre->begin - 1;
        float mean[112] = {0};
        const struct plan_contexts contexts = plan_contexts(block, centre);
        for (uint32_t p = contexts.begin; p < contexts.end; p++) {
            const float *in = w->rows + plan->kept[p] * dim;
            if (p == centre->place)
                continue;
            for (size_t k = 0; k < dim; k++)
                mean[k] += in[k] / (float)n;
            if (w->options.model == W2V_SKIPGRAM)
                loss += input_loss(w, block, centre, in);
        }
        if (w->options.model == W2V_CBOW && n > 0)
            loss += input_loss(w, block, centre, mean);
    }
    return loss;
}

/* Updates the block once. False if its objective did not fall. */
static bool update_lowers(struct world *w, struct step *step, const struct plan_block *block,
                          float rate)
{
    float **in = calloc(block->n_in + 1, sizeof *in), **out = calloc(block->n_out + 1, sizeof *out);
    struct step_result result;
    const bool cbow = w->options.model == W2V_CBOW;
    for (uint32_t i = 0; i < block->n_in; i++)
        in[i] = w->rows + w->plan.rows[w->plan.in[block->in + i]] * w->layout.dim;
    for (uint32_t j = 0; j < block->n_out; j++)
        out[j] = w->rows + w->plan.rows[w->plan.out[block->out + j]] * w->layout.dim;
    const double before = block_loss(w, block);
    CHECK((cbow ? step_cbow : step_skipgram)(step, &w->plan, block, in, out, rate, &result, NULL) ==
          W2V_OK);
    const double after = block_loss(w, block);
    free(in);
    free(out);
    if (result.n_predictions == 0)
        return after == before;
    /*
     * Nothing moves if the gradient is 0. A change within the precision of floats is no fall. What
     * attraction adds to the gradient may outweigh it where the gradient is almost 0.
     */
    const bool near_zero = before < 1e-3 || w->objective.attracts;
    const bool lowers = after <= before || (near_zero && after < before * (1 + 1e-4));
    if (!lowers)
        printf("# dim %zu, window %u%s, negative %u, sample %g, %u words: %g -> %g\n",
               w->options.dim, w->options.window,
               w->options.whole_line     ? " of a whole line"
               : w->options.fixed_window ? " fixed"
                                         : "",
               w->options.negative, w->options.sample, (unsigned)w->corpus.vocab.n_words, before,
               after);
    return lowers;
}

static void check_blocks(enum w2v_architecture model, enum w2v_loss loss, size_t n_blocks)
{
    size_t done = 0, wrong = 0;
    for (uint64_t number = 0; done < n_blocks; number++) {
        struct dice dice = {rng_key(number, (uint64_t)model + 2 * (uint64_t)loss), 0};
        struct world world;
        struct step step;
        make_world(&world, &dice, model, loss);
        step_init(&step, kernel_choose(getenv("W2V_SIMD"), NULL), &world.objective);
        for (size_t i = 0; i < BLOCKS_A_CORPUS && world.plan.n_blocks > 0; i++, done++) {
            draw_rows(&world, &dice);
            wrong += !update_lowers(&world, &step,
                                    &world.plan.blocks[below(&dice, (uint32_t)world.plan.n_blocks)],
                                    (float)world.options.lr);
        }
        step_release(&step);
        release_world(&world);
    }
    CHECK_MSG(wrong == 0, "%zu of %zu updates raise their objective", wrong, done);
}

static void test_skipgram_updates_are_sound(void)
{
    check_blocks(W2V_SKIPGRAM, W2V_NEGATIVE, N_BLOCKS);
}

static void test_cbow_updates_are_sound(void)
{
    check_blocks(W2V_CBOW, W2V_NEGATIVE, N_BLOCKS);
}

static void test_updates_of_the_tree_are_sound(void)
{
    check_blocks(W2V_SKIPGRAM, W2V_HIERARCHICAL, N_BLOCKS);
    check_blocks(W2V_CBOW, W2V_HIERARCHICAL, N_BLOCKS);
}

int main(void)
{
    TEST(test_skipgram_updates_are_sound);
    TEST(test_cbow_updates_are_sound);
    TEST(test_updates_of_the_tree_are_sound);
    return test_end();
}
