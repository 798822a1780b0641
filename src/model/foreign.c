/* Files that are no vector files. See foreign.h. */
#include "model/foreign.h"

#include <string.h>
#include <strings.h>

#include "train/checkpoint.h"

static bool begins(const struct file_map *file, size_t offset, const char *bytes, size_t n)
{
    return file->n_bytes >= offset + n && memcmp(file->bytes + offset, bytes, n) == 0;
}

/* A page begins with its tag, behind blanks, in capitals or not. */
static bool is_html(const struct file_map *file)
{
    static const char *const tags[] = {"<!doctype html", "<html", "<head"};
    size_t i = 0;
    if (begins(file, 0, "\xef\xbb\xbf", 3))
        i = 3;
    while (i < file->n_bytes && memchr(" \t\r\n", file->bytes[i], 4) != NULL)
        i++;
    for (size_t k = 0; k < sizeof tags / sizeof tags[0]; k++) {
        const size_t n = strlen(tags[k]);
        if (file->n_bytes - i >= n && strncasecmp((const char *)file->bytes + i, tags[k], n) == 0)
            return true;
    }
    return false;
}

/* Protocols 2 to 5, and then an instruction; other binary files have a small number there. */
static bool is_pickle(const struct file_map *file)
{
    const unsigned char *bytes = file->bytes;
    return file->n_bytes > 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5 &&
           bytes[2] >= '(' && (file->n_bytes < 9 || bytes[8] != '{');
}

const char *foreign_name(const struct file_map *file)
{
    static const struct {
        size_t offset;
        const char *bytes;
        size_t n;
        const char *name;
    } magics[] = {
        {0, "version https://git-lfs.github.com/spec/", 40,
         "a Git LFS pointer, not the file itself; get that with 'git lfs pull'"},
        {257, "ustar", 5, "a tar archive; unpack it first"},
        {0, "PAR1", 4, "a Parquet file"},
        {0, "ARROW1", 6, "an Arrow file"},
        {0, "\x89HDF\r\n\x1a\n", 8, "an HDF5 file"},
        {0, "SQLite format 3", 16, "an SQLite database"},
        {0, "Rar!\x1a\x07", 6, "a RAR archive; unpack it first"},
        {0, "%PDF-", 5, "a PDF file"},
        {0, "<?xml", 5, "an XML file"},
        {0,
         "\x7f"
         "ELF",
         4, "a program"},
        {0, "\xff\xfe", 2, "text in UTF-16 or UTF-32; make it UTF-8 with iconv"},
        {0, "\xfe\xff", 2, "text in UTF-16; make it UTF-8 with iconv"},
        {0, "\0\0\xfe\xff", 4, "text in UTF-32; make it UTF-8 with iconv"},
    };
    if (begins(file, 0, (const char *)checkpoint_magic, sizeof checkpoint_magic))
        return "a checkpoint of 'w2v train'; 'w2v info' shows its options and place, 'w2v train "
               "--resume' goes on from it";
    if (is_pickle(file))
        return "a Python pickle, as gensim and PyTorch save models; in gensim, "
               "model.wv.save_word2vec_format(FILE, binary=True) saves the vectors";
    if (is_html(file))
        return "an HTML page, as a failed download leaves";
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (begins(file, magics[i].offset, magics[i].bytes, magics[i].n))
            return magics[i].name;
    return NULL;
}
