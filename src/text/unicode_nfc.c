/*
 * Normalization: the algorithm of The Unicode Standard, section 3.11, on an array of code points.
 * See unicode_nfc.h. Most runs of marks have one or two marks and are sorted by insertion. A long
 * run, which only an attack has, is sorted by counting, so the time stays linear.
 */
#include "text/unicode_nfc.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "text/unicode.h"
#include "text/unicode_tidy.h"

enum {
    SHORT_RUN = 16,
    N_CLASSES = 256,
    CAPITAL_SIGMA = 0x3A3,
    FINAL_SIGMA = 0x3C2,
    DOT_ABOVE = 0x307
};

/* Replaces a code point that was removed. */
static const uint32_t GONE = UINT32_MAX;

/* How a text is normalized. */
struct form {
    enum unicode_fold fold;
    bool compatible, tidy;
};

void unicode_nfc_release(struct unicode_nfc *w)
{
    free(w->points);
    free(w->spare);
    free(w->text);
    *w = (struct unicode_nfc){0};
}

bool unicode_nfc_settled(const char *text, size_t n_bytes)
{
    size_t n;
    uint32_t cp;
    unsigned last = 0;
    for (size_t i = 0; i < n_bytes; i += n) {
        n = utf8_decode(text + i, n_bytes - i, &cp);
        if (n == 0)
            return false;
        const struct unicode_props p = unicode_props(cp);
        if ((p.flags & UNICODE_UNSETTLED) || (p.ccc != 0 && p.ccc < last))
            return false;
        last = p.ccc;
    }
    return true;
}

static int grow_points(struct unicode_nfc *w, size_t need, struct w2v_error *error)
{
    return mem_grow(&w->points, &w->points_capacity, need, sizeof *w->points, "a long token",
                    error);
}

static int grow_spare(struct unicode_nfc *w, size_t need, struct w2v_error *error)
{
    return mem_grow(&w->spare, &w->spare_capacity, need, sizeof *w->spare, "a long token", error);
}

static size_t decompose_point(uint32_t cp, const struct form *form, uint32_t *out)
{
    return form->compatible ? unicode_decompose_compatible(cp, out) : unicode_decompose(cp, out);
}

/* Decomposes the text into w->points. *flags becomes the union of the points' flags. */
static int decompose_text(struct unicode_nfc *w, const char *text, size_t n_bytes,
                          const struct form *form, unsigned *flags, struct w2v_error *error)
{
    size_t n;
    uint32_t cp;
    w->n_points = 0;
    *flags = 0;
    for (size_t i = 0; i < n_bytes; i += n) {
        n = utf8_decode(text + i, n_bytes - i, &cp);
        if (n == 0)
            break;
        const int rc = grow_points(w, w->n_points + UNICODE_MAX_COMPAT, error);
        if (rc < 0)
            return rc;
        uint32_t *out = w->points + w->n_points;
        const size_t n_out = decompose_point(cp, form, out);
        for (size_t k = 0; k < n_out; k++)
            *flags |= unicode_props(out[k]).flags;
        w->n_points += n_out;
    }
    return 0;
}

static bool case_ignorable(uint32_t cp)
{
    return cp == GONE || (unicode_props(cp).flags & UNICODE_CASE_IGNORABLE);
}

/*
 * Final_Sigma of The Unicode Standard, table 3-17: a cased letter is before it and none after it.
 */
static bool ends_word(const struct unicode_nfc *w, size_t sigma)
{
    size_t before = sigma, behind = sigma + 1;
    while (before > 0 && case_ignorable(w->points[before - 1]))
        before--;
    if (before == 0 || !(unicode_props(w->points[before - 1]).flags & UNICODE_CASED))
        return false;
    while (behind < w->n_points && case_ignorable(w->points[behind]))
        behind++;
    return behind == w->n_points || !(unicode_props(w->points[behind]).flags & UNICODE_CASED);
}

/* The index of the dot above that belongs to the letter at index i (Before_Dot), or 0. */
static size_t dot_of(const struct unicode_nfc *w, size_t i)
{
    for (size_t k = i + 1; k < w->n_points; k++) {
        const uint32_t cp = w->points[k];
        if (cp == DOT_ABOVE)
            return k;
        if (cp != GONE && (unicode_props(cp).ccc == 0 || unicode_props(cp).ccc == 230))
            break;
    }
    return 0;
}

/* Folds w->points[i]. The result may depend on its neighbours. */
static size_t fold_point(struct unicode_nfc *w, size_t i, enum unicode_fold fold, uint32_t *out)
{
    const uint32_t cp = w->points[i];
    if (cp == CAPITAL_SIGMA && fold != UNICODE_FOLD_FULL && ends_word(w, i)) {
        out[0] = FINAL_SIGMA;
        return 1;
    }
    if (cp == 'I' && fold == UNICODE_FOLD_TURKIC && i + 1 < w->n_points &&
        unicode_props(w->points[i + 1]).ccc != 0) {
        const size_t dot = dot_of(w, i);
        if (dot > 0)
            w->points[dot] = GONE;
        out[0] = 'i';
        return 1;
    }
    return unicode_fold(cp, fold, out);
}

/* Folds w->points, whose marks are in canonical order, and decomposes the result. */
static int fold_points(struct unicode_nfc *w, const struct form *form, struct w2v_error *error)
{
    size_t n_spare = 0;
    for (size_t i = 0; i < w->n_points; i++) {
        uint32_t folded[UNICODE_MAX_FOLD];
        if (w->points[i] == GONE)
            continue;
        const size_t n_folded = fold_point(w, i, form->fold, folded);
        const int rc = grow_spare(w, n_spare + n_folded * UNICODE_MAX_COMPAT, error);
        if (rc < 0)
            return rc;
        for (size_t k = 0; k < n_folded; k++)
            n_spare += decompose_point(folded[k], form, w->spare + n_spare);
    }
    uint32_t *points = w->points;
    const size_t capacity = w->points_capacity;
    w->points = w->spare;
    w->points_capacity = w->spare_capacity;
    w->n_points = n_spare;
    w->spare = points;
    w->spare_capacity = capacity;
    return 0;
}

static unsigned combining_class(uint32_t cp)
{
    return unicode_props(cp).ccc;
}

static void sort_short(uint32_t *run, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const uint32_t cp = run[i];
        const unsigned class = combining_class(cp);
        size_t k = i;
        for (; k > 0 && combining_class(run[k - 1]) > class; k--)
            run[k] = run[k - 1];
        run[k] = cp;
    }
}

static int sort_long(struct unicode_nfc *w, uint32_t *run, size_t n, struct w2v_error *error)
{
    const int rc = grow_spare(w, n, error);
    if (rc < 0)
        return rc;
    size_t start[N_CLASSES + 1] = {0};
    for (size_t i = 0; i < n; i++)
        start[combining_class(run[i]) + 1]++;
    for (size_t c = 1; c <= N_CLASSES; c++)
        start[c] += start[c - 1];
    for (size_t i = 0; i < n; i++)
        w->spare[start[combining_class(run[i])]++] = run[i];
    memcpy(run, w->spare, n * sizeof *run);
    return 0;
}

/*
 * Canonical ordering: sorts every run of marks by combining class; equal classes keep their order.
 */
static int order_marks(struct unicode_nfc *w, struct w2v_error *error)
{
    for (size_t i = 0; i < w->n_points; i++) {
        const size_t first = i;
        while (i < w->n_points && combining_class(w->points[i]) != 0)
            i++;
        const size_t n = i - first;
        if (n > SHORT_RUN) {
            const int rc = sort_long(w, w->points + first, n, error);
            if (rc < 0)
                return rc;
        } else if (n > 1) {
            sort_short(w->points + first, n);
        }
    }
    return 0;
}

/* Canonical composition in place: composes each character with the last starter if not blocked. */
static void compose_points(struct unicode_nfc *w)
{
    uint32_t *p = w->points;
    size_t n_out = 0, starter = 0;
    bool has_starter = false;
    unsigned last = 0; /* the class of p[n_out - 1] */
    for (size_t i = 0; i < w->n_points; i++) {
        const uint32_t cp = p[i];
        const struct unicode_props props = unicode_props(cp);
        if (has_starter && (props.flags & UNICODE_COMPOSES) &&
            (starter + 1 == n_out || last < props.ccc)) {
            const uint32_t composite = unicode_compose(p[starter], cp);
            if (composite != 0) {
                p[starter] = composite;
                continue;
            }
        }
        if (props.ccc == 0) {
            starter = n_out;
            has_starter = true;
        }
        last = props.ccc;
        p[n_out++] = cp;
    }
    w->n_points = n_out;
}

/* Tidies points whose marks are in order. Joiners look at the marks beside them. */
static int tidy_points(struct unicode_nfc *w, struct w2v_error *error)
{
    w->n_points = unicode_tidy(w->points, w->n_points);
    return order_marks(w, error);
}

static int normalize(struct unicode_nfc *w, const char *text, size_t n_bytes,
                     const struct form *form, struct w2v_error *error)
{
    unsigned flags;
    int rc = decompose_text(w, text, n_bytes, form, &flags, error);
    const bool tidies = form->tidy && (flags & (UNICODE_RESPELT | UNICODE_JOINER));
    if (rc == 0)
        rc = order_marks(w, error);
    if (rc == 0 && tidies)
        rc = tidy_points(w, error);
    if (rc == 0 && (flags & unicode_fold_flag(form->fold))) {
        rc = fold_points(w, form, error);
        if (rc == 0)
            rc = order_marks(w, error);
        if (rc == 0 && tidies) /* folding makes a letter of the mark U+0345 */
            rc = tidy_points(w, error);
    }
    if (rc < 0)
        return rc;
    compose_points(w);
    rc = mem_grow(&w->text, &w->text_capacity, mem_product(w->n_points + 1, UTF8_MAX_BYTES), 1,
                  "a long token", error);
    if (rc < 0)
        return rc;
    w->n_bytes = 0;
    for (size_t i = 0; i < w->n_points; i++)
        w->n_bytes += utf8_encode(w->points[i], w->text + w->n_bytes);
    return 0;
}

int unicode_nfc(struct unicode_nfc *w, const char *text, size_t n_bytes, enum unicode_fold fold,
                struct w2v_error *error)
{
    return normalize(w, text, n_bytes, &(struct form){.fold = fold}, error);
}

int unicode_nfkc(struct unicode_nfc *w, const char *text, size_t n_bytes, struct w2v_error *error)
{
    return normalize(w, text, n_bytes, &(struct form){.compatible = true}, error);
}

int unicode_spell(struct unicode_nfc *w, const char *text, size_t n_bytes,
                  const struct unicode_spelling *spelling, struct w2v_error *error)
{
    const struct form form = {spelling->fold, spelling->compatible, true};
    return normalize(w, text, n_bytes, &form, error);
}

size_t unicode_spell_settled(const char *text, size_t n_bytes, enum unicode_fold fold, char *out)
{
    size_t n_out = 0, n;
    uint32_t cp;
    for (size_t i = 0; i < n_bytes; i += n) {
        n = utf8_decode(text + i, n_bytes - i, &cp);
        if (n == 0)
            break;
        uint32_t folded[UNICODE_MAX_FOLD];
        size_t n_folded = unicode_fold(cp, fold, folded);
        if (unicode_props(cp).flags & UNICODE_RESPELT) {
            const uint32_t respelt = unicode_respelt(cp);
            n_folded = respelt != 0;
            if (n_out > 0)
                folded[0] = respelt;
        }
        for (size_t k = 0; k < n_folded; k++)
            n_out += utf8_encode(folded[k], out + n_out);
    }
    return n_out;
}
