/*
 * Lists of candidates: files of words, as --among and --exclude name them, or "-". A word that is
 * not in the vocabulary is passed over; how many were is said on standard error.
 */
#ifndef W2V_CLI_CANDIDATES_H
#define W2V_CLI_CANDIDATES_H

#include "w2v.h"

/*
 * Reads the file into *ids, the caller's to free, and their number *n. Returns UI_DONE, or
 * UI_FAILED after saying why.
 */
int candidates_read(const char *path, const struct w2v_model *model,
                    const struct w2v_folding *folding, bool quiet, size_t **ids, size_t *n);

#endif
