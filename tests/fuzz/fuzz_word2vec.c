/* Fuzz target: word2vec's binary files. A file that is cut off is refused or tolerated. */
#include "model.h"

#include "model/word2vec.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    fuzz_open(data, n_bytes, word2vec_recognises, word2vec_open, false);
    fuzz_open(data, n_bytes, word2vec_recognises, word2vec_open, true);
    return 0;
}
