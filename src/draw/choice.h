/* Which words a map shows, their groups and arrows. */
#ifndef W2V_DRAW_CHOICE_H
#define W2V_DRAW_CHOICE_H

#include "draw/picture.h"

/*
 * Fills in all of the picture except places and neighbours. W2V_EDATA where no word is left, or where
 * a file names too many groups. The caller releases the picture, also after a failure.
 */
int choice_make(struct picture *picture, const struct w2v_model *model,
                const struct w2v_map_options *options, struct w2v_error *error);

#endif
