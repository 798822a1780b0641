/*
 * Decimal numbers in text, the same in every locale: what strtof takes in the C locale, rounded as
 * it should be, and several times faster for numbers as vector files have them; and the way back,
 * the fewest digits that read as the same float.
 */
#ifndef W2V_MODEL_NUMBER_H
#define W2V_MODEL_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether all of text[0 .. n_bytes) is one number, which may be infinite or no number ("nan"). */
bool number_parse(const char *text, size_t n_bytes, float *value);

/*
 * The number at the beginning of text .. end, if it is a plain one, "-0.125" or "1.5e-3": returns
 * where it ends. NULL where it is none or not a plain one, which number_parse decides.
 */
const char *number_scan(const char *text, const char *end, float *value);

enum { NUMBER_TEXT = 24 };

/*
 * Writes a number in the fewest digits that read back as the same float, the nearest to it of
 * those; no terminator. Returns the bytes written.
 */
size_t number_print(float value, char text[NUMBER_TEXT]);

#endif
