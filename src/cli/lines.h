/*
 * Lines of a file descriptor, as they come. Unlike stdio it can tell whether a line is at hand, so
 * that a batch is answered in blocks and a person at a pipe at once.
 */
#ifndef W2V_CLI_LINES_H
#define W2V_CLI_LINES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct lines {
    int fd;
    char *buffer;
    size_t start, searched, end, capacity; /* unread bytes, those known to hold no LF, all */
    uint64_t number;                       /* of the line given last, from 1 */
    bool ended;
};

enum lines_outcome {
    LINES_LINE,
    LINES_WAIT, /* none at hand, and not asked to wait */
    LINES_END,
    LINES_FAILED /* errno says why */
};

void lines_init(struct lines *lines, int fd);
void lines_release(struct lines *lines);

/*
 * The next line without its LF; a last line may lack it, and a byte order mark is left out. Valid
 * until the next call. Lines are as long as memory allows.
 */
enum lines_outcome lines_next(struct lines *lines, bool wait, char **line, size_t *n_bytes);

#endif
