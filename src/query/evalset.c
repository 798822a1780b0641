/* Reading an evaluation set. See evalset.h. */
#include "query/evalset.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/mem.h"
#include "base/number.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static struct evalset_text trim(const char *start, const char *end)
{
    while (start < end && is_blank(*start))
        start++;
    while (start < end && is_blank(end[-1]))
        end--;
    return (struct evalset_text){start, (size_t)(end - start)};
}

/* ---- Lines ---- */

struct lines {
    const char *at, *end;
    size_t number;            /* of the line, from 1 */
    struct evalset_text text; /* of it, without blanks around */
};

static struct lines first_line(const char *bytes, size_t n_bytes)
{
    struct lines lines = {.at = bytes, .end = n_bytes > 0 ? bytes + n_bytes : bytes};
    if (n_bytes >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) /* a byte order mark */
        lines.at += 3;
    return lines;
}

/* Moves on to the next line that is neither empty nor a remark. False at the end. */
static bool next_line(struct lines *lines)
{
    while (lines->at < lines->end) {
        const char *lf = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
        const char *end = lf != NULL ? lf : lines->end;
        lines->number++;
        lines->text = trim(lines->at, end);
        lines->at = lf != NULL ? lf + 1 : end;
        if (lines->text.n_bytes > 0 && lines->text.text[0] != '#')
            return true;
    }
    return false;
}

/* ---- Fields ---- */

/* The fields between blanks: the first `max` of them; returns how many there are. */
static size_t split_blanks(struct evalset_text line, struct evalset_text *fields, size_t max)
{
    const char *p = line.text, *const end = p + line.n_bytes;
    size_t n = 0;
    while (p < end) {
        const char *start = p;
        while (p < end && !is_blank(*p))
            p++;
        if (n < max)
            fields[n] = trim(start, p);
        n++;
        while (p < end && is_blank(*p))
            p++;
    }
    return n;
}

/* The fields between separators, blanks around them taken off. */
static size_t split_at(char separator, struct evalset_text line, struct evalset_text *fields,
                       size_t max)
{
    const char *p = line.text, *const end = p + line.n_bytes;
    for (size_t n = 0;; n++) {
        const char *mark = memchr(p, separator, (size_t)(end - p));
        if (n < max)
            fields[n] = trim(p, mark != NULL ? mark : end);
        if (mark == NULL)
            return n + 1;
        p = mark + 1;
    }
}

/* Whether the line is two words and a number. */
static bool is_pair(struct evalset_text line, struct evalset_item *item)
{
    for (int way = 0; way < 3; way++) {
        struct evalset_text fields[3];
        const size_t n = way == 2 ? split_blanks(line, fields, 3)
                                  : split_at(way == 0 ? '\t' : ',', line, fields, 3);
        if (n < 3 || (way == 2 && n > 3) || fields[0].n_bytes == 0 || fields[1].n_bytes == 0 ||
            !number_parse(fields[2].text, fields[2].n_bytes, &item->score))
            continue;
        item->words[0] = fields[0];
        item->words[1] = fields[1];
        return true;
    }
    return false;
}

static bool is_question(struct evalset_text line, struct evalset_item *item)
{
    return split_blanks(line, item->words, 4) == 4;
}

static bool is_section(struct evalset_text line)
{
    return line.text[0] == ':';
}

/* ---- The two kinds ---- */

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

static int read_questions(struct evalset *set, struct lines lines, const char *path,
                          struct w2v_error *error)
{
    int status = W2V_OK;
    while (status == W2V_OK && next_line(&lines)) {
        const char *const start = lines.text.text;
        struct evalset_item item = {0};
        if (is_section(lines.text))
            status = add_section(set, trim(start + 1, start + lines.text.n_bytes), error);
        else if (is_question(lines.text, &item))
            status = add_item(set, item, error);
        else
            status = error_set(
                error, W2V_EFORMAT, "%s:%zu: neither four words nor \": section\": \"%.*s\"", path,
                lines.number, (int)(lines.text.n_bytes < 100 ? lines.text.n_bytes : 100), start);
    }
    return status;
}

static int read_pairs(struct evalset *set, struct lines lines, const char *path,
                      struct w2v_error *error)
{
    int status = W2V_OK;
    for (bool first = true; status == W2V_OK && next_line(&lines); first = false) {
        struct evalset_item item = {0};
        const bool pair = is_pair(lines.text, &item);
        if (!pair && first)
            continue;
        if (pair && isfinite(item.score))
            status = add_item(set, item, error);
        else
            status = error_set(
                error, W2V_EFORMAT, "%s:%zu: not two words and a finite number: \"%.*s\"", path,
                lines.number, (int)(lines.text.n_bytes < 100 ? lines.text.n_bytes : 100),
                lines.text.text);
    }
    return status;
}

int evalset_parse(struct evalset *set, const char *bytes, size_t n_bytes, const char *path,
                  struct w2v_error *error)
{
    const struct lines start = first_line(bytes, n_bytes);
    struct lines first = start, second;
    struct evalset_item item;
    int status;
    *set = (struct evalset){0};
    if (!next_line(&first)) {
        status = error_set(error, W2V_EFORMAT, "%s: no questions and no pairs", path);
        goto fail;
    }
    /* The first line tells, unless it may be a heading: then the second does. */
    second = first;
    const bool pairs =
        !is_section(first.text) &&
        (is_pair(first.text, &item) || (next_line(&second) && is_pair(second.text, &item)));
    set->is_analogies = !pairs && (is_section(first.text) || is_question(first.text, &item));
    if (set->is_analogies)
        status = read_questions(set, start, path, error);
    else if (pairs)
        status = read_pairs(set, start, path, error);
    else
        status = error_set(error, W2V_EFORMAT,
                           "%s:%zu: neither an analogy set (\": section\", four words a line) nor "
                           "a similarity set (two words and a number)",
                           path, first.number);
    if (status == W2V_OK && set->n_items == 0)
        status = error_set(error, W2V_EFORMAT, "%s: no questions and no pairs", path);
    if (status == W2V_OK)
        return W2V_OK;
fail:
    evalset_release(set);
    return status;
}

int evalset_read(struct evalset *set, const char *path, struct w2v_error *error)
{
    char *bytes;
    size_t n_bytes;
    int status = file_load(path, &bytes, &n_bytes, error);
    if (status != W2V_OK)
        return status;
    status = evalset_parse(set, bytes, n_bytes, path, error);
    if (status == W2V_OK)
        set->bytes = bytes;
    else
        free(bytes);
    return status;
}

void evalset_release(struct evalset *set)
{
    free(set->sections);
    free(set->items);
    free(set->bytes);
    *set = (struct evalset){0};
}
