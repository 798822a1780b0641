/* Adding tokens to a batch. See tokenizer_batch.h. */
#include "text/tokenizer_batch.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/ascii.h"

enum { MIN_CAPACITY = 16384 };

/* Makes room for a token in t->folded, which grows only while the batch is empty. */
static int reserve_folded(struct tokenizer *t, const struct token_batch *b, size_t n_bytes,
                          struct w2v_error *error)
{
    size_t need = n_bytes + TOKEN_SPARE;
    if (t->capacity - t->n_folded >= need)
        return BATCH_ADDED;
    if (b->n > 0)
        return BATCH_FULL;
    if (need < MIN_CAPACITY)
        need = MIN_CAPACITY;
    const int rc = mem_grow(&t->folded, &t->capacity, need, 1, "a long token", error);
    return rc < 0 ? rc : BATCH_ADDED;
}

int tokenizer_add_unicode(struct tokenizer *t, struct token_batch *b, const char *text,
                          size_t n_bytes, unsigned flags, struct w2v_error *error)
{
    if (!(flags & t->respelt)) {
        batch_add(b, text, n_bytes);
        return BATCH_ADDED;
    }
    const bool moves = (flags & UNICODE_RESPELT) || t->rules.fold == UNICODE_FOLD_TURKIC;
    int rc;
    if ((flags & UNICODE_JOINER) || ((flags & UNICODE_MARK) && moves) ||
        ((flags & (UNICODE_UNSETTLED | UNICODE_MARK)) && !unicode_nfc_settled(text, n_bytes))) {
        rc = unicode_spell(&t->nfc, text, n_bytes, &t->spelling, error);
        if (rc < 0 || (rc = reserve_folded(t, b, t->nfc.n_bytes, error)) != BATCH_ADDED)
            return rc;
        n_bytes = t->nfc.n_bytes;
        memcpy(t->folded + t->n_folded, t->nfc.text, n_bytes);
    } else if (flags & t->respelt & ~(unsigned)(UNICODE_UNSETTLED | UNICODE_MARK)) {
        rc = reserve_folded(t, b, mem_product(n_bytes, UNICODE_MAX_FOLD_RATIO), error);
        if (rc != BATCH_ADDED)
            return rc;
        n_bytes = unicode_spell_settled(text, n_bytes, t->rules.fold, t->folded + t->n_folded);
    } else {
        batch_add(b, text, n_bytes);
        return BATCH_ADDED;
    }
    if (n_bytes > 0)
        batch_add(b, t->folded + t->n_folded, n_bytes);
    t->n_folded += n_bytes;
    return BATCH_ADDED;
}

int tokenizer_add_folded(struct tokenizer *t, struct token_batch *b, const char *text,
                         size_t n_bytes, struct w2v_error *error)
{
    const int rc = reserve_folded(t, b, n_bytes, error);
    if (rc != BATCH_ADDED)
        return rc;
    ascii_fold(text, n_bytes, t->folded + t->n_folded);
    batch_add(b, t->folded + t->n_folded, n_bytes);
    t->n_folded += n_bytes;
    return BATCH_ADDED;
}

size_t tokenizer_before_white(const char *text, size_t n_bytes, unsigned *flags)
{
    size_t i = 0, n;
    uint32_t cp;
    *flags = 0;
    while ((n = utf8_decode(text + i, n_bytes - i, &cp)) > 0 &&
           !(unicode_props(cp).flags & UNICODE_WHITE)) {
        *flags |= unicode_props(cp).flags;
        i += n;
    }
    return i;
}
