/*
 * A text whose tokens were joined to words gets the vocabulary of these words, and their ids.
 */
#ifndef W2V_TEXT_REWORD_H
#define W2V_TEXT_REWORD_H

#include "text/ids.h"
#include "text/vocab.h"

/* The words that now stand in a text, under ids below n, and which of them to keep. */
struct reword {
    size_t n;
    /*
     * Gives one word and how often it occurs. The text is valid until the next word is asked for.
     * A word that does not occur has the count 0 and no text.
     */
    int (*word)(void *context, size_t id, struct token *word, uint64_t *count,
                struct w2v_error *error);
    void *context;
    struct vocab_rules rules;
    const struct wordtable *given; /* choose among these words and counts instead; NULL: none */
    unsigned threads;
};

/*
 * Renumbers ids[0 .. *n_ids) to the ids of the vocabulary that the rules make of these words, and
 * drops the tokens that are gone (CORPUS_GONE) or not in it. The new vocabulary replaces *vocab;
 * *n_distinct is the number of different words before any was dropped. After a failure *vocab is
 * as it was.
 */
int reword_ids(struct vocab *vocab, uint32_t *ids, size_t *n_ids, const struct reword *words,
               uint64_t *n_distinct, struct w2v_error *error);

#endif
