/*
 * The tokenizer: white space, characters, NFKC and the interface. Words are in tokenizer_words.c.
 * When only white space separates tokens, 64 bytes at a time are searched for the ends of tokens.
 */
#include "text/tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "text/ascii.h"
#include "text/tokenizer_batch.h"
#include "text/unicode_break.h"

/*
 * ---- White space and characters. Both continue at t->at until the batch or the chunk ends. ----
 */

/* The bytes that are examined at once. They hold at most as many tokens. */
enum { BLOCK = BYTES_BLOCK };

/*
 * Sets bit i if byte i of a block may end a token. Such bytes are ASCII up to ' ' or not ASCII at
 * all. As signed numbers they are less than '!'.
 */
static inline uint64_t find_stops(const char *p)
{
    return bytes_below(p, '!');
}

/*
 * Adds the tokens that end in a block, up to the first that is not ASCII. Returns where they end.
 */
static const char *add_block(struct token_batch *b, const char *block)
{
    const char *start = block;
    for (uint64_t stops = find_stops(block); stops != 0; stops &= stops - 1) {
        const char *const stop = block + bytes_first(stops);
        if (ascii_class(*stop) != ASCII_SEPARATOR)
            break;
        if (stop > start)
            batch_add(b, start, (size_t)(stop - start));
        if (*stop == '\n')
            batch_add(b, stop, 0);
        start = stop + 1;
    }
    return start;
}

static void next_whitespace(struct tokenizer *t, struct token_batch *b)
{
    const char *p = t->at, *const end = t->end;
    while (p < end && b->n < b->max) {
        const char *const start = p;
        if (end - p >= BLOCK && b->max >= BLOCK) {
            if (b->max - b->n < BLOCK)
                break;
            p = add_block(b, p);
        }
        if (p > start)
            continue;
        uint32_t cp = 0;
        size_t n = 0;
        while (p < end && ascii_class(*p) != ASCII_SEPARATOR &&
               (n = utf8_decode(p, (size_t)(end - p), &cp)) > 0 && (n == 1 || !unicode_white(cp)))
            p += n;
        if (p > start) {
            batch_add(b, start, (size_t)(p - start));
            continue;
        }
        if (*p == '\n')
            batch_add(b, p, 0);
        else if (ascii_class(*p) != ASCII_SEPARATOR && n == 0)
            t->n_invalid++;
        p += n > 0 ? n : 1;
    }
    t->at = p;
}

static int next_chars(struct tokenizer *t, struct token_batch *b, struct w2v_error *error)
{
    static const char lower_case[26 + TOKEN_SPARE] = "abcdefghijklmnopqrstuvwxyz";
    static const char dotless_i[2 + TOKEN_SPARE] = "\xC4\xB1";
    const enum unicode_fold fold = t->rules.fold;
    int rc = BATCH_ADDED;
    const char *p = t->at, *const end = t->end;
    while (p < end && b->n < b->max) {
        const unsigned char c = (unsigned char)*p;
        if (c <= ' ' || c == 0x7F) {
            if (c == '\n')
                batch_add(b, p, 0);
            p++;
            continue;
        }
        if (c < 0x80 && (end - p < 2 || ascii_class(p[1]) != ASCII_NOT)) {
            const bool folds = c >= 'A' && c <= 'Z' && fold != UNICODE_FOLD_NONE;
            if (c == 'I' && fold == UNICODE_FOLD_TURKIC)
                batch_add(b, dotless_i, 2);
            else
                batch_add(b, folds ? lower_case + (c - 'A') : p, 1);
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
        const struct unicode_props props = unicode_props(cp);
        if (!(props.flags & UNICODE_WHITE) && props.gcb != GCB_CONTROL) {
            n = unicode_break_grapheme(p, (size_t)(end - p), &flags);
            if (flags & UNICODE_WHITE) /* UAX #29 joins a space to a Prepend character before it */
                n = tokenizer_before_white(p, n, &flags);
            if ((rc = tokenizer_add_unicode(t, b, p, n, flags, error)) != BATCH_ADDED)
                break;
        }
        p += n;
    }
    t->at = p;
    return rc < 0 ? rc : 0;
}

/* ---- NFKC. ---- */

static int append_compatible(struct tokenizer *t, size_t *n, const char *text, size_t n_bytes,
                             struct w2v_error *error)
{
    const int rc = mem_grow(&t->compatible, &t->compatible_capacity, *n + n_bytes + TOKEN_SPARE, 1,
                            "a piece of text", error);
    if (rc < 0)
        return rc;
    memcpy(t->compatible + *n, text, n_bytes);
    *n += n_bytes;
    return 0;
}

/*
 * Replaces the chunk by its NFKC, piece by piece. Pieces end at bytes that separate tokens of every
 * kind. Nothing composes across them, so it does not matter where chunks are cut.
 */
static int normalize_chunk(struct tokenizer *t, struct w2v_error *error)
{
    const unsigned changed = UNICODE_COMPATIBLE | UNICODE_UNSETTLED | UNICODE_MARK;
    size_t n_out = 0;
    int rc = append_compatible(t, &n_out, "", 0, error);
    for (const char *p = t->begin, *q; p < t->end && rc == 0; p = q) {
        unsigned flags = 0;
        uint32_t cp;
        size_t n;
        for (q = p; q < t->end && ascii_class(*q) != ASCII_SEPARATOR; q += n) {
            n = utf8_decode(q, (size_t)(t->end - q), &cp);
            if (n == 0)
                break;
            if (n > 1)
                flags |= unicode_props(cp).flags;
        }
        if (q == p)
            rc = append_compatible(t, &n_out, q++, 1, error);
        else if (!(flags & changed))
            rc = append_compatible(t, &n_out, p, (size_t)(q - p), error);
        else if ((rc = unicode_nfkc(&t->nfc, p, (size_t)(q - p), error)) == 0)
            rc = append_compatible(t, &n_out, t->nfc.text, t->nfc.n_bytes, error);
    }
    t->is_raw = false;
    t->begin = t->at = t->end = t->compatible;
    if (rc == 0)
        t->end += n_out;
    return rc;
}

/* ---- The interface. ---- */

/* Whether words are those of UAX #29 and folding ASCII gives ASCII. */
static bool rules_are_plain(const struct tokenizer_rules *rules)
{
    return !rules->hyphens && !rules->tags && !rules->emoji && rules->fold != UNICODE_FOLD_TURKIC;
}

int tokenizer_init(struct tokenizer *t, const struct tokenizer_rules *rules,
                   struct w2v_error *error)
{
    *t = (struct tokenizer){
        .rules = *rules, .spelling = {.fold = rules->fold}, .is_plain = rules_are_plain(rules)};
    t->respelt = UNICODE_UNSETTLED | UNICODE_MARK | UNICODE_RESPELT | UNICODE_JOINER |
                 unicode_fold_flag(rules->fold);
    if (rules->kind != TOKENIZER_WORDS && rules->kind != TOKENIZER_WHITESPACE &&
        rules->kind != TOKENIZER_CHARS)
        return error_set(error, W2V_EARG, "there is no tokenizer number %d", (int)rules->kind);
    return 0;
}

void tokenizer_release(struct tokenizer *t)
{
    free(t->folded);
    free(t->compatible);
    unicode_nfc_release(&t->nfc);
    *t = (struct tokenizer){0};
}

void tokenizer_start(struct tokenizer *t, const char *text, size_t n_bytes)
{
    t->begin = t->at = text;
    t->end = text + n_bytes;
    t->word_end = NULL;
    t->is_raw = t->rules.nfkc;
    t->n_folded = 0;
}

int tokenizer_next(struct tokenizer *t, struct token *out, size_t max_tokens, size_t *n_tokens,
                   struct w2v_error *error)
{
    struct token_batch b = {out, 0, max_tokens};
    int rc = t->is_raw ? normalize_chunk(t, error) : 0;
    t->n_folded = 0;
    if (rc == 0 && t->rules.kind == TOKENIZER_WORDS)
        rc = tokenizer_words(t, &b, error);
    else if (rc == 0 && t->rules.kind == TOKENIZER_CHARS)
        rc = next_chars(t, &b, error);
    else if (rc == 0)
        next_whitespace(t, &b);
    *n_tokens = rc < 0 ? 0 : b.n;
    return rc;
}

size_t tokenizer_cut(const char *text, size_t n_bytes, bool whole_lines)
{
    enum { LINE_SEARCH = 1 << 16 };
    size_t space = 0;
    for (size_t i = n_bytes; i > 0 && (space == 0 || n_bytes - i < LINE_SEARCH); i--) {
        if (text[i - 1] == '\n')
            return i;
        if (!whole_lines && space == 0 && ascii_class(text[i - 1]) == ASCII_SEPARATOR)
            space = i - 1;
    }
    return space;
}
