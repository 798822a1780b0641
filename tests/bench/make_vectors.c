/* make_vectors WORDS DIM FILE: a word2vec binary file of random vectors, the words w0, w1, ... */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const size_t n = strtoul(argv[1], NULL, 10), dim = strtoul(argv[2], NULL, 10);
    static char buffer[1 << 20];
    FILE *file = fopen(argv[3], "wb");
    float *row = calloc(dim + 1, sizeof *row);
    /* In large pieces, so that the page cache holds the file as it does one read from a disk; what
     * is written by 4 KB stays there page by page, which takes longer to map. */
    if (file == NULL || row == NULL || setvbuf(file, buffer, _IOFBF, sizeof buffer) != 0)
        return 1;
    fprintf(file, "%zu %zu\n", n, dim);
    for (size_t i = 0; i < n; i++) {
        for (size_t k = 0; k < dim; k++)
            row[k] = (float)(rng_at(i, k) >> 40) / 8388608.0f - 1;
        fprintf(file, "w%zu ", i);
        fwrite(row, sizeof *row, dim, file);
        fputc('\n', file);
    }
    free(row);
    return fclose(file) == 0 ? 0 : 1;
}
