/* Errors: formatting into the caller's struct. See error.h. */
#include "base/error.h"

#include <errno.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/escape.h"
#include "base/number.h"

/* A line before it is shortened to a message. It may name two files. */
enum { LINE = 2 * PATH_MAX + sizeof((struct w2v_error *)0)->message };

int error_set(struct w2v_error *error, int code, const char *format, ...)
{
    char line[LINE];
    if (error == NULL)
        return code;
    va_list args;
    va_start(args, format);
    error->code = code;
    number_vformat(line, sizeof line, format, args);
    va_end(args);
    escape_line(error->message, sizeof error->message, line);
    return code;
}

void error_append(struct w2v_error *error, const char *format, ...)
{
    char line[LINE];
    if (error == NULL)
        return;
    const size_t n = strlen(error->message);
    memcpy(line, error->message, n); /* escaped text has nothing to escape */
    va_list args;
    va_start(args, format);
    number_vformat(line + n, sizeof line - n, format, args);
    va_end(args);
    escape_line(error->message, sizeof error->message, line);
}

int error_copy(struct w2v_error *error, const struct w2v_error *other)
{
    if (error != NULL && error != other)
        *error = *other;
    return other->code;
}

int error_system(struct w2v_error *error, const char *path, const char *what)
{
    int number = errno;
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    return error_set(error, number == ENOMEM ? W2V_ENOMEM : W2V_EIO, "%s: %s: %s",
                     path[0] != '\0' ? path : "a file without a name", what, reason);
}

int error_memory(struct w2v_error *error, const char *what, size_t n_bytes)
{
    return error_set(error, W2V_ENOMEM, "out of memory for %s (%zu bytes)", what, n_bytes);
}
