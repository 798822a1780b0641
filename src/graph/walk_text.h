/*
 * Walks as text, in order: a line for each walk, with a blank between two names. Several threads
 * make blocks of walks, and each waits until it is its block's turn to be written.
 */
#ifndef W2V_GRAPH_WALK_TEXT_H
#define W2V_GRAPH_WALK_TEXT_H

#include "base/outfile.h"
#include "graph/walk.h"

/* Of `text`, threads (not 0) and progress are used. *n_nodes becomes the nodes of all walks. */
int walk_text(const struct walker *walker, struct outfile *out, const struct w2v_text_options *text,
              uint64_t *n_nodes, struct w2v_error *error);

#endif
