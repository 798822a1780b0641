/*
 * Places for labels. Each label lies beside its point and over no other label. The labels come one
 * after the other. Each takes, of the eight places around its point, a free one that hides the
 * fewest points; a label without a free place is left out. Widths are estimated, so that the figure
 * is the same everywhere. A table of a wide typeface has the widths of ASCII characters. The kind
 * of any other character gives its width.
 */
#ifndef W2V_DRAW_PLACE_H
#define W2V_DRAW_PLACE_H

#include "base/error.h"

struct place {
    size_t columns, rows; /* of cells of PLACE_CELL */
    unsigned char *taken, *points;
};

enum { PLACE_CELL = 2 /* in the units of the figure */ };

struct place_label {
    float x, y; /* of the middle of its base line */
};

int place_make(struct place *place, float width, float height, struct w2v_error *error);
void place_release(struct place *place);

/* Marks a point or a line, which labels hide only if no other place is free. */
void place_point(struct place *place, float x, float y);
void place_line(struct place *place, float x, float y, float to_x, float to_y);

/*
 * Takes a place for a text of this width and font size beside a point of this radius. False where no
 * place is free.
 */
bool place_label(struct place *place, float x, float y, float radius, float width, float size,
                 struct place_label *label);

/* The width of a word as sink_xml writes it, with at most `most` characters, in font sizes. */
float place_width(const char *word, size_t n_bytes, size_t most);

#endif
