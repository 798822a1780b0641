/*
 * Tests text/ with the test files of the Unicode Consortium: every case of WordBreakTest.txt,
 * GraphemeBreakTest.txt and NormalizationTest.txt.
 *
 *     conformance DIR...
 *
 * Each file is looked for in every DIR and in DIR/auxiliary. The test fails if a file is missing,
 * has no cases, or is of another version of Unicode than the tables.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "test.h"
#include "text/unicode.h"
#include "text/unicode_break.h"
#include "text/unicode_nfc.h"
#include "w2v.h"

enum { MAX_LINE = 8192, MAX_TEXT = 2048, N_COLUMNS = 5 };

static char **dirs;
static int n_dirs;

static FILE *open_test_file(const char *name)
{
    char path[4096], line[MAX_LINE];
    for (int i = 0; i < 2 * n_dirs; i++) {
        snprintf(path, sizeof path, "%s/%s%s", dirs[i / 2], i % 2 ? "auxiliary/" : "", name);
        FILE *file = fopen(path, "r");
        if (!file)
            continue;
        const bool has_line = fgets(line, sizeof line, file) != NULL;
        CHECK_MSG(has_line && strstr(line, unicode_tables_version), "%s is not of Unicode %s", path,
                  unicode_tables_version);
        rewind(file);
        return file;
    }
    CHECK_MSG(false, "%s not found", name);
    return NULL;
}

static void append(char *text, size_t *n_bytes, uint32_t cp)
{
    if (*n_bytes + UTF8_MAX_BYTES <= MAX_TEXT)
        *n_bytes += utf8_encode(cp, text + *n_bytes);
    else
        CHECK_MSG(false, "a case is longer than %d bytes", MAX_TEXT);
}

/* UTF-8 has only scalar values, so cases with surrogates do not concern us. */
static bool is_scalar(unsigned long cp)
{
    return cp <= 0x10FFFF && !(cp >= 0xD800 && cp < 0xE000);
}

typedef size_t (*break_fn)(const char *text, size_t n_bytes, unsigned *flags);

/* A line is like "÷ 0061 × 0308 ÷ 0062 ÷ # ...", where ÷ is a boundary and × is none. */
static void run_breaks(const char *name, break_fn next_break)
{
    static const char boundary[] = "\xC3\xB7", no_boundary[] = "\xC3\x97";
    FILE *file = open_test_file(name);
    char line[MAX_LINE], text[MAX_TEXT];
    bool wanted[MAX_TEXT + 1];
    long n_cases = 0, n_failed = 0, line_number = 0;
    while (file && fgets(line, sizeof line, file)) {
        line_number++;
        line[strcspn(line, "#\r\n")] = 0;
        memset(wanted, 0, sizeof wanted);
        size_t n_bytes = 0;
        bool usable = true;
        for (char *s = line + strspn(line, " \t"), *end; *s; s = end + strspn(end, " \t")) {
            if (strncmp(s, boundary, 2) == 0 || strncmp(s, no_boundary, 2) == 0) {
                wanted[n_bytes] = strncmp(s, boundary, 2) == 0;
                end = s + 2;
                continue;
            }
            const unsigned long cp = strtoul(s, &end, 16);
            if (end == s || !is_scalar(cp)) {
                usable = false;
                break;
            }
            append(text, &n_bytes, (uint32_t)cp);
        }
        CHECK_MSG(usable, "%s:%ld: not understood", name, line_number);
        if (n_bytes == 0)
            continue;
        bool right = true;
        size_t at = 0, n;
        unsigned flags;
        while (at < n_bytes && (n = next_break(text + at, n_bytes - at, &flags)) > 0) {
            for (size_t i = at + 1; i < at + n; i++)
                right = right && !wanted[i];
            at += n;
            right = right && wanted[at];
        }
        right = right && at == n_bytes;
        CHECK_MSG(right, "%s:%ld: %s", name, line_number, line);
        n_cases++;
        n_failed += !right;
    }
    if (file)
        fclose(file);
    CHECK_MSG(n_cases > 100, "%s: only %ld cases", name, n_cases);
    printf("# %s: %ld cases, %ld failed\n", name, n_cases, n_failed);
}

static void test_word_break(void)
{
    run_breaks("WordBreakTest.txt", unicode_break_word);
}

static void test_grapheme_break(void)
{
    run_breaks("GraphemeBreakTest.txt", unicode_break_grapheme);
}

struct column {
    char text[MAX_TEXT];
    size_t n_bytes;
};

static bool nfc_is(struct unicode_nfc *w, const struct column *from, const struct column *wanted)
{
    struct w2v_error error;
    return unicode_nfc(w, from->text, from->n_bytes, UNICODE_FOLD_NONE, &error) == 0 &&
           w->n_bytes == wanted->n_bytes && memcmp(w->text, wanted->text, w->n_bytes) == 0;
}

static bool nfkc_is(struct unicode_nfc *w, const struct column *from, const struct column *wanted)
{
    struct w2v_error error;
    return unicode_nfkc(w, from->text, from->n_bytes, &error) == 0 &&
           w->n_bytes == wanted->n_bytes && memcmp(w->text, wanted->text, w->n_bytes) == 0;
}

/*
 * A line has five columns. c2 is the NFC of c1, c2 and c3. c4 is the NFC of c4 and c5, and the NFKC
 * of all five. A code point without a line in part 1 is its own NFC and NFKC. unicode_nfc_settled
 * must never accept a text that is not in NFC.
 */
static void test_normalization(void)
{
    static bool listed[0x110000];
    FILE *file = open_test_file("NormalizationTest.txt");
    struct unicode_nfc w = {0};
    struct column c[N_COLUMNS];
    char line[MAX_LINE];
    long n_cases = 0, n_failed = 0, n_alone = 0, line_number = 0;
    int part = -1;
    while (file && fgets(line, sizeof line, file)) {
        line_number++;
        if (strncmp(line, "@Part", 5) == 0)
            part = line[5] - '0';
        if (line[0] == '#' || line[0] == '@')
            continue;
        char *s = line;
        int n_columns = 0;
        for (; n_columns < N_COLUMNS && strchr(s, ';'); n_columns++) {
            c[n_columns].n_bytes = 0;
            while (*s != ';') {
                char *end;
                const unsigned long cp = strtoul(s, &end, 16);
                if (end == s || !is_scalar(cp))
                    break;
                append(c[n_columns].text, &c[n_columns].n_bytes, (uint32_t)cp);
                if (part == 1 && n_columns == 0)
                    listed[cp] = true;
                s = end + strspn(end, " ");
            }
            if (*s != ';')
                break;
            s++;
        }
        CHECK_MSG(n_columns == N_COLUMNS, "line %ld: not understood", line_number);
        if (n_columns != N_COLUMNS)
            continue;
        bool right = true;
        for (int i = 0; i < N_COLUMNS; i++) {
            const struct column *wanted = i < 3 ? &c[1] : &c[3];
            right = right && nfc_is(&w, &c[i], wanted) && nfkc_is(&w, &c[i], &c[3]);
            if (unicode_nfc_settled(c[i].text, c[i].n_bytes))
                right = right && c[i].n_bytes == wanted->n_bytes &&
                        memcmp(c[i].text, wanted->text, wanted->n_bytes) == 0;
        }
        CHECK_MSG(right, "line %ld: %.60s", line_number, line);
        n_cases++;
        n_failed += !right;
    }
    if (file)
        fclose(file);
    for (uint32_t cp = 0; n_cases > 0 && cp <= 0x10FFFF; cp++) {
        if (listed[cp] || !is_scalar(cp))
            continue;
        c[0].n_bytes = utf8_encode(cp, c[0].text);
        const bool right = nfc_is(&w, &c[0], &c[0]) && nfkc_is(&w, &c[0], &c[0]);
        CHECK_MSG(right, "U+%04X is not its own NFC and NFKC", (unsigned)cp);
        n_alone++;
        n_failed += !right;
    }
    unicode_nfc_release(&w);
    CHECK_MSG(n_cases > 10000 && part >= 3, "only %ld cases, last part %d", n_cases, part);
    printf("# NormalizationTest.txt: %ld cases, %ld code points alone, %ld failed\n", n_cases,
           n_alone, n_failed);
}

int main(int argc, char **argv)
{
    if (argc < 2) {
        fprintf(stderr, "usage: conformance DIR...\n");
        return 2;
    }
    dirs = argv + 1;
    n_dirs = argc - 1;
    TEST(test_word_break);
    TEST(test_grapheme_break);
    TEST(test_normalization);
    return test_end();
}
