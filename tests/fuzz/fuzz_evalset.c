/*
 * Fuzz target: question sets. Any bytes are either refused, with a message that names the set, or
 * read. Then sections exist; words are not empty, have no newline, and lie in the bytes, in order;
 * scores of pairs are finite.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "query/evalset.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

static void fail(const char *what)
{
    fprintf(stderr, "fuzz_evalset: %s\n", what);
    abort();
}

#define REQUIRE(cond)    \
    do {                 \
        if (!(cond))     \
            fail(#cond); \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    const char *bytes = (const char *)data, *last = bytes;
    struct evalset set;
    struct w2v_error error = {0};
    const int status = evalset_parse(&set, bytes, n_bytes, 0, "a set", &error);
    if (status != W2V_OK) {
        REQUIRE(status == W2V_EFORMAT && strncmp(error.message, "a set:", 6) == 0);
        REQUIRE(set.items == NULL && set.sections == NULL);
        return 0;
    }
    REQUIRE(set.n_items > 0);
    for (size_t i = 0; i < set.n_items; i++) {
        const struct evalset_item *item = &set.items[i];
        REQUIRE(item->section < set.n_sections);
        REQUIRE(i == 0 || item->section >= item[-1].section);
        REQUIRE(set.is_analogies || isfinite(item->score));
        for (size_t w = 0; w < (set.is_analogies ? 4 : 2); w++) {
            const struct evalset_text word = item->words[w];
            REQUIRE(word.n_bytes > 0 && word.text >= last);
            REQUIRE(word.text + word.n_bytes <= bytes + n_bytes);
            REQUIRE(memchr(word.text, '\n', word.n_bytes) == NULL);
            last = word.text + word.n_bytes;
        }
    }
    evalset_release(&set);
    return 0;
}
