/* Records. See record.h. */
#include "api/record.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"

static const char escaped[] = "\n\t\\", escapes[] = "nt\\";

static void append(struct record *record, const char *bytes, size_t n_bytes, bool escape)
{
    if (record->status == W2V_OK)
        record->status = mem_grow(&record->text, &record->capacity,
                                  record->n_bytes + mem_product(n_bytes, 2), 1, "a record", NULL);
    if (record->status != W2V_OK)
        return;
    for (size_t i = 0; i < n_bytes; i++) {
        const char *which = escape && bytes[i] != '\0' ? strchr(escaped, bytes[i]) : NULL;
        if (which != NULL)
            record->text[record->n_bytes++] = '\\';
        record->text[record->n_bytes++] = which != NULL ? escapes[which - escaped] : bytes[i];
    }
}

void record_add(struct record *record, const char *key, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = number_vformat(NULL, 0, format, args);
    char *value = n < 0 ? NULL : malloc((size_t)n + 1);
    if (value == NULL) {
        record->status = W2V_ENOMEM;
    } else {
        number_vformat(value, (size_t)n + 1, format, again);
        append(record, key, strlen(key), false);
        append(record, "\t", 1, false);
        append(record, value, (size_t)n, true);
        append(record, "\n", 1, false);
    }
    free(value);
    va_end(again);
    va_end(args);
}

void record_add_path(struct record *record, const char *key, const char *path)
{
    char *absolute = file_absolute(path, NULL);
    if (absolute == NULL)
        record->status = W2V_ENOMEM;
    else
        record_add(record, key, "%s", absolute);
    free(absolute);
}

void record_join(struct record *record, const struct record *other)
{
    append(record, other->text, other->n_bytes, false);
    if (other->status != W2V_OK)
        record->status = other->status;
}

void record_add_real(struct record *record, const char *key, double value)
{
    char text[NUMBER_DOUBLE_TEXT];
    number_print_double(value, text);
    record_add(record, key, "%s", text);
}

/* Undoes the escapes of a value, in place. */
static void restore(char *value)
{
    char *to = value;
    for (const char *from = value; *from != '\0'; from++) {
        const char *which = from[0] == '\\' && from[1] != '\0' ? strchr(escapes, from[1]) : NULL;
        *to++ = which != NULL ? escaped[which - escapes] : *from;
        from += which != NULL;
    }
    *to = '\0';
}

bool record_take(char **text, size_t *n_bytes, const char **key, const char **value)
{
    char *line = *text, *end = *n_bytes > 0 ? memchr(line, '\n', *n_bytes) : NULL;
    if (end == NULL)
        return false;
    char *tab = memchr(line, '\t', (size_t)(end - line));
    if (tab == NULL || tab == line || memchr(line, '\0', (size_t)(end - line)) != NULL)
        return false;
    *tab = *end = '\0';
    restore(tab + 1);
    *key = line;
    *value = tab + 1;
    *n_bytes -= (size_t)(end + 1 - line);
    *text = end + 1;
    return true;
}
