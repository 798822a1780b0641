/* Reading an evaluation set. See evalset.h. */
#include "query/evalset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/infile.h"
#include "base/mem.h"
#include "base/number.h"
#include "model/header.h"

enum { MAX_FIELDS = 64, PASSED_OVER = LINES_NO_BLANKS | LINES_NO_REMARKS, NO_COLUMN = MAX_FIELDS };

static struct evalset_text trim(const char *start, const char *end)
{
    while (start < end && header_is_blank(*start))
        start++;
    while (start < end && header_is_blank(end[-1]))
        end--;
    return (struct evalset_text){start, (size_t)(end - start)};
}

/* The next line, without blanks around it. A tab may separate an empty column, so tabs stay. */
static bool next_line(struct lines *lines, struct evalset_text *text)
{
    const char *line, *end;
    size_t n;
    if (!lines_next(lines, &line, &n))
        return false;
    end = line + n;
    while (line < end && *line != '\t' && header_is_blank(*line))
        line++;
    while (line < end && end[-1] != '\t' && header_is_blank(end[-1]))
        end--;
    *text = (struct evalset_text){line, (size_t)(end - line)};
    return true;
}

/* ---- Fields ---- */

/* Splits a line at blanks. Keeps the first MAX_FIELDS fields, and returns how many there are. */
static size_t split_blanks(struct evalset_text line, struct evalset_text *fields)
{
    const char *p = line.text, *const end = p + line.n_bytes;
    for (size_t n = 0;; n++) {
        while (p < end && header_is_blank(*p))
            p++;
        const char *start = p;
        while (p < end && !header_is_blank(*p))
            p++;
        if (p == start)
            return n;
        if (n < MAX_FIELDS)
            fields[n] = (struct evalset_text){start, (size_t)(p - start)};
    }
}

/* The field without the quotes in which a spreadsheet may have put it. */
static struct evalset_text without_quotes(struct evalset_text field)
{
    if (field.n_bytes < 2 || field.text[0] != '"' || field.text[field.n_bytes - 1] != '"')
        return field;
    return trim(field.text + 1, field.text + field.n_bytes - 1);
}

/* The same for another separator; blanks around a field do not belong to it. */
static size_t split_at(char separator, struct evalset_text line, struct evalset_text *fields)
{
    const char *p = line.text, *const end = p + line.n_bytes;
    for (size_t n = 0;; n++) {
        const char *mark = memchr(p, separator, (size_t)(end - p));
        if (n < MAX_FIELDS)
            fields[n] = without_quotes(trim(p, mark != NULL ? mark : end));
        if (mark == NULL)
            return n + 1;
        p = mark + 1;
    }
}

/* Splits a line into at most MAX_FIELDS fields; more are ignored. */
static size_t split(char separator, struct evalset_text line, struct evalset_text *fields)
{
    const size_t n =
        separator == ' ' ? split_blanks(line, fields) : split_at(separator, line, fields);
    return n < MAX_FIELDS ? n : MAX_FIELDS;
}

/* Reads a number. A comma in it is its decimal point: "8,5". */
static bool is_number(struct evalset_text field, float *number)
{
    char text[32];
    const char *comma = memchr(field.text, ',', field.n_bytes);
    if (comma != NULL && field.n_bytes <= sizeof text) {
        memcpy(text, field.text, field.n_bytes);
        text[comma - field.text] = '.';
        field.text = text;
    }
    return number_parse(field.text, field.n_bytes, number) && isfinite(*number);
}

/* Whether the line is ": NAME", the beginning of a section. */
static bool is_section(struct evalset_text line, struct evalset_text *name)
{
    const char *const end = line.text + line.n_bytes;
    *name = trim(line.text, end);
    if (name->n_bytes == 0 || name->text[0] != ':')
        return false;
    *name = trim(name->text + 1, end);
    return true;
}

/* ---- What the lines are ---- */

/* How a set is to be read. */
struct evalset_layout {
    bool is_analogies, has_sections;
    char separator;                           /* of a similarity set */
    size_t words[2], score;                   /* columns, from 0; NO_COLUMN: not found */
    struct evalset_text headings[MAX_FIELDS]; /* of the first line */
    size_t n_headings;
};

static size_t count_byte(struct evalset_text line, char byte)
{
    size_t n = 0;
    for (size_t i = 0; i < line.n_bytes; i++)
        n += line.text[i] == byte;
    return n;
}

/* The first separator that most lines have at least twice; else a blank. */
static char find_separator(struct lines lines)
{
    static const char separators[] = {'\t', ';', ','};
    size_t n_with[sizeof separators] = {0}, n_lines = 0;
    struct evalset_text line;
    while (next_line(&lines, &line)) {
        n_lines++;
        line = trim(line.text, line.text + line.n_bytes);
        for (size_t i = 0; i < sizeof separators; i++)
            n_with[i] += count_byte(line, separators[i]) >= 2;
    }
    for (size_t i = 0; i < sizeof separators; i++)
        if (2 * n_with[i] > n_lines)
            return separators[i];
    return ' ';
}

/* Whether the fields are four words, none of them a number. */
static bool are_words(const struct evalset_text *fields, size_t n)
{
    float number;
    for (size_t i = 0; i < n && i < 4; i++)
        if (is_number(fields[i], &number))
            return false;
    return n == 4;
}

/* Whether there is a number among at least three fields. */
static bool may_be_pair(const struct evalset_text *fields, size_t n)
{
    float number;
    for (size_t i = 0; n >= 3 && i < n; i++)
        if (is_number(fields[i], &number))
            return true;
    return false;
}

/*
 * Decides what kind of set the lines are. False if they are neither kind. In a set with sections any four
 * words are a question, since words may be numbers.
 */
static bool find_kind(struct evalset_layout *layout, struct lines lines)
{
    struct evalset_text line, name, fields[MAX_FIELDS];
    size_t n_sections = 0, n_questions = 0, n_fours = 0, n_pairs = 0, n_lines = 0;
    layout->separator = find_separator(lines);
    while (next_line(&lines, &line)) {
        if (is_section(line, &name)) {
            n_sections++;
            continue;
        }
        const size_t n = split(' ', line, fields);
        n_lines++;
        n_fours += n == 4;
        n_questions += are_words(fields, n);
        n_pairs += may_be_pair(fields, split(layout->separator, line, fields));
    }
    layout->has_sections = n_sections > 0;
    layout->is_analogies = layout->has_sections
                               ? n_questions > 0 || n_pairs == 0 || n_fours == n_lines
                               : n_questions > n_pairs;
    return n_sections + n_questions + n_pairs > 0;
}

/* ---- Columns of a similarity set ---- */

/* Whether a heading, in any case, contains a name in lower case. */
static bool holds(struct evalset_text heading, const char *name)
{
    const size_t n = strlen(name);
    for (size_t at = 0; at + n <= heading.n_bytes; at++) {
        size_t i = 0;
        while (i < n) {
            const char c = heading.text[at + i];
            if ((c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c) != name[i])
                break;
            i++;
        }
        if (i == n)
            return true;
    }
    return false;
}

/* The column of numbers whose heading says that it is the score. */
static size_t find_heading(const struct evalset_layout *layout, const bool *is_numeric)
{
    static const char *const names[] = {"score",  "simlex", "simil", "related", "human",
                                        "rating", "mean",   "avg",   "average", "gold"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        for (size_t c = 0; c < layout->n_headings; c++)
            if (is_numeric[c] && holds(layout->headings[c], names[i]) &&
                !holds(layout->headings[c], "sd(") && !holds(layout->headings[c], "std"))
                return c;
    return NO_COLUMN;
}

static size_t find_score(const struct evalset_layout *layout, const bool *is_numeric,
                         size_t n_columns)
{
    size_t before = NO_COLUMN;
    const size_t named = find_heading(layout, is_numeric);
    if (named != NO_COLUMN && named != layout->words[0] && named != layout->words[1])
        return named;
    for (size_t c = 0; c < n_columns; c++) {
        if (!is_numeric[c] || c == layout->words[0] || c == layout->words[1])
            continue;
        if (c > layout->words[1])
            return c;
        before = c;
    }
    return before;
}

/*
 * Finds the columns that are numbers in at least half of the lines where they are not empty. The first
 * line counts only for its numbers, since it may have headings. is_filled[c]: some line has something in
 * column c. Returns how many columns there are.
 */
static size_t find_numbers(const struct evalset_layout *layout, struct lines lines,
                           bool *is_numeric, bool *is_filled)
{
    struct evalset_text line, fields[MAX_FIELDS];
    size_t n_others[MAX_FIELDS] = {0}, n_numbers[MAX_FIELDS] = {0}, n_columns = 0;
    float number;
    for (bool first = true; next_line(&lines, &line); first = false) {
        const size_t n = split(layout->separator, line, fields);
        for (size_t c = 0; c < n; c++) {
            const bool is = is_number(fields[c], &number);
            n_numbers[c] += is;
            n_others[c] += !is && !first && fields[c].n_bytes > 0;
            is_filled[c] |= fields[c].n_bytes > 0;
        }
        n_columns = n > n_columns ? n : n_columns;
    }
    for (size_t c = 0; c < n_columns; c++)
        is_numeric[c] = n_numbers[c] > 0 && n_numbers[c] >= n_others[c];
    return n_columns;
}

/* Takes the first line for a heading if it has anything but a number in a column of numbers. */
static void find_headings(struct evalset_layout *layout, struct lines lines, const bool *is_numeric)
{
    struct evalset_text line;
    float number;
    bool is_heading = false;
    next_line(&lines, &line);
    const size_t n = split(layout->separator, line, layout->headings);
    for (size_t c = 0; c < n; c++)
        is_heading |= is_numeric[c] && !is_number(layout->headings[c], &number);
    layout->n_headings = is_heading ? n : 0;
}

/* The next column from c on, without numbers, whose heading says that it is a word; or NO_COLUMN. */
static size_t find_word(const struct evalset_layout *layout, const bool *is_numeric, size_t c)
{
    for (; c < layout->n_headings; c++)
        if (!is_numeric[c] && holds(layout->headings[c], "word"))
            return c;
    return NO_COLUMN;
}

/* Takes two columns that are headed as words. False if there are no two. */
static bool find_headed_words(struct evalset_layout *layout, const bool *is_numeric)
{
    const size_t first = find_word(layout, is_numeric, 0);
    const size_t second = first != NO_COLUMN ? find_word(layout, is_numeric, first + 1) : first;
    if (second == NO_COLUMN)
        return false;
    layout->words[0] = first;
    layout->words[1] = second;
    return true;
}

/* Finds the columns of the words and of the score. */
static void find_columns(struct evalset_layout *layout, struct lines lines, size_t score_column)
{
    bool is_numeric[MAX_FIELDS] = {false}, is_filled[MAX_FIELDS] = {false};
    const size_t n_columns = find_numbers(layout, lines, is_numeric, is_filled);
    size_t n_words = 0;
    find_headings(layout, lines, is_numeric);
    if (find_headed_words(layout, is_numeric))
        n_words = 2;
    for (size_t c = 0; c < n_columns && n_words < 2; c++)
        if (is_filled[c] && !is_numeric[c] && c + 1 != score_column)
            layout->words[n_words++] = c;
    if (n_words < 2) /* words look like numbers: take the first columns that are not the score */
        for (size_t c = 0, i = 0; i < 2; c++)
            if (c + 1 != score_column && (c >= n_columns || is_filled[c]))
                layout->words[i++] = c;
    layout->score = score_column > 0 ? score_column - 1 : find_score(layout, is_numeric, n_columns);
    if (layout->n_headings <= layout->score) /* too short: a line that lacks its score */
        layout->n_headings = 0;
}

/* ---- Items ---- */

static int add_section(struct evalset *set, struct evalset_text name, struct w2v_error *error)
{
    int status = mem_grow(&set->sections, &set->sections_capacity, set->n_sections + 1,
                          sizeof *set->sections, "an evaluation set", error);
    if (status == W2V_OK)
        set->sections[set->n_sections++] = name;
    return status;
}

static int add_item(struct evalset *set, struct evalset_item item, struct w2v_error *error)
{
    static const char none[] = "(none)";
    int status = W2V_OK;
    if (set->n_sections == 0)
        status = add_section(set, (struct evalset_text){none, sizeof none - 1}, error);
    if (status == W2V_OK)
        status = mem_grow(&set->items, &set->items_capacity, set->n_items + 1, sizeof *set->items,
                          "an evaluation set", error);
    if (status != W2V_OK)
        return status;
    item.section = set->n_sections - 1;
    set->items[set->n_items++] = item;
    return W2V_OK;
}

static void add_bad(struct evalset *set, struct evalset_text line, uint64_t number)
{
    if (set->n_bad == 0)
        set->bad = line;
    if (set->n_bad < W2V_MAX_BAD_LINES)
        set->bad_lines[set->n_bad] = number;
    set->n_bad++;
}

static bool read_question(const struct evalset_layout *layout, struct evalset_text line,
                          struct evalset_item *item)
{
    struct evalset_text fields[MAX_FIELDS];
    const size_t n = split(' ', line, fields);
    if (layout->has_sections ? n != 4 : !are_words(fields, n))
        return false;
    memcpy(item->words, fields, sizeof item->words);
    return true;
}

static bool read_pair(const struct evalset_layout *layout, struct evalset_text line,
                      struct evalset_item *item)
{
    struct evalset_text fields[MAX_FIELDS];
    const size_t n = split(layout->separator, line, fields);
    const size_t *words = layout->words;
    if (layout->score >= n || words[0] >= n || words[1] >= n || fields[words[0]].n_bytes == 0 ||
        fields[words[1]].n_bytes == 0 || !is_number(fields[layout->score], &item->score))
        return false;
    item->words[0] = fields[words[0]];
    item->words[1] = fields[words[1]];
    return true;
}

static int read_items(struct evalset *set, const struct evalset_layout *layout,
                      struct w2v_error *error)
{
    struct lines lines = set->lines;
    struct evalset_text line, name;
    int status = W2V_OK;
    for (bool first = true; status == W2V_OK && next_line(&lines, &line); first = false) {
        struct evalset_item item = {0};
        if (layout->is_analogies && is_section(line, &name))
            status = add_section(set, name, error);
        else if (layout->is_analogies ? read_question(layout, line, &item)
                                      : read_pair(layout, line, &item))
            status = add_item(set, item, error);
        else if (!first || layout->n_headings == 0)
            add_bad(set, line, lines.number);
    }
    return status;
}

/* ---- The whole ---- */

static int read_set(struct evalset *set, size_t score_column, const char *path,
                    struct w2v_error *error)
{
    struct evalset_layout layout = {.n_headings = 0};
    struct lines lines = set->lines;
    struct evalset_text line;
    if (!next_line(&lines, &line))
        return error_set(error, W2V_EFORMAT, "%s: no questions and no pairs", path);
    if (!find_kind(&layout, set->lines))
        return error_set(error, W2V_EFORMAT,
                         "%s:%llu: neither an analogy set (\": section\", four words a line) nor "
                         "a similarity set (two words and a number)",
                         path, (unsigned long long)lines.number);
    set->is_analogies = layout.is_analogies;
    if (!layout.is_analogies)
        find_columns(&layout, set->lines, score_column);
    int status = read_items(set, &layout, error);
    if (status == W2V_OK && set->n_items == 0 && score_column > 0 && !layout.is_analogies)
        status = error_set(error, W2V_EFORMAT,
                           "%s: no line has two words and a number in column "
                           "%zu; see --score-column",
                           path, score_column);
    else if (status == W2V_OK && set->n_items == 0)
        status = error_set(error, W2V_EFORMAT, "%s: no questions and no pairs", path);
    return status;
}

int evalset_parse(struct evalset *set, const char *bytes, size_t n_bytes, size_t score_column,
                  const char *path, struct w2v_error *error)
{
    *set = (struct evalset){0};
    lines_of(&set->lines, bytes, n_bytes, PASSED_OVER);
    int status = read_set(set, score_column, path, error);
    if (status != W2V_OK)
        evalset_release(set);
    return status;
}

int evalset_read(struct evalset *set, const char *path, size_t score_column,
                 struct w2v_error *error)
{
    *set = (struct evalset){0};
    int status = lines_load(&set->lines, path, PASSED_OVER, error);
    if (status == W2V_OK)
        status = read_set(set, score_column, infile_name(path), error);
    if (status != W2V_OK)
        evalset_release(set);
    return status;
}

void evalset_release(struct evalset *set)
{
    free(set->sections);
    free(set->items);
    lines_release(&set->lines);
    *set = (struct evalset){0};
}
