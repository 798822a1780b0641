/* Lists of words as files. See wordlist.h. */
#include "text/wordlist.h"

#include <string.h>

#include "base/number.h"

/* Parses a whole number; one that needs more than 64 bits becomes UINT64_MAX. False if it is none. */
static bool parse_count(const char *text, size_t n_bytes, uint64_t *count)
{
    bool fits;
    return number_digits(text, n_bytes, count, &fits) == n_bytes && n_bytes > 0;
}

/*
 * Splits a line at its first tab. Returns whether it has one. *has_count: a count follows the tab.
 */
static bool split_at_tab(const char *line, size_t n, struct wordlist_entry *entry, bool *has_count)
{
    const char *tab = memchr(line, '\t', n);
    const size_t n_word = tab != NULL ? (size_t)(tab - line) : n;
    *has_count = tab != NULL && parse_count(tab + 1, n - n_word - 1, &entry->count);
    entry->text = line;
    entry->n_bytes = n_word;
    entry->rest = line + n_word + (tab != NULL);
    entry->n_rest = n - n_word - (tab != NULL);
    return tab != NULL;
}

/*
 * Splits a line at its last run of spaces. False unless a word is before it and a count after it.
 */
static bool split_at_blank(const char *line, size_t n, struct wordlist_entry *entry)
{
    size_t at = n;
    while (at > 0 && line[at - 1] != ' ')
        at--;
    if (at == 0 || !parse_count(line + at, n - at, &entry->count))
        return false;
    while (at > 0 && line[at - 1] == ' ')
        at--;
    entry->text = line;
    entry->n_bytes = at;
    return at > 0;
}

/* Finds the layout of the lines. */
static void find_layout(struct wordlist *list)
{
    struct lines lines = list->lines;
    struct wordlist_entry entry;
    uint64_t n_tabs = 0, n_tab_counts = 0, n_blank_counts = 0, no_tab_count = 0, no_blank_count = 0;
    const char *line;
    size_t n;
    while (lines_next(&lines, &line, &n)) {
        bool has_count;
        list->n_lines++;
        n_tabs += split_at_tab(line, n, &entry, &has_count);
        n_tab_counts += has_count;
        if (!has_count && no_tab_count == 0)
            no_tab_count = lines.number;
        has_count = split_at_blank(line, n, &entry);
        n_blank_counts += has_count;
        if (!has_count && no_blank_count == 0)
            no_blank_count = lines.number;
    }
    list->has_tabs = n_tabs > 0;
    list->n_with = list->has_tabs ? n_tab_counts : n_blank_counts;
    list->without = list->has_tabs ? no_tab_count : no_blank_count;
    list->has_counts = list->n_lines > 0 && list->n_with == list->n_lines;
}

void wordlist_of(struct wordlist *list, const char *bytes, size_t n_bytes)
{
    *list = (struct wordlist){.n_lines = 0};
    lines_of(&list->lines, bytes, n_bytes, LINES_NO_BLANKS);
    find_layout(list);
}

int wordlist_open(struct wordlist *list, const char *path, struct w2v_error *error)
{
    *list = (struct wordlist){.n_lines = 0};
    int status = lines_load(&list->lines, path, LINES_NO_BLANKS, error);
    if (status == W2V_OK)
        find_layout(list);
    return status;
}

bool wordlist_next(struct wordlist *list, struct wordlist_entry *entry)
{
    const char *line;
    size_t n;
    bool has_count;
    if (!lines_next(&list->lines, &line, &n))
        return false;
    *entry = (struct wordlist_entry){line, n, 0, list->lines.number, line, 0};
    if (list->has_tabs)
        split_at_tab(line, n, entry, &has_count);
    else if (list->has_counts)
        split_at_blank(line, n, entry);
    return true;
}

void wordlist_release(struct wordlist *list)
{
    lines_release(&list->lines);
}
