/* Kinds of files, recognised by their first bytes. See magic.h. */
#include "base/magic.h"

#include <string.h>

#include "base/bytes.h"

/* A magic stands before any shorter magic that it begins with. */
static const struct {
    size_t offset;
    const char *bytes;
    size_t n;
    struct magic magic;
} magics[] = {
    {0, "\xff\xfe\0\0", 4, {MAGIC_OF_ENCODING, "text in UTF-32, low byte first", "UTF-32"}},
    {0, "\0\0\xfe\xff", 4, {MAGIC_OF_ENCODING, "text in UTF-32, high byte first", "UTF-32"}},
    {0, "\xff\xfe", 2, {MAGIC_OF_ENCODING, "text in UTF-16, low byte first", "UTF-16"}},
    {0, "\xfe\xff", 2, {MAGIC_OF_ENCODING, "text in UTF-16, high byte first", "UTF-16"}},
    {0,
     MAGIC_CHECKPOINT,
     MAGIC_CHECKPOINT_BYTES,
     {MAGIC_OF_CHECKPOINT, "a checkpoint of w2v", NULL}},
    {0, "\x93NUMPY", 6, {MAGIC_OF_VECTORS, "a NumPy array", NULL}},
    {0, "\xba\x16\x4f\x2f", 4, {MAGIC_OF_VECTORS, "a fastText model", NULL}},
    /* By POSIX and by GNU. The five letters alone may be part of a word. */
    {257, "ustar\0", 6, {MAGIC_OF_ARCHIVE, "a tar archive", NULL}},
    {257, "ustar  \0", 8, {MAGIC_OF_ARCHIVE, "a tar archive", NULL}},
    {0, "Rar!\x1a\x07", 6, {MAGIC_OF_ARCHIVE, "a RAR archive", NULL}},
    {0,
     "version https://git-lfs.github.com/spec/",
     40,
     {MAGIC_OF_POINTER, "a Git LFS pointer", NULL}},
    {0, "<?xml", 5, {MAGIC_OF_MARKUP, "an XML file", NULL}},
    /* PAR1 alone may be a word. Behind it a Parquet file has a Thrift structure with a 32-bit field. */
    {0, "PAR1\x15", 5, {MAGIC_OF_OTHER, "a Parquet file", NULL}},
    {0, "ARROW1\0\0", 8, {MAGIC_OF_OTHER, "an Arrow file", NULL}},
    {0, "\x89HDF\r\n\x1a\n", 8, {MAGIC_OF_OTHER, "an HDF5 file", NULL}},
    {0, "SQLite format 3", 16, {MAGIC_OF_OTHER, "an SQLite database", NULL}},
    {0, "%PDF-", 5, {MAGIC_OF_OTHER, "a PDF file", NULL}},
    {0,
     "\x7f"
     "ELF",
     4,
     {MAGIC_OF_OTHER, "a program (ELF)", NULL}},
};

static const struct magic pickle = {MAGIC_OF_PICKLE, "a Python pickle", NULL};
static const struct magic page = {MAGIC_OF_MARKUP, "an HTML page", NULL};

/*
 * A pickle begins with 0x80, its protocol (2 to 5) and an instruction. A safetensors file begins
 * with a length of 8 bytes, which may look the same, and then "{".
 */
static bool is_pickle(const unsigned char *bytes, size_t n_bytes)
{
    return n_bytes > 2 && bytes[0] == 0x80 && bytes[1] >= 2 && bytes[1] <= 5 && bytes[2] >= '(' &&
           (n_bytes < 9 || bytes[8] != '{');
}

/*
 * White space may come before the first tag of a page. Tags are in either case. "<head" may be the
 * beginning of another word.
 */
static bool is_page(const char *bytes, size_t n_bytes)
{
    static const char *const tags[] = {"<!doctype html", "<html", "<head"};
    size_t i = magic_mark(bytes, n_bytes);
    while (i < n_bytes && memchr(" \t\r\n", bytes[i], 4) != NULL)
        i++;
    for (size_t k = 0; k < sizeof tags / sizeof tags[0]; k++) {
        const size_t n = strlen(tags[k]);
        if (n_bytes - i > n && bytes_alike(bytes + i, tags[k], n) &&
            memchr("> \t\r\n", bytes[i + n], 5) != NULL)
            return true;
    }
    return false;
}

const struct magic *magic_of(const void *bytes, size_t n_bytes)
{
    const char *text = bytes;
    for (size_t i = 0; i < sizeof magics / sizeof magics[0]; i++)
        if (n_bytes >= magics[i].offset + magics[i].n &&
            memcmp(text + magics[i].offset, magics[i].bytes, magics[i].n) == 0)
            return &magics[i].magic;
    if (is_pickle(bytes, n_bytes))
        return &pickle;
    return is_page(text, n_bytes) ? &page : NULL;
}

size_t magic_mark(const void *bytes, size_t n_bytes)
{
    return n_bytes >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;
}
