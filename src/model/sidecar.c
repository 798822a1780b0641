/* The words of a file of numbers. See sidecar.h. */
#include "model/sidecar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/lines.h"

char *sidecar_path(const char *path, const char *ending, struct w2v_error *error)
{
    const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(name, '.');
    const size_t n = dot != NULL && dot > name ? (size_t)(dot - path) : strlen(path);
    char *beside = mem_calloc(n + strlen(ending) + 1, 1, "a file name", error);
    if (beside != NULL)
        snprintf(beside, n + strlen(ending) + 1, "%.*s%s", (int)n, path, ending);
    return beside;
}

/* Takes the lines of the list, whose bytes are the model's from now on. */
static int take_words(struct w2v_model *model, const char *path, const struct file_map *list,
                      struct w2v_error *error)
{
    struct lines lines;
    const char *line;
    size_t n = 0, n_bytes;
    if (list->n_bytes < model->n_words - 1) /* before room is made for them */
        return error_set(error, W2V_EFORMAT, "%s: fewer lines than the %zu row%s of %s", path,
                         model->n_words, error_s(model->n_words), model->path);
    int status = model_make_words(model, error);
    if (status != W2V_OK)
        return status;
    lines_of(&lines, (const char *)list->bytes, list->n_bytes, LINES_ALL);
    while (lines_next(&lines, &line, &n_bytes)) {
        const char *tab = memchr(line, '\t', n_bytes);
        if (tab != NULL)
            n_bytes = (size_t)(tab - line);
        if (n == model->n_words)
            return error_set(error, W2V_EFORMAT, "%s:%zu: more lines than the %zu row%s of %s",
                             path, n + 1, model->n_words, error_s(model->n_words), model->path);
        model->words[n++] =
            (struct model_word){(uint64_t)(line - (const char *)list->bytes), n_bytes};
    }
    if (n < model->n_words)
        return error_set(error, W2V_EFORMAT, "%s: %zu line%s for the %zu row%s of %s", path, n,
                         error_s(n), model->n_words, error_s(model->n_words), model->path);
    return W2V_OK;
}

/* The first of the names that the list may have and that is there; the caller's to free, or NULL. */
static char *find_list(const char *path, struct w2v_error *error)
{
    static const char *const endings[] = {".words", ".txt"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        char *beside = sidecar_path(path, endings[i], error);
        if (beside == NULL)
            return NULL;
        if (access(beside, F_OK) == 0)
            return beside;
        if (i == 0)
            error_set(error, W2V_EIO,
                      "%s: its words should be in %s, a line each, but there is no such file", path,
                      beside);
        free(beside);
    }
    return NULL;
}

int sidecar_read(struct w2v_model *model, const struct model_opening *opening,
                 struct w2v_error *error)
{
    char *path = find_list(opening->path, error);
    if (path == NULL)
        return error != NULL ? error->code : W2V_EIO;
    int status = file_map(&model->word_file, path, error);
    if (status == W2V_OK)
        status = take_words(model, path, &model->word_file, error);
    model->word_bytes = model->word_file.bytes;
    free(path);
    return status;
}
