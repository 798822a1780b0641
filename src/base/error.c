/* Errors: formatting into the caller's struct. See error.h. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

int error_set(struct w2v_error *error, int code, const char *format, ...)
{
    if (error == NULL)
        return code;
    va_list args;
    va_start(args, format);
    error->code = code;
    number_vformat(error->message, sizeof error->message, format, args);
    va_end(args);
    /* One line, whatever a path or word holds. */
    for (char *c = error->message; *c != '\0'; c++)
        if ((unsigned char)*c < ' ')
            *c = '?';
    return code;
}

int error_system(struct w2v_error *error, const char *path, const char *what)
{
    int number = errno;
    char reason[128];
    if (strerror_r(number, reason, sizeof reason) != 0)
        snprintf(reason, sizeof reason, "error %d", number);
    return error_set(error, number == ENOMEM ? W2V_ENOMEM : W2V_EIO, "%s: %s: %s", path, what,
                     reason);
}

int error_memory(struct w2v_error *error, const char *what, size_t n_bytes)
{
    return error_set(error, W2V_ENOMEM, "out of memory for %s (%zu bytes)", what, n_bytes);
}
