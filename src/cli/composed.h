/* The words of queries that were composed of n-grams, and the note that names them. */
#ifndef W2V_CLI_COMPOSED_H
#define W2V_CLI_COMPOSED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "w2v.h"

enum { COMPOSED_NAMED = 20 /* words that a note names at most */ };

/* Begin with the model alone. */
struct composed {
    const struct w2v_model *model;
    char *words[COMPOSED_NAMED];
    size_t n_bytes[COMPOSED_NAMED];
    int64_t folded[COMPOSED_NAMED]; /* the same word in another case; negative: none */
    size_t n_named;
    bool more; /* there are words that are not named; they are not counted */
};

/* Adds a word, unless it is among the named ones. False: out of memory. */
bool composed_add(struct composed *composed, const char *word, size_t n_bytes);

/* Prints the note, unless `quiet` or there are no words, and empties the list. */
void composed_tell(struct composed *composed, bool quiet);

#endif
