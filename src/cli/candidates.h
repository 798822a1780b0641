/*
 * Lists of candidates: the files of --among and --exclude, or "-". Words that are not in the
 * vocabulary are skipped, and a note says how many.
 */
#ifndef W2V_CLI_CANDIDATES_H
#define W2V_CLI_CANDIDATES_H

#include "w2v.h"

/*
 * Reads the file into *ids and their number into *n; the caller frees *ids. Returns the exit status,
 * UI_DONE or that of the error that was printed.
 */
int candidates_read(const char *path, const struct w2v_model *model,
                    const struct w2v_folding *folding, bool quiet, size_t **ids, size_t *n);

#endif
