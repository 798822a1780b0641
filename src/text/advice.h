/*
 * Whether the tokenizer for words suits a text. The answer comes from a sample, the start of every
 * chunk. So it costs no measurable time and does not depend on the number of threads.
 */
#ifndef W2V_TEXT_ADVICE_H
#define W2V_TEXT_ADVICE_H

#include <stddef.h>
#include <stdint.h>

struct w2v_text_options;

/* The counts so far. Begin with {0}. */
struct advice {
    uint64_t n_words;       /* words by UAX #29 */
    uint64_t n_unspaced;    /* words that are letters of a script without spaces */
    uint64_t n_fields;      /* fields, which white space separates, with a word in them */
    uint64_t n_identifiers; /* fields with a digit that consist of several words */
};

/* Counts in the start of a chunk. */
void advice_look(struct advice *advice, const char *text, size_t n_bytes);

void advice_add(struct advice *sum, const struct advice *advice);

/*
 * One line that names an option to try, or NULL. It is given if most of the text is in scripts
 * without spaces and the options do not segment it, or if most of it is identifiers that the
 * tokenizer cuts. The string is a constant.
 */
const char *advice_text(const struct advice *advice, const struct w2v_text_options *options);

#endif
