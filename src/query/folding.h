/*
 * Words compared without regard to case: words that are equal when they are folded and spelt as the
 * tokenizer spells them (full case folding, composed form, unicode_tidy.h) are one word, and the
 * first of them, the most frequent, stands for all. Words that are not UTF-8 are compared as they
 * are. The public functions are in w2v.h.
 */
#ifndef W2V_QUERY_FOLDING_H
#define W2V_QUERY_FOLDING_H

#include "base/hash.h"
#include "model/model.h"
#include "text/unicode_nfc.h"

struct w2v_folding {
    const struct w2v_model *model;
    uint32_t *first;    /* (V): the first word that is equal to this one when folded */
    uint32_t *slots;    /* hash table of those: id + 1, or 0 where it is empty */
    uint64_t *hashes;   /* (V), of words folded */
    size_t n_slots;     /* a power of two, at least twice V */
    struct hash_key by; /* of the slots, so that no model can have words collide */
};

#endif
