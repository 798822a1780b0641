/*
 * Phrases: two adjacent words that occur together much more often than their counts suggest become
 * one word. This is done in several passes over the encoded text, so that phrases can grow longer.
 *
 * The scores of a pair ab, where N is the current number of tokens and c are current counts:
 *   w2v    (c(ab) - min_count) / (c(a) c(b)) N     Mikolov et al. 2013, arXiv 1310.4546, scaled as
 *                                                  in their tool word2phrase; 0 and above
 *   npmi   ln(p(ab) / (p(a) p(b))) / -ln p(ab)     Bouma 2009, "Normalized (pointwise) mutual
 *                                                  information"; -1 to 1
 * A pair is a phrase if the pair and both words occur min_count times and the score is above the
 * threshold. Phrases are joined in each line from left to right; after one phrase the next may
 * begin with the following word. join.h spells them, and equal spellings are the same word. The
 * result is the same for any number of threads.
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
    struct wordtable words; /* all words and phrases, with their current counts in the text */
    struct phrase *phrases; /* (n), by pass, then falling score */
    size_t n, capacity;
    uint64_t n_joined; /* the occurrences of phrases that were joined */
    uint32_t error;    /* the largest error of a pair's count; 0: all are exact */
};

/* The text on which the passes work. */
struct phrase_text {
    uint32_t *ids; /* (n), an encoded text (ids.h) with the ids of phrase_book.words */
    size_t n;
    uint32_t line; /* the word that stands for a line end, or PHRASE_NO_LINE */
};
#define PHRASE_NO_LINE UINT32_MAX

/* Makes a book of the words of a vocabulary, which keep their ids. */
int phrase_start(struct phrase_book *book, const struct vocab *vocab, struct w2v_error *error);
void phrase_release(struct phrase_book *book);

/* Fills in the default threshold of the score, and the least count that has a meaning. */
void phrase_settle(struct w2v_phrase_options *options);

/* W2V_EARG if the options, which are settled, contradict each other. */
int phrase_check(const struct w2v_phrase_options *options, struct w2v_error *error);

/* Adds a phrase and its word. `phrase->word` is set here. */
int phrase_add(struct phrase_book *book, const struct phrase *phrase, struct w2v_error *error);

/*
 * Finds and joins phrases in up to options->passes passes; a pass that finds none is the last. The
 * counts of pairs take about `memory` bytes (0: no limit). `settings` has the threads and the
 * progress function.
 */
int phrase_find(struct phrase_book *book, struct phrase_text *text,
                const struct w2v_phrase_options *options, uint64_t memory,
                const struct w2v_text_options *settings, struct w2v_error *error);

/* Joins the phrases that the book has, pass by pass. */
int phrase_apply(struct phrase_book *book, struct phrase_text *text, unsigned threads,
                 struct w2v_error *error);

#endif
