/*
 * Reading the model file: see container.h for its layout and for what is checked when. Nothing
 * from the file is used before it was compared with the file's size, and no sum or product of
 * numbers from the file is formed where it could wrap.
 */
#include "model/container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/mem.h"

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
    unsigned char state = atomic_load_explicit(&c->pages[page], memory_order_relaxed);
    if (state == UNCHECKED) {
        uint64_t number = c->trailer / CONTAINER_PAGE + page;
        state =
            container_checksum(bytes, number, c->digest) == hash_load64(bytes + CONTAINER_PAYLOAD)
                ? GOOD
                : DAMAGED;
        atomic_store_explicit(&c->pages[page], state, memory_order_relaxed);
    }
    return state == GOOD ? bytes : NULL;
}

/* Copies from the stream of payloads; the caller knows that the range is within it. */
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

/* The footer's numbers, each in its range; NULL, or what is wrong. */
static const char *read_footer(struct container *c, const unsigned char *footer)
{
    char header[48];
    const uint64_t n_words = hash_load64(footer + 16), dim = hash_load64(footer + 24);
    const uint64_t n_strides = hash_load64(footer + 48);
    if (hash_load64(footer + 64) != c->n_bytes)
        return "its size is not what its footer says";
    c->base = hash_load64(footer + 32);
    c->stride = hash_load64(footer + 40);
    c->trailer = hash_load64(footer + 56);
    c->digest = hash_load64(footer + 72);
    if (c->trailer % CONTAINER_PAGE != 0 || c->trailer == 0 ||
        c->trailer > c->n_bytes - CONTAINER_PAGE)
        return "its trailer is out of range";
    if (n_words == 0 || n_words >= UINT32_MAX || dim == 0 || dim > c->trailer / 4)
        return "its numbers of words and dimensions are out of range";
    c->n_words = (size_t)n_words;
    c->dim = (size_t)dim;
    snprintf(header, sizeof header, "%zu %zu\n", c->n_words, c->dim);
    c->n_header_bytes = strlen(header);
    if (memcmp(c->bytes, header, c->n_header_bytes) != 0)
        return "its header and footer disagree";
    if (c->base % CONTAINER_ALIGN != 0 || c->base > c->trailer || c->base < c->n_header_bytes + 2 ||
        c->stride % CONTAINER_ALIGN != 0 || c->stride < 4 * dim + 3 || n_strides < n_words ||
        4 * dim > c->trailer - c->base ||
        (c->trailer - c->base - 4 * dim) / c->stride < n_strides - 1)
        return "its rows are out of range";
    return NULL;
}

static const char *read_directory(struct container *c, const unsigned char *footer)
{
    const uint32_t n = hash_load32(footer + 12);
    const uint64_t n_stream = n_payload_pages(c) * (uint64_t)CONTAINER_PAYLOAD;
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
    const uint64_t n_slots = c->sections[CONTAINER_INDEX].n_bytes / 4;
    if (c->sections[CONTAINER_INDEX].n_bytes % 4 != 0 || n_slots / 2 < c->n_words ||
        (n_slots & (n_slots - 1)) != 0)
        return "its index has a wrong size";
    if (c->sections[CONTAINER_COUNTS].n_bytes != 0 &&
        c->sections[CONTAINER_COUNTS].n_bytes / 8 != c->n_words)
        return "its counts have a wrong size";
    const uint64_t n_output = c->sections[CONTAINER_OUTPUT].n_bytes;
    if (n_output != 0 && (n_output % (4 * c->dim) != 0 || n_output / (4 * c->dim) != c->n_words))
        return "its output rows have a wrong size";
    if (c->sections[CONTAINER_EXCEPTIONS].n_bytes % 16 != 0)
        return "its exceptions have a wrong size";
    c->n_slots = (size_t)n_slots;
    return NULL;
}

/* Rows and strides must both rise, and all strides be accounted for. */
static const char *read_exceptions(struct container *c, uint64_t n_strides)
{
    uint64_t row = 0, extra = 0;
    for (size_t i = 0; i < c->n_exceptions; i++) {
        unsigned char bytes[16];
        if (!container_read(c, CONTAINER_EXCEPTIONS, 16 * i, bytes, sizeof bytes))
            return "a checksum of its exceptions is wrong";
        struct container_exception *e = &c->exceptions[i];
        *e = (struct container_exception){hash_load64(bytes), hash_load64(bytes + 8)};
        if (e->row <= row || e->row >= c->n_words || e->extra <= extra)
            return "its exceptions are out of order";
        row = e->row;
        extra = e->extra;
    }
    return extra == n_strides - c->n_words ? NULL : "its exceptions do not add up";
}

int container_open(struct container *c, const unsigned char *bytes, size_t n_bytes,
                   const char *path, struct w2v_error *error)
{
    const char *wrong;
    const unsigned char *footer = bytes + n_bytes - CONTAINER_PAGE;
    int status = W2V_EFORMAT;
    *c = (struct container){.bytes = bytes, .n_bytes = n_bytes};
    if (!container_recognises(bytes, n_bytes))
        return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: it has no footer", path);
    if (container_checksum(footer, n_bytes / CONTAINER_PAGE - 1, 0) !=
        hash_load64(footer + CONTAINER_PAYLOAD))
        return error_set(error, W2V_EFORMAT, "%s: damaged w2v file: its footer was changed", path);
    if (hash_load32(footer + 8) != CONTAINER_VERSION)
        return error_set(error, W2V_EFORMAT,
                         "%s: version %lu of the w2v format; this w2v reads version %d", path,
                         (unsigned long)hash_load32(footer + 8), CONTAINER_VERSION);
    wrong = read_footer(c, footer);
    if (wrong == NULL)
        wrong = read_directory(c, footer);
    if (wrong == NULL) {
        c->n_exceptions = (size_t)(c->sections[CONTAINER_EXCEPTIONS].n_bytes / 16);
        c->pages = mem_calloc(n_payload_pages(c), sizeof *c->pages, "a model's pages", error);
        c->exceptions =
            mem_calloc(c->n_exceptions, sizeof *c->exceptions, "a model's long words", error);
        if (c->pages == NULL || c->exceptions == NULL) {
            status = W2V_ENOMEM;
            goto fail;
        }
        wrong = read_exceptions(c, hash_load64(footer + 48));
    }
    if (wrong == NULL)
        return W2V_OK;
    error_set(error, W2V_EFORMAT, "%s: damaged w2v file: %s", path, wrong);
fail:
    container_release(c);
    return status;
}

void container_release(struct container *c)
{
    free(c->pages);
    free(c->exceptions);
    *c = (struct container){0};
}

/* ---- Rows and words ---- */

uint64_t container_extra(const struct container *c, size_t id, size_t *next)
{
    size_t low = 0, high = c->n_exceptions; /* exceptions before `low` are of rows up to id */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->exceptions[middle].row <= id)
            low = middle + 1;
        else
            high = middle;
    }
    *next = low < c->n_exceptions ? (size_t)c->exceptions[low].row : c->n_words;
    return low > 0 ? c->exceptions[low - 1].extra : 0;
}

const char *container_word(const struct container *c, size_t id, size_t *n_bytes)
{
    const unsigned char *end = c->bytes + container_row(c, id) - 1; /* the space */
    const unsigned char *least =
        c->bytes + (id == 0 ? c->n_header_bytes : container_row(c, id - 1) + 4 * c->dim);
    const unsigned char *word = end;
    *n_bytes = 0;
    while (word > least && word[-1] != '\n')
        word--;
    /* The first row's word may follow the header's newline, other words follow one of their own. */
    if (*end == ' ' && (word > least || id == 0))
        *n_bytes = (size_t)(end - word);
    return (const char *)word;
}

static bool is_word(const struct container *c, size_t id, const char *word, size_t n_bytes)
{
    size_t n;
    const char *other = container_word(c, id, &n);
    return n == n_bytes && memcmp(other, word, n) == 0;
}

/* Without the index. */
static int64_t find_slowly(const struct container *c, const char *word, size_t n_bytes)
{
    for (size_t id = 0; id < c->n_words; id++)
        if (is_word(c, id, word, n_bytes))
            return (int64_t)id;
    return -1;
}

int64_t container_find(const struct container *c, const char *word, size_t n_bytes)
{
    if (n_bytes == 0)
        return -1;
    uint64_t slot = hash_bytes(word, n_bytes) & (c->n_slots - 1);
    for (size_t tried = 0; tried < c->n_slots; tried++) {
        unsigned char bytes[4];
        if (!container_read(c, CONTAINER_INDEX, 4 * slot, bytes, sizeof bytes))
            break;
        const uint32_t id_plus1 = hash_load32(bytes);
        if (id_plus1 == 0)
            return -1;
        if (id_plus1 > c->n_words)
            break;
        if (is_word(c, id_plus1 - 1, word, n_bytes))
            return (int64_t)id_plus1 - 1;
        slot = (slot + 1) & (c->n_slots - 1);
    }
    return find_slowly(c, word, n_bytes);
}

bool container_count(const struct container *c, size_t id, uint64_t *count)
{
    unsigned char bytes[8];
    if (!container_read(c, CONTAINER_COUNTS, 8 * (uint64_t)id, bytes, sizeof bytes))
        return false;
    *count = hash_load64(bytes);
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
    return W2V_OK;
}
