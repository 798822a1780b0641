/*
 * Fuzz target: normal forms, case folding and spelling (unicode_nfc.h). The first byte chooses the
 * folding; the rest, without bytes that are not UTF-8, is the text. For every text:
 *   - the result is valid UTF-8, and normalizing it again changes nothing;
 *   - replacing each character by its canonical decomposition gives the same result;
 *   - a settled text stays as it is, and spelling it character by character gives its spelling;
 *   - making the NFKC or the spelling of a result again changes nothing.
 */
#include "base/utf8.h"
#include "fuzz/fuzz.h"
#include "text/unicode.h"
#include "text/unicode_nfc.h"
#include "w2v.h"

static bool is_result(const struct unicode_nfc *nfc, const char *text, size_t n_bytes)
{
    return nfc->n_bytes == n_bytes && (n_bytes == 0 || memcmp(nfc->text, text, n_bytes) == 0);
}

/* Copies the valid sequences to `text` and their decompositions to `apart`. Returns their flags. */
static unsigned take_valid(const char *from, size_t n, char *text, size_t *n_text, char *apart,
                           size_t *n_apart)
{
    unsigned flags = 0;
    size_t i = 0;
    while (i < n) {
        uint32_t cp, parts[UNICODE_MAX_DECOMP];
        const size_t n_sequence = utf8_decode(from + i, n - i, &cp);
        if (n_sequence == 0) {
            i++;
            continue;
        }
        memcpy(text + *n_text, from + i, n_sequence);
        *n_text += n_sequence;
        i += n_sequence;
        flags |= unicode_props(cp).flags;
        const size_t n_parts = unicode_decompose(cp, parts);
        for (size_t p = 0; p < n_parts; p++)
            *n_apart += utf8_encode(parts[p], apart + *n_apart);
    }
    return flags;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    if (n_bytes == 0)
        return 0;
    const enum unicode_fold fold = (enum unicode_fold)(data[0] % 4);
    const size_t room = n_bytes * UTF8_MAX_BYTES * UNICODE_MAX_DECOMP;
    struct unicode_nfc whole = {0}, again = {0};
    struct w2v_error error;
    size_t n_text = 0, n_apart = 0;
    char *text = malloc(n_bytes), *apart = malloc(room), *folded = malloc(room);
    REQUIRE(text != NULL && apart != NULL && folded != NULL);
    const unsigned flags =
        take_valid((const char *)data + 1, n_bytes - 1, text, &n_text, apart, &n_apart);
    const bool moves = (flags & UNICODE_RESPELT) || fold == UNICODE_FOLD_TURKIC;

    REQUIRE(unicode_nfc(&whole, text, n_text, fold, &error) == 0);
    REQUIRE(utf8_valid_prefix(whole.text, whole.n_bytes) == whole.n_bytes);
    REQUIRE(unicode_nfc(&again, whole.text, whole.n_bytes, fold, &error) == 0);
    REQUIRE(is_result(&again, whole.text, whole.n_bytes));
    REQUIRE(unicode_nfc(&again, apart, n_apart, fold, &error) == 0);
    REQUIRE(is_result(&again, whole.text, whole.n_bytes));
    if (unicode_nfc_settled(text, n_text) && !(flags & UNICODE_JOINER) &&
        !(flags & UNICODE_RESPELT) && !((flags & UNICODE_MARK) && moves)) {
        const size_t n_folded = unicode_spell_settled(text, n_text, fold, folded);
        REQUIRE(is_result(&whole, folded, n_folded));
    }
    REQUIRE(unicode_nfkc(&whole, text, n_text, &error) == 0);
    REQUIRE(unicode_nfkc(&again, whole.text, whole.n_bytes, &error) == 0);
    REQUIRE(is_result(&again, whole.text, whole.n_bytes));
    for (int compatible = 0; compatible < 2; compatible++) {
        const struct unicode_spelling spelling = {fold, compatible != 0};
        REQUIRE(unicode_spell(&whole, text, n_text, &spelling, &error) == 0);
        REQUIRE(unicode_spell(&again, whole.text, whole.n_bytes, &spelling, &error) == 0);
        REQUIRE(is_result(&again, whole.text, whole.n_bytes));
        if (compatible || !unicode_nfc_settled(text, n_text) || (flags & UNICODE_JOINER) ||
            ((flags & UNICODE_MARK) && moves))
            continue;
        REQUIRE(is_result(&whole, folded, unicode_spell_settled(text, n_text, fold, folded)));
    }
    unicode_nfc_release(&whole);
    unicode_nfc_release(&again);
    free(text);
    free(apart);
    free(folded);
    return 0;
}
