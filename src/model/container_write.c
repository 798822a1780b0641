/*
 * Writing the model file: see container.h for its layout. Everything that can be wrong with the
 * input is found before the first byte; then the file is written front to back in one go, its
 * digest taken on the way, so it can go down a pipe.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/hash.h"
#include "base/mem.h"
#include "base/outfile.h"
#include "model/container.h"
#include "model/index.h"

const unsigned char container_magic[8] = {0x93, 'W', '2', 'V', '\r', '\n', 0x1a, '\n'};

uint64_t container_checksum(const unsigned char *page, uint64_t number, uint64_t digest)
{
    return rng_mix(hash_step(hash_step(hash_bytes(page, CONTAINER_PAYLOAD), number), digest));
}

uint64_t container_digest(uint64_t digest, const unsigned char *block, size_t n_bytes)
{
    return rng_mix(hash_step(digest, hash_bytes(block, n_bytes)));
}

/* ---- Checking ---- */

bool container_holds(const char *word, size_t n_bytes)
{
    return n_bytes > 0 && memchr(word, ' ', n_bytes) == NULL && memchr(word, '\n', n_bytes) == NULL;
}

static int check_words(const struct container_input *in, const char *path, struct w2v_error *error)
{
    if (in->n_words == 0 || in->dim == 0)
        return error_set(error, W2V_EDATA, "%s: a model of %zu words x %zu dimensions is empty",
                         path, in->n_words, in->dim);
    if (in->n_words > INDEX_MAX_WORDS || in->dim > UINT32_MAX)
        return error_set(error, W2V_EDATA, "%s: %zu words x %zu dimensions are too many", path,
                         in->n_words, in->dim);
    for (size_t id = 0; id < in->n_words; id++) {
        size_t n;
        const char *word = in->word(in->word_context, id, &n);
        if (!container_holds(word, n))
            return error_set(error, W2V_EDATA,
                             "%s: word %zu (\"%.*s\") is empty or holds a space or a newline", path,
                             id, (int)(n < 64 ? n : 64), word);
    }
    return W2V_OK;
}

int container_input_vector(const struct container_input *in, size_t id, const float **row,
                           struct w2v_error *error)
{
    if (in->rows == NULL)
        return in->row(in->row_context, id, row, error);
    *row = in->rows + id * in->stride;
    return W2V_OK;
}

static int check_rows(const struct container_input *in, const char *path, struct w2v_error *error)
{
    for (size_t id = 0; id < in->n_words; id++) {
        const float *row;
        int status = container_input_vector(in, id, &row, error);
        if (status != W2V_OK)
            return status;
        if (!fpmath_finite(row, in->dim)) {
            size_t n;
            const char *word = in->word(in->word_context, id, &n);
            return error_set(error, W2V_ENUMERIC,
                             "%s: not written: the vector of \"%.*s\" (row %zu) is not finite",
                             path, (int)(n < 64 ? n : 64), word, id);
        }
    }
    return W2V_OK;
}

int container_check(const struct container_input *in, const char *path, struct w2v_error *error)
{
    const int status = check_words(in, path, error);
    return status == W2V_OK ? check_rows(in, path, error) : status;
}

/* ---- The other matrices ---- */

bool container_has_output(const struct container_input *in)
{
    return in->output != NULL || in->copies_output;
}

size_t container_n_outputs(const struct container_input *in)
{
    if (!container_has_output(in))
        return 0;
    return in->n_outputs > 0 ? in->n_outputs : in->n_words;
}

/* How many rows the input has of a matrix. */
static size_t n_rows_of(const struct container_input *in, enum container_kind kind)
{
    if (kind == CONTAINER_OUTPUT)
        return container_n_outputs(in);
    if (in->subwords == NULL)
        return 0;
    return kind == CONTAINER_OWN ? in->n_words : in->subwords->n_ngrams;
}

int container_input_row(const struct container_input *in, enum container_kind kind, size_t i,
                        float *copy, const float **row, struct w2v_error *error)
{
    const float *rows = kind == CONTAINER_OUTPUT ? in->output
                        : kind == CONTAINER_OWN  ? in->subwords->own
                                                 : in->subwords->ngrams;
    *row = copy;
    if (rows == NULL)
        return in->copy(in->copy_context, kind, i, copy, error);
    *row = rows + i * (kind == CONTAINER_OUTPUT ? in->stride : in->subwords->stride);
    return W2V_OK;
}

/* Visits all rows of a matrix, the first time to check them, the second time to write them. */
static int visit_rows(const struct container_input *in, enum container_kind kind,
                      int (*visit)(void *context, const float *row), void *context,
                      struct w2v_error *error)
{
    const size_t n = n_rows_of(in, kind);
    float *copy = mem_calloc(in->dim, sizeof *copy, "a row", error);
    int status = copy != NULL ? W2V_OK : W2V_ENOMEM;
    for (size_t i = 0; i < n && status == W2V_OK; i++) {
        const float *row;
        status = container_input_row(in, kind, i, copy, &row, error);
        if (status == W2V_OK)
            status = visit(context, row);
    }
    free(copy);
    return status;
}

struct finite {
    size_t dim, n; /* rows looked at */
};

static int check_other(void *context, const float *row)
{
    struct finite *finite = context;
    finite->n++;
    return fpmath_finite(row, finite->dim) ? W2V_OK : W2V_ENUMERIC;
}

int container_check_others(const struct container_input *in, const char *path,
                           struct w2v_error *error)
{
    static const struct {
        enum container_kind kind;
        const char *name;
    } matrices[] = {{CONTAINER_OUTPUT, "the output matrix"},
                    {CONTAINER_OWN, "the words' own rows"},
                    {CONTAINER_NGRAMS, "the rows of n-grams"}};
    int status = W2V_OK;
    for (size_t i = 0; i < 3 && status == W2V_OK; i++) {
        struct finite finite = {in->dim, 0};
        status = visit_rows(in, matrices[i].kind, check_other, &finite, error);
        if (status == W2V_ENUMERIC)
            status = error_set(error, W2V_ENUMERIC, "%s: not written: row %zu of %s is not finite",
                               path, finite.n, matrices[i].name);
    }
    return status;
}

/* ---- The matrix part ---- */

struct writer {
    struct outfile out;
    const struct container_input *in;
    struct w2v_error *error;
    unsigned char *block; /* of the matrix part: CONTAINER_DIGEST_BLOCK bytes */
    size_t n_block;
    uint64_t digest;
    size_t n_rows; /* written */
    size_t n_header_bytes;
    uint64_t n_matrix, trailer; /* sizes of the matrix part, and of it with the zeros behind it */
    struct index index;
    unsigned char page[CONTAINER_PAGE];
    size_t n_page;
    uint64_t n_payload; /* bytes of the trailer's stream so far */
};

static int tell(struct writer *w)
{
    if (w->in->progress == NULL ||
        w->in->progress(w->in->progress_context, w->n_rows, w->in->n_words) == 0)
        return W2V_OK;
    return error_set(w->error, W2V_ESTOPPED, "%s: stopped, not written", w->out.name);
}

static int flush_block(struct writer *w)
{
    if (w->n_block == 0)
        return W2V_OK;
    w->digest = container_digest(w->digest, w->block, w->n_block);
    int status = outfile_write(&w->out, w->block, w->n_block, w->error);
    w->n_block = 0;
    return status == W2V_OK ? tell(w) : status;
}

static int put(struct writer *w, const void *bytes, size_t n_bytes)
{
    const unsigned char *from = bytes;
    while (n_bytes > 0) {
        size_t n = CONTAINER_DIGEST_BLOCK - w->n_block;
        if (n > n_bytes)
            n = n_bytes;
        memcpy(w->block + w->n_block, from, n);
        from += n;
        w->n_block += n;
        n_bytes -= n;
        if (w->n_block == CONTAINER_DIGEST_BLOCK) {
            int status = flush_block(w);
            if (status != W2V_OK)
                return status;
        }
    }
    return W2V_OK;
}

static void store_number(unsigned char *p, uint64_t number, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        p[i] = (unsigned char)(number >> 8 * i);
}

static int put_floats(struct writer *w, const float *row)
{
    int status = W2V_OK;
    if (container_host_is_little())
        return put(w, row, 4 * w->in->dim);
    for (size_t k = 0; k < w->in->dim && status == W2V_OK; k++) {
        uint32_t bits;
        unsigned char bytes[4];
        memcpy(&bits, row + k, sizeof bits);
        store_number(bytes, bits, sizeof bytes);
        status = put(w, bytes, sizeof bytes);
    }
    return status;
}

/* The matrix part, and behind it, unless it is all that there is to be, zeros. */
static int write_rows(struct writer *w)
{
    static const unsigned char zeros[CONTAINER_PAGE];
    char header[48];
    snprintf(header, sizeof header, "%zu %zu\n", w->in->n_words, w->in->dim);
    w->n_header_bytes = strlen(header);
    int status = put(w, header, w->n_header_bytes);
    for (size_t id = 0; id < w->in->n_words && status == W2V_OK; id++) {
        size_t n_bytes;
        const char *word = w->in->word(w->in->word_context, id, &n_bytes);
        const float *row = NULL;
        status = put(w, word, n_bytes);
        if (status == W2V_OK)
            status = put(w, " ", 1);
        if (status == W2V_OK)
            status = container_input_vector(w->in, id, &row, w->error);
        if (status == W2V_OK)
            status = put_floats(w, row);
        if (status == W2V_OK)
            status = put(w, "\n", 1);
        w->n_rows = id + 1;
    }
    w->n_matrix = w->out.n_written + w->n_block;
    w->trailer = container_round_up(w->n_matrix, CONTAINER_PAGE);
    if (status == W2V_OK && !w->in->plain)
        status = put(w, zeros, (size_t)(w->trailer - w->n_matrix));
    return status == W2V_OK ? flush_block(w) : status;
}

/* ---- The trailer ---- */

/* Pads the page with zeros and writes it. */
static int flush_page(struct writer *w, uint64_t digest)
{
    memset(w->page + w->n_page, 0, CONTAINER_PAYLOAD - w->n_page);
    store_number(w->page + CONTAINER_PAYLOAD,
                 container_checksum(w->page, w->out.n_written / CONTAINER_PAGE, digest), 8);
    w->n_page = 0;
    return outfile_write(&w->out, w->page, CONTAINER_PAGE, w->error);
}

static int put_payload(struct writer *w, const void *bytes, size_t n_bytes)
{
    const unsigned char *from = bytes;
    w->n_payload += n_bytes;
    while (n_bytes > 0) {
        size_t n = CONTAINER_PAYLOAD - w->n_page;
        if (n > n_bytes)
            n = n_bytes;
        memcpy(w->page + w->n_page, from, n);
        w->n_page += n;
        from += n;
        n_bytes -= n;
        if (w->n_page == CONTAINER_PAYLOAD) {
            int status = flush_page(w, w->digest);
            if (status != W2V_OK)
                return status;
        }
    }
    return W2V_OK;
}

static int put_number(struct writer *w, uint64_t number, size_t n_bytes)
{
    unsigned char bytes[8];
    store_number(bytes, number, n_bytes);
    return put_payload(w, bytes, n_bytes);
}

static int write_offsets(struct writer *w)
{
    uint64_t offset = w->n_header_bytes;
    int status = put_number(w, offset, 8);
    for (size_t id = 0; id < w->in->n_words && status == W2V_OK; id++) {
        size_t n_bytes;
        w->in->word(w->in->word_context, id, &n_bytes);
        offset += n_bytes + 4 * (uint64_t)w->in->dim + 2;
        status = put_number(w, offset, 8);
    }
    return status;
}

static int write_numbers(struct writer *w, const uint32_t *numbers, size_t n)
{
    int status = W2V_OK;
    for (size_t i = 0; i < n && status == W2V_OK; i++)
        status = put_number(w, numbers[i], 4);
    return status;
}

static int write_buckets(struct writer *w)
{
    int status = index_build(&w->index, w->in->n_words, w->in->word, w->in->word_context, w->error);
    return status == W2V_OK ? write_numbers(w, w->index.first, w->index.n_buckets + 1) : status;
}

static int write_ids(struct writer *w)
{
    return write_numbers(w, w->index.ids, w->in->n_words);
}

static int write_counts(struct writer *w)
{
    int status = W2V_OK;
    for (size_t id = 0; w->in->counts != NULL && id < w->in->n_words && status == W2V_OK; id++)
        status = put_number(w, w->in->counts[id], 8);
    return status;
}

static int write_record(struct writer *w)
{
    return w->in->record == NULL ? W2V_OK : put_payload(w, w->in->record, w->in->n_record_bytes);
}

static int put_payload_row(void *context, const float *row)
{
    struct writer *w = context;
    int status = W2V_OK;
    if (container_host_is_little())
        return put_payload(w, row, 4 * w->in->dim);
    for (size_t k = 0; k < w->in->dim && status == W2V_OK; k++) {
        uint32_t bits;
        memcpy(&bits, row + k, sizeof bits);
        status = put_number(w, bits, sizeof bits);
    }
    return status;
}

static int write_output(struct writer *w)
{
    return visit_rows(w->in, CONTAINER_OUTPUT, put_payload_row, w, w->error);
}

static int write_subwords(struct writer *w)
{
    const struct subword_rows *s = w->in->subwords;
    const uint32_t head[] = {(uint32_t)s->subwords.minn, (uint32_t)s->subwords.maxn,
                             s->subwords.buckets, 0};
    const int status = write_numbers(w, head, sizeof head / sizeof head[0]);
    return status == W2V_OK ? write_numbers(w, s->buckets, s->n_ngrams) : status;
}

static int write_ngrams(struct writer *w)
{
    return visit_rows(w->in, CONTAINER_NGRAMS, put_payload_row, w, w->error);
}

static int write_own(struct writer *w)
{
    return visit_rows(w->in, CONTAINER_OWN, put_payload_row, w, w->error);
}

static int write_trailer(struct writer *w)
{
    static const struct {
        enum container_kind kind;
        int (*write)(struct writer *);
    } parts[] = {{CONTAINER_OFFSETS, write_offsets},
                 {CONTAINER_BUCKETS, write_buckets},
                 {CONTAINER_IDS, write_ids},
                 {CONTAINER_COUNTS, write_counts},
                 {CONTAINER_RECORD, write_record},
                 {CONTAINER_OUTPUT, write_output},
                 {CONTAINER_SUBWORDS, write_subwords},
                 {CONTAINER_NGRAMS, write_ngrams},
                 {CONTAINER_OWN, write_own}};
    enum { PARTS = sizeof parts / sizeof parts[0], PARTS_OF_SUBWORDS = 3 };
    const size_t n_parts = w->in->subwords != NULL ? PARTS : PARTS - PARTS_OF_SUBWORDS;
    unsigned char footer[CONTAINER_PAGE] = {0};
    int status = W2V_OK;
    for (size_t i = 0; i < n_parts; i++) {
        uint64_t start = w->n_payload;
        status = parts[i].write(w);
        if (status != W2V_OK)
            return status;
        unsigned char *entry = footer + CONTAINER_DIRECTORY + i * CONTAINER_ENTRY;
        store_number(entry, (uint64_t)parts[i].kind, 4);
        store_number(entry + 8, start, 8);
        store_number(entry + 16, w->n_payload - start, 8);
        status = put_payload(w, (const unsigned char[8]){0}, -w->n_payload % 8);
        if (status != W2V_OK)
            return status;
    }
    if (w->n_page > 0)
        status = flush_page(w, w->digest);
    if (status != W2V_OK)
        return status;
    memcpy(footer, container_magic, sizeof container_magic);
    store_number(footer + 8, CONTAINER_VERSION, 4);
    store_number(footer + 12, n_parts, 4);
    store_number(footer + 16, w->in->n_words, 8);
    store_number(footer + 24, w->in->dim, 8);
    store_number(footer + 32, w->n_matrix, 8);
    store_number(footer + 40, w->trailer, 8);
    store_number(footer + 48, w->out.n_written + CONTAINER_PAGE, 8);
    store_number(footer + 56, w->digest, 8);
    memcpy(w->page, footer, CONTAINER_PAYLOAD);
    w->n_page = CONTAINER_PAYLOAD;
    return flush_page(w, 0);
}

int container_write(const char *path, const struct container_input *in, struct w2v_error *error)
{
    struct writer w = {.in = in, .error = error};
    int status = container_check(in, path, error);
    if (status == W2V_OK && !in->plain)
        status = container_check_others(in, path, error);
    if (status != W2V_OK)
        return status;
    w.block = mem_calloc(CONTAINER_DIGEST_BLOCK, 1, "a file buffer", error);
    if (w.block == NULL)
        return W2V_ENOMEM;
    status = outfile_open(&w.out, path, error);
    if (status != W2V_OK)
        goto done;
    status = outfile_pack(&w.out, in->pack, error);
    if (status == W2V_OK)
        status = write_rows(&w);
    if (status == W2V_OK && !in->plain)
        status = write_trailer(&w);
    if (status == W2V_OK)
        status = tell(&w);
    if (status == W2V_OK)
        status = outfile_commit(&w.out, error);
    else
        outfile_abort(&w.out);
done:
    index_release(&w.index);
    free(w.block);
    return status;
}
