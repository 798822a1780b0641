/*
 * Errors: a code from w2v.h's list and one line of text, in a struct of the caller's. The first
 * error of a job is the one that counts; whoever detects it writes the whole line.
 */
#ifndef W2V_BASE_ERROR_H
#define W2V_BASE_ERROR_H

#include "w2v.h"

#if defined(__GNUC__)
#define W2V_PRINTF(string, first) __attribute__((__format__(__printf__, string, first)))
#else
#define W2V_PRINTF(string, first)
#endif

/* The ending of a noun in the plural: "%zu row%s". */
static inline const char *error_s(uint64_t n)
{
    return n == 1 ? "" : "s";
}

/*
 * Sets *error (which may be NULL) and returns `code`. The line is escaped (escape.h), so `format` and
 * its arguments are texts as they are, never a message of another error. One too long is cut.
 */
int error_set(struct w2v_error *error, int code, const char *format, ...) W2V_PRINTF(3, 4);

/* Appends likewise to the message, which is cut where there is no room for both. */
void error_append(struct w2v_error *error, const char *format, ...) W2V_PRINTF(2, 3);

/* Makes *error (which may be NULL) what `other` is, and returns its code. */
int error_copy(struct w2v_error *error, const struct w2v_error *other);

/* W2V_EIO, or W2V_ENOMEM where errno says so: "path: what: strerror(errno)". */
int error_system(struct w2v_error *error, const char *path, const char *what);

/* W2V_ENOMEM: "out of memory for WHAT (N bytes)". */
int error_memory(struct w2v_error *error, const char *what, size_t n_bytes);

#endif
