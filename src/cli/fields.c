/* The words of a line of queries. See fields.h. */
#include "cli/fields.h"

#include <string.h>

bool fields_is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* The number of bytes of the blank at `at`: 1, 3 for U+3000 (the blank of Chinese and Japanese), 0: none. */
static size_t blank_at(const char *at, const char *end)
{
    if (fields_is_blank(*at))
        return 1;
    return end - at >= 3 && memcmp(at, "\xE3\x80\x80", 3) == 0 ? 3 : 0;
}

struct fields fields_of(const char *line, size_t n_bytes)
{
    struct fields fields = {.at = line, .end = line + n_bytes};
    const char *start = line, *end = fields.end;
    while (start < end && fields_is_blank(*start))
        start++;
    /* "new york<TAB>" is one word: a tab after the last word counts, a tab before the first does not. */
    fields.tabs = start < end && memchr(start, '\t', (size_t)(end - start)) != NULL;
    return fields;
}

static bool next_between_tabs(struct fields *fields, struct field *field)
{
    while (fields->at < fields->end) {
        const char *start = fields->at;
        const char *tab = memchr(start, '\t', (size_t)(fields->end - start));
        const char *end = tab != NULL ? tab : fields->end;
        fields->at = tab != NULL ? tab + 1 : fields->end;
        while (start < end && fields_is_blank(*start))
            start++;
        while (start < end && fields_is_blank(end[-1]))
            end--;
        *field = (struct field){start, (size_t)(end - start)};
        if (start < end)
            return true;
    }
    return false;
}

/* The quote that closes the one at `open`: it follows a word, and a blank or the end follows it. */
static const char *find_close(struct fields *fields, const char *open)
{
    if (fields->no_quote || open + 1 == fields->end || fields_is_blank(open[1]))
        return NULL;
    for (const char *c = open + 2; c < fields->end; c++)
        if (*c == '"' && !fields_is_blank(c[-1]) &&
            (c + 1 == fields->end || blank_at(c + 1, fields->end) > 0))
            return c;
    fields->no_quote = true;
    return NULL;
}

static bool next_between_blanks(struct fields *fields, struct field *field)
{
    size_t n;
    while (fields->at < fields->end && (n = blank_at(fields->at, fields->end)) > 0)
        fields->at += n;
    if (fields->at == fields->end)
        return false;
    const char *start = fields->at, *end = start;
    while (end < fields->end && blank_at(end, fields->end) == 0)
        end++;
    const char *close = *start == '"' ? find_close(fields, start) : NULL;
    if (close != NULL && close >= end) {
        *field = (struct field){start + 1, (size_t)(close - start) - 1};
        fields->at = close + 1;
    } else {
        *field = (struct field){start, (size_t)(end - start)};
        fields->at = end;
    }
    return true;
}

bool fields_next(struct fields *fields, struct field *field)
{
    return fields->tabs ? next_between_tabs(fields, field) : next_between_blanks(fields, field);
}
