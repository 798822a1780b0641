/*
 * A corpus whose tokens were joined to words gets the vocabulary of these, and their ids.
 */
#ifndef W2V_TEXT_REWORD_H
#define W2V_TEXT_REWORD_H

#include "text/corpus.h"

/*
 * The words that now stand in a corpus: ids below n with their counts (0: does not occur). `spell`
 * gives the old ids that word `id` consists of, REWORD_MOST at the most, and returns how many; it
 * is written without anything between them.
 */
enum { REWORD_MOST = 16 };
struct reword {
    size_t n;
    const uint64_t *counts;
    size_t (*spell)(const void *context, size_t id, uint32_t *parts);
    const void *context;
};

/* A token that is gone: another word took it in. */
#define REWORD_GONE UINT32_MAX

/*
 * Replaces corpus->vocab, which has the old words, by one of the new words, as options->text or
 * options->vocab want it (all of them where phrases are yet to be found), and renumbers ids[0 .. corpus->n_tokens), a word's id in the low 31
 * bits, dropping those that are gone or not in the vocabulary. The report's n_tokens, n_distinct
 * and n_words are set.
 */
int reword_corpus(struct corpus *corpus, uint32_t *ids, const struct reword *words,
                  const struct corpus_options *options, struct w2v_text_report *report,
                  struct w2v_error *error);

#endif
