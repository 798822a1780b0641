/*
 * Recognises files that are not text by their first bytes, so that they are not read as words:
 * model files and checkpoints of w2v, models of other tools, programs, archives, text in other
 * encodings than UTF-8, and every file with a NUL in its first block.
 */
#ifndef W2V_BASE_FOREIGN_H
#define W2V_BASE_FOREIGN_H

#include "base/error.h"

/* The bytes at the start of a file that are examined. */
enum { FOREIGN_BLOCK = 8192 };

/*
 * W2V_EFORMAT, "PATH: is ..., not text; ...", if a file that begins with these n bytes is not text.
 * `remedy` ends the message: it names the option that reads such a file nevertheless, or is "".
 * Give FOREIGN_BLOCK bytes, or all if the file has fewer.
 */
int foreign_check(const char *path, const char *bytes, size_t n, const char *remedy,
                  struct w2v_error *error);

#endif
