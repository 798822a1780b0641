/*
 * train/whole_line: contexts drawn from whole lines. Each centre has the right number of contexts,
 * from its line, and no word twice. Each pair of words of a line meets equally often, whatever
 * their distance, and no place in the line is preferred. Where the stretches are cut does not
 * matter. Each is checked with lines from 1 to 3,000 words, longer and shorter than the windows.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "test.h"
#include "train/objective.h"
#include "train/whole_line.h"

enum { MOST_TOKENS = 20000 };

/* A corpus with lines of given lengths. Every token is another word, so a word tells its place. */
struct fixture {
    uint32_t ids[MOST_TOKENS];
    uint64_t counts[MOST_TOKENS];
    size_t first[MOST_TOKENS], last[MOST_TOKENS]; /* for each token, the line that it is in */
    struct corpus corpus;
    struct sampler sampler;
    struct plan plan;
};

static struct fixture *make_fixture(const size_t *lengths, size_t n_lines, double sample)
{
    struct fixture *f = calloc(1, sizeof *f);
    size_t n = 0;
    for (size_t line = 0; line < n_lines; line++) {
        const size_t first = n, last = n + lengths[line];
        for (; n < last; n++) {
            f->ids[n] = (uint32_t)n;
            f->counts[n] = 1;
            f->first[n] = first;
            f->last[n] = last;
        }
        f->ids[n - 1] |= CORPUS_LINE_END;
    }
    f->corpus = (struct corpus){.ids = f->ids, .n_tokens = n};
    f->corpus.vocab.n_words = n;
    f->corpus.vocab.count = f->counts;
    f->corpus.vocab.total = n;
    CHECK(sampler_init(&f->sampler, &f->corpus.vocab, sample, 0.75, NULL) == W2V_OK);
    return f;
}

static void release_fixture(struct fixture *f)
{
    sampler_release(&f->sampler);
    plan_release(&f->plan);
    free(f);
}

static void plan_stretch(struct fixture *f, unsigned window, uint64_t epoch, size_t begin,
                         size_t end)
{
    f->plan.n_kept = f->plan.n_centres = 0;
    CHECK(whole_line_centres(&f->plan, &f->corpus, &f->sampler, window, 7, epoch, begin, end,
                             NULL) == W2V_OK);
}

static const size_t lengths[] = {1, 2, 3,  4,  5, 6,   7, 11,  1,  50,  200,
                                 8, 9, 10, 49, 1, 300, 3, 999, 12, 3000};

enum { N_LINES = sizeof lengths / sizeof *lengths };

/* How many tokens in the line of a token are kept in the epoch, by a plan of the whole corpus. */
static size_t kept_in_line(const unsigned char *kept, const struct fixture *f, size_t token)
{
    size_t n = 0;
    for (size_t i = f->first[token]; i < f->last[token]; i++)
        n += kept[i];
    return n;
}

static void check_contexts(const struct fixture *f, unsigned window, const unsigned char *kept,
                           const struct plan_centre *centre, unsigned char *seen)
{
    const struct plan *plan = &f->plan;
    const size_t word = plan->kept[centre->place], n = centre->end - centre->begin - 1;
    const size_t others = kept_in_line(kept, f, word) - 1;
    CHECK(centre->begin <= centre->place && centre->place < centre->end);
    CHECK(centre->end <= plan->n_kept);
    CHECK_MSG(n == (others < window ? others : window), "%zu contexts of %zu, window %u", n, others,
              window);
    for (uint32_t place = centre->begin; place < centre->end; place++) {
        const size_t context = plan->kept[place];
        CHECK(context >= f->first[word] && context < f->last[word] && kept[context]);
        CHECK_MSG(!seen[context], "%zu is twice in the window of %zu", context, word);
        seen[context] = 1;
    }
    for (uint32_t place = centre->begin; place < centre->end; place++)
        seen[plan->kept[place]] = 0;
}

static void check_centres(unsigned window, double sample)
{
    static unsigned char kept[MOST_TOKENS], seen[MOST_TOKENS];
    struct fixture *f = make_fixture(lengths, N_LINES, sample);
    const size_t n = f->corpus.n_tokens;
    memset(kept, 0, sizeof kept);
    plan_stretch(f, window, 3, 0, n);
    CHECK(sample > 0 || f->plan.n_centres == n);
    for (size_t c = 0; c < f->plan.n_centres; c++) {
        const size_t word = f->plan.kept[f->plan.centres[c].place];
        CHECK(!kept[word]);
        kept[word] = 1;
    }
    for (size_t c = 0; c < f->plan.n_centres; c++)
        check_contexts(f, window, kept, &f->plan.centres[c], seen);
    release_fixture(f);
}

static void test_each_centre_has_its_contexts(void)
{
    static const unsigned windows[] = {1, 2, 3, 5, 10, 48, 49, 50, 300, 1000};
    for (size_t i = 0; i < sizeof windows / sizeof *windows; i++) {
        check_centres(windows[i], 0);
        check_centres(windows[i], 1e-4); /* keeps about three in five */
    }
}

/* A hash sum of the contexts of each centre; two different sets have different sums. */
static void hash_windows(const struct fixture *f, uint64_t *hash)
{
    for (size_t c = 0; c < f->plan.n_centres; c++) {
        const struct plan_centre *centre = &f->plan.centres[c];
        uint64_t sum = 0;
        for (uint32_t place = centre->begin; place < centre->end; place++)
            sum += rng_at(1, f->plan.kept[place]);
        hash[f->plan.kept[centre->place]] += sum;
    }
}

static void test_stretches_may_be_cut_anywhere(void)
{
    static uint64_t whole[MOST_TOKENS], cut[MOST_TOKENS];
    for (unsigned window = 1; window < 400; window = window * 3 + 1)
        for (int sampled = 0; sampled < 2; sampled++) {
            struct fixture *f = make_fixture(lengths, N_LINES, sampled ? 1e-4 : 0);
            const size_t n = f->corpus.n_tokens;
            memset(whole, 0, sizeof whole);
            memset(cut, 0, sizeof cut);
            plan_stretch(f, window, 0, 0, n);
            hash_windows(f, whole);
            for (size_t begin = 0, end, i = 0; begin < n; begin = end, i++) {
                end = begin + 1 + rng_below((uint32_t)rng_at(window, i), 40);
                end = end < n ? end : n;
                plan_stretch(f, window, 0, begin, end);
                hash_windows(f, cut);
            }
            CHECK_MSG(memcmp(whole, cut, sizeof whole) == 0, "window %u", window);
            release_fixture(f);
        }
}

/*
 * Counts how often each ordered pair of words meets in a line of n words, over many epochs. The
 * counts are close to a Poisson distribution, so the mean and variance of chi-square are known.
 */
static void check_pairs(size_t n, unsigned window, unsigned epochs)
{
    struct fixture *f = make_fixture(&n, 1, 0);
    unsigned *met = calloc(n * n, sizeof *met);
    const double p = (double)window / (double)(n - 1), expected = p * epochs;
    double chi = 0, near = 0, most = 0;
    for (unsigned epoch = 0; epoch < epochs; epoch++) {
        plan_stretch(f, window, epoch, 0, n);
        for (size_t c = 0; c < n; c++) {
            const struct plan_centre *centre = &f->plan.centres[c];
            for (uint32_t place = centre->begin; place < centre->end; place++)
                met[f->plan.kept[centre->place] * n + f->plan.kept[place]]++;
        }
    }
    for (size_t a = 0; a < n; a++)
        for (size_t b = 0; b < n; b++) {
            const double off = met[a * n + b] - expected;
            if (a == b)
                continue;
            chi += off * off / (expected * (1 - p));
            near += b == a + 1 || a == b + 1 ? off : 0;
            most = fabs(off) > most ? fabs(off) : most;
        }
    const double pairs = (double)(n * (n - 1)), sigma = sqrt(expected * (1 - p));
    /* The pairs of one epoch are not independent, so the variance is somewhat larger. */
    CHECK_MSG(fabs(chi / pairs - 1) < 0.1 + 8 / sqrt(pairs), "%zu words, window %u: chi %g", n,
              window, chi / pairs);
    CHECK_MSG(fabs(near) < 5 * sigma * sqrt(2.0 * (double)n), "%zu words, window %u: near by %g", n,
              window, near / sigma);
    CHECK_MSG(most < 6 * sigma, "%zu words, window %u: a pair by %g", n, window, most / sigma);
    free(met);
    release_fixture(f);
}

static void test_pairs_meet_equally_often(void)
{
    static const size_t sizes[] = {4, 5, 7, 8, 16, 30, 64, 100};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        check_pairs(sizes[i], 1, 4000);
        check_pairs(sizes[i], 2, 4000);
        if (sizes[i] > 10)
            check_pairs(sizes[i], 7, 2000);
    }
    check_pairs(600, 10, 3000);
}

/* The mean number of contexts of a centre is the expected one. */
static void test_expected_contexts(void)
{
    for (unsigned window = 1; window < 400; window = window * 3 + 1)
        for (int sampled = 0; sampled < 2; sampled++) {
            struct fixture *f = make_fixture(lengths, N_LINES, sampled ? 1e-4 : 0);
            double contexts = 0, centres = 0;
            for (unsigned epoch = 0; epoch < 20; epoch++) {
                plan_stretch(f, window, epoch, 0, f->corpus.n_tokens);
                for (size_t c = 0; c < f->plan.n_centres; c++)
                    contexts += f->plan.centres[c].end - f->plan.centres[c].begin - 1;
                centres += (double)f->plan.n_centres;
            }
            const double expected = whole_line_contexts(&f->corpus, &f->sampler, window);
            CHECK_MSG(fabs(contexts / centres - expected) < 0.02 * expected,
                      "window %u: %g, expected %g", window, contexts / centres, expected);
            release_fixture(f);
        }
}

int main(void)
{
    TEST(test_each_centre_has_its_contexts);
    TEST(test_stretches_may_be_cut_anywhere);
    TEST(test_pairs_meet_equally_often);
    TEST(test_expected_contexts);
    return test_end();
}
