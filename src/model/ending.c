/* What the name of an output promises. See ending.h. */
#include "model/ending.h"

#include <string.h>

#include "base/bytes.h"

/* The formats, in the order of enum w2v_file, which begins with W2V_FILE_GUESS. */
static const struct {
    const char *name;
    const char *endings[2];
    const char *words; /* the ending of the second file */
} formats[] = {
    {"word2vec", {".bin", ".w2v"}, NULL},
    {"word2vec-plain", {NULL, NULL}, NULL},
    {"word2vec-text", {".txt", NULL}, NULL},
    {"glove", {".glove", NULL}, NULL},
    {"fasttext-vec", {".vec", NULL}, NULL},
    {"fasttext-bin", {".ftbin", NULL}, NULL},
    {"npy", {".npy", NULL}, ".words"},
    {"safetensors", {".safetensors", NULL}, NULL},
    {"projector", {".tsv", NULL}, ".metadata.tsv"},
};

enum { N_FORMATS = sizeof formats / sizeof formats[0] };

/* The ending of path[0 .. n) with its dot; *n_ending is 0 if there is none. */
static const char *ending_of(const char *path, size_t n, size_t *n_ending)
{
    size_t name = n, behind_dot = n;
    while (name > 0 && path[name - 1] != '/')
        name--;
    while (behind_dot > name && path[behind_dot - 1] != '.')
        behind_dot--;
    *n_ending = 0;
    if (behind_dot <= name + 1 || strspn(path + behind_dot, "0123456789") >= n - behind_dot)
        return "";
    *n_ending = n - behind_dot + 1;
    return path + behind_dot - 1;
}

size_t ending_begin(const char *path)
{
    size_t n, n_ending;
    pack_of_name(path, &n);
    ending_of(path, n, &n_ending);
    return n - n_ending;
}

static bool has_ending(const char *const endings[2], const char *ending, size_t n)
{
    for (int i = 0; i < 2 && endings[i] != NULL; i++)
        if (strlen(endings[i]) == n && bytes_alike(endings[i], ending, n))
            return true;
    return false;
}

static int refuse(const char *path, const char *ending, size_t n, struct w2v_error *error)
{
    return error_set(error, W2V_EARG,
                     "%s: w2v writes no files that end in %.*s; name it with no ending or .bin "
                     "(word2vec binary), .txt, .vec, .glove, .ftbin (fastText's .bin), "
                     ".npy, .safetensors or .tsv, or say the format with --to",
                     path, (int)n, ending);
}

int ending_choose(struct ending *ending, const char *path, enum w2v_file file,
                  struct w2v_error *error)
{
    size_t n, n_ending, i = (size_t)file - 1;
    const struct pack_format *pack = pack_of_name(path, &n);
    const char *text = ending_of(path, n, &n_ending);
    if ((unsigned)file > N_FORMATS)
        return error_set(error, W2V_EARG, "there is no file format number %d", (int)file);
    if (file == W2V_FILE_GUESS) {
        for (i = 0; n_ending > 0 && i < N_FORMATS; i++)
            if (has_ending(formats[i].endings, text, n_ending))
                break;
        if (n_ending == 0)
            i = W2V_FILE_WORD2VEC - 1;
    }
    if (i == N_FORMATS)
        return refuse(path, text, n_ending, error);
    *ending = (struct ending){(enum w2v_file)(i + 1), formats[i].name, pack, formats[i].words};
    if (ending->words != NULL && pack != NULL)
        return error_set(error, W2V_EARG,
                         "%s: the %s format is two files, which w2v does not compress; name the "
                         "file without %s",
                         path, ending->name, pack->ending);
    if (ending->words != NULL && strcmp(path, "-") == 0)
        return error_set(error, W2V_EARG,
                         "the %s format is two files, which standard output cannot be; name a file",
                         ending->name);
    return W2V_OK;
}
