/*
 * Words compared without regard to case. Words are the same if they are equal after folding them
 * and spelling them as the tokenizer does (full case folding, composed form, unicode_tidy.h). The
 * first of them in the model stands for all. Words that are not UTF-8 are compared
 * byte by byte. The public functions are in w2v.h.
 */
#ifndef W2V_QUERY_FOLDING_H
#define W2V_QUERY_FOLDING_H

#include "base/hash.h"
#include "model/model.h"
#include "text/unicode_nfc.h"

struct w2v_folding {
    const struct w2v_model *model;
    uint32_t *first;    /* (V): the first word that is the same when folded */
    uint32_t *slots;    /* hash table of these first words: id + 1, or 0 if empty */
    uint64_t *hashes;   /* (V), of the folded words */
    size_t n_slots;     /* a power of two, at least twice V */
    struct hash_key by; /* key of the hashes, so that no model can make words collide */
};

#endif
