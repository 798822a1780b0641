/*
 * Telling text from other files. See foreign.h. Most files are recognised by their magic (magic.h).
 * The binary format of word2vec, and so that of w2v, has none. It begins with a header "V D" and a
 * word, then come floats of plausible size. Text may look like that, too: a list of edges may begin with
 * "12 1", and four digits, read as a float, may be of plausible size. But text is UTF-8 without control
 * characters, and the bytes of floats hardly ever are.
 */
#include "base/foreign.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/magic.h"
#include "base/number.h"
#include "base/utf8.h"
#include "w2v.h"

/* ---- Without a magic ---- */

/* The encoding of text in UTF-16 without a byte order mark, where many bytes are NUL; or NULL. */
static const char *unmarked_encoding(const char *bytes, size_t n)
{
    size_t n_nuls[2] = {0, 0};
    for (size_t i = 0; i < n; i++)
        n_nuls[i % 2] += bytes[i] == '\0';
    for (size_t odd = 0; odd < 2; odd++)
        if (n_nuls[odd] > n / 4 && n_nuls[odd] > 2 && n_nuls[1 - odd] == 0)
            return odd == 1 ? "UTF-16LE" : "UTF-16BE";
    return NULL;
}

/* Whether there are a header "V D", a word, and plausible numbers that are not text. */
static bool is_binary_model(const char *bytes, size_t n)
{
    uint64_t n_words, dim;
    bool fits;
    size_t i = number_digits(bytes, n, &n_words, &fits);
    if (i == 0 || i == n || bytes[i] != ' ')
        return false;
    const size_t at = i + 1;
    i = at + number_digits(bytes + at, n - at, &dim, &fits);
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
    }
    return n_numbers > 0 && !utf8_is_text(row, (size_t)(bytes + n - row), true);
}

/* ---- Any ---- */

/* Whether a file with this magic is text nevertheless: a corpus may consist of HTML pages. */
static bool magic_is_text(const struct magic *magic)
{
    return magic->kind == MAGIC_OF_MARKUP || magic->kind == MAGIC_OF_POINTER;
}

int foreign_check(const char *path, const char *bytes, size_t n, const char *remedy,
                  struct w2v_error *error)
{
    if (n > FOREIGN_BLOCK)
        n = FOREIGN_BLOCK;
    const struct magic *magic = magic_of(bytes, n);
    if (magic != NULL && magic->kind == MAGIC_OF_ENCODING)
        return error_set(error, W2V_EFORMAT,
                         "%s: is %s, not in UTF-8; convert it: iconv -f %s -t UTF-8%s", path,
                         magic->name, magic->charset, remedy);
    if (magic != NULL && !magic_is_text(magic))
        return error_set(error, W2V_EFORMAT, "%s: is %s, not text; %s%s", path, magic->name,
                         magic->kind == MAGIC_OF_ARCHIVE ? "unpack it first" : "name a text",
                         remedy);
    if (is_binary_model(bytes, n))
        return error_set(error, W2V_EFORMAT,
                         "%s: is a model file (w2v's or word2vec's), not text; name a text%s", path,
                         remedy);
    const char *nul = n > 0 ? memchr(bytes, '\0', n) : NULL;
    if (nul == NULL)
        return W2V_OK;
    const char *charset = unmarked_encoding(bytes, n);
    if (charset != NULL)
        return error_set(error, W2V_EFORMAT,
                         "%s: is not text in UTF-8, because every second byte is NUL; convert it: "
                         "iconv -f %s -t UTF-8%s",
                         path, charset, remedy);
    return error_set(error, W2V_EFORMAT, "%s: is not text, because byte %zu is NUL; name a text%s",
                     path, (size_t)(nul - bytes) + 1, remedy);
}
