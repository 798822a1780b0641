/* Whether the encoding and the tokenizer suit a text. See advice.h. */
#include "text/advice.h"

#include <stdbool.h>

#include "base/utf8.h"
#include "text/unicode.h"
#include "text/unicode_break.h"
#include "w2v.h"

enum {
    SAMPLE = 4096,     /* bytes of a chunk that are examined */
    LEAST = 4,         /* fewer words, fields or bytes than this prove nothing */
    MOST_INVALID = 100 /* of so many bytes of UTF-8, no more than one is damaged */
};

/* The counts of one field. */
struct field_counts {
    unsigned n_words, n_unspaced;
    bool has_digit, has_comma;
};

static void end_field(struct advice *advice, struct field_counts *field)
{
    advice->n_words += field->n_words;
    advice->n_unspaced += field->n_unspaced;
    advice->n_fields += field->n_words > 0;
    advice->n_commas += field->has_comma && field->n_words > 0;
    advice->n_identifiers += field->has_digit && field->n_words > 1 && field->n_unspaced == 0;
    *field = (struct field_counts){0};
}

void advice_look(struct advice *advice, const char *text, size_t n_bytes)
{
    struct field_counts field = {0};
    unsigned flags;
    uint32_t cp;
    if (n_bytes > SAMPLE)
        n_bytes = SAMPLE;
    for (size_t i = 0, n; i < n_bytes; i += n) {
        n = utf8_decode(text + i, n_bytes - i, &cp);
        if (n == 0 || cp == 0 || (unicode_props(cp).flags & UNICODE_WHITE)) {
            end_field(advice, &field);
            n += n == 0;
            continue;
        }
        n = unicode_break_word(text + i, n_bytes - i, &flags);
        field.n_words += (flags & UNICODE_WORD) != 0;
        field.n_unspaced += unicode_unspaced(cp);
        for (size_t k = 0; k < n; k++) {
            field.has_digit |= text[i + k] >= '0' && text[i + k] <= '9';
            field.has_comma |= text[i + k] == ',';
        }
    }
    end_field(advice, &field);
}

void advice_add(struct advice *sum, const struct advice *advice)
{
    sum->n_words += advice->n_words;
    sum->n_unspaced += advice->n_unspaced;
    sum->n_fields += advice->n_fields;
    sum->n_identifiers += advice->n_identifiers;
    sum->n_commas += advice->n_commas;
}

static bool is_most(uint64_t part, uint64_t all)
{
    return all >= LEAST && part > all / 2;
}

const char *advice_text(const struct advice *advice, const struct w2v_text_options *options,
                        uint64_t n_bytes, uint64_t n_invalid)
{
    if (n_invalid >= LEAST && n_invalid > n_bytes / MOST_INVALID)
        return "many bytes are not UTF-8, so the text may be in another encoding; convert it, for "
               "example with iconv -f GB18030 -t UTF-8 (Chinese) or -f WINDOWS-1252 (western "
               "Europe)";
    if (options->tokenizer == W2V_TOKENIZER_WHITESPACE &&
        is_most(advice->n_commas, advice->n_fields))
        return "most words have commas in them, which do not separate words; if they stand between "
               "items, put blanks between the items and none inside: tr ' ,' '_ '";
    if (options->tokenizer != W2V_TOKENIZER_WORDS)
        return NULL;
    if (!options->segment && is_most(advice->n_unspaced, advice->n_words))
        return "most of the text is in scripts without spaces (Han, Hiragana, Thai, ...), where "
               "each character is a token by itself; --segment finds words";
    if (!options->hyphens && is_most(advice->n_identifiers, advice->n_fields))
        return "most of the text is identifiers, which are cut in pieces (item-00005 becomes item "
               "and 00005); --tokenizer whitespace keeps them whole";
    return NULL;
}
