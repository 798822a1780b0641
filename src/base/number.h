/*
 * Decimal numbers in text, the same in every locale: what strtof takes in the C locale, rounded as
 * it should be, and several times faster for numbers as vector files have them; and the way back,
 * the fewest digits that read as the same float. A program that uses the library may set a locale
 * in which numbers have a comma, so the library neither reads nor writes a number by other means.
 */
#ifndef W2V_BASE_NUMBER_H
#define W2V_BASE_NUMBER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

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

/* ---- In double precision: not fast, for options and records. ---- */

/* As number_parse. */
bool number_parse_double(const char *text, size_t n_bytes, double *value);

enum { NUMBER_DOUBLE_TEXT = 40 };

/* The fewest digits of %g that read back as the same double, terminated. */
void number_print_double(double value, char text[NUMBER_DOUBLE_TEXT]);

/* snprintf and vsnprintf in the C locale. */
int number_format(char *text, size_t n, const char *format, ...) W2V_PRINTF(3, 4);
int number_vformat(char *text, size_t n, const char *format, va_list args) W2V_PRINTF(3, 0);

#endif
