/* make_vectors WORDS DIM FILE: a word2vec binary file of random vectors, the words w0, w1, ... */
#include <stdio.h>
#include <stdlib.h>

#include "base/rng.h"

int main(int argc, char **argv)
{
    if (argc != 4)
        return 2;
    const size_t n = strtoul(argv[1], NULL, 10), dim = strtoul(argv[2], NULL, 10);
    FILE *file = fopen(argv[3], "wb");
    float *row = calloc(dim + 1, sizeof *row);
    if (file == NULL || row == NULL)
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
