/*
 * The model file, format "w2v". It begins with exactly the bytes that word2vec.c writes. A trailer
 * follows, where readers of word2vec.c's files never look; thanks to it w2v opens the file at once.
 * This page is all that a reader of the trailer needs. All numbers are little-endian, floats are
 * IEEE binary32, and arithmetic on u64 is modulo 2^64.
 *
 * The matrix part has M bytes: "V D\n" in decimal without leading zeros, then V rows. A row is the
 * word, one space, D floats, one newline. A word is not empty and has no space and no newline. If
 * the file ended here, it would be what `convert --to word2vec-plain` writes.
 *
 * Zeros follow up to the next multiple of 4096, then the trailer. The trailer is made of pages of
 * 4096 bytes, and the last page is the footer. A page has 4088 bytes of payload and their checksum,
 * so a reader can trust the pages that it touches without reading the others. The payloads of all
 * pages except the footer form one stream. Sections lie in the stream at multiples of 8; the
 * footer's directory says where:
 *
 *   kind  size       section
 *   1     8 (V + 1)  u64 offset in the file of each row's first byte, then M. The word of row i has
 *                    offset[i + 1] - offset[i] - 4 D - 2 bytes; its floats are the 4 D bytes
 *                    before offset[i + 1] - 1, at any alignment
 *   2     4 (B + 1)  u32: `first` of the index (index.h); B is the least power of two >= V
 *   3     4 V        u32: `ids` of the index
 *   4     8 V        u64 count of each word; may be missing
 *   5     any        training record: lines "KEY\tVALUE\n" of UTF-8; may be missing
 *   6     4 D R      f32 output rows, which more training needs; may be missing. R = V: one for
 *                    each word. R = V - 1: one for each node of the Huffman tree over the words,
 *                    for hierarchical softmax (train/tree.h has the order of the nodes)
 *   7     16 + 4 N   n-grams: u32 minn, u32 maxn, u32 K, u32 0, where K is the number of buckets;
 *                    then N u32, the buckets that have a row, rising. If this section is missing,
 *                    so are 8 and 9
 *   8     4 D N      f32 rows of these buckets, in the same order; other buckets have rows of zeros
 *   9     4 D V      f32 words' own rows
 *
 * With sections 7 to 9 a row of the matrix part is the mean of the word's own row and of the rows
 * of its n-grams, which text/subword.h defines. The vector of a word that is not in the file is the
 * mean of the rows of its n-grams. A mean of n rows is their f32 sum, own row first, then n-grams
 * in their order, times the f32 nearest to 1 / n.
 *
 * Readers skip kinds that they do not know. A word with hash h is in bucket b = h modulo B, that
 * is, among ids[i] with first[b] <= i < first[b + 1]. There, ids are sorted by hash, then by the
 * bytes of the word. No two words are equal. The footer:
 *
 *   offset  size  meaning
 *   0       8     magic: 93 'W' '2' 'V' 0d 0a 1a 0a
 *   8       4     version of this layout: 2
 *   12      4     n, number of sections, <= 167
 *   16      8     V
 *   24      8     D
 *   32      8     M
 *   40      8     offset of the trailer: M rounded up to a multiple of 4096
 *   48      8     size of the file
 *   56      8     digest of everything before the trailer
 *   64      24 n  directory: u32 kind, u32 0, u64 offset in the stream, u64 size
 *                 zeros
 *   4088    8     checksum of this page
 *
 * Hash, checksum and digest, with ^ for exclusive or and >> for a shift of a u64:
 *
 *   step(s, x)    y ^ (y >> 32), where y = (s ^ x) * 9fb21c651e98df25 (hexadecimal, as below)
 *   mix(x)        x = (x ^ (x >> 30)) * bf58476d1ce4e5b9; x = (x ^ (x >> 27)) * 94d049bb133111eb;
 *                 x ^ (x >> 31)
 *   hash(p, n)    of n bytes: s = n * 9e3779b97f4a7c15. While more than 8 bytes are left,
 *                 s = step(s, the next 8 bytes as a u64). Then k bytes p[0] .. p[k - 1] are left,
 *                 1 to 8 of them (0 only if n = 0), and the hash is mix(step(s, x)), where x is
 *                     k >= 4:  (p[0 .. 3] as a u32) + 2^32 * (p[k - 4 .. k - 1] as a u32)
 *                     k < 4:   p[0] + 2^8 * p[k / 2] + 2^16 * p[k - 1], k / 2 rounded down
 *                     k = 0:   0
 *   checksum      mix(step(step(hash(the payload, 4088), the page's offset / 4096), d)), where d is
 *                 0 for the footer, and the digest in the footer for all other pages
 *   digest        d = 0; then for each block of 2^20 bytes (the last one may be shorter)
 *                 d = mix(step(d, hash(the block, its size)))
 *
 * Opening maps the file and checks the header, the footer, where the first row begins and where the
 * last one ends. Any other page is checked when it is first touched. If a page is damaged, or an
 * offset or id in it cannot be right, then words and vectors that need it are not found, and
 * container_damage reports that from then on. Damage to the matrix part changes the digest, which
 * container_verify compares; it is also noticed where a word does not end in a space.
 *
 * Files of version 1 had rows padded with newlines and no offsets. They are refused: read as plain
 * word2vec files, they would silently lose counts, record and checksums.
 */
#ifndef W2V_MODEL_CONTAINER_H
#define W2V_MODEL_CONTAINER_H

#include <stdatomic.h>

#include "base/error.h"
#include "text/subword.h"

enum {
    CONTAINER_PAGE = 4096,
    CONTAINER_PAYLOAD = CONTAINER_PAGE - 8,
    CONTAINER_VERSION = 2,
    CONTAINER_DIRECTORY = 64, /* its offset in the footer */
    CONTAINER_ENTRY = 24,     /* bytes of one of its entries */
    CONTAINER_DIGEST_BLOCK = 1 << 20
};

enum container_kind {
    CONTAINER_OFFSETS = 1,
    CONTAINER_BUCKETS = 2,
    CONTAINER_IDS = 3,
    CONTAINER_COUNTS = 4,
    CONTAINER_RECORD = 5,
    CONTAINER_OUTPUT = 6,
    CONTAINER_SUBWORDS = 7,
    CONTAINER_NGRAMS = 8,
    CONTAINER_OWN = 9,
    CONTAINER_KINDS
};

/* ---- Writing ---- */

struct container_input; /* container_input.h */

/*
 * Writes a model file, whole or not at all. The same input gives the same bytes. W2V_ENUMERIC: a
 * number is not finite. W2V_EDATA: a word cannot be written. Both are found before the first byte
 * is written.
 */
int container_write(const char *path, const struct container_input *in, struct w2v_error *error);

/* ---- Reading ---- */

struct container_section {
    uint64_t offset, n_bytes; /* in the stream of payloads */
};

/* An open file. Any number of threads may read it at once. */
struct container {
    const unsigned char *bytes; /* the file, the caller's */
    size_t n_bytes;
    size_t n_words, dim, n_outputs, n_header_bytes;
    uint64_t n_matrix, trailer; /* the size of the matrix part; where the trailer begins */
    uint64_t digest;
    struct container_section sections[CONTAINER_KINDS]; /* by kind; n_bytes 0: missing */
    size_t n_buckets;                                   /* of the index */
    bool has_subwords;
    struct subwords subwords;
    size_t n_ngrams; /* buckets that have a row */
    struct container_seen *seen;
};

/* What was found while the file was read. */
struct container_seen {
    atomic_bool damaged;  /* something that was asked for could not be read */
    atomic_uchar pages[]; /* of the trailer: 0 not yet checked, 1 good, 2 damaged */
};

/* Whether the file ends like a model file. Its footer may be damaged all the same. */
bool container_recognises(const unsigned char *bytes, size_t n_bytes);

/* Opens the file's bytes, which must stay until container_release. `path` is for messages. */
int container_open(struct container *c, const unsigned char *bytes, size_t n_bytes,
                   const char *path, struct w2v_error *error);
void container_release(struct container *c);

/* The D floats of row `id`, at any alignment; NULL where they cannot be found. */
const unsigned char *container_row(const struct container *c, size_t id);

/* The same for n rows from `first` on. */
void container_rows(const struct container *c, size_t first, size_t n, const void **rows);

/* The word of row `id`; empty where it cannot be found. */
const char *container_word(const struct container *c, size_t id, size_t *n_bytes);

/* The id of a word, or -1. */
int64_t container_find(const struct container *c, const char *word, size_t n_bytes);

/* The count of word `id`. False where it is missing or damaged. */
bool container_count(const struct container *c, size_t id, uint64_t *count);

/*
 * For a container that has subwords: copies n numbers of a row, from `first` on. A bucket without a
 * row gives zeros. A damaged row gives zeros too, and container_damage reports it.
 */
void container_ngram(const struct container *c, uint32_t bucket, size_t first, size_t n,
                     float *numbers);
void container_own(const struct container *c, size_t id, size_t first, size_t n, float *numbers);

/* The bucket that row i of the n-grams belongs to. False where it is damaged. */
bool container_ngram_bucket(const struct container *c, size_t i, uint32_t *bucket);

/* Copies n floats of a section, from number `at` on. False where missing or damaged. */
bool container_floats(const struct container *c, enum container_kind kind, uint64_t at,
                      float *numbers, size_t n);

/* Copies n_bytes of a section, from `offset` on. False where missing or damaged. */
bool container_read(const struct container *c, enum container_kind kind, uint64_t offset,
                    void *bytes, size_t n_bytes);

/*
 * Checks the whole file: the digest, all pages, every row against its offset, and every id of the
 * index against its word. W2V_EFORMAT where the file is damaged.
 */
int container_verify(const struct container *c, const char *path, struct w2v_error *error);

/* W2V_EFORMAT if damage has kept anything so far from being found. */
int container_damage(const struct container *c, const char *path, struct w2v_error *error);

/* ---- Both ---- */

static inline uint64_t container_round_up(uint64_t n, uint64_t multiple)
{
    return (n + multiple - 1) / multiple * multiple;
}

/* Whether floats have the same bytes in memory as in the file. */
static inline bool container_host_is_little(void)
{
    const union {
        uint32_t number;
        unsigned char bytes[4];
    } one = {1};
    return one.bytes[0] == 1;
}

#endif
