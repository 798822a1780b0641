/*
 * Whether the tokenizer for words suits a text. From a sample, the start of every chunk: so it costs
 * nothing that can be measured, and does not depend on the number of threads.
 */
#ifndef W2V_TEXT_ADVICE_H
#define W2V_TEXT_ADVICE_H

#include <stddef.h>
#include <stdint.h>

struct w2v_text_options;

/* What was seen so far. Begin with {0}. */
struct advice {
    uint64_t n_words, n_unspaced;     /* words by UAX #29; of them letters of unicode_unspaced */
    uint64_t n_fields, n_identifiers; /* between white space; with a digit, and cut in pieces */
};

/* Looks at the start of a chunk. */
void advice_look(struct advice *advice, const char *text, size_t n_bytes);

void advice_add(struct advice *sum, const struct advice *advice);

/*
 * One line that names the option to try, where most of the text is of scripts without spaces and its
 * words are not looked for, or most of it is identifiers that are cut; else NULL. Not to be released.
 */
const char *advice_text(const struct advice *advice, const struct w2v_text_options *options);

#endif
