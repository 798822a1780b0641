/*
 * What is no text, told by its first bytes, so that it is not read as words: model files and
 * checkpoints of w2v, models of other tools, programs, archives, other encodings than UTF-8, and
 * whatever has a NUL in its first block.
 */
#ifndef W2V_TEXT_FOREIGN_H
#define W2V_TEXT_FOREIGN_H

#include "base/error.h"

/* Bytes at the start of a file that are looked at. */
enum { FOREIGN_BLOCK = 8192 };

/*
 * W2V_EFORMAT, "PATH: is ..., not text; ...", where the first n bytes of a file are not those of a
 * text; it names --any-bytes, the option that reads them all the same. The bytes of a short file may
 * be all there are.
 */
int foreign_check(const char *path, const char *bytes, size_t n, struct w2v_error *error);

#endif
