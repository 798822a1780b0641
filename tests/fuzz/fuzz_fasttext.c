/* Fuzz target: fastText's .bin files. */
#include "model.h"

#include "model/fasttext.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    fuzz_open(data, n_bytes, fasttext_recognises, fasttext_open, false);
    return 0;
}
