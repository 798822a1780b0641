/*
 * Where the words of a picture lie: the first two principal directions of their unit vectors, or
 * t-SNE begun from there. The same bits for any number of threads.
 */
#ifndef W2V_DRAW_LAYOUT_H
#define W2V_DRAW_LAYOUT_H

#include "draw/picture.h"

/* Fills the places, and the neighbours where t-SNE needs them or n_nearest is not 0. */
int layout_make(struct picture *picture, const struct w2v_map_options *options, size_t n_nearest,
                struct w2v_error *error);

#endif
