/* Checkpoint files. See checkpoint.h. */
#include "train/checkpoint.h"

#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/fpmath.h"
#include "base/hash.h"
#include "base/magic.h"
#include "base/mem.h"
#include "base/outfile.h"

/* The first bytes of the file, by the table in checkpoint.h. */
struct checkpoint_header {
    unsigned char magic[8];
    uint32_t order, version;
    uint64_t n_bytes, n_words, dim, rounds, round, shards, n_predictions, n_word_bytes, n_text,
        n_rows;
};

_Static_assert(sizeof(struct checkpoint_header) == CHECKPOINT_HEADER, "the header has no padding");
_Static_assert(sizeof(struct trainer_tally) == 16, "a tally has no padding");

enum { ORDER = 0x01020304 };

uint64_t checkpoint_digest(uint64_t digest, const void *block, size_t n_bytes)
{
    return rng_mix(hash_step(digest, hash_bytes(block, n_bytes)) + n_bytes);
}

/*
 * The bytes of the file up to the end of the first digest. The numbers of the header must be in
 * their ranges.
 */
static uint64_t head_bytes(const struct checkpoint_header *h)
{
    return sizeof *h + h->shards * sizeof(struct trainer_tally) +
           h->round / h->rounds * sizeof(double) + h->n_words * 17 + h->n_word_bytes + h->n_text +
           8;
}

static uint64_t rows_bytes(const struct checkpoint_header *h)
{
    return h->n_rows * h->dim * sizeof(float);
}

/* ---- Writing ---- */

struct checkpoint_writer {
    struct outfile out;
    unsigned char *block;
    size_t n_block;
    uint64_t digest;
    struct w2v_error *error;
};

static int flush_block(struct checkpoint_writer *w)
{
    w->digest = checkpoint_digest(w->digest, w->block, w->n_block);
    int status = outfile_write(&w->out, w->block, w->n_block, w->error);
    w->n_block = 0;
    return status;
}

static int write_bytes(struct checkpoint_writer *w, const void *bytes, size_t n_bytes)
{
    const unsigned char *from = bytes;
    while (n_bytes > 0) {
        size_t n = CHECKPOINT_BLOCK - w->n_block;
        if (n > n_bytes)
            n = n_bytes;
        memcpy(w->block + w->n_block, from, n);
        w->n_block += n;
        from += n;
        n_bytes -= n;
        int status = w->n_block == CHECKPOINT_BLOCK ? flush_block(w) : W2V_OK;
        if (status != W2V_OK)
            return status;
    }
    return W2V_OK;
}

/* Writes the digest of all bytes since the last digest. */
static int write_digest(struct checkpoint_writer *w)
{
    int status = w->n_block > 0 ? flush_block(w) : W2V_OK;
    if (status == W2V_OK)
        status = outfile_write(&w->out, &w->digest, sizeof w->digest, w->error);
    w->digest = 0;
    return status;
}

static int write_head(struct checkpoint_writer *w, const struct checkpoint_header *h,
                      const struct checkpoint_content *c)
{
    const struct vocab *vocab = c->vocab;
    const size_t n = vocab->n_words;
    const unsigned char free_word = 0;
    const struct trainer *trainer = c->trainer;
    int status = write_bytes(w, h, sizeof *h);
    if (status == W2V_OK)
        status =
            write_bytes(w, c->place->tallies, trainer->schedule.shards * sizeof *c->place->tallies);
    if (status == W2V_OK)
        status =
            write_bytes(w, trainer->loss, (size_t)(h->round / h->rounds) * sizeof *trainer->loss);
    if (status == W2V_OK)
        status = write_bytes(w, vocab->count, n * sizeof *vocab->count);
    if (status == W2V_OK)
        status = write_bytes(w, vocab->offset + 1, n * sizeof *vocab->offset);
    if (status == W2V_OK && trainer->frozen != NULL)
        status = write_bytes(w, trainer->frozen, n);
    else
        for (size_t id = 0; id < n && status == W2V_OK; id++)
            status = write_bytes(w, &free_word, 1);
    if (status == W2V_OK)
        status = write_bytes(w, vocab->bytes, (size_t)h->n_word_bytes);
    if (status == W2V_OK)
        status = write_bytes(w, c->text, c->n_text);
    return status == W2V_OK ? write_digest(w) : status;
}

static int write_rows(struct checkpoint_writer *w, const struct checkpoint_header *h,
                      const struct checkpoint_content *c)
{
    const size_t stride = c->trainer->rows.layout.dim, dim = (size_t)h->dim, n = (size_t)h->n_rows;
    int status = W2V_OK;
    for (size_t row = 0; row < n && status == W2V_OK; row++) {
        const float *numbers = c->rows + row * stride;
        if (!fpmath_finite(numbers, dim))
            return error_set(w->error, W2V_ENUMERIC,
                             "training diverged: a vector is not finite in epoch %u, from learning "
                             "rate %g; try a smaller --lr",
                             (unsigned)(h->round / h->rounds) + 1, c->trainer->schedule.lr);
        status = write_bytes(w, numbers, dim * sizeof *numbers);
    }
    return status == W2V_OK ? write_digest(w) : status;
}

int checkpoint_write(const char *path, const struct checkpoint_content *c, struct w2v_error *error)
{
    const struct trainer *trainer = c->trainer;
    struct checkpoint_writer w = {.error = error};
    struct checkpoint_header h = {
        .order = ORDER,
        .version = CHECKPOINT_VERSION,
        .n_words = c->vocab->n_words,
        .dim = trainer->dim,
        .rounds = trainer->schedule.rounds,
        .round = c->place->round,
        .shards = trainer->schedule.shards,
        .n_predictions = c->place->n_predictions,
        .n_word_bytes = c->vocab->offset[c->vocab->n_words],
        .n_text = c->n_text,
        .n_rows = layout_rows(&trainer->rows.layout),
    };
    memcpy(h.magic, MAGIC_CHECKPOINT, sizeof h.magic);
    h.n_bytes = head_bytes(&h) + rows_bytes(&h) + sizeof w.digest;
    w.block = mem_calloc(CHECKPOINT_BLOCK, 1, "a checkpoint", error);
    if (w.block == NULL)
        return W2V_ENOMEM;
    int status = outfile_open(&w.out, path, error);
    if (status == W2V_OK) {
        status = write_head(&w, &h, c);
        if (status == W2V_OK)
            status = write_rows(&w, &h, c);
        if (status == W2V_OK)
            status = outfile_commit(&w.out, error);
        else
            outfile_abort(&w.out);
    }
    free(w.block);
    return status;
}

int checkpoint_check(const char *path, struct w2v_error *error)
{
    struct stat st;
    struct file_map file;
    size_t n;
    const struct pack_format *pack = pack_of_name(path, &n);
    if (pack != NULL)
        return error_set(
            error, W2V_EARG,
            "--checkpoint %s: checkpoints are not compressed; name the file without %s", path,
            pack->ending);
    int status = outfile_check(path, error);
    if (status != W2V_OK || stat(path, &st) != 0)
        return status;
    if (!S_ISREG(st.st_mode))
        return error_set(error, W2V_EIO,
                         "%s: is not a regular file, so no run could resume from it; "
                         "name another file for the checkpoint",
                         path);
    status = file_map(&file, path, error);
    if (status != W2V_OK)
        return status;
    if (file.n_bytes > 0 && (file.n_bytes < MAGIC_CHECKPOINT_BYTES ||
                             memcmp(file.bytes, MAGIC_CHECKPOINT, MAGIC_CHECKPOINT_BYTES) != 0))
        status = error_set(error, W2V_EIO,
                           "%s: exists and is not a checkpoint; name another "
                           "file for the checkpoint, or move this one away",
                           path);
    file_unmap(&file);
    return status;
}

/* ---- Reading ---- */

/* What is wrong with the header of a file of n_bytes; NULL if its numbers are in their ranges. */
static const char *header_fault(const struct checkpoint_header *h, uint64_t n_bytes)
{
    if (memcmp(h->magic, MAGIC_CHECKPOINT, sizeof h->magic) != 0)
        return "not a checkpoint of w2v";
    if (h->order != ORDER)
        return "a checkpoint from a machine with another byte order";
    if (h->version != CHECKPOINT_VERSION)
        return "a checkpoint of another version of w2v";
    if (h->n_bytes > n_bytes)
        return "a checkpoint that was cut short";
    if (h->n_bytes < n_bytes || h->n_words == 0 || h->n_words > WORDTABLE_MAX_WORDS ||
        h->dim == 0 || h->dim > W2V_MAX_DIM || h->rounds == 0 || h->shards == 0 ||
        h->shards > SCHEDULE_MAX_SHARDS || h->round / h->rounds > W2V_MAX_EPOCHS ||
        h->n_word_bytes > n_bytes || h->n_text > n_bytes ||
        h->n_rows > n_bytes / sizeof(float) / h->dim)
        return "a damaged checkpoint: its header is wrong";
    if (head_bytes(h) + rows_bytes(h) + 8 != n_bytes)
        return "a damaged checkpoint: its size does not match its header";
    return NULL;
}

static int damaged_error(const struct checkpoint *c, const char *what, struct w2v_error *error)
{
    return error_set(error, W2V_EFORMAT, "%s: a damaged checkpoint: %s", c->path, what);
}

/* Returns *at and moves it n_bytes on. */
static const unsigned char *advance(const unsigned char **at, size_t n_bytes)
{
    const unsigned char *bytes = *at;
    *at += n_bytes;
    return bytes;
}

/* Copies the words from their counts, ends and bytes. Returns NULL or what is wrong with them. */
static const char *copy_vocab(struct vocab *vocab, const struct checkpoint_header *h,
                              const unsigned char *counts, const unsigned char *ends,
                              const unsigned char *bytes)
{
    const size_t n = (size_t)h->n_words;
    memcpy(vocab->count, counts, n * sizeof *vocab->count);
    memcpy(vocab->offset + 1, ends, n * sizeof *vocab->offset);
    memcpy(vocab->bytes, bytes, (size_t)h->n_word_bytes);
    vocab->n_words = n;
    for (size_t id = 0; id < n; id++) {
        if (vocab->offset[id + 1] <= vocab->offset[id] || vocab->offset[id + 1] > h->n_word_bytes)
            return "its words overlap";
        if (vocab->count[id] > UINT64_MAX - vocab->total)
            return "its counts are too large";
        vocab->total += vocab->count[id];
    }
    return vocab->offset[n] == h->n_word_bytes ? NULL : "its words do not fill their space";
}

/* Copies the parts of the head. Its digest has been checked. */
static int copy_head(struct checkpoint *c, const struct checkpoint_header *h,
                     const unsigned char *head, struct w2v_error *error)
{
    const char *what = "a checkpoint", *fault = NULL;
    const size_t n = (size_t)h->n_words;
    c->loss = mem_calloc(c->n_losses, sizeof *c->loss, what, error);
    c->vocab.offset = mem_calloc(n + 1, sizeof *c->vocab.offset, what, error);
    c->vocab.count = mem_calloc(n, sizeof *c->vocab.count, what, error);
    c->vocab.bytes = mem_calloc((size_t)h->n_word_bytes, 1, what, error);
    c->frozen = mem_calloc(n, 1, what, error);
    c->text = mem_calloc(c->n_text + 1, 1, what, error);
    if (!c->loss || !c->vocab.offset || !c->vocab.count || !c->vocab.bytes || !c->frozen ||
        !c->text)
        return W2V_ENOMEM;
    head += sizeof *h;
    memcpy(c->place.tallies, advance(&head, c->shards * sizeof *c->place.tallies),
           c->shards * sizeof *c->place.tallies);
    memcpy(c->loss, advance(&head, c->n_losses * sizeof *c->loss), c->n_losses * sizeof *c->loss);
    const unsigned char *counts = advance(&head, n * 8), *ends = advance(&head, n * 8);
    memcpy(c->frozen, advance(&head, n), n);
    fault = copy_vocab(&c->vocab, h, counts, ends, advance(&head, (size_t)h->n_word_bytes));
    memcpy(c->text, head, c->n_text);
    for (unsigned s = 0; s < c->shards && fault == NULL; s++)
        if (!isfinite(c->place.tallies[s].loss))
            fault = "a loss is not finite";
    for (size_t i = 0; i < c->n_losses && fault == NULL; i++)
        if (isinf(c->loss[i]))
            fault = "a loss is not finite";
    for (size_t id = 0; id < n && fault == NULL; id++)
        if (c->frozen[id] > 1)
            fault = "the mark of a frozen word is neither 0 nor 1";
    return fault == NULL ? W2V_OK : damaged_error(c, fault, error);
}

static int load_head(struct checkpoint *c, const struct checkpoint_header *h,
                     struct w2v_error *error)
{
    const size_t n_bytes = (size_t)head_bytes(h), n_covered = n_bytes - 8;
    uint64_t digest = 0, expected;
    unsigned char *head = mem_calloc(n_bytes, 1, "a checkpoint", error);
    if (head == NULL)
        return W2V_ENOMEM;
    int status = file_read_at(c->fd, head, n_bytes, 0, c->path, error);
    if (status == W2V_OK) {
        for (size_t at = 0; at < n_covered; at += CHECKPOINT_BLOCK)
            digest = checkpoint_digest(digest, head + at,
                                       n_covered - at < CHECKPOINT_BLOCK ? n_covered - at
                                                                         : CHECKPOINT_BLOCK);
        memcpy(&expected, head + n_covered, sizeof expected);
        status = digest == expected
                     ? copy_head(c, h, head, error)
                     : damaged_error(c, "the digest of its head does not match", error);
    }
    free(head);
    return status;
}

/*
 * Reads the rows, n_rows x dim floats, block by block and checks their digest. Copies them to
 * `rows`, which are `stride` floats apart, unless `rows` is NULL.
 */
static int read_rows(const struct checkpoint *c, float *rows, size_t stride,
                     struct w2v_error *error)
{
    enum { FLOATS = CHECKPOINT_BLOCK / sizeof(float) };
    const uint64_t n = (uint64_t)c->n_rows * c->dim;
    uint64_t digest = 0, expected = 0;
    float *block = mem_calloc(FLOATS, sizeof *block, "a checkpoint", error);
    int status = block != NULL ? W2V_OK : W2V_ENOMEM;
    for (uint64_t at = 0; at < n && status == W2V_OK; at += FLOATS) {
        size_t n_block = n - at < FLOATS ? (size_t)(n - at) : FLOATS;
        status = file_read_at(c->fd, block, n_block * sizeof *block,
                              c->rows_offset + at * sizeof *block, c->path, error);
        if (status == W2V_OK && !fpmath_finite(block, n_block))
            status = damaged_error(c, "a number is not finite", error);
        if (status != W2V_OK)
            break;
        digest = checkpoint_digest(digest, block, n_block * sizeof *block);
        for (size_t i = 0, run; rows != NULL && i < n_block; i += run) {
            const size_t row = (size_t)((at + i) / c->dim), column = (size_t)((at + i) % c->dim);
            run = c->dim - column < n_block - i ? c->dim - column : n_block - i;
            memcpy(rows + row * stride + column, block + i, run * sizeof *block);
        }
    }
    if (status == W2V_OK)
        status = file_read_at(c->fd, &expected, sizeof expected, c->rows_offset + n * sizeof *block,
                              c->path, error);
    if (status == W2V_OK && digest != expected)
        status = damaged_error(c, "the digest of its rows does not match", error);
    free(block);
    return status;
}

static int open_file(struct checkpoint *c, struct w2v_error *error)
{
    struct checkpoint_header h;
    struct stat st;
    if (strcmp(c->path, "-") == 0)
        return error_set(error, W2V_EARG, "a checkpoint cannot be standard input; name a file");
    c->fd = file_open(c->path, O_RDONLY, 0);
    if (c->fd < 0)
        return error_system(error, c->path, "cannot open");
    if (fstat(c->fd, &st) != 0)
        return error_system(error, c->path, "cannot read");
    if (S_ISDIR(st.st_mode))
        return error_set(error, W2V_EFORMAT, "%s: is a directory; name a file", c->path);
    if (!S_ISREG(st.st_mode))
        return error_set(error, W2V_EFORMAT,
                         "%s: is not a regular file; copy the checkpoint to a file", c->path);
    if ((uint64_t)st.st_size < sizeof h)
        return error_set(error, W2V_EFORMAT, "%s: not a checkpoint of w2v", c->path);
    int status = file_read_at(c->fd, &h, sizeof h, 0, c->path, error);
    if (status != W2V_OK)
        return status;
    const char *fault = header_fault(&h, (uint64_t)st.st_size);
    if (fault != NULL)
        return error_set(error, W2V_EFORMAT, "%s: %s", c->path, fault);
    c->n_words = (size_t)h.n_words;
    c->dim = (size_t)h.dim;
    c->n_rows = (size_t)h.n_rows;
    c->rounds = h.rounds;
    c->shards = (unsigned)h.shards;
    c->place = (struct trainer_place){.round = h.round, .n_predictions = h.n_predictions};
    c->n_losses = (size_t)(h.round / h.rounds);
    c->n_text = (size_t)h.n_text;
    c->rows_offset = head_bytes(&h);
    status = load_head(c, &h, error);
    return status == W2V_OK ? read_rows(c, NULL, 0, error) : status;
}

int checkpoint_open(struct checkpoint *checkpoint, const char *path, struct w2v_error *error)
{
    *checkpoint = (struct checkpoint){.fd = -1};
    checkpoint->path = strdup(path);
    int status = checkpoint->path != NULL ? open_file(checkpoint, error)
                                          : error_memory(error, "a file name", strlen(path));
    if (status != W2V_OK)
        checkpoint_release(checkpoint);
    return status;
}

void checkpoint_release(struct checkpoint *checkpoint)
{
    if (checkpoint->fd >= 0)
        close(checkpoint->fd);
    vocab_release(&checkpoint->vocab);
    free(checkpoint->path);
    free(checkpoint->loss);
    free(checkpoint->frozen);
    free(checkpoint->text);
    *checkpoint = (struct checkpoint){.fd = -1};
}

int checkpoint_load(const struct checkpoint *c, struct trainer *trainer, struct w2v_error *error)
{
    if (trainer->sampler.n_words != c->n_words || trainer->dim != c->dim ||
        layout_rows(&trainer->rows.layout) != c->n_rows || trainer->schedule.rounds != c->rounds ||
        trainer->schedule.shards != c->shards ||
        c->place.round > c->rounds * trainer->schedule.epochs)
        return error_set(error, W2V_EDATA,
                         "%s: comes from a run that divided the corpus into other rounds", c->path);
    int status = read_rows(c, rows_master(&trainer->rows, 0), trainer->rows.layout.dim, error);
    if (status != W2V_OK)
        return status;
    trainer->place = c->place;
    if (c->n_losses > 0)
        memcpy(trainer->loss, c->loss, c->n_losses * sizeof *c->loss);
    return W2V_OK;
}
