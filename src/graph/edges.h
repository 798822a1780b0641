/*
 * Edge lists: a graph as text. A line has two names and, where it is wanted, a weight, between white
 * space of any kind. Lines that are blank or whose first word begins with # are passed over. Names
 * are the tokens of the tokenizer `whitespace`, so that walks written as text are read as the same
 * names. A weight is a finite number, 0 or more, without it 1; an edge of weight 0 is none, but its
 * nodes are there.
 *
 * Files are read by all threads, each into a table of names and pieces of edges of its own. What is
 * wrong in a line is an error that names file and line, the first one of the input whatever the
 * threads.
 */
#ifndef W2V_GRAPH_EDGES_H
#define W2V_GRAPH_EDGES_H

#include "base/mem.h"
#include "text/vocab.h"

enum { EDGES_PIECE = 1 << 18 };

/* Up to EDGES_PIECE edges that one thread read. */
struct edges_piece {
    struct mem_map ends;    /* uint32_t (n, 2): ids of the thread's table */
    struct mem_map weights; /* float (n); not mapped: all are 1 */
    size_t n;
    unsigned table;
};

struct edges {
    struct vocab names; /* nodes by falling number of lines' ends, ties by bytes */
    uint32_t **maps;    /* (n_maps): from the tables' ids to nodes */
    size_t n_maps;
    struct edges_piece *pieces;
    size_t n_pieces, capacity;
    uint64_t n; /* of all pieces */
    bool weighted;
    uint64_t n_bytes, n_lines; /* read, and those that say something */
    uint64_t digest;           /* of the files' bytes */
};

struct edges_options {
    struct w2v_text_options text; /* threads (not 0), progress, any_bytes */
    uint64_t memory;              /* the most that the edges may take, in bytes */
    size_t chunk_bytes;           /* 0: the usual; tests cut smaller */
};

/* Begin with {0}. */
void edges_release(struct edges *edges);

int edges_read(struct edges *edges, const char *const *paths, size_t n_paths,
               const struct edges_options *options, struct w2v_error *error);

/* The pieces of edges, whose ends are the nodes edges->maps[piece->table][end]. */
static inline const uint32_t *edges_ends(const struct edges_piece *piece)
{
    return piece->ends.bytes;
}

#endif
