/* safetensors files. See safetensors.h. */
#include "model/safetensors.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/hash.h"
#include "model/tensor.h"

enum { ALIGN = 64, MAX_DEPTH = 16 };

static const char embeddings[] = "embeddings";

/* The length's last byte is no byte of text, so that no word is taken for it. */
bool safetensors_recognises(const struct file_map *file)
{
    return file->n_bytes >= 10 && file->bytes[7] < ' ' && file->bytes[8] == '{';
}

/* ---- JSON, as much of it as there is ---- */

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

/* Escapes stay as they are: no name that matters has any. */
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
    const char *start = j->p;
    for (*number = 0; j->p < j->end && *j->p >= '0' && *j->p <= '9'; j->p++) {
        const uint64_t digit = (uint64_t)(*j->p - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = 10 * *number + digit;
    }
    return j->p > start;
}

/* [n, n, ...]: the first two into `numbers`, how many into *n. */
static bool take_numbers(struct json *j, uint64_t numbers[2], size_t *n)
{
    uint64_t number;
    *n = 0;
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
    } while (take(j, ','));
    return take(j, ']');
}

/* Passes over any value; brackets are counted, not matched in kind. */
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
    /* A bare word or number: to what ends it. */
    while (j->p < j->end && *j->p != ',' && *j->p != '}' && *j->p != ']' && *j->p != '"')
        j->p++;
    return true;
}

/* ---- Reading ---- */

struct entry {
    struct string name, type;
    uint64_t shape[2], offsets[2];
    size_t n_dimensions, n_offsets;
};

static bool take_entry(struct json *j, struct entry *entry)
{
    if (!take(j, '{'))
        return false;
    do {
        struct string key;
        bool good;
        if (!take_string(j, &key) || !take(j, ':'))
            return false;
        if (equals(key, "dtype"))
            good = take_string(j, &entry->type);
        else if (equals(key, "shape"))
            good = take_numbers(j, entry->shape, &entry->n_dimensions);
        else if (equals(key, "data_offsets"))
            good = take_numbers(j, entry->offsets, &entry->n_offsets);
        else
            good = skip_value(j);
        if (!good)
            return false;
    } while (take(j, ','));
    return take(j, '}');
}

static bool is_type(struct string name, enum tensor_type *type)
{
    static const struct {
        const char *name;
        enum tensor_type type;
    } types[] = {{"F32", TENSOR_F32}, {"F16", TENSOR_F16}, {"BF16", TENSOR_BF16}};
    for (size_t i = 0; i < 3; i++)
        if (equals(name, types[i].name)) {
            *type = types[i].type;
            return true;
        }
    return false;
}

/* Looks for the tensor; *n_found are of two dimensions. False where the JSON is none. */
static bool find_tensor(struct json j, struct entry *found, size_t *n_found)
{
    bool named = false;
    *n_found = 0;
    if (!take(&j, '{'))
        return false;
    do {
        struct entry entry = {{NULL, 0}, {NULL, 0}, {0, 0}, {0, 0}, 0, 0};
        if (!take_string(&j, &entry.name) || !take(&j, ':'))
            return false;
        if (equals(entry.name, "__metadata__")) {
            if (!skip_value(&j))
                return false;
            continue;
        }
        if (!take_entry(&j, &entry))
            return false;
        if (entry.n_dimensions != 2 || named)
            continue;
        named = equals(entry.name, embeddings);
        *n_found = named ? 1 : *n_found + 1;
        *found = entry;
    } while (take(&j, ','));
    if (!take(&j, '}'))
        return false;
    skip_blanks(&j);
    return j.p == j.end;
}

int safetensors_open(struct w2v_model *model, const struct model_opening *opening,
                     struct w2v_error *error)
{
    const uint64_t n_bytes = model->file.n_bytes, n_header = hash_load64(model->file.bytes);
    struct entry entry = {{NULL, 0}, {NULL, 0}, {0, 0}, {0, 0}, 0, 0};
    struct tensor tensor = {.by_columns = false};
    size_t n_found;
    if (n_header > n_bytes - 8)
        return error_set(error, W2V_EFORMAT,
                         "%s: a header of %" PRIu64 " bytes, but the file has only %" PRIu64
                         ": damaged, or not a safetensors file",
                         opening->path, n_header, n_bytes);
    const char *text = (const char *)model->file.bytes + 8;
    if (!find_tensor((struct json){text, text + n_header}, &entry, &n_found))
        return error_set(error, W2V_EFORMAT, "%s: its header is not as safetensors has it: damaged",
                         opening->path);
    if (n_found != 1)
        return error_set(error, W2V_EFORMAT,
                         "%s: %zu tensors of two dimensions, none of them \"%s\"; w2v reads files "
                         "of one",
                         opening->path, n_found, embeddings);
    if (!is_type(entry.type, &tensor.type))
        return error_set(error, W2V_EFORMAT,
                         "%s: a tensor of type \"%.*s\"; w2v reads F32, F16 and BF16",
                         opening->path, (int)(entry.type.n < 32 ? entry.type.n : 32),
                         entry.type.text != NULL ? entry.type.text : "");
    const uint64_t left = n_bytes - 8 - n_header;
    if (entry.n_offsets != 2 || entry.offsets[0] > entry.offsets[1] || entry.offsets[1] > left)
        return error_set(error, W2V_EFORMAT,
                         "%s: a tensor at %" PRIu64 " to %" PRIu64 " of %" PRIu64
                         " bytes: damaged, or not all of the file",
                         opening->path, entry.offsets[0], entry.offsets[1], left);
    tensor.n_rows = entry.shape[0];
    tensor.n_columns = entry.shape[1];
    tensor.offset = 8 + n_header + entry.offsets[0];
    tensor.n_bytes = entry.offsets[1] - entry.offsets[0];
    return tensor_take(model, &tensor, opening, error);
}

/* ---- Writing ---- */

static int write_header(const struct convert *c, struct outfile *out, struct w2v_error *error)
{
    static const char *const names[] = {"F32", "F16", "BF16"}; /* enum w2v_precision */
    const enum w2v_precision precision = c->options->precision;
    const uint64_t n_bytes =
        (uint64_t)c->selection->n * c->selection->dim * (precision == W2V_F32 ? 4 : 2);
    char header[4 * ALIGN] = {0};
    const int n =
        snprintf(header + 8, sizeof header - 8,
                 "{\"%s\":{\"dtype\":\"%s\",\"shape\":[%zu,%zu],"
                 "\"data_offsets\":[0,%" PRIu64 "]}}",
                 embeddings, names[precision], c->selection->n, c->selection->dim, n_bytes);
    size_t end = 8 + (size_t)n;
    while (end % ALIGN != 0)
        header[end++] = ' ';
    header[0] = (char)(unsigned char)((end - 8) & 0xff);
    header[1] = (char)((end - 8) >> 8);
    return outfile_write(out, header, end, error);
}

static int write_all(struct convert *c, struct outfile *out, struct w2v_error *error)
{
    int status = write_header(c, out, error);
    return status == W2V_OK ? convert_rows(c, out, error) : status;
}

int safetensors_write(struct convert *c, struct w2v_error *error)
{
    return convert_pair(c, write_all, error);
}
