/* base/lines, and text/wordlist, which reads lists of words with it. */
#include "test.h"

#include <fcntl.h>

#include "base/lines.h"
#include "models.h"
#include "text/wordlist.h"

static char path[MODELS_PATH];
static struct w2v_error error;

/* Compares the lines with `wanted`, where a line is written as "number:text|". */
static void check_lines(struct lines *lines, const char *wanted)
{
    char got[512] = "";
    const char *line;
    size_t n;
    while (lines_next(lines, &line, &n))
        snprintf(got + strlen(got), sizeof got - strlen(got), "%llu:%.*s|",
                 (unsigned long long)lines->number, (int)n, line);
    CHECK_MSG(strcmp(got, wanted) == 0, "%s, not %s", got, wanted);
}

static void test_rules(void)
{
    static const struct {
        const char *text;
        unsigned skipped;
        const char *wanted;
    } cases[] = {
        {"", LINES_ALL, ""},
        {"a", LINES_ALL, "1:a|"},
        {"a\nb\n", LINES_ALL, "1:a|2:b|"},
        {"a\r\nb\r", LINES_ALL, "1:a|2:b|"},
        {"a\r\r\n", LINES_ALL, "1:a\r|"},
        {"\n\na", LINES_ALL, "1:|2:|3:a|"},
        {"\xEF\xBB\xBF"
         "a\n\xEF\xBB\xBF"
         "b",
         LINES_ALL,
         "1:a|2:\xEF\xBB\xBF"
         "b|"},
        {"\xEF\xBB\xBF\r\na", LINES_ALL, "1:|2:a|"},
        {"#a\n # b\n\nc #d", LINES_ALL, "1:#a|2: # b|3:|4:c #d|"},
        {"#a\n # b\n\nc #d", LINES_NO_REMARKS, "3:|4:c #d|"},
        {"#a\n \t\r\n\nc ", LINES_NO_BLANKS, "1:#a|4:c |"},
        {"\xEF\xBB\xBF#a\n\n \nb", LINES_NO_BLANKS | LINES_NO_REMARKS, "4:b|"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct lines lines;
        lines_of(&lines, cases[i].text, strlen(cases[i].text), cases[i].skipped);
        check_lines(&lines, cases[i].wanted);
        models_write(path, cases[i].text, strlen(cases[i].text));
        CHECK(lines_load(&lines, path, cases[i].skipped, &error) == W2V_OK);
        struct lines again = lines;
        check_lines(&lines, cases[i].wanted);
        check_lines(&again, cases[i].wanted);
        lines_release(&lines);
    }
}

static void test_files(void)
{
    static const char *const wide[] = {"\xFF\xFE"
                                       "a",
                                       "\xFE\xFF"
                                       "a"};
    enum { LONG = 200000 };
    struct lines lines;
    const char *line;
    size_t n;
    for (size_t i = 0; i < 2; i++) {
        models_write(path, wide[i], 3);
        CHECK(lines_load(&lines, path, LINES_ALL, &error) == W2V_EFORMAT);
        CHECK(strstr(error.message, "iconv") != NULL && lines.buffer == NULL);
    }
    models_write(path, "\0\0\xFE\xFF", 4);
    CHECK(lines_load(&lines, path, LINES_ALL, &error) == W2V_EFORMAT);
    CHECK(lines_load(&lines, "/no/such", LINES_ALL, &error) == W2V_EIO);
    CHECK(lines_load(&lines, "/", LINES_ALL, &error) == W2V_EIO);
    char *text = malloc(LONG);
    memset(text, 'x', LONG);
    models_write(path, text, LONG);
    CHECK(lines_load(&lines, path, LINES_ALL, &error) == W2V_OK);
    CHECK(lines_next(&lines, &line, &n) && n == LONG && !lines_next(&lines, &line, &n));
    lines_release(&lines);
    free(text);
}

static void test_descriptor(void)
{
    struct lines lines;
    const char *line;
    size_t n;
    int ends[2];
    CHECK(pipe(ends) == 0);
    lines_follow(&lines, ends[0], LINES_NO_BLANKS);
    CHECK(lines_await(&lines, false, &line, &n) == LINES_WAIT);
    CHECK(write(ends[1], "\xEF\xBB", 2) == 2);
    CHECK(lines_await(&lines, false, &line, &n) == LINES_WAIT);
    CHECK(write(ends[1],
                "\xBF"
                "a\r",
                3) == 3);
    CHECK(lines_await(&lines, false, &line, &n) == LINES_WAIT);
    CHECK(write(ends[1], "\n\nb", 3) == 3);
    CHECK(lines_await(&lines, false, &line, &n) == LINES_LINE && n == 1 && *line == 'a');
    CHECK(lines_await(&lines, false, &line, &n) == LINES_WAIT && lines.number == 2);
    close(ends[1]);
    CHECK(lines_await(&lines, true, &line, &n) == LINES_LINE && n == 1 && *line == 'b');
    CHECK(lines.number == 3 && lines_await(&lines, true, &line, &n) == LINES_END);
    lines_release(&lines);
    close(ends[0]);
}

/* Compares the words with `wanted`: "word=count|", or "word|" if the list has no counts. */
static void check_list(const char *text, const char *wanted)
{
    struct wordlist list;
    struct wordlist_entry entry;
    char got[512] = "", count[32] = "";
    models_write(path, text, strlen(text));
    CHECK(wordlist_open(&list, path, &error) == W2V_OK);
    while (wordlist_next(&list, &entry)) {
        if (list.has_counts)
            snprintf(count, sizeof count, "=%llu", (unsigned long long)entry.count);
        snprintf(got + strlen(got), sizeof got - strlen(got), "%.*s%s|", (int)entry.n_bytes,
                 entry.text, count);
    }
    CHECK_MSG(strcmp(got, wanted) == 0, "%s, not %s", got, wanted);
    wordlist_release(&list);
}

static void test_lists(void)
{
    check_list("", "");
    check_list("\xEF\xBB\xBFthe\r\n\r\nof", "the|of|");
    check_list("the\t3\nof\t2\n", "the=3|of=2|");
    check_list("</s> 0\nthe 3\nof  2\n", "</s>=0|the=3|of=2|");
    check_list("new york\nwindows 95\n", "new york|windows 95|");
    check_list("windows 95\t\nlinux\t\n", "windows 95|linux|");
    check_list("windows 95\t4\nlinux\t3\n", "windows 95=4|linux=3|");
    check_list("a_b\t5\t1.5\t1\ta\tb\n", "a_b|");
    check_list("the 3\nof\n", "the 3|of|");
    check_list("the 3 \nof 2\n", "the 3 |of 2|");
    check_list(" 3\nof 2\n", " 3|of 2|");
    check_list("#\n# 2\n", "#|# 2|");
    check_list("a 99999999999999999999\n", "a=18446744073709551615|");
}

int main(void)
{
    models_make_path(path);
    TEST(test_rules);
    TEST(test_files);
    TEST(test_descriptor);
    TEST(test_lists);
    unlink(path);
    return test_end();
}
