/* NumPy's files. See npy.h. */
#include "model/npy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "model/tensor.h"

static const unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

enum { ALIGN = 64 };

bool npy_recognises(const struct file_map *file)
{
    return file->n_bytes >= 10 && memcmp(file->bytes, magic, sizeof magic) == 0;
}

/* ---- The header ---- */

static void skip_blanks(const char **p, const char *end)
{
    while (*p < end && (**p == ' ' || **p == '\n' || **p == '\t'))
        ++*p;
}

/* Passes over `c`, with blanks around it. */
static bool take(const char **p, const char *end, char c)
{
    skip_blanks(p, end);
    if (*p == end || **p != c)
        return false;
    ++*p;
    skip_blanks(p, end);
    return true;
}

static bool take_text(const char **p, const char *end, const char *text)
{
    const size_t n = strlen(text);
    if ((size_t)(end - *p) < n || memcmp(*p, text, n) != 0)
        return false;
    *p += n;
    return true;
}

/* A string in either kind of quotes; its bytes are *text. */
static bool take_string(const char **p, const char *end, const char **text, size_t *n)
{
    if (*p == end || (**p != '\'' && **p != '"'))
        return false;
    const char *close = memchr(*p + 1, **p, (size_t)(end - *p) - 1);
    if (close == NULL)
        return false;
    *text = *p + 1;
    *n = (size_t)(close - *text);
    *p = close + 1;
    return true;
}

static bool take_number(const char **p, const char *end, uint64_t *number)
{
    const char *start = *p;
    for (*number = 0; *p < end && **p >= '0' && **p <= '9'; ++*p) {
        const uint64_t digit = (uint64_t)(**p - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = 10 * *number + digit;
    }
    if (*p < end && **p == 'L') /* of Python 2 */
        ++*p;
    return *p > start;
}

/* (V, D), or another shape, whose first numbers are then no use. Returns its dimensions, 0: none. */
static unsigned take_shape(const char **p, const char *end, uint64_t shape[2])
{
    unsigned n = 0;
    uint64_t number;
    if (!take(p, end, '('))
        return 0;
    while (*p < end && **p != ')') {
        if (!take_number(p, end, &number))
            return 0;
        if (n < 2)
            shape[n] = number;
        n++;
        skip_blanks(p, end);
        if (*p < end && **p != ')' && !take(p, end, ','))
            return 0;
    }
    return take(p, end, ')') ? n : 0;
}

struct header {
    char type[16];
    bool by_columns;
    unsigned n_dimensions;
    uint64_t shape[2];
    unsigned seen; /* of the three keys, bits */
};

static bool take_entry(const char **p, const char *end, struct header *h)
{
    static const char *const keys[] = {"descr", "fortran_order", "shape"};
    const char *text;
    size_t n;
    unsigned key = 0;
    if (!take_string(p, end, &text, &n) || !take(p, end, ':'))
        return false;
    while (key < 3 && (strlen(keys[key]) != n || memcmp(keys[key], text, n) != 0))
        key++;
    if (key == 3 || (h->seen & 1u << key))
        return false;
    h->seen |= 1u << key;
    if (key == 0) {
        if (!take_string(p, end, &text, &n) || n >= sizeof h->type)
            return false;
        memcpy(h->type, text, n);
        return true;
    }
    if (key == 2)
        return (h->n_dimensions = take_shape(p, end, h->shape)) > 0;
    h->by_columns = take_text(p, end, "True");
    return h->by_columns || take_text(p, end, "False");
}

static bool parse_header(const char *p, const char *end, struct header *h)
{
    if (!take(&p, end, '{'))
        return false;
    while (p < end && *p != '}') {
        if (!take_entry(&p, end, h))
            return false;
        skip_blanks(&p, end);
        if (p < end && *p != '}' && !take(&p, end, ','))
            return false;
    }
    return take(&p, end, '}') && p == end && h->seen == 7;
}

/* ---- Reading ---- */

int npy_open(struct w2v_model *model, const struct model_opening *opening, struct w2v_error *error)
{
    static const struct {
        const char *name;
        enum tensor_type type;
    } types[] = {{"<f2", TENSOR_F16}, {"<f4", TENSOR_F32}, {"<f8", TENSOR_F64}};
    const unsigned char *bytes = model->file.bytes;
    const uint64_t n_bytes = model->file.n_bytes;
    const unsigned version = bytes[6];
    struct header h = {0};
    if (version < 1 || version > 3)
        return error_set(error, W2V_EFORMAT, "%s: version %u of the npy format; w2v reads 1 to 3",
                         opening->path, version);
    const uint64_t start = version == 1 ? 10 : 12;
    const uint64_t n_header = version == 1   ? (uint64_t)(bytes[8] | bytes[9] << 8)
                              : n_bytes < 12 ? UINT64_MAX
                                             : hash_load32(bytes + 8);
    if (start > n_bytes || n_header > n_bytes - start)
        return error_set(error, W2V_EFORMAT, "%s: the file ends in its header: damaged",
                         opening->path);
    const char *text = (const char *)bytes + start;
    if (!parse_header(text, text + n_header, &h))
        return error_set(error, W2V_EFORMAT, "%s: its header is not as NumPy writes it: damaged",
                         opening->path);
    if (h.n_dimensions != 2)
        return error_set(error, W2V_EFORMAT,
                         "%s: an array of %u dimensions, where words and their numbers make two",
                         opening->path, h.n_dimensions);
    size_t type = 0;
    while (type < 3 && strcmp(types[type].name, h.type) != 0)
        type++;
    if (type == 3)
        return error_set(error, W2V_EFORMAT,
                         "%s: numbers of type '%s'; w2v reads '<f2', '<f4' and '<f8'",
                         opening->path, h.type);
    const struct tensor tensor = {.type = types[type].type,
                                  .n_rows = h.shape[0],
                                  .n_columns = h.shape[1],
                                  .by_columns = h.by_columns,
                                  .offset = start + n_header,
                                  .n_bytes = n_bytes - start - n_header};
    return tensor_take(model, &tensor, opening, error);
}

/* ---- Writing ---- */

static int write_header(const struct convert *c, struct outfile *out, struct w2v_error *error)
{
    char header[4 * ALIGN] = {0};
    const char *type = c->options->precision == W2V_F16 ? "<f2" : "<f4";
    memcpy(header, magic, sizeof magic);
    header[6] = 1;
    int n = snprintf(header + 10, sizeof header - 10,
                     "{'descr': '%s', 'fortran_order': False, 'shape': (%zu, %zu), }", type,
                     c->selection->n, c->selection->dim);
    size_t end = 10 + (size_t)n;
    while ((end + 1) % ALIGN != 0)
        header[end++] = ' ';
    header[end++] = '\n';
    header[8] = (char)(end - 10);
    return outfile_write(out, header, end, error);
}

static int write_all(struct convert *c, struct outfile *out, struct w2v_error *error)
{
    int status = write_header(c, out, error);
    return status == W2V_OK ? convert_rows(c, out, error) : status;
}

int npy_write(struct convert *c, struct w2v_error *error)
{
    return convert_pair(c, write_all, error);
}
