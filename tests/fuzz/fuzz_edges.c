/*
 * Fuzz target: the reader of edge lists. The first byte chooses whether edges are directed. If the
 * list is accepted, the rows of the graph are sorted, and an undirected edge is in both rows. The
 * graph, or the error, is the same for any chunks and threads.
 */
#include <fcntl.h>
#include <unistd.h>

#include "fuzz/fuzz.h"
#include "graph/graph.h"

static char path[] = "/tmp/w2v-fuzz-edges.XXXXXX";

static void remove_file(void)
{
    unlink(path);
}

static const char *make_file(const uint8_t *data, size_t n_bytes)
{
    static int fd = -1;
    if (fd < 0) {
        fd = mkstemp(path);
        REQUIRE(fd >= 0 && atexit(remove_file) == 0);
    }
    REQUIRE(ftruncate(fd, 0) == 0);
    REQUIRE(pwrite(fd, data, n_bytes, 0) == (ssize_t)n_bytes);
    return path;
}

static int read_graph(struct graph *graph, const char *file, bool directed, unsigned threads,
                      size_t chunk_bytes, struct w2v_error *error)
{
    const struct edges_options options = {.text = {.threads = threads}, .chunk_bytes = chunk_bytes};
    const int status = graph_read(graph, &file, 1, directed, &options, error);
    REQUIRE(status == W2V_OK || (status == error->code && error->message[0] != '\0'));
    return status;
}

/* The number of ways from one node to another. */
static uint64_t count_ways(const struct graph *graph, uint32_t from, uint32_t to)
{
    uint64_t n = 0;
    for (uint64_t way = graph->begin[from]; way < graph->begin[from + 1]; way++)
        n += graph_to(graph, way) == to;
    return n;
}

static void check_rows(const struct graph *graph)
{
    REQUIRE(graph->begin[0] == 0 && graph->begin[graph->n_nodes] == graph->n_ways);
    for (uint32_t v = 0; v < graph->n_nodes; v++)
        for (uint64_t way = graph->begin[v]; way < graph->begin[v + 1]; way++) {
            const uint32_t to = graph_to(graph, way);
            REQUIRE(to < graph->n_nodes);
            REQUIRE(way == graph->begin[v] || graph_to(graph, way - 1) <= to);
            if (graph->weighted)
                REQUIRE(graph->ways[way].keep >= 0 && graph->ways[way].keep <= 1 &&
                        graph->other[way] < graph->n_nodes);
            if (!graph->directed && graph->n_ways < 1000)
                REQUIRE(count_ways(graph, v, to) == count_ways(graph, to, v));
        }
}

static void check_same(const struct graph *a, const struct graph *b)
{
    const size_t way = a->weighted ? sizeof(struct graph_way) : sizeof(uint32_t);
    REQUIRE(a->n_nodes == b->n_nodes && a->n_edges == b->n_edges && a->n_ways == b->n_ways);
    REQUIRE(a->weighted == b->weighted);
    REQUIRE(memcmp(a->names.bytes, b->names.bytes, a->names.offset[a->n_nodes]) == 0);
    REQUIRE(memcmp(a->begin, b->begin, (a->n_nodes + 1) * sizeof *a->begin) == 0);
    REQUIRE(memcmp(a->row_map.bytes, b->row_map.bytes, a->n_ways * way) == 0);
    if (a->weighted)
        REQUIRE(memcmp(a->other, b->other, a->n_ways * sizeof *a->other) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct graph a = {0}, b = {0};
    struct w2v_error first, second;
    if (n_bytes == 0)
        return 0;
    const bool directed = data[0] & 1;
    const char *file = make_file(data + 1, n_bytes - 1);
    const int status = read_graph(&a, file, directed, 1, 0, &first);
    REQUIRE(read_graph(&b, file, directed, 2, 16, &second) == status);
    if (status == W2V_OK) {
        check_rows(&a);
        check_same(&a, &b);
    } else {
        REQUIRE(strcmp(first.message, second.message) == 0);
    }
    graph_release(&a);
    graph_release(&b);
    return 0;
}
