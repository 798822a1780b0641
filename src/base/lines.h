/*
 * Lines of text. All text that is read line by line comes through here: vocabularies, lists of
 * words, the words beside a matrix, question sets, tables of phrases, queries on standard input. So
 * one set of rules holds for all of them:
 *
 *   - a UTF-8 byte order mark before the first line is left out
 *   - a line ends in LF or CR LF, neither of which is part of it; the last one may lack its end
 *   - lines are numbered from 1, those that are passed over too, for messages
 *   - blank lines (white space or nothing) and remarks (the first byte that is no white space is #)
 *     are lines like any other, unless the caller says that they are passed over: where a line may
 *     be a word, a remark could be one
 *   - lines are as long as memory allows, and hold any bytes
 *
 * Lines come from bytes in memory, from a file read whole (a compressed one and a pipe too), or
 * from a descriptor as they arrive there. A copy of one that has its bytes in memory is a second
 * place in the same lines.
 */
#ifndef W2V_BASE_LINES_H
#define W2V_BASE_LINES_H

#include "base/error.h"

/* What is passed over. */
enum { LINES_ALL = 0, LINES_NO_BLANKS = 1, LINES_NO_REMARKS = 2 };

struct lines {
    const char *bytes; /* of `buffer` where that is not NULL, else the caller's */
    char *buffer;
    size_t start, searched, end; /* in bytes: unread, known to hold no LF, all */
    size_t capacity;
    uint64_t number; /* of the line given last */
    unsigned passed_over;
    int fd; /* more comes from there; -1: all is in memory */
};

/* Lines of bytes that must stay where they are. Nothing is to be released. */
void lines_of(struct lines *lines, const char *bytes, size_t n_bytes, unsigned passed_over);

/* Lines of a file, "-" for standard input, read whole. UTF-16 and UTF-32 are an error. */
int lines_load(struct lines *lines, const char *path, unsigned passed_over,
               struct w2v_error *error);

/* The next line, which lasts as long as the bytes; false at the end. Not with a descriptor. */
bool lines_next(struct lines *lines, const char **line, size_t *n_bytes);

/* Lines of an open descriptor, which stays the caller's. */
void lines_follow(struct lines *lines, int fd, unsigned passed_over);

enum lines_outcome {
    LINES_LINE,
    LINES_WAIT, /* none at hand, and not asked to wait */
    LINES_END,
    LINES_FAILED /* errno says why */
};

/* The next line of those, which lasts until the next call. */
enum lines_outcome lines_await(struct lines *lines, bool wait, const char **line, size_t *n_bytes);

void lines_release(struct lines *lines);

#endif
