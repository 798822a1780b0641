/*
 * Text that is safe to show in a line, in a column of a row and on a terminal. Words and names may
 * hold any bytes: a newline or a tab would forge a row, and control characters would drive a
 * terminal. These are written as escapes:
 *
 *   \t \n \r     tab, newline, carriage return
 *   \xHH         other bytes below 32, 127, and bytes 128 to 159 that are not part of a character
 *   \u00HH       a control character of U+0080 to U+009F
 *
 * Everything else stays as it is, also bytes that are not UTF-8. A backslash does too. So a program that
 * reads a row has the words as they are, since words with control characters are rare.
 */
#ifndef W2V_BASE_ESCAPE_H
#define W2V_BASE_ESCAPE_H

#include <stddef.h>

enum { ESCAPE_PIECE = 8 }; /* the most bytes that one character becomes */

/*
 * Writes as much of *text (*n_bytes long) as fits into `room` bytes, without a terminator, and
 * advances *text and *n_bytes past it. Returns the bytes written. room >= ESCAPE_PIECE.
 */
size_t escape_text(char *to, size_t room, const char **text, size_t *n_bytes);

/*
 * Writes a terminated text and terminates it. If it does not fit into `room` bytes, " ... " stands for
 * its middle: a message often begins with a path and ends with what is wrong.
 */
void escape_line(char *to, size_t room, const char *text);

#endif
