/*
 * Fuzz target: the words of a line of queries. They lie in the line, in order, none is empty, none
 * begins or ends with a blank, and between them and around stand blanks and quotes alone. Where tabs
 * stand between words none holds one; else one that holds a blank stood in quotes.
 */
#include "cli/fields.h"
#include "fuzz/fuzz.h"

static bool has_blank(struct field field)
{
    for (size_t i = 0; i < field.n_bytes; i++)
        if (fields_is_blank(field.text[i]))
            return true;
    return false;
}

static void check_between(const char *from, const char *to, bool tabs)
{
    for (; from < to; from++)
        REQUIRE(fields_is_blank(*from) || (!tabs && *from == '"'));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    const char *line = (const char *)data, *last = line, *const end = line + n_bytes;
    struct fields fields = fields_of(line, n_bytes);
    struct field field;
    while (fields_next(&fields, &field)) {
        REQUIRE(field.n_bytes > 0 && field.text >= last && field.text + field.n_bytes <= end);
        REQUIRE(!fields_is_blank(field.text[0]) && !fields_is_blank(field.text[field.n_bytes - 1]));
        check_between(last, field.text, fields.tabs);
        last = field.text + field.n_bytes;
        if (fields.tabs)
            REQUIRE(memchr(field.text, '\t', field.n_bytes) == NULL);
        else if (has_blank(field))
            REQUIRE(field.text > line && field.text[-1] == '"' && last < end && *last == '"');
    }
    check_between(last, end, fields.tabs);
    return 0;
}
