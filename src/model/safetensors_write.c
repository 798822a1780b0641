/*
 * Writing safetensors files. See safetensors.h for the layout. The header is first made in memory,
 * since its length stands in front of it.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "model/safetensors.h"

enum { ALIGN = 64 };

struct json_text {
    char *bytes;
    size_t n, capacity;
    char *word; /* one at a time */
    size_t word_capacity;
};

/* Adds a word as JSON text. A newline would separate words, so it is respelled. */
static int add_word(struct json_text *t, const char *word, size_t n_bytes, bool latin1,
                    struct convert *c, struct w2v_error *error)
{
    enum { LONGEST = 6 }; /* \u0001 */
    int status = mem_grow(&t->word, &t->word_capacity, n_bytes + 1, 1, "a word", error);
    if (status == W2V_OK)
        status = mem_grow(&t->bytes, &t->capacity, t->n + LONGEST * (n_bytes + 1) + 1, 1, "words",
                          error);
    if (status != W2V_OK)
        return status;
    n_bytes = spelling_write(t->word, word, n_bytes, c->banned);
    for (size_t i = 0; i < n_bytes; i++) {
        const unsigned char byte = (unsigned char)t->word[i];
        char *to = t->bytes + t->n;
        if (byte < 0x20) {
            t->n += (size_t)snprintf(to, LONGEST + 1, "\\u%04x", byte);
        } else if (byte == '"' || byte == '\\') {
            to[0] = '\\';
            to[1] = (char)byte;
            t->n += 2;
        } else if (latin1) {
            t->n += utf8_encode(byte, to);
        } else {
            to[0] = (char)byte;
            t->n++;
        }
    }
    return W2V_OK;
}

static int add_text(struct json_text *t, const char *text, struct w2v_error *error)
{
    const size_t n = strlen(text);
    int status = mem_grow(&t->bytes, &t->capacity, t->n + n, 1, "a header", error);
    if (status != W2V_OK)
        return status;
    memcpy(t->bytes + t->n, text, n);
    t->n += n;
    return W2V_OK;
}

static int add_words(struct json_text *t, struct convert *c, struct w2v_error *error)
{
    const struct selection *s = c->selection;
    bool latin1 = false;
    size_t n;
    for (size_t i = 0; i < s->n && !latin1; i++) {
        const char *word = selection_word(s, i, &n);
        latin1 = utf8_valid_prefix(word, n) != n;
    }
    int status = add_text(t, "\"__metadata__\":{", error);
    if (status == W2V_OK && latin1)
        status = add_text(t, "\"words_encoding\":\"latin-1\",", error);
    if (status == W2V_OK)
        status = add_text(t, "\"words\":\"", error);
    for (size_t i = 0; i < s->n && status == W2V_OK; i++) {
        const char *word = selection_word(s, i, &n);
        status = i > 0 ? add_text(t, "\\n", error) : W2V_OK;
        if (status == W2V_OK)
            status = add_word(t, word, n, latin1, c, error);
    }
    return status == W2V_OK ? add_text(t, "\"},", error) : status;
}

/* Makes the length, the JSON, and blanks so that the numbers begin at a multiple of ALIGN. */
static int make_header(struct json_text *t, struct convert *c, struct w2v_error *error)
{
    static const char *const names[] = {"F32", "F16", "BF16"}; /* by enum w2v_precision */
    const enum w2v_precision precision = c->options->precision;
    const uint64_t n_bytes =
        (uint64_t)c->selection->n * c->selection->dim * (precision == W2V_F32 ? 4 : 2);
    char tensor[200];
    snprintf(tensor, sizeof tensor,
             "\"%s\":{\"dtype\":\"%s\",\"shape\":[%zu,%zu],"
             "\"data_offsets\":[0,%" PRIu64 "]}}",
             safetensors_name, names[precision], c->selection->n, c->selection->dim, n_bytes);
    int status = add_text(t, "12345678{", error); /* 8 bytes for the length */
    if (status == W2V_OK)
        status = add_words(t, c, error);
    if (status == W2V_OK)
        status = add_text(t, tensor, error);
    while (status == W2V_OK && t->n % ALIGN != 0)
        status = add_text(t, " ", error);
    if (status == W2V_OK && t->n - 8 > SAFETENSORS_MAX_HEADER)
        status = error_set(error, W2V_EDATA,
                           "%s: not written: the words need %zu bytes, but the header of a "
                           "safetensors file may have only %d; convert to npy",
                           c->path, t->n, SAFETENSORS_MAX_HEADER);
    for (size_t i = 0; i < 8 && status == W2V_OK; i++)
        t->bytes[i] = (char)(unsigned char)((uint64_t)(t->n - 8) >> 8 * i & 0xff);
    return status;
}

int safetensors_write(struct convert *c, struct w2v_error *error)
{
    struct json_text header = {.n = 0};
    struct outfile out;
    int status = make_header(&header, c, error);
    free(header.word);
    if (status == W2V_OK)
        status = outfile_open_packed(&out, c->path, error);
    if (status != W2V_OK) {
        free(header.bytes);
        return status;
    }
    status = outfile_write(&out, header.bytes, header.n, error);
    free(header.bytes);
    if (status == W2V_OK)
        status = convert_rows(c, &out, error);
    if (status == W2V_OK)
        return outfile_commit(&out, error);
    outfile_abort(&out);
    return status;
}
