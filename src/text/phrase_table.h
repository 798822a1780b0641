/*
 * A table of phrases as a file. Each phrase has a line; the lines are in the order of the passes:
 *
 *     PHRASE<TAB>COUNT<TAB>SCORE<TAB>PASS<TAB>LEFT<TAB>RIGHT
 *
 * PHRASE is LEFT and RIGHT as join.h joins them. LEFT and RIGHT are words of the text or phrases of
 * earlier passes. So applying the passes one after the other repeats what finding them did.
 */
#ifndef W2V_TEXT_PHRASE_TABLE_H
#define W2V_TEXT_PHRASE_TABLE_H

#include "base/lines.h"
#include "base/outfile.h"
#include "text/phrase.h"

int phrase_table_write(const struct phrase_book *book, struct outfile *out,
                       struct w2v_error *error);

/* Reads the lines of a file. */
int phrase_table_load(struct lines *lines, const char *path, struct w2v_error *error);

/* Adds the phrases of these lines to a book. Error messages give `path` and the number of the line. */
int phrase_table_take(struct phrase_book *book, const char *path, struct lines lines,
                      struct w2v_error *error);

/* The same from bytes. */
int phrase_table_parse(struct phrase_book *book, const char *path, const char *bytes,
                       size_t n_bytes, struct w2v_error *error);

#endif
