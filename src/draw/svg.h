/*
 * A map as a figure in SVG 1.1. Its labels are text and not outlines. It is light or dark as the
 * reader's screen is.
 */
#ifndef W2V_DRAW_SVG_H
#define W2V_DRAW_SVG_H

#include "draw/picture.h"
#include "draw/sink.h"

/* Arrows between points that nearly touch are left out. */
void svg_draw(struct sink *sink, const struct picture *picture, struct picture_drawn *drawn);

#endif
