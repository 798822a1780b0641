/* Reading a given vocabulary. See vocab.h. */
#include <inttypes.h>
#include <string.h>

#include "base/bytes.h"
#include "base/infile.h"
#include "text/vocab.h"
#include "text/wordlist.h"

static const char not_counted[] =
    "not a word and its count, WORD<TAB>COUNT; either all lines have a count or none has";

/* Whether a line without a count can be a word: no word of a text has white space in it. */
static bool has_no_white(const struct wordlist_entry *entry)
{
    for (size_t i = 0; i < entry->n_bytes; i++)
        if (bytes_is_white(entry->text[i]))
            return false;
    return true;
}

/* The first line of the list that has this word. */
static uint64_t first_line_of(const struct wordlist *list, const struct wordlist_entry *wanted)
{
    struct wordlist again = *list;
    struct wordlist_entry entry = *wanted;
    while (wordlist_next(&again, &entry) &&
           (entry.n_bytes != wanted->n_bytes ||
            memcmp(entry.text, wanted->text, entry.n_bytes) != 0 || entry.count == 0))
        continue;
    return entry.line;
}

/* Adds an entry of a list. `start` is the list before anything was read from it. */
static int add_entry(struct wordtable *table, const struct wordlist *start,
                     const struct wordlist_entry *entry, uint64_t *total, const char *path,
                     struct w2v_error *error)
{
    const size_t before = table->n_words;
    uint32_t id;
    if (entry->n_bytes == 0)
        return error_set(error, W2V_EFORMAT, "%s:%" PRIu64 ": %s", path, entry->line, not_counted);
    if (!start->has_counts && !has_no_white(entry))
        return error_set(error, W2V_EFORMAT,
                         "%s:%" PRIu64 ": neither a word nor a word and its count", path,
                         entry->line);
    if (start->has_counts && entry->count == 0)
        return W2V_OK;
    if (entry->count > INT64_MAX - *total)
        return error_set(error, W2V_EFORMAT, "%s:%" PRIu64 ": counts add up to more than 2^63 - 1",
                         path, entry->line);
    *total += entry->count;
    int status = wordtable_add_word(table, entry->text, entry->n_bytes, entry->count, &id, error);
    if (status == W2V_OK && id != before && start->has_counts)
        status = error_set(error, W2V_EFORMAT, "%s:%" PRIu64 ": the same word is in line %" PRIu64,
                           path, entry->line, first_line_of(start, entry));
    return status;
}

static int read_list(struct wordtable *table, struct wordlist *list, bool *counted,
                     const char *path, struct w2v_error *error)
{
    const struct wordlist start = *list;
    struct wordlist_entry entry;
    uint64_t total = 0;
    int status = W2V_OK;
    *counted = list->has_counts;
    if (!list->has_counts && (list->has_tabs || list->n_with > 0))
        return error_set(error, W2V_EFORMAT, "%s:%" PRIu64 ": %s", path, list->without,
                         not_counted);
    while (status == W2V_OK && wordlist_next(list, &entry))
        status = add_entry(table, &start, &entry, &total, path, error);
    if (status == W2V_OK && table->n_words == 0)
        status = error_set(error, W2V_EFORMAT, "%s: an empty vocabulary", path);
    return status;
}

int vocab_parse(struct wordtable *table, const char *bytes, size_t n_bytes, bool *counted,
                const char *path, struct w2v_error *error)
{
    struct wordlist list;
    wordlist_of(&list, bytes, n_bytes);
    return read_list(table, &list, counted, path, error);
}

int vocab_read(struct wordtable *table, const char *path, bool *counted, struct w2v_error *error)
{
    struct wordlist list;
    int status = wordlist_open(&list, path, error);
    if (status != W2V_OK)
        return status;
    status = read_list(table, &list, counted, infile_name(path), error);
    wordlist_release(&list);
    return status;
}
