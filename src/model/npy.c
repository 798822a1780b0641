/* NumPy's files. See npy.h. */
#include "model/npy.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "model/sidecar.h"
#include "model/tensor.h"

static const unsigned char magic[6] = {0x93, 'N', 'U', 'M', 'P', 'Y'};

/* Stands behind the numbers; 16 digits and LF follow. */
static const char mark[] = "\nw2v words ";

enum {
    ALIGN = 64,
    MAX_HEADER = 10000, /* NumPy accepts no longer one */
    MARK = sizeof mark - 1,
    DIGITS = 16,
    TRAILER = MARK + DIGITS + 1
};

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

/* Takes a string in either kind of quotes; *text points to its bytes. */
static bool take_string(const char **p, const char *end, const char **text, size_t *n)
{
    if (*p == end || (**p != '\'' && **p != '"'))
        return false;
    const char *close = memchr(*p + 1, **p, (size_t)(end - *p) - 1);
    if (close == NULL || memchr(*p, '\\', (size_t)(close - *p)) != NULL)
        return false;
    *text = *p + 1;
    *n = (size_t)(close - *text);
    *p = close + 1;
    return true;
}

static bool take_number(const char **p, const char *end, uint64_t *number)
{
    const char *start = *p;
    bool fits;
    const size_t n = number_digits(start, (size_t)(end - start), number, &fits);
    if (n == 0 || !fits || (n > 1 && *start == '0')) /* Python forbids 01: it was octal once */
        return false;
    *p += n;
    *p += *p < end && **p == 'L'; /* as Python 2 wrote long integers */
    return true;
}

/*
 * Takes a shape such as (V, D) and returns its number of dimensions, 0 if it is no shape. `shape`
 * gets the first two numbers.
 */
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

struct npy_header {
    char type[16];
    bool by_columns;
    unsigned n_dimensions;
    uint64_t shape[2];
    unsigned seen; /* a bit for each of the three keys */
};

/* Passes over a list or a dictionary: the fields of a structured type. */
static bool pass_over(const char **p, const char *end)
{
    const char *text;
    size_t depth = 0, n;
    do {
        if (*p == end)
            return false;
        if (**p == '\'' || **p == '"') {
            if (!take_string(p, end, &text, &n))
                return false;
            continue;
        }
        depth += **p == '[' || **p == '{';
        depth -= **p == ']' || **p == '}';
        (*p)++;
    } while (depth > 0);
    return true;
}

static bool take_item(const char **p, const char *end, struct npy_header *h)
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
    if (key == 0 && *p < end && (**p == '[' || **p == '{')) {
        memcpy(h->type, "structured", sizeof "structured");
        return pass_over(p, end);
    }
    if (key == 0) {
        if (!take_string(p, end, &text, &n) || n >= sizeof h->type)
            return false;
        memcpy(h->type, text, n);
        return true;
    }
    if (key == 2) {
        h->n_dimensions = take_shape(p, end, h->shape);
        return h->n_dimensions > 0;
    }
    h->by_columns = take_text(p, end, "True");
    return h->by_columns || take_text(p, end, "False");
}

static bool parse_header(const char *p, const char *end, struct npy_header *h)
{
    if (!take(&p, end, '{'))
        return false;
    while (p < end && *p != '}') {
        if (!take_item(&p, end, h))
            return false;
        skip_blanks(&p, end);
        if (p < end && *p != '}' && !take(&p, end, ','))
            return false;
    }
    return take(&p, end, '}') && p == end && h->seen == 7;
}

/* ---- Reading ---- */

static const struct {
    const char *name;
    enum tensor_type type;
} types[] = {{"<f2", TENSOR_F16}, {"<f4", TENSOR_F32}, {"<f8", TENSOR_F64}};

enum { N_TYPES = sizeof types / sizeof types[0] };

/* Finds the header's text and length. Returns NULL, or what is wrong with the header. */
static const char *find_header(const struct file_map *file, const char **text, size_t *n_header)
{
    const unsigned char *bytes = file->bytes;
    const unsigned version = bytes[6];
    if (version < 1 || version > 3 || bytes[7] != 0)
        return "its version of the npy format is not one of 1.0, 2.0 and 3.0, which w2v reads";
    const size_t start = version == 1 ? 10 : 12;
    if (start > file->n_bytes)
        return "the file ends in its header: damaged";
    const uint64_t n = version == 1 ? hash_load16(bytes + 8) : hash_load32(bytes + 8);
    if (n > file->n_bytes - start)
        return "the file ends in its header: damaged";
    *text = (const char *)bytes + start;
    *n_header = (size_t)n;
    /* Version 3 is younger than Python 2, whose numbers end in L. */
    if (n > MAX_HEADER || (version == 3 && memchr(*text, 'L', *n_header) != NULL))
        return "its header is not as NumPy writes it: damaged";
    return NULL;
}

/* Reads the digest of a trailer. False if the bytes are no trailer. */
static bool read_trailer(const unsigned char *bytes, uint64_t *digest)
{
    static const char digits[] = "0123456789abcdef";
    if (memcmp(bytes, mark, MARK) != 0 || bytes[TRAILER - 1] != '\n')
        return false;
    *digest = 0;
    for (size_t i = 0; i < DIGITS; i++) {
        const char *digit = memchr(digits, bytes[MARK + i], DIGITS);
        if (digit == NULL)
            return false;
        *digest = *digest << 4 | (uint64_t)(digit - digits);
    }
    return true;
}

bool npy_words_digest(const struct file_map *file, uint64_t *digest)
{
    return file->n_bytes >= TRAILER && read_trailer(file->bytes + file->n_bytes - TRAILER, digest);
}

/*
 * Reads and checks the header. The tensor has all bytes behind it, without the trailer if there is
 * one.
 */
static int read_tensor(const struct file_map *file, struct tensor *tensor, bool *has_digest,
                       uint64_t *digest, const char *path, struct w2v_error *error)
{
    const char *text;
    size_t n_header, type = 0;
    struct npy_header h = {0};
    const char *wrong = find_header(file, &text, &n_header);
    if (wrong == NULL && !parse_header(text, text + n_header, &h))
        wrong = "its header is not as NumPy writes it: damaged";
    if (wrong != NULL)
        return error_set(error, W2V_EFORMAT, "%s: %s", path, wrong);
    if (h.n_dimensions != 2)
        return error_set(
            error, W2V_EFORMAT,
            "%s: an array of %u dimensions; w2v reads arrays of two, words and numbers", path,
            h.n_dimensions);
    while (type < N_TYPES && strcmp(types[type].name, h.type) != 0)
        type++;
    if (type == N_TYPES)
        return error_set(error, W2V_EFORMAT,
                         "%s: numbers of type '%s'; w2v reads '<f2', '<f4' and '<f8'", path,
                         h.type);
    const size_t start = (size_t)(text - (const char *)file->bytes) + n_header;
    *tensor = (struct tensor){.type = types[type].type,
                              .n_rows = h.shape[0],
                              .n_columns = h.shape[1],
                              .by_columns = h.by_columns,
                              .offset = start,
                              .n_bytes = file->n_bytes - start};
    /* Bytes that look like a trailer are numbers if the array is not complete without them. */
    const uint64_t size = tensor_size(tensor->type), n = tensor->n_bytes;
    *has_digest = n >= TRAILER && npy_words_digest(file, digest) && h.shape[1] > 0 &&
                  h.shape[1] <= n / size && (n - TRAILER) / (size * h.shape[1]) == h.shape[0] &&
                  (n - TRAILER) % (size * h.shape[1]) == 0;
    if (*has_digest)
        tensor->n_bytes -= TRAILER;
    return W2V_OK;
}

int npy_open(struct w2v_model *model, const struct model_opening *opening, struct w2v_error *error)
{
    struct tensor tensor;
    uint64_t digest;
    bool has_digest = false;
    int status = read_tensor(&model->file, &tensor, &has_digest, &digest, opening->path, error);
    if (status == W2V_OK)
        status = tensor_check(model, &tensor, opening, error);
    if (status == W2V_OK)
        status = sidecar_read(model, opening, has_digest ? &digest : NULL, error);
    return status == W2V_OK ? tensor_take(model, &tensor, opening, error) : status;
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
    char trailer[TRAILER + 1];
    int status = write_header(c, out, error);
    if (status == W2V_OK)
        status = convert_rows(c, out, error);
    snprintf(trailer, sizeof trailer, "%s%016" PRIx64 "\n", mark, c->words_digest);
    return status == W2V_OK ? outfile_write(out, trailer, TRAILER, error) : status;
}

int npy_write(struct convert *c, struct w2v_error *error)
{
    return convert_pair(c, write_all, error);
}
