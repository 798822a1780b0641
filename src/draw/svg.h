/* A map as a figure: SVG 1.1 with text as text, light and dark as the reader's screen is. */
#ifndef W2V_DRAW_SVG_H
#define W2V_DRAW_SVG_H

#include "draw/picture.h"
#include "draw/sink.h"

/* *n_labels: words written out. */
void svg_draw(struct sink *sink, const struct picture *picture, size_t *n_labels);

#endif
