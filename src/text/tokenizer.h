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
 * WORDS: the word segments of UAX #29 (Unicode 15.0, not tailored) that hold at least one character
 * of general category L* or N*. So apostrophes within a word (' and U+2019) stay as they are, every
 * Han and Hiragana character is a word, and scripts written without spaces that would need a
 * dictionary (Thai, Lao, Khmer, Burmese) come out a letter with its marks at a time. Where UAX #29
 * begins a segment with white space (a mark may stand on a space) the white space is left out;
 * U+202F, which it has connect words, stays.
 *
 * WHITESPACE: what stands between separators, byte for byte, never folded or normalized.
 *
 * CHARS: the extended grapheme clusters of UAX #29, without white space (White_Space) and control
 * characters (Grapheme_Cluster_Break CR, LF and Control, so the format controls too), and split
 * around them: a mark on a space stands alone.
 *
 * WORDS and CHARS come out in Unicode normal form C and, unless keep_case, in full case folding
 * (CaseFolding.txt, C + F; not Turkic): canonically equivalent tokens give the same bytes.
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

/* One thread's tokenizer. Only n_invalid is for the caller to read. */
struct tokenizer {
    enum tokenizer_kind kind;
    bool keep_case;
    const char *at, *end; /* what is left of the chunk */
    char *folded;         /* the batch's tokens that differ from the chunk's bytes */
    size_t n_folded, capacity;
    struct unicode_nfc nfc;
    uint64_t n_invalid; /* bytes that were not UTF-8, since tokenizer_init */
};

/* Make *t ready; it takes memory only when it first has to change a token. 0 or negative. */
int tokenizer_init(struct tokenizer *t, enum tokenizer_kind kind, bool keep_case,
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
