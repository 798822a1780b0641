/*
 * Unicode normal forms C and KC (UAX #15), and the spelling of words. Folding and composing are done
 * so that canonically equivalent texts give the same bytes, and with full case folding those that
 * are canonical caseless matches (The Unicode Standard, D145): decompose, put marks in order, fold,
 * decompose, put marks in order, compose.
 */
#ifndef W2V_TEXT_UNICODE_NFC_H
#define W2V_TEXT_UNICODE_NFC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/unicode.h"

struct w2v_error;

/* Working memory that is used again from text to text. All zero is a good start. */
struct unicode_nfc {
    uint32_t *points, *spare;
    size_t n_points, points_capacity, spare_capacity;
    char *text; /* the result: n_bytes of UTF-8, valid until the next call */
    size_t n_bytes, text_capacity;
};

void unicode_nfc_release(struct unicode_nfc *w);

/*
 * The NFC of the well-formed UTF-8 text[0 .. n_bytes), its case folded first, in w->text. In LOWER
 * and TURKIC a capital sigma that ends a word, the text being one, is a final one; in TURKIC only an I
 * without any mark loses its dot: one with a dot above is i, and other accents stay on i, so that what
 * is composed (I with circumflex) and what is not come out the same. Linear in the length whatever the text. 0, or W2V_ENOMEM.
 */
int unicode_nfc(struct unicode_nfc *w, const char *text, size_t n_bytes, enum unicode_fold fold,
                struct w2v_error *error);

/* Likewise the NFKC: full-width and half-width forms, ligatures, ... as what they are forms of. */
int unicode_nfkc(struct unicode_nfc *w, const char *text, size_t n_bytes, struct w2v_error *error);

/*
 * Likewise the spelling of a word: the NFC (or, `compatible`, NFKC) of what unicode_tidy.h leaves of
 * it, its case folded. It may come to nothing. What is spelt is its own spelling.
 */
struct unicode_spelling {
    enum unicode_fold fold;
    bool compatible;
};

int unicode_spell(struct unicode_nfc *w, const char *text, size_t n_bytes,
                  const struct unicode_spelling *spelling, struct w2v_error *error);

/*
 * Whether the well-formed text is surely in NFC, and folding it character by character would keep
 * it so: none of its characters is UNICODE_UNSETTLED and its marks are in canonical order. Nearly
 * all text is. False says only that unicode_nfc must look.
 */
bool unicode_nfc_settled(const char *text, size_t n_bytes);

/*
 * Spells a settled text character by character; none of it may be UNICODE_JOINER, nor a mark be in it
 * together with something UNICODE_RESPELT or in TURKIC. `out` has room for n_bytes * UNICODE_MAX_FOLD_RATIO bytes.
 * Returns the number written.
 */
size_t unicode_spell_settled(const char *text, size_t n_bytes, enum unicode_fold fold, char *out);

#endif
