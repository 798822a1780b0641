/*
 * Invisible characters. See unicode_tidy.h. The rules for a joiner look at its neighbours: before
 * it only characters that were kept count, and after it all characters that may be dropped are
 * skipped. So tidying again finds the same neighbours. The last neighbours are remembered for the
 * next joiner, so the time stays linear.
 */
#include "text/unicode_tidy.h"

#include <stdbool.h>

#include "text/unicode.h"

enum { ZWNJ = 0x200C, ZWJ = 0x200D, VIRAMA = 9, FIRST_TAG = 0xE0020, LAST_TAG = 0xE007F };

static bool is_mark(uint32_t cp)
{
    const unsigned wb = unicode_props(cp).wb;
    return (wb == WB_EXTEND || wb == WB_FORMAT) && cp != ZWNJ;
}

static bool is_tag(uint32_t cp)
{
    return cp >= FIRST_TAG && cp <= LAST_TAG;
}

static bool has(uint32_t cp, unsigned flag)
{
    return cp != 0 && (unicode_props(cp).flags & flag);
}

/* Whether a code point may be dropped. */
static bool may_be_dropped(uint32_t cp)
{
    const unsigned flags = unicode_props(cp).flags;
    return (flags & UNICODE_JOINER) || ((flags & UNICODE_RESPELT) && unicode_respelt(cp) == 0);
}

struct tidying {
    uint32_t *points;
    size_t n, n_out; /* points[0 .. n_out) are kept */
    uint32_t base;   /* the last of these that is not a mark; 0: none */
    bool virama;     /* one was kept after `base` */
    size_t next;     /* the index that next_of found last */
    size_t letter;   /* the index that letter_of found last */
};

static void keep(struct tidying *t, uint32_t cp)
{
    t->points[t->n_out++] = cp;
    if (is_mark(cp)) {
        t->virama |= unicode_props(cp).ccc == VIRAMA;
    } else {
        t->base = cp;
        t->virama = false;
    }
}

/* The first code point after index i that cannot be dropped; 0 if there is none. */
static uint32_t next_of(struct tidying *t, size_t i)
{
    if (t->next <= i)
        t->next = i + 1;
    while (t->next < t->n && may_be_dropped(t->points[t->next]))
        t->next++;
    return t->next < t->n ? t->points[t->next] : 0;
}

/* The same for the first one that is not a mark either. */
static uint32_t letter_of(struct tidying *t, size_t i)
{
    if (t->letter <= i)
        t->letter = i + 1;
    while (t->letter < t->n &&
           (may_be_dropped(t->points[t->letter]) || is_mark(t->points[t->letter])))
        t->letter++;
    return t->letter < t->n ? t->points[t->letter] : 0;
}

/* Whether the joiner at index i stays. */
static bool joiner_stays(struct tidying *t, size_t i)
{
    const bool joins = t->points[i] == ZWJ;
    const uint32_t next = next_of(t, i);
    if (t->virama && has(t->base, UNICODE_WORD))
        return joins ? next == 0 || !is_mark(next) : has(letter_of(t, i), UNICODE_WORD);
    if (!joins)
        return has(t->base, UNICODE_JOINS_NEXT) && has(letter_of(t, i), UNICODE_JOINS_LAST);
    if (has(t->base, UNICODE_PICTURE) && has(next, UNICODE_PICTURE))
        return true;
    return has(t->base, UNICODE_WORD) && next != 0 && unicode_props(next).ccc == VIRAMA;
}

size_t unicode_tidy(uint32_t *points, size_t n)
{
    struct tidying t = {.points = points, .n = n};
    for (size_t i = 0; i < n; i++) {
        const uint32_t cp = points[i], last = t.n_out > 0 ? points[t.n_out - 1] : 0;
        const unsigned flags = unicode_props(cp).flags;
        if (is_tag(cp)) {
            if (is_tag(last) || has(last, UNICODE_PICTURE))
                keep(&t, cp);
        } else if (flags & UNICODE_JOINER) {
            if (joiner_stays(&t, i))
                keep(&t, cp);
        } else if (!(flags & UNICODE_RESPELT)) {
            keep(&t, cp);
        } else if (unicode_respelt(cp) != 0) {
            keep(&t, t.n_out > 0 ? unicode_respelt(cp) : cp);
        }
    }
    return t.n_out;
}
