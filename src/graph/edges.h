/*
 * Edge lists: a graph as text. A line has two names and optionally a weight, separated by white
 * space of any kind. No line has both tabs and blanks between its words, because a blank could belong
 * to a name. Blank lines and lines whose first word begins with # are skipped. If the first name
 * of every line ends in a comma, the list is refused. Names are the tokens of the tokenizer
 * `whitespace`, so walks that are written as text have the same names when they are read. A
 * weight is a finite number, 0 or more; the default is 1. An edge of weight 0 does not exist, but
 * its nodes do.
 *
 * All threads read the files. Each has its own table of names and its own pieces of edges. If a
 * line is wrong, the error names the file and the line. It is always the first wrong line of the
 * input, for any number of threads.
 */
#ifndef W2V_GRAPH_EDGES_H
#define W2V_GRAPH_EDGES_H

#include "base/mem.h"
#include "text/vocab.h"

enum { EDGES_PIECE = 1 << 18 };

/* Up to EDGES_PIECE edges that one thread read. */
struct edges_piece {
    struct mem_map ends;    /* uint32_t (n, 2): ids in the thread's table */
    struct mem_map weights; /* float (n); not mapped if all weights are 1 */
    size_t n;
    unsigned table;
};

struct edges {
    struct vocab names; /* the nodes, by falling number of occurrences in lines, ties by bytes */
    uint32_t **maps;    /* (n_maps): for each table, from its ids to nodes */
    size_t n_maps;
    struct edges_piece *pieces;
    size_t n_pieces, capacity;
    uint64_t n; /* edges in all pieces */
    bool weighted;
    uint64_t n_bytes;   /* that were read */
    uint64_t n_remarks; /* lines that begin with # */
    /* No other line has one of the first edge's names: they may be headings. Examined in the first MiB. */
    bool lone_first;
    uint64_t digest; /* of the files' bytes */
};

struct edges_options {
    struct w2v_text_options text; /* threads (not 0), progress, any_bytes and next_line are used */
    uint64_t memory;    /* the most bytes for the edges, and the most for the names; 0: no limit */
    size_t chunk_bytes; /* 0: the usual size; tests use smaller chunks */
};

/* Begin with {0}. */
void edges_release(struct edges *edges);

int edges_read(struct edges *edges, const char *const *paths, size_t n_paths,
               const struct edges_options *options, struct w2v_error *error);

/* The ends of the edges of a piece. End e is the node edges->maps[piece->table][e]. */
static inline const uint32_t *edges_ends(const struct edges_piece *piece)
{
    return piece->ends.bytes;
}

#endif
