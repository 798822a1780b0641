/*
 * Where the words of a picture lie: along the first two principal directions of their unit vectors,
 * or where t-SNE moves them from there. Places are the same bits for any number of threads.
 */
#ifndef W2V_DRAW_LAYOUT_H
#define W2V_DRAW_LAYOUT_H

#include "draw/picture.h"

/* Fills in the places. Fills in the neighbours too if t-SNE needs them or n_nearest is not 0. */
int layout_make(struct picture *picture, const struct w2v_map_options *options, size_t n_nearest,
                struct w2v_error *error);

#endif
