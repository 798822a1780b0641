/* Exact search, compared with brute force in double precision and with itself on other threads. */
#include "test.h"

#include <math.h>

#include "kernel/kernel.h"
#include "model/model.h"
#include "models.h"
#include "query/search.h"

static char path[MODELS_PATH];
static struct w2v_error error;

/* A model of made-up words, some with odd rows. */
struct sample {
    struct w2v_model *model;
    float *rows;
    size_t n_words, dim;
};

static struct sample sample_make(size_t n_words, size_t dim)
{
    struct sample s = {.rows = models_rows(8, n_words, dim), .n_words = n_words, .dim = dim};
    for (size_t k = 0; k < dim && n_words > 20; k++) {
        s.rows[7 * dim + k] = 0;                     /* of length 0 */
        s.rows[9 * dim + k] *= 1e30f;                /* the square of its length is infinite */
        s.rows[11 * dim + k] *= 1e-30f;              /* the square of its length is 0 */
        s.rows[13 * dim + k] = s.rows[12 * dim + k]; /* equal to another */
        s.rows[(n_words - 1) * dim + k] = s.rows[12 * dim + k];
    }
    CHECK(models_container(path, s.rows, n_words, dim, NULL, NULL, &error) == W2V_OK);
    CHECK(w2v_open(&s.model, path, &error) == W2V_OK);
    return s;
}

static void sample_release(struct sample *s)
{
    w2v_close(s->model);
    free(s->rows);
}

/* ---- Brute force ---- */

static double cosine(const struct sample *s, size_t a, size_t b)
{
    double aa = 0, ab = 0, bb = 0;
    for (size_t k = 0; k < s->dim; k++) {
        const double x = (double)s->rows[a * s->dim + k], y = (double)s->rows[b * s->dim + k];
        aa += x * x;
        ab += x * y;
        bb += y * y;
    }
    return aa == 0 || bb == 0 ? 0 : ab / sqrt(aa) / sqrt(bb);
}

/* Kinds of queries. */
enum kind { NEIGHBORS, ADD, MUL, MIXED };

enum { MOST_TERMS = 7 };

static size_t width_of(enum kind kind, size_t q)
{
    return kind == NEIGHBORS ? 1 : kind == MIXED ? 1 + q % MOST_TERMS : 3;
}

/* The numbers of a term. */
static const float *numbers(const struct sample *s, const struct w2v_term *term)
{
    return term->id >= 0 ? s->rows + (size_t)term->id * s->dim : term->vector;
}

static double cosine_to(const struct sample *s, const struct w2v_term *a, const float *y)
{
    const float *x = numbers(s, a);
    double aa = 0, ab = 0, bb = 0;
    for (size_t k = 0; k < s->dim; k++) {
        aa += (double)x[k] * (double)x[k];
        ab += (double)x[k] * (double)y[k];
        bb += (double)y[k] * (double)y[k];
    }
    return aa == 0 || bb == 0 ? 0 : ab / sqrt(aa) / sqrt(bb);
}

/* The length of the sum, computed from the products of the unit vectors. */
static double length_of(const struct sample *s, const struct w2v_query *query)
{
    double square = 0;
    for (size_t i = 0; i < query->n_terms; i++)
        for (size_t j = 0; j < query->n_terms; j++)
            square += query->terms[i].weight * query->terms[j].weight *
                      cosine_to(s, &query->terms[i], numbers(s, &query->terms[j]));
    return square <= 1e-12 ? 0 : sqrt(square);
}

static double score(const struct sample *s, enum kind kind, const struct w2v_query *query,
                    double length, size_t x)
{
    double sum = 0, product = 1, divisor = 1;
    for (size_t i = 0; i < query->n_terms; i++) {
        const struct w2v_term *term = &query->terms[i];
        const double c = cosine_to(s, term, s->rows + x * s->dim);
        sum += term->weight * c;
        if (term->weight > 0)
            product *= (c + 1) / 2;
        else
            divisor *= (c + 1) / 2 + 0.001;
    }
    return kind == MUL ? product / divisor : sum / length;
}

/* The allowed error of a score. A cosine near -1 in 3CosMul's divisor counts a thousandfold. */
static double tolerance(enum kind kind, double right)
{
    return kind == MUL ? 1e-5 + 2e-4 * fabs(right) : 2e-5;
}

static bool is_zero(const struct sample *s, size_t x)
{
    for (size_t k = 0; k < s->dim; k++)
        if (s->rows[x * s->dim + k] != 0)
            return false;
    return true;
}

static bool names(const struct w2v_query *query, size_t x)
{
    for (size_t i = 0; i < query->n_terms; i++)
        if (query->terms[i].id == (int64_t)x)
            return true;
    return false;
}

/*
 * Checks the hits of a query: the best k, in order, with the right scores, without its own words and
 * without words of zeros. A query whose sum is zero has none.
 */
static void check_hits(const struct sample *s, enum kind kind, const struct search *search,
                       size_t q)
{
    const struct w2v_query *query = &search->queries[q];
    const struct w2v_hit *hits = search->hits + q * search->k;
    const size_t n = search->n_hits[q];
    double *scores = malloc(s->n_words * sizeof *scores);
    const double length = length_of(s, query);
    size_t n_candidates = 0, n_better = 0;
    for (size_t x = 0; x < s->n_words; x++)
        scores[x] = -INFINITY;
    for (size_t c = 0; c < search->n_candidates; c++) {
        const size_t x = search->candidates != NULL ? search->candidates[c] : c;
        if (names(query, x) || is_zero(s, x))
            continue;
        n_candidates++;
        scores[x] = score(s, kind, query, length, x);
    }
    if (kind != MUL && length <= 0) {
        CHECK(n == 0);
        free(scores);
        return;
    }
    if (search->least > -INFINITY)
        CHECK(n <= search->k);
    else
        CHECK(n == (n_candidates < search->k ? n_candidates : search->k));
    for (size_t i = 0; i < n; i++) {
        const double right = scores[hits[i].id];
        CHECK_MSG(fabs((double)hits[i].score - right) < tolerance(kind, right), "%g %g",
                  (double)hits[i].score, right);
        CHECK(hits[i].score >= search->least);
        CHECK(i == 0 || hits[i - 1].score > hits[i].score ||
              (hits[i - 1].score == hits[i].score && hits[i - 1].id < hits[i].id));
        scores[hits[i].id] = -INFINITY;
    }
    const double last = n == search->k ? (double)hits[n - 1].score : (double)search->least;
    for (size_t x = 0; x < s->n_words && last > -INFINITY; x++)
        n_better += scores[x] > last + tolerance(kind, scores[x]);
    CHECK_MSG(n_better == 0, "%zu are better", n_better);
    free(scores);
}

/* Makes the terms of n queries. Those of kind MIXED have any weights, and some are vectors. */
static void make_queries(const struct sample *s, enum kind kind, size_t n, struct w2v_term *terms,
                         struct w2v_query *queries)
{
    static const double signs[3] = {1, -1, 1};
    size_t n_terms = 0;
    for (size_t q = 0; q < n; q++) {
        queries[q] = (struct w2v_query){terms + n_terms, width_of(kind, q)};
        for (size_t i = 0; i < queries[q].n_terms; i++, n_terms++) {
            /* the odd rows too */
            const size_t id = n_terms < 15 ? n_terms % s->n_words : rng_at(n, n_terms) % s->n_words;
            struct w2v_term term = {.id = (int64_t)id, .weight = signs[i % 3]};
            if (kind == MIXED && id % 5 == 1)
                term = (struct w2v_term){.id = -1, .vector = s->rows + id * s->dim, .weight = 1};
            if (kind == MIXED)
                term.weight = (double)(rng_at(n + 1, n_terms) % 9) / 4 - 1;
            terms[n_terms] = term;
        }
    }
}

static void check_candidates(const struct sample *s, enum kind kind, size_t n, size_t k,
                             const uint32_t *candidates, size_t n_candidates, float least)
{
    struct w2v_term *terms = calloc(n * MOST_TERMS, sizeof *terms);
    struct w2v_query *queries = calloc(n, sizeof *queries);
    size_t *n_hits[3];
    struct w2v_hit *hits[3];
    static const unsigned threads[3] = {1, 2, 5};
    make_queries(s, kind, n, terms, queries);
    for (size_t t = 0; t < 3; t++) {
        hits[t] = calloc(n * k, sizeof **hits);
        n_hits[t] = calloc(n, sizeof **n_hits);
        const struct search search = {.model = s->model,
                                      .method = kind == MUL ? W2V_MUL : W2V_ADD,
                                      .queries = queries,
                                      .n = n,
                                      .candidates = candidates,
                                      .n_candidates = n_candidates,
                                      .k = k,
                                      .least = least,
                                      .threads = threads[t],
                                      .hits = hits[t],
                                      .n_hits = n_hits[t]};
        CHECK(search_run(&search, &error) == W2V_OK);
        for (size_t q = 0; t == 0 && q < n && q < 30; q++)
            check_hits(s, kind, &search, q);
        CHECK(memcmp(n_hits[t], n_hits[0], n * sizeof **n_hits) == 0);
        for (size_t i = 0; i < n * k; i++)
            CHECK(hits[t][i].id == hits[0][i].id &&
                  memcmp(&hits[t][i].score, &hits[0][i].score, sizeof(float)) == 0);
    }
    for (size_t t = 0; t < 3; t++) {
        free(hits[t]);
        free(n_hits[t]);
    }
    free(terms);
    free(queries);
}

static void check_search(const struct sample *s, enum kind kind, size_t n, size_t k,
                         size_t n_candidates)
{
    check_candidates(s, kind, n, k, NULL, n_candidates, -INFINITY);
}

/* Every third word and a run of 50. */
static void check_lists(const struct sample *s, enum kind kind)
{
    uint32_t *list = malloc(s->n_words * sizeof *list);
    size_t n = 0;
    for (size_t id = 0; id < s->n_words; id++)
        if (id % 3 == 0 || (id >= 100 && id < 150))
            list[n++] = (uint32_t)id;
    check_candidates(s, kind, 20, 7, list, n, -INFINITY);
    check_candidates(s, kind, 20, 7, list, n, 0.25f);
    check_candidates(s, kind, 20, s->n_words, NULL, s->n_words, 0.125f);
    free(list);
}

static void check_kind(enum kind kind)
{
    static const size_t sizes[][2] = {{1, 1},    {2, 5},    {15, 3},    {16, 16},   {17, 100},
                                      {500, 15}, {513, 17}, {1000, 40}, {1200, 300}};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        const size_t n_words = sizes[i][0];
        struct sample s = sample_make(n_words, sizes[i][1]);
        check_search(&s, kind, 1, 1, n_words);
        check_search(&s, kind, 30, 10, n_words);
        check_search(&s, kind, 30, n_words + 5, n_words);
        check_search(&s, kind, 10, 3, n_words / 2 + 1);
        check_lists(&s, kind);
        sample_release(&s);
    }
}

static void test_neighbors(void)
{
    check_kind(NEIGHBORS);
}

static void test_add(void)
{
    check_kind(ADD);
}

static void test_mul(void)
{
    check_kind(MUL);
}

static void test_mixed(void)
{
    check_kind(MIXED);
}

/* More words than fit a group: the rows' lengths of the first pass are used again. */
static void test_groups(void)
{
    struct sample s = sample_make(4000, 12);
    check_search(&s, NEIGHBORS, 3000, 2, 4000);
    check_search(&s, ADD, 1500, 1, 4000);
    check_search(&s, MIXED, 1500, 2, 4000);
    sample_release(&s);
}

/* Other queries in the same call do not change the bits of an answer. */
static void test_alone(void)
{
    enum { N = 2000, K = 3 };
    struct sample s = sample_make(2500, 5);
    size_t ids[N], n_hits[N], n_alone;
    struct w2v_hit hits[N * K], alone[K];
    struct w2v_search_options options;
    w2v_search_options_init(&options);
    options.k = K;
    struct w2v_term terms[N + 1];
    struct w2v_query queries[N];
    for (size_t i = 0; i < N; i++) {
        ids[i] = i;
        terms[i] = (struct w2v_term){.id = (int64_t)i, .weight = 1};
        queries[i] = (struct w2v_query){terms + i, 1};
    }
    terms[N] = (struct w2v_term){.id = 0, .weight = -1};
    queries[N - 1].n_terms = 2; /* a sum */
    CHECK(w2v_search(s.model, queries, N, W2V_ADD, &options, hits, n_hits, &error) == W2V_OK);
    for (size_t i = 0; i < N - 1; i += 3) {
        CHECK(w2v_neighbors(s.model, ids + i, 1, &options, alone, &n_alone, &error) == W2V_OK);
        CHECK(n_alone == n_hits[i]);
        for (size_t j = 0; j < n_alone; j++)
            CHECK(alone[j].id == hits[i * K + j].id && alone[j].score == hits[i * K + j].score);
    }
    CHECK(w2v_neighbors(s.model, ids, N, &options, hits, n_hits, &error) == W2V_OK);
    for (size_t i = 0; i < N; i += 97) {
        CHECK(w2v_neighbors(s.model, ids + i, 1, &options, alone, &n_alone, &error) == W2V_OK);
        CHECK(n_alone == n_hits[i]);
        for (size_t j = 0; j < n_alone; j++)
            CHECK(alone[j].id == hits[i * K + j].id && alone[j].score == hits[i * K + j].score);
    }
    sample_release(&s);
}

/* Weights at the ends of a double's range: the sum has the right direction. */
static void test_weights(void)
{
    struct sample s = sample_make(300, 20);
    struct w2v_hit hits[3][5];
    size_t n_hits;
    struct w2v_search_options options;
    w2v_search_options_init(&options);
    options.k = 5;
    for (int i = 0; i < 3; i++) {
        const double weight = i == 0 ? 1 : i == 1 ? 1e200 : 1e-200;
        const struct w2v_term terms[] = {{.id = 1, .weight = weight}, {.id = 2, .weight = weight}};
        const struct w2v_query query = {terms, 2};
        CHECK(w2v_search(s.model, &query, 1, W2V_ADD, &options, hits[i], &n_hits, &error) ==
              W2V_OK);
        CHECK(n_hits == 5);
        for (size_t j = 0; j < n_hits; j++)
            CHECK(hits[i][j].id == hits[0][j].id &&
                  fabsf(hits[i][j].score - hits[0][j].score) < 1e-6f);
    }
    sample_release(&s);
}

/* Rows with numbers that are not finite are no answers and do not disturb others. */
static void test_not_finite(void)
{
    static const float rows[5][2] = {{1, 0}, {NAN, 1}, {1, 1}, {-INFINITY, 0}, {-1, 0}};
    char bytes[100];
    size_t n_bytes = (size_t)snprintf(bytes, sizeof bytes, "5 2\n"), n_hits[2];
    struct w2v_model *model;
    struct w2v_hit hits[20];
    struct w2v_search_options options;
    w2v_search_options_init(&options);
    for (size_t i = 0; i < 5; i++) {
        n_bytes += (size_t)snprintf(bytes + n_bytes, sizeof bytes - n_bytes, "%zu ", i);
        memcpy(bytes + n_bytes, rows[i], sizeof rows[i]);
        n_bytes += sizeof rows[i];
    }
    models_write(path, bytes, n_bytes);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(w2v_neighbors(model, (size_t[]){0, 1}, 2, &options, hits, n_hits, &error) == W2V_OK);
    CHECK(n_hits[0] == 2 && hits[0].id == 2 && hits[1].id == 4);
    CHECK(n_hits[1] == 0);
    w2v_close(model);
}

/*
 * The same for a file whose rows are not aligned, with all questions at once and one by one. One
 * row is so long that its square is not finite.
 */
static void test_unaligned(void)
{
    enum { WORDS = 200, DIM = 5, K = 4 };
    struct sample s = sample_make(WORDS, DIM);
    char *bytes = malloc(WORDS * 40);
    size_t n_bytes = (size_t)snprintf(bytes, 40, "%d %d\n", WORDS, DIM);
    struct w2v_model *model;
    size_t ids[WORDS], n_hits[3][WORDS];
    struct w2v_hit hits[3][WORDS * K];
    struct w2v_search_options options;
    w2v_search_options_init(&options);
    options.k = K;
    for (size_t k = 0; k < DIM; k++)
        s.rows[7 * DIM + k] *= 1e25f;
    for (size_t i = 0; i < WORDS; i++) {
        n_bytes += (size_t)snprintf(bytes + n_bytes, 10, "%zu ", i);
        memcpy(bytes + n_bytes, s.rows + i * DIM, DIM * sizeof(float));
        n_bytes += DIM * sizeof(float);
        ids[i] = i;
    }
    models_write(path, bytes, n_bytes);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(w2v_neighbors(model, ids, WORDS, &options, hits[0], n_hits[0], &error) == W2V_OK);
    for (size_t i = 0; i < WORDS; i++)
        CHECK(w2v_neighbors(model, ids + i, 1, &options, hits[2] + i * K, n_hits[2] + i, &error) ==
              W2V_OK);
    w2v_close(model);
    CHECK(models_container(path, s.rows, WORDS, DIM, NULL, NULL, &error) == W2V_OK);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(w2v_neighbors(model, ids, WORDS, &options, hits[1], n_hits[1], &error) == W2V_OK);
    w2v_close(model);
    for (int way = 0; way < 3; way += 2) {
        size_t n_wrong = 0;
        for (size_t i = 0; i < WORDS * K; i++)
            n_wrong += i % K < n_hits[1][i / K] &&
                       (hits[way][i].id != hits[1][i].id || hits[way][i].score != hits[1][i].score);
        CHECK_MSG(n_wrong == 0, "%s: %zu answers differ", way == 0 ? "at once" : "one by one",
                  n_wrong);
        CHECK(memcmp(n_hits[way], n_hits[1], sizeof n_hits[1]) == 0);
    }
    free(bytes);
    sample_release(&s);
}

static void test_arguments(void)
{
    struct sample s = sample_make(10, 2);
    size_t n_hits;
    struct w2v_hit hits[20];
    struct w2v_search_options options;
    w2v_search_options_init(&options);
    CHECK(options.k == 10);
    CHECK(w2v_neighbors(s.model, (size_t[]){10}, 1, &options, hits, &n_hits, &error) == W2V_EARG);
    CHECK(w2v_neighbors(s.model, NULL, 0, &options, hits, &n_hits, &error) == W2V_OK);
    options.among = (size_t[]){3, 10};
    options.n_among = 2;
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_EARG);
    options.n_among = 1;
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_OK);
    CHECK(n_hits == 1 && hits[0].id == 3);
    options.n_among = 0; /* a list of none */
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_OK);
    CHECK(n_hits == 0);
    options.among = NULL;
    options.exclude = (size_t[]){0, 2, 0};
    options.n_exclude = 3;
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_OK);
    CHECK(n_hits == 7);
    options.exclude = NULL; /* whatever the number says */
    options.n_among = 3;
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_OK);
    CHECK(n_hits == 9);
    options.n_among = options.n_exclude = 0;
    options.min_score = NAN;
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_EARG);
    options.min_score = -INFINITY;
    options.k = 0;
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_EARG);
    options.k = 1;
    options.restrict_to = 100;
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_OK);
    CHECK(setenv("W2V_SIMD", "nonsense", 1) == 0);
    CHECK(w2v_neighbors(s.model, (size_t[]){1}, 1, &options, hits, &n_hits, &error) == W2V_EARG);
    CHECK(unsetenv("W2V_SIMD") == 0);
    CHECK(w2v_odd(s.model, (size_t[]){10}, 1, NULL, &error) == W2V_EARG);
    sample_release(&s);
}

static void test_queries_are_checked(void)
{
    struct sample s = sample_make(10, 2);
    static const struct {
        struct w2v_term term;
        size_t n_terms;
        enum w2v_method method;
    } bad[] = {
        {{.id = 10, .weight = 1}, 1, W2V_ADD},
        {{.id = 1, .weight = NAN}, 1, W2V_ADD},
        {{.id = 1, .weight = 1}, 0, W2V_ADD},
        {{.id = 1, .weight = 0.5}, 1, W2V_MUL},
        {{.id = 1, .weight = 2}, 1, W2V_MUL},
        {{.id = 1}, W2V_MAX_TERMS + 1, W2V_ADD},
        {{.id = 1, .weight = 1}, 1, (enum w2v_method)7},
    };
    struct w2v_search_options options;
    size_t n_hits;
    struct w2v_hit hits[10];
    w2v_search_options_init(&options);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        const struct w2v_query query = {&bad[i].term, bad[i].n_terms};
        CHECK_MSG(w2v_search(s.model, &query, 1, bad[i].method, &options, hits, &n_hits, &error) ==
                      W2V_EARG,
                  "case %zu", i);
    }
    /* The most terms allowed; one word a hundred times has the neighbours of the word. */
    struct w2v_term *terms = calloc(W2V_MAX_TERMS, sizeof *terms);
    for (size_t i = 0; i < W2V_MAX_TERMS; i++)
        terms[i] = (struct w2v_term){.id = (int64_t)(i % 10), .weight = i % 10 == 4 ? 1 : 0};
    const struct w2v_query most = {terms, W2V_MAX_TERMS};
    CHECK(w2v_search(s.model, &most, 1, W2V_ADD, &options, hits, &n_hits, &error) == W2V_OK);
    CHECK(n_hits == 0); /* the query names all ten words */
    free(terms);
    sample_release(&s);
}

/* What the callback has seen of all words. */
struct seen {
    const struct w2v_model *model;
    size_t n, last, k;
};

static void look(void *context, size_t id, const struct w2v_hit *hits, size_t n_hits)
{
    struct seen *seen = context;
    struct w2v_search_options options;
    struct w2v_hit want[16];
    size_t n_want;
    w2v_search_options_init(&options);
    options.k = seen->k;
    CHECK(w2v_neighbors(seen->model, &id, 1, &options, want, &n_want, &error) == W2V_OK);
    CHECK(n_hits == n_want);
    for (size_t i = 0; i < n_hits && i < n_want; i++)
        CHECK(hits[i].id == want[i].id && memcmp(&hits[i].score, &want[i].score, 4) == 0);
    CHECK(seen->n == 0 || id > seen->last);
    seen->last = id;
    seen->n++;
}

static int stop(void *context, const struct w2v_progress *progress)
{
    (void)context;
    CHECK(progress->phase == W2V_PHASE_SEARCH && progress->done == progress->total);
    return 1;
}

static void test_neighbors_of_all(void)
{
    struct sample s = sample_make(50, 8);
    struct w2v_search_options options;
    struct seen seen = {.model = s.model, .k = 3};
    w2v_search_options_init(&options);
    options.k = seen.k;
    CHECK(w2v_neighbors_of_all(s.model, &options, look, &seen, NULL, NULL, &error) == W2V_OK);
    CHECK(seen.n == 50);
    seen.n = 0;
    CHECK(w2v_neighbors_of_all(s.model, &options, look, &seen, stop, NULL, &error) == W2V_ESTOPPED);
    sample_release(&s);
}

static void test_similarity(void)
{
    struct sample s = sample_make(50, 1500);
    for (size_t a = 0; a < 50; a++)
        for (size_t b = 0; b < 50; b++) {
            const float got = w2v_similarity(s.model, a, b);
            CHECK(fabs((double)got - cosine(&s, a, b)) < 1e-7);
            CHECK(w2v_cosine(s.rows + a * 1500, s.rows + b * 1500, 1500) == got);
        }
    CHECK(w2v_similarity(s.model, 7, 3) == 0);
    CHECK(w2v_similarity(s.model, 3, 4) == w2v_similarity(s.model, 4, 3));
    sample_release(&s);
}

static void test_odd(void)
{
    struct sample s = sample_make(50, 8);
    const size_t ids[4] = {3, 12, 40, 13};
    float cosines[4];
    double mean[8] = {0};
    CHECK(w2v_odd(s.model, ids, 4, cosines, &error) == W2V_OK);
    const float *vectors[4];
    float again[4];
    for (size_t i = 0; i < 4; i++)
        vectors[i] = s.rows + ids[i] * 8;
    CHECK(w2v_odd_vector(vectors, 4, 8, again, &error) == W2V_OK);
    CHECK(memcmp(again, cosines, sizeof again) == 0);
    for (size_t i = 0; i < 4; i++) {
        double square = 0;
        for (size_t k = 0; k < 8; k++)
            square += pow((double)s.rows[ids[i] * 8 + k], 2);
        for (size_t k = 0; k < 8; k++)
            mean[k] += (double)s.rows[ids[i] * 8 + k] / sqrt(square) / 4;
    }
    for (size_t i = 0; i < 4; i++) {
        double aa = 0, ab = 0, bb = 0;
        for (size_t k = 0; k < 8; k++) {
            const double x = (double)s.rows[ids[i] * 8 + k];
            aa += x * x;
            ab += x * mean[k];
            bb += mean[k] * mean[k];
        }
        CHECK(fabs((double)cosines[i] - ab / sqrt(aa * bb)) < 1e-6);
    }
    sample_release(&s);
}

int main(void)
{
    models_make_path(path);
    TEST(test_neighbors);
    TEST(test_add);
    TEST(test_mul);
    TEST(test_mixed);
    TEST(test_groups);
    TEST(test_alone);
    TEST(test_weights);
    TEST(test_not_finite);
    TEST(test_unaligned);
    TEST(test_arguments);
    TEST(test_queries_are_checked);
    TEST(test_neighbors_of_all);
    TEST(test_similarity);
    TEST(test_odd);
    unlink(path);
    return test_end();
}
