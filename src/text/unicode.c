/*
 * Look-ups that are too rare to be inline. The maps are sorted arrays, searched by halving: only a
 * code point whose flags say that it is in one is looked for. Hangul syllables are arithmetic, as
 * The Unicode Standard, section 3.12, has it.
 */
#include "text/unicode.h"

#include "text/utf8.h"

enum {
    HANGUL_S = 0xAC00, /* the first syllable, and the first of each kind of jamo */
    HANGUL_L = 0x1100,
    HANGUL_V = 0x1161,
    HANGUL_T = 0x11A7, /* one before the first: T index 0 is "none" */
    N_L = 19,
    N_V = 21,
    N_T = 28,
    N_S = N_L * N_V * N_T
};

/* One of the maps of unicode_tables.h; cp itself when it is not in it. */
static size_t map_lookup(const uint32_t *keys, const uint16_t *starts, uint32_t n, uint32_t cp,
                         uint32_t *out)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (keys[middle] >> 3 < cp)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == n || keys[low] >> 3 != cp) {
        out[0] = cp;
        return 1;
    }
    const size_t length = keys[low] & 7;
    for (size_t i = 0; i < length; i++)
        out[i] = unicode_tables_sequences[starts[low] + i];
    return length;
}

size_t unicode_fold(uint32_t cp, uint32_t *out)
{
    if (unicode_props(cp).flags & UNICODE_FOLDS)
        return map_lookup(unicode_tables_fold_keys, unicode_tables_fold_starts,
                          unicode_tables_n_folds, cp, out);
    out[0] = cp;
    return 1;
}

size_t unicode_fold_text(const char *text, size_t n_bytes, char *out)
{
    size_t n_out = 0, n;
    uint32_t cp;
    for (size_t i = 0; i < n_bytes; i += n) {
        n = utf8_decode(text + i, n_bytes - i, &cp);
        if (n == 0)
            break;
        uint32_t folded[UNICODE_MAX_FOLD];
        const size_t n_folded = unicode_fold(cp, folded);
        for (size_t k = 0; k < n_folded; k++)
            n_out += utf8_encode(folded[k], out + n_out);
    }
    return n_out;
}

size_t unicode_decompose(uint32_t cp, uint32_t *out)
{
    if (cp - HANGUL_S < N_S) {
        const uint32_t s = cp - HANGUL_S;
        out[0] = HANGUL_L + s / (N_V * N_T);
        out[1] = HANGUL_V + s / N_T % N_V;
        out[2] = HANGUL_T + s % N_T;
        return s % N_T ? 3 : 2;
    }
    if (unicode_props(cp).flags & UNICODE_DECOMPOSES)
        return map_lookup(unicode_tables_decomp_keys, unicode_tables_decomp_starts,
                          unicode_tables_n_decomps, cp, out);
    out[0] = cp;
    return 1;
}

uint32_t unicode_compose(uint32_t first, uint32_t second)
{
    if (first - HANGUL_L < N_L && second - HANGUL_V < N_V)
        return HANGUL_S + ((first - HANGUL_L) * N_V + second - HANGUL_V) * N_T;
    if (first - HANGUL_S < N_S && (first - HANGUL_S) % N_T == 0 && second > HANGUL_T &&
        second < HANGUL_T + N_T)
        return first + second - HANGUL_T;
    uint32_t low = 0, high = unicode_tables_n_pairs;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const struct unicode_pair *p = &unicode_tables_pairs[middle];
        if (p->first < first || (p->first == first && p->second < second))
            low = middle + 1;
        else
            high = middle;
    }
    if (low == unicode_tables_n_pairs)
        return 0;
    const struct unicode_pair *p = &unicode_tables_pairs[low];
    return p->first == first && p->second == second ? p->composite : 0;
}
