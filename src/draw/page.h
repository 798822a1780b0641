/*
 * A map as one page of HTML that needs nothing else: page.html, page.css and two programs around the
 * data, as JSON in a script element that is no script. Words stand in nothing but that JSON.
 */
#ifndef W2V_DRAW_PAGE_H
#define W2V_DRAW_PAGE_H

#include "draw/picture.h"
#include "draw/sink.h"

enum { PAGE_NEAREST = 10 /* neighbours that it lists of a word */ };

void page_draw(struct sink *sink, const struct picture *picture, size_t *n_labels);

#endif
