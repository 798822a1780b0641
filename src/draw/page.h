/*
 * A map as one page of HTML that needs no other file. It is made of page.html, page.css, page_data.js,
 * page.js and the data. The data are JSON in a script element of a type that no browser runs. Words
 * stand in that JSON alone.
 */
#ifndef W2V_DRAW_PAGE_H
#define W2V_DRAW_PAGE_H

#include "draw/picture.h"
#include "draw/sink.h"

enum { PAGE_NEAREST = 10 /* neighbours of a word that it lists */ };

/* The page has all arrows. Of labels none is written: the page places them. */
void page_draw(struct sink *sink, const struct picture *picture, struct picture_drawn *drawn);

#endif
