/*
 * The model file, format "w2v": a word2vec binary file that any reader of those opens, made so
 * that w2v opens it at once. Rows lie at computable places, so no array of offsets is needed, and
 * their floats are aligned for the vector unit; behind the last row, where other readers never
 * look, stands a trailer with a hash index. All numbers are little-endian, floats IEEE binary32.
 *
 * Matrix part: V rows of D floats.
 *
 *   offset                size      meaning
 *   0                     H         "V D\n" in decimal, no leading zeros
 *   H                               newlines, the word of row 0, one space
 *   base + s(i) stride    4 D       the floats of row i, s(i) = i + extra(i)
 *     behind them                   newlines (one or more), the word of row i + 1, one space
 *   base + s(V-1) stride + 4 D      zeros up to the trailer
 *
 * base and stride are multiples of 64; the writer takes the stride that makes the file smallest. A
 * word for which a stride has no room gets several: extra(i) is the number of strides that rows 0
 * to i took beyond one each. Words are not empty and hold no space and no newline, so the word of a
 * row is what stands between its floats' space and the last newline before it.
 *
 * Trailer: pages of 4096 bytes, the first at a multiple of 4096, the last one the footer. A page
 * is 4088 bytes of payload and a checksum of them, of the page's number (its offset / 4096) and of
 * the matrix digest (0 for the footer), so a reader can trust what it touches without reading the
 * rest. The payloads of all pages but the footer, one behind the other, are one stream; sections
 * lie in it at multiples of 8, named by the footer's directory:
 *
 *   kind  size       section
 *   1     4 slots    hash index: u32 id + 1, or 0; slots a power of two >= 2 V; the first slot
 *                    tried is hash_bytes(word) modulo slots, then the next; of equal words the
 *                    first is found
 *   2     8 V        u64 count of each word; may be missing
 *   3     16 n       exceptions, by rising row: u64 row, u64 extra(row), where it grows
 *   4     any        training record: lines "KEY\tVALUE\n" of UTF-8; may be missing
 *   5     4 D V      f32 output rows, by which training can go on; may be missing
 *
 * Readers pass over kinds they do not know. The footer:
 *
 *   offset  size  meaning
 *   0       8     magic: 93 'W' '2' 'V' 0d 0a 1a 0a
 *   8       4     version of this layout: 1
 *   12      4     n, number of sections, <= 167
 *   16      8     V
 *   24      8     D
 *   32      8     base
 *   40      8     stride
 *   48      8     s(V-1) + 1, the strides in use
 *   56      8     offset of the trailer, also the size of the matrix part
 *   64      8     size of the file
 *   72      8     digest of the matrix part (container_digest)
 *   80      24 n  directory: u32 kind, u32 0, u64 offset in the stream, u64 size
 *                 zeros
 *   4088    8     checksum of this page
 *
 * Reading maps the file and checks the header, the footer and the exceptions. Other pages are
 * checked when first touched. What a damaged page costs: lookups that need it go through all words
 * instead (right, but slow); counts and record are reported as damaged. Damage to the matrix part
 * shows only in its digest, which container_verify compares.
 */
#ifndef W2V_MODEL_CONTAINER_H
#define W2V_MODEL_CONTAINER_H

#include <stdatomic.h>

#include "base/error.h"

enum {
    CONTAINER_PAGE = 4096,
    CONTAINER_PAYLOAD = CONTAINER_PAGE - 8,
    CONTAINER_ALIGN = 64,
    CONTAINER_VERSION = 1,
    CONTAINER_DIRECTORY = 80, /* its offset in the footer */
    CONTAINER_ENTRY = 24,     /* bytes of one of its entries */
    CONTAINER_DIGEST_BLOCK = 1 << 20
};

extern const unsigned char container_magic[8];

enum container_kind {
    CONTAINER_INDEX = 1,
    CONTAINER_COUNTS = 2,
    CONTAINER_EXCEPTIONS = 3,
    CONTAINER_RECORD = 4,
    CONTAINER_OUTPUT = 5,
    CONTAINER_KINDS
};

/* ---- Writing ---- */

/* Whether a model file can hold the word: it is not empty and has no space and no newline. */
bool container_holds(const char *word, size_t n_bytes);

struct container_input {
    size_t n_words, dim;
    /* Word `id`, which container_holds. Its bytes stay until all is written. */
    const char *(*word)(const void *context, size_t id, size_t *n_bytes);
    const void *word_context;
    const float *rows; /* (V, D), `stride` floats from row to row; or NULL, then: */
    size_t stride;
    /* Points *row to row `id`, until the next call; or an error. Called twice in order. */
    int (*row)(void *context, size_t id, const float **row, struct w2v_error *error);
    void *row_context;
    const float *output;    /* likewise the output rows, or NULL */
    const uint64_t *counts; /* (V), or NULL */
    const char *record;     /* lines "KEY\tVALUE\n", or NULL */
    size_t n_record_bytes;
    /* Called every megabyte or so and at last, before the file takes its name; may be NULL. Other
     * than 0: stop with W2V_ESTOPPED. */
    int (*progress)(void *context, size_t n_rows_written, size_t n_rows);
    void *progress_context;
};

/*
 * Writes a model file, whole or not at all. The same input gives the same bytes. W2V_ENUMERIC where
 * a number is not finite, W2V_EDATA where a word cannot be written; both before a byte is.
 */
int container_write(const char *path, const struct container_input *in, struct w2v_error *error);

/* ---- Reading ---- */

struct container_section {
    uint64_t offset, n_bytes; /* in the stream of payloads */
};

struct container_exception {
    uint64_t row, extra;
};

/* An open file. Any number of threads may read it at once. */
struct container {
    const unsigned char *bytes; /* the file, the caller's */
    size_t n_bytes;
    size_t n_words, dim, n_header_bytes;
    uint64_t base, stride, trailer, digest;
    struct container_section sections[CONTAINER_KINDS]; /* by kind; n_bytes 0: missing */
    size_t n_slots;                                     /* of the index */
    struct container_exception *exceptions;
    size_t n_exceptions;
    atomic_uchar *pages; /* of the trailer: 0 not yet checked, 1 good, 2 damaged */
};

/* Whether the file ends in something that was once a footer. */
bool container_recognises(const unsigned char *bytes, size_t n_bytes);

/* Opens the file's bytes, which must stay until container_release. `path` is for messages. */
int container_open(struct container *c, const unsigned char *bytes, size_t n_bytes,
                   const char *path, struct w2v_error *error);
void container_release(struct container *c);

/* Row id's strides beyond one a row, and the first row after `id` for which they are more. */
uint64_t container_extra(const struct container *c, size_t id, size_t *next);

/* Offset of row id's floats. */
static inline uint64_t container_row(const struct container *c, size_t id)
{
    size_t next;
    return c->base + (id + container_extra(c, id, &next)) * c->stride;
}

/* The word of row `id`; empty where the matrix part is damaged there. */
const char *container_word(const struct container *c, size_t id, size_t *n_bytes);

/* The id of a word, or -1. */
int64_t container_find(const struct container *c, const char *word, size_t n_bytes);

/* The count of word `id`. False where it is missing or damaged. */
bool container_count(const struct container *c, size_t id, uint64_t *count);

/* Copies n_bytes of a section, from `offset` on. False where missing or damaged. */
bool container_read(const struct container *c, enum container_kind kind, uint64_t offset,
                    void *bytes, size_t n_bytes);

/* Compares the digest and all pages: reads the whole file. W2V_EFORMAT where damaged. */
int container_verify(const struct container *c, const char *path, struct w2v_error *error);

/* ---- Both ---- */

/* The checksum of a page's payload. */
uint64_t container_checksum(const unsigned char *page, uint64_t number, uint64_t digest);

/* The digest of n_bytes: over blocks of CONTAINER_DIGEST_BLOCK, the last one shorter. Begin with 0.
 */
uint64_t container_digest(uint64_t digest, const unsigned char *block, size_t n_bytes);

static inline uint64_t container_round_up(uint64_t n, uint64_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/* Whether floats in memory are as in the file. */
static inline bool container_host_is_little(void)
{
    const union {
        uint32_t number;
        unsigned char bytes[4];
    } one = {1};
    return one.bytes[0] == 1;
}

#endif
