/*
 * Text as it can be shown: in one line, in a column of a row, on a terminal. Words and names may hold
 * any bytes; one with a newline or a tab would forge a row, and control characters drive a terminal.
 * So these are written as escapes, and a backslash as two, from which the text can be told again:
 *
 *   \\           a backslash
 *   \t \n \r     tab, newline, carriage return
 *   \xHH         another byte below 32, 127, or a byte of 128 to 159 that is not part of a character
 *   \u00HH       a control character of U+0080 to U+009F
 *
 * All else, bytes that are no UTF-8 included, stays as it is.
 */
#ifndef W2V_BASE_ESCAPE_H
#define W2V_BASE_ESCAPE_H

#include <stddef.h>

enum { ESCAPE_PIECE = 8 }; /* the most bytes that one character comes to */

/*
 * Writes *text, of *n_bytes, as far as it fits into `room` bytes, of which ESCAPE_PIECE or more are
 * needed, and moves on behind what was written. Returns the bytes written; no terminator.
 */
size_t escape_text(char *to, size_t room, const char **text, size_t *n_bytes);

/* All of a terminated text, cut where it does not fit, and terminated. */
void escape_line(char *to, size_t room, const char *text);

#endif
