/*
 * Walks as a corpus: what corpus_read gives for the text of the walks with the tokenizer
 * `whitespace`, without the text. Walks are made where their ids are to stand, in memory or in a
 * temporary file; then visits are counted, the graph is given back, and the nodes get the
 * vocabulary's ids.
 */
#ifndef W2V_GRAPH_WALK_CORPUS_H
#define W2V_GRAPH_WALK_CORPUS_H

#include "graph/walk.h"

/*
 * As corpus_read, with edge lists for files. Of the options those of reading do not count (the
 * tokenizer, phrases and the like). In the report bytes are those of the edge lists and lines are
 * walks; *walks has what the graph and the walks came to.
 */
int walk_corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths, bool directed,
                     const struct walk_rules *rules, const struct corpus_options *options,
                     struct w2v_text_report *report, struct w2v_walk_report *walks,
                     struct w2v_error *error);

#endif
