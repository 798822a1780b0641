/* word2vec's binary files. See word2vec.h. */
#include "model/word2vec.h"

#include <string.h>

#include "model/header.h"

bool word2vec_recognises(const struct file_map *file)
{
    struct header_field fields[2];
    return header_split(file->bytes, file->n_bytes, fields) > 0;
}

int word2vec_open(struct w2v_model *model, const struct model_opening *opening,
                  struct w2v_error *error)
{
    const char *path = opening->path;
    size_t at;
    int status = model_read_header(model, opening, 1, sizeof(float), &at, error);
    if (status == W2V_OK)
        status = model_make_words(model, error);
    if (status != W2V_OK)
        return status;
    const unsigned char *bytes = model->file.bytes;
    const size_t n_bytes = model->file.n_bytes, n_row_bytes = model->dim * sizeof(float);
    for (size_t id = 0; id < model->n_words; id++) {
        while (at < n_bytes && bytes[at] == '\n')
            at++;
        const unsigned char *space = at < n_bytes ? memchr(bytes + at, ' ', n_bytes - at) : NULL;
        if (space == NULL || (size_t)(bytes + n_bytes - space) - 1 < n_row_bytes)
            return error_set(error, W2V_EFORMAT,
                             "%s: the file ends in row %zu of %zu, which begins at byte %zu: "
                             "damaged, or not a word2vec file",
                             path, id + 1, model->n_words, at);
        const size_t n_word_bytes = (size_t)(space - bytes) - at;
        if (memchr(bytes + at, '\n', n_word_bytes) != NULL)
            return error_set(error, W2V_EFORMAT,
                             "%s: the word of row %zu, at byte %zu, holds a newline: damaged, or "
                             "not a word2vec file",
                             path, id + 1, at);
        model->words[id] = (struct model_word){at, n_word_bytes};
        at += n_word_bytes + 1 + n_row_bytes;
    }
    const size_t end = at;
    while (at < n_bytes && bytes[at] == '\n')
        at++;
    if (at < n_bytes)
        return error_set(error, W2V_EFORMAT,
                         "%s: %zu bytes behind the last row, which ends at byte %zu: a damaged w2v "
                         "file or not a word2vec file",
                         path, n_bytes - end, end);
    return W2V_OK;
}
