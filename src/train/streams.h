/*
 * The streams of random numbers of training: rng_key(seed, STREAM_...). They are in one list, so
 * that no two uses share a stream. Walks have two more, in graph/walk.c.
 */
#ifndef W2V_TRAIN_STREAMS_H
#define W2V_TRAIN_STREAMS_H

enum {
    STREAM_TOKENS = 1,    /* by epoch and token: whether it is kept */
    STREAM_NEGATIVES = 2, /* by stretch: its pool of negatives */
    STREAM_INITIAL = 3,   /* by word and element: initial values of the words' rows */
    STREAM_LINES = 4,     /* by epoch and line: the order of the words of a whole line */
    STREAM_NGRAMS = 5,    /* by bucket and element: initial values of the n-grams' rows */
    STREAM_REACHES = 6    /* by stretch and block: how far its windows reach */
};

#endif
