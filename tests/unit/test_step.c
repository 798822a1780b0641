/*
 * train/step: the step is compared with the numeric gradient of its objective, for every table of
 * kernels, skip-gram and CBOW, negative sampling and hierarchical softmax, with repeated words.
 * train/plan: windows, negatives and lists of rows.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "test.h"
#include "train/step.h"

/* The rate is so low that a step is one update. */
#define RATE 0.015625f

enum { N_WORDS = 7, DIM = 5, PADDED = 16, N_TOKENS = 40 };

/* A corpus of a few words in lines of uneven length. */
static uint32_t ids[N_TOKENS];
static uint64_t counts[N_WORDS];

static struct corpus make_corpus(void)
{
    struct corpus corpus = {.ids = ids, .n_tokens = N_TOKENS};
    memset(counts, 0, sizeof counts);
    for (size_t i = 0; i < N_TOKENS; i++) {
        ids[i] = rng_below((uint32_t)rng_at(5, i), N_WORDS);
        counts[ids[i]]++;
        if (i % 9 == 8 || i == 20 || i == 21 || i + 1 == N_TOKENS)
            ids[i] |= CORPUS_LINE_END;
    }
    corpus.vocab.n_words = N_WORDS;
    corpus.vocab.count = counts;
    corpus.vocab.total = N_TOKENS;
    return corpus;
}

struct fixture {
    struct corpus corpus;
    struct sampler sampler;
    struct tree tree;
    struct objective objective;
    struct plan_options options;
    struct plan plan;
};

static void make_fixture_of(struct fixture *f, enum w2v_loss loss, unsigned windows, double sample,
                            size_t begin, size_t end)
{
    *f = (struct fixture){.corpus = make_corpus()};
    const struct layout layout = layout_of(N_WORDS, loss, DIM);
    const struct w2v_train_options options = {.loss = loss, .window = 3, .negative = 5, .seed = 11};
    f->options = (struct plan_options){.window = 3};
    CHECK(sampler_init(&f->sampler, &f->corpus.vocab, sample, 0.75, NULL) == W2V_OK);
    CHECK(tree_init(&f->tree, f->corpus.vocab.count, N_WORDS, NULL) == W2V_OK);
    objective_init(&f->objective, &options, &layout, &f->corpus, &f->sampler, &f->tree);
    f->objective.block_windows = windows;
    f->objective.most_contexts = N_TOKENS;
    f->objective.block_negatives = 4;
    f->objective.pool = 9;
    CHECK(plan_build(&f->plan, &f->corpus, &f->objective, &f->options, begin, end, 0, 0, NULL) ==
          W2V_OK);
}

static void make_fixture(struct fixture *f, unsigned windows, double sample, size_t begin,
                         size_t end)
{
    make_fixture_of(f, W2V_NEGATIVE, windows, sample, begin, end);
}

/* The word of a block's i-th input row, and of its j-th output row. */
static uint32_t in_word(const struct fixture *f, const struct plan_block *block, uint32_t i)
{
    return f->plan.rows[f->plan.in[block->in + i]];
}

static uint32_t out_word(const struct fixture *f, const struct plan_block *block, uint32_t j)
{
    return f->plan.rows[f->plan.out[block->out + j]] - N_WORDS;
}

static void release_fixture(struct fixture *f)
{
    plan_release(&f->plan);
    sampler_release(&f->sampler);
    tree_release(&f->tree);
}

/* ---- The plan ---- */

static void test_every_token_is_a_centre_once(void)
{
    for (size_t step = 1; step <= N_TOKENS; step += 13) {
        size_t n = 0;
        for (size_t begin = 0; begin < N_TOKENS; begin += step) {
            struct fixture f;
            size_t end = begin + step < N_TOKENS ? begin + step : N_TOKENS, in_blocks = 0;
            make_fixture(&f, 8, 0, begin, end);
            CHECK(f.plan.n_centres == end - begin);
            for (size_t c = 0; c < f.plan.n_centres; c++)
                CHECK(f.plan.kept[f.plan.centres[c].place] == CORPUS_ID(ids[begin + c]));
            for (size_t b = 0; b < f.plan.n_blocks; b++)
                in_blocks += f.plan.blocks[b].n_centres;
            CHECK(in_blocks == f.plan.n_centres);
            n += in_blocks;
            release_fixture(&f);
        }
        CHECK(n == N_TOKENS);
    }
}

/* The farthest that a window of the block reaches to one side. */
static uint32_t block_reach(const struct plan *plan, const struct plan_block *block)
{
    uint32_t reach = 0;
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &plan->centres[c];
        const uint32_t left = centre->place - centre->begin,
                       right = centre->end - centre->place - 1;
        reach = left > reach ? left : reach;
        reach = right > reach ? right : reach;
    }
    return reach;
}

/*
 * A window has the words within reach in its line, wherever the stretch begins and ends. The windows of
 * a block have one reach. A shorter side ends where the line does.
 */
static void check_windows(const struct fixture *f, const struct plan_block *block, size_t begin)
{
    const uint32_t reach = block_reach(&f->plan, block);
    CHECK(reach <= 3);
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &f->plan.centres[c];
        for (uint32_t p = centre->begin; p < centre->end; p++) {
            const size_t token = begin + c + p - centre->place;
            CHECK(f->plan.kept[p] == CORPUS_ID(ids[token]));
            if (p + 1 < centre->end)
                CHECK(!(ids[token] & CORPUS_LINE_END));
        }
        const size_t left = centre->place - centre->begin, right = centre->end - centre->place - 1;
        if (left < reach)
            CHECK(begin + c - left == 0 || (ids[begin + c - left - 1] & CORPUS_LINE_END));
        if (right < reach)
            CHECK(ids[begin + c + right] & CORPUS_LINE_END);
    }
}

static void test_windows_stay_in_their_line(void)
{
    for (size_t begin = 0; begin < N_TOKENS; begin += 7) {
        struct fixture part;
        make_fixture(&part, 3, 0, begin, begin + 7 < N_TOKENS ? begin + 7 : N_TOKENS);
        CHECK(part.plan.n_blocks > 1);
        for (size_t b = 0; b < part.plan.n_blocks; b++)
            check_windows(&part, &part.plan.blocks[b], begin);
        release_fixture(&part);
    }
}

/* Each reach from 1 to the window is as likely as any other, and a fixed window has one. */
static void test_reaches_are_even(void)
{
    enum { LINE = 4000, WINDOWS = 4 };
    static uint32_t line[LINE];
    struct fixture f;
    make_fixture(&f, WINDOWS, 0, 0, N_TOKENS);
    f.corpus.ids = line;
    f.corpus.n_tokens = LINE;
    for (int fixed = 0; fixed < 2; fixed++) {
        size_t n[4] = {0};
        f.options.fixed_window = fixed;
        CHECK(plan_build(&f.plan, &f.corpus, &f.objective, &f.options, 0, LINE, 0, 0, NULL) ==
              W2V_OK);
        CHECK(f.plan.n_blocks == LINE / WINDOWS);
        for (size_t b = 0; b < f.plan.n_blocks; b++) {
            const uint32_t reach = block_reach(&f.plan, &f.plan.blocks[b]);
            CHECK(reach >= 1 && reach <= 3);
            n[reach]++;
        }
        for (size_t reach = 1; reach <= 3; reach++) /* of 1,000 draws, six standard deviations */
            CHECK(fixed ? n[reach] == (reach == 3 ? 1000 : 0) : n[reach] > 240 && n[reach] < 425);
    }
    release_fixture(&f);
}

static void test_block_rows_are_distinct(void)
{
    struct fixture f;
    make_fixture(&f, 8, 0, 0, N_TOKENS);
    for (size_t b = 0; b < f.plan.n_blocks; b++) {
        const struct plan_block *block = &f.plan.blocks[b];
        for (uint32_t i = 0; i < block->n_in; i++)
            for (uint32_t j = 0; j < i; j++)
                CHECK(in_word(&f, block, i) != in_word(&f, block, j));
        for (uint32_t i = 0; i < block->n_out; i++)
            for (uint32_t j = 0; j < i; j++)
                CHECK(out_word(&f, block, i) != out_word(&f, block, j));
        uint32_t drawn = 0;
        for (uint32_t j = block->n_positive; j < block->n_out; j++)
            drawn += f.plan.times[block->out + j];
        CHECK(drawn <= 4);
        for (uint32_t p = block->begin; p < block->end; p++)
            if (block->n_centres > 1)
                CHECK(in_word(&f, block, f.plan.place_input[block->inputs + p - block->begin]) ==
                      f.plan.kept[p]);
        for (uint32_t c = 0; c < block->n_centres; c++) {
            const struct plan_centre *centre = &f.plan.centres[block->first_centre + c];
            CHECK(out_word(&f, block, centre->out) == f.plan.kept[centre->place]);
            CHECK(centre->out < block->n_positive);
        }
    }
    release_fixture(&f);
}

static void test_subsampling_is_by_position(void)
{
    struct fixture whole, part;
    make_fixture(&whole, 8, 0.05, 0, N_TOKENS);
    CHECK(whole.plan.n_centres > 5 && whole.plan.n_centres < N_TOKENS);
    size_t n = 0;
    for (size_t begin = 0; begin < N_TOKENS; begin += 10) {
        make_fixture(&part, 8, 0.05, begin, begin + 10);
        for (size_t c = 0; c < part.plan.n_centres; c++, n++) {
            const struct plan_centre *a = &part.plan.centres[c], *b = &whole.plan.centres[n];
            for (uint32_t p = a->begin; p < a->end; p++)
                CHECK(part.plan.kept[p] == whole.plan.kept[b->place + p - a->place]);
        }
        release_fixture(&part);
    }
    CHECK(n == whole.plan.n_centres);
    release_fixture(&whole);
}

/* Blocks use the negatives of the pool in turn, all equally often. */
static void test_blocks_share_the_pool(void)
{
    struct fixture f;
    uint32_t drawn[N_WORDS] = {0}, taken[N_WORDS] = {0};
    make_fixture(&f, 1, 0, 0, N_TOKENS - 4); /* 36 blocks of 4 go through the pool of 9 16 times */
    for (size_t i = 0; i < 9; i++)
        drawn[f.plan.tools.pool[i]]++;
    for (size_t b = 0; b < f.plan.n_blocks; b++) {
        const struct plan_block *block = &f.plan.blocks[b];
        for (uint32_t j = 0; j < 4; j++) {
            uint32_t word = f.plan.tools.pool[(b * 4 + j) % 9], times = 0;
            taken[word]++;
            for (uint32_t i = 0; i < block->n_out; i++)
                if (out_word(&f, block, i) == word)
                    times = i < block->n_positive ? 4 : f.plan.times[block->out + i];
            CHECK(times > 0);
        }
    }
    for (size_t w = 0; w < N_WORDS; w++)
        CHECK(taken[w] == 16 * drawn[w]);
    release_fixture(&f);
}

/* Every row that a block uses is listed once, for its owner, and no later than the block. */
static void test_rows_are_listed_once(void)
{
    struct fixture f;
    bool listed[2 * N_WORDS] = {false};
    make_fixture(&f, 3, 0, 0, N_TOKENS);
    CHECK(f.plan.owner_begin[0] == 0 &&
          f.plan.owner_begin[layout_owners(&f.objective.layout)] == f.plan.n_rows);
    for (size_t o = 0; o < layout_owners(&f.objective.layout); o++)
        for (size_t i = f.plan.owner_begin[o]; i < f.plan.owner_begin[o + 1]; i++) {
            const struct plan_touch touch = f.plan.touched[i];
            CHECK(layout_owner(&f.objective.layout, touch.row) == o && touch.row < 2 * N_WORDS);
            CHECK(f.plan.rows[touch.index] == touch.row);
            CHECK(!listed[touch.row]);
            listed[touch.row] = true;
        }
    for (size_t i = 0; i < f.plan.n_rows; i++)
        CHECK(listed[f.plan.rows[i]]);
    for (size_t b = 0; b < f.plan.n_blocks; b++) {
        const struct plan_block *block = &f.plan.blocks[b];
        for (uint32_t i = 0; i < block->n_in; i++)
            CHECK(f.plan.in[block->in + i] < block->rows_end && in_word(&f, block, i) < N_WORDS);
        for (uint32_t j = 0; j < block->n_out; j++)
            CHECK(f.plan.out[block->out + j] < block->rows_end && out_word(&f, block, j) < N_WORDS);
        CHECK(b == 0 || block->rows_end >= f.plan.blocks[b - 1].rows_end);
        CHECK(block->rows_end <= f.plan.n_rows);
    }
    release_fixture(&f);
}

/* The blocks of a wide window have each of its contexts once, and no more than they may. */
static void test_wide_windows_are_cut(void)
{
    enum { MOST = 4 };
    struct fixture f;
    make_fixture(&f, 1, 0, 0, N_TOKENS);
    const size_t n_windows = f.plan.n_blocks;
    f.objective.most_contexts = MOST;
    CHECK(plan_build(&f.plan, &f.corpus, &f.objective, &f.options, 0, N_TOKENS, 0, 0, NULL) ==
          W2V_OK);
    CHECK(f.plan.n_centres == n_windows && f.plan.n_blocks > n_windows);
    size_t b = 0;
    for (size_t c = 0; c < f.plan.n_centres; c++) {
        const struct plan_centre *centre = &f.plan.centres[c];
        uint32_t at = centre->begin, n = 0;
        for (; b < f.plan.n_blocks && f.plan.blocks[b].first_centre == c; b++) {
            const struct plan_block *block = &f.plan.blocks[b];
            const struct plan_contexts contexts = plan_contexts(block, centre);
            CHECK(block->n_centres == 1 && contexts.n <= MOST);
            CHECK(contexts.begin == at && contexts.end == block->end);
            for (uint32_t p = contexts.begin; p < contexts.end; p++)
                CHECK(p == centre->place ||
                      in_word(&f, block, f.plan.place_input[block->inputs + p - block->begin]) ==
                          f.plan.kept[p]);
            at = contexts.end;
            n += contexts.n;
        }
        CHECK(at == centre->end && n == centre->end - centre->begin - 1);
    }
    CHECK(b == f.plan.n_blocks);
    release_fixture(&f);
}

/* A block of hierarchical softmax has each node above its centre once, sorted by side. */
static void test_outputs_are_the_nodes_above(void)
{
    struct fixture f;
    make_fixture_of(&f, W2V_HIERARCHICAL, 1, 0, 0, N_TOKENS);
    CHECK(f.plan.n_blocks == N_TOKENS);
    for (size_t b = 0; b < f.plan.n_blocks; b++) {
        const struct plan_block *block = &f.plan.blocks[b];
        uint32_t n = 0;
        for (uint32_t at = CORPUS_ID(ids[b]); at != tree_root(&f.tree);
             at = tree_above(&f.tree, at), n++) {
            uint32_t j = 0;
            while (j < block->n_out && out_word(&f, block, j) != tree_node(&f.tree, at))
                j++;
            CHECK(j < block->n_out && (j < block->n_positive) == (tree_side(&f.tree, at) == 1));
        }
        CHECK(n == block->n_out && n <= f.tree.longest);
        CHECK(block->rows_end <= f.plan.n_rows);
    }
    release_fixture(&f);
}

/* ---- The step ---- */

/* The two matrices in double, and the objective of a block by step.h, written independently. */
struct matrices {
    double in[N_WORDS][DIM], out[N_WORDS][DIM];
};

static double pair_loss(const double *in, const double *out, bool positive)
{
    double x = 0;
    for (size_t k = 0; k < DIM; k++)
        x += in[k] * out[k];
    return log1p(exp(positive ? -x : x));
}

/* The factor of the rate at which the contexts of a CBOW window move, by step.h. */
static double contexts_rate(const struct fixture *f, const struct plan_centre *centre)
{
    const double n = (double)(centre->end - centre->begin) - 1;
    double share[N_WORDS] = {0}, squares = 0;
    for (uint32_t p = centre->begin; p < centre->end; p++)
        if (p != centre->place)
            share[f->plan.kept[p]] += 1 / n;
    for (size_t w = 0; w < N_WORDS; w++)
        squares += share[w] * share[w];
    return n > 0 ? fmin(fmax(sqrt(n), n / 2.0), 1 / squares) : 0;
}

/* CBOW: if `moving`, each window counts as often as its contexts_rate. */
static double objective(const struct fixture *f, const struct plan_block *block,
                        const struct matrices *m, bool cbow, bool moving)
{
    const struct plan *plan = &f->plan;
    double loss = 0;
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &plan->centres[c];
        uint32_t word = plan->kept[centre->place];
        uint32_t n = centre->end - centre->begin - 1;
        double mean[DIM] = {0};
        for (uint32_t p = centre->begin; p < centre->end; p++)
            for (size_t k = 0; k < DIM && p != centre->place; k++)
                mean[k] += m->in[plan->kept[p]][k] / n;
        bool done = false; /* CBOW has one prediction a window */
        for (uint32_t p = centre->begin; p < centre->end; p++) {
            if (p == centre->place || (cbow && done))
                continue;
            done = true;
            const double *in = cbow ? mean : m->in[plan->kept[p]];
            const double times = cbow && moving ? contexts_rate(f, centre) : 1;
            if (f->objective.kind == &hierarchical_objective) {
                for (uint32_t at = word; at != tree_root(&f->tree); at = tree_above(&f->tree, at))
                    loss += times * pair_loss(in, m->out[tree_node(&f->tree, at)],
                                              tree_side(&f->tree, at) == 1);
                continue;
            }
            loss += times * pair_loss(in, m->out[word], true);
            for (uint32_t j = block->n_positive; j < block->n_out; j++)
                loss += times * 5.0 / 4 * plan->times[block->out + j] *
                        pair_loss(in, m->out[out_word(f, block, j)], false);
        }
    }
    return loss;
}

static void check_step(const struct kernel *kernel, enum w2v_loss kind, bool cbow)
{
    static _Alignas(64) float rows[2 * N_WORDS][PADDED];
    struct fixture f;
    struct step step;
    struct matrices m;
    double gradient_seen = 0;
    make_fixture_of(&f, kind,
                    kind == W2V_HIERARCHICAL ? 1
                    : cbow                   ? OBJECTIVE_MOST_WINDOWS
                                             : 8,
                    0, 0, N_TOKENS);
    step_init(&step, kernel, &f.objective);
    for (size_t b = 0; b < f.plan.n_blocks; b++) {
        const struct plan_block *block = &f.plan.blocks[b];
        float *in[64], *out[64];
        memset(rows, 0, sizeof rows);
        for (size_t w = 0; w < N_WORDS; w++)
            for (size_t k = 0; k < DIM; k++) {
                rows[w][k] = (float)(rng_at(1, b * 1000 + w * 10 + k) >> 40) / 8388608.0f - 1;
                rows[N_WORDS + w][k] =
                    (float)(rng_at(2, b * 1000 + w * 10 + k) >> 40) / 8388608.0f - 1;
                m.in[w][k] = (double)rows[w][k];
                m.out[w][k] = (double)rows[N_WORDS + w][k];
            }
        for (uint32_t i = 0; i < block->n_in; i++)
            in[i] = rows[in_word(&f, block, i)];
        for (uint32_t j = 0; j < block->n_out; j++)
            out[j] = rows[N_WORDS + out_word(&f, block, j)];
        struct step_result result;
        int status =
            (cbow ? step_cbow : step_skipgram)(&step, &f.plan, block, in, out, RATE, &result, NULL);
        CHECK(status == W2V_OK);
        double loss = objective(&f, block, &m, cbow, false), h = 1e-5;
        CHECK_MSG(fabs(result.loss - loss) <= 1e-5 * (1 + loss), "loss %g, not %g", result.loss,
                  loss);
        uint64_t pairs = 0;
        for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
            uint32_t n = f.plan.centres[c].end - f.plan.centres[c].begin - 1;
            pairs += cbow ? n > 0 : n;
        }
        CHECK(result.n_predictions == pairs);
        for (size_t w = 0; w < 2 * N_WORDS; w++)
            for (size_t k = 0; k < PADDED; k++) {
                if (k >= DIM) {
                    CHECK(rows[w][k] == 0); /* padding stays zero */
                    continue;
                }
                const bool is_in = w < N_WORDS;
                double *x = is_in ? &m.in[w][k] : &m.out[w - N_WORDS][k], old = *x;
                *x = old + h;
                double up = objective(&f, block, &m, cbow, is_in);
                *x = old - h;
                double slope = (up - objective(&f, block, &m, cbow, is_in)) / (2 * h);
                *x = old;
                double moved = ((double)rows[w][k] - old) / -(double)RATE;
                gradient_seen += fabs(slope);
                CHECK_MSG(fabs(moved - slope) <= 2e-5 * (1 + fabs(slope)),
                          "%s, block %zu, row %zu, element %zu: moved by %g, gradient %g",
                          kernel->name, b, w, k, moved, slope);
            }
    }
    CHECK(gradient_seen > 10);
    step_release(&step);
    release_fixture(&f);
}

/* By step.h: rate x weight x falling slope of input i and output j, for negative sampling. */
static double slope_of(const struct fixture *f, const struct plan_block *block,
                       const float (*rows)[PADDED], uint32_t i, uint32_t j)
{
    const struct plan *plan = &f->plan;
    const uint32_t in = in_word(f, block, i), out = out_word(f, block, j);
    double x = 0, sum = 0;
    for (size_t k = 0; k < DIM; k++)
        x += (double)rows[in][k] * (double)rows[N_WORDS + out][k];
    for (uint32_t c = block->first_centre; c < block->first_centre + block->n_centres; c++) {
        const struct plan_centre *centre = &plan->centres[c];
        for (uint32_t p = centre->begin; p < centre->end; p++)
            if (p == centre->place || plan->kept[p] != in)
                continue;
            else if (j >= block->n_positive)
                sum -= 5.0 / 4 * plan->times[block->out + j] / (1 + exp(-x));
            else if (plan->kept[centre->place] == out)
                sum += 1 / (1 + exp(x));
    }
    return (double)RATE * sum;
}

/* A step with attraction moves contexts as far as one without, and by the sum in step.h. */
static void test_contexts_attract(void)
{
    static _Alignas(64) float rows[3][2 * N_WORDS][PADDED]; /* old; moved without, and with it */
    struct fixture f;
    double seen = 0;
    make_fixture_of(&f, W2V_NEGATIVE, 3, 0, 0, N_TOKENS);
    for (uint32_t b = 0; b < f.plan.n_blocks; b++) {
        const struct plan_block *block = &f.plan.blocks[b];
        for (size_t w = 0; w < 2 * N_WORDS; w++)
            for (size_t k = 0; k < DIM; k++)
                for (size_t i = 0; i < 3; i++)
                    rows[i][w][k] =
                        (float)(rng_at(3, b * 1000 + w * 10 + k) >> 40) / 8388608.0f - 1;
        for (size_t with = 0; with < 2; with++) {
            struct step step;
            struct step_result result;
            float *in[64], *out[64];
            for (uint32_t i = 0; i < block->n_in; i++)
                in[i] = rows[1 + with][in_word(&f, block, i)];
            for (uint32_t j = 0; j < block->n_out; j++)
                out[j] = rows[1 + with][N_WORDS + out_word(&f, block, j)];
            f.objective.attracts = with;
            step_init(&step, kernel_choose(NULL, NULL), &f.objective);
            CHECK(step_skipgram(&step, &f.plan, block, in, out, RATE, &result, NULL) == W2V_OK);
            step_release(&step);
        }
        CHECK(memcmp(rows[1][N_WORDS], rows[2][N_WORDS], sizeof rows[1] / 2) == 0); /* outputs */
        for (uint32_t i = 0; i < block->n_in; i++)
            for (size_t k = 0; k < DIM; k++) {
                const uint32_t word = in_word(&f, block, i);
                const double more = (double)rows[2][word][k] - (double)rows[1][word][k];
                double sum = 0;
                for (uint32_t other = 0; other < block->n_in; other++)
                    for (uint32_t j = 0; j < block->n_out && other != i; j++)
                        sum += slope_of(&f, block, rows[0], i, j) *
                               slope_of(&f, block, rows[0], other, j) / 2 *
                               (double)rows[0][in_word(&f, block, other)][k];
                CHECK_MSG(fabs(more - sum) < 1e-6, "block %u, element %zu: %g, not %g", b, k, more,
                          sum);
                seen += fabs(sum);
            }
    }
    CHECK(seen > 0.05);
    release_fixture(&f);
}

static void check_step_of_all_tables(enum w2v_loss kind, bool cbow)
{
    const struct kernel *kernel;
    bool runs;
    for (size_t i = 0; (kernel = kernel_table(i, &runs)) != NULL; i++)
        if (runs)
            check_step(kernel, kind, cbow);
}

static void test_skipgram_follows_the_gradient(void)
{
    check_step_of_all_tables(W2V_NEGATIVE, false);
}

static void test_cbow_follows_the_gradient(void)
{
    check_step_of_all_tables(W2V_NEGATIVE, true);
}

static void test_tree_follows_the_gradient(void)
{
    check_step_of_all_tables(W2V_HIERARCHICAL, false);
    check_step_of_all_tables(W2V_HIERARCHICAL, true);
}

int main(void)
{
    TEST(test_every_token_is_a_centre_once);
    TEST(test_windows_stay_in_their_line);
    TEST(test_reaches_are_even);
    TEST(test_block_rows_are_distinct);
    TEST(test_subsampling_is_by_position);
    TEST(test_blocks_share_the_pool);
    TEST(test_rows_are_listed_once);
    TEST(test_skipgram_follows_the_gradient);
    TEST(test_contexts_attract);
    TEST(test_cbow_follows_the_gradient);
    TEST(test_wide_windows_are_cut);
    TEST(test_outputs_are_the_nodes_above);
    TEST(test_tree_follows_the_gradient);
    return test_end();
}
