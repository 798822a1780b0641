/*
 * From bytes to tokens, a batch at a time.
 *
 * ASCII white space (space \t \n \v \f \r), NUL, and every byte that does not begin a well-formed
 * UTF-8 sequence separate tokens and are never part of one; the last are counted. LF also gives a
 * token of no bytes, the end of a line; CR, U+0085, U+2028 and U+2029 end no line. What stands
 * between two separators is split as if it were the whole text, so a text may be cut at white space
 * and its pieces be tokenized by different threads, to the same tokens.
 */
#ifndef W2V_TEXT_TOKENIZER_H
#define W2V_TEXT_TOKENIZER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text/unicode_nfc.h"

struct w2v_error;

/*
 * WORDS: the word segments of UAX #29 (Unicode 15.0) that hold at least one character of general
 * category L* or N*. So apostrophes within a word stay, every Han and Hiragana character is a word,
 * and scripts written without spaces that would need a dictionary (Thai, Lao, Khmer, Burmese) come
 * out a letter with its marks at a time. Tailored in one point: white space (White_Space) is never
 * part of a word, so U+202F separates, and a mark on a space stands alone.
 *
 * WHITESPACE: what stands between characters of the property White_Space, byte for byte, never
 * folded or normalized. So it is what str.split() gives in Python, but for U+001C to U+001F.
 *
 * CHARS: the extended grapheme clusters of UAX #29, without white space and control characters
 * (Grapheme_Cluster_Break CR, LF and Control, so the format controls too), and split around them: a
 * mark on a space stands alone.
 *
 * WORDS and CHARS come out as unicode_spell has it (unicode_nfc.h): folded, without what is
 * invisible, in Unicode normal form C. Canonically equivalent tokens give the same bytes.
 */
enum tokenizer_kind { TOKENIZER_WORDS, TOKENIZER_WHITESPACE, TOKENIZER_CHARS };

/*
 * Bytes behind a token that may be read, whatever they are, so that short ones can be loaded as one
 * number: those in the tokenizer have them, those in a chunk where the chunk does.
 */
enum { TOKEN_SPARE = 7 };

/* A token of UTF-8; n_bytes == 0 is the end of a line. */
struct token {
    const char *text;
    size_t n_bytes;
};

/*
 * What is wanted. With nfkc the text is tokenized, by whichever kind, as if it had been in NFKC. The
 * last three are for WORDS: a hyphen between two words joins them; # and @ right before a word, and
 * not behind one, belong to it; pictographs (Extended_Pictographic from U+203C on, with what UAX #29
 * has belong to them) and flags are words.
 */
struct tokenizer_rules {
    enum tokenizer_kind kind;
    enum unicode_fold fold; /* not WHITESPACE */
    bool nfkc, hyphens, tags, emoji;
};

/* One thread's tokenizer. Only begin, end and n_invalid are for the caller to read. */
struct tokenizer {
    struct tokenizer_rules rules;
    struct unicode_spelling spelling;
    unsigned respelt;        /* the flags of what may not stay as it is */
    bool is_plain;           /* the rules are those that words are cut fast by */
    const char *begin, *end; /* the chunk, or its NFKC, once tokenizer_next was called */
    const char *at;          /* what is left of it */
    const char *word_end;    /* where the last word ended; with rules.tags */
    bool is_raw;             /* it is still to be normalized */
    char *folded;            /* the batch's tokens that differ from the chunk's bytes */
    size_t n_folded, capacity;
    char *compatible; /* the chunk's NFKC */
    size_t compatible_capacity;
    struct unicode_nfc nfc;
    uint64_t n_invalid; /* bytes that were not UTF-8, since tokenizer_init */
};

/* Make *t ready; it takes memory only when it first has to change a token. 0 or negative. */
int tokenizer_init(struct tokenizer *t, const struct tokenizer_rules *rules,
                   struct w2v_error *error);

/* Give back what *t owns. Safe after a failed tokenizer_init and after memset to zero. */
void tokenizer_release(struct tokenizer *t);

/*
 * Begin a chunk: text[0 .. n_bytes), which must begin and end at a token boundary (tokenizer_cut
 * finds one) and stay as it is until the chunk is done. n_invalid goes on counting.
 */
void tokenizer_start(struct tokenizer *t, const char *text, size_t n_bytes);

/*
 * The next tokens of the chunk: 1 .. max_tokens (at least 1) of them, or *n_tokens == 0 at the
 * chunk's end. A batch may be shorter than max_tokens anywhere. The texts are not NUL-terminated;
 * they point into the chunk or the tokenizer and are valid until the next call of any tokenizer
 * function on t. Tokens may be as long as the chunk. 0, or negative when memory ran out (the chunk
 * is then lost).
 */
int tokenizer_next(struct tokenizer *t, struct token *out, size_t max_tokens, size_t *n_tokens,
                   struct w2v_error *error);

/*
 * The first place at or after `from` where text may be cut in two without changing the sequence of
 * tokens (nor the count of invalid bytes), whatever the kind: position 0, right after LF, right
 * before ASCII white space or NUL, or n_bytes.
 */
size_t tokenizer_cut(enum tokenizer_kind kind, const char *text, size_t n_bytes, size_t from);

#endif
