/* The model file: it is read as it was written, and damage is refused or does not matter. */
#include "test.h"

#include <fcntl.h>
#include <math.h>
#include <sys/stat.h>

#include "base/hash.h"
#include "model/container_sum.h"
#include "model/model.h"
#include "models.h"

static char path[MODELS_PATH];
static struct w2v_error error;

/* How many of the model's words and vectors are not the made-up ones. */
static size_t wrong_words(const struct w2v_model *model, const float *rows, size_t n_words,
                          size_t dim)
{
    float *vector = malloc(dim * sizeof *vector);
    size_t wrong = w2v_n_words(model) != n_words || w2v_dim(model) != dim;
    for (size_t id = 0; id < n_words && !wrong; id++) {
        size_t n, n_found;
        const char *word = models_word(NULL, id, &n);
        const char *found = w2v_word(model, id, &n_found);
        wrong += n != n_found || memcmp(word, found, n) != 0;
        wrong += w2v_find(model, word, n) != (int64_t)id;
        wrong += w2v_find(model, word, n - 1) == (int64_t)id;
        w2v_vector(model, id, vector);
        wrong += memcmp(vector, rows + id * dim, dim * sizeof *vector) != 0;
    }
    wrong += w2v_find(model, "w", 1) != -1;
    wrong += w2v_find(model, "", 0) != -1;
    free(vector);
    return wrong;
}

static void test_round_trip(void)
{
    static const size_t dims[] = {1, 3, 16, 100}, counts_of_words[] = {1, 2, 1000};
    for (size_t d = 0; d < sizeof dims / sizeof dims[0]; d++)
        for (size_t v = 0; v < sizeof counts_of_words / sizeof counts_of_words[0]; v++) {
            const size_t dim = dims[d], n_words = counts_of_words[v];
            struct w2v_model *model;
            float *rows = models_rows(1, n_words, dim);
            uint64_t counts[1000], count;
            for (size_t id = 0; id < n_words; id++)
                counts[id] = rng_at(2, id);
            CHECK(models_container(path, rows, n_words, dim, counts, NULL, &error) == W2V_OK);
            CHECK(w2v_open(&model, path, &error) == W2V_OK);
            CHECK(strcmp(w2v_format(model), "w2v") == 0);
            CHECK_MSG(wrong_words(model, rows, n_words, dim) == 0, "V %zu D %zu", n_words, dim);
            CHECK(container_verify(&model->container, path, &error) == W2V_OK);
            for (size_t id = 0; id < n_words; id++)
                CHECK(w2v_count(model, id, &count) && count == counts[id]);
            CHECK(w2v_unchanged(model, &error) == W2V_OK);
            w2v_close(model);
            free(rows);
        }
}

/* The last row's floats may end anywhere in a page. */
static void test_every_size(void)
{
    float *rows = models_rows(1, 150, 3);
    for (size_t n_words = 1; n_words <= 150; n_words++) {
        struct w2v_model *model;
        CHECK(models_container(path, rows, n_words, 3, NULL, NULL, &error) == W2V_OK);
        CHECK(w2v_open(&model, path, &error) == W2V_OK);
        CHECK(wrong_words(model, rows, n_words, 3) == 0);
        w2v_close(model);
    }
    free(rows);
}

/* How a reader of word2vec files treats the newline of a row. */
enum newlines { SKIPS_ONE, SKIPS_NONE, SKIPS_ANY };

/*
 * Reads a file as three kinds of readers do that know only word2vec files: one skips exactly one
 * byte behind the floats; one takes a single newline off the front of the next word; one skips any
 * number of newlines, as word2vec.c does.
 */
static size_t read_as_word2vec(const unsigned char *bytes, const float *rows, size_t n_words,
                               size_t dim, enum newlines newlines)
{
    char *p;
    const unsigned long v = strtoul((const char *)bytes, &p, 10), d = strtoul(p, &p, 10);
    size_t at = (size_t)(p - (const char *)bytes) + 1, wrong = v != n_words || d != dim;
    for (size_t id = 0; id < n_words && wrong == 0; id++) {
        size_t n, n_read = 0;
        const char *word = models_word(NULL, id, &n);
        if (newlines == SKIPS_NONE && id > 0)
            wrong += bytes[at++] != '\n';
        while (newlines == SKIPS_ANY && bytes[at] == '\n')
            at++;
        while (bytes[at + n_read] != ' ')
            n_read++;
        wrong += n_read != n || memcmp(bytes + at, word, n) != 0;
        at += n_read + 1;
        wrong += memcmp(bytes + at, rows + id * dim, dim * sizeof *rows) != 0;
        at += dim * sizeof *rows;
        if (newlines == SKIPS_ONE)
            at++;
    }
    return wrong;
}

static void test_readers_of_word2vec(void)
{
    enum { WORDS = 50, DIM = 7 };
    float *rows = models_rows(1, WORDS, DIM);
    size_t n_bytes;
    CHECK(models_container(path, rows, WORDS, DIM, NULL, NULL, &error) == W2V_OK);
    unsigned char *bytes = models_read(path, &n_bytes);
    for (int newlines = SKIPS_ONE; newlines <= SKIPS_ANY; newlines++)
        CHECK_MSG(read_as_word2vec(bytes, rows, WORDS, DIM, (enum newlines)newlines) == 0, "%d",
                  newlines);
    free(bytes);
    free(rows);
}

/* A file begins with the bytes that word2vec.c would write; a plain file has only these. */
static void test_as_word2vec_writes(void)
{
    enum { WORDS = 50, DIM = 7 };
    float *rows = models_rows(1, WORDS, DIM);
    struct container_input in = {.n_words = WORDS,
                                 .dim = DIM,
                                 .word = models_word,
                                 .rows = rows,
                                 .stride = DIM,
                                 .plain = true};
    size_t n_theirs, n_plain, n_ours;
    FILE *file = fopen(path, "wb");
    fprintf(file, "%d %d\n", WORDS, DIM);
    for (size_t id = 0; id < WORDS; id++) {
        size_t n;
        const char *word = models_word(NULL, id, &n);
        fprintf(file, "%.*s ", (int)n, word);
        fwrite(rows + id * DIM, sizeof *rows, DIM, file);
        fprintf(file, "\n");
    }
    fclose(file);
    unsigned char *theirs = models_read(path, &n_theirs);
    CHECK(container_write(path, &in, &error) == W2V_OK);
    unsigned char *plain = models_read(path, &n_plain);
    CHECK(n_plain == n_theirs && memcmp(plain, theirs, n_plain) == 0);
    in.plain = false;
    CHECK(container_write(path, &in, &error) == W2V_OK);
    unsigned char *ours = models_read(path, &n_ours);
    CHECK(n_ours > n_theirs && memcmp(ours, theirs, n_theirs) == 0);
    free(theirs);
    free(plain);
    free(ours);
    free(rows);
}

static void test_same_bytes(void)
{
    float *rows = models_rows(1, 100, 10);
    size_t n_one, n_two;
    CHECK(models_container(path, rows, 100, 10, NULL, "a\tb\n", &error) == W2V_OK);
    unsigned char *one = models_read(path, &n_one);
    CHECK(models_container(path, rows, 100, 10, NULL, "a\tb\n", &error) == W2V_OK);
    unsigned char *two = models_read(path, &n_two);
    CHECK(n_one == n_two && memcmp(one, two, n_one) == 0);
    free(one);
    free(two);
    free(rows);
}

/* Word i is string i of an array. */
static const char *given_word(const void *context, size_t id, size_t *n_bytes)
{
    const char *const *words = context;
    *n_bytes = strlen(words[id]);
    return words[id];
}

/* There may be V output rows, V - 1 or none, and no other number. */
static void test_output_rows(void)
{
    enum { WORDS = 50, DIM = 7 };
    float *rows = models_rows(1, WORDS, DIM), *output = models_rows(2, WORDS, DIM), row[DIM];
    for (size_t n = WORDS - 2; n <= WORDS + 1; n++) {
        const struct container_input in = {.n_words = WORDS,
                                           .dim = DIM,
                                           .word = models_word,
                                           .rows = rows,
                                           .output = n <= WORDS ? output : NULL,
                                           .n_outputs = n,
                                           .stride = DIM};
        struct w2v_model *model;
        CHECK(container_write(path, &in, &error) == W2V_OK);
        if (n < WORDS - 1) {
            CHECK(w2v_open(&model, path, &error) == W2V_EFORMAT);
            continue;
        }
        CHECK(w2v_open(&model, path, &error) == W2V_OK);
        CHECK(model_n_outputs(model) == (n <= WORDS ? n : 0));
        for (size_t i = 0; i < model_n_outputs(model); i++)
            CHECK(model_output(model, i, row) && memcmp(row, output + i * DIM, sizeof row) == 0);
        CHECK(!model_output(model, model_n_outputs(model), row));
        w2v_close(model);
    }
    free(rows);
    free(output);
}

static void test_equal_words(void)
{
    static const char *const words[] = {"b", "a", "b", "a"};
    static const float rows[] = {1, 2, 3, 4};
    struct container_input in = {.n_words = 4,
                                 .dim = 1,
                                 .word = given_word,
                                 .word_context = words,
                                 .rows = rows,
                                 .stride = 1};
    struct w2v_model *model;
    CHECK(container_write(path, &in, &error) == W2V_OK);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(w2v_find(model, "a", 1) == 1);
    CHECK(w2v_find(model, "b", 1) == 0);
    CHECK(w2v_verify(model, &error) == W2V_EFORMAT); /* no two words of a file may be equal */
    w2v_close(model);
}

static void test_refuses_words(void)
{
    static const char *const wrong[] = {"", "a b", "a\nb", " ", "\n"};
    static const float rows[] = {1, 2};
    models_write(path, "before", 6);
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        const char *words[2] = {"fine", wrong[i]};
        struct container_input in = {.n_words = 2,
                                     .dim = 1,
                                     .word = given_word,
                                     .word_context = words,
                                     .rows = rows,
                                     .stride = 1};
        CHECK(container_write(path, &in, &error) == W2V_EDATA);
    }
    size_t n_bytes;
    unsigned char *bytes = models_read(path, &n_bytes);
    CHECK(n_bytes == 6);
    free(bytes);
}

static void test_refuses_numbers(void)
{
    const float wrong[] = {NAN, INFINITY, -INFINITY};
    float *rows = models_rows(1, 10, 5);
    models_write(path, "before", 6);
    for (size_t i = 0; i < 3; i++) {
        rows[37] = wrong[i];
        CHECK(models_container(path, rows, 10, 5, NULL, NULL, &error) == W2V_ENUMERIC);
        CHECK(strstr(error.message, "row 8") != NULL);
    }
    size_t n_bytes;
    unsigned char *bytes = models_read(path, &n_bytes);
    CHECK(n_bytes == 6);
    free(bytes);
    free(rows);
}

static int stop(void *context, size_t n_rows, size_t n_all)
{
    size_t *calls = context;
    CHECK(n_rows <= n_all);
    return ++*calls == 3;
}

static void test_stops(void)
{
    size_t calls = 0, n_bytes;
    float *rows = models_rows(1, 4000, 250);
    struct container_input in = {.n_words = 4000,
                                 .dim = 250,
                                 .word = models_word,
                                 .rows = rows,
                                 .stride = 250,
                                 .progress = stop,
                                 .progress_context = &calls};
    models_write(path, "before", 6);
    CHECK(container_write(path, &in, &error) == W2V_ESTOPPED);
    CHECK(calls == 3);
    unsigned char *bytes = models_read(path, &n_bytes);
    CHECK(n_bytes == 6);
    free(bytes);
    free(rows);
}

static void gather(void *context, const char *key, const char *value)
{
    char *text = context;
    size_t n = strlen(text);
    snprintf(text + n, 1000 - n, "%s=%s;", key, value);
}

static void test_info(void)
{
    char text[1000] = "";
    struct w2v_model *model;
    float *rows = models_rows(1, 12, 4);
    CHECK(models_container(path, rows, 12, 4, NULL, "seed\t1\nempty\t\nnothing\nlast\tx y",
                           &error) == W2V_OK);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(w2v_info(model, gather, text, NULL) == W2V_OK);
    CHECK_MSG(strcmp(text, "format=w2v;words=12;dim=4;seed=1;empty=;last=x y;") == 0, "%s", text);
    uint64_t count;
    CHECK(!w2v_count(model, 0, &count));
    w2v_close(model);
    free(rows);
}

/* ---- Damage ---- */

enum { FEW = 6, NARROW = 3 };

/* A small file, which is changed and opened again and again. */
struct small {
    float *rows;
    unsigned char *bytes;
    size_t n_bytes, trailer;
    struct w2v_hit hits[FEW];
};

static void small_make(struct small *small)
{
    static const uint64_t counts[FEW] = {9, 8, 7, 6, 5, 4};
    struct w2v_model *model;
    small->rows = models_rows(5, FEW, NARROW);
    CHECK(models_container(path, small->rows, FEW, NARROW, counts, "key\tvalue\n", &error) == 0);
    small->bytes = models_read(path, &small->n_bytes);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    small->trailer = model->container.trailer;
    w2v_close(model);
}

static void small_release(struct small *small)
{
    free(small->rows);
    free(small->bytes);
}

/* 1: refused as damaged; 0: opened, and everything is right; -1: opened, and something is wrong. */
static int try_to_open(const struct small *small)
{
    struct w2v_model *model;
    error.message[0] = '\0';
    int status = w2v_open(&model, path, &error);
    if (status != W2V_OK)
        return status == W2V_EFORMAT && strncmp(error.message, path, strlen(path)) == 0 ? 1 : -1;
    size_t wrong = wrong_words(model, small->rows, FEW, NARROW);
    if (w2v_unchanged(model, &error) != W2V_OK) /* the damage is reported */
        wrong = strncmp(error.message, path, strlen(path)) != 0;
    w2v_close(model);
    return wrong == 0 ? 0 : -1;
}

static void test_cut_anywhere(void)
{
    struct small small;
    small_make(&small);
    size_t n_opened = 0;
    for (size_t n = small.n_bytes; n-- > 0;) {
        CHECK(truncate(path, (off_t)n) == 0);
        int result = try_to_open(&small);
        CHECK_MSG(result >= 0, "%zu bytes: %s", n, error.message);
        n_opened += result == 0;
    }
    CHECK(n_opened == 2); /* a file that ends behind its last row is a plain word2vec file */
    small_release(&small);
}

/* Visits the file with one byte changed, for each byte from first to end - 1. */
static void change_bytes(const struct small *small, size_t first, size_t end,
                         void (*check)(const struct small *, size_t))
{
    static const unsigned char changes[] = {0x01, 0x80, 0xff};
    models_write(path, small->bytes, small->n_bytes);
    int fd = open(path, O_RDWR);
    CHECK(fd >= 0);
    for (size_t at = first; at < end; at++)
        for (size_t i = 0; i < sizeof changes; i++) {
            unsigned char byte = small->bytes[at] ^ changes[i];
            CHECK(pwrite(fd, &byte, 1, (off_t)at) == 1);
            check(small, at);
            CHECK(pwrite(fd, &small->bytes[at], 1, (off_t)at) == 1);
        }
    close(fd);
}

static void check_refused(const struct small *small, size_t at)
{
    CHECK_MSG(try_to_open(small) == 1, "byte %zu of %zu: %s", at, small->n_bytes, error.message);
}

/* Changed bytes among the rows break nothing, and the digest reports them. */
static void check_verify(const struct small *small, size_t at)
{
    struct w2v_model *model;
    (void)small;
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK_MSG(container_verify(&model->container, path, &error) == W2V_EFORMAT, "byte %zu", at);
    size_t sum = 0;
    for (size_t id = 0; id < FEW; id++) {
        size_t n;
        const char *word = w2v_word(model, id, &n);
        sum += n + (size_t)w2v_find(model, word, n);
    }
    CHECK(sum > 0);
    w2v_close(model);
}

static void test_changed_anywhere(void)
{
    struct small small;
    small_make(&small);
    const size_t footer = small.n_bytes - CONTAINER_PAGE, header = strlen("6 3\n");
    change_bytes(&small, 0, header, check_refused);
    change_bytes(&small, header, small.trailer, check_verify);
    change_bytes(&small, small.trailer, footer,
                 check_refused); /* one page, with the first offset */
    change_bytes(&small, footer, small.n_bytes, check_refused);
    small_release(&small);
}

static void store(unsigned char *bytes, uint64_t number)
{
    for (size_t i = 0; i < 8; i++)
        bytes[i] = (unsigned char)(number >> 8 * i);
}

/*
 * Wrong numbers in the footer, the directory, the offsets and the index break nothing, even if the
 * checksum is right.
 */
static void test_lies(void)
{
    static const uint64_t lies[] = {
        0,          1,          2,          63,         64,
        4096,       8192,       12288,      1ull << 31, UINT32_MAX,
        1ull << 32, 1ull << 62, 1ull << 63, UINT64_MAX, UINT64_MAX - 63};
    struct small small;
    size_t n_opened = 0;
    small_make(&small);
    const size_t footer = small.n_bytes - CONTAINER_PAGE;
    uint64_t digest = 0;
    for (size_t i = 8; i-- > 0;)
        digest = digest << 8 | small.bytes[footer + 56 + i];
    unsigned char *bytes = malloc(small.n_bytes);
    for (size_t at = small.trailer; at < footer + CONTAINER_DIRECTORY + 6 * CONTAINER_ENTRY;
         at += 8)
        for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
            const size_t page = at / CONTAINER_PAGE;
            struct w2v_model *model;
            if (at % CONTAINER_PAGE == CONTAINER_PAYLOAD || at == footer)
                continue;
            memcpy(bytes, small.bytes, small.n_bytes);
            store(bytes + at, lies[i]);
            store(bytes + page * CONTAINER_PAGE + CONTAINER_PAYLOAD,
                  container_checksum(bytes + page * CONTAINER_PAGE, page,
                                     page == footer / CONTAINER_PAGE ? 0 : digest));
            models_write(path, bytes, small.n_bytes);
            if (w2v_open(&model, path, &error) != W2V_OK)
                continue;
            n_opened++;
            CHECK(w2v_n_words(model) == FEW && w2v_dim(model) == NARROW);
            for (size_t id = 0; id < FEW; id++) {
                size_t n;
                float vector[NARROW];
                const char *word = w2v_word(model, id, &n);
                CHECK(w2v_find(model, word, n) < FEW);
                w2v_vector(model, id, vector);
            }
            char text[1000] = "";
            CHECK(w2v_info(model, gather, text, NULL) == W2V_OK);
            w2v_close(model);
        }
    CHECK(n_opened > 0);
    free(bytes);
    small_release(&small);
}

/* Damage is reported by counts and record, and after a word or a row could not be found. */
static void test_damaged_pages(void)
{
    enum { WORDS = 3000, DIM = 5 };
    float *rows = models_rows(1, WORDS, DIM), vector[DIM];
    uint64_t *counts = calloc(WORDS, sizeof *counts), count;
    char *record = malloc(10001), text[1000] = "";
    struct w2v_model *model;
    memset(record, 'x', 10000);
    memcpy(record + 10000, "", 1);
    record[1] = '\t';
    CHECK(models_container(path, rows, WORDS, DIM, counts, record, &error) == W2V_OK);
    size_t n_bytes;
    unsigned char *bytes = models_read(path, &n_bytes);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    struct container_section sections[CONTAINER_KINDS];
    memcpy(sections, model->container.sections, sizeof sections);
    const size_t trailer = model->container.trailer;
    w2v_close(model);
    /* Damage the middle page of each section in turn. */
    for (int kind = 1; kind < CONTAINER_OUTPUT; kind++) {
        const uint64_t middle = sections[kind].offset + sections[kind].n_bytes / 2;
        unsigned char *byte = bytes + trailer + middle / CONTAINER_PAYLOAD * CONTAINER_PAGE + 1000;
        size_t n_missing = 0, n_empty = 0, n_zero = 0;
        *byte ^= 0x10;
        models_write(path, bytes, n_bytes);
        CHECK(w2v_open(&model, path, &error) == W2V_OK);
        CHECK(w2v_unchanged(model, &error) == W2V_OK);
        for (size_t id = 0; id < WORDS; id++) {
            size_t n, n_found;
            const char *word = models_word(NULL, id, &n);
            const int64_t found = w2v_find(model, word, n);
            CHECK(found == (int64_t)id || found == -1);
            n_missing += found == -1;
            w2v_word(model, id, &n_found);
            n_empty += n_found == 0;
            w2v_vector(model, id, vector);
            n_zero += vector[0] == 0 && vector[1] == 0 && vector[2] == 0;
        }
        const bool is_needed = kind <= CONTAINER_IDS;
        CHECK_MSG((n_missing > 0) == is_needed && n_missing < WORDS, "%d: %zu", kind, n_missing);
        CHECK_MSG((n_empty > 0) == (kind == CONTAINER_OFFSETS) && n_zero == n_empty, "%d", kind);
        CHECK((w2v_unchanged(model, &error) == W2V_EFORMAT) == is_needed);
        CHECK(w2v_count(model, WORDS / 2, &count) == (kind != CONTAINER_COUNTS));
        CHECK(w2v_count(model, WORDS - 1, &count));
        CHECK((w2v_unchanged(model, &error) == W2V_EFORMAT) == (kind <= CONTAINER_COUNTS));
        text[0] = '\0';
        CHECK(w2v_info(model, gather, text, NULL) == W2V_OK);
        CHECK((strstr(text, "record=damaged;") != NULL) == (kind == CONTAINER_RECORD));
        CHECK(container_verify(&model->container, path, &error) == W2V_EFORMAT);
        w2v_close(model);
        *byte ^= 0x10;
    }
    free(bytes);
    free(record);
    free(counts);
    free(rows);
}

/* ---- Files made to deceive ---- */

/* Corrects the checksums of the pages from `trailer` on. */
static void set_checksums(unsigned char *bytes, size_t n_bytes, size_t trailer)
{
    uint64_t digest = 0;
    for (size_t at = 0; at < trailer; at += CONTAINER_DIGEST_BLOCK)
        digest = container_digest(digest, bytes + at,
                                  trailer - at < CONTAINER_DIGEST_BLOCK ? trailer - at
                                                                        : CONTAINER_DIGEST_BLOCK);
    store(bytes + n_bytes - CONTAINER_PAGE + 56, digest);
    for (size_t at = trailer; at < n_bytes; at += CONTAINER_PAGE)
        store(bytes + at + CONTAINER_PAYLOAD,
              container_checksum(bytes + at, at / CONTAINER_PAGE,
                                 at + CONTAINER_PAGE < n_bytes ? digest : 0));
}

/* Where byte `offset` of the stream of payloads lies in the file. */
static size_t place_of(size_t trailer, uint64_t offset)
{
    return trailer +
           (size_t)(offset / CONTAINER_PAYLOAD * CONTAINER_PAGE + offset % CONTAINER_PAYLOAD);
}

enum { CROWD = 2000, HUGE = 1 << 20 };

static size_t n_asked; /* how many words a lookup looked at */

static const char *counted_word(const void *context, size_t id, size_t *n_bytes)
{
    n_asked++;
    return model_word_of(context, id, n_bytes);
}

/* If all ids are the id of one huge word, lookups are still quick, and --verify reports it. */
static void test_one_huge_word(void)
{
    struct w2v_model *model;
    char *huge = malloc(HUGE + 1);
    const char **words = malloc(CROWD * sizeof *words);
    static char names[CROWD][16];
    float *rows = models_rows(1, CROWD, 1);
    size_t n_bytes, n_found = 0;
    memset(huge, 'x', HUGE);
    huge[HUGE] = '\0';
    for (size_t id = 0; id < CROWD; id++) {
        snprintf(names[id], sizeof names[id], "w%zu", id);
        words[id] = id == 7 ? huge : names[id];
    }
    struct container_input in = {.n_words = CROWD,
                                 .dim = 1,
                                 .word = given_word,
                                 .word_context = words,
                                 .rows = rows,
                                 .stride = 1};
    CHECK(container_write(path, &in, &error) == W2V_OK);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(w2v_verify(model, &error) == W2V_OK);
    const struct container c = model->container;
    w2v_close(model);
    unsigned char *bytes = models_read(path, &n_bytes);
    for (size_t i = 0; i < CROWD; i++)
        memcpy(bytes + place_of(c.trailer, c.sections[CONTAINER_IDS].offset + 4 * i), "\7\0\0\0",
               4);
    /* All ids in one bucket; the number of buckets stays. */
    for (size_t b = 1; b <= c.n_buckets; b++)
        store(bytes + place_of(c.trailer, c.sections[CONTAINER_BUCKETS].offset + 4 * b), CROWD);
    store(bytes + place_of(c.trailer, c.sections[CONTAINER_BUCKETS].offset), (uint64_t)CROWD << 32);
    set_checksums(bytes, n_bytes, c.trailer);
    models_write(path, bytes, n_bytes);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    for (size_t id = 0; id < CROWD; id++)
        n_found += w2v_find(model, words[id], strlen(words[id])) >= 0;
    CHECK_MSG(n_found <= 1, "%zu", n_found);
    CHECK(w2v_verify(model, &error) == W2V_EFORMAT);
    CHECK_MSG(strstr(error.message, "index") != NULL, "%s", error.message);
    w2v_close(model);
    free(bytes);
    free(rows);
    free(words);
    free(huge);
}

/* The block x for which step(state, x) is `wanted`. */
static uint64_t block_to(uint64_t state, uint64_t wanted)
{
    uint64_t inverse = 1; /* the inverse of the factor modulo 2^64, by Newton's method */
    for (int i = 0; i < 6; i++)
        inverse *= 2 - 0x9fb21c651e98df25u * inverse;
    return (wanted ^ wanted >> 32) * inverse ^ state;
}

/* If all words have the same hash, both kinds of index still look at only a few of them. */
static void test_words_that_collide(void)
{
    static char texts[CROWD][17];
    const char *words[CROWD];
    const uint64_t start = 16 * 0x9e3779b97f4a7c15u;
    float *rows = models_rows(1, CROWD, 1);
    struct w2v_model *model;
    size_t n = 0;
    for (uint64_t i = 0; n < CROWD; i++) {
        const uint64_t first = rng_at(3, i), second = block_to(hash_step(start, first), 12345);
        store((unsigned char *)texts[n], first);
        store((unsigned char *)texts[n] + 8, second);
        if (strlen(texts[n]) < 16 || strpbrk(texts[n], " \n") != NULL)
            continue;
        words[n] = texts[n];
        n++;
    }
    CHECK(hash_bytes(words[0], 16) == hash_bytes(words[CROWD - 1], 16));
    struct container_input in = {.n_words = CROWD,
                                 .dim = 1,
                                 .word = given_word,
                                 .word_context = words,
                                 .rows = rows,
                                 .stride = 1};
    for (int plain = 0; plain < 2; plain++) {
        in.plain = plain != 0;
        CHECK(container_write(path, &in, &error) == W2V_OK);
        CHECK(w2v_open(&model, path, &error) == W2V_OK);
        CHECK(w2v_verify(model, &error) == W2V_OK);
        size_t wrong = 0;
        for (size_t id = 0; id < CROWD; id++)
            wrong += w2v_find(model, words[id], 16) != (int64_t)id;
        CHECK_MSG(wrong == 0, "%zu", wrong);
        if (in.plain) {
            n_asked = 0;
            CHECK(index_find(&model->index, counted_word, model, words[99], 16) == 99);
            CHECK_MSG(n_asked <= 12, "%zu", n_asked);
        }
        w2v_close(model);
    }
    free(rows);
}

/* A file of version 1 is recognised and refused. */
static void test_other_versions(void)
{
    struct small small;
    small_make(&small);
    unsigned char *footer = small.bytes + small.n_bytes - CONTAINER_PAGE;
    for (unsigned char version = 1; version <= 3; version += 2) {
        struct w2v_model *model;
        footer[8] = version;
        set_checksums(small.bytes, small.n_bytes, small.trailer);
        models_write(path, small.bytes, small.n_bytes);
        CHECK(w2v_open(&model, path, &error) == W2V_EFORMAT);
        CHECK(strstr(error.message, version == 1 ? "no longer reads" : "newer") != NULL);
    }
    small_release(&small);
}

/* ---- N-grams ---- */

enum { SUB_WORDS = 300, SUB_DIM = 33, SUB_BUCKETS = 5000, SUB_NGRAMS = 700 };

/* A model with rows for every seventh bucket, and an output matrix. */
static struct subword_rows made_subwords(uint32_t buckets[SUB_NGRAMS])
{
    for (uint32_t i = 0; i < SUB_NGRAMS; i++)
        buckets[i] = 7 * i + 3;
    return (struct subword_rows){.subwords = {2, 5, SUB_BUCKETS},
                                 .own = models_rows(5, SUB_WORDS, SUB_DIM),
                                 .n_ngrams = SUB_NGRAMS,
                                 .buckets = buckets,
                                 .ngrams = models_rows(6, SUB_NGRAMS, SUB_DIM),
                                 .stride = SUB_DIM};
}

static int write_subwords(const struct subword_rows *rows)
{
    float *vectors = models_rows(1, SUB_WORDS, SUB_DIM);
    float *output = models_rows(7, SUB_WORDS, SUB_DIM);
    const struct container_input in = {.n_words = SUB_WORDS,
                                       .dim = SUB_DIM,
                                       .word = models_word,
                                       .rows = vectors,
                                       .output = output,
                                       .subwords = rows,
                                       .stride = SUB_DIM};
    const int status = container_write(path, &in, &error);
    free(vectors);
    free(output);
    return status;
}

static void release_subwords(const struct subword_rows *rows)
{
    free((void *)rows->own);
    free((void *)rows->ngrams);
}

/* A sum of rows, in the order of subword_visit, as model_compose_row makes it. */
struct composed {
    const struct subword_rows *rows;
    float sum[SUB_DIM];
    size_t n;
};

static void add_row(void *context, uint32_t bucket)
{
    struct composed *c = context;
    const struct subword_rows *rows = c->rows;
    c->n++;
    for (size_t i = 0; i < rows->n_ngrams; i++)
        for (size_t k = 0; k < SUB_DIM && rows->buckets[i] == bucket; k++)
            c->sum[k] += rows->ngrams[i * SUB_DIM + k];
}

static void test_subwords(void)
{
    static uint32_t buckets[SUB_NGRAMS];
    const struct subword_rows rows = made_subwords(buckets);
    struct w2v_model *model;
    struct subwords subwords;
    float vector[SUB_DIM];
    CHECK(write_subwords(&rows) == W2V_OK);
    CHECK_MSG(w2v_open(&model, path, &error) == W2V_OK, "%s", error.message);
    CHECK(w2v_verify(model, &error) == W2V_OK && w2v_has_subwords(model));
    CHECK(model_subwords(model, &subwords) && subwords.minn == 2 && subwords.maxn == 5 &&
          subwords.buckets == SUB_BUCKETS);
    for (size_t id = 0; id < SUB_WORDS; id++) {
        model_own(model, id, 0, SUB_DIM, vector);
        CHECK(memcmp(vector, rows.own + id * SUB_DIM, sizeof vector) == 0);
        CHECK(model_output(model, id, vector) &&
              memcmp(vector, &(float){models_number(7, id, 0)}, sizeof(float)) == 0);
    }
    for (uint32_t bucket = 0; bucket < SUB_BUCKETS; bucket++) {
        static const float zeros[SUB_DIM];
        const bool has_row = bucket % 7 == 3 && bucket / 7 < SUB_NGRAMS;
        CHECK(model_ngram(model, bucket, 0, SUB_DIM, vector));
        CHECK(memcmp(vector, has_row ? rows.ngrams + bucket / 7 * SUB_DIM : zeros, sizeof vector) ==
              0);
        model_ngram(model, bucket, 30, 3, vector);
        CHECK(memcmp(vector, has_row ? rows.ngrams + bucket / 7 * SUB_DIM + 30 : zeros, 12) == 0);
    }
    static const char *const words[] = {"unseen", "\xe5\x8c\x97\xe4\xba\xac", "a"};
    for (size_t i = 0; i < 3; i++) {
        struct composed c = {.rows = &rows};
        subword_visit(&rows.subwords, words[i], strlen(words[i]), add_row, &c);
        for (size_t k = 0; k < SUB_DIM; k++)
            c.sum[k] *= (float)(1.0 / (double)c.n);
        CHECK(w2v_vector_of(model, words[i], strlen(words[i]), vector));
        CHECK(memcmp(vector, c.sum, sizeof vector) == 0);
    }
    CHECK(!w2v_vector_of(model, "</s>", 4, vector));
    CHECK(w2v_unchanged(model, &error) == W2V_OK);
    w2v_close(model);
    release_subwords(&rows);
}

struct told {
    size_t last, n_before_the_end, stop_at;
};

static int hear(void *context, size_t n_done, size_t n_words)
{
    struct told *told = context;
    CHECK(n_done >= told->last && n_done <= n_words);
    told->last = n_done;
    told->n_before_the_end += n_done < n_words;
    return n_done >= told->stop_at;
}

/* Progress counts the rows of all matrices, and a stop is heard while the last of them is written. */
static void test_progress_of_subwords(void)
{
    enum { WORDS = 50, NGRAMS = 3000, DIM = 1000 };
    uint32_t *buckets = malloc(NGRAMS * sizeof *buckets);
    float *rows = models_rows(5, NGRAMS, DIM);
    struct told told = {.stop_at = WORDS + 1};
    for (uint32_t i = 0; i < NGRAMS; i++)
        buckets[i] = i;
    const struct subword_rows subwords = {.subwords = {3, 6, NGRAMS},
                                          .buckets = buckets,
                                          .n_ngrams = NGRAMS,
                                          .own = rows,
                                          .ngrams = rows,
                                          .stride = DIM};
    const struct container_input in = {.n_words = WORDS,
                                       .dim = DIM,
                                       .word = models_word,
                                       .rows = rows,
                                       .stride = DIM,
                                       .subwords = &subwords,
                                       .progress = hear,
                                       .progress_context = &told};
    CHECK_MSG(container_write(path, &in, &error) == W2V_OK, "%s", error.message);
    CHECK(told.last == WORDS);
    CHECK_MSG(told.n_before_the_end >= 10, "%zu", told.n_before_the_end);
    told = (struct told){.stop_at = WORDS * 4 / 5};
    CHECK(container_write(path, &in, &error) == W2V_ESTOPPED && told.last < WORDS);
    free(rows);
    free(buckets);
}

/* The rows may lie in another order than their buckets. The file is the same. */
static void test_ngrams_in_another_order(void)
{
    static uint32_t buckets[SUB_NGRAMS], places[SUB_NGRAMS];
    static float moved[SUB_NGRAMS * SUB_DIM];
    struct subword_rows rows = made_subwords(buckets);
    const float *const in_order = rows.ngrams;
    size_t n_one, n_other;
    CHECK(write_subwords(&rows) == W2V_OK);
    unsigned char *const one = models_read(path, &n_one);
    for (uint32_t i = 0; i < SUB_NGRAMS; i++) {
        places[i] = i * 3 % SUB_NGRAMS;
        memcpy(moved + places[i] * SUB_DIM, rows.ngrams + i * SUB_DIM, SUB_DIM * sizeof *moved);
    }
    rows.ngrams = moved;
    rows.rows = places;
    CHECK(write_subwords(&rows) == W2V_OK);
    unsigned char *const other = models_read(path, &n_other);
    CHECK(n_one == n_other && memcmp(one, other, n_one) == 0);
    free(one);
    free(other);
    rows.ngrams = in_order;
    release_subwords(&rows);
}

/* Damages each page of the trailer in turn: all else is right, and the damage is reported. */
static void test_damaged_subwords(void)
{
    static uint32_t buckets[SUB_NGRAMS];
    const struct subword_rows rows = made_subwords(buckets);
    size_t n_bytes, n_told = 0;
    CHECK(write_subwords(&rows) == W2V_OK);
    unsigned char *bytes = models_read(path, &n_bytes);
    const uint64_t trailer = hash_load64(bytes + n_bytes - CONTAINER_PAGE + 40);
    for (uint64_t at = trailer + 100; at < n_bytes - CONTAINER_PAGE; at += CONTAINER_PAGE) {
        struct w2v_model *model;
        float vector[SUB_DIM];
        bool whole = true;
        bytes[at] ^= 1;
        models_write(path, bytes, n_bytes);
        bytes[at] ^= 1;
        if (w2v_open(&model, path, &error) != W2V_OK)
            continue;
        for (uint32_t bucket = 3; bucket < 7 * SUB_NGRAMS; bucket += 7) {
            model_ngram(model, bucket, 0, SUB_DIM, vector);
            whole = whole && memcmp(vector, rows.ngrams + bucket / 7 * SUB_DIM, sizeof vector) == 0;
        }
        for (size_t id = 0; id < SUB_WORDS; id++) {
            model_own(model, id, 0, SUB_DIM, vector);
            whole = whole && memcmp(vector, rows.own + id * SUB_DIM, sizeof vector) == 0;
        }
        CHECK((w2v_unchanged(model, &error) == W2V_OK) == whole);
        CHECK(w2v_verify(model, &error) == W2V_EFORMAT);
        n_told += !whole;
        w2v_close(model);
    }
    CHECK(n_told > (SUB_WORDS + SUB_NGRAMS) * SUB_DIM * 4 / CONTAINER_PAGE);
    free(bytes);
    release_subwords(&rows);
}

/* Impossible numbers in sections 7 to 9 are refused, even with good checksums. */
static void test_lying_subwords(void)
{
    static uint32_t buckets[SUB_NGRAMS];
    struct subword_rows rows = made_subwords(buckets);
    struct w2v_model *model;
    static const struct subwords lies[] = {{-1, 5, SUB_BUCKETS},
                                           {2, 1000, SUB_BUCKETS},
                                           {2, 5, 0},
                                           {2, 5, SUB_NGRAMS - 1},
                                           {2, 5, UINT32_MAX}};
    for (size_t i = 0; i < sizeof lies / sizeof lies[0]; i++) {
        rows.subwords = lies[i];
        CHECK(write_subwords(&rows) == W2V_OK);
        CHECK(w2v_open(&model, path, &error) == W2V_EFORMAT);
        CHECK_MSG(strstr(error.message, "n-grams") != NULL, "%zu: %s", i, error.message);
    }
    rows.subwords = (struct subwords){2, 5, SUB_BUCKETS};
    buckets[20] = buckets[19]; /* the buckets do not rise */
    CHECK(write_subwords(&rows) == W2V_OK);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(w2v_verify(model, &error) == W2V_EFORMAT);
    CHECK(strstr(error.message, "are not in order") != NULL);
    w2v_close(model);
    ((float *)rows.ngrams)[40] = INFINITY;
    CHECK(write_subwords(&rows) == W2V_ENUMERIC);
    CHECK(strstr(error.message, "row 2 of the rows of n-grams") != NULL);
    release_subwords(&rows);
}

int main(void)
{
    models_make_path(path);
    TEST(test_round_trip);
    TEST(test_every_size);
    TEST(test_readers_of_word2vec);
    TEST(test_as_word2vec_writes);
    TEST(test_same_bytes);
    TEST(test_output_rows);
    TEST(test_equal_words);
    TEST(test_refuses_words);
    TEST(test_refuses_numbers);
    TEST(test_stops);
    TEST(test_info);
    TEST(test_cut_anywhere);
    TEST(test_changed_anywhere);
    TEST(test_lies);
    TEST(test_damaged_pages);
    TEST(test_one_huge_word);
    TEST(test_words_that_collide);
    TEST(test_other_versions);
    TEST(test_subwords);
    TEST(test_progress_of_subwords);
    TEST(test_ngrams_in_another_order);
    TEST(test_damaged_subwords);
    TEST(test_lying_subwords);
    unlink(path);
    return test_end();
}
