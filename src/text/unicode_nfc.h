/*
 * Unicode normal form C (UAX #15), alone or after case folding. Folding and composing are done so
 * that two texts that are canonical caseless matches (The Unicode Standard, D145) give the same
 * bytes: decompose, fold, decompose, put marks in order, compose.
 */
#ifndef W2V_TEXT_UNICODE_NFC_H
#define W2V_TEXT_UNICODE_NFC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

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
 * The NFC of the well-formed UTF-8 text[0 .. n_bytes), its case folded first when `fold`, in
 * w->text. Linear in the length whatever the text. 0, or W2V_ENOMEM.
 */
int unicode_nfc(struct unicode_nfc *w, const char *text, size_t n_bytes, bool fold,
                struct w2v_error *error);

/*
 * Whether the well-formed text is surely in NFC, and folding it character by character would keep
 * it so: none of its characters is UNICODE_UNSETTLED and its marks are in canonical order. Nearly
 * all text is. False says only that unicode_nfc must look.
 */
bool unicode_nfc_settled(const char *text, size_t n_bytes);

#endif
