/* Lines of text. See lines.h. */
#include "base/lines.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/foreign.h"
#include "base/infile.h"
#include "base/magic.h"
#include "base/mem.h"

void lines_of(struct lines *lines, const char *bytes, size_t n_bytes, unsigned skipped)
{
    *lines = (struct lines){.bytes = bytes, .end = n_bytes, .skipped = skipped, .fd = -1};
}

void lines_follow(struct lines *lines, int fd, unsigned skipped)
{
    *lines = (struct lines){.skipped = skipped, .fd = fd};
}

void lines_release(struct lines *lines)
{
    free(lines->buffer);
    *lines = (struct lines){.fd = -1};
}

/* ---- Taking lines ---- */

static bool is_skipped(const struct lines *lines, const char *line, size_t n)
{
    size_t i = 0;
    while (i < n && bytes_is_white(line[i]))
        i++;
    if (i == n)
        return (lines->skipped & LINES_NO_BLANKS) != 0;
    return line[i] == '#' && (lines->skipped & LINES_NO_REMARKS) != 0;
}

/* Takes the next n bytes, which are a line with its line end. False if the line is skipped. */
static bool take_line(struct lines *lines, size_t n, const char **line, size_t *n_bytes)
{
    const char *text = lines->bytes + lines->start;
    lines->start += n;
    lines->searched = lines->start;
    lines->number++;
    if (n > 0 && text[n - 1] == '\n')
        n--;
    if (n > 0 && text[n - 1] == '\r')
        n--;
    const size_t n_mark = lines->number == 1 ? magic_mark(text, n) : 0;
    text += n_mark;
    n -= n_mark;
    *line = text;
    *n_bytes = n;
    return !is_skipped(lines, text, n);
}

/* The length of the next line with its LF; 0 if there is no LF yet. */
static size_t find_line(struct lines *lines)
{
    if (lines->searched == lines->end)
        return 0;
    const char *lf = memchr(lines->bytes + lines->searched, '\n', lines->end - lines->searched);
    lines->searched = lines->end;
    return lf != NULL ? (size_t)(lf - lines->bytes) - lines->start + 1 : 0;
}

bool lines_next(struct lines *lines, const char **line, size_t *n_bytes)
{
    while (lines->start < lines->end) {
        const size_t n = find_line(lines);
        if (take_line(lines, n > 0 ? n : lines->end - lines->start, line, n_bytes))
            return true;
    }
    return false;
}

/* ---- A file ---- */

int lines_load(struct lines *lines, const char *path, unsigned skipped, struct w2v_error *error)
{
    enum { PIECE = 1 << 16 };
    struct infile in;
    size_t n_got = PIECE;
    lines_of(lines, NULL, 0, skipped);
    int status = infile_open(&in, path, error);
    while (status == W2V_OK && n_got == PIECE) {
        status = mem_grow(&lines->buffer, &lines->capacity, lines->end + PIECE, 1, path, error);
        if (status == W2V_OK)
            status = infile_read(&in, lines->buffer + lines->end, PIECE, &n_got, error);
        if (status == W2V_OK && lines->end == 0)
            status = foreign_check(in.path, lines->buffer, n_got, "", error);
        lines->end += status == W2V_OK ? n_got : 0;
    }
    if (status == W2V_OK)
        status = infile_unchanged(&in, error);
    infile_close(&in);
    lines->bytes = lines->buffer;
    if (status != W2V_OK)
        lines_release(lines);
    return status;
}

/* ---- A descriptor ---- */

/* Makes room for more bytes behind the unread ones. */
static int make_room(struct lines *lines)
{
    const size_t n = lines->end - lines->start;
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
    const size_t capacity = lines->capacity == 0 ? 1 << 16 : 2 * lines->capacity;
    char *buffer = realloc(lines->buffer, capacity);
    if (buffer == NULL)
        return -1;
    lines->bytes = lines->buffer = buffer;
    lines->capacity = capacity;
    return 0;
}

/* Whether read() would return at once. If poll() fails this says yes, and read() reports why. */
static bool is_readable(int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};
    return poll(&p, 1, 0) != 0;
}

enum lines_outcome lines_await(struct lines *lines, bool wait, const char **line, size_t *n_bytes)
{
    for (;;) {
        const size_t n = find_line(lines);
        if (n > 0) {
            if (take_line(lines, n, line, n_bytes))
                return LINES_LINE;
            continue;
        }
        if (lines->fd < 0)
            return lines_next(lines, line, n_bytes) ? LINES_LINE : LINES_END;
        if (!wait && !is_readable(lines->fd))
            return LINES_WAIT;
        if (make_room(lines) != 0)
            return LINES_FAILED;
        const ssize_t got =
            read(lines->fd, lines->buffer + lines->end, lines->capacity - lines->end);
        if (got < 0 && errno != EINTR)
            return LINES_FAILED;
        if (got == 0)
            lines->fd = -1;
        if (got > 0)
            lines->end += (size_t)got;
    }
}
