/*
 * Phrases on the way into training: from a corpus encoded with all of its words to one in which
 * phrases are joined, with the vocabulary that was asked for.
 */
#ifndef W2V_TEXT_PHRASE_CORPUS_H
#define W2V_TEXT_PHRASE_CORPUS_H

#include "text/corpus.h"

/*
 * Finds and joins phrases in ids[0 .. corpus->n_tokens), then replaces corpus->vocab, which has all
 * words, by one of words and phrases as the options want it, and drops what is not in it. Sets
 * n_distinct, n_words and what is said of phrases in the report.
 */
int phrase_corpus(struct corpus *corpus, uint32_t *ids, const struct corpus_options *options,
                  struct w2v_text_report *report, struct w2v_error *error);

#endif
