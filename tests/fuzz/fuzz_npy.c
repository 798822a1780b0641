/* Fuzz target: NumPy's files. */
#include "model.h"

#include "model/npy.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    fuzz_open(data, n_bytes, npy_recognises, npy_open, false);
    return 0;
}
