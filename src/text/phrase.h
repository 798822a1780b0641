/*
 * Phrases: pairs of adjacent words that occur together much more often than their counts let
 * expect become one word, in several passes, so that longer ones grow. On the encoded text.
 *
 * Scores of a pair ab, with N the tokens of the text as it now is and c its counts:
 *   w2v    (c(ab) - min_count) / (c(a) c(b)) N     Mikolov et al. 2013, arXiv 1310.4546, as its
 *                                                  tool word2phrase scales it; from 0 up
 *   npmi   ln(p(ab) / (p(a) p(b))) / -ln p(ab)     Bouma 2009, "Normalized (pointwise) mutual
 *                                                  information"; -1 to 1
 * A pair is a phrase where it and both its words occur min_count times and its score is above the
 * threshold. Each line is then joined from left to right: the first pair that is a phrase is
 * joined, and the next one may begin behind it. Spellings are join.h's; what is spelt alike is the
 * same word. The result is the same for any number of threads.
 */
#ifndef W2V_TEXT_PHRASE_H
#define W2V_TEXT_PHRASE_H

#include "text/pairs.h"
#include "text/vocab.h"

struct phrase {
    uint32_t left, right, word; /* ids of phrase_book.words */
    unsigned pass;              /* from 1 */
    uint64_t count;
    double score;
};

struct phrase_book {
    struct wordtable words; /* all spellings, counted as they now stand in the text */
    struct phrase *phrases; /* by pass, then falling score */
    size_t n, capacity;
    uint64_t n_joined; /* how often any was joined in the text */
    uint32_t error;    /* the greatest error of a pair's count; 0: all exact */
};

/* The text on which the passes work. */
struct phrase_text {
    uint32_t *ids; /* n of them, ids of phrase_book.words, CORPUS_LINE_END behind a line */
    size_t n;
    uint32_t line; /* the word that stands for a line's end, or PHRASE_NO_LINE */
};
#define PHRASE_NO_LINE UINT32_MAX

/* A book with the words of a vocabulary, under their ids. */
int phrase_start(struct phrase_book *book, const struct vocab *vocab, struct w2v_error *error);
void phrase_release(struct phrase_book *book);

/* The options as they are used: no passes out of range, the score's own threshold filled in. */
int phrase_options(struct w2v_phrase_options *options, struct w2v_error *error);

/* Adds a phrase, its word and its spelling. */
int phrase_add(struct phrase_book *book, const struct phrase *phrase, struct w2v_error *error);

/*
 * Finds and joins in up to options->passes passes, until one finds none; the pairs' counts take
 * about `memory` bytes (0: no limit). Progress and threads are `settings`'.
 */
int phrase_find(struct phrase_book *book, struct phrase_text *text,
                const struct w2v_phrase_options *options, uint64_t memory,
                const struct w2v_text_options *settings, struct w2v_error *error);

/* Joins what the book already has, a pass at a time. */
int phrase_apply(struct phrase_book *book, struct phrase_text *text, unsigned threads,
                 struct w2v_error *error);

#endif
