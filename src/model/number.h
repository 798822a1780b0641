/*
 * Decimal numbers in text, the same in every locale: what strtof takes in the C locale, rounded as
 * it should be, and several times faster for numbers as vector files have them.
 */
#ifndef W2V_MODEL_NUMBER_H
#define W2V_MODEL_NUMBER_H

#include <stdbool.h>
#include <stddef.h>

/* Whether all of text[0 .. n_bytes) is one number, which may be infinite or no number ("nan"). */
bool number_parse(const char *text, size_t n_bytes, float *value);

#endif
