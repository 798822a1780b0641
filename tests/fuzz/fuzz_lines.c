/*
 * Fuzz target: the reader of lines, fed through a pipe in pieces. The first byte chooses the size
 * of the pieces and whether lines are taken between them; the rest is the text. Whatever the
 * pieces, the lines are those of the text.
 */
#include <fcntl.h>
#include <unistd.h>

#include "cli/lines.h"
#include "fuzz/fuzz.h"

/* The text's lines, one by one. */
struct expected {
    const char *at, *end;
    uint64_t number;
};

static void check_line(struct expected *expected, const struct lines *lines, const char *line,
                       size_t n)
{
    REQUIRE(expected->at < expected->end);
    const char *lf = memchr(expected->at, '\n', (size_t)(expected->end - expected->at));
    const char *start = expected->at, *end = lf != NULL ? lf : expected->end;
    if (expected->number++ == 0 && end - start >= 3 && memcmp(start, "\xEF\xBB\xBF", 3) == 0)
        start += 3;
    REQUIRE(n == (size_t)(end - start) && memcmp(line, start, n) == 0);
    REQUIRE(lines->number == expected->number);
    expected->at = lf != NULL ? lf + 1 : end;
}

/* Takes lines until there is none; the outcome that ended it. */
static enum lines_outcome take(struct lines *lines, struct expected *expected, bool wait)
{
    char *line;
    size_t n;
    enum lines_outcome outcome;
    while ((outcome = lines_next(lines, wait, &line, &n)) == LINES_LINE)
        check_line(expected, lines, line, n);
    return outcome;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    enum { PIPE = 4096 }; /* bytes that a pipe surely takes */
    int ends[2];
    struct lines lines;
    if (n_bytes == 0)
        return 0;
    const size_t piece = 1 + (size_t)(data[0] >> 1) * 33 % PIPE;
    const bool between = data[0] & 1;
    struct expected expected = {(const char *)data + 1, (const char *)data + n_bytes, 0};
    if (!between && n_bytes > PIPE)
        return 0;
    REQUIRE(pipe(ends) == 0);
    lines_init(&lines, ends[0]);
    for (const char *at = expected.at; at < expected.end;) {
        size_t left = (size_t)(expected.end - at), n = left < piece ? left : piece;
        REQUIRE(write(ends[1], at, n) == (ssize_t)n);
        at += n;
        if (between)
            REQUIRE(take(&lines, &expected, false) == LINES_WAIT);
    }
    close(ends[1]);
    REQUIRE(take(&lines, &expected, true) == LINES_END);
    REQUIRE(expected.at == expected.end);
    lines_release(&lines);
    close(ends[0]);
    return 0;
}
