/* Tables of phrases. See phrase_table.h. */
#include "text/phrase_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/lines.h"
#include "base/number.h"

enum { N_FIELDS = 6 };
_Static_assert(W2V_MAX_PHRASE_PASSES == 30, "a message below has this number");

static struct token word_of(const struct phrase_book *book, uint32_t id)
{
    struct token word;
    word.text = wordtable_text(&book->words, id, &word.n_bytes);
    return word;
}

int phrase_table_write(const struct phrase_book *book, struct outfile *out, struct w2v_error *error)
{
    int status = W2V_OK;
    for (size_t i = 0; i < book->n && status == W2V_OK; i++) {
        const struct phrase *phrase = &book->phrases[i];
        const struct token word = word_of(book, phrase->word), left = word_of(book, phrase->left),
                           right = word_of(book, phrase->right);
        char numbers[96];
        const int n = number_format(numbers, sizeof numbers, "\t%" PRIu64 "\t%.6g\t%u\t",
                                    phrase->count, phrase->score, phrase->pass);
        status = outfile_write(out, word.text, word.n_bytes, error);
        if (status == W2V_OK)
            status = outfile_write(out, numbers, (size_t)n, error);
        if (status == W2V_OK)
            status = outfile_write(out, left.text, left.n_bytes, error);
        if (status == W2V_OK)
            status = outfile_write(out, "\t", 1, error);
        if (status == W2V_OK)
            status = outfile_write(out, right.text, right.n_bytes, error);
        if (status == W2V_OK)
            status = outfile_write(out, "\n", 1, error);
    }
    return status;
}

/* The number in a field of digits, if it is from 1 to `most`; else 0. */
static uint64_t parse_whole(struct token field, uint64_t most)
{
    uint64_t number;
    return number_parse_whole(field.text, field.n_bytes, &number) && number <= most ? number : 0;
}

/* Whether the field is a finite number in decimal notation. */
static bool parse_score(struct token field, double *number)
{
    for (size_t i = 0; i < field.n_bytes; i++)
        if (strchr("0123456789.eE+-", field.text[i]) == NULL || field.text[i] == '\0')
            return false;
    return number_parse_double(field.text, field.n_bytes, number) && isfinite(*number);
}

/* Whether the field can be a token: no token holds ASCII white space or NUL. */
static bool is_token(struct token field)
{
    for (size_t i = 0; i < field.n_bytes; i++)
        if (field.text[i] == '\0' || bytes_is_white(field.text[i]))
            return false;
    return field.n_bytes > 0;
}

/* Splits a line at its tabs. Returns the number of fields, of which the first N_FIELDS are set. */
static size_t split_fields(const char *line, size_t n_bytes, struct token *fields)
{
    size_t n = 0, start = 0;
    for (size_t i = 0; i <= n_bytes; i++) {
        if (i < n_bytes && line[i] != '\t')
            continue;
        if (n < N_FIELDS)
            fields[n] = (struct token){line + start, i - start};
        n++;
        start = i + 1;
    }
    return n;
}

static int enter_word(struct phrase_book *book, struct token word, uint32_t *id,
                      struct w2v_error *error)
{
    return wordtable_add_word(&book->words, word.text, word.n_bytes, 0, id, error);
}

static int parse_line(struct phrase_book *book, const char *path, size_t number, const char *line,
                      size_t n_bytes, struct w2v_error *error)
{
    struct token fields[N_FIELDS];
    struct phrase phrase = {0};
    const size_t n = split_fields(line, n_bytes, fields);
    const char *fault = NULL;
    const unsigned last = book->n > 0 ? book->phrases[book->n - 1].pass : 1;
    if (n != N_FIELDS)
        fault = "not PHRASE, COUNT, SCORE, PASS, LEFT, RIGHT, separated by tabs";
    else if ((phrase.count = parse_whole(fields[1], INT64_MAX)) == 0)
        fault = "the count is not a whole number from 1";
    else if (!parse_score(fields[2], &phrase.score))
        fault = "the score is not a number";
    else if ((phrase.pass = (unsigned)parse_whole(fields[3], W2V_MAX_PHRASE_PASSES)) == 0)
        fault = "the pass is not a whole number from 1 to 30";
    else if (phrase.pass < last)
        fault = "the pass is lower than that of the line before";
    else if (!is_token(fields[4]) || !is_token(fields[5]))
        fault = "LEFT and RIGHT must be words without white space";
    if (fault != NULL)
        return error_set(error, W2V_EFORMAT, "%s:%zu: %s", path, number, fault);
    int status = enter_word(book, fields[4], &phrase.left, error);
    if (status == W2V_OK)
        status = enter_word(book, fields[5], &phrase.right, error);
    if (status == W2V_OK)
        status = phrase_add(book, &phrase, error);
    if (status != W2V_OK)
        return status;
    const struct token word = word_of(book, book->phrases[book->n - 1].word);
    if (word.n_bytes != fields[0].n_bytes || memcmp(word.text, fields[0].text, word.n_bytes) != 0)
        return error_set(error, W2V_EFORMAT, "%s:%zu: PHRASE is not LEFT and RIGHT joined", path,
                         number);
    return W2V_OK;
}

/* A phrase and the line that it comes from. */
struct phrase_line {
    uint64_t key;
    unsigned pass;
    size_t line; /* counted from 0, without skipped lines */
};

static int compare_lines(const void *left, const void *right)
{
    const struct phrase_line *a = left, *b = right;
    if (a->pass != b->pass)
        return a->pass < b->pass ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* The number in the file of line `index`, which counts from 0 without skipped lines. */
static uint64_t line_number(struct lines lines, size_t index)
{
    const char *line;
    size_t n;
    for (size_t i = 0; i <= index && lines_next(&lines, &line, &n); i++)
        continue;
    return lines.number;
}

/* Refuses a pair that occurs twice in a pass. The message names the first line that repeats one. */
static int check_repeats(const struct phrase_book *book, size_t first, struct lines lines,
                         const char *path, struct w2v_error *error)
{
    const size_t n = book->n - first;
    const struct phrase_line *repeat = NULL;
    struct phrase_line *sorted = mem_calloc(n, sizeof *sorted, "phrases", error);
    if (sorted == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct phrase *phrase = &book->phrases[first + i];
        sorted[i] = (struct phrase_line){pairs_key(phrase->left, phrase->right), phrase->pass, i};
    }
    qsort(sorted, n, sizeof *sorted, compare_lines);
    for (size_t i = 1; i < n; i++)
        if (sorted[i].key == sorted[i - 1].key && sorted[i].pass == sorted[i - 1].pass &&
            (repeat == NULL || sorted[i].line < repeat->line))
            repeat = &sorted[i];
    int status = W2V_OK;
    if (repeat != NULL)
        status =
            error_set(error, W2V_EFORMAT, "%s:%" PRIu64 ": the same phrase is in line %" PRIu64,
                      path, line_number(lines, repeat->line), line_number(lines, repeat[-1].line));
    free(sorted);
    return status;
}

int phrase_table_load(struct lines *lines, const char *path, struct w2v_error *error)
{
    return lines_load(lines, path, LINES_NO_BLANKS, error);
}

int phrase_table_take(struct phrase_book *book, const char *path, struct lines lines,
                      struct w2v_error *error)
{
    const struct lines start = lines;
    const size_t first = book->n;
    const char *line;
    size_t n;
    int status = W2V_OK;
    while (status == W2V_OK && lines_next(&lines, &line, &n))
        status = parse_line(book, path, (size_t)lines.number, line, n, error);
    return status == W2V_OK ? check_repeats(book, first, start, path, error) : status;
}

int phrase_table_parse(struct phrase_book *book, const char *path, const char *bytes,
                       size_t n_bytes, struct w2v_error *error)
{
    struct lines lines;
    lines_of(&lines, bytes, n_bytes, LINES_NO_BLANKS);
    return phrase_table_take(book, path, lines, error);
}
