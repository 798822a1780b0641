/* train/sampler: the drawn distributions are compared with those that were asked for. */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>

#include "test.h"
#include "train/sampler.h"

/* A vocabulary of n words with Zipf's counts. Members that the sampler does not read are empty. */
static struct vocab zipf(size_t n, uint64_t first)
{
    struct vocab vocab = {.n_words = n, .count = calloc(n, sizeof(uint64_t))};
    for (size_t id = 0; id < n; id++)
        vocab.total += vocab.count[id] = first / (id + 1) + 1;
    return vocab;
}

static void check_noise(size_t n, double exponent)
{
    enum { DRAWS = 400000 };
    struct vocab vocab = zipf(n, 1000000);
    struct sampler sampler;
    CHECK(sampler_init(&sampler, &vocab, 0, exponent, NULL) == W2V_OK);
    uint64_t *seen = calloc(n, sizeof *seen);
    double sum = 0, chi = 0, exact = 0, worst = 0;
    for (size_t id = 0; id < n; id++)
        sum += pow((double)vocab.count[id], exponent);
    /* Sums the exact shares in the table: that of each column and that of its alias. */
    double *share = calloc(n, sizeof *share);
    for (size_t id = 0; id < n; id++) {
        double stay = ((double)sampler.noise[id].threshold + 1) / 4294967296.0;
        share[id] += stay / (double)n;
        if (stay < 1)
            share[sampler.noise[id].alias] += (1 - stay) / (double)n;
    }
    for (size_t id = 0; id < n; id++) {
        double want = pow((double)vocab.count[id], exponent) / sum;
        exact += share[id];
        if (fabs(share[id] - want) > worst)
            worst = fabs(share[id] - want);
    }
    CHECK_MSG(worst < 1e-9 && fabs(exact - 1) < 1e-9, "n %zu: worst share off by %g", n, worst);
    for (uint64_t i = 0; i < DRAWS; i++) {
        uint32_t id = sampler_negative(&sampler, rng_at(3, i));
        CHECK(id < n);
        seen[id]++;
    }
    for (size_t id = 0; id < n; id++) {
        double want = DRAWS * share[id];
        chi += ((double)seen[id] - want) * ((double)seen[id] - want) / want;
    }
    double degrees = (double)n - 1;
    CHECK_MSG(chi < degrees + 5 * sqrt(2 * degrees + 1) + 5, "n %zu: chi squared %g", n, chi);
    free(seen);
    free(share);
    free(vocab.count);
    sampler_release(&sampler);
}

static void test_noise(void)
{
    check_noise(1, 0.75);
    check_noise(2, 0.75);
    check_noise(3, -0.5);
    check_noise(1000, 0.75);
    check_noise(1000, 0);
    check_noise(500, 1);
}

static void test_subsampling(void)
{
    enum { DRAWS = 200000 };
    struct vocab vocab = zipf(2000, 1000000);
    struct sampler sampler;
    double kept = 0;
    CHECK(sampler_init(&sampler, &vocab, 1e-3, 0.75, NULL) == W2V_OK);
    for (uint32_t id = 0; id < 2000; id++) {
        double f = (double)vocab.count[id] / (double)vocab.total;
        double keep = fmin(1, sqrt(1e-3 / f) + 1e-3 / f);
        kept += keep * (double)vocab.count[id];
        CHECK(fabs(((double)sampler.keep[id] + 1) / 4294967296.0 - keep) < 1e-9);
        if (id % 400 != 0)
            continue;
        double n = 0;
        for (uint64_t i = 0; i < DRAWS; i++)
            n += sampler_keeps(&sampler, id, (uint32_t)(rng_at(id, i) >> 32));
        CHECK(fabs(n / DRAWS - keep) < 5 * sqrt(keep * (1 - keep) / DRAWS + 1e-12));
    }
    CHECK(fabs(sampler.n_kept - kept) < 1e-6 * kept);
    sampler_release(&sampler);
    CHECK(sampler_init(&sampler, &vocab, 0, 0.75, NULL) == W2V_OK);
    CHECK(sampler.keep[0] == UINT32_MAX && sampler_keeps(&sampler, 0, UINT32_MAX));
    sampler_release(&sampler);
    free(vocab.count);
}

int main(void)
{
    TEST(test_noise);
    TEST(test_subsampling);
    return test_end();
}
