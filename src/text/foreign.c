/*
 * Telling text from other files. See foreign.h. Files are told by their magic; word2vec's binary
 * format, w2v's own with it, has none: there a header "V D" and a word are followed by numbers that
 * make sense as floats, which printable text never does (four letters or digits make a float below
 * 1e-12 or above 1e3).
 */
#include "text/foreign.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "w2v.h"

enum { TAR_MAGIC = 257 };

/* ---- Other encodings ---- */

static const struct {
    const char *mark;
    size_t n;
    const char *name, *charset;
} encodings[] = {
    {"\xff\xfe\0\0", 4, "UTF-32, low byte first", "UTF-32"},
    {"\0\0\xfe\xff", 4, "UTF-32, high byte first", "UTF-32"},
    {"\xff\xfe", 2, "UTF-16, low byte first", "UTF-16"},
    {"\xfe\xff", 2, "UTF-16, high byte first", "UTF-16"},
};

enum { N_ENCODINGS = sizeof encodings / sizeof encodings[0] };

/* The encoding of text without a mark in which every second byte is NUL, or nearly; or NULL. */
static const char *unmarked(const char *bytes, size_t n)
{
    size_t n_nuls[2] = {0, 0};
    for (size_t i = 0; i < n; i++)
        n_nuls[i % 2] += bytes[i] == '\0';
    for (size_t odd = 0; odd < 2; odd++)
        if (n_nuls[odd] > n / 4 && n_nuls[odd] > 2 && n_nuls[1 - odd] == 0)
            return odd == 1 ? "UTF-16LE" : "UTF-16BE";
    return NULL;
}

/* ---- Other files ---- */

static const struct {
    const char *magic;
    size_t n;
    const char *name;
} files[] = {
    {"\x93W2C\r\n\x1a\n", 8, "a checkpoint of w2v"},
    {"\x7f"
     "ELF",
     4, "a program (ELF)"},
    {"%PDF-", 5, "a PDF file"},
    {"\x93NUMPY", 6, "a NumPy array"},
    {"\xba\x16\x4f\x2f", 4, "a fastText model"},
    {"\x80\x02", 2, "a Python pickle"},
    {"\x80\x03", 2, "a Python pickle"},
    {"\x80\x04", 2, "a Python pickle"},
    {"\x80\x05", 2, "a Python pickle"},
};

enum { N_FILES = sizeof files / sizeof files[0] };

/* Where the number that begins at place i ends; i itself where none does. */
static size_t number_end(const char *bytes, size_t n, size_t i, uint64_t *value)
{
    *value = 0;
    for (; i < n && bytes[i] >= '0' && bytes[i] <= '9' && *value < UINT32_MAX; i++)
        *value = *value * 10 + (uint64_t)(bytes[i] - '0');
    return i;
}

/* "V D", a word, and the first numbers of its row. */
static bool is_binary_model(const char *bytes, size_t n)
{
    uint64_t n_words, dim;
    size_t i = number_end(bytes, n, 0, &n_words);
    bool printable = true;
    if (i == 0 || i == n || bytes[i] != ' ')
        return false;
    const size_t at = i + 1;
    i = number_end(bytes, n, at, &dim);
    if (i == at || i == n || bytes[i] != '\n' || n_words == 0 || dim == 0)
        return false;
    const char *blank = memchr(bytes + i, ' ', n - i);
    if (blank == NULL)
        return false;
    const char *row = blank + 1;
    uint64_t n_numbers = (uint64_t)(bytes + n - row) / sizeof(float);
    if (n_numbers > dim)
        n_numbers = dim;
    for (uint64_t k = 0; k < n_numbers; k++) {
        float number;
        memcpy(&number, row + k * sizeof number, sizeof number);
        const double size = fabs((double)number);
        if (!(size < 1e3) || (size != 0 && size < 1e-12))
            return false;
        for (size_t b = 0; b < sizeof number; b++) {
            const char byte = row[k * sizeof number + b];
            printable = printable && byte >= ' ' && byte < 0x7F;
        }
    }
    return n_numbers > 0 && !printable;
}

static const char *foreign_name(const char *bytes, size_t n)
{
    for (size_t i = 0; i < N_FILES; i++)
        if (n >= files[i].n && memcmp(bytes, files[i].magic, files[i].n) == 0)
            return files[i].name;
    if (n >= TAR_MAGIC + 5 && memcmp(bytes + TAR_MAGIC, "ustar", 5) == 0)
        return "a tar archive (tar -xO writes what is in it)";
    return is_binary_model(bytes, n) ? "a model file (w2v's or word2vec's)" : NULL;
}

int foreign_check(const char *path, const char *bytes, size_t n, struct w2v_error *error)
{
    if (n > FOREIGN_BLOCK)
        n = FOREIGN_BLOCK;
    for (size_t i = 0; i < N_ENCODINGS; i++)
        if (n >= encodings[i].n && memcmp(bytes, encodings[i].mark, encodings[i].n) == 0)
            return error_set(error, W2V_EFORMAT,
                             "%s: is text in %s, not in UTF-8; convert it: iconv -f %s -t UTF-8 "
                             "(--any-bytes reads it as it is)",
                             path, encodings[i].name, encodings[i].charset);
    const char *name = foreign_name(bytes, n);
    if (name != NULL)
        return error_set(error, W2V_EFORMAT,
                         "%s: is %s, not text; name a text (--any-bytes reads it as it is)", path,
                         name);
    const char *nul = n > 0 ? memchr(bytes, '\0', n) : NULL;
    if (nul == NULL)
        return W2V_OK;
    const char *charset = unmarked(bytes, n);
    if (charset != NULL)
        return error_set(
            error, W2V_EFORMAT,
            "%s: is not text in UTF-8, for every second byte is NUL; convert it: iconv "
            "-f %s -t UTF-8 (--any-bytes reads it as it is)",
            path, charset);
    return error_set(
        error, W2V_EFORMAT,
        "%s: is not text, for byte %zu is NUL; name a text (--any-bytes reads it as it "
        "is, NULs as blanks)",
        path, (size_t)(nul - bytes) + 1);
}
