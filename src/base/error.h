/*
 * Errors: a code from w2v.h's list and one line of text, in a struct that the caller owns. The
 * first error of a job counts; the function that detects it writes the whole line.
 */
#ifndef W2V_BASE_ERROR_H
#define W2V_BASE_ERROR_H

#include "w2v.h"

#if defined(__GNUC__)
#define W2V_PRINTF(string, first) __attribute__((__format__(__printf__, string, first)))
#else
#define W2V_PRINTF(string, first)
#endif

/* The plural ending of a noun behind a number: "%zu row%s". */
static inline const char *error_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/*
 * Sets *error (which may be NULL) and returns `code`. This function escapes the line (escape.h), so
 * no argument may be escaped already, as the message of another error is. It shortens a long line in the
 * middle.
 */
int error_set(struct w2v_error *error, int code, const char *format, ...) W2V_PRINTF(3, 4);

/* Appends text to the message, escaped and shortened likewise. */
void error_append(struct w2v_error *error, const char *format, ...) W2V_PRINTF(2, 3);

/* Copies `other` to *error (which may be NULL) and returns its code. */
int error_copy(struct w2v_error *error, const struct w2v_error *other);

/* "path: what: strerror(errno)". Returns W2V_ENOMEM if errno is ENOMEM, else W2V_EIO. */
int error_system(struct w2v_error *error, const char *path, const char *what);

/* W2V_ENOMEM: "out of memory for WHAT (N bytes)". */
int error_memory(struct w2v_error *error, const char *what, size_t n_bytes);

#endif
