/* The words of a file that holds only numbers. See sidecar.h. */
#define _XOPEN_SOURCE 700 /* realpath */
#include "model/sidecar.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/hash.h"
#include "base/lines.h"
#include "base/paths.h"
#include "model/ending.h"
#include "model/npy.h"

char *sidecar_path(const char *path, const char *ending, struct w2v_error *error)
{
    const size_t n = ending_begin(path);
    char *beside = mem_calloc(n + strlen(ending) + 1, 1, "a file name", error);
    if (beside != NULL)
        snprintf(beside, n + strlen(ending) + 1, "%.*s%s", (int)n, path, ending);
    return beside;
}

int sidecar_check_link(const char *path, const char *ending, const char *beside,
                       struct w2v_error *error)
{
    int status = W2V_OK;
    struct stat info;
    if (lstat(path, &info) != 0 || !S_ISLNK(info.st_mode))
        return W2V_OK;
    char *target = realpath(path, NULL);
    if (target == NULL) /* there is no file yet, or outfile.h says what is wrong */
        return W2V_OK;
    char *other = sidecar_path(target, ending, error);
    if (other == NULL)
        status = W2V_ENOMEM;
    else if (access(other, F_OK) == 0 && !paths_same(other, beside))
        status = error_set(error, W2V_EARG,
                           "%s is a link to %s, whose words are in %s; name that file, or another",
                           path, target, other);
    free(target);
    free(other);
    return status;
}

char *sidecar_of(const struct model_opening *opening, const char *ending, struct w2v_error *error)
{
    if (!opening->standard)
        return sidecar_path(opening->path, ending, error);
    error_set(error, W2V_EFORMAT,
              "%s: has numbers only, and its words are in a second file, NAME%s; name the file, so "
              "that the words are found beside it",
              opening->path, ending);
    return NULL;
}

/*
 * Takes the words of the list, whose bytes the model keeps. With has_names, skips the first line.
 */
static int take_words(struct w2v_model *model, const char *path, const struct file_map *list,
                      bool has_names, struct w2v_error *error)
{
    struct lines lines;
    const char *line;
    size_t n = 0, n_bytes;
    if (list->n_bytes < model->n_words - 1) /* no room is made for words that cannot be there */
        return error_set(error, W2V_EFORMAT, "%s: fewer lines than the %zu row%s of %s", path,
                         model->n_words, error_s(model->n_words), model->path);
    int status = model_make_words(model, error);
    if (status != W2V_OK)
        return status;
    lines_of(&lines, (const char *)list->bytes, list->n_bytes, LINES_ALL);
    if (has_names)
        lines_next(&lines, &line, &n_bytes);
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

int sidecar_read(struct w2v_model *model, const struct model_opening *opening,
                 const uint64_t *digest, struct w2v_error *error)
{
    char *path = sidecar_of(opening, ".words", error);
    if (path == NULL)
        return error != NULL ? error->code : W2V_EIO;
    struct file_map *list = &model->word_file;
    model->word_path = path;
    int status = W2V_OK;
    if (access(path, F_OK) != 0)
        status = error_set(error, W2V_EIO,
                           "%s: its words should be in %s, a line each, but there is no such file",
                           opening->path, path);
    if (status == W2V_OK)
        status = file_map(list, path, error);
    if (status == W2V_OK)
        status = take_words(model, path, list, false, error);
    model->word_bytes = list->bytes;
    if (status == W2V_OK && digest != NULL && hash_bytes(list->bytes, list->n_bytes) != *digest)
        status = error_set(error, W2V_EFORMAT,
                           "%s: is not the list of words that %s was written with, so rows would "
                           "get wrong words; convert it again",
                           path, opening->path);
    return status;
}

/* ---- The projector's ---- */

int sidecar_read_metadata(struct w2v_model *model, char *path, struct w2v_error *error)
{
    struct file_map *list = &model->word_file;
    model->word_path = path;
    int status = file_map(list, path, error);
    if (status != W2V_OK)
        return status;
    struct lines lines;
    const char *line;
    size_t n;
    lines_of(&lines, (const char *)list->bytes, list->n_bytes, LINES_ALL);
    /* A list of several columns has their names in its first line, which is one line too many. */
    bool has_names = lines_next(&lines, &line, &n) && memchr(line, '\t', n) != NULL;
    while (has_names && lines_next(&lines, &line, &n))
        continue;
    has_names = has_names && lines.number == (uint64_t)model->n_words + 1;
    model->word_bytes = list->bytes;
    return take_words(model, path, list, has_names, error);
}

/* ---- Writing ---- */

/* The ending .metadata.tsv is used by the projector alone. */
static bool is_metadata(const char *path)
{
    static const char ending[] = ".metadata.tsv";
    const size_t n = strlen(path), n_ending = sizeof ending - 1;
    return n >= n_ending && strcmp(path + n - n_ending, ending) == 0;
}

/* Whether the list at `path` is missing, has these bytes, or is the one that goes with `matrix`. */
static bool is_own(const char *path, const char *bytes, size_t n_bytes, const char *matrix)
{
    struct file_map list, file;
    struct stat st;
    uint64_t digest = 0;
    bool own = false;
    if (stat(path, &st) != 0 || !S_ISREG(st.st_mode)) /* there is no list to replace */
        return true;
    if (file_map(&list, path, NULL) != W2V_OK)
        return false;
    own = bytes != NULL && n_bytes == list.n_bytes && memcmp(bytes, list.bytes, n_bytes) == 0;
    if (!own && stat(matrix, &st) == 0 && S_ISREG(st.st_mode) &&
        file_map(&file, matrix, NULL) == W2V_OK) {
        own = npy_recognises(&file) ? npy_words_digest(&file, &digest) && list.n_bytes > 0 &&
                                          hash_bytes(list.bytes, list.n_bytes) == digest
                                    : is_metadata(path);
        file_unmap(&file);
    }
    file_unmap(&list);
    return own;
}

int sidecar_check(const char *path, const char *bytes, size_t n_bytes, const char *matrix,
                  struct w2v_error *error)
{
    if (is_own(path, bytes, n_bytes, matrix))
        return W2V_OK;
    const bool alone = access(matrix, F_OK) != 0;
    return error_set(error, W2V_EIO,
                     "%s: exists and %s %s, whose words should go there; name another output, or "
                     "move that file away",
                     path, alone ? "there is no" : "was not written with", matrix);
}
