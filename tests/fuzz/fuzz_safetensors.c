/* Fuzz target: safetensors files. */
#include "model.h"

#include "model/safetensors.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    fuzz_open(data, n_bytes, safetensors_recognises, safetensors_open, false);
    return 0;
}
