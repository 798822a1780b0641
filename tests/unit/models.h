/*
 * What the tests of models and queries share: temporary files, and made-up words and rows. Some of
 * the words are long, some are not UTF-8.
 */
#ifndef W2V_TEST_MODELS_H
#define W2V_TEST_MODELS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/rng.h"
#include "model/container_input.h"

enum { MODELS_PATH = 512, MODELS_WORD = 700, MODELS_WORDS = 4096 };

/* Makes an empty file that nobody else uses. Exits if that fails. */
static inline void models_make_path(char path[MODELS_PATH])
{
    const char *folder = getenv("TMPDIR");
    snprintf(path, MODELS_PATH, "%s/w2v-test-XXXXXX", folder != NULL ? folder : "/tmp");
    int fd = mkstemp(path);
    if (fd < 0) {
        perror(path);
        exit(1);
    }
    close(fd);
}

static inline void models_write(const char *path, const void *bytes, size_t n_bytes)
{
    FILE *file = fopen(path, "wb");
    if (file == NULL || fwrite(bytes, 1, n_bytes, file) != n_bytes || fclose(file) != 0) {
        perror(path);
        exit(1);
    }
}

/* Reads the whole file; the caller frees it. */
static inline unsigned char *models_read(const char *path, size_t *n_bytes)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL || fseek(file, 0, SEEK_END) != 0) {
        perror(path);
        exit(1);
    }
    *n_bytes = (size_t)ftell(file);
    unsigned char *bytes = calloc(*n_bytes + 1, 1);
    rewind(file);
    if (bytes == NULL || fread(bytes, 1, *n_bytes, file) != *n_bytes) {
        perror(path);
        exit(1);
    }
    fclose(file);
    return bytes;
}

/* Word `id`, below MODELS_WORDS. */
static inline const char *models_word(const void *context, size_t id, size_t *n_bytes)
{
    static char words[MODELS_WORDS][MODELS_WORD];
    char *word = words[id];
    (void)context;
    int n = snprintf(word, MODELS_WORD, "w%zu", id);
    if (id % 7 == 3)
        n += snprintf(word + n, MODELS_WORD - (size_t)n, "%0*d", (int)(20 * (id % 30) + 20), 7);
    if (id % 11 == 5) {
        memcpy(word + n, "\xff\xfe\x80", 3);
        n += 3;
    }
    *n_bytes = (size_t)n;
    return word;
}

/* Number k of row `id`, evenly distributed in -1 .. 1. */
static inline float models_number(uint64_t seed, size_t id, size_t k)
{
    return (float)(rng_at(rng_key(seed, id), k) >> 40) / 8388608.0f - 1;
}

/* (V, D) such numbers; the caller frees them. */
static inline float *models_rows(uint64_t seed, size_t n_words, size_t dim)
{
    float *rows = malloc(n_words * dim * sizeof *rows);
    if (rows == NULL)
        exit(1);
    for (size_t id = 0; id < n_words; id++)
        for (size_t k = 0; k < dim; k++)
            rows[id * dim + k] = models_number(seed, id, k);
    return rows;
}

/* Writes a model file of made-up words and the given rows. */
static inline int models_container(const char *path, const float *rows, size_t n_words, size_t dim,
                                   const uint64_t *counts, const char *record,
                                   struct w2v_error *error)
{
    struct container_input in = {.n_words = n_words,
                                 .dim = dim,
                                 .word = models_word,
                                 .rows = rows,
                                 .stride = dim,
                                 .counts = counts,
                                 .record = record,
                                 .n_record_bytes = record != NULL ? strlen(record) : 0};
    return container_write(path, &in, error);
}

#endif
