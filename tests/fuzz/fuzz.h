/*
 * What the fuzz targets share: what must hold, and a run of bytes to draw numbers and texts from. A
 * target is tests/fuzz/fuzz_NAME.c with its seeds and past crashes in tests/fuzz/seeds/NAME.
 */
#ifndef W2V_FUZZ_H
#define W2V_FUZZ_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

/* Says what does not hold and dies, so that the fuzzer keeps the input. */
#define REQUIRE(cond)                                                           \
    do {                                                                        \
        if (!(cond)) {                                                          \
            fprintf(stderr, "%s:%d: REQUIRE(%s)\n", __FILE__, __LINE__, #cond); \
            abort();                                                            \
        }                                                                       \
    } while (0)

#endif
