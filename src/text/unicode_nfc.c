/*
 * Normalization to NFC: the algorithm of The Unicode Standard, section 3.11, on an array of code
 * points. Runs of marks are nearly always one or two long and are sorted by insertion; a long run
 * (only an attack has one) by counting, so the time stays linear.
 */
#include "text/unicode_nfc.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "text/unicode.h"
#include "text/utf8.h"

enum { SHORT_RUN = 16, N_CLASSES = 256 };

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

/* The text's code points, decomposed, into w->points. *flags is the union of theirs. */
static int decompose_text(struct unicode_nfc *w, const char *text, size_t n_bytes, unsigned *flags,
                          struct w2v_error *error)
{
    size_t n;
    uint32_t cp;
    w->n_points = 0;
    *flags = 0;
    for (size_t i = 0; i < n_bytes; i += n) {
        n = utf8_decode(text + i, n_bytes - i, &cp);
        if (n == 0)
            break;
        const int rc = grow_points(w, w->n_points + UNICODE_MAX_DECOMP, error);
        if (rc < 0)
            return rc;
        uint32_t *out = w->points + w->n_points;
        const size_t n_out = unicode_decompose(cp, out);
        for (size_t k = 0; k < n_out; k++)
            *flags |= unicode_props(out[k]).flags;
        w->n_points += n_out;
    }
    return 0;
}

/* Fold w->points (in canonical order), and decompose what that gives. */
static int fold_points(struct unicode_nfc *w, struct w2v_error *error)
{
    size_t n_spare = 0;
    for (size_t i = 0; i < w->n_points; i++) {
        uint32_t folded[UNICODE_MAX_FOLD];
        const size_t n_folded = unicode_fold(w->points[i], folded);
        const int rc = grow_spare(w, n_spare + n_folded * UNICODE_MAX_DECOMP, error);
        if (rc < 0)
            return rc;
        for (size_t k = 0; k < n_folded; k++)
            n_spare += unicode_decompose(folded[k], w->spare + n_spare);
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

static unsigned class_of(uint32_t cp)
{
    return unicode_props(cp).ccc;
}

static void sort_short(uint32_t *run, size_t n)
{
    for (size_t i = 1; i < n; i++) {
        const uint32_t cp = run[i];
        const unsigned class = class_of(cp);
        size_t k = i;
        for (; k > 0 && class_of(run[k - 1]) > class; k--)
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
        start[class_of(run[i]) + 1]++;
    for (size_t c = 1; c <= N_CLASSES; c++)
        start[c] += start[c - 1];
    for (size_t i = 0; i < n; i++)
        w->spare[start[class_of(run[i])]++] = run[i];
    memcpy(run, w->spare, n * sizeof *run);
    return 0;
}

/* Canonical ordering: every run of marks is sorted by class, equals as they stood. */
static int order_marks(struct unicode_nfc *w, struct w2v_error *error)
{
    for (size_t i = 0; i < w->n_points; i++) {
        const size_t first = i;
        while (i < w->n_points && class_of(w->points[i]) != 0)
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

/* Canonical composition, in place: each character joins the last starter if nothing blocks it. */
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

int unicode_nfc(struct unicode_nfc *w, const char *text, size_t n_bytes, bool fold,
                struct w2v_error *error)
{
    unsigned flags;
    int rc = decompose_text(w, text, n_bytes, &flags, error);
    if (rc == 0)
        rc = order_marks(w, error);
    if (rc == 0 && fold && (flags & UNICODE_FOLDS)) {
        rc = fold_points(w, error);
        if (rc == 0)
            rc = order_marks(w, error);
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
