/* Tables of phrases. See phrase_table.h. */
#include "text/phrase_table.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "base/number.h"

enum { N_FIELDS = 6 };

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

/* A field of digits alone, from 1 to `most`; 0: it is not. */
static uint64_t whole_number(struct token field, uint64_t most)
{
    uint64_t number = 0;
    for (size_t i = 0; i < field.n_bytes; i++) {
        const char c = field.text[i];
        if (c < '0' || c > '9' || number > most / 10)
            return 0;
        number = number * 10 + (uint64_t)(c - '0');
    }
    return number <= most ? number : 0;
}

/* A field that is a finite number in decimal. */
static bool is_number(struct token field, double *number)
{
    for (size_t i = 0; i < field.n_bytes; i++)
        if (strchr("0123456789.eE+-", field.text[i]) == NULL || field.text[i] == '\0')
            return false;
    return number_parse_double(field.text, field.n_bytes, number) && isfinite(*number);
}

/* No token holds white space or NUL. */
static bool is_word(struct token field)
{
    for (size_t i = 0; i < field.n_bytes; i++) {
        const char c = field.text[i];
        if (c == '\0' || c == ' ' || (c >= '\t' && c <= '\r'))
            return false;
    }
    return field.n_bytes > 0;
}

/* The fields of a line, how many there are (counted on past N_FIELDS). */
static size_t split(const char *line, size_t n_bytes, struct token *fields)
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

static int add_word(struct phrase_book *book, struct token word, uint32_t *id,
                    struct w2v_error *error)
{
    return wordtable_add_word(&book->words, word.text, word.n_bytes, 0, id, error);
}

static int parse_line(struct phrase_book *book, const char *path, size_t number, const char *line,
                      size_t n_bytes, struct w2v_error *error)
{
    struct token fields[N_FIELDS];
    struct phrase phrase = {0};
    const size_t n = split(line, n_bytes, fields);
    const char *fault = NULL;
    const unsigned last = book->n > 0 ? book->phrases[book->n - 1].pass : 1;
    if (n != N_FIELDS)
        fault = "not PHRASE, COUNT, SCORE, PASS, LEFT, RIGHT with a tab between two";
    else if ((phrase.count = whole_number(fields[1], INT64_MAX)) == 0)
        fault = "the count is not a whole number from 1";
    else if (!is_number(fields[2], &phrase.score))
        fault = "the score is not a number";
    else if ((phrase.pass = (unsigned)whole_number(fields[3], W2V_MAX_PHRASE_PASSES)) == 0)
        fault = "the pass is not a whole number from 1 to 30";
    else if (phrase.pass < last)
        fault = "its pass comes before that of the line above";
    else if (!is_word(fields[4]) || !is_word(fields[5]))
        fault = "left and right must be words without white space";
    if (fault != NULL)
        return error_set(error, W2V_EFORMAT, "%s:%zu: %s", path, number, fault);
    int status = add_word(book, fields[4], &phrase.left, error);
    if (status == W2V_OK)
        status = add_word(book, fields[5], &phrase.right, error);
    if (status == W2V_OK)
        status = phrase_add(book, &phrase, error);
    if (status != W2V_OK)
        return status;
    const struct token word = word_of(book, book->phrases[book->n - 1].word);
    if (word.n_bytes != fields[0].n_bytes || memcmp(word.text, fields[0].text, word.n_bytes) != 0)
        return error_set(error, W2V_EFORMAT, "%s:%zu: the phrase is not left and right joined",
                         path, number);
    return W2V_OK;
}

/* A phrase with its place among all. */
struct place {
    uint64_t key;
    unsigned pass;
    size_t line; /* from 0, those that are passed over not counted */
};

static int compare_places(const void *left, const void *right)
{
    const struct place *a = left, *b = right;
    if (a->pass != b->pass)
        return a->pass < b->pass ? -1 : 1;
    if (a->key != b->key)
        return a->key < b->key ? -1 : 1;
    return (a->line > b->line) - (a->line < b->line);
}

/* The number of a line by its place. */
static uint64_t number_of(struct lines lines, size_t place)
{
    const char *line;
    size_t n;
    for (size_t i = 0; i <= place && lines_next(&lines, &line, &n);)
        i++;
    return lines.number;
}

/* No pair may stand twice in a pass. The first line that does is named. */
static int check_twice(const struct phrase_book *book, size_t first, struct lines lines,
                       const char *path, struct w2v_error *error)
{
    const size_t n = book->n - first;
    const struct place *worst = NULL;
    struct place *places = mem_calloc(n, sizeof *places, "phrases", error);
    if (places == NULL)
        return W2V_ENOMEM;
    for (size_t i = 0; i < n; i++) {
        const struct phrase *phrase = &book->phrases[first + i];
        places[i] = (struct place){pairs_key(phrase->left, phrase->right), phrase->pass, i};
    }
    qsort(places, n, sizeof *places, compare_places);
    for (size_t i = 1; i < n; i++)
        if (places[i].key == places[i - 1].key && places[i].pass == places[i - 1].pass &&
            (worst == NULL || places[i].line < worst->line))
            worst = &places[i];
    int status = W2V_OK;
    if (worst != NULL)
        status = error_set(error, W2V_EFORMAT,
                           "%s:%" PRIu64 ": a phrase that stands in line %" PRIu64 " too", path,
                           number_of(lines, worst->line), number_of(lines, worst[-1].line));
    free(places);
    return status;
}

static int parse_lines(struct phrase_book *book, const char *path, struct lines lines,
                       struct w2v_error *error)
{
    const struct lines start = lines;
    const size_t first = book->n;
    const char *line;
    size_t n;
    int status = W2V_OK;
    while (status == W2V_OK && lines_next(&lines, &line, &n))
        status = parse_line(book, path, (size_t)lines.number, line, n, error);
    return status == W2V_OK ? check_twice(book, first, start, path, error) : status;
}

int phrase_table_parse(struct phrase_book *book, const char *path, const char *bytes,
                       size_t n_bytes, struct w2v_error *error)
{
    struct lines lines;
    lines_of(&lines, bytes, n_bytes, LINES_NO_BLANKS);
    return parse_lines(book, path, lines, error);
}

int phrase_table_read(struct phrase_book *book, const char *path, struct w2v_error *error)
{
    struct lines lines;
    int status = lines_load(&lines, path, LINES_NO_BLANKS, error);
    if (status != W2V_OK)
        return status;
    status = parse_lines(book, path, lines, error);
    lines_release(&lines);
    return status;
}
