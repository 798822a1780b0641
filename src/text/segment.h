/*
 * Words in text that has no spaces, found by statistics of that text alone.
 *
 * 1. Candidates are n-grams of 2 to 6 units behind which the text goes on more freely than within
 *    them, at both ends: the branching entropy grows when the last unit is added, and the first
 *    (its variation, less the mean of its length: Magistry and Sagot 2012, "Unsupervized word
 *    segmentation: the case for Mandarin Chinese").
 * 2. Each run is cut where the sum of the variations, times the lengths, is greatest.
 * 3. From the counts of that a model of words with independent probabilities is made; each run is
 *    cut along its best path (Viterbi), and the words are counted anew, a few times. A word's score
 *    is the logarithm of its probability, less a price for each unit beyond the first (else long
 *    words, frequent phrases above all, take what belongs to their parts), and half its variation.
 *    Words that have become rare are given up.
 *
 * All scores are integers and no order of computation shows: the same words for any number of
 * threads, any memory and any machine. What it costs: 8 bytes a token, and 60 to 100 bytes an
 * n-gram of five occurrences or more (in 100 MB of Chinese 34 million tokens and 2 million of these).
 */
#ifndef W2V_TEXT_SEGMENT_H
#define W2V_TEXT_SEGMENT_H

#include "text/ids.h"
#include "text/ngrams.h"

/* The words: ids of `ngrams`, units alone among them, and how often each stands in the text. */
struct segment_words {
    struct ngrams ngrams;
    uint64_t *counts; /* ngrams.n; 0: not a word */
};

/* Begin with {0}. */
void segment_release(struct segment_words *words);

/*
 * Learns words from tokens[0 .. n_tokens), a stream as in ngrams.h of units below n_units whose
 * highest bit marks the end of a line, and rewrites it: the first token of a word becomes the
 * word's id, with the highest bit if its last unit had it, the others CORPUS_GONE. `starts`, of
 * n_tokens, is room to work in; `memory` as for ngrams_count.
 */
int segment_tokens(struct segment_words *words, uint32_t *tokens, size_t n_tokens, size_t n_units,
                   const struct w2v_text_options *options, uint64_t memory, uint32_t *starts,
                   struct w2v_error *error);

#endif
