/* Vectors as text, with and without the first line, refused or tolerated. */
#include "model.h"

#include "model/textfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    fuzz_open(data, n_bytes, textfile_recognises, textfile_open, false);
    fuzz_open(data, n_bytes, textfile_recognises, textfile_open, true);
    fuzz_open(data, n_bytes, textfile_recognises_plain, textfile_open_plain, false);
    fuzz_open(data, n_bytes, textfile_recognises_plain, textfile_open_plain, true);
    return 0;
}
