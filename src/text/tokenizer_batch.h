/*
 * A batch of tokens, which the kinds of tokenizer fill. Most tokens are already folded and
 * normalized and stay where they are in the chunk. The others are written to the tokenizer's buffer
 * `folded`. The buffer must not move while the batch points into it. So the batch ends when the
 * buffer is full, and the buffer grows only if one token is larger than it.
 */
#ifndef W2V_TEXT_TOKENIZER_BATCH_H
#define W2V_TEXT_TOKENIZER_BATCH_H

#include "text/tokenizer.h"

struct token_batch {
    struct token *tokens;
    size_t n, max;
};

/* The result of adding a token, if it is not a negative code. */
enum { BATCH_FULL = 0, BATCH_ADDED = 1 };

static inline void batch_add(struct token_batch *b, const char *text, size_t n_bytes)
{
    b->tokens[b->n++] = (struct token){text, n_bytes};
}

/*
 * Adds a token. `flags` is the union of its characters' flags. If they say that the token may
 * change, it is added as unicode_spell spells it; if it is wholly invisible, nothing is added.
 * BATCH_FULL means that the token must go into the next batch.
 */
int tokenizer_add_unicode(struct tokenizer *t, struct token_batch *b, const char *text,
                          size_t n_bytes, unsigned flags, struct w2v_error *error);

/* Adds a token of ASCII and folds its case. */
int tokenizer_add_folded(struct tokenizer *t, struct token_batch *b, const char *text,
                         size_t n_bytes, struct w2v_error *error);

/* Adds a token of ASCII and folds its case if the rules say so. */
static inline int tokenizer_add_ascii(struct tokenizer *t, struct token_batch *b, const char *text,
                                      size_t n_bytes, bool has_upper, struct w2v_error *error)
{
    if (has_upper && t->rules.fold != UNICODE_FOLD_NONE)
        return tokenizer_add_folded(t, b, text, n_bytes, error);
    batch_add(b, text, n_bytes);
    return BATCH_ADDED;
}

/* The length of the text before its first white space. *flags is the union of its flags. */
size_t tokenizer_before_white(const char *text, size_t n_bytes, unsigned *flags);

/* The next words of the chunk (TOKENIZER_WORDS); 0 or a negative error. */
int tokenizer_words(struct tokenizer *t, struct token_batch *b, struct w2v_error *error);

#endif
