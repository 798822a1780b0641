/*
 * graph/: lists of edges, rows, and walks. The steps of walks of first and second order, with and
 * without weights, are counted and compared with their probabilities.
 */
#include <math.h>
#include <stdlib.h>
#include <unistd.h>

#include "graph/walk_corpus.h"
#include "graph/walk_text.h"
#include "test.h"

static char folder[64] = "/tmp/w2v-test.XXXXXX";

static const char *file_of(const char *text)
{
    static char path[128];
    snprintf(path, sizeof path, "%s/graph", folder);
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(text, 1, strlen(text), file) != strlen(text) || fclose(file) != 0)
        abort();
    return path;
}

static int read_graph(struct graph *graph, const char *text, bool directed, unsigned threads,
                      size_t chunk_bytes, struct w2v_error *error)
{
    const struct edges_options options = {.text = {.threads = threads}, .chunk_bytes = chunk_bytes};
    const char *path = file_of(text);
    return graph_read(graph, &path, 1, directed, &options, error);
}

static uint32_t node_of(const struct graph *graph, const char *name)
{
    for (uint32_t v = 0; v < graph->n_nodes; v++) {
        size_t n;
        const char *text = vocab_word(&graph->names, v, &n);
        if (n == strlen(name) && memcmp(text, name, n) == 0)
            return v;
    }
    return UINT32_MAX;
}

/* The part of a row's weight that leads to a node. */
static double share(const struct graph *graph, uint32_t from, uint32_t to)
{
    double sum = 0;
    const uint64_t begin = graph->begin[from], end = graph->begin[from + 1];
    for (uint64_t way = begin; way < end; way++) {
        const double keep = graph->to != NULL ? 1 : (double)graph->ways[way].keep;
        sum += graph_to(graph, way) == to ? keep : 0;
        sum += keep < 1 && graph->other[way] == to ? 1 - keep : 0;
    }
    return sum / (double)(end - begin);
}

static bool near(double a, double b)
{
    return fabs(a - b) < 1e-6;
}

static void test_rows(void)
{
    static const char list[] = "# a remark\n\na b\nb\tc\r\n  c a\nc c\na b # none\n";
    static const char good[] = "# a remark\n\na b\nb\tc\r\n  c a\nc c\na b\n#";
    struct graph graph = {0};
    struct w2v_error error;
    CHECK(read_graph(&graph, list, false, 1, 0, &error) == W2V_EFORMAT);
    for (size_t chunk = 4; chunk < 40; chunk += 3)
        for (unsigned threads = 1; threads <= 3; threads += 2) {
            CHECK(read_graph(&graph, good, false, threads, chunk, &error) == W2V_OK);
            CHECK(graph.n_nodes == 3 && graph.n_edges == 5 && !graph.weighted);
            CHECK(graph.n_ways == 9 && graph.to != NULL);
            const uint32_t a = node_of(&graph, "a"), b = node_of(&graph, "b"),
                           c = node_of(&graph, "c");
            CHECK(c == 0 && a == 1 && b == 2); /* they occur 4, 3 and 3 times; ties by bytes */
            CHECK(near(share(&graph, a, b), 2. / 3) && near(share(&graph, a, c), 1. / 3));
            CHECK(near(share(&graph, c, c), 1. / 3) && near(share(&graph, c, b), 1. / 3));
            graph_release(&graph);
        }
    CHECK(read_graph(&graph, good, true, 2, 0, &error) == W2V_OK);
    CHECK(graph.n_ways == 5);
    CHECK(near(share(&graph, node_of(&graph, "a"), node_of(&graph, "b")), 1));
    graph_release(&graph);
}

static void test_weights(void)
{
    struct graph graph = {0};
    struct w2v_error error;
    CHECK(read_graph(&graph, "a b 1\na c 2.5\na d 1e-3\na e 7\na e 0.5\na f 0\nb c\n", false, 2, 8,
                     &error) == W2V_OK);
    CHECK(graph.weighted && graph.n_edges == 6 && graph.n_nodes == 6);
    const double sum = 1 + 2.5 + 1e-3 + 7.5;
    const uint32_t a = node_of(&graph, "a"), f = node_of(&graph, "f");
    CHECK(near(share(&graph, a, node_of(&graph, "b")), 1 / sum));
    CHECK(near(share(&graph, a, node_of(&graph, "c")), 2.5 / sum));
    CHECK(near(share(&graph, a, node_of(&graph, "d")), 1e-3 / sum));
    CHECK(near(share(&graph, a, node_of(&graph, "e")), 7.5 / sum));
    CHECK(graph.begin[f] == graph.begin[f + 1]);
    graph_release(&graph);
}

/* The error names the first bad line of the input, for any threads and chunks. */
static void test_errors(void)
{
    static const struct {
        const char *list, *message;
        int code;
    } cases[] = {
        {"a b\nb c\nc\na b\na\n", ":3: one name alone", W2V_EFORMAT},
        {"a b\n\n# x\na b -1\n", ":4: the weight \"-1\"", W2V_EFORMAT},
        {"a b\na b nan\nx\n", ":2: the weight \"nan\"", W2V_EFORMAT},
        {"a b inf\n", ":1: the weight \"inf\"", W2V_EFORMAT},
        {"a b 1e99\n", ":1: the weight \"1e99\"", W2V_EFORMAT},
        {"a b 1x\n", ":1: the weight \"1x\"", W2V_EFORMAT},
        {"a b 1 2\n", ":1: more than three words", W2V_EFORMAT},
        {"a b\nc \xe9t\xe9\n", ":2: has bytes that are not UTF-8", W2V_EFORMAT},
        {"a b\nc\nd \xe9t\xe9\n", ":2: one name alone", W2V_EFORMAT},
        {"# nothing\n\n", "the graph has no nodes", W2V_EDATA},
        {"", "the graph has no nodes", W2V_EDATA},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t chunk = 3; chunk < 30; chunk += 4)
            for (unsigned threads = 1; threads <= 3; threads++) {
                struct graph graph = {0};
                struct w2v_error error;
                CHECK(read_graph(&graph, cases[i].list, false, threads, chunk, &error) ==
                      cases[i].code);
                CHECK_MSG(strstr(error.message, cases[i].message) != NULL, "%s", error.message);
            }
}

/* No chunk is cut inside a line, however long it is. */
static void test_long_lines(void)
{
    enum { LONG = 100000 };
    char *list = malloc(3 * LONG);
    struct graph graph = {0};
    struct w2v_error error;
    size_t n = 0;
    CHECK(list != NULL);
    n += (size_t)snprintf(list, LONG, "a b\n# ");
    memset(list + n, 'x', LONG);
    n += LONG;
    for (size_t i = 10; i < LONG; i += 7)
        list[n - i] = ' ';
    list[n++] = '\n';
    memset(list + n, 'y', LONG);
    n += LONG;
    memcpy(list + n, " a\n", 4);
    CHECK(read_graph(&graph, list, false, 2, 64, &error) == W2V_OK);
    CHECK(graph.n_nodes == 3 && graph.n_edges == 2);
    graph_release(&graph);
    free(list);
}

/* ---- Walks ---- */

/* A graph of two triangles that share an edge, with a tail, a loop and a double edge. */
static const char knot[] = "a b\nb c\nc a\nb d\nc d\nd e\ne f\nf f\na b\n";
static const char weighted_knot[] =
    "a b 3\nb c 0.5\nc a 2\nb d 1\nc d 4\nd e 1\ne f 2\nf f 0.25\na b 1\n";

/* The same graph with other numbers of parallel edges, of which some are written the other way. */
static const char parallel_knot[] =
    "a b\nb c\nc a\nb d\nc d\nd e\ne f\nf f\nb a\na b\nb a\na b\nd c\nd c\nf f\nf f\n";

static bool has_edge(const struct graph *graph, uint32_t from, uint32_t to)
{
    return share(graph, from, to) > 0;
}

/*
 * Counts the steps of walks by the last three nodes and compares the counts with their
 * expectations. The sum of (count - expected)^2 / expected has the mean n and the variance 2 n,
 * where n is the number of degrees of freedom.
 */
static void check_steps(const char *list, bool directed, double p, double q)
{
    enum { MOST = 8 };
    static double counts[MOST][MOST][MOST];
    struct graph graph = {0};
    struct w2v_error error;
    struct walker walker = {0};
    const struct walk_rules rules = {1500, 40, p, q, 7};
    double chi2 = 0, freedom = 0;
    CHECK(read_graph(&graph, list, directed, 2, 0, &error) == W2V_OK && graph.n_nodes <= MOST);
    CHECK(walk_init(&walker, &graph, &rules, 2, &error) == W2V_OK);
    uint32_t *nodes = malloc(walker.n_walks * walker.length * sizeof *nodes);
    CHECK(nodes != NULL);
    memset(counts, 0, sizeof counts);
    walk_fill(&walker, 0, (size_t)walker.n_walks, nodes);
    for (uint64_t w = 0; w < walker.n_walks; w++) {
        const uint32_t *walk = nodes + w * walker.length;
        for (size_t i = 0; !(walk[i] & CORPUS_LINE_END); i++)
            if (i > 0)
                counts[walk[i - 1]][walk[i]][CORPUS_ID(walk[i + 1])]++;
    }
    for (uint32_t t = 0; t < graph.n_nodes; t++)
        for (uint32_t v = 0; v < graph.n_nodes; v++) {
            double expected[MOST], sum = 0, n = 0;
            for (uint32_t x = 0; x < graph.n_nodes; x++) {
                const double factor = x == t ? 1 / p : has_edge(&graph, t, x) ? 1 : 1 / q;
                expected[x] =
                    graph.begin[v] < graph.begin[v + 1] ? share(&graph, v, x) * factor : 0;
                sum += expected[x];
                n += counts[t][v][x];
            }
            for (uint32_t x = 0; x < graph.n_nodes && n > 0; x++) {
                const double e = n * expected[x] / sum, d = counts[t][v][x] - e;
                CHECK(e > 0 || counts[t][v][x] == 0);
                chi2 += e > 0 ? d * d / e : 0;
                freedom += e > 0;
            }
            freedom -= n > 0;
        }
    CHECK_MSG(freedom > 1 && fabs(chi2 - freedom) < 4 * sqrt(2 * freedom),
              "p %g, q %g: chi2 %.1f, freedom %.0f", p, q, chi2, freedom);
    free(nodes);
    walk_release(&walker);
    graph_release(&graph);
}

static void test_steps(void)
{
    static const double pq[][2] = {{1, 1},     {0.5, 2},  {0.25, 4},    {4, 0.25},
                                   {2, 2},     {1, 0.5},  {1000, 1},    {1e6, 1e6},
                                   {1e-3, 1},  {1, 1000}, {1e-2, 1e-2}, {0.25, 0.25},
                                   {0.1, 0.5}, {0.25, 1}, {0.8, 50},    {1e-12, 1}};
    for (size_t i = 0; i < sizeof pq / sizeof pq[0]; i++) {
        check_steps(knot, false, pq[i][0], pq[i][1]);
        check_steps(weighted_knot, false, pq[i][0], pq[i][1]);
        check_steps(parallel_knot, false, pq[i][0], pq[i][1]);
    }
    check_steps("a b\nb c\nc a\nc d\nd a\nb a\na c\n", true, 0.5, 2);
    check_steps("a b 2\nb c\nc a 3\nc d\nd a\nb a\na c 0.5\n", true, 0.5, 0.25);
    /* No way leads back here, so almost all proposals are rejected: the weights decide. */
    check_steps("t v\nv x\nv y\nx t\nt y\ny z\nz u\nu t\n", true, 1e-9, 3);
    check_steps("a b\na c\na d\nb z\nc z\nd z\nz a\n", true, 1e-5, 1e5);
}

/*
 * A star of many leaves, where p and q let most proposals be rejected, so that many steps are drawn
 * from the weights of all ways: the share of steps from leaf to leaf that lead back.
 */
static void test_star(void)
{
    enum { LEAVES = 200, LENGTH = 80 };
    static char list[LEAVES * 16];
    const struct walk_rules rules = {20, LENGTH, 0.5, 1000, 5};
    struct graph graph = {0};
    struct w2v_error error;
    struct walker walker = {0};
    size_t length = 0;
    double n = 0, n_back = 0;
    for (int i = 0; i < LEAVES; i++)
        length += (size_t)snprintf(list + length, 16, "hub %d\n", i);
    CHECK(read_graph(&graph, list, false, 1, 0, &error) == W2V_OK);
    const uint32_t hub = node_of(&graph, "hub");
    CHECK(walk_init(&walker, &graph, &rules, 2, &error) == W2V_OK);
    uint32_t *nodes = malloc(walker.n_walks * LENGTH * sizeof *nodes);
    CHECK(nodes != NULL);
    CHECK(walk_fill(&walker, 0, (size_t)walker.n_walks, nodes) == walker.n_walks * LENGTH);
    for (size_t i = 2; i < walker.n_walks * LENGTH; i++)
        if (i % LENGTH >= 2 && nodes[i - 1] == hub) {
            n++;
            n_back += CORPUS_ID(nodes[i]) == nodes[i - 2];
        }
    const double expected = 2 / (2 + (LEAVES - 1) * 0.001);
    CHECK_MSG(fabs(n_back / n - expected) < 4 * sqrt(expected * (1 - expected) / n),
              "%.5f, not %.5f", n_back / n, expected);
    free(nodes);
    walk_release(&walker);
    graph_release(&graph);
}

/* A node's name, which is a number. */
static long number_of(const struct graph *graph, uint32_t id)
{
    char name[16] = "";
    size_t n;
    const char *text = vocab_word(&graph->names, CORPUS_ID(id), &n);
    memcpy(name, text, n);
    return strtol(name, NULL, 10);
}

/*
 * Nearness in long rows. Each node of a ring has edges to all nodes within REACH, so every step could
 * go to a near node or to a far one. With these p and q only one of the two is possible.
 */
static void check_ring(bool weighted, bool directed, double q)
{
    enum { RING = 900, REACH = 200, LENGTH = 12 };
    static char list[RING * REACH * 32];
    static uint32_t nodes[RING * LENGTH];
    struct graph graph = {0};
    struct w2v_error error;
    struct walker walker = {0};
    const struct walk_rules rules = {1, LENGTH, 1e12, q, 3};
    size_t length = 0, n_wrong = 0;
    for (int a = 0; a < RING; a++)
        for (int by = 1; by <= REACH; by++) {
            const int b = (a + by) % RING;
            const char *end = weighted ? " 2\n" : "\n";
            length += (size_t)snprintf(list + length, 16, "%d %d%s", a, b, end);
            if (directed)
                length += (size_t)snprintf(list + length, 16, "%d %d%s", b, a, end);
        }
    CHECK(read_graph(&graph, list, directed, 2, 0, &error) == W2V_OK);
    CHECK(graph.n_nodes == RING && graph.n_ways == 2 * RING * REACH && graph.weighted == weighted);
    CHECK(walk_init(&walker, &graph, &rules, 2, &error) == W2V_OK);
    CHECK(walk_fill(&walker, 0, RING, nodes) == RING * LENGTH);
    for (size_t i = 2; i < RING * LENGTH; i++) {
        const long apart = labs(number_of(&graph, nodes[i]) - number_of(&graph, nodes[i - 2]));
        const bool is_near = apart <= REACH || apart >= RING - REACH;
        if (i % LENGTH >= 2)
            n_wrong += is_near != (q > 1);
    }
    CHECK_MSG(n_wrong == 0, "weighted %d, directed %d, q %g: %zu steps", weighted, directed, q,
              n_wrong);
    walk_release(&walker);
    graph_release(&graph);
}

static void test_near(void)
{
    for (int i = 0; i < 8; i++)
        check_ring(i & 1, i & 2, i & 4 ? 1e12 : 1e-12);
}

/* Every edge passes the filter, and few pairs without an edge do. Each i has edges to i * i + 1, ... */
static void check_filter(bool directed)
{
    enum { N = 997, WAYS = 7 };
    static char list[N * WAYS * 16];
    static bool has[N][N];
    struct graph graph = {0};
    struct edge_filter filter = {0};
    struct w2v_error error;
    size_t length = 0, n_lost = 0, n_passed = 0, n_without = 0;
    memset(has, 0, sizeof has);
    for (int a = 0; a < N; a++)
        for (int i = 1; i <= WAYS; i++) {
            const int b = (a * a + i) % N;
            length += (size_t)snprintf(list + length, 16, "%d %d\n", a, b);
            has[a][b] = true;
            if (!directed)
                has[b][a] = true;
        }
    CHECK(read_graph(&graph, list, directed, 2, 0, &error) == W2V_OK);
    CHECK(edge_filter_init(&filter, &graph, 2, &error) == W2V_OK);
    for (uint32_t a = 0; a < N; a++)
        for (uint32_t b = 0; b < N; b++) {
            const bool edge = has[number_of(&graph, a)][number_of(&graph, b)],
                       passes = edge_filter_passes(&filter, edge_mark(&filter, a, b));
            n_lost += edge && !passes;
            n_passed += !edge && passes;
            n_without += !edge;
        }
    CHECK_MSG(n_lost == 0 && n_passed < n_without / 20, "directed %d: %zu lost, %zu of %zu passed",
              directed, n_lost, n_passed, n_without);
    edge_filter_release(&filter);
    graph_release(&graph);
}

static void test_filter(void)
{
    check_filter(false);
    check_filter(true);
}

/* The order has every walk once, and a walk does not depend on the block that it is made in. */
static void test_order(void)
{
    struct graph graph = {0};
    struct w2v_error error;
    for (unsigned walks = 1; walks < 40; walks += 6) {
        struct walker walker = {0};
        const struct walk_rules rules = {walks, 9, walks % 2 ? 1 : 0.5, 1, walks};
        uint32_t nodes[40 * 6 * 9], one[9];
        unsigned char seen[40 * 6] = {0};
        unsigned n_moved = 0;
        CHECK(read_graph(&graph, knot, false, 1, 0, &error) == W2V_OK);
        CHECK(walk_init(&walker, &graph, &rules, 2, &error) == W2V_OK);
        walk_fill(&walker, 0, (size_t)walker.n_walks, nodes);
        for (uint64_t i = 0; i < walker.n_walks; i++) {
            const uint64_t walk = walk_at(&walker, i);
            CHECK(walk < walker.n_walks && seen[walk]++ == 0);
            n_moved += walk != i;
            CHECK(nodes[9 * i] == walk % graph.n_nodes);
            CHECK(walk_fill(&walker, i, 1, one) == 9);
            CHECK(memcmp(one, nodes + 9 * i, sizeof one) == 0);
        }
        CHECK(walks == 1 || n_moved > walker.n_walks / 2);
        walk_release(&walker);
        graph_release(&graph);
    }
}

/* A walk ends at a node with no way out. The corpus has no gaps then. */
static void test_ends(void)
{
    const char *path = file_of("a b\nb c\nc d\nc e\n");
    const struct walk_rules rules = {20, 10, 1, 1, 1};
    for (int in_file = 0; in_file <= 1; in_file++)
        for (uint64_t min_count = 1; min_count <= 30; min_count += 29) {
            const struct corpus_options options = {.text = {.threads = 2, .min_count = min_count},
                                                   .memory = in_file ? 1000 : 0,
                                                   .bytes_per_word = 100};
            struct corpus corpus;
            struct w2v_text_report report;
            struct w2v_walk_report walks;
            struct w2v_error error;
            size_t n_ends = 0, n;
            CHECK(walk_corpus_read(&corpus, &path, 1, true, &rules, &options, &report, &walks,
                                   &error) == W2V_OK);
            CHECK(corpus.in_file == (in_file == 1));
            CHECK(report.n_lines == 100 && report.n_tokens == 20 * (4 + 3 + 2 + 1 + 1));
            CHECK(walks.n_steps == report.n_tokens - 100);
            /* There are 20 of a, 40 of b, 60 of c, and 80 of d and e together. */
            CHECK(corpus.vocab.n_words == (min_count == 1 ? 5 : 4));
            CHECK(*vocab_word(&corpus.vocab, 0, &n) == 'c' && corpus.vocab.count[0] == 60);
            CHECK(corpus.n_tokens == report.n_tokens - (min_count == 1 ? 0 : 20));
            for (size_t i = 0; i < corpus.n_tokens; i++)
                n_ends += (corpus.ids[i] & CORPUS_LINE_END) != 0;
            CHECK(n_ends == 100);
            corpus_release(&corpus);
        }
}

/* Names that take more than the memory are an error, for any number of threads. */
static void test_names_take_memory(void)
{
    enum { EDGES = 20000 };
    static char list[EDGES * 16];
    size_t n = 0;
    for (int i = 0; i < EDGES; i++)
        n += (size_t)snprintf(list + n, sizeof list - n, "a%d b%d\n", i, i);
    const char *path = file_of(list);
    for (unsigned threads = 1; threads <= 8; threads *= 2)
        for (uint64_t megabytes = 0; megabytes <= 8; megabytes += 2) {
            const struct edges_options options = {
                .text = {.threads = threads}, .memory = megabytes << 20, .chunk_bytes = 10000};
            struct graph graph;
            struct w2v_error error;
            const int status = graph_read(&graph, &path, 1, false, &options, &error);
            CHECK(status == (megabytes == 2 ? W2V_ENOMEM : W2V_OK));
            if (status == W2V_OK)
                graph_release(&graph);
        }
}

int main(void)
{
    if (mkdtemp(folder) == NULL)
        return 1;
    TEST(test_rows);
    TEST(test_names_take_memory);
    TEST(test_weights);
    TEST(test_errors);
    TEST(test_long_lines);
    TEST(test_steps);
    TEST(test_star);
    TEST(test_near);
    TEST(test_filter);
    TEST(test_order);
    TEST(test_ends);
    unlink(file_of(""));
    rmdir(folder);
    return test_end();
}
