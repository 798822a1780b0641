/*
 * Lines of text. Everything that is read line by line is read here: vocabularies, lists of words,
 * the words beside a matrix, question sets, tables of phrases, queries on standard input. So the
 * same rules hold for all of them:
 *
 *   - a UTF-8 byte order mark before the first line is left out
 *   - a line ends in LF or CR LF, which is not part of the line; the last line may lack it
 *   - lines are numbered from 1 for messages, and skipped lines count too
 *   - blank lines (nothing or white space) and remarks (# is the first byte after white space) are
 *     given like any other line unless the caller asks to skip them: where every line is a word,
 *     "#" may be a word
 *   - a line may hold any bytes and be as long as memory allows
 *
 * Lines come from bytes in memory, from a file that is read whole (it may be compressed or a pipe),
 * or from a descriptor as they arrive there. Where the bytes are in memory, a copy of struct lines
 * is a second, independent position in the same lines.
 */
#ifndef W2V_BASE_LINES_H
#define W2V_BASE_LINES_H

#include "base/error.h"

/* Which lines are skipped. */
enum { LINES_ALL = 0, LINES_NO_BLANKS = 1, LINES_NO_REMARKS = 2 };

struct lines {
    const char *bytes; /* = buffer, or the caller's bytes where buffer is NULL */
    char *buffer;
    size_t start;    /* where the unread bytes begin */
    size_t searched; /* there is no LF in start .. searched - 1 */
    size_t end;
    size_t capacity;
    uint64_t number;  /* of the line given last */
    unsigned skipped; /* LINES_NO_... */
    int fd;           /* more bytes come from here; -1: all are in memory */
};

/* Lines of bytes that must stay where they are. There is nothing to release. */
void lines_of(struct lines *lines, const char *bytes, size_t n_bytes, unsigned skipped);

/* Reads a whole file, or standard input for "-". A file that is not text is an error (foreign.h). */
int lines_load(struct lines *lines, const char *path, unsigned skipped, struct w2v_error *error);

/* The next line, valid as long as the bytes are; false at the end. Not after lines_follow. */
bool lines_next(struct lines *lines, const char **line, size_t *n_bytes);

/* Lines of an open descriptor, for lines_await. The caller closes it. */
void lines_follow(struct lines *lines, int fd, unsigned skipped);

enum lines_outcome {
    LINES_LINE,
    LINES_WAIT, /* no line has arrived yet, and `wait` is false */
    LINES_END,
    LINES_FAILED /* errno says why */
};

/* The next line from the descriptor, valid until the next call. */
enum lines_outcome lines_await(struct lines *lines, bool wait, const char **line, size_t *n_bytes);

void lines_release(struct lines *lines);

#endif
