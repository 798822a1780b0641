/*
 * A program of somebody else's that links the library: its own functions have names that the library
 * uses inside, and it trains on lines that it has in memory. tests/cli/library.sh links it both ways.
 *
 *     own_names MODEL      prints the counts of the words, then the model's words and counts
 */
#include <stdio.h>
#include <string.h>

#include "w2v.h"

int file_open(void);
int error_set(void);
int options_set(void);

int file_open(void)
{
    return 1;
}

int error_set(void)
{
    return 2;
}

int options_set(void)
{
    return 3;
}

struct lines {
    int n;
    char text[32];
};

static int next(void *context, const char **line, size_t *n_bytes)
{
    struct lines *lines = context;
    if (lines->n == 400)
        return 0;
    snprintf(lines->text, sizeof lines->text, "a b%d c d%d", lines->n % 2, lines->n % 3);
    lines->n++;
    *line = lines->text;
    *n_bytes = strlen(lines->text);
    return 1;
}

static void print_word(void *context, const char *word, size_t n_bytes, uint64_t count)
{
    (void)context;
    printf("%.*s\t%llu\n", (int)n_bytes, word, (unsigned long long)count);
}

static int fails(const struct w2v_error *error)
{
    fprintf(stderr, "%s\n", error->message);
    return 1;
}

int main(int argc, char **argv)
{
    struct w2v_train_options options;
    struct w2v_error error;
    struct w2v_model *model;
    struct lines lines = {0, ""};
    if (argc != 2 || file_open() + error_set() + options_set() != 6)
        return 2;
    if (strcmp(w2v_version(), W2V_VERSION) != 0)
        return 3;
    w2v_train_options_init(&options);
    options.text.next_line = next;
    options.text.next_line_context = &lines;
    options.dim = 10;
    options.epochs = 1;
    if (w2v_count_words(NULL, 0, &options.text, print_word, NULL, NULL, &error) != W2V_OK)
        return fails(&error);
    lines.n = 0;
    if (w2v_train(NULL, 0, argv[1], &options, NULL, &error) != W2V_OK ||
        w2v_open(&model, argv[1], &error) != W2V_OK)
        return fails(&error);
    for (size_t id = 0; id < w2v_n_words(model); id++) {
        size_t n_bytes;
        const char *word = w2v_word(model, id, &n_bytes);
        uint64_t count;
        if (!w2v_count(model, id, &count))
            return 4;
        print_word(NULL, word, n_bytes, count);
    }
    w2v_close(model);
    return 0;
}
