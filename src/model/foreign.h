/*
 * Files that users mistake for vector files: a checkpoint, a pickle, the page of a failed download.
 * base/magic.h recognises them; here is what to tell the user to do.
 */
#ifndef W2V_MODEL_FOREIGN_H
#define W2V_MODEL_FOREIGN_H

#include "base/file.h"
#include "base/magic.h"

/* What the file is; NULL: it is unknown, or in a format of vectors. */
const struct magic *foreign_of(const struct file_map *file);

/* What the user should do instead of reading it as a vector file. */
const char *foreign_advice(const struct magic *magic);

#endif
