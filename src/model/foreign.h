/*
 * What a file is that is no vector file, by its first bytes, so that whoever mistook it is told: a
 * checkpoint, a pickle, a page of a failed download.
 */
#ifndef W2V_MODEL_FOREIGN_H
#define W2V_MODEL_FOREIGN_H

#include "base/file.h"

/* "a tar archive; unpack it first", or NULL: nothing known. */
const char *foreign_name(const struct file_map *file);

#endif
