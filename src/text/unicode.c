/*
 * Look-ups that are too rare to be inline. See unicode.h. The maps are sorted arrays with binary
 * search, and a code point is looked up only if its flags say that it is in the map. Hangul
 * syllables are computed as in The Unicode Standard, section 3.12.
 */
#include "text/unicode.h"

enum {
    HANGUL_S = 0xAC00, /* the first syllable */
    HANGUL_L = 0x1100, /* the first leading consonant */
    HANGUL_V = 0x1161, /* the first vowel */
    HANGUL_T = 0x11A7, /* one before the first trailing consonant: T index 0 means "none" */
    N_L = 19,
    N_V = 21,
    N_T = 28,
    N_S = N_L * N_V * N_T
};

/* The index of cp in the keys of a map of unicode_tables.h, or n. */
static uint32_t map_find(const uint32_t *keys, uint32_t n, uint32_t cp)
{
    uint32_t low = 0, high = n;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (keys[middle] >> UNICODE_MAP_BITS < cp)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && keys[low] >> UNICODE_MAP_BITS == cp ? low : n;
}

/* Writes what entry `entry` of a map gives for cp. Returns the number of code points. */
static size_t map_read(const uint32_t *keys, const uint16_t *starts, uint32_t entry, uint32_t cp,
                       uint32_t *out)
{
    const uint32_t n_units = keys[entry] & ((1u << UNICODE_MAP_BITS) - 1);
    const uint16_t *units = unicode_tables_sequences + starts[entry];
    size_t n = 0;
    for (uint32_t i = 0; i < n_units; i++) {
        if (units[i] >= 0xDC00 && units[i] < 0xE000)
            out[n - 1] = 0x10000 + ((out[n - 1] - 0xD800) << 10) + (units[i] - 0xDC00u);
        else
            out[n++] = units[i];
    }
    if (n == 0)
        out[n++] = cp;
    return n;
}

/* Writes what a map gives for cp, or cp itself if the map does not have it. */
static size_t map_lookup(const uint32_t *keys, const uint16_t *starts, uint32_t n, uint32_t cp,
                         uint32_t *out)
{
    const uint32_t entry = map_find(keys, n, cp);
    if (entry < n)
        return map_read(keys, starts, entry, cp, out);
    out[0] = cp;
    return 1;
}

static size_t fold_case(uint32_t cp, uint32_t *out)
{
    return map_lookup(unicode_tables_fold_keys, unicode_tables_fold_starts, unicode_tables_n_folds,
                      cp, out);
}

static size_t lower_case(uint32_t cp, uint32_t *out)
{
    const uint32_t n = unicode_tables_n_lowers, *keys = unicode_tables_lower_keys;
    const uint32_t entry = map_find(keys, n, cp);
    if (entry == n)
        return fold_case(cp, out);
    return map_read(keys, unicode_tables_lower_starts, entry, cp, out);
}

size_t unicode_fold(uint32_t cp, enum unicode_fold fold, uint32_t *out)
{
    out[0] = cp;
    if (!(unicode_props(cp).flags & unicode_fold_flag(fold)))
        return 1;
    if (fold == UNICODE_FOLD_FULL)
        return fold_case(cp, out);
    if (fold == UNICODE_FOLD_TURKIC && (cp == 'I' || cp == 0x130)) {
        out[0] = cp == 'I' ? 0x131 : 'i';
        return 1;
    }
    return lower_case(cp, out);
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

size_t unicode_decompose_compatible(uint32_t cp, uint32_t *out)
{
    if (unicode_props(cp).flags & UNICODE_COMPATIBLE)
        return map_lookup(unicode_tables_compat_keys, unicode_tables_compat_starts,
                          unicode_tables_n_compats, cp, out);
    return unicode_decompose(cp, out);
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
