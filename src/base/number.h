/*
 * Decimal numbers in text, the same in every locale. Reading accepts what strtof accepts in the C
 * locale, but no hexadecimal numbers and not all spellings of more than 400 bytes. It rounds
 * correctly, and it is several times faster than strtof for the numbers of vector files. Printing
 * gives the fewest digits that read back as the same float. A program that uses the library may
 * set a locale in which numbers have a comma, so the library must read and write all numbers
 * through these functions.
 */
#ifndef W2V_BASE_NUMBER_H
#define W2V_BASE_NUMBER_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* Whether all of text[0 .. n_bytes) is one number. "inf" and "nan" are numbers too. */
bool number_parse(const char *text, size_t n_bytes, float *value);

/*
 * Reads a number in plain notation, as "-0.125" or "1.5e-3", at the beginning of text .. end and
 * returns where it ends. NULL means that number_parse has to decide: it is in another notation, is
 * hard to round, or is no number.
 */
const char *number_scan(const char *text, const char *end, float *value);

enum { NUMBER_TEXT = 24 };

/*
 * Writes a number with the fewest digits that read back as the same float, and no terminator. If
 * several such numbers exist, the nearest is taken. Returns the bytes written.
 */
size_t number_print(float value, char text[NUMBER_TEXT]);

/* ---- Whole numbers ---- */

/*
 * Reads the digits at the beginning of text[0 .. n_bytes) and returns how many there are. A number that
 * does not fit into 64 bits becomes UINT64_MAX. *fits tells whether it does.
 */
size_t number_digits(const char *text, size_t n_bytes, uint64_t *value, bool *fits);

/* Whether all of the text is digits of a number that fits into 64 bits. */
bool number_parse_whole(const char *text, size_t n_bytes, uint64_t *value);

/* ---- Double precision, for options and records. These functions are slow. ---- */

/* number_parse for a double. */
bool number_parse_double(const char *text, size_t n_bytes, double *value);

enum { NUMBER_DOUBLE_TEXT = 40 };

/*
 * Writes the fewest digits of %g that read back as the same double, and a terminator. Whole numbers
 * below 10^15 have no exponent.
 */
void number_print_double(double value, char text[NUMBER_DOUBLE_TEXT]);

/* snprintf and vsnprintf in the C locale. */
int number_format(char *text, size_t n, const char *format, ...) W2V_PRINTF(3, 4);
int number_vformat(char *text, size_t n, const char *format, va_list args) W2V_PRINTF(3, 0);

#endif
