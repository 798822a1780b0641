/*
 * What a file is, by its first bytes: the one table of magics, for every room that has to tell its
 * files from others. Nothing is said here of what to do about it; that is for those who know what
 * they wanted. Compressed files are unpack.h's.
 */
#ifndef W2V_BASE_MAGIC_H
#define W2V_BASE_MAGIC_H

#include <stdbool.h>
#include <stddef.h>

/* With what a checkpoint of w2v begins. */
#define MAGIC_CHECKPOINT "\x93W2C\r\n\x1a\n"
enum { MAGIC_CHECKPOINT_BYTES = 8 };

enum magic_kind {
    MAGIC_OF_ENCODING, /* text that is not UTF-8, by its byte order mark */
    MAGIC_OF_CHECKPOINT,
    MAGIC_OF_VECTORS, /* of another tool, which w2v reads */
    MAGIC_OF_PICKLE,
    MAGIC_OF_ARCHIVE,
    MAGIC_OF_POINTER, /* text that stands for a file */
    MAGIC_OF_MARKUP,  /* text with tags */
    MAGIC_OF_OTHER
};

struct magic {
    enum magic_kind kind;
    const char *name;    /* "a tar archive" */
    const char *charset; /* of an encoding, as iconv calls it */
};

/* What a file is that begins with these bytes, of which 512 or all are enough; NULL: nothing known. */
const struct magic *magic_of(const void *bytes, size_t n_bytes);

/* The bytes of a UTF-8 byte order mark, which is no part of the text: 3, or 0 where there is none. */
size_t magic_mark(const void *bytes, size_t n_bytes);

#endif
