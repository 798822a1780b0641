/*
 * A batch of tokens, as the kinds of tokenizer fill it. A token that is already folded and normal, as
 * nearly all are, stays where it is in the chunk; the others are written to the tokenizer's buffer
 * `folded`, which must not move while a batch points into it: when it is full the batch ends, and it
 * grows only for a token that does not fit in it by itself.
 */
#ifndef W2V_TEXT_TOKENIZER_BATCH_H
#define W2V_TEXT_TOKENIZER_BATCH_H

#include "text/tokenizer.h"

struct token_batch {
    struct token *tokens;
    size_t n, max;
};

/* What adding a token comes to; or a negative error. */
enum { BATCH_FULL = 0, BATCH_ADDED = 1 };

static inline void batch_add(struct token_batch *b, const char *text, size_t n_bytes)
{
    b->tokens[b->n++] = (struct token){text, n_bytes};
}

/*
 * Adds the token as it is or, where the flags of its characters say that it may change, as unicode_spell
 * spells it. A token of which nothing can be seen adds nothing. BATCH_FULL: the token belongs to the
 * next batch.
 */
int tokenizer_add_unicode(struct tokenizer *t, struct token_batch *b, const char *text,
                          size_t n_bytes, unsigned flags, struct w2v_error *error);

/* Adds a token of ASCII with its case folded. */
int tokenizer_add_folded(struct tokenizer *t, struct token_batch *b, const char *text,
                         size_t n_bytes, struct w2v_error *error);

/* Adds a token of ASCII alone. */
static inline int tokenizer_add_ascii(struct tokenizer *t, struct token_batch *b, const char *text,
                                      size_t n_bytes, bool has_upper, struct w2v_error *error)
{
    if (has_upper && t->rules.fold != UNICODE_FOLD_NONE)
        return tokenizer_add_folded(t, b, text, n_bytes, error);
    batch_add(b, text, n_bytes);
    return BATCH_ADDED;
}

/* The length of the text before its first white space, and the flags of its characters. */
size_t tokenizer_before_white(const char *text, size_t n_bytes, unsigned *flags);

/* The next words of the chunk (TOKENIZER_WORDS); 0 or a negative error. */
int tokenizer_words(struct tokenizer *t, struct token_batch *b, struct w2v_error *error);

#endif
