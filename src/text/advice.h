/*
 * Whether the encoding and the tokenizer suit a text. The tokenizer is judged by a sample, the start
 * of every chunk. The sample costs nothing that can be measured, and it is the same for any number
 * of threads.
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
    uint64_t n_commas;      /* fields with a comma and a word */
};

/* Counts in the start of a chunk. */
void advice_look(struct advice *advice, const char *text, size_t n_bytes);

void advice_add(struct advice *sum, const struct advice *advice);

/*
 * One line that says what to try, or NULL. It comes in four cases: more than one byte of a hundred is
 * not UTF-8; most of the text is in scripts without spaces, and --segment is off; most of it is
 * identifiers that the tokenizer cuts; commas stand between items and do not separate them. The text is
 * a constant.
 */
const char *advice_text(const struct advice *advice, const struct w2v_text_options *options,
                        uint64_t n_bytes, uint64_t n_invalid);

#endif
