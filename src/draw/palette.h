/*
 * Colours and shapes of groups. The colours follow those of Okabe and Ito (2008, "Color universal
 * design"), which readers of every kind of colour vision can tell apart. Some are darker on white and
 * lighter on black, so that points can be seen. Every eight groups the colours begin again, with
 * another shape.
 */
#ifndef W2V_DRAW_PALETTE_H
#define W2V_DRAW_PALETTE_H

#include <stddef.h>

enum palette_shape { PALETTE_CIRCLE, PALETTE_SQUARE, PALETTE_TRIANGLE, PALETTE_DIAMOND };

enum { PALETTE_COLOURS = 8, PALETTE_SHAPES = 4 };

extern const char *const palette_light[PALETTE_COLOURS]; /* on white */
extern const char *const palette_dark[PALETTE_COLOURS];  /* on black */

static inline size_t palette_colour(size_t group)
{
    return group % PALETTE_COLOURS;
}

static inline enum palette_shape palette_shape(size_t group)
{
    return (enum palette_shape)(group / PALETTE_COLOURS % PALETTE_SHAPES);
}

#endif
