/*
 * What the fuzz targets of the readers share. They open the input as a file of one format and then
 * ask the model everything that can be asked. A page that cannot be read lies behind the file's
 * bytes.
 */
#ifndef W2V_FUZZ_MODEL_H
#define W2V_FUZZ_MODEL_H

#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "model/model.h"

#define REQUIRE(cond)                                                           \
    do {                                                                        \
        if (!(cond)) {                                                          \
            fprintf(stderr, "%s:%d: REQUIRE(%s)\n", __FILE__, __LINE__, #cond); \
            abort();                                                            \
        }                                                                       \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes);

enum { FUZZ_PAGE = 4096, FUZZ_MOST = 1 << 20 };

/* Copies bytes so that a page that cannot be read lies behind them. */
static inline unsigned char *fuzz_place(const uint8_t *data, size_t n_bytes)
{
    static unsigned char *region;
    if (region == NULL) {
        void *bytes = mmap(NULL, FUZZ_MOST + FUZZ_PAGE, PROT_READ | PROT_WRITE,
                           MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        REQUIRE(bytes != MAP_FAILED);
        region = bytes;
        REQUIRE(mprotect(region + FUZZ_MOST, FUZZ_PAGE, PROT_NONE) == 0);
    }
    unsigned char *place = region + FUZZ_MOST - n_bytes;
    memcpy(place, data, n_bytes);
    return place;
}

static inline void fuzz_visit(void *context, const char *key, const char *value)
{
    *(size_t *)context += strlen(key) + strlen(value);
}

static inline void fuzz_use(struct w2v_model *model)
{
    enum { ASKED = 40 };
    struct w2v_error error;
    const size_t n_words = w2v_n_words(model), dim = w2v_dim(model);
    size_t n_info = 0;
    REQUIRE(n_words > 0 && dim > 0);
    float *vector = malloc(dim * sizeof *vector), *copies = malloc(2 * dim * sizeof *copies);
    const void *rows[2];
    uint64_t count = 0;
    REQUIRE(vector != NULL && copies != NULL);
    for (size_t i = 0; i < ASKED && i < n_words; i++) {
        const size_t id = i % 2 ? n_words - 1 - i : i;
        size_t n_bytes;
        const char *word = w2v_word(model, id, &n_bytes);
        const int64_t found = w2v_find(model, word, n_bytes);
        REQUIRE(found < (int64_t)n_words && (found <= (int64_t)id || model->is_container));
        w2v_vector(model, id, vector);
        model_rows(model, id, id + 1 < n_words ? 2 : 1, rows, copies);
        REQUIRE(memcmp(rows[0], vector, dim * sizeof *vector) == 0);
        model_part(model, id, dim - 1, 1, copies);
        REQUIRE(memcmp(vector + dim - 1, copies, sizeof *vector) == 0);
        w2v_count(model, id, &count);
        w2v_vector_of(model, word, n_bytes / 2, vector);
    }
    w2v_vector_of(model, "\xe5\x8c\x97<>", 5, vector);
    struct subwords subwords;
    for (uint32_t i = 0; i < ASKED && model_subwords(model, &subwords); i++) {
        const uint32_t bucket = (uint32_t)((uint64_t)i * 2654435761u % subwords.buckets);
        model_ngram(model, bucket, 0, dim, vector);
        model_own(model, i % n_words, 0, dim, vector);
    }
    model_output(model, n_words - 1, vector);
    w2v_info(model, fuzz_visit, &n_info, &error);
    w2v_verify(model, &error);
    free(vector);
    free(copies);
}

/* Opens the bytes by one format, which may refuse them, and uses the model. */
static inline void
fuzz_open(const uint8_t *data, size_t n_bytes, bool (*recognises)(const struct file_map *file),
          int (*open)(struct w2v_model *model, const struct model_opening *opening,
                      struct w2v_error *error),
          bool tolerant)
{
    const char *path = "fuzz";
    static char beside[100], metadata[100];
    struct w2v_error error = {.code = W2V_OK};
    struct w2v_model *model;
    if (n_bytes == 0 || n_bytes > FUZZ_MOST)
        return;
    if (beside[0] == '\0') { /* three words, for formats that have their words in another file */
        snprintf(beside, sizeof beside, "/tmp/w2v-fuzz-%ld.words", (long)getpid());
        FILE *file = fopen(beside, "w");
        REQUIRE(file != NULL && fputs("a\nb c\nd\t7\n", file) >= 0 && fclose(file) == 0);
        snprintf(metadata, sizeof metadata, "/tmp/w2v-fuzz-%ld.metadata.tsv", (long)getpid());
        file = fopen(metadata, "w");
        REQUIRE(file != NULL && fputs("word\tn\na\t1\nb\t2\n", file) >= 0 && fclose(file) == 0);
    }
    path = beside;
    const struct file_map file = {.bytes = fuzz_place(data, n_bytes), .n_bytes = n_bytes};
    if (!recognises(&file))
        return;
    const struct model_opening opening = {path, 1, tolerant, false};
    const int status = model_open_mapped(&model, &file, open, &opening, &error);
    REQUIRE((status == W2V_OK) == (error.code == W2V_OK) || tolerant);
    if (status != W2V_OK)
        return;
    fuzz_use(model);
    model->file = (struct file_map){.bytes = NULL}; /* the model must not unmap it */
    w2v_close(model);
}

#endif
