/*
 * Words. ASCII is examined eight bytes at a time (ascii.h), everything else a character at a time,
 * by unicode_break.c.
 */
#include "base/utf8.h"
#include "text/ascii.h"
#include "text/tokenizer_batch.h"
#include "text/unicode_break.h"

/* The end of the ASCII word that begins at p; NULL if other characters may belong to the word. */
static inline const char *ascii_word(const char *p, const char *end, uint64_t *upper,
                                     uint64_t *letter_or_digit)
{
    for (;;) {
        p = ascii_run(p, end, upper, letter_or_digit);
        if (p == end)
            return p;
        const unsigned class = ascii_class(*p);
        if (class == ASCII_NOT)
            return NULL;
        if (!(class & (ASCII_MID_LETTER | ASCII_MID_NUMBER)) || end - p < 2)
            return p;
        const unsigned after = ascii_class(p[1]);
        if (after == ASCII_NOT)
            return NULL;
        if (!(class >> 3 & ascii_class(p[-1]) & after))
            return p;
        p++;
    }
}

/* The length of the word segment that begins at p. There is no white space at p. */
static size_t word_segment(const char *p, const char *end, unsigned *flags)
{
    const size_t n = unicode_break_word(p, (size_t)(end - p), flags);
    return *flags & UNICODE_WHITE ? tokenizer_before_white(p, n, flags) : n;
}

/* The length of a hyphen at p; 0 if there is none. */
static size_t hyphen_at(const char *p, const char *end)
{
    uint32_t cp;
    const size_t n = utf8_decode(p, (size_t)(end - p), &cp);
    return n > 0 && (cp == '-' || cp == 0x2010 || cp == 0x2011) ? n : 0;
}

/* The length of the segment at p, with the words that hyphens join to it if the rules say so. */
static size_t joined_words(const struct tokenizer *t, const char *p, unsigned *flags)
{
    unsigned more;
    size_t n = word_segment(p, t->end, flags), n_hyphen, n_more;
    while (t->rules.hyphens && (*flags & UNICODE_WORD) &&
           (n_hyphen = hyphen_at(p + n, t->end)) > 0 &&
           (n_more = word_segment(p + n + n_hyphen, t->end, &more)) > 0 && (more & UNICODE_WORD)) {
        *flags |= more | UNICODE_RESPELT;
        n += n_hyphen + n_more;
    }
    return n;
}

/* Whether a segment is a flag: two regional indicators, perhaps with marks. */
static bool is_flag(const char *p, size_t n_bytes)
{
    size_t n_indicators = 0;
    for (size_t i = 0, n; i < n_bytes; i += n) {
        uint32_t cp;
        n = utf8_decode(p + i, n_bytes - i, &cp);
        if (n == 0)
            break;
        n_indicators += unicode_props(cp).wb == WB_REGIONAL_INDICATOR;
    }
    return n_indicators == 2;
}

/* The length of the segment at p, which begins with cp. *is_word: it is a word by the rules. */
static size_t word_by_rules(struct tokenizer *t, const char *p, uint32_t cp, unsigned *flags,
                            bool *is_word)
{
    size_t n;
    if (t->rules.tags && (cp == '#' || cp == '@') && p != t->word_end) {
        n = 1 + joined_words(t, p + 1, flags);
        *is_word = n > 1 && (*flags & UNICODE_WORD);
        if (*is_word) {
            t->word_end = p + n;
            return n;
        }
    }
    n = joined_words(t, p, flags);
    *is_word = *flags & UNICODE_WORD;
    if (t->rules.emoji && !*is_word) {
        const struct unicode_props props = unicode_props(cp);
        *is_word = is_flag(p, n) || (cp >= 0x203C && (props.flags & UNICODE_PICTURE));
    }
    if (*is_word)
        t->word_end = p + n;
    return n;
}

/* Gives words by rules that are not plain. There is no fast path for ASCII. */
static int words_by_rules(struct tokenizer *t, struct token_batch *b, struct w2v_error *error)
{
    int rc = BATCH_ADDED;
    const char *p = t->at;
    while (p < t->end && b->n < b->max) {
        uint32_t cp;
        unsigned flags;
        bool is_word;
        size_t n = utf8_decode(p, (size_t)(t->end - p), &cp);
        if (*p == '\n')
            batch_add(b, p, 0);
        t->n_invalid += n == 0;
        if (n > 0 && cp != 0 && !(unicode_props(cp).flags & UNICODE_WHITE)) {
            n = word_by_rules(t, p, cp, &flags, &is_word);
            if (is_word && (rc = tokenizer_add_unicode(t, b, p, n, flags, error)) != BATCH_ADDED)
                break;
        }
        p += n > 0 ? n : 1;
    }
    t->at = p;
    return rc < 0 ? rc : 0;
}

static int plain_words(struct tokenizer *t, struct token_batch *b, struct w2v_error *error)
{
    int rc = BATCH_ADDED;
    const char *p = t->at, *const end = t->end;
    while (p < end && b->n < b->max) {
        const unsigned class = ascii_class(*p);
        if (class & ASCII_SEPARATOR) {
            if (*p == '\n')
                batch_add(b, p, 0);
            p++;
            continue;
        }
        if (class & ASCII_IN_WORD) {
            uint64_t upper = 0, letter_or_digit = 0;
            const char *const q = ascii_word(p, end, &upper, &letter_or_digit);
            if (q != NULL) {
                if (letter_or_digit && (rc = tokenizer_add_ascii(t, b, p, (size_t)(q - p),
                                                                 upper != 0, error)) != BATCH_ADDED)
                    break;
                p = q;
                continue;
            }
        } else if (class != ASCII_NOT && (end - p < 2 || ascii_class(p[1]) != ASCII_NOT)) {
            p++;
            continue;
        }
        uint32_t cp;
        unsigned flags;
        size_t n = utf8_decode(p, (size_t)(end - p), &cp);
        if (n == 0) {
            t->n_invalid++;
            p++;
            continue;
        }
        if (!(unicode_props(cp).flags & UNICODE_WHITE)) {
            n = word_segment(p, end, &flags);
            if ((flags & UNICODE_WORD) &&
                (rc = tokenizer_add_unicode(t, b, p, n, flags, error)) != BATCH_ADDED)
                break;
        }
        p += n;
    }
    t->at = p;
    return rc < 0 ? rc : 0;
}

int tokenizer_words(struct tokenizer *t, struct token_batch *b, struct w2v_error *error)
{
    return t->is_plain ? plain_words(t, b, error) : words_by_rules(t, b, error);
}
