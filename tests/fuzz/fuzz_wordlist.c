/*
 * Fuzz target: lists of words from any bytes. Words point into the bytes, in order, and have
 * neither line ends nor tabs. Line numbers rise. If the list has counts, writing it and reading it
 * again gives the same list.
 */
#include "fuzz/fuzz.h"
#include "text/wordlist.h"

static void append(char **text, size_t *n, const char *bytes, size_t n_bytes)
{
    *text = realloc(*text, *n + n_bytes + 1);
    REQUIRE(*text != NULL);
    if (n_bytes > 0)
        memcpy(*text + *n, bytes, n_bytes);
    *n += n_bytes;
}

/* Reading `text` gives the entries of `list`. */
static void check_again(struct wordlist list, const char *text, size_t n_bytes)
{
    struct wordlist again;
    struct wordlist_entry a, b;
    wordlist_of(&again, text, n_bytes);
    REQUIRE(again.has_counts && again.n_lines == list.n_lines);
    while (wordlist_next(&list, &a)) {
        REQUIRE(wordlist_next(&again, &b));
        REQUIRE(a.n_bytes == b.n_bytes && a.count == b.count);
        REQUIRE(memcmp(a.text, b.text, a.n_bytes) == 0);
    }
    REQUIRE(!wordlist_next(&again, &b));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    const char *bytes = (const char *)data, *last = bytes;
    struct wordlist list, start;
    struct wordlist_entry entry;
    uint64_t line = 0, n_entries = 0;
    char *text = NULL, count[32];
    size_t n_text = 0;
    wordlist_of(&list, bytes, n_bytes);
    start = list;
    REQUIRE(list.n_with <= list.n_lines && list.has_counts == (list.without == 0 && list.n_lines));
    while (wordlist_next(&list, &entry)) {
        n_entries++;
        REQUIRE(entry.line > line && entry.text >= last);
        REQUIRE(entry.text + entry.n_bytes <= bytes + n_bytes);
        REQUIRE(memchr(entry.text, '\n', entry.n_bytes) == NULL);
        REQUIRE(memchr(entry.text, '\t', entry.n_bytes) == NULL);
        REQUIRE(entry.n_bytes > 0 || list.has_tabs);
        line = entry.line;
        last = entry.text + entry.n_bytes;
        append(&text, &n_text, entry.text, entry.n_bytes);
        append(&text, &n_text, count,
               (size_t)snprintf(count, sizeof count, "\t%llu\n", (unsigned long long)entry.count));
    }
    REQUIRE(n_entries == list.n_lines);
    /* A byte order mark at the start of a word would be taken for the file's. */
    if (start.has_counts && !(n_text >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0))
        check_again(start, text, n_text);
    free(text);
    return 0;
}
