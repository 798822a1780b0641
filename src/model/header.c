/* The first line of word2vec's files. See header.h. */
#include "model/header.h"

#include <stdint.h>
#include <string.h>

#include "base/magic.h"
#include "base/number.h"

enum { MAX_HEADER = 100 };

struct header_field header_next(const char **at, const char *end)
{
    struct header_field field;
    while (*at < end && header_is_blank(**at))
        (*at)++;
    field.text = *at;
    while (*at < end && !header_is_blank(**at))
        (*at)++;
    field.n_bytes = (size_t)(*at - field.text);
    return field;
}

static bool is_whole_number(struct header_field field)
{
    size_t i = field.n_bytes > 0 && (field.text[0] == '-' || field.text[0] == '+');
    if (i == field.n_bytes)
        return false;
    for (; i < field.n_bytes; i++)
        if (field.text[i] < '0' || field.text[i] > '9')
            return false;
    return true;
}

size_t header_split(const void *bytes, size_t n_bytes, struct header_field fields[2])
{
    if (n_bytes == 0)
        return 0;
    const char *at = bytes;
    const size_t n_mark = magic_mark(bytes, n_bytes);
    at += n_mark;
    n_bytes -= n_mark;
    const char *lf = memchr(at, '\n', n_bytes < MAX_HEADER ? n_bytes : MAX_HEADER);
    if (lf == NULL)
        return 0;
    fields[0] = header_next(&at, lf);
    fields[1] = header_next(&at, lf);
    if (!is_whole_number(fields[0]) || !is_whole_number(fields[1]) ||
        header_next(&at, lf).n_bytes > 0)
        return 0;
    return (size_t)(lf - (const char *)bytes) + 1;
}

size_t header_size(struct header_field field)
{
    const size_t sign = field.n_bytes > 0 && field.text[0] == '+';
    uint64_t number;
    return number_parse_whole(field.text + sign, field.n_bytes - sign, &number) ? number : 0;
}
