/* Lines of a file descriptor, as they come. See lines.h. */
#include "cli/lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void lines_init(struct lines *lines, int fd)
{
    *lines = (struct lines){.fd = fd};
}

void lines_release(struct lines *lines)
{
    free(lines->buffer);
    lines->buffer = NULL;
}

/* Room for more bytes after the unread ones. */
static int make_room(struct lines *lines)
{
    size_t n = lines->end - lines->start;
    if (lines->start > 0) {
        memmove(lines->buffer, lines->buffer + lines->start, n);
        lines->start = 0;
        lines->searched = lines->end = n;
    }
    if (lines->end < lines->capacity)
        return 0;
    if (lines->capacity > SIZE_MAX / 2) {
        errno = ENOMEM;
        return -1;
    }
    size_t capacity = lines->capacity == 0 ? 1 << 16 : 2 * lines->capacity;
    char *buffer = realloc(lines->buffer, capacity);
    if (buffer == NULL)
        return -1;
    lines->buffer = buffer;
    lines->capacity = capacity;
    return 0;
}

/* Whether read() would not wait. What poll cannot tell counts as ready: read() will say. */
static bool at_hand(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

static void take(struct lines *lines, size_t n, size_t skip, char **line, size_t *n_bytes)
{
    char *text = lines->buffer + lines->start;
    lines->start += n + skip;
    lines->searched = lines->start;
    lines->number++;
    if (lines->number == 1 && n >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) {
        text += 3;
        n -= 3;
    }
    *line = text;
    *n_bytes = n;
}

enum lines_outcome lines_next(struct lines *lines, bool wait, char **line, size_t *n_bytes)
{
    for (;;) {
        if (lines->searched < lines->end) {
            char *lf = memchr(lines->buffer + lines->searched, '\n', lines->end - lines->searched);
            if (lf != NULL) {
                take(lines, (size_t)(lf - lines->buffer) - lines->start, 1, line, n_bytes);
                return LINES_LINE;
            }
            lines->searched = lines->end;
        }
        if (lines->ended) {
            if (lines->start == lines->end)
                return LINES_END;
            take(lines, lines->end - lines->start, 0, line, n_bytes);
            return LINES_LINE;
        }
        if (!wait && !at_hand(lines->fd))
            return LINES_WAIT;
        if (make_room(lines) != 0)
            return LINES_FAILED;
        ssize_t n = read(lines->fd, lines->buffer + lines->end, lines->capacity - lines->end);
        if (n < 0 && errno != EINTR)
            return LINES_FAILED;
        if (n == 0)
            lines->ended = true;
        if (n > 0)
            lines->end += (size_t)n;
    }
}
