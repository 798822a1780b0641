/*
 * Phrases in a corpus for training: takes a text encoded with all its words, joins phrases, and
 * leaves the vocabulary that the options ask for.
 */
#ifndef W2V_TEXT_PHRASE_CORPUS_H
#define W2V_TEXT_PHRASE_CORPUS_H

#include "text/corpus_options.h"

/*
 * Finds and joins phrases in ids[0 .. *n_ids). Then replaces *vocab, which has all words, by the
 * vocabulary of words and phrases that the options ask for, and drops all tokens that are not in
 * it. Sets n_distinct, n_phrases, n_joined and phrase_error in the report.
 */
int phrase_corpus(struct vocab *vocab, uint32_t *ids, size_t *n_ids,
                  const struct corpus_options *options, struct w2v_text_report *report,
                  struct w2v_error *error);

#endif
