/* The public functions on lines of a descriptor. base/lines.h does the work. See w2v.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "base/mem.h"

struct w2v_lines {
    struct lines lines;
};

int w2v_lines_open(struct w2v_lines **lines, int fd, struct w2v_error *error)
{
    if (fd < 0)
        return error_set(error, W2V_EIO, "cannot read: %s", strerror(EBADF));
    struct w2v_lines *opened = mem_calloc(1, sizeof *opened, "an input", error);
    if (opened == NULL)
        return W2V_ENOMEM;
    lines_follow(&opened->lines, fd, LINES_ALL);
    *lines = opened;
    return W2V_OK;
}

void w2v_lines_close(struct w2v_lines *lines)
{
    if (lines != NULL)
        lines_release(&lines->lines);
    free(lines);
}

int w2v_lines_next(struct w2v_lines *lines, bool wait, struct w2v_line *line,
                   struct w2v_error *error)
{
    const enum lines_outcome outcome =
        lines_await(&lines->lines, wait, &line->text, &line->n_bytes);
    line->number = lines->lines.number;
    line->found = outcome == LINES_LINE;
    line->ended = outcome == LINES_END;
    if (outcome != LINES_FAILED)
        return W2V_OK;
    return error_set(error, errno == ENOMEM ? W2V_ENOMEM : W2V_EIO, "cannot read: %s",
                     strerror(errno));
}
