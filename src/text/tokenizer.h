/*
 * From bytes to tokens, a batch at a time.
 *
 * Three kinds of bytes separate tokens and are never part of one: ASCII white space (space \t \n \v
 * \f \r), NUL, and every byte that does not begin a well-formed UTF-8 sequence. The last kind is
 * counted. LF also gives a token of no bytes, which is the end of a line. CR, U+0085, U+2028 and
 * U+2029 do not end a line. The text between two separators is split as if it were the whole text.
 * So a text may be cut at white space, and different threads may tokenize the pieces, with the same
 * result.
 */
#ifndef W2V_TEXT_TOKENIZER_H
#define W2V_TEXT_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/unicode_nfc.h"

struct w2v_error;

/*
 * WORDS: the word segments of UAX #29 (Unicode 15.0) that have at least one character of general
 * category L* or N*. So apostrophes inside a word stay, and every Han and Hiragana character is a
 * word. In scripts without spaces that would need a dictionary (Thai, Lao, Khmer, Burmese) every
 * letter with its marks is a word. There is one change to UAX #29: white space (White_Space) is
 * never part of a word, so U+202F separates words, and a mark on a space is a segment by itself.
 *
 * WHITESPACE: the text between characters with the property White_Space, byte for byte, neither
 * folded nor normalized. Bytes that are not UTF-8 separate, too. Else this is the result of str.split() in
 * Python except for NUL and U+001C to U+001F.
 *
 * CHARS: the extended grapheme clusters of UAX #29. White space and control characters
 * (Grapheme_Cluster_Break CR, LF and Control, which includes format controls) are left out and
 * separate clusters, so a mark on a space is a token by itself.
 *
 * WORDS and CHARS give tokens as unicode_spell spells them (unicode_nfc.h): folded, without
 * invisible characters, in Unicode normal form C. Canonically equivalent tokens give the same
 * bytes.
 */
enum tokenizer_kind { TOKENIZER_WORDS, TOKENIZER_WHITESPACE, TOKENIZER_CHARS };

/*
 * This many bytes behind a token may be read, so that a short token can be loaded as one number.
 * Their values do not matter. Tokens in the tokenizer's buffers always have them; tokens that point
 * into a chunk have them if the chunk has.
 */
enum { TOKEN_SPARE = 7 };

/* A token in UTF-8. n_bytes == 0 is the end of a line. */
struct token {
    const char *text;
    size_t n_bytes;
};

/*
 * How a text is tokenized. With nfkc every kind tokenizes the text as if it were in NFKC. The last
 * three members are for WORDS alone:
 *   - hyphens: a hyphen between two words joins them.
 *   - tags: # or @ right before a word belongs to it, unless another word ends there.
 *   - emoji: flags are words. So are pictographs (Extended_Pictographic from U+203C on), with all that
 *     UAX #29 joins to them.
 */
struct tokenizer_rules {
    enum tokenizer_kind kind;
    enum unicode_fold fold; /* not for WHITESPACE */
    bool nfkc, hyphens, tags, emoji;
};

/* One thread's tokenizer. The caller may read begin, end and n_invalid, nothing else. */
struct tokenizer {
    struct tokenizer_rules rules;
    struct unicode_spelling spelling;
    unsigned respelt;        /* a token without these flags stays as it is */
    bool is_plain;           /* the rules allow the fast path of tokenizer_words.c */
    const char *begin, *end; /* the chunk, or its NFKC after the first tokenizer_next */
    const char *at;          /* where the next token is looked for */
    const char *word_end;    /* the end of the last word; only with rules.tags */
    bool is_raw;             /* the chunk must still be normalized to NFKC */
    char *folded;            /* the tokens of the batch that differ from the chunk's bytes */
    size_t n_folded, capacity;
    char *compatible; /* the NFKC of the chunk */
    size_t compatible_capacity;
    struct unicode_nfc nfc;
    uint64_t n_invalid; /* bytes that were not UTF-8, since tokenizer_init */
};

/*
 * Initializes *t. It allocates no memory until it must change a token. Returns 0 or a negative
 * code.
 */
int tokenizer_init(struct tokenizer *t, const struct tokenizer_rules *rules,
                   struct w2v_error *error);

/* Releases what *t owns. *t may also be all zero, or tokenizer_init may have failed. */
void tokenizer_release(struct tokenizer *t);

/*
 * Begins a chunk: text[0 .. n_bytes). It must begin and end where tokenizer_cut would cut, and stay
 * unchanged until all its tokens are taken. n_invalid is not reset.
 */
void tokenizer_start(struct tokenizer *t, const char *text, size_t n_bytes);

/*
 * Gives the next 1 .. max_tokens tokens of the chunk, or *n_tokens == 0 at its end. A batch may be
 * shorter than max_tokens although more tokens follow. A token may be as long as the chunk. Texts
 * are not NUL-terminated. They point into the chunk or the tokenizer and are valid until the next
 * call with t. Returns 0, or a negative code if memory ran out; the rest of the chunk is lost then.
 */
int tokenizer_next(struct tokenizer *t, struct token *out, size_t max_tokens, size_t *n_tokens,
                   struct w2v_error *error);

/*
 * The last index where cutting the text changes neither its tokens nor the count of invalid bytes, for
 * every kind: after a line end, else, unless `whole_lines`, before ASCII white space or NUL. 0: there is
 * none. If there is white space, only the last 64 kB are searched for a line end, because a line may be
 * very long.
 */
size_t tokenizer_cut(const char *text, size_t n_bytes, bool whole_lines);

#endif
