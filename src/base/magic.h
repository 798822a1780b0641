/*
 * Kinds of files, recognised by their first bytes. Every room that must tell its own files from
 * others uses this one table. The caller knows what was expected, and says what to do about a wrong
 * file. Compressed files are recognised in unpack.h.
 */
#ifndef W2V_BASE_MAGIC_H
#define W2V_BASE_MAGIC_H

#include <stdbool.h>
#include <stddef.h>

/* The first bytes of a checkpoint of w2v. */
#define MAGIC_CHECKPOINT "\x93W2C\r\n\x1a\n"
enum { MAGIC_CHECKPOINT_BYTES = 8 };

enum magic_kind {
    MAGIC_OF_ENCODING, /* text that is not UTF-8, by its byte order mark */
    MAGIC_OF_CHECKPOINT,
    MAGIC_OF_VECTORS, /* vectors of another tool, which w2v reads */
    MAGIC_OF_PICKLE,
    MAGIC_OF_ARCHIVE,
    MAGIC_OF_POINTER, /* text that stands in for a file */
    MAGIC_OF_MARKUP,  /* text with tags */
    MAGIC_OF_OTHER
};

struct magic {
    enum magic_kind kind;
    const char *name;    /* "a tar archive" */
    const char *charset; /* iconv's name for an encoding, else NULL */
};

/* The kind of a file, from its first 512 bytes (or all, if it has fewer); NULL: not known. */
const struct magic *magic_of(const void *bytes, size_t n_bytes);

/* The length of the UTF-8 byte order mark at the beginning: 3, or 0 if there is none. */
size_t magic_mark(const void *bytes, size_t n_bytes);

#endif
