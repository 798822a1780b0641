/*
 * A corpus whose tokens were joined to words gets the vocabulary of these, and their ids.
 */
#ifndef W2V_TEXT_REWORD_H
#define W2V_TEXT_REWORD_H

#include "text/corpus.h"

/*
 * The words that now stand in a corpus: ids below n. `word` gives one, its text valid until the
 * next is asked for, and how often it occurs (0: it does not, and has no text).
 */
struct reword {
    size_t n;
    int (*word)(void *context, size_t id, struct token *word, uint64_t *count,
                struct w2v_error *error);
    void *context;
};

/* A token that is gone: another word took it in. */
#define REWORD_GONE UINT32_MAX

/*
 * Renumbers ids[0 .. corpus->n_tokens), a word's id in the low 31 bits, to those of the vocabulary
 * of these words that options->text or options->vocab want (`all`: whatever they want, all of the
 * words), which replaces corpus->vocab, and drops tokens that are gone or not in it. The report's
 * n_distinct and n_words are set.
 */
int reword_corpus(struct corpus *corpus, uint32_t *ids, const struct reword *words, bool all,
                  const struct corpus_options *options, struct w2v_text_report *report,
                  struct w2v_error *error);

#endif
