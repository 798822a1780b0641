/*
 * Fuzz target: vectors as text, with and without the first line, and only numbers. Faults are
 * refused or tolerated.
 */
#include "model.h"

#include "model/textfile.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    fuzz_open(data, n_bytes, textfile_recognises, textfile_open, false);
    fuzz_open(data, n_bytes, textfile_recognises, textfile_open, true);
    fuzz_open(data, n_bytes, textfile_recognises_plain, textfile_open_plain, false);
    fuzz_open(data, n_bytes, textfile_recognises_plain, textfile_open_plain, true);
    fuzz_open(data, n_bytes, textfile_recognises_numbers, textfile_open_numbers, false);
    fuzz_open(data, n_bytes, textfile_recognises_numbers, textfile_open_numbers, true);
    return 0;
}
