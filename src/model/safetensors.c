/* safetensors files. See safetensors.h. */
#include "model/safetensors.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/number.h"
#include "base/utf8.h"
#include "model/sidecar.h"
#include "model/tensor.h"

enum { MAX_DEPTH = 16 };

const char safetensors_name[] = "embeddings";

/* Headers have less than 2^32 bytes. So half of the length is NUL, which text hardly ever has. */
bool safetensors_recognises(const struct file_map *file)
{
    return file->n_bytes >= 10 && memcmp(file->bytes + 4, "\0\0\0\0", 4) == 0 &&
           file->bytes[8] == '{';
}

/* ---- The part of JSON that headers use ---- */

struct json {
    const char *p, *end;
};

static void skip_blanks(struct json *j)
{
    while (j->p < j->end && (*j->p == ' ' || *j->p == '\n' || *j->p == '\t' || *j->p == '\r'))
        j->p++;
}

static bool take(struct json *j, char c)
{
    skip_blanks(j);
    if (j->p == j->end || *j->p != c)
        return false;
    j->p++;
    return true;
}

struct string {
    const char *text;
    size_t n;
};

static bool equals(struct string s, const char *text)
{
    return s.n == strlen(text) && memcmp(s.text, text, s.n) == 0;
}

/* Takes a string. Escapes are not decoded, since no name that matters has any. */
static bool take_string(struct json *j, struct string *s)
{
    if (!take(j, '"'))
        return false;
    s->text = j->p;
    while (j->p < j->end && *j->p != '"')
        j->p += *j->p == '\\' && j->end - j->p > 1 ? 2 : 1;
    s->n = (size_t)(j->p - s->text);
    return take(j, '"');
}

static bool take_number(struct json *j, uint64_t *number)
{
    skip_blanks(j);
    bool fits;
    const size_t n = number_digits(j->p, (size_t)(j->end - j->p), number, &fits);
    j->p += n;
    return n > 0 && fits;
}

/*
 * Takes a list [a, b, ...]: the first two numbers go into `numbers`, how many there are into *n,
 * and their product into *product.
 */
static bool take_numbers(struct json *j, uint64_t numbers[2], size_t *n, uint64_t *product)
{
    uint64_t number;
    *n = 0;
    *product = 1;
    if (!take(j, '['))
        return false;
    if (take(j, ']'))
        return true;
    do {
        if (!take_number(j, &number))
            return false;
        if (*n < 2)
            numbers[*n] = number;
        ++*n;
        if (number != 0 && *product > UINT64_MAX / number)
            *product = UINT64_MAX; /* more than any file has */
        else
            *product *= number;
    } while (take(j, ','));
    return take(j, ']');
}

/* Passes over any value. Brackets are counted, but [ may be closed by }. */
static bool skip_value(struct json *j)
{
    size_t depth = 0;
    do {
        struct string s;
        skip_blanks(j);
        if (j->p == j->end)
            return false;
        if (*j->p == '"') {
            if (!take_string(j, &s))
                return false;
        } else if (*j->p == '{' || *j->p == '[') {
            j->p++;
            if (++depth > MAX_DEPTH)
                return false;
        } else if (*j->p == '}' || *j->p == ']') {
            if (depth == 0)
                return false;
            j->p++;
            depth--;
        } else if (depth == 0 && *j->p == ',') {
            return false;
        } else {
            j->p++;
        }
    } while (depth > 0);
    /* A bare word or number goes up to the character that ends it. */
    while (j->p < j->end && *j->p != ',' && *j->p != '}' && *j->p != ']' && *j->p != '"')
        j->p++;
    return true;
}

/* ---- The header ---- */

struct tensor_entry {
    struct string name, type;
    uint64_t shape[2], offsets[2], n_numbers;
    size_t n_dimensions, n_offsets;
};

/* What the header says. */
struct safetensors_header {
    struct tensor_entry *entries;
    size_t n, capacity;
    struct string words, encoding; /* of the metadata; text NULL: missing */
};

static bool take_tensor(struct json *j, struct tensor_entry *entry)
{
    enum { TYPE = 1, SHAPE = 2, OFFSETS = 4 };
    unsigned seen = 0, key_bit;
    uint64_t unused;
    if (!take(j, '{'))
        return false;
    do {
        struct string key;
        bool good;
        if (!take_string(j, &key) || !take(j, ':'))
            return false;
        key_bit = 0;
        if (equals(key, "dtype")) {
            key_bit = TYPE;
            good = take_string(j, &entry->type);
        } else if (equals(key, "shape")) {
            key_bit = SHAPE;
            good = take_numbers(j, entry->shape, &entry->n_dimensions, &entry->n_numbers);
        } else if (equals(key, "data_offsets")) {
            key_bit = OFFSETS;
            good = take_numbers(j, entry->offsets, &entry->n_offsets, &unused);
        } else {
            good = skip_value(j);
        }
        if (!good || (seen & key_bit) != 0)
            return false;
        seen |= key_bit;
    } while (take(j, ','));
    return take(j, '}') && seen == (TYPE | SHAPE | OFFSETS) && entry->n_offsets == 2;
}

static bool take_metadata(struct json *j, struct safetensors_header *h)
{
    if (!take(j, '{'))
        return false;
    if (take(j, '}'))
        return true;
    do {
        struct string key, *value = NULL;
        if (!take_string(j, &key) || !take(j, ':'))
            return false;
        if (equals(key, "words"))
            value = &h->words;
        else if (equals(key, "words_encoding"))
            value = &h->encoding;
        if (value == NULL ? !skip_value(j) : value->text != NULL || !take_string(j, value))
            return false;
    } while (take(j, ','));
    return take(j, '}');
}

/* Takes the JSON of the header. W2V_EFORMAT, without a message, if it is damaged. */
static int take_header(struct json j, struct safetensors_header *h, struct w2v_error *error)
{
    bool has_metadata = false;
    if (!take(&j, '{'))
        return W2V_EFORMAT;
    const bool is_empty = take(&j, '}');
    for (bool more = !is_empty; more; more = take(&j, ',')) {
        struct tensor_entry entry = {.n_numbers = 0};
        if (!take_string(&j, &entry.name) || !take(&j, ':'))
            return W2V_EFORMAT;
        if (equals(entry.name, "__metadata__")) {
            if (has_metadata || !take_metadata(&j, h))
                return W2V_EFORMAT;
            has_metadata = true;
            continue;
        }
        if (!take_tensor(&j, &entry))
            return W2V_EFORMAT;
        int status =
            mem_grow(&h->entries, &h->capacity, h->n + 1, sizeof *h->entries, "tensors", error);
        if (status != W2V_OK)
            return status;
        h->entries[h->n++] = entry;
    }
    if (!is_empty && !take(&j, '}'))
        return W2V_EFORMAT;
    skip_blanks(&j);
    return j.p == j.end ? W2V_OK : W2V_EFORMAT;
}

/* How many bits a number of this type has; 0 if w2v does not know the type. */
static unsigned bits_of(struct string type)
{
    static const struct {
        const char *name;
        unsigned bits;
    } types[] = {{"F32", 32},    {"F16", 16}, {"BF16", 16},   {"F64", 64},    {"I64", 64},
                 {"I32", 32},    {"I16", 16}, {"I8", 8},      {"U64", 64},    {"U32", 32},
                 {"U16", 16},    {"U8", 8},   {"BOOL", 8},    {"F8_E5M2", 8}, {"F8_E4M3", 8},
                 {"F8_E8M0", 8}, {"C64", 64}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"F4", 4}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (equals(type, types[i].name))
            return types[i].bits;
    return 0;
}

static int compare_names(const void *a, const void *b)
{
    const struct string x = ((const struct tensor_entry *)a)->name,
                        y = ((const struct tensor_entry *)b)->name;
    const int order = memcmp(x.text, y.text, x.n < y.n ? x.n : y.n);
    return order != 0 ? order : (x.n > y.n) - (x.n < y.n);
}

static int compare_places(const void *a, const void *b)
{
    const uint64_t *x = ((const struct tensor_entry *)a)->offsets,
                   *y = ((const struct tensor_entry *)b)->offsets;
    const int order = (x[0] > y[0]) - (x[0] < y[0]);
    return order != 0 ? order : (x[1] > y[1]) - (x[1] < y[1]);
}

/*
 * Checks that all names differ, that each tensor has the size that its shape needs, and that
 * together they fill the n_bytes behind the header without holes. Sorts the tensors.
 */
static int check_entries(struct safetensors_header *h, uint64_t n_bytes, const char *path,
                         struct w2v_error *error)
{
    enum { SHOWN = 60 };
    uint64_t at = 0;
    if (h->n > 0)
        qsort(h->entries, h->n, sizeof *h->entries, compare_names);
    for (size_t i = 1; i < h->n; i++) {
        const struct string name = h->entries[i].name;
        if (compare_names(&h->entries[i - 1], &h->entries[i]) == 0)
            return error_set(error, W2V_EFORMAT, "%s: two tensors are called \"%.*s\": damaged",
                             path, (int)(name.n < SHOWN ? name.n : SHOWN), name.text);
    }
    if (h->n > 0)
        qsort(h->entries, h->n, sizeof *h->entries, compare_places);
    for (size_t i = 0; i < h->n; i++) {
        const struct tensor_entry *e = &h->entries[i];
        const int n = (int)(e->name.n < SHOWN ? e->name.n : SHOWN);
        const unsigned bits = bits_of(e->type);
        if (e->offsets[0] != at || e->offsets[1] < at || e->offsets[1] > n_bytes)
            return error_set(error, W2V_EFORMAT,
                             "%s: the tensor \"%.*s\" is at bytes %" PRIu64 " to %" PRIu64
                             " of %" PRIu64 ", but should begin at %" PRIu64 " and end within the "
                             "file: cut or damaged",
                             path, n, e->name.text, e->offsets[0], e->offsets[1], n_bytes, at);
        if (bits != 0 && (e->n_numbers > n_bytes * 8 || e->n_numbers * bits > UINT64_MAX - 7 ||
                          (e->n_numbers * bits + 7) / 8 != e->offsets[1] - at))
            return error_set(error, W2V_EFORMAT,
                             "%s: the tensor \"%.*s\" has %" PRIu64
                             " bytes, but its type and shape "
                             "need another number: damaged",
                             path, n, e->name.text, e->offsets[1] - at);
        at = e->offsets[1];
    }
    if (at != n_bytes)
        return error_set(error, W2V_EFORMAT,
                         "%s: %" PRIu64 " bytes behind the last tensor: damaged, or not a "
                         "safetensors file",
                         path, n_bytes - at);
    return W2V_OK;
}

/* ---- Words ---- */

static int hex_value(const char *p, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++) {
        const char c = p[i];
        const int digit = c >= '0' && c <= '9'   ? c - '0'
                          : c >= 'a' && c <= 'f' ? c - 'a' + 10
                          : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                                 : -1;
        if (digit < 0)
            return -1;
        *value = *value << 4 | (uint32_t)digit;
    }
    return 0;
}

/* Takes the XXXX of \uXXXX, or of a surrogate pair of them. False if there is no character. */
static bool take_escape(const char **p, const char *end, uint32_t *cp)
{
    uint32_t low;
    if (end - *p < 4 || hex_value(*p, cp) != 0)
        return false;
    *p += 4;
    if (*cp < 0xd800 || *cp > 0xdfff)
        return true;
    if (*cp > 0xdbff || end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u' ||
        hex_value(*p + 2, &low) != 0 || low < 0xdc00 || low > 0xdfff)
        return false;
    *p += 6;
    *cp = 0x10000 + ((*cp - 0xd800) << 10) + (low - 0xdc00);
    return true;
}

/* Decodes escapes; the text does not become longer. Returns its length, SIZE_MAX if damaged. */
static size_t unescape(struct string s, bool latin1, char *to)
{
    static const char from[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
    size_t n = 0;
    for (const char *p = s.text, *end = s.text + s.n; p < end;) {
        uint32_t cp = (unsigned char)*p;
        if (*p == '\\') {
            const char *kind = end - p > 1 ? memchr(from, p[1], sizeof from - 1) : NULL;
            p += 2;
            if (kind != NULL)
                cp = (unsigned char)meant[kind - from];
            else if (p > end || p[-1] != 'u' || !take_escape(&p, end, &cp))
                return SIZE_MAX;
        } else if (cp < 0x20) {
            return SIZE_MAX;
        } else {
            const size_t step = utf8_decode(p, (size_t)(end - p), &cp);
            if (step == 0)
                return SIZE_MAX;
            p += step;
        }
        if (latin1 && cp > 0xff)
            return SIZE_MAX;
        if (latin1)
            to[n++] = (char)(unsigned char)cp;
        else
            n += utf8_encode(cp, to + n);
    }
    return n;
}

/* Takes the words of the metadata into the model. */
static int take_words(struct w2v_model *model, const struct safetensors_header *h, const char *path,
                      struct w2v_error *error)
{
    const bool latin1 = h->encoding.text != NULL && equals(h->encoding, "latin-1");
    if (h->encoding.text != NULL && !latin1 && !equals(h->encoding, "utf-8"))
        return error_set(error, W2V_EFORMAT, "%s: its words are in an unknown encoding", path);
    int status = h->words.n + 1 < model->n_words ? W2V_EFORMAT : model_make_words(model, error);
    if (status == W2V_ENOMEM)
        return status;
    model->text = mem_calloc(h->words.n + 1, 1, "a model's words", error);
    if (model->text == NULL)
        return W2V_ENOMEM;
    size_t n = unescape(h->words, latin1, model->text), at = 0, n_words = 0;
    if (n == SIZE_MAX)
        return error_set(error, W2V_EFORMAT, "%s: the words in its metadata are damaged", path);
    size_t n_lines = 1;
    for (size_t i = 0; i < n; i++)
        n_lines += model->text[i] == '\n';
    if (n_lines == model->n_words + 1 && model->text[n - 1] == '\n')
        n--; /* a newline may follow the last word */
    for (bool more = true; status == W2V_OK && more; n_words++) {
        const char *lf = memchr(model->text + at, '\n', n - at);
        const size_t n_word = lf != NULL ? (size_t)(lf - model->text) - at : n - at;
        if (n_words < model->n_words)
            model->words[n_words] = (struct model_word){at, n_word};
        at += n_word + 1;
        more = lf != NULL;
    }
    model->word_bytes = (const unsigned char *)model->text;
    if (status == W2V_OK && n_words == model->n_words)
        return W2V_OK;
    return error_set(error, W2V_EFORMAT, "%s: its metadata do not have %zu words, one a row", path,
                     model->n_words);
}

/* ---- Reading ---- */

static bool is_type(struct string name, enum tensor_type *type)
{
    static const struct {
        const char *name;
        enum tensor_type type;
    } types[] = {
        {"F64", TENSOR_F64}, {"F32", TENSOR_F32}, {"F16", TENSOR_F16}, {"BF16", TENSOR_BF16}};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (equals(name, types[i].name)) {
            *type = types[i].type;
            return true;
        }
    return false;
}

/* The tensor to read: the only one of two dimensions, or the one called safetensors_name. */
static const struct tensor_entry *find_tensor(const struct safetensors_header *h, size_t *n_found)
{
    const struct tensor_entry *found = NULL;
    *n_found = 0;
    for (size_t i = 0; i < h->n; i++) {
        if (h->entries[i].n_dimensions != 2)
            continue;
        found = &h->entries[i];
        ++*n_found;
        if (equals(found->name, safetensors_name)) {
            *n_found = 1;
            break;
        }
    }
    return found;
}

/* Finds the place of the tensor in a header that was checked. */
static int place_tensor(const struct safetensors_header *h, uint64_t start, struct tensor *tensor,
                        const char *path, struct w2v_error *error)
{
    size_t n_found;
    const struct tensor_entry *entry = find_tensor(h, &n_found);
    if (n_found != 1)
        return error_set(error, W2V_EFORMAT,
                         "%s: %zu tensors of two dimensions, none of them called \"%s\"; w2v "
                         "reads files with one such tensor",
                         path, n_found, safetensors_name);
    if (!is_type(entry->type, &tensor->type))
        return error_set(error, W2V_EFORMAT,
                         "%s: a tensor of type \"%.*s\"; w2v reads F64, F32, F16 and BF16", path,
                         (int)(entry->type.n < 32 ? entry->type.n : 32), entry->type.text);
    tensor->n_rows = entry->shape[0];
    tensor->n_columns = entry->shape[1];
    tensor->offset = start + entry->offsets[0];
    tensor->n_bytes = entry->offsets[1] - entry->offsets[0];
    return W2V_OK;
}

int safetensors_open(struct w2v_model *model, const struct model_opening *opening,
                     struct w2v_error *error)
{
    const uint64_t n_bytes = model->file.n_bytes, n_header = hash_load64(model->file.bytes);
    struct safetensors_header h = {.n = 0};
    struct tensor tensor = {.by_columns = false};
    const char *path = opening->path;
    if (n_header > n_bytes - 8)
        return error_set(error, W2V_EFORMAT,
                         "%s: a header of %" PRIu64 " bytes, but the file has only %" PRIu64
                         ": damaged, or not a safetensors file",
                         path, n_header, n_bytes);
    if (n_header > SAFETENSORS_MAX_HEADER)
        return error_set(error, W2V_EFORMAT,
                         "%s: a header of %" PRIu64 " bytes, but %d are the most allowed: damaged, "
                         "or not a safetensors file",
                         path, n_header, SAFETENSORS_MAX_HEADER);
    const char *text = (const char *)model->file.bytes + 8;
    int status = take_header((struct json){text, text + n_header}, &h, error);
    if (status == W2V_EFORMAT)
        error_set(error, W2V_EFORMAT, "%s: its header is not that of a safetensors file: damaged",
                  path);
    if (status == W2V_OK)
        status = check_entries(&h, n_bytes - 8 - n_header, path, error);
    if (status == W2V_OK)
        status = place_tensor(&h, 8 + n_header, &tensor, path, error);
    if (status == W2V_OK)
        status = tensor_check(model, &tensor, opening, error);
    if (status == W2V_OK && h.words.text != NULL)
        status = take_words(model, &h, path, error);
    else if (status == W2V_OK)
        status = sidecar_read(model, opening, NULL, error);
    if (status == W2V_OK)
        status = tensor_take(model, &tensor, opening, error);
    free(h.entries);
    return status;
}
