/*
 * The tokenizer. ASCII goes through eight bytes at a time: each byte of a 64-bit word is compared
 * by one addition that carries into its top bit, so the end of a run is the lowest top bit set.
 * Where white space alone cuts, what may end a token is found in 64 bytes at once.
 * Everything else goes through unicode_break.c, a character at a time. A token that is already
 * folded and normal, as nearly all are, stays where it is in the chunk; the others are written to
 * the `folded` buffer, which must not move while a batch points into it: when it is full the batch
 * ends, and it grows only for a token that does not fit by itself.
 */
#include "text/tokenizer.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/mem.h"
#include "text/unicode.h"
#include "text/unicode_break.h"
#include "text/utf8.h"

enum { MIN_CAPACITY = 16384 };

/* What a byte does in a text. MID_LETTER >> 3 is LETTER, MID_NUMBER >> 3 is DIGIT. */
enum {
    LETTER = 1,
    DIGIT = 2,
    CONNECTOR = 4,
    MID_LETTER = 8,  /* joins two letters: WB6, WB7 */
    MID_NUMBER = 16, /* joins two digits: WB11, WB12 */
    SEPARATOR = 32,  /* white space, NUL */
    NOT_ASCII = 64,
    IN_WORD = LETTER | DIGIT | CONNECTOR
};

#define O 0
#define S SEPARATOR
#define L LETTER
#define D DIGIT
#define C CONNECTOR
#define M MID_LETTER
#define N MID_NUMBER
#define B (MID_LETTER | MID_NUMBER)

static const uint8_t ascii_class[128] = {
    S, O, O, O, O, O, O, O, O, S, S, S, S, S, O, O, /* NUL; \t \n \v \f \r */
    O, O, O, O, O, O, O, O, O, O, O, O, O, O, O, O,
    S, O, O, O, O, O, O, B, O, O, O, O, N, O, B, O, /* space ' , . */
    D, D, D, D, D, D, D, D, D, D, M, N, O, O, O, O, /* 0 .. 9 : ; */
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* A .. */
    L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, C, /* .. Z _ */
    O, L, L, L, L, L, L, L, L, L, L, L, L, L, L, L, /* a .. */
    L, L, L, L, L, L, L, L, L, L, L, O, O, O, O, O, /* .. z */
};

#undef O
#undef S
#undef L
#undef D
#undef C
#undef M
#undef N
#undef B

static inline unsigned class_of(char byte)
{
    const unsigned char c = (unsigned char)byte;
    return c < 128 ? ascii_class[c] : NOT_ASCII;
}

/* ---- Eight bytes at a time. ---- */

#define ONES 0x0101010101010101u
#define HIGH 0x8080808080808080u

/* The next 8 bytes, the first one lowest; after the end come NULs, which end any run. */
static inline uint64_t load_word(const char *p, const char *end)
{
    if (end - p >= 8)
        return bytes_load8(p);
    uint64_t word = 0;
    for (size_t i = 0; i < (size_t)(end - p); i++)
        word |= (uint64_t)(unsigned char)p[i] << 8 * i;
    return word;
}

/* The top bit of every byte of w that is in first .. last; all bytes of w and both are ASCII. */
static inline uint64_t bytes_in(uint64_t w, unsigned first, unsigned last)
{
    return (w + ONES * (0x80 - first)) & ~(w + ONES * (0x7F - last)) & HIGH;
}

/* The index of the first byte whose top bit is set in marks, which is not 0. */
static inline unsigned first_marked(uint64_t marks)
{
    return bytes_first(marks) >> 3;
}

/* Where the run of ASCII letters, digits and _ that begins at p ends; what it holds. */
static inline const char *ascii_run(const char *p, const char *end, uint64_t *upper,
                                    uint64_t *letter_or_digit)
{
    for (;;) {
        const uint64_t word = load_word(p, end), ascii = word & ~HIGH;
        const uint64_t letters = bytes_in(ascii | ONES * 0x20, 'a', 'z') & ~word;
        const uint64_t counted = letters | (bytes_in(ascii, '0', '9') & ~word);
        const uint64_t capitals = letters & ~(word << 2);
        const uint64_t stop = ~(counted | bytes_in(ascii, '_', '_')) & HIGH;
        const uint64_t stops = stop | (word & HIGH);
        if (stops != 0) {
            const uint64_t within = (stops & (0 - stops)) - 1;
            *upper |= capitals & within;
            *letter_or_digit |= counted & within;
            return p + first_marked(stops);
        }
        *upper |= capitals;
        *letter_or_digit |= counted;
        p += 8;
    }
}

static void fold_ascii(const char *text, size_t n_bytes, char *out)
{
    size_t i = 0;
    for (; n_bytes - i >= 8; i += 8) {
        uint64_t word;
        memcpy(&word, text + i, 8);
        word |= bytes_in(word, 'A', 'Z') >> 2;
        memcpy(out + i, &word, 8);
    }
    for (; i < n_bytes; i++) {
        const char c = text[i];
        out[i] = (char)(c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c);
    }
}

/* ---- Filling a batch. ---- */

struct batch {
    struct token *tokens;
    size_t n, max;
};

enum { BATCH_FULL = 0, ADDED = 1 }; /* or a negative error */

static inline void batch_add(struct batch *b, const char *text, size_t n_bytes)
{
    b->tokens[b->n++] = (struct token){text, n_bytes};
}

/* Room for a token in t->folded, ADDED if there is; only an empty batch lets the buffer grow. */
static int reserve(struct tokenizer *t, const struct batch *b, size_t n_bytes,
                   struct w2v_error *error)
{
    size_t need = n_bytes + TOKEN_SPARE;
    if (t->capacity - t->n_folded >= need)
        return ADDED;
    if (b->n > 0)
        return BATCH_FULL;
    if (need < MIN_CAPACITY)
        need = MIN_CAPACITY;
    const int rc = mem_grow(&t->folded, &t->capacity, need, 1, "a long token", error);
    return rc < 0 ? rc : ADDED;
}

/* Add the token as it is, or as words are spelt; nothing where nothing of it can be seen. */
static int add_unicode(struct tokenizer *t, struct batch *b, const char *text, size_t n_bytes,
                       unsigned flags, struct w2v_error *error)
{
    if (!(flags & t->respelt)) {
        batch_add(b, text, n_bytes);
        return ADDED;
    }
    const bool moves = (flags & UNICODE_RESPELT) || t->rules.fold == UNICODE_FOLD_TURKIC;
    int rc;
    if ((flags & UNICODE_JOINER) || ((flags & UNICODE_MARK) && moves) ||
        ((flags & (UNICODE_UNSETTLED | UNICODE_MARK)) && !unicode_nfc_settled(text, n_bytes))) {
        rc = unicode_spell(&t->nfc, text, n_bytes, &t->spelling, error);
        if (rc < 0 || (rc = reserve(t, b, t->nfc.n_bytes, error)) != ADDED)
            return rc;
        n_bytes = t->nfc.n_bytes;
        memcpy(t->folded + t->n_folded, t->nfc.text, n_bytes);
    } else if (flags & t->respelt & ~(unsigned)(UNICODE_UNSETTLED | UNICODE_MARK)) {
        rc = reserve(t, b, mem_product(n_bytes, UNICODE_MAX_FOLD_RATIO), error);
        if (rc != ADDED)
            return rc;
        n_bytes = unicode_spell_settled(text, n_bytes, t->rules.fold, t->folded + t->n_folded);
    } else {
        batch_add(b, text, n_bytes);
        return ADDED;
    }
    if (n_bytes > 0)
        batch_add(b, t->folded + t->n_folded, n_bytes);
    t->n_folded += n_bytes;
    return ADDED;
}

static int add_ascii(struct tokenizer *t, struct batch *b, const char *text, size_t n_bytes,
                     bool has_upper, struct w2v_error *error)
{
    if (!has_upper || t->rules.fold == UNICODE_FOLD_NONE) {
        batch_add(b, text, n_bytes);
        return ADDED;
    }
    const int rc = reserve(t, b, n_bytes, error);
    if (rc != ADDED)
        return rc;
    fold_ascii(text, n_bytes, t->folded + t->n_folded);
    batch_add(b, t->folded + t->n_folded, n_bytes);
    t->n_folded += n_bytes;
    return ADDED;
}

/* ---- The three kinds. Each goes on from t->at until the batch is full or the chunk done. ---- */

enum {
    BLOCK = BYTES_BLOCK
}; /* bytes that are looked at at once, and so the most tokens they hold */

/* Those of a block that may end a token: up to ' ', or not ASCII, as signed bytes all less than '!'. */
static inline uint64_t find_stops(const char *p)
{
    return bytes_below(p, '!');
}

/* Adds the tokens that end in a block, up to the first that is not all ASCII, whose start returns. */
static const char *add_block(struct batch *b, const char *block)
{
    const char *start = block;
    for (uint64_t stops = find_stops(block); stops != 0; stops &= stops - 1) {
        const char *const stop = block + bytes_first(stops);
        if (class_of(*stop) != SEPARATOR)
            break;
        if (stop > start)
            batch_add(b, start, (size_t)(stop - start));
        if (*stop == '\n')
            batch_add(b, stop, 0);
        start = stop + 1;
    }
    return start;
}

static void next_whitespace(struct tokenizer *t, struct batch *b)
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
        while (p < end && class_of(*p) != SEPARATOR &&
               (n = utf8_decode(p, (size_t)(end - p), &cp)) > 0 && (n == 1 || !unicode_white(cp)))
            p += n;
        if (p > start) {
            batch_add(b, start, (size_t)(p - start));
            continue;
        }
        if (*p == '\n')
            batch_add(b, p, 0);
        else if (class_of(*p) != SEPARATOR && n == 0)
            t->n_invalid++;
        p += n > 0 ? n : 1;
    }
    t->at = p;
}

/*
 * The end of the ASCII word that begins at p, or NULL when what is not ASCII may belong to it.
 */
static inline const char *ascii_word(const char *p, const char *end, uint64_t *upper,
                                     uint64_t *letter_or_digit)
{
    for (;;) {
        p = ascii_run(p, end, upper, letter_or_digit);
        if (p == end)
            return p;
        const unsigned class = class_of(*p);
        if (class == NOT_ASCII)
            return NULL;
        if (!(class & (MID_LETTER | MID_NUMBER)) || end - p < 2)
            return p;
        const unsigned after = class_of(p[1]);
        if (after == NOT_ASCII)
            return NULL;
        if (!(class >> 3 & class_of(p[-1]) & after))
            return p;
        p++;
    }
}

/* The length of the start of text before its first white space, and its flags. */
static size_t before_white(const char *text, size_t n_bytes, unsigned *flags)
{
    size_t i = 0, n;
    uint32_t cp;
    *flags = 0;
    while ((n = utf8_decode(text + i, n_bytes - i, &cp)) > 0 &&
           !(unicode_props(cp).flags & UNICODE_WHITE)) {
        *flags |= unicode_props(cp).flags;
        i += n;
    }
    return i;
}

/* The length of the word segment that begins at p, where no white space does. */
static size_t word_segment(const char *p, const char *end, unsigned *flags)
{
    const size_t n = unicode_break_word(p, (size_t)(end - p), flags);
    return *flags & UNICODE_WHITE ? before_white(p, n, flags) : n;
}

static size_t hyphen_at(const char *p, const char *end)
{
    uint32_t cp;
    const size_t n = utf8_decode(p, (size_t)(end - p), &cp);
    return n > 0 && (cp == '-' || cp == 0x2010 || cp == 0x2011) ? n : 0;
}

/* The same with the words that hyphens join to it, where that is wanted. */
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

/* The length of the segment at p, which begins with cp, and whether it is a word, by the rules. */
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
        const bool is_flag = props.wb == WB_REGIONAL_INDICATOR && n >= 2 * 4;
        *is_word = is_flag || (cp >= 0x203C && (props.flags & UNICODE_PICTURE));
    }
    if (*is_word)
        t->word_end = p + n;
    return n;
}

/* Whether all is as UAX #29 has it, and ASCII is folded as ASCII. */
static bool rules_are_plain(const struct tokenizer_rules *rules)
{
    return !rules->hyphens && !rules->tags && !rules->emoji && rules->fold != UNICODE_FOLD_TURKIC;
}

/* The words where they are not: all goes the long way. */
static int next_words_by_rules(struct tokenizer *t, struct batch *b, struct w2v_error *error)
{
    int rc = ADDED;
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
            if (is_word && (rc = add_unicode(t, b, p, n, flags, error)) != ADDED)
                break;
        }
        p += n > 0 ? n : 1;
    }
    t->at = p;
    return rc < 0 ? rc : 0;
}

static int next_words(struct tokenizer *t, struct batch *b, struct w2v_error *error)
{
    int rc = ADDED;
    const char *p = t->at, *const end = t->end;
    while (p < end && b->n < b->max) {
        const unsigned class = class_of(*p);
        if (class & SEPARATOR) {
            if (*p == '\n')
                batch_add(b, p, 0);
            p++;
            continue;
        }
        if (class & IN_WORD) {
            uint64_t upper = 0, letter_or_digit = 0;
            const char *const q = ascii_word(p, end, &upper, &letter_or_digit);
            if (q != NULL) {
                if (letter_or_digit &&
                    (rc = add_ascii(t, b, p, (size_t)(q - p), upper != 0, error)) != ADDED)
                    break;
                p = q;
                continue;
            }
        } else if (class != NOT_ASCII && (end - p < 2 || class_of(p[1]) != NOT_ASCII)) {
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
            if ((flags & UNICODE_WORD) && (rc = add_unicode(t, b, p, n, flags, error)) != ADDED)
                break;
        }
        p += n;
    }
    t->at = p;
    return rc < 0 ? rc : 0;
}

static int next_chars(struct tokenizer *t, struct batch *b, struct w2v_error *error)
{
    static const char lower_case[26 + TOKEN_SPARE] = "abcdefghijklmnopqrstuvwxyz";
    static const char dotless_i[2 + TOKEN_SPARE] = "\xC4\xB1";
    const enum unicode_fold fold = t->rules.fold;
    int rc = ADDED;
    const char *p = t->at, *const end = t->end;
    while (p < end && b->n < b->max) {
        const unsigned char c = (unsigned char)*p;
        if (c <= ' ' || c == 0x7F) {
            if (c == '\n')
                batch_add(b, p, 0);
            p++;
            continue;
        }
        if (c < 0x80 && (end - p < 2 || class_of(p[1]) != NOT_ASCII)) {
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
            if (flags & UNICODE_WHITE) /* a Prepend character takes the space after it */
                n = before_white(p, n, &flags);
            if ((rc = add_unicode(t, b, p, n, flags, error)) != ADDED)
                break;
        }
        p += n;
    }
    t->at = p;
    return rc < 0 ? rc : 0;
}

/* ---- NFKC. ---- */

static int append(struct tokenizer *t, size_t *n, const char *text, size_t n_bytes,
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
 * Puts the chunk's NFKC in its place, piece by piece. Pieces end at what separates tokens whatever
 * the kind: nothing composes over that, so it does not matter where chunks are cut.
 */
static int normalize_chunk(struct tokenizer *t, struct w2v_error *error)
{
    const unsigned changed = UNICODE_COMPATIBLE | UNICODE_UNSETTLED | UNICODE_MARK;
    size_t n_out = 0;
    int rc = append(t, &n_out, "", 0, error);
    for (const char *p = t->begin, *q; p < t->end && rc == 0; p = q) {
        unsigned flags = 0;
        uint32_t cp;
        size_t n;
        for (q = p; q < t->end && class_of(*q) != SEPARATOR; q += n) {
            n = utf8_decode(q, (size_t)(t->end - q), &cp);
            if (n == 0)
                break;
            if (n > 1)
                flags |= unicode_props(cp).flags;
        }
        if (q == p)
            rc = append(t, &n_out, q++, 1, error);
        else if (!(flags & changed))
            rc = append(t, &n_out, p, (size_t)(q - p), error);
        else if ((rc = unicode_nfkc(&t->nfc, p, (size_t)(q - p), error)) == 0)
            rc = append(t, &n_out, t->nfc.text, t->nfc.n_bytes, error);
    }
    t->is_raw = false;
    t->begin = t->at = t->end = t->compatible;
    if (rc == 0)
        t->end += n_out;
    return rc;
}

/* ---- The interface. ---- */

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
    struct batch b = {out, 0, max_tokens};
    int rc = t->is_raw ? normalize_chunk(t, error) : 0;
    t->n_folded = 0;
    if (rc == 0 && t->rules.kind == TOKENIZER_WORDS)
        rc = (t->is_plain ? next_words : next_words_by_rules)(t, &b, error);
    else if (rc == 0 && t->rules.kind == TOKENIZER_CHARS)
        rc = next_chars(t, &b, error);
    else if (rc == 0)
        next_whitespace(t, &b);
    *n_tokens = rc < 0 ? 0 : b.n;
    return rc;
}

size_t tokenizer_cut(enum tokenizer_kind kind, const char *text, size_t n_bytes, size_t from)
{
    (void)kind; /* what separates is the same for all of them */
    if (from == 0 || from >= n_bytes)
        return from < n_bytes ? from : n_bytes;
    if (text[from - 1] == '\n')
        return from;
    while (from < n_bytes && class_of(text[from]) != SEPARATOR)
        from++;
    return from;
}
