/*
 * Finds words in text without spaces, from statistics of that text alone.
 *
 * 1. Candidates are n-grams of 2 to 6 units. The text continues more freely after a word than
 *    inside it, so the branching entropy grows when the last unit is added, and likewise on the left
 *    when the first unit is added. Let v be the sum of both increases, minus the mean of this sum over
 *    all n-grams of the same length. A candidate has v > 0 (Magistry and Sagot 2012, "Unsupervized
 *    word segmentation: the case for Mandarin Chinese").
 * 2. Each run is cut into words so that the sum of v x length is greatest.
 * 3. The counts of these words give a model with independent probabilities. Each run is cut again
 *    along its best path (Viterbi) and the words are counted again; this is repeated a few times.
 *    The score of a word is log2(probability) - price x (length - 1) + v / 2. Without the price,
 *    long words, mostly frequent phrases, would take the place of their parts. Words that have
 *    become rare are dropped.
 *
 * All scores are integers, and the order of computation does not matter, so the words are the same
 * for any number of threads, any memory and any machine. The memory needed is 8 bytes a token and
 * 60 to 100 bytes for each n-gram that occurs five times or more. 100 MB of Chinese have 34 million
 * tokens and 2 million such n-grams.
 */
#ifndef W2V_TEXT_SEGMENT_H
#define W2V_TEXT_SEGMENT_H

#include "text/ids.h"
#include "text/ngrams.h"

/* The words, which are n-grams or single units, with their counts in the text. */
struct segment_words {
    struct ngrams ngrams;
    uint64_t *counts; /* (ngrams.n), by id; 0: not a word */
};

/* Begin with {0}. */
void segment_release(struct segment_words *words);

/*
 * Learns words from tokens[0 .. n_tokens) and joins the tokens to them. The tokens are a stream as
 * in ngrams.h, with units below n_units, and CORPUS_LINE_END marks the end of a line. The first
 * token of a word becomes the word's id, with CORPUS_LINE_END if its last unit had it; its other
 * tokens become CORPUS_GONE. `starts` and `memory` are as for ngrams_count.
 */
int segment_tokens(struct segment_words *words, uint32_t *tokens, size_t n_tokens, size_t n_units,
                   const struct w2v_text_options *options, uint64_t memory, uint32_t *starts,
                   struct w2v_error *error);

#endif
