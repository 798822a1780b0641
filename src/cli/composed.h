/* The words of queries that were made of n-grams, and the note that names them. */
#ifndef W2V_CLI_COMPOSED_H
#define W2V_CLI_COMPOSED_H

#include <stdbool.h>
#include <stddef.h>

enum { COMPOSED_NAMED = 20 /* words that a note names */ };

/* Begin with {0}. */
struct composed {
    char *words[COMPOSED_NAMED];
    size_t n_bytes[COMPOSED_NAMED];
    size_t n_named, n; /* n: those that are not named too */
};

/* Remembers a word; one that will be named already is no other. False where memory ran out. */
bool composed_add(struct composed *composed, const char *word, size_t n_bytes);

/* Says which there were, unless quiet, and forgets them. Nothing where there were none. */
void composed_tell(struct composed *composed, bool quiet);

#endif
