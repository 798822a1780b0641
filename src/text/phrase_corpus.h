/*
 * Phrases on the way into training: from a text encoded with all of its words to one in which
 * phrases are joined, with the vocabulary that was asked for.
 */
#ifndef W2V_TEXT_PHRASE_CORPUS_H
#define W2V_TEXT_PHRASE_CORPUS_H

#include "text/corpus_options.h"

/*
 * Finds and joins phrases in ids[0 .. *n_ids), then replaces *vocab, which has all words, by a
 * vocabulary of words and phrases as the options want it, and drops the tokens that are not in it.
 * Sets the report's n_distinct and what it says of phrases.
 */
int phrase_corpus(struct vocab *vocab, uint32_t *ids, size_t *n_ids,
                  const struct corpus_options *options, struct w2v_text_report *report,
                  struct w2v_error *error);

#endif
