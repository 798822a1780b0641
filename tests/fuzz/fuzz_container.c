/*
 * Fuzz target: w2v's own files. An input is a byte, the part of a footer that is used, and the
 * bytes that stand before the footer, which are filled up to whole pages. The byte says which
 * checksums and sizes are corrected, so that the checks behind them are reached.
 */
#include "model.h"

#include "base/hash.h"
#include "model/container_sum.h"

enum { FOOTER = 280, SUM_FOOTER = 1, SUM_PAGES = 2, SET_SIZE = 4 };

static void store64(unsigned char *to, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        to[i] = (unsigned char)(number >> 8 * i);
}

static void set_checksum(unsigned char *page, uint64_t number, uint64_t digest)
{
    store64(page + CONTAINER_PAYLOAD, container_checksum(page, number, digest));
}

static void set_right(unsigned char *bytes, size_t n_bytes, unsigned choice)
{
    unsigned char *footer = bytes + n_bytes - CONTAINER_PAGE;
    const uint64_t trailer = hash_load64(footer + 40), digest = hash_load64(footer + 56);
    if (choice & SET_SIZE)
        store64(footer + 48, n_bytes);
    if (choice & SUM_FOOTER)
        set_checksum(footer, n_bytes / CONTAINER_PAGE - 1, 0);
    if ((choice & SUM_PAGES) && trailer % CONTAINER_PAGE == 0)
        for (uint64_t at = trailer; at < n_bytes - CONTAINER_PAGE; at += CONTAINER_PAGE)
            set_checksum(bytes + at, at / CONTAINER_PAGE, digest);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    struct w2v_error error;
    struct w2v_model model = {.format = "w2v", .path = NULL, .is_container = true};
    if (n_bytes < 1 + FOOTER || n_bytes > FUZZ_MOST)
        return 0;
    const size_t n_body = n_bytes - 1 - FOOTER;
    const size_t n = (size_t)container_round_up(n_body, CONTAINER_PAGE) + CONTAINER_PAGE;
    unsigned char *bytes = calloc(n, 1);
    REQUIRE(bytes != NULL);
    memcpy(bytes, data + 1 + FOOTER, n_body);
    memcpy(bytes + n - CONTAINER_PAGE, data + 1, FOOTER);
    set_right(bytes, n, data[0]);
    if (container_recognises(bytes, n) &&
        container_open(&model.container, bytes, n, "fuzz", &error) == W2V_OK) {
        model.file = (struct file_map){.bytes = bytes, .n_bytes = n};
        model.n_words = model.container.n_words;
        model.dim = model.container.dim;
        fuzz_use(&model);
        container_release(&model.container);
    }
    free(bytes);
    return 0;
}
