/*
 * Fuzz target: base/lines, in memory and from a pipe that is written in pieces. The first byte
 * chooses the size of the pieces, whether lines are taken between two pieces, and which lines are
 * skipped. The rest is the text. In every case the lines must be those that the simple code here
 * finds.
 */
#include <fcntl.h>
#include <unistd.h>

#include "base/lines.h"
#include "fuzz/fuzz.h"

/* The simple reader of lines. */
struct expected {
    const char *at, *end;
    uint64_t number;
    unsigned skipped;
};

static bool is_skipped(const struct expected *expected, const char *start, const char *end)
{
    while (start < end && (*start == ' ' || (*start >= '\t' && *start <= '\r')))
        start++;
    if (start == end)
        return expected->skipped & LINES_NO_BLANKS;
    return *start == '#' && (expected->skipped & LINES_NO_REMARKS);
}

/* The next line that is not skipped; false at the end. */
static bool next_expected(struct expected *expected, const char **start, const char **end)
{
    while (expected->at < expected->end) {
        const char *lf = memchr(expected->at, '\n', (size_t)(expected->end - expected->at));
        *start = expected->at;
        *end = lf != NULL ? lf : expected->end;
        expected->at = lf != NULL ? lf + 1 : expected->end;
        if (*end > *start && (*end)[-1] == '\r')
            --*end;
        if (expected->number++ == 0 && *end - *start >= 3 && memcmp(*start, "\xEF\xBB\xBF", 3) == 0)
            *start += 3;
        if (!is_skipped(expected, *start, *end))
            return true;
    }
    return false;
}

static void check_line(struct expected *expected, const struct lines *lines, const char *line,
                       size_t n)
{
    const char *start, *end;
    REQUIRE(next_expected(expected, &start, &end));
    REQUIRE(n == (size_t)(end - start) && memcmp(line, start, n) == 0);
    REQUIRE(lines->number == expected->number);
}

static void check_end(struct expected *expected)
{
    const char *start, *end;
    REQUIRE(!next_expected(expected, &start, &end));
}

/* Takes lines while there are any. Returns the outcome that is no line. */
static enum lines_outcome take_lines(struct lines *lines, struct expected *expected, bool wait)
{
    const char *line;
    size_t n;
    enum lines_outcome outcome;
    while ((outcome = lines_await(lines, wait, &line, &n)) == LINES_LINE)
        check_line(expected, lines, line, n);
    return outcome;
}

static void check_memory(struct expected expected)
{
    struct lines lines;
    const char *line;
    size_t n;
    lines_of(&lines, expected.at, (size_t)(expected.end - expected.at), expected.skipped);
    while (lines_next(&lines, &line, &n)) {
        REQUIRE(line >= expected.at);
        check_line(&expected, &lines, line, n);
    }
    check_end(&expected);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    enum { PIPE = 4096 }; /* every pipe holds this many bytes */
    int ends[2];
    struct lines lines;
    if (n_bytes == 0)
        return 0;
    const size_t piece = 1 + (size_t)(data[0] >> 3) * 129 % PIPE;
    const bool between = data[0] & 1;
    struct expected expected = {(const char *)data + 1, (const char *)data + n_bytes, 0,
                                data[0] >> 1 & 3};
    check_memory(expected);
    if (!between && n_bytes > PIPE)
        return 0;
    REQUIRE(pipe(ends) == 0);
    lines_follow(&lines, ends[0], expected.skipped);
    for (const char *at = expected.at; at < expected.end;) {
        size_t left = (size_t)(expected.end - at), n = left < piece ? left : piece;
        REQUIRE(write(ends[1], at, n) == (ssize_t)n);
        at += n;
        if (between)
            REQUIRE(take_lines(&lines, &expected, false) == LINES_WAIT);
    }
    close(ends[1]);
    REQUIRE(take_lines(&lines, &expected, true) == LINES_END);
    check_end(&expected);
    lines_release(&lines);
    close(ends[0]);
    return 0;
}
