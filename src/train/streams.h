/* The streams of random numbers under a run's seed: rng_key(seed, STREAM_...). One list, so that no
 * two draws share a stream. */
#ifndef W2V_TRAIN_STREAMS_H
#define W2V_TRAIN_STREAMS_H

enum {
    STREAM_TOKENS =
        1, /* per epoch, then by place in the corpus: what is kept, how far it reaches */
    STREAM_NEGATIVES = 2, /* per stretch: its pool of negatives */
    STREAM_INITIAL = 3,   /* by row and element: the initial values */
    STREAM_LINES = 4,     /* per epoch and line: the order of a whole line's words */
    STREAM_NGRAMS = 5     /* by bucket and element: the initial values of n-grams */
};

#endif
