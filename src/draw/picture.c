/* What is drawn. See picture.h. */
#include "draw/picture.h"

#include <stdlib.h>

const char *picture_word(const struct picture *picture, size_t i, size_t *n_bytes)
{
    return w2v_word(picture->model, picture->ids[i], n_bytes);
}

void picture_release(struct picture *picture)
{
    free(picture->ids);
    free(picture->group);
    free(picture->places);
    free(picture->groups);
    free(picture->arrows);
    free(picture->order);
    wordlist_release(&picture->list);
    free(picture->names);
    affinity_nearest_release(&picture->nearest);
    *picture = (struct picture){0};
}
