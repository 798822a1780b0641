/* Makes the vocabulary of a text whose tokens were joined to words, and gives the text its ids. */
#ifndef W2V_TEXT_REWORD_H
#define W2V_TEXT_REWORD_H

#include "text/ids.h"
#include "text/vocab.h"

/* The words of the text, which have ids 0 .. n - 1, and which of them to keep. */
struct reword {
    size_t n;
    /*
     * Gives the spelling and the count of one word. The spelling is valid until the next call. A
     * word that does not occur has count 0 and no spelling.
     */
    int (*word)(void *context, size_t id, struct token *word, uint64_t *count,
                struct w2v_error *error);
    void *context;
    struct vocab_rules rules;
    const struct wordtable *given; /* choose from these words and counts instead, unless NULL */
    unsigned threads;
};

/*
 * Makes a vocabulary of `words` by their rules and replaces *vocab by it. Renumbers ids[0 ..
 * *n_ids) to its ids, and drops CORPUS_GONE and all tokens that are not in it. *n_distinct becomes
 * the number of different words before any is dropped. After a failure *vocab is as it was.
 */
int reword_ids(struct vocab *vocab, uint32_t *ids, size_t *n_ids, const struct reword *words,
               uint64_t *n_distinct, struct w2v_error *error);

#endif
