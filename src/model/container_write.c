/*
 * Writing the model file: see container.h for its layout. Everything that can be wrong with the
 * input is found before the first byte; then the file is written front to back in one go, its
 * digest taken on the way, so it can go down a pipe.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

/* ---- The plan: where rows go ---- */

struct plan {
    size_t dim;
    uint64_t base, stride, n_strides, trailer;
    struct container_exception *exceptions;
    size_t n_exceptions, capacity;
    char header[48];
    size_t n_header_bytes;
};

/* Strides from the floats before a word to those behind it. */
static uint64_t strides_of(const struct plan *plan, size_t n_word_bytes)
{
    return (4 * (uint64_t)plan->dim + 2 + n_word_bytes + plan->stride - 1) / plan->stride;
}

/*
 * The stride that makes the file smallest, among those that leave up to 1 KB for a word. Lengths
 * are counted in units of CONTAINER_ALIGN, which gives exact numbers of strides.
 */
static uint64_t best_stride(const struct container_input *in)
{
    enum { UNITS = 64, CANDIDATES = 17 };
    const uint64_t floats = 4 * (uint64_t)in->dim;
    const uint64_t least = container_round_up(floats + 3, CONTAINER_ALIGN) / CONTAINER_ALIGN;
    uint64_t n_of[UNITS] = {0}; /* words that take `least` + the index; longer ones in the last */
    for (size_t id = 1; id < in->n_words; id++) {
        size_t n_bytes;
        in->word(in->word_context, id, &n_bytes);
        uint64_t units =
            container_round_up(floats + 2 + n_bytes, CONTAINER_ALIGN) / CONTAINER_ALIGN - least;
        n_of[units < UNITS ? units : UNITS - 1]++;
    }
    uint64_t best = 0, best_cost = UINT64_MAX;
    for (uint64_t stride = least; stride < least + CANDIDATES; stride++) {
        uint64_t cost = 0;
        for (uint64_t u = 0; u < UNITS; u++) {
            uint64_t strides = (least + u + stride - 1) / stride;
            uint64_t exception = strides > 1 ? sizeof(struct container_exception) : 0;
            cost += n_of[u] * (strides * stride * CONTAINER_ALIGN + exception);
        }
        if (cost < best_cost) {
            best_cost = cost;
            best = stride * CONTAINER_ALIGN;
        }
    }
    return best;
}

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

static int get_row(const struct container_input *in, size_t id, const float **row,
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
        int status = get_row(in, id, &row, error);
        if (status != W2V_OK)
            return status;
        bool bad = false;
        for (size_t k = 0; k < in->dim; k++) {
            uint32_t bits;
            memcpy(&bits, row + k, sizeof bits);
            bad |= (bits & 0x7f800000) == 0x7f800000; /* infinity or no number */
        }
        if (bad) {
            size_t n;
            const char *word = in->word(in->word_context, id, &n);
            return error_set(error, W2V_ENUMERIC,
                             "%s: not written: the vector of \"%.*s\" (row %zu) is not finite",
                             path, (int)(n < 64 ? n : 64), word, id);
        }
    }
    return W2V_OK;
}

static int plan_make(struct plan *plan, const struct container_input *in, struct w2v_error *error)
{
    size_t n_bytes;
    *plan = (struct plan){.dim = in->dim, .stride = best_stride(in)};
    snprintf(plan->header, sizeof plan->header, "%zu %zu\n", in->n_words, in->dim);
    plan->n_header_bytes = strlen(plan->header);
    in->word(in->word_context, 0, &n_bytes);
    plan->base = container_round_up(plan->n_header_bytes + n_bytes + 1, CONTAINER_ALIGN);
    plan->n_strides = 1;
    for (size_t id = 1; id < in->n_words; id++) {
        in->word(in->word_context, id, &n_bytes);
        uint64_t strides = strides_of(plan, n_bytes);
        plan->n_strides += strides;
        if (strides == 1)
            continue;
        int status = mem_grow(&plan->exceptions, &plan->capacity, plan->n_exceptions + 1,
                              sizeof *plan->exceptions, "a model's long words", error);
        if (status != W2V_OK)
            return status;
        plan->exceptions[plan->n_exceptions++] =
            (struct container_exception){id, plan->n_strides - (id + 1)};
    }
    plan->trailer = container_round_up(
        plan->base + (plan->n_strides - 1) * plan->stride + 4 * in->dim, CONTAINER_PAGE);
    return W2V_OK;
}

/* ---- The matrix part ---- */

struct writer {
    struct outfile out;
    const struct plan *plan;
    const struct container_input *in;
    struct w2v_error *error;
    unsigned char *block; /* of the matrix part: CONTAINER_DIGEST_BLOCK bytes */
    size_t n_block;
    uint64_t digest;
    size_t n_rows; /* written */
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

/* Adds bytes, or, where `bytes` is NULL, n_bytes times `fill`. */
static int put(struct writer *w, const void *bytes, size_t n_bytes, int fill)
{
    const unsigned char *from = bytes;
    while (n_bytes > 0) {
        size_t n = CONTAINER_DIGEST_BLOCK - w->n_block;
        if (n > n_bytes)
            n = n_bytes;
        if (from == NULL) {
            memset(w->block + w->n_block, fill, n);
        } else {
            memcpy(w->block + w->n_block, from, n);
            from += n;
        }
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
        return put(w, row, 4 * w->in->dim, 0);
    for (size_t k = 0; k < w->in->dim && status == W2V_OK; k++) {
        uint32_t bits;
        unsigned char bytes[4];
        memcpy(&bits, row + k, sizeof bits);
        store_number(bytes, bits, sizeof bytes);
        status = put(w, bytes, sizeof bytes, 0);
    }
    return status;
}

static int write_rows(struct writer *w)
{
    const struct plan *plan = w->plan;
    int status = put(w, plan->header, plan->n_header_bytes, 0);
    uint64_t room = plan->base - plan->n_header_bytes; /* up to the row's floats */
    for (size_t id = 0; id < w->in->n_words && status == W2V_OK; id++) {
        size_t n_bytes;
        const char *word = w->in->word(w->in->word_context, id, &n_bytes);
        if (id > 0)
            room = strides_of(plan, n_bytes) * plan->stride - 4 * w->in->dim;
        status = put(w, NULL, room - n_bytes - 1, '\n');
        if (status == W2V_OK)
            status = put(w, word, n_bytes, 0);
        if (status == W2V_OK)
            status = put(w, " ", 1, 0);
        const float *row = NULL;
        if (status == W2V_OK)
            status = get_row(w->in, id, &row, w->error);
        if (status == W2V_OK)
            status = put_floats(w, row);
        w->n_rows = id + 1;
    }
    if (status == W2V_OK)
        status = put(w, NULL, plan->trailer - (w->out.n_written + w->n_block), 0);
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

static int write_index(struct writer *w)
{
    struct mem_map map;
    size_t n_slots = index_n_slots(w->in->n_words);
    int status = mem_map(&map, n_slots, sizeof(uint32_t), "a model's index", w->error);
    if (status != W2V_OK)
        return status;
    uint32_t *slots = map.bytes;
    status =
        index_build(slots, n_slots, w->in->n_words, w->in->word, w->in->word_context, w->error);
    for (size_t i = 0; i < n_slots && status == W2V_OK; i++)
        status = put_number(w, slots[i], 4);
    mem_unmap(&map);
    return status;
}

static int write_counts(struct writer *w)
{
    int status = W2V_OK;
    for (size_t id = 0; w->in->counts != NULL && id < w->in->n_words && status == W2V_OK; id++)
        status = put_number(w, w->in->counts[id], 8);
    return status;
}

static int write_exceptions(struct writer *w)
{
    int status = W2V_OK;
    for (size_t i = 0; i < w->plan->n_exceptions && status == W2V_OK; i++) {
        status = put_number(w, w->plan->exceptions[i].row, 8);
        if (status == W2V_OK)
            status = put_number(w, w->plan->exceptions[i].extra, 8);
    }
    return status;
}

static int write_record(struct writer *w)
{
    return w->in->record == NULL ? W2V_OK : put_payload(w, w->in->record, w->in->n_record_bytes);
}

static int write_output(struct writer *w)
{
    const float *row = w->in->output;
    int status = W2V_OK;
    for (size_t id = 0; row != NULL && id < w->in->n_words && status == W2V_OK; id++) {
        for (size_t k = 0; k < w->in->dim && status == W2V_OK; k++) {
            uint32_t bits;
            memcpy(&bits, row + k, sizeof bits);
            status = put_number(w, bits, sizeof bits);
        }
        row += w->in->stride;
    }
    return status;
}

static int write_trailer(struct writer *w)
{
    static const struct {
        enum container_kind kind;
        int (*write)(struct writer *);
    } parts[] = {{CONTAINER_INDEX, write_index},
                 {CONTAINER_COUNTS, write_counts},
                 {CONTAINER_EXCEPTIONS, write_exceptions},
                 {CONTAINER_RECORD, write_record},
                 {CONTAINER_OUTPUT, write_output}};
    enum { PARTS = sizeof parts / sizeof parts[0] };
    unsigned char footer[CONTAINER_PAGE] = {0};
    int status = W2V_OK;
    for (size_t i = 0; i < PARTS; i++) {
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
    store_number(footer + 12, PARTS, 4);
    store_number(footer + 16, w->in->n_words, 8);
    store_number(footer + 24, w->in->dim, 8);
    store_number(footer + 32, w->plan->base, 8);
    store_number(footer + 40, w->plan->stride, 8);
    store_number(footer + 48, w->plan->n_strides, 8);
    store_number(footer + 56, w->plan->trailer, 8);
    store_number(footer + 64, w->out.n_written + CONTAINER_PAGE, 8);
    store_number(footer + 72, w->digest, 8);
    memcpy(w->page, footer, CONTAINER_PAYLOAD);
    w->n_page = CONTAINER_PAYLOAD;
    return flush_page(w, 0);
}

int container_write(const char *path, const struct container_input *in, struct w2v_error *error)
{
    struct plan plan = {0};
    struct writer w = {.plan = &plan, .in = in, .error = error};
    int status = check_words(in, path, error);
    if (status == W2V_OK)
        status = check_rows(in, path, error);
    if (status == W2V_OK)
        status = plan_make(&plan, in, error);
    if (status != W2V_OK)
        goto done;
    w.block = mem_calloc(CONTAINER_DIGEST_BLOCK, 1, "a file buffer", error);
    if (w.block == NULL) {
        status = W2V_ENOMEM;
        goto done;
    }
    status = outfile_open(&w.out, path, error);
    if (status != W2V_OK)
        goto done;
    status = write_rows(&w);
    if (status == W2V_OK)
        status = write_trailer(&w);
    if (status == W2V_OK)
        status = tell(&w);
    if (status == W2V_OK)
        status = outfile_commit(&w.out, error);
    else
        outfile_abort(&w.out);
done:
    free(w.block);
    free(plan.exceptions);
    return status;
}
