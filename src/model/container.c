/*
 * Reading the model file: see container.h for its layout and for what is checked when. A number
 * from the file is compared with the file's size before it is used, and no sum or product of such
 * numbers can wrap.
 */
#include "model/container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"
#include "model/container_sum.h"
#include "model/index.h"

enum { UNCHECKED = 0, GOOD = 1, DAMAGED = 2 };

/* ---- Pages ---- */

static size_t n_payload_pages(const struct container *c)
{
    return (c->n_bytes - c->trailer) / CONTAINER_PAGE - 1;
}

/* Payload page `page` of the trailer, or NULL where it is damaged. */
static const unsigned char *checked_page(const struct container *c, size_t page)
{
    const unsigned char *bytes = c->bytes + c->trailer + page * CONTAINER_PAGE;
    atomic_uchar *seen = &c->seen->pages[page];
    unsigned char state = atomic_load_explicit(seen, memory_order_relaxed);
    if (state == UNCHECKED) {
        uint64_t number = c->trailer / CONTAINER_PAGE + page;
        state =
            container_checksum(bytes, number, c->digest) == hash_load64(bytes + CONTAINER_PAYLOAD)
                ? GOOD
                : DAMAGED;
        atomic_store_explicit(seen, state, memory_order_relaxed);
    }
    return state == GOOD ? bytes : NULL;
}

/* Remembers that what was asked for cannot be given. */
static void set_damaged(const struct container *c)
{
    atomic_store_explicit(&c->seen->damaged, true, memory_order_relaxed);
}

/* Copies from the stream of payloads. The range must lie within it. */
static bool read_stream(const struct container *c, uint64_t offset, void *bytes, size_t n_bytes)
{
    unsigned char *to = bytes;
    while (n_bytes > 0) {
        size_t within = (size_t)(offset % CONTAINER_PAYLOAD);
        size_t n = CONTAINER_PAYLOAD - within;
        if (n > n_bytes)
            n = n_bytes;
        const unsigned char *page = checked_page(c, (size_t)(offset / CONTAINER_PAYLOAD));
        if (page == NULL)
            return false;
        memcpy(to, page + within, n);
        to += n;
        offset += n;
        n_bytes -= n;
    }
    return true;
}

bool container_read(const struct container *c, enum container_kind kind, uint64_t offset,
                    void *bytes, size_t n_bytes)
{
    const struct container_section *section = &c->sections[kind];
    if (offset > section->n_bytes || n_bytes > section->n_bytes - offset)
        return false;
    return read_stream(c, section->offset + offset, bytes, n_bytes);
}

/* ---- Opening ---- */

bool container_recognises(const unsigned char *bytes, size_t n_bytes)
{
    return n_bytes >= 2 * CONTAINER_PAGE && n_bytes % CONTAINER_PAGE == 0 &&
           memcmp(bytes + n_bytes - CONTAINER_PAGE, container_magic, sizeof container_magic) == 0;
}

/* The bytes of a row without its word. */
static uint64_t row_bytes(const struct container *c)
{
    return 4 * (uint64_t)c->dim + 2;
}

/* Reads the numbers of the footer and checks their ranges. Returns NULL, or what is wrong. */
static const char *read_footer(struct container *c, const unsigned char *footer)
{
    char header[48];
    const uint64_t n_words = hash_load64(footer + 16), dim = hash_load64(footer + 24);
    if (hash_load64(footer + 48) != c->n_bytes)
        return "its size is not the one in its footer";
    c->n_matrix = hash_load64(footer + 32);
    c->trailer = hash_load64(footer + 40);
    c->digest = hash_load64(footer + 56);
    if (c->trailer % CONTAINER_PAGE != 0 || c->trailer == 0 ||
        c->trailer > c->n_bytes - CONTAINER_PAGE || c->n_matrix > c->trailer ||
        c->trailer - c->n_matrix >= CONTAINER_PAGE)
        return "its trailer is out of range";
    if (n_words == 0 || n_words >= UINT32_MAX || dim == 0 || dim > c->n_matrix / 4)
        return "its numbers of words and dimensions are out of range";
    c->n_words = (size_t)n_words;
    c->dim = (size_t)dim;
    snprintf(header, sizeof header, "%zu %zu\n", c->n_words, c->dim);
    c->n_header_bytes = strlen(header);
    if (memcmp(c->bytes, header, c->n_header_bytes) != 0)
        return "its header and footer disagree";
    if (c->n_matrix < c->n_header_bytes ||
        (c->n_matrix - c->n_header_bytes) / (row_bytes(c) + 1) < n_words)
        return "its rows are out of range";
    return NULL;
}

/* Whether a section has the size of so many rows. */
static bool is_matrix(const struct container *c, enum container_kind kind, uint64_t n_rows)
{
    const uint64_t n_bytes = c->sections[kind].n_bytes, n_row = 4 * (uint64_t)c->dim;
    return n_bytes % n_row == 0 && n_bytes / n_row == n_rows;
}

static const char *read_directory(struct container *c, const unsigned char *footer)
{
    const uint32_t n = hash_load32(footer + 12);
    const uint64_t n_stream = n_payload_pages(c) * (uint64_t)CONTAINER_PAYLOAD;
    const struct container_section *sections = c->sections;
    if (n > (CONTAINER_PAYLOAD - CONTAINER_DIRECTORY) / CONTAINER_ENTRY)
        return "it has too many sections";
    for (uint32_t i = 0; i < n; i++) {
        const unsigned char *entry = footer + CONTAINER_DIRECTORY + i * CONTAINER_ENTRY;
        const uint32_t kind = hash_load32(entry);
        const struct container_section section = {hash_load64(entry + 8), hash_load64(entry + 16)};
        if (section.offset % 8 != 0 || section.offset > n_stream ||
            section.n_bytes > n_stream - section.offset)
            return "a section is out of range";
        if (kind > 0 && kind < CONTAINER_KINDS)
            c->sections[kind] = section;
    }
    c->n_buckets = index_n_buckets(c->n_words);
    if (sections[CONTAINER_OFFSETS].n_bytes != 8 * ((uint64_t)c->n_words + 1))
        return "its offsets have a wrong size";
    if (sections[CONTAINER_BUCKETS].n_bytes != 4 * ((uint64_t)c->n_buckets + 1) ||
        sections[CONTAINER_IDS].n_bytes != 4 * (uint64_t)c->n_words)
        return "its index has a wrong size";
    if (sections[CONTAINER_COUNTS].n_bytes != 0 &&
        sections[CONTAINER_COUNTS].n_bytes != 8 * (uint64_t)c->n_words)
        return "its counts have a wrong size";
    const uint64_t n_output = sections[CONTAINER_OUTPUT].n_bytes;
    c->n_outputs = (size_t)(n_output / 4 / c->dim);
    if (n_output != 0 && !is_matrix(c, CONTAINER_OUTPUT, c->n_words) &&
        !is_matrix(c, CONTAINER_OUTPUT, c->n_words - 1))
        return "its output rows have a wrong size";
    return NULL;
}

/* Reads what the n-grams are and how many have rows. Returns NULL, or what is wrong. */
static const char *read_subwords(struct container *c)
{
    enum { HEAD = 16 };
    unsigned char head[HEAD];
    const uint64_t n_bytes = c->sections[CONTAINER_SUBWORDS].n_bytes;
    if (n_bytes == 0)
        return NULL;
    if (n_bytes % 4 != 0 || !container_read(c, CONTAINER_SUBWORDS, 0, head, HEAD))
        return "its n-grams have a wrong size or were changed";
    const uint32_t minn = hash_load32(head), maxn = hash_load32(head + 4);
    c->subwords = (struct subwords){(int32_t)minn, (int32_t)maxn, hash_load32(head + 8)};
    c->n_ngrams = (size_t)((n_bytes - HEAD) / 4);
    if (minn > SUBWORD_MOST_CHARACTERS || maxn > SUBWORD_MOST_CHARACTERS ||
        c->subwords.buckets == 0 || c->subwords.buckets > INT32_MAX ||
        c->n_ngrams > c->subwords.buckets)
        return "its n-grams are out of range";
    if (!is_matrix(c, CONTAINER_NGRAMS, c->n_ngrams) || !is_matrix(c, CONTAINER_OWN, c->n_words))
        return "its rows of n-grams have a wrong size";
    c->has_subwords = true;
    return NULL;
}

/* The offset of row i; UINT64_MAX where it is damaged. */
static uint64_t read_offset(const struct container *c, size_t i)
{
    unsigned char bytes[8];
    if (!container_read(c, CONTAINER_OFFSETS, 8 * (uint64_t)i, bytes, sizeof bytes))
        return UINT64_MAX;
    return hash_load64(bytes);
}

static int wrong_version(const char *path, uint32_t version, struct w2v_error *error)
{
    if (version < CONTAINER_VERSION)
        return error_set(error, W2V_EFORMAT,
                         "%s: a w2v file of version %lu, which this w2v no longer reads (it reads "
                         "version %d); train it again, or convert it to text with the w2v that "
                         "wrote it",
                         path, (unsigned long)version, CONTAINER_VERSION);
    return error_set(error, W2V_EFORMAT,
                     "%s: a w2v file of version %lu, written by a newer w2v; this one reads "
                     "version %d",
                     path, (unsigned long)version, CONTAINER_VERSION);
}

int container_open(struct container *c, const unsigned char *bytes, size_t n_bytes,
                   const char *path, struct w2v_error *error)
{
    const char *wrong;
    *c = (struct container){.bytes = bytes, .n_bytes = n_bytes};
    if (!container_recognises(bytes, n_bytes))
        return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: it has no footer", path);
    const unsigned char *footer = bytes + n_bytes - CONTAINER_PAGE;
    if (container_checksum(footer, n_bytes / CONTAINER_PAGE - 1, 0) !=
        hash_load64(footer + CONTAINER_PAYLOAD))
        return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its footer was changed", path);
    if (hash_load32(footer + 8) != CONTAINER_VERSION)
        return wrong_version(path, hash_load32(footer + 8), error);
    wrong = read_footer(c, footer);
    if (wrong == NULL)
        wrong = read_directory(c, footer);
    if (wrong == NULL) {
        c->seen = mem_calloc(1, sizeof *c->seen + n_payload_pages(c), "a model's pages", error);
        if (c->seen == NULL)
            return W2V_ENOMEM;
        if (read_offset(c, 0) != c->n_header_bytes || read_offset(c, c->n_words) != c->n_matrix)
            wrong = "its offsets do not match its rows";
        else
            wrong = read_subwords(c);
    }
    if (wrong == NULL)
        return W2V_OK;
    container_release(c);
    return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: %s", path, wrong);
}

void container_release(struct container *c)
{
    free(c->seen);
    *c = (struct container){0};
}

/* ---- Rows and words ---- */

/* Whether a row can lie at begin .. end - 1: within the matrix part, and long enough. */
static bool is_place(const struct container *c, uint64_t begin, uint64_t end)
{
    return begin >= c->n_header_bytes && begin < end && end <= c->n_matrix &&
           end - begin > row_bytes(c);
}

void container_rows(const struct container *c, size_t first, size_t n, const void **rows)
{
    const uint64_t section = c->sections[CONTAINER_OFFSETS].offset;
    const unsigned char *page = NULL;
    uint64_t begin = read_offset(c, first);
    size_t n_page = SIZE_MAX;
    for (size_t i = 0; i < n; i++) {
        /* No offset straddles two pages: their payload is a multiple of 8. */
        const uint64_t at = section + 8 * ((uint64_t)first + i + 1);
        if (at / CONTAINER_PAYLOAD != n_page) {
            n_page = (size_t)(at / CONTAINER_PAYLOAD);
            page = checked_page(c, n_page);
        }
        const uint64_t end = page != NULL ? hash_load64(page + at % CONTAINER_PAYLOAD) : UINT64_MAX;
        rows[i] = NULL;
        if (is_place(c, begin, end))
            rows[i] = c->bytes + end - 1 - 4 * c->dim;
        else
            set_damaged(c);
        begin = end;
    }
}

const unsigned char *container_row(const struct container *c, size_t id)
{
    const void *row;
    container_rows(c, id, 1, &row);
    return row;
}

const char *container_word(const struct container *c, size_t id, size_t *n_bytes)
{
    const uint64_t begin = read_offset(c, id), end = read_offset(c, id + 1);
    *n_bytes = 0;
    if (is_place(c, begin, end) && c->bytes[end - row_bytes(c)] == ' ')
        *n_bytes = (size_t)(end - begin - row_bytes(c));
    else
        set_damaged(c);
    return *n_bytes > 0 ? (const char *)c->bytes + begin : "";
}

static const char *word_of(const void *c, size_t id, size_t *n_bytes)
{
    return container_word(c, id, n_bytes);
}

/* An id of the index, or -1. */
static int64_t id_at(const void *context, size_t place)
{
    const struct container *c = context;
    unsigned char bytes[4];
    if (container_read(c, CONTAINER_IDS, 4 * (uint64_t)place, bytes, sizeof bytes) &&
        hash_load32(bytes) < c->n_words)
        return hash_load32(bytes);
    set_damaged(c);
    return -1;
}

/* The places of a bucket's ids. False where they are damaged. */
static bool read_bucket(const struct container *c, size_t bucket, size_t *begin, size_t *end)
{
    unsigned char bytes[8];
    if (!container_read(c, CONTAINER_BUCKETS, 4 * (uint64_t)bucket, bytes, sizeof bytes))
        return false;
    *begin = hash_load32(bytes);
    *end = hash_load32(bytes + 4);
    return *begin <= *end && *end <= c->n_words;
}

int64_t container_find(const struct container *c, const char *word, size_t n_bytes)
{
    size_t begin, end;
    if (n_bytes == 0)
        return -1;
    if (read_bucket(c, (size_t)hash_bytes(word, n_bytes) & (c->n_buckets - 1), &begin, &end))
        return index_search(begin, end, id_at, word_of, c, word, n_bytes);
    set_damaged(c);
    return -1;
}

bool container_count(const struct container *c, size_t id, uint64_t *count)
{
    unsigned char bytes[8];
    if (c->sections[CONTAINER_COUNTS].n_bytes == 0)
        return false;
    if (!container_read(c, CONTAINER_COUNTS, 8 * (uint64_t)id, bytes, sizeof bytes)) {
        set_damaged(c);
        return false;
    }
    *count = hash_load64(bytes);
    return true;
}

/* ---- N-grams ---- */

bool container_floats(const struct container *c, enum container_kind kind, uint64_t at,
                      float *numbers, size_t n)
{
    if (at > UINT64_MAX / 4 || !container_read(c, kind, 4 * at, numbers, 4 * n))
        return false;
    for (size_t k = 0; k < n && !container_host_is_little(); k++) {
        const uint32_t bits = hash_load32((const unsigned char *)(numbers + k));
        memcpy(numbers + k, &bits, sizeof bits);
    }
    return true;
}

bool container_ngram_bucket(const struct container *c, size_t i, uint32_t *bucket)
{
    unsigned char bytes[4];
    if (!container_read(c, CONTAINER_SUBWORDS, 16 + 4 * (uint64_t)i, bytes, sizeof bytes))
        return false;
    *bucket = hash_load32(bytes);
    return *bucket < c->subwords.buckets;
}

/* The row of a bucket; n_ngrams if it has none. */
static size_t find_ngram(const struct container *c, uint32_t bucket)
{
    size_t begin = 0, end = c->n_ngrams;
    if (c->n_ngrams == c->subwords.buckets) /* every bucket has a row */
        return bucket;
    while (begin < end) {
        const size_t middle = begin + (end - begin) / 2;
        uint32_t found;
        if (!container_ngram_bucket(c, middle, &found)) {
            set_damaged(c);
            return c->n_ngrams;
        }
        if (found == bucket)
            return middle;
        if (found < bucket)
            begin = middle + 1;
        else
            end = middle;
    }
    return c->n_ngrams;
}

/* Copies numbers of row i of a section; zeros where they are damaged. */
static void read_part(const struct container *c, enum container_kind kind, size_t i, size_t first,
                      size_t n, float *numbers)
{
    if (container_floats(c, kind, (uint64_t)i * c->dim + first, numbers, n))
        return;
    set_damaged(c);
    memset(numbers, 0, n * sizeof *numbers);
}

void container_ngram(const struct container *c, uint32_t bucket, size_t first, size_t n,
                     float *numbers)
{
    const size_t i = find_ngram(c, bucket);
    if (i < c->n_ngrams)
        read_part(c, CONTAINER_NGRAMS, i, first, n, numbers);
    else
        memset(numbers, 0, n * sizeof *numbers);
}

void container_own(const struct container *c, size_t id, size_t first, size_t n, float *numbers)
{
    read_part(c, CONTAINER_OWN, id, first, n, numbers);
}

int container_damage(const struct container *c, const char *path, struct w2v_error *error)
{
    if (!atomic_load_explicit(&c->seen->damaged, memory_order_relaxed))
        return W2V_OK;
    return error_set(error, W2V_EFORMAT,
                     "%s: damaged w2v file: a word or a row is not where the trailer says", path);
}

/* ---- Checking all of it ---- */

/* Whether the rows lie where their offsets say, one behind the other, and fill the matrix part. */
static bool verify_rows(const struct container *c)
{
    uint64_t begin = c->n_header_bytes;
    for (size_t id = 0; id < c->n_words; id++) {
        const uint64_t end = read_offset(c, id + 1);
        if (read_offset(c, id) != begin || !is_place(c, begin, end))
            return false;
        const unsigned char *word = c->bytes + begin;
        const size_t n = (size_t)(end - begin - row_bytes(c));
        if (memchr(word, ' ', n) != NULL || memchr(word, '\n', n) != NULL || word[n] != ' ' ||
            c->bytes[end - 1] != '\n')
            return false;
        begin = end;
    }
    return begin == c->n_matrix;
}

/*
 * Whether every id is in the bucket of its word and the ids of a bucket are in order. The order is
 * strict, so no word is there twice. The rows must have been found right.
 */
static bool verify_index(const struct container *c)
{
    size_t begin, end, last = 0;
    for (size_t b = 0; b < c->n_buckets; b++) {
        const char *before = NULL;
        size_t n_before = 0, n;
        uint64_t hash_before = 0;
        if (!read_bucket(c, b, &begin, &end) || begin != last)
            return false;
        for (size_t place = begin; place < end; place++) {
            const int64_t id = id_at(c, place);
            if (id < 0)
                return false;
            const char *word = container_word(c, (size_t)id, &n);
            const uint64_t hash = hash_bytes(word, n);
            const int order =
                before == NULL ? -1 : index_compare(hash_before, before, n_before, hash, word, n);
            if ((hash & (c->n_buckets - 1)) != b || order >= 0)
                return false;
            before = word;
            n_before = n;
            hash_before = hash;
        }
        last = end;
    }
    return last == c->n_words;
}

/* Whether the buckets of the n-grams rise. */
static bool verify_ngrams(const struct container *c)
{
    uint32_t bucket = 0, before = 0;
    for (size_t i = 0; i < c->n_ngrams; i++) {
        if (!container_ngram_bucket(c, i, &bucket) || (i > 0 && bucket <= before))
            return false;
        before = bucket;
    }
    return true;
}

int container_verify(const struct container *c, const char *path, struct w2v_error *error)
{
    uint64_t digest = 0;
    for (uint64_t at = 0; at < c->trailer;) {
        uint64_t n = c->trailer - at;
        if (n > CONTAINER_DIGEST_BLOCK)
            n = CONTAINER_DIGEST_BLOCK;
        digest = container_digest(digest, c->bytes + at, (size_t)n);
        at += n;
    }
    if (digest != c->digest)
        return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its rows were changed", path);
    for (size_t page = 0; page < n_payload_pages(c); page++)
        if (checked_page(c, page) == NULL)
            return error_set(error, W2V_EFORMAT,
                             "%s: damaged w2v file: the page at byte %llu was changed", path,
                             (unsigned long long)(c->trailer + page * CONTAINER_PAGE));
    if (!verify_rows(c))
        return error_set(error, W2V_EFORMAT,
                         "%s: damaged w2v file: its offsets do not match its rows", path);
    if (!verify_index(c))
        return error_set(error, W2V_EFORMAT,
                         "%s: damaged w2v file: its index does not match its words", path);
    if (!verify_ngrams(c))
        return error_set(error, W2V_EFORMAT,
                         "%s: damaged w2v file: the buckets of its n-grams are not in order", path);
    return W2V_OK;
}
