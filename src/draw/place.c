/* Places for labels. See place.h. */
#include "draw/place.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "draw/sink.h"
#include "text/unicode.h"

enum { HIDDEN_LINE = 4 /* a cell's length of a line counts as so many points */ };

static const float GAP = 2;                                      /* between point and text */
static const float ASCENT = 0.78f, DESCENT = 0.24f, PAD = 0.08f; /* of a text, in font sizes */

int place_make(struct place *place, float width, float height, struct w2v_error *error)
{
    *place = (struct place){.columns = (size_t)(width / PLACE_CELL),
                            .rows = (size_t)(height / PLACE_CELL)};
    const size_t n = mem_product(place->columns, place->rows);
    place->taken = mem_calloc(n, 1, "labels", error);
    place->points = mem_calloc(n, 1, "labels", error);
    return place->taken != NULL && place->points != NULL ? W2V_OK : W2V_ENOMEM;
}

void place_release(struct place *place)
{
    free(place->taken);
    free(place->points);
    *place = (struct place){0};
}

static void hide(struct place *place, float x, float y, unsigned count)
{
    if (!(x >= 0 && y >= 0))
        return;
    const size_t column = (size_t)(x / PLACE_CELL), row = (size_t)(y / PLACE_CELL);
    if (column >= place->columns || row >= place->rows)
        return;
    unsigned char *at = &place->points[row * place->columns + column];
    *at = (unsigned char)(*at + count > 255 ? 255 : *at + count);
}

void place_point(struct place *place, float x, float y)
{
    hide(place, x, y, 1);
}

void place_line(struct place *place, float x, float y, float to_x, float to_y)
{
    const float length = sqrtf((to_x - x) * (to_x - x) + (to_y - y) * (to_y - y));
    const unsigned n = length < 1e5f ? (unsigned)(length / PLACE_CELL) + 1 : 1;
    for (unsigned i = 0; i <= n; i++) {
        const float share = (float)i / (float)n;
        hide(place, x + share * (to_x - x), y + share * (to_y - y), HIDDEN_LINE);
    }
}

/* How many points a rectangle of cells hides, or UINT32_MAX where one of the cells is taken. */
static unsigned cost(const struct place *place, const size_t cells[4])
{
    unsigned hidden = 0;
    for (size_t row = cells[1]; row < cells[3]; row++)
        for (size_t column = cells[0]; column < cells[2]; column++) {
            if (place->taken[row * place->columns + column])
                return UINT32_MAX;
            hidden += place->points[row * place->columns + column];
        }
    return hidden;
}

/* The cells that a rectangle touches. False where it leaves the figure. */
static bool to_cells(const struct place *place, float left, float top, float right, float bottom,
                     size_t cells[4])
{
    if (!(left >= 0 && top >= 0 && right <= (float)(place->columns * PLACE_CELL) &&
          bottom <= (float)(place->rows * PLACE_CELL)))
        return false;
    cells[0] = (size_t)(left / PLACE_CELL);
    cells[1] = (size_t)(top / PLACE_CELL);
    cells[2] = (size_t)ceilf(right / PLACE_CELL);
    cells[3] = (size_t)ceilf(bottom / PLACE_CELL);
    cells[2] = cells[2] > place->columns ? place->columns : cells[2];
    cells[3] = cells[3] > place->rows ? place->rows : cells[3];
    return true;
}

bool place_label(struct place *place, float x, float y, float radius, float width, float size,
                 struct place_label *label)
{
    /* Beside, above, below, at the corners: across in half widths, and whether above or below. */
    static const float around[][2] = {{1, 0},     {-1, 0},   {0, -1},     {0, 1},
                                      {0.9f, -1}, {0.9f, 1}, {-0.9f, -1}, {-0.9f, 1}};
    const float pad = PAD * size, half = width * 0.5f + pad, away = radius + GAP;
    const float ascent = ASCENT * size, descent = DESCENT * size;
    unsigned best = UINT32_MAX;
    size_t cells[4], chosen[4] = {0};
    for (size_t i = 0; i < sizeof around / sizeof around[0]; i++) {
        const float across = around[i][0], down = around[i][1];
        const float middle = x + across * half + (down < 0 || down > 0 ? 0 : across * away);
        const float base = down < 0   ? y - away - descent
                           : down > 0 ? y + away + ascent
                                      : y + (ascent - descent) * 0.5f;
        if (!to_cells(place, middle - half, base - ascent - pad, middle + half,
                      base + descent + pad, cells))
            continue;
        const unsigned hidden = cost(place, cells);
        if (hidden < best) {
            best = hidden;
            memcpy(chosen, cells, sizeof chosen);
            *label = (struct place_label){middle, base};
        }
    }
    if (best == UINT32_MAX)
        return false;
    for (size_t row = chosen[1]; row < chosen[3]; row++)
        memset(place->taken + row * place->columns + chosen[0], 1, chosen[2] - chosen[0]);
    return true;
}

/* ---- Widths ---- */

/* Widths of the characters from blank to '~', in hundredths, in DejaVu Sans, which is wider than most. */
static const unsigned char ascii[] = {
    32, 40, 46, 84, 64, 95, 78, 28, 39,  39, 50, 84, 32, 36, 32, 34, 64, 64, 64, 64, 64, 64, 64, 64,
    64, 64, 34, 34, 84, 84, 84, 53, 100, 68, 69, 70, 77, 63, 58, 78, 75, 30, 30, 66, 56, 86, 75, 79,
    60, 79, 70, 64, 61, 73, 68, 99, 69,  61, 69, 39, 34, 39, 84, 50, 50, 61, 64, 55, 64, 62, 35, 64,
    63, 28, 28, 58, 28, 98, 63, 61, 64,  64, 41, 52, 39, 63, 59, 82, 59, 59, 53, 64, 34, 64, 84};

/* East Asian letters and signs that are as wide as high. */
static bool is_wide(uint32_t cp)
{
    return (cp >= 0x1100 && cp < 0x1160) || (cp >= 0x2E80 && cp < 0xA4D0) ||
           (cp >= 0xA960 && cp < 0xA980) || (cp >= 0xAC00 && cp < 0xD7A4) ||
           (cp >= 0xF900 && cp < 0xFB00) || (cp >= 0xFE30 && cp < 0xFE70) ||
           (cp >= 0xFF00 && cp < 0xFF61) || (cp >= 0xFFE0 && cp < 0xFFE7) ||
           (cp >= 0x1B000 && cp < 0x1B300) || (cp >= 0x20000 && cp < 0x40000);
}

static float width_of(uint32_t cp)
{
    if (cp >= 0x20 && cp < 0x7F)
        return (float)ascii[cp - 0x20] * 0.01f;
    const struct unicode_props props = unicode_props(cp);
    if (props.gcb == GCB_EXTEND || props.gcb == GCB_ZWJ || props.gcb == GCB_CONTROL)
        return 0;
    if (is_wide(cp))
        return 1;
    if (cp >= 0x1F000 || (props.flags & UNICODE_PICTURE))
        return 1.4f;
    if (cp == 0xFFFD)
        return 1.03f;
    return cp < 0x590 ? 0.72f : 0.8f; /* Latin, Greek, Cyrillic; others */
}

float place_width(const char *word, size_t n_bytes, size_t most)
{
    float width = 0;
    uint32_t cp;
    for (size_t n, count = 0; (n = sink_character(word, n_bytes, &cp)) > 0; count++) {
        if (count == most)
            return width + 1;
        width += width_of(cp);
        word += n;
        n_bytes -= n;
    }
    return width;
}
