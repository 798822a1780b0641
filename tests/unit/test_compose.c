/*
 * train/compose: the parts of words; composed rows, to the bit; the moves of a round compared with
 * the numeric gradient; the bound on the load of composed rows.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "test.h"
#include "train/compose.h"
#include "train/step.h"

enum { MOST_WORDS = 400, MOST_BYTES = 40, DIM = 6, BUCKETS = 1000 };

/* The rate is so low that a step is one update. */
#define RATE 0.0009765625f

struct world {
    struct vocab vocab;
    char bytes[MOST_WORDS * MOST_BYTES];
    uint64_t offset[MOST_WORDS + 1], count[MOST_WORDS];
    struct subwords subwords;
    struct compose compose;
    struct rows rows;
};

static void add_word(struct world *w, const char *word)
{
    const size_t id = w->vocab.n_words++, n = strlen(word);
    memcpy(w->bytes + w->offset[id], word, n);
    w->offset[id + 1] = w->offset[id] + n;
    w->count[id] = 10;
    w->vocab.total += 10;
}

static void begin_world(struct world *w, uint32_t buckets)
{
    *w = (struct world){.subwords = {3, 6, buckets}};
    w->vocab.bytes = w->bytes;
    w->vocab.offset = w->offset;
    w->vocab.count = w->count;
}

static void end_world(struct world *w, uint64_t seed)
{
    struct layout layout = layout_of(w->vocab.n_words, W2V_NEGATIVE, DIM);
    CHECK(compose_init(&w->compose, &kernel_scalar, &w->subwords, &w->vocab, &layout, NULL) ==
          W2V_OK);
    layout.n_parts = compose_n_parts(&w->compose);
    CHECK(rows_init(&w->rows, &kernel_scalar, &layout, NULL) == W2V_OK);
    for (size_t r = 0; r < layout_rows(&layout); r++)
        for (size_t k = 0; k < DIM; k++)
            rows_master(&w->rows, r)[k] = (float)(int64_t)rng_at(seed, r * DIM + k) * 0x1p-63f;
}

static void release_world(struct world *w)
{
    compose_release(&w->compose);
    rows_release(&w->rows);
}

/* ---- Which parts ---- */

struct seen {
    const struct compose *compose;
    const uint32_t *part;
    size_t n_ngrams; /* seen so far */
};

static void compare_part(void *context, uint32_t bucket)
{
    struct seen *seen = context;
    const struct compose *compose = seen->compose;
    const size_t ngram = *seen->part++ - compose->n_words;
    size_t i = 0;
    while (i < compose->n_ngrams && compose->buckets[i] != bucket)
        i++;
    CHECK(i < compose->n_ngrams && compose->ngrams[i] == ngram);
    CHECK(ngram <= seen->n_ngrams); /* a new one has the next number */
    seen->n_ngrams += ngram == seen->n_ngrams;
}

static void test_parts_are_those_of_fasttext(void)
{
    static const char *const words[] = {"walking",      "walked", "a",
                                        "na\xc3\xafve", "</s>",   "aaaaaaa"};
    struct world w;
    begin_world(&w, BUCKETS);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        add_word(&w, words[i]);
    end_world(&w, 1);
    struct seen seen = {.compose = &w.compose};
    for (size_t id = 0; id < w.vocab.n_words; id++) {
        const uint32_t *part = w.compose.part + w.compose.first[id];
        size_t n;
        const char *word = vocab_word(&w.vocab, id, &n);
        CHECK(*part == id);
        seen.part = part + 1;
        subword_visit(&w.subwords, word, n, compare_part, &seen);
        CHECK(seen.part == w.compose.part + w.compose.first[id + 1]);
    }
    CHECK(seen.n_ngrams == w.compose.n_ngrams);
    CHECK(w.compose.first[5] - w.compose.first[4] == 1); /* "</s>" has no n-grams */
    for (size_t i = 1; i < w.compose.n_ngrams; i++)
        CHECK(w.compose.buckets[i - 1] < w.compose.buckets[i]);
    size_t n_ngrams;
    uint64_t n_bytes;
    uint64_t of_one, of_two;
    CHECK(compose_measure(&w.subwords, &w.vocab, DIM, 0, &n_ngrams, &n_bytes, NULL) == W2V_OK);
    CHECK(n_ngrams == w.compose.n_ngrams && n_bytes > compose_n_parts(&w.compose) * DIM * 4);
    const size_t *first = w.compose.first, n_words = w.vocab.n_words;
    size_t longest = 0;
    for (size_t id = 0; id < n_words; id++)
        longest = first[id + 1] - first[id] > longest ? first[id + 1] - first[id] : longest;
    CHECK(compose_measure(&w.subwords, &w.vocab, DIM, 1, &n_ngrams, &of_one, NULL) == W2V_OK);
    CHECK(compose_measure(&w.subwords, &w.vocab, DIM, 2, &n_ngrams, &of_two, NULL) == W2V_OK);
    CHECK(of_one >= n_bytes + 20 * longest && of_one <= n_bytes + 60 * longest);
    CHECK(of_two > of_one && of_two <= n_bytes + 30 * first[n_words]);
    release_world(&w);
}

/* The sum of the parts in their order, times the float nearest to 1 / n. */
static void test_rows_are_composed_to_the_bit(void)
{
    struct world w;
    begin_world(&w, 7); /* so few buckets that a word has some of them twice */
    add_word(&w, "internationalization");
    add_word(&w, "no");
    end_world(&w, 2);
    for (size_t id = 0; id < 2; id++) {
        const size_t begin = w.compose.first[id], n = w.compose.first[id + 1] - begin;
        float expected[DIM] = {0};
        for (size_t i = 0; i < n; i++)
            for (size_t k = 0; k < DIM; k++)
                expected[k] += compose_part(&w.rows, w.compose.part[begin + i])[k];
        for (size_t k = 0; k < DIM; k++)
            expected[k] *= (float)(1.0 / (double)n);
        compose_row(&w.compose, &w.rows, id);
        CHECK(memcmp(rows_master(&w.rows, id), expected, sizeof expected) == 0);
    }
    release_world(&w);
}

/* ---- A round ---- */

struct round {
    struct sampler sampler;
    struct objective objective;
    struct corpus corpus;
    struct plan plan;
};

/* Plans `n` tokens for one shard, as one block. */
static void plan_round(struct round *r, struct world *w, uint32_t *ids, size_t n)
{
    const struct w2v_train_options options = {.window = 4, .negative = 5, .seed = 3};
    const struct plan_options plan = {.window = 4};
    *r = (struct round){.corpus = {.vocab = w->vocab, .ids = ids, .n_tokens = n}};
    ids[n - 1] |= CORPUS_LINE_END;
    CHECK(sampler_init(&r->sampler, &w->vocab, 0, 0.75, NULL) == W2V_OK);
    objective_init(&r->objective, &options, &w->rows.layout, &r->corpus, &r->sampler, NULL);
    r->objective.block_windows = (unsigned)n;
    r->objective.kind->loads(&r->objective, w->rows.load);
    compose_loads(&w->compose, &w->rows, &r->objective);
    CHECK(plan_build(&r->plan, &r->corpus, &r->objective, &plan, 0, n, 0, 0, NULL) == W2V_OK);
    CHECK(r->plan.n_blocks == 1);
}

static void gather_round(struct round *r, struct world *w)
{
    for (size_t o = 0; o < layout_owners(&w->rows.layout); o++) {
        CHECK(compose_gather(&w->compose, &w->rows, o, &r->plan, 1, NULL) == W2V_OK);
        CHECK(rows_claim(&w->rows, o, &r->plan, 1, NULL) == W2V_OK);
    }
}

static void train_round(struct round *r, struct world *w)
{
    const struct plan_block *block = r->plan.blocks;
    float *in[64], *out[64];
    struct step step;
    struct step_result result;
    step_init(&step, &kernel_scalar, &r->objective);
    CHECK(block->n_in <= 64 && block->n_out <= 64);
    CHECK(rows_place(&w->rows, 0, &r->plan, NULL) == W2V_OK && r->plan.n_contested == 0);
    for (uint32_t i = 0; i < block->n_in; i++)
        in[i] = r->plan.trained_at[r->plan.in[block->in + i]];
    for (uint32_t j = 0; j < block->n_out; j++)
        out[j] = r->plan.trained_at[r->plan.out[block->out + j]];
    CHECK(step_skipgram(&step, &r->plan, block, in, out, RATE, &result, NULL) == W2V_OK);
    step_release(&step);
}

static void scatter_round(struct round *r, struct world *w, double reach)
{
    for (size_t o = 0; o < layout_owners(&w->rows.layout); o++) {
        rows_merge(&w->rows, o, &r->plan, 1, reach, 1);
        compose_moves(&w->compose, &w->rows, o, &r->plan, 1);
    }
    for (size_t o = 0; o < layout_owners(&w->rows.layout); o++)
        CHECK(compose_scatter(&w->compose, &w->rows, o, reach, 1, NULL) == W2V_OK);
}

enum { SIMILAR_TOKENS = 12 };

/* Begins a round of words that share n-grams. */
static void begin_similar(struct round *r, struct world *w, uint32_t *ids, uint64_t key)
{
    static const char *const words[] = {"walking", "walked", "talking",
                                        "talked",  "king",   "aaaaaaaa"};
    enum { V = sizeof words / sizeof *words };
    begin_world(w, 40);
    for (size_t i = 0; i < V; i++)
        add_word(w, words[i]);
    end_world(w, key);
    for (size_t i = 0; i < SIMILAR_TOKENS; i++)
        ids[i] = (uint32_t)(i * 5 % V);
    plan_round(r, w, ids, SIMILAR_TOKENS);
    gather_round(r, w);
}

static void release_round(struct round *r)
{
    plan_release(&r->plan);
    sampler_release(&r->sampler);
}

static double softplus(double x)
{
    return x > 30 ? x : log1p(exp(x));
}

/* The loss of the round's pairs if component k of word `of` is larger by `more`. */
static double loss_of(const struct round *r, const struct world *w, double (*x)[DIM], size_t of,
                      size_t k, double more)
{
    const struct plan *plan = &r->plan;
    const struct plan_block *block = plan->blocks;
    double loss = 0, dot;
    x[of][k] += more;
    for (size_t c = 0; c < plan->n_centres; c++)
        for (uint32_t at = plan->centres[c].begin; at < plan->centres[c].end; at++) {
            const uint32_t word = plan->kept[at];
            for (uint32_t j = 0; j < block->n_out && at != plan->centres[c].place; j++) {
                const float *y = rows_master(&w->rows, plan->rows[plan->out[block->out + j]]);
                const double each = (double)r->objective.negative / r->objective.block_negatives *
                                    plan->times[block->out + j];
                dot = 0;
                for (size_t i = 0; i < DIM; i++)
                    dot += x[word][i] * (double)y[i];
                if (j == plan->centres[c].out)
                    loss += softplus(-dot);
                else if (j >= block->n_positive)
                    loss += each * softplus(dot);
            }
        }
    x[of][k] -= more;
    return loss;
}

/*
 * Each part moves by the sum of -rate x gradient of the means over the words that have it, without
 * the factor 1 / n of a mean.
 */
static void test_parts_move_by_the_gradient(void)
{
    static double x[MOST_WORDS][DIM];
    const double tiny = 1e-5;
    struct world w;
    struct round r;
    uint32_t ids[SIMILAR_TOKENS];
    begin_similar(&r, &w, ids, 4);
    const size_t n_words = w.compose.n_words, n_parts = compose_n_parts(&w.compose);
    float *before = calloc(n_parts * DIM, sizeof *before);
    double *expected = calloc(n_parts * DIM, sizeof *expected);
    for (size_t p = 0; p < n_parts; p++)
        memcpy(before + p * DIM, compose_part(&w.rows, p), DIM * sizeof *before);
    for (size_t id = 0; id < n_words; id++)
        for (size_t k = 0; k < DIM; k++)
            x[id][k] = (double)rows_master(&w.rows, id)[k];
    for (size_t id = 0; id < n_words; id++) {
        const size_t first = w.compose.first[id], n = w.compose.first[id + 1] - first;
        for (size_t i = first; i < first + n; i++)
            for (size_t k = 0; k < DIM; k++)
                expected[w.compose.part[i] * DIM + k] -=
                    (double)RATE * (double)n *
                    (loss_of(&r, &w, x, id, k, tiny / (double)n) -
                     loss_of(&r, &w, x, id, k, -tiny / (double)n)) /
                    (2 * tiny);
    }
    train_round(&r, &w);
    scatter_round(&r, &w, 0);
    for (size_t p = 0; p < n_parts; p++)
        for (size_t k = 0; k < DIM; k++) {
            const double move = (double)(compose_part(&w.rows, p)[k] - before[p * DIM + k]);
            CHECK_MSG(fabs(move - expected[p * DIM + k]) <= 1e-5 + 1e-3 * fabs(move),
                      "part %zu: moved by %g, not %g", p, move, expected[p * DIM + k]);
        }
    free(before);
    free(expected);
    release_round(&r);
    release_world(&w);
}

/* If words move far more than expected, each part moves by the mean of their moves, not by the sum. */
static void test_far_moves_are_averaged(void)
{
    static float before[MOST_WORDS][DIM];
    struct world w;
    struct round r;
    uint32_t ids[SIMILAR_TOKENS];
    begin_similar(&r, &w, ids, 6);
    const size_t n_words = w.compose.n_words, n_parts = compose_n_parts(&w.compose);
    double *goal = calloc(n_parts * DIM, sizeof *goal), *n = calloc(n_parts, sizeof *n), most = 0;
    for (size_t id = 0; id < n_words; id++)
        memcpy(before[id], rows_master(&w.rows, id), sizeof before[id]);
    train_round(&r, &w);
    for (size_t id = 0; id < n_words; id++)
        for (size_t i = w.compose.first[id]; i < w.compose.first[id + 1]; i++) {
            const uint32_t part = w.compose.part[i];
            n[part]++;
            most = n[part] > most ? n[part] : most;
            for (size_t k = 0; k < DIM; k++)
                goal[part * DIM + k] += (double)(rows_master(&w.rows, id)[k] - before[id][k]);
        }
    CHECK(most > 2);
    for (size_t p = 0; p < n_parts; p++)
        for (size_t k = 0; k < DIM; k++)
            goal[p * DIM + k] = (double)compose_part(&w.rows, p)[k] + goal[p * DIM + k] / n[p];
    for (size_t i = 0; i < r.plan.n_rows; i++)
        r.plan.weight[i] = 1e9F;
    scatter_round(&r, &w, 0);
    for (size_t p = 0; p < n_parts; p++)
        for (size_t k = 0; k < DIM; k++)
            CHECK(fabs((double)compose_part(&w.rows, p)[k] - goal[p * DIM + k]) < 1e-5);
    free(goal);
    free(n);
    release_round(&r);
    release_world(&w);
}

/* A word that shares no n-gram with other words moves as it would without subwords. */
static void test_a_lone_word_moves_as_its_row(void)
{
    enum { V = 3, N = 9 };
    struct world w;
    struct round r;
    uint32_t ids[N];
    float trained[V][DIM];
    begin_world(&w, 100000000);
    add_word(&w, "xylophone");
    add_word(&w, "cat");
    add_word(&w, "mud");
    end_world(&w, 5);
    for (size_t i = 0; i < N; i++)
        ids[i] = (uint32_t)(i % V);
    plan_round(&r, &w, ids, N);
    gather_round(&r, &w);
    train_round(&r, &w);
    for (size_t id = 0; id < V; id++)
        memcpy(trained[id], rows_master(&w.rows, id), sizeof trained[id]);
    scatter_round(&r, &w, 0);
    gather_round(&r, &w);
    for (size_t id = 0; id < V; id++)
        for (size_t k = 0; k < DIM; k++)
            CHECK(fabsf(trained[id][k] - rows_master(&w.rows, id)[k]) < 1e-6f);
    release_round(&r);
    release_world(&w);
}

/* ---- The bound ---- */

/* Words of a few syllables. With only one syllable they are all similar. */
static void draw_words(struct world *w, uint64_t key, uint32_t n_syllables)
{
    static const char *const syllables[] = {"ing", "ed", "ka", "tion", "o", "berg", "sch", "ly"};
    const size_t n_words = 1 + rng_below((uint32_t)rng_at(key, 0), MOST_WORDS - 1);
    uint64_t draw = 1;
    begin_world(w, 1 + rng_below((uint32_t)rng_at(key, draw++), 3000));
    for (size_t id = 0; id < n_words; id++) {
        char word[MOST_BYTES], *at = word;
        for (uint32_t n = 1 + rng_below((uint32_t)rng_at(key, draw++), 6); n > 0; n--)
            at += snprintf(at, 8, "%s",
                           syllables[rng_below((uint32_t)rng_at(key, draw++), n_syllables)]);
        add_word(w, word);
    }
    end_world(w, key);
    for (size_t id = 0; id < n_words; id++)
        w->rows.load[id] = (float)(rng_at(key, draw++) >> 40) * 0x1p-24f;
}

static void test_no_word_is_moved_beyond_the_bound(void)
{
    for (uint64_t round = 0; round < 200; round++) {
        struct world w;
        draw_words(&w, rng_key(9, round), 1 + (uint32_t)(round % 8));
        compose_loads(&w.compose, &w.rows, &(struct objective){.model = W2V_SKIPGRAM});
        const struct compose *c = &w.compose;
        double *load = calloc(compose_n_parts(c), sizeof *load), most = 0;
        const double reach = 0.01 * (double)(1u << round % 16);
        for (size_t id = 0; id < c->n_words; id++)
            for (size_t i = c->first[id]; i < c->first[id + 1]; i++)
                load[c->part[i]] += reach * (double)w.rows.load[id];
        for (size_t id = 0; id < c->n_words; id++) {
            double sum = 0, full = 0;
            for (size_t i = c->first[id]; i < c->first[id + 1]; i++) {
                const double scale = (double)compose_scale(compose_state(c, c->part[i]), reach);
                sum += scale * load[c->part[i]];
                full += load[c->part[i]];
            }
            const double n = (double)(c->first[id + 1] - c->first[id]);
            CHECK_MSG(sum / n <= COMPOSE_MOST_LOAD * 1.00001, "a load of %g", sum / n);
            most = full / n > most ? full / n : most;
        }
        for (size_t p = 0; p < compose_n_parts(c) && most < COMPOSE_MOST_LOAD * 0.99999; p++)
            CHECK(compose_scale(compose_state(c, p), reach) >= 1);
        free(load);
        release_world(&w);
    }
}

/*
 * In CBOW a part that all words have is in all n contexts of a window, so it counts n times. The mean
 * of the window has a bound of its own.
 */
static void test_the_mean_of_a_window_is_bounded(void)
{
    struct world w;
    const struct objective cbow = {.model = W2V_CBOW, .contexts = 6, .losses = 6};
    const double every = objective_speed(6) / 6 * 6; /* the load of a word that is every context */
    begin_world(&w, 1);                              /* all n-grams are one part */
    add_word(&w, "one");
    add_word(&w, "two");
    end_world(&w, 1);
    w.rows.load[0] = w.rows.load[1] = (float)(every / 2);
    compose_loads(&w.compose, &w.rows, &cbow);
    /* <one> and <two> have the own row and 6 n-grams. Each of the words is half of the contexts. */
    const double own = every / 2 * (1 + 5.0 / 2), shared = every * 6 * (1 + 5.0 * 6);
    const double of_word = (own + 6 * shared) / 7, want = COMPOSE_MOST_MEAN_LOAD / (6 * of_word);
    CHECK(w.compose.first[1] == 7);
    for (size_t p = 0; p < compose_n_parts(&w.compose); p++)
        CHECK(fabs((double)compose_scale(compose_state(&w.compose, p), 1) / want - 1) < 1e-6);
    release_world(&w);
}

int main(void)
{
    TEST(test_the_mean_of_a_window_is_bounded);
    TEST(test_parts_are_those_of_fasttext);
    TEST(test_rows_are_composed_to_the_bit);
    TEST(test_parts_move_by_the_gradient);
    TEST(test_far_moves_are_averaged);
    TEST(test_a_lone_word_moves_as_its_row);
    TEST(test_no_word_is_moved_beyond_the_bound);
    return test_end();
}
