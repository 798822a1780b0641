/*
 * What a file is that is no vector file, so that whoever mistook it is told: a checkpoint, a pickle,
 * a page of a failed download. base/magic.h knows them; here is what to do about it.
 */
#ifndef W2V_MODEL_FOREIGN_H
#define W2V_MODEL_FOREIGN_H

#include "base/file.h"
#include "base/magic.h"

/* What it is; NULL: nothing known, or a format of vectors. */
const struct magic *foreign_of(const struct file_map *file);

/* What to do about one that was taken for a vector file. */
const char *foreign_advice(const struct magic *magic);

#endif
