/* Joins two spellings. See join.h. */
#include "text/join.h"

#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/unicode.h"

/* Katakana too: unicode_unspaced excludes it because the tokenizer keeps a run of it whole. */
static bool is_unspaced_letter(uint32_t cp)
{
    return unicode_unspaced(cp) || unicode_props(cp).wb == WB_KATAKANA;
}

/* The last character that is not a mark on another one. False if there is none. */
static bool last_letter(struct token word, uint32_t *cp)
{
    size_t at = word.n_bytes;
    while (at > 0) {
        at--;
        if (((unsigned char)word.text[at] & 0xC0) == 0x80)
            continue;
        if (utf8_decode(word.text + at, word.n_bytes - at, cp) == 0)
            return false;
        const unsigned wb = unicode_props(*cp).wb;
        if (wb != WB_EXTEND && wb != WB_FORMAT && wb != WB_ZWJ)
            return true;
    }
    return false;
}

bool join_needs_mark(struct token left, struct token right)
{
    uint32_t cp;
    if (utf8_decode(right.text, right.n_bytes, &cp) == 0 || !is_unspaced_letter(cp))
        return true;
    return !last_letter(left, &cp) || !is_unspaced_letter(cp);
}

int join_words(struct joining *joining, struct token left, struct token right,
               struct w2v_error *error)
{
    const size_t n_mark = join_needs_mark(left, right);
    const size_t n_bytes = left.n_bytes + n_mark + right.n_bytes;
    int status = mem_grow(&joining->text, &joining->capacity, n_bytes, 1, "a phrase", error);
    if (status != W2V_OK)
        return status;
    memcpy(joining->text, left.text, left.n_bytes);
    if (n_mark > 0)
        joining->text[left.n_bytes] = '_';
    memcpy(joining->text + left.n_bytes + n_mark, right.text, right.n_bytes);
    joining->n_bytes = n_bytes;
    return W2V_OK;
}
