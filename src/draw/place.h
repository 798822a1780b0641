/*
 * Places for labels: each beside its point, none over another, as many as there is room for. One
 * after the other, by the right that they have, takes of the eight places around its point the one
 * that hides the fewest points, where nothing is in the way; else it is left out. Widths are
 * estimated, so that the figure is the same everywhere: by a table for ASCII (a wide face's), by
 * kind of character else.
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

/* Something that labels hide only where they must: a point, and a line. */
void place_point(struct place *place, float x, float y);
void place_line(struct place *place, float x, float y, float to_x, float to_y);

/* Takes a place for a text of this width and font size beside a point of this radius. */
bool place_label(struct place *place, float x, float y, float radius, float width, float size,
                 struct place_label *label);

/* The width of a word of at most `most` characters, as sink_xml writes it, in font sizes. */
float place_width(const char *word, size_t n_bytes, size_t most);

#endif
