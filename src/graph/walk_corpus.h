/*
 * Walks as a corpus. The result is what corpus_read would give for the text of the walks with the
 * tokenizer `whitespace`, but no text is made. Walks are written directly to the memory or
 * temporary file of the corpus. Then the graph is released, the visits of each node are counted,
 * and nodes are replaced by the ids of the vocabulary.
 */
#ifndef W2V_GRAPH_WALK_CORPUS_H
#define W2V_GRAPH_WALK_CORPUS_H

#include "graph/walk.h"

/*
 * Does what corpus_read does, with edge lists as the files. The options for reading text
 * (tokenizer, phrases and others) are ignored. In the report, bytes are those of the edge lists and
 * lines are walks. *walks describes the graph and the walks.
 */
int walk_corpus_read(struct corpus *corpus, const char *const *paths, size_t n_paths, bool directed,
                     const struct walk_rules *rules, const struct corpus_options *options,
                     struct w2v_text_report *report, struct w2v_walk_report *walks,
                     struct w2v_error *error);

#endif
