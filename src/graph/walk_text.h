/*
 * Walks as text: a walk a line, names with a blank between two, in the order of the walks. Threads
 * make blocks of walks, and each waits for its block's turn to write.
 */
#ifndef W2V_GRAPH_WALK_TEXT_H
#define W2V_GRAPH_WALK_TEXT_H

#include "base/outfile.h"
#include "graph/walk.h"

/* `text`: threads (not 0) and progress. *n_nodes: of all walks. */
int walk_text(const struct walker *walker, struct outfile *out, const struct w2v_text_options *text,
              uint64_t *n_nodes, struct w2v_error *error);

#endif
