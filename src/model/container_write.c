/*
 * Writing the model file: see container.h for its layout. The input is checked before the first
 * byte is written. Then the file is written from front to back in one go, with the digest computed
 * on the way, so that it can go down a pipe.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/outfile.h"
#include "model/container_input.h"
#include "model/container_sum.h"
#include "model/index.h"

/* ---- The matrix part ---- */

struct container_writer {
    struct outfile out;
    const struct container_input *in;
    struct w2v_error *error;
    unsigned char *block; /* of the matrix part; room for CONTAINER_DIGEST_BLOCK bytes */
    size_t n_block;
    uint64_t digest;
    size_t n_rows, n_all_rows; /* written so far, and all of them: of all matrices */
    size_t n_header_bytes;
    uint64_t n_matrix; /* the size of the matrix part */
    uint64_t trailer;  /* where the trailer begins: n_matrix and the zeros behind it */
    struct index index;
    unsigned char page[CONTAINER_PAGE];
    size_t n_page;
    uint64_t n_payload; /* bytes of the trailer's stream so far */
};

/* Tells what share of all rows is written, as a number of words; all words only at the end. */
static int tell_progress(struct container_writer *w)
{
    const size_t n_words = w->in->n_words;
    size_t n = (size_t)((double)w->n_rows / (double)w->n_all_rows * (double)n_words);
    if (w->n_rows < w->n_all_rows && n == n_words)
        n--;
    if (w->in->progress == NULL || w->in->progress(w->in->progress_context, n, n_words) == 0)
        return W2V_OK;
    return error_set(w->error, W2V_ESTOPPED, "%s: stopped, not written", w->out.name);
}

static int flush_block(struct container_writer *w)
{
    if (w->n_block == 0)
        return W2V_OK;
    w->digest = container_digest(w->digest, w->block, w->n_block);
    int status = outfile_write(&w->out, w->block, w->n_block, w->error);
    w->n_block = 0;
    return status == W2V_OK ? tell_progress(w) : status;
}

static int put_matrix(struct container_writer *w, const void *bytes, size_t n_bytes)
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

static int put_matrix_floats(struct container_writer *w, const float *row)
{
    int status = W2V_OK;
    if (container_host_is_little())
        return put_matrix(w, row, 4 * w->in->dim);
    for (size_t k = 0; k < w->in->dim && status == W2V_OK; k++) {
        uint32_t bits;
        unsigned char bytes[4];
        memcpy(&bits, row + k, sizeof bits);
        store_number(bytes, bits, sizeof bytes);
        status = put_matrix(w, bytes, sizeof bytes);
    }
    return status;
}

/* Writes the matrix part, and zeros up to the trailer if there will be one. */
static int write_matrix_part(struct container_writer *w)
{
    static const unsigned char zeros[CONTAINER_PAGE];
    char header[48];
    snprintf(header, sizeof header, "%zu %zu\n", w->in->n_words, w->in->dim);
    w->n_header_bytes = strlen(header);
    int status = put_matrix(w, header, w->n_header_bytes);
    for (size_t id = 0; id < w->in->n_words && status == W2V_OK; id++) {
        size_t n_bytes;
        const char *word = w->in->word(w->in->word_context, id, &n_bytes);
        const float *row = NULL;
        status = put_matrix(w, word, n_bytes);
        if (status == W2V_OK)
            status = put_matrix(w, " ", 1);
        if (status == W2V_OK)
            status = container_input_vector(w->in, id, &row, w->error);
        if (status == W2V_OK)
            status = put_matrix_floats(w, row);
        if (status == W2V_OK)
            status = put_matrix(w, "\n", 1);
        w->n_rows++;
    }
    w->n_matrix = w->out.n_written + w->n_block;
    w->trailer = container_round_up(w->n_matrix, CONTAINER_PAGE);
    if (status == W2V_OK && !w->in->plain)
        status = put_matrix(w, zeros, (size_t)(w->trailer - w->n_matrix));
    return status == W2V_OK ? flush_block(w) : status;
}

/* ---- The trailer ---- */

/* Pads the page with zeros and writes it. */
static int flush_page(struct container_writer *w, uint64_t digest)
{
    memset(w->page + w->n_page, 0, CONTAINER_PAYLOAD - w->n_page);
    store_number(w->page + CONTAINER_PAYLOAD,
                 container_checksum(w->page, w->out.n_written / CONTAINER_PAGE, digest), 8);
    w->n_page = 0;
    return outfile_write(&w->out, w->page, CONTAINER_PAGE, w->error);
}

static int put_payload(struct container_writer *w, const void *bytes, size_t n_bytes)
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

static int put_payload_number(struct container_writer *w, uint64_t number, size_t n_bytes)
{
    unsigned char bytes[8];
    store_number(bytes, number, n_bytes);
    return put_payload(w, bytes, n_bytes);
}

static int write_offsets(struct container_writer *w)
{
    uint64_t offset = w->n_header_bytes;
    int status = put_payload_number(w, offset, 8);
    for (size_t id = 0; id < w->in->n_words && status == W2V_OK; id++) {
        size_t n_bytes;
        w->in->word(w->in->word_context, id, &n_bytes);
        offset += n_bytes + 4 * (uint64_t)w->in->dim + 2;
        status = put_payload_number(w, offset, 8);
    }
    return status;
}

static int write_numbers(struct container_writer *w, const uint32_t *numbers, size_t n)
{
    int status = W2V_OK;
    for (size_t i = 0; i < n && status == W2V_OK; i++)
        status = put_payload_number(w, numbers[i], 4);
    return status;
}

static int write_buckets(struct container_writer *w)
{
    int status = index_build(&w->index, w->in->n_words, w->in->word, w->in->word_context, w->error);
    return status == W2V_OK ? write_numbers(w, w->index.first, w->index.n_buckets + 1) : status;
}

static int write_ids(struct container_writer *w)
{
    return write_numbers(w, w->index.ids, w->in->n_words);
}

static int write_counts(struct container_writer *w)
{
    int status = W2V_OK;
    for (size_t id = 0; w->in->counts != NULL && id < w->in->n_words && status == W2V_OK; id++)
        status = put_payload_number(w, w->in->counts[id], 8);
    return status;
}

static int write_record(struct container_writer *w)
{
    return w->in->record == NULL ? W2V_OK : put_payload(w, w->in->record, w->in->n_record_bytes);
}

static int put_payload_row(void *context, const float *row)
{
    struct container_writer *w = context;
    const size_t rows_a_block = CONTAINER_DIGEST_BLOCK / (4 * w->in->dim) + 1;
    int status = ++w->n_rows % rows_a_block == 0 ? tell_progress(w) : W2V_OK;
    if (status != W2V_OK)
        return status;
    if (container_host_is_little())
        return put_payload(w, row, 4 * w->in->dim);
    for (size_t k = 0; k < w->in->dim && status == W2V_OK; k++) {
        uint32_t bits;
        memcpy(&bits, row + k, sizeof bits);
        status = put_payload_number(w, bits, sizeof bits);
    }
    return status;
}

static int write_output(struct container_writer *w)
{
    return container_input_visit(w->in, CONTAINER_OUTPUT, put_payload_row, w, w->error);
}

static int write_subwords(struct container_writer *w)
{
    const struct subword_rows *s = w->in->subwords;
    const uint32_t head[] = {(uint32_t)s->subwords.minn, (uint32_t)s->subwords.maxn,
                             s->subwords.buckets, 0};
    const int status = write_numbers(w, head, sizeof head / sizeof head[0]);
    return status == W2V_OK ? write_numbers(w, s->buckets, s->n_ngrams) : status;
}

static int write_ngrams(struct container_writer *w)
{
    return container_input_visit(w->in, CONTAINER_NGRAMS, put_payload_row, w, w->error);
}

static int write_own(struct container_writer *w)
{
    return container_input_visit(w->in, CONTAINER_OWN, put_payload_row, w, w->error);
}

static int write_trailer(struct container_writer *w)
{
    static const struct {
        enum container_kind kind;
        int (*write)(struct container_writer *);
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
    static const unsigned char zeros[8];
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
        status =
            put_payload(w, zeros, (size_t)(container_round_up(w->n_payload, 8) - w->n_payload));
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

/* How many rows all matrices have. */
static size_t count_rows(const struct container_input *in)
{
    const struct subword_rows *s = in->subwords;
    if (in->plain)
        return in->n_words;
    return in->n_words + container_input_n_outputs(in) +
           (s != NULL ? in->n_words + s->n_ngrams : 0);
}

int container_write(const char *path, const struct container_input *in, struct w2v_error *error)
{
    struct container_writer w = {.in = in, .error = error, .n_all_rows = count_rows(in)};
    int status = container_input_check(in, path, error);
    if (status == W2V_OK && !in->plain)
        status = container_input_check_others(in, path, error);
    if (status != W2V_OK)
        return status;
    w.block = mem_calloc(CONTAINER_DIGEST_BLOCK, 1, "a file buffer", error);
    if (w.block == NULL)
        return W2V_ENOMEM;
    status = outfile_open_packed(&w.out, path, error);
    if (status != W2V_OK)
        goto done;
    status = write_matrix_part(&w);
    if (status == W2V_OK && !in->plain)
        status = write_trailer(&w);
    if (status == W2V_OK)
        status = tell_progress(&w);
    if (status == W2V_OK)
        status = outfile_commit(&w.out, error);
    else
        outfile_abort(&w.out);
done:
    index_release(&w.index);
    free(w.block);
    return status;
}
