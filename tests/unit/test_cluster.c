/* Clusters: obvious groups are found, the result is a fixed point, and odd cases are handled. */
#include "test.h"

#include <math.h>

#include "models.h"
#include "w2v.h"

static char path[MODELS_PATH];
static struct w2v_error error;

/* Writes a word2vec binary file, since it may have numbers that are not finite. */
static struct w2v_model *open_rows(const float *rows, size_t n, size_t dim)
{
    struct w2v_model *model = NULL;
    char *bytes = malloc(n * (dim * sizeof *rows + 30) + 50);
    size_t n_bytes = (size_t)snprintf(bytes, 50, "%zu %zu\n", n, dim);
    for (size_t i = 0; i < n; i++) {
        n_bytes += (size_t)snprintf(bytes + n_bytes, 30, "w%zu ", i);
        memcpy(bytes + n_bytes, rows + i * dim, dim * sizeof *rows);
        n_bytes += dim * sizeof *rows;
    }
    models_write(path, bytes, n_bytes);
    free(bytes);
    CHECK_MSG(w2v_open(&model, path, &error) == W2V_OK, "%s", error.message);
    return model;
}

/* Checks what holds for every result: usable words are listed once, in order; sizes fall to 1. */
static void check_report(const struct w2v_cluster_report *r, size_t n_usable)
{
    size_t n_listed = 0;
    CHECK(r->begin[0] == 0 && r->begin[r->k] == n_usable);
    for (size_t j = 0; j < r->k; j++) {
        const size_t size = r->begin[j + 1] - r->begin[j];
        CHECK(size > 0);
        CHECK(j == 0 || size <= r->begin[j] - r->begin[j - 1]);
        for (size_t i = r->begin[j]; i < r->begin[j + 1]; i++) {
            CHECK(r->cluster[r->members[i]] == j);
            CHECK(i == r->begin[j] || r->cosine[r->members[i]] <= r->cosine[r->members[i - 1]]);
        }
    }
    for (size_t i = 0; i < r->n_words; i++)
        n_listed += r->cluster[i] != W2V_NO_CLUSTER;
    CHECK(n_listed == n_usable);
}

/* 12 directions with 50 noisy words around each are found exactly, with any seed. */
static void test_groups(void)
{
    enum { GROUPS = 12, N = 600, DIM = 20 };
    float *rows = models_rows(3, N, DIM);
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < DIM; k++)
            rows[i * DIM + k] =
                (float)(1 + i % 5) * (rows[i * DIM + k] * 0.02f + (k == i % GROUPS ? 1 : 0));
    struct w2v_model *model = open_rows(rows, N, DIM);
    struct w2v_cluster_options options;
    struct w2v_cluster_report report;
    w2v_cluster_options_init(&options);
    options.k = GROUPS;
    for (options.seed = 1; options.seed <= 3; options.seed++) {
        CHECK(w2v_cluster(model, &options, &report, &error) == W2V_OK);
        check_report(&report, N);
        for (size_t i = GROUPS; i < N; i++)
            CHECK(report.cluster[i] == report.cluster[i % GROUPS]);
        for (size_t i = 1; i < GROUPS; i++)
            CHECK(report.cluster[i] != report.cluster[i - 1]);
        CHECK(report.mean_cosine > 0.99);
        w2v_cluster_report_release(&report);
    }
    w2v_close(model);
    free(rows);
}

/* In the end each word is in the cluster whose mean is nearest. */
static void check_fixed_point(size_t n_clusters, unsigned max_rounds)
{
    enum { N = 700, DIM = 7, K = 33 };
    float *rows = models_rows(4, N, DIM);
    double centre[K][DIM] = {{0}};
    struct w2v_model *model = open_rows(rows, N, DIM);
    struct w2v_cluster_options options;
    struct w2v_cluster_report report;
    w2v_cluster_options_init(&options);
    options.k = n_clusters;
    options.max_rounds = max_rounds;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_OK);
    check_report(&report, N);
    for (size_t i = 0; i < N; i++) {
        double square = 0;
        for (size_t k = 0; k < DIM; k++)
            square += (double)rows[i * DIM + k] * (double)rows[i * DIM + k];
        for (size_t k = 0; k < DIM; k++) {
            rows[i * DIM + k] = (float)((double)rows[i * DIM + k] / sqrt(square));
            centre[report.cluster[i]][k] += (double)rows[i * DIM + k];
        }
    }
    size_t n_elsewhere = 0;
    double sum = 0;
    for (size_t i = 0; i < N; i++) {
        double best = -2, own = -2;
        for (size_t j = 0; j < n_clusters; j++) {
            double product = 0, square = 0;
            for (size_t k = 0; k < DIM; k++) {
                product += centre[j][k] * (double)rows[i * DIM + k];
                square += centre[j][k] * centre[j][k];
            }
            product /= sqrt(square);
            best = product > best ? product : best;
            own = j == report.cluster[i] ? product : own;
        }
        sum += (double)report.cosine[i];
        CHECK(fabs(own - (double)report.cosine[i]) < 1e-6);
        n_elsewhere += own < best - 1e-5;
    }
    CHECK_MSG(max_rounds == 1 || n_elsewhere <= N / 50, "%zu",
              n_elsewhere); /* the last round gained hardly anything */
    CHECK(fabs(sum / N - report.mean_cosine) < 1e-6);
    CHECK(max_rounds == 1 || (report.rounds > 1 && (n_clusters < 33 || report.mean_cosine > 0.8)));
    w2v_cluster_report_release(&report);
    w2v_close(model);
    free(rows);
}

static void test_fixed_point(void)
{
    check_fixed_point(1, 1000);
    check_fixed_point(2, 1000);
    check_fixed_point(33, 1000);
    check_fixed_point(33, 1); /* no fixed point, but cosines are to the centres of these clusters */
}

/* Threads do not change the result, and the seed does. There are more centres than columns. */
static void test_threads(void)
{
    enum { N = 3000, DIM = 18 };
    float *rows = models_rows(5, N, DIM);
    struct w2v_model *model = open_rows(rows, N, DIM);
    struct w2v_cluster_options options;
    struct w2v_cluster_report report[3];
    static const size_t ks[] = {1, 40, 1500};
    for (size_t i = 0; i < 3; i++) {
        w2v_cluster_options_init(&options);
        options.k = ks[i];
        options.max_rounds = 5;
        for (unsigned t = 0; t < 3; t++) {
            options.threads = 1 + t % 2;
            options.seed = 1 + t / 2;
            CHECK(w2v_cluster(model, &options, &report[t], &error) == W2V_OK);
            check_report(&report[t], N);
        }
        CHECK(memcmp(report[0].cluster, report[1].cluster, N * sizeof(uint32_t)) == 0);
        CHECK(memcmp(report[0].cosine, report[1].cosine, N * sizeof(float)) == 0);
        CHECK(memcmp(report[0].members, report[1].members, N * sizeof(size_t)) == 0);
        CHECK(ks[i] == 1 || memcmp(report[0].cluster, report[2].cluster, N * 4) != 0);
        for (unsigned t = 0; t < 3; t++)
            w2v_cluster_report_release(&report[t]);
    }
    w2v_close(model);
    free(rows);
}

/* Zeros, numbers that are not finite, equal words, as many clusters as words. */
static void test_odd_words(void)
{
    enum { N = 40, DIM = 3 };
    float *rows = models_rows(6, N, DIM);
    for (size_t k = 0; k < DIM; k++) {
        rows[5 * DIM + k] = 0;
        rows[6 * DIM + k] = NAN;
        for (size_t i = 10; i < 30; i++)
            rows[i * DIM + k] = rows[k];
    }
    rows[7 * DIM] = INFINITY;
    struct w2v_model *model = open_rows(rows, N, DIM);
    struct w2v_cluster_options options;
    struct w2v_cluster_report report;
    w2v_cluster_options_init(&options);
    for (options.k = 1; options.k <= N - 3; options.k++) {
        CHECK(w2v_cluster(model, &options, &report, &error) == W2V_OK);
        check_report(&report, N - 3);
        CHECK(report.cluster[5] == W2V_NO_CLUSTER && report.cosine[5] == 0);
        CHECK(report.cluster[6] == W2V_NO_CLUSTER && isnan(report.cosine[6]));
        CHECK(report.cluster[7] == W2V_NO_CLUSTER);
        w2v_cluster_report_release(&report);
    }
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_EDATA);
    options.k = N + 1;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_EDATA);
    options.k = 0;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_OK && report.k == (N - 3) / 2);
    w2v_cluster_report_release(&report);
    options.k = 3;
    options.restrict_to = 4;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_OK);
    CHECK(report.n_words == 4);
    w2v_cluster_report_release(&report);
    w2v_close(model);
    free(rows);
}

/* Ids that the model does not have are refused. */
static void test_range(void)
{
    float *rows = models_rows(8, 10, 4);
    struct w2v_model *model = open_rows(rows, 10, 4);
    static const size_t among[] = {5, (size_t)1 << 30};
    struct w2v_cluster_options options;
    struct w2v_cluster_report report;
    w2v_cluster_options_init(&options);
    options.k = 1;
    options.among = among;
    options.n_among = 2;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_EARG);
    CHECK(strcmp(error.message, "word 1073741824 is out of range: the model has 10") == 0);
    CHECK(report.cluster == NULL);
    options.n_among = 1;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_OK);
    w2v_cluster_report_release(&report);
    w2v_close(model);
    free(rows);
}

/* An id that is listed again has no cluster, so k clusters need k words that differ. */
static void test_repeats(void)
{
    enum { N = 10, DIM = 4, LISTED = 6 };
    float *rows = models_rows(9, N, DIM);
    memset(rows + 7 * DIM, 0, DIM * sizeof *rows);
    struct w2v_model *model = open_rows(rows, N, DIM);
    static const size_t among[LISTED] = {1, 1, 7, 1, 2, 7};
    struct w2v_cluster_options options;
    struct w2v_cluster_report report;
    w2v_cluster_options_init(&options);
    options.among = among;
    options.n_among = LISTED;
    options.k = 2;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_OK);
    check_report(&report, 2);
    CHECK(report.n_words == LISTED && report.n_left_out == 1);
    CHECK(report.cluster[0] == 0 && report.cluster[4] == 1);
    CHECK(report.cluster[1] == W2V_NO_CLUSTER && report.cluster[3] == W2V_NO_CLUSTER);
    w2v_cluster_report_release(&report);
    options.k = 3;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_EDATA);
    w2v_close(model);
    free(rows);
}

static int stop(void *context, const struct w2v_progress *progress)
{
    CHECK(progress->phase == W2V_PHASE_CLUSTER);
    return --*(int *)context == 0;
}

static void test_stop(void)
{
    float *rows = models_rows(7, 500, 5);
    struct w2v_model *model = open_rows(rows, 500, 5);
    struct w2v_cluster_options options;
    struct w2v_cluster_report report;
    int rounds = 2;
    w2v_cluster_options_init(&options);
    options.k = 20;
    options.progress = stop;
    options.progress_context = &rounds;
    CHECK(w2v_cluster(model, &options, &report, &error) == W2V_ESTOPPED);
    CHECK(rounds == 0 && report.cluster == NULL);
    w2v_close(model);
    free(rows);
}

int main(void)
{
    models_make_path(path);
    TEST(test_groups);
    TEST(test_fixed_point);
    TEST(test_threads);
    TEST(test_odd_words);
    TEST(test_range);
    TEST(test_repeats);
    TEST(test_stop);
    unlink(path);
    return test_end();
}
