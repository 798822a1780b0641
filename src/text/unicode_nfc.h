/*
 * Unicode normal forms C and KC (UAX #15), and the spelling of words. The steps are: decompose,
 * order the marks, fold, decompose, order the marks, compose. So canonically equivalent texts give
 * the same bytes. With full case folding, so do canonical caseless matches (The Unicode Standard,
 * D145).
 */
#ifndef W2V_TEXT_UNICODE_NFC_H
#define W2V_TEXT_UNICODE_NFC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/unicode.h"

struct w2v_error;

/* Working memory that is used again for the next text. Begin with {0}. */
struct unicode_nfc {
    uint32_t *points, *spare;
    size_t n_points, points_capacity, spare_capacity;
    char *text; /* the result: n_bytes of UTF-8, valid until the next call */
    size_t n_bytes, text_capacity;
};

void unicode_nfc_release(struct unicode_nfc *w);

/*
 * Sets w->text to the NFC of text[0 .. n_bytes), which is well-formed UTF-8, after folding its
 * case.
 *
 * The text counts as one word: in LOWER and TURKIC a capital sigma at its end becomes a final
 * sigma. In TURKIC, I without any mark becomes the dotless i. I with a dot above becomes i, and I
 * with another accent becomes i with that accent, so that composed letters (I with circumflex) and
 * decomposed ones give the same result.
 *
 * The time is linear in the length of any text. Returns 0 or W2V_ENOMEM.
 */
int unicode_nfc(struct unicode_nfc *w, const char *text, size_t n_bytes, enum unicode_fold fold,
                struct w2v_error *error);

/* The same for NFKC without folding: full-width forms, ligatures, ... become plain characters. */
int unicode_nfkc(struct unicode_nfc *w, const char *text, size_t n_bytes, struct w2v_error *error);

/*
 * Sets w->text to the spelling of a word: tidied (unicode_tidy.h), folded, in NFC, or in NFKC if
 * `compatible`. The spelling may be empty. Spelling it again changes nothing.
 */
struct unicode_spelling {
    enum unicode_fold fold;
    bool compatible;
};

int unicode_spell(struct unicode_nfc *w, const char *text, size_t n_bytes,
                  const struct unicode_spelling *spelling, struct w2v_error *error);

/*
 * Whether the well-formed text is settled: no character is UNICODE_UNSETTLED and the marks are in
 * canonical order. A settled text is in NFC and stays in NFC when it is folded character by
 * character. Nearly all text is settled. If it is not, it may still be in NFC.
 */
bool unicode_nfc_settled(const char *text, size_t n_bytes);

/*
 * Spells a settled text character by character. It must have no UNICODE_JOINER. It must have no
 * mark if the folding is TURKIC or if a character is UNICODE_RESPELT. `out` has room for n_bytes *
 * UNICODE_MAX_FOLD_RATIO bytes. Returns the number of bytes written.
 */
size_t unicode_spell_settled(const char *text, size_t n_bytes, enum unicode_fold fold, char *out);

#endif
