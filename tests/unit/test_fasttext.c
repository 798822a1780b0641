/* fastText's .bin files: golden ones that the tool itself wrote, damaged ones, and ones with wrong numbers. */
#include "test.h"

#include <math.h>

#include "base/thread.h"
#include "model/fasttext.h"
#include "models.h"

static char path[MODELS_PATH];
static struct w2v_error error;

/* The bytes of a golden file; the caller frees them. */
static unsigned char *golden(const char *name, size_t *n_bytes)
{
    char file[256];
    snprintf(file, sizeof file, "tests/formats/fasttext-%s.bin", name);
    return models_read(file, n_bytes);
}

/*
 * Compares with lines that fastText prints, "WORD x1 ... xD" with five digits. Returns their
 * number.
 */
static size_t compare(const struct w2v_model *model, const char *printed)
{
    /* Such files have numbers of centroids, and a row may be zeros. */
    const bool rounds = strstr(printed, "pruned") != NULL || strstr(printed, "quantized") != NULL;
    char line[1000];
    size_t n_lines = 0;
    FILE *file = fopen(printed, "r");
    CHECK_MSG(file != NULL, "%s", printed);
    while (file != NULL && fgets(line, sizeof line, file) != NULL) {
        float vector[16];
        char *at = strchr(line, ' ');
        const size_t n = (size_t)(at - line);
        bool zeros = true;
        const bool made = w2v_vector_of(model, line, n, vector);
        for (size_t k = 0; k < w2v_dim(model); k++) {
            const double wanted = strtod(at, &at), got = (double)vector[k];
            zeros = zeros && wanted == 0;
            CHECK_MSG(fabs(got - wanted) <= 0.51e-5 * pow(10, ceil(log10(fabs(wanted) + 1e-30))),
                      "%s: %.*s[%zu]: %.9g, not %.9g", printed, (int)n, line, k, got, wanted);
        }
        CHECK_MSG(made || zeros, "%s: %.*s", printed, (int)n, line);
        CHECK_MSG(!made || !zeros || w2v_find(model, line, n) >= 0 || rounds, "%s: %.*s", printed,
                  (int)n, line);
        n_lines++;
    }
    if (file != NULL)
        fclose(file);
    return n_lines;
}

static void test_golden(void)
{
    static const struct {
        const char *name, *ending;
        size_t n_words, dim;
        bool subwords;
    } files[] = {{"sg", "bin", 18, 4, true},         {"cbow", "bin", 18, 4, true},
                 {"plain", "bin", 18, 4, false},     {"sup", "bin", 18, 4, true},
                 {"sup-plain", "bin", 18, 4, false}, {"pruned", "ftz", 19, 5, true},
                 {"quantized", "ftz", 19, 5, true}};
    for (size_t i = 0; i < 7; i++) {
        struct w2v_model *model;
        char file[256], printed[256];
        snprintf(file, sizeof file, "tests/formats/fasttext-%s.%s", files[i].name, files[i].ending);
        snprintf(printed, sizeof printed, "tests/formats/fasttext-%s.txt", files[i].name);
        CHECK_MSG(w2v_open(&model, file, &error) == W2V_OK, "%s", error.message);
        CHECK(strcmp(w2v_format(model), "fasttext") == 0);
        CHECK(w2v_n_words(model) == files[i].n_words && w2v_dim(model) == files[i].dim);
        CHECK(w2v_has_subwords(model) == files[i].subwords);
        CHECK(w2v_find(model, "king", 4) >= 0 && w2v_find(model, "zzz", 3) == -1);
        CHECK(w2v_find(model, "__label__y", 10) == -1);
        CHECK(compare(model, printed) == 29);
        w2v_close(model);
    }
}

/* Opens bytes as a file. */
static int open_bytes(struct w2v_model **model, const void *bytes, size_t n_bytes)
{
    models_write(path, bytes, n_bytes);
    error.message[0] = '\0';
    return w2v_open(model, path, &error);
}

/* Every way to get a row gives the same bits. */
static void test_rows_agree(void)
{
    struct w2v_model *model;
    float whole[4], part[4], copies[18 * 4];
    const void *rows[18];
    uint64_t count, total = 0;
    CHECK(w2v_open(&model, "tests/formats/fasttext-sg.bin", &error) == W2V_OK);
    for (int round = 0; round < 2; round++) { /* before rows are made, and after */
        for (size_t id = 0; id < 18; id++) {
            w2v_vector(model, id, whole);
            if (round == 1) {
                model_rows(model, 0, 18, rows, copies);
                CHECK(memcmp(whole, rows[id], sizeof whole) == 0);
            }
            for (size_t k = 0; k < 4; k++)
                model_part(model, id, k, 1, part + k);
            CHECK(memcmp(whole, part, sizeof whole) == 0);
        }
    }
    for (size_t id = 0; id < 18; id++) {
        CHECK(w2v_count(model, id, &count));
        total += count;
    }
    CHECK(total == 60 * 12 + 60); /* words and line ends */
    w2v_close(model);
}

enum { THREADS = 4 };

static void use_rows(void *arg, unsigned index, unsigned n)
{
    const struct w2v_model *model = arg;
    float copies[18 * 4];
    const void *rows[18];
    (void)n;
    for (size_t i = 0; i < 18; i++)
        model_rows(model, (i + 5 * index) % 18, 1, rows + i, copies + 4 * i);
}

static void test_rows_on_threads(void)
{
    for (int round = 0; round < 50; round++) {
        struct w2v_model *model;
        CHECK(w2v_open(&model, "tests/formats/fasttext-cbow.bin", &error) == W2V_OK);
        thread_run(THREADS, use_rows, model);
        CHECK(compare(model, "tests/formats/fasttext-cbow.txt") == 29);
        w2v_close(model);
    }
}

/* In version 11, supervised models have no n-grams; other models do not differ. */
static void test_version_11(void)
{
    struct w2v_model *model, *other;
    size_t n_bytes;
    float a[4], b[4];
    unsigned char *bytes = golden("sup", &n_bytes);
    bytes[4] = 11;
    CHECK(open_bytes(&model, bytes, n_bytes) == W2V_OK);
    CHECK(!w2v_has_subwords(model) && !w2v_vector_of(model, "zzz", 3, a));
    w2v_close(model);
    bytes[4] = 13;
    CHECK(open_bytes(&model, bytes, n_bytes) == W2V_EFORMAT);
    CHECK(strstr(error.message, "version 13") != NULL);
    free(bytes);
    bytes = golden("sg", &n_bytes);
    bytes[4] = 11;
    CHECK(open_bytes(&model, bytes, n_bytes) == W2V_OK);
    CHECK(w2v_open(&other, "tests/formats/fasttext-sg.bin", &error) == W2V_OK);
    CHECK(w2v_vector_of(model, "zzz", 3, a) && w2v_vector_of(other, "zzz", 3, b));
    CHECK(memcmp(a, b, sizeof a) == 0);
    w2v_close(model);
    w2v_close(other);
    free(bytes);
}

/* Places in a file: the pruning size, and the entries of the dictionary. */
enum { PRUNED = 8 + 48 + 8 + 12 + 8, ENTRIES = PRUNED + 8 };

static size_t dictionary_end(const unsigned char *bytes, size_t n_entries)
{
    size_t at = ENTRIES;
    for (size_t i = 0; i < n_entries; i++)
        at += strlen((const char *)bytes + at) + 1 + 9;
    return at;
}

static void test_negative_counts_are_refused(void)
{
    struct w2v_model *model;
    size_t n_bytes;
    unsigned char *bytes = golden("sg", &n_bytes);
    bytes[ENTRIES + strlen((const char *)bytes + ENTRIES) + 1 + 7] = 0x80;
    CHECK(open_bytes(&model, bytes, n_bytes) == W2V_EFORMAT);
    CHECK_MSG(strstr(error.message, "count of entry 1 ") != NULL, "%s", error.message);
    free(bytes);
}

/* Makes a file of 2016: without magic number, version, pruning and the flags of quantization. */
static void test_version_of_2016(void)
{
    struct w2v_model *model;
    size_t n_bytes, end, input = 1 + 16 + 4 * 4 * (18 + 40);
    unsigned char *bytes = golden("sg", &n_bytes);
    end = dictionary_end(bytes, 18);
    memmove(bytes + end + input, bytes + end + input + 1, n_bytes - end - input - 1);
    memmove(bytes + end, bytes + end + 1, n_bytes - end - 2);
    memmove(bytes + PRUNED, bytes + ENTRIES, n_bytes - ENTRIES - 2);
    n_bytes -= 2 + 8;
    CHECK_MSG(open_bytes(&model, bytes + 8, n_bytes - 8) == W2V_OK, "%s", error.message);
    CHECK(strcmp(w2v_format(model), "fasttext") == 0);
    CHECK(compare(model, "tests/formats/fasttext-sg.txt") == 29);
    w2v_close(model);
    free(bytes);
}

static void store32(unsigned char *to, uint32_t number)
{
    for (int i = 0; i < 4; i++)
        to[i] = (unsigned char)(number >> 8 * i);
}

/* A pruned file that keeps every second bucket: row i is the row of bucket 2 i. */
static void test_pruned(void)
{
    enum { KEPT = 20 };
    struct w2v_model *model, *whole;
    size_t n_bytes, end;
    float a[4], b[4];
    unsigned char *bytes = golden("sg", &n_bytes);
    unsigned char *pruned = calloc(n_bytes + 8 * KEPT, 1);
    end = dictionary_end(bytes, 18);
    memcpy(pruned, bytes, end);
    store32(pruned + PRUNED, KEPT);
    store32(pruned + PRUNED + 4, 0);
    for (uint32_t i = 0; i < KEPT; i++) { /* falling: the order in the file may be any */
        store32(pruned + end + 8 * i, 2 * (KEPT - 1 - i));
        store32(pruned + end + 8 * i + 4, KEPT - 1 - i);
    }
    memcpy(pruned + end + 8 * KEPT, bytes + end, n_bytes - end);
    unsigned char *rows = pruned + end + 8 * KEPT + 17 + 16 * 18;
    for (size_t i = 0; i < KEPT; i++)
        memmove(rows + 16 * i, rows + 16 * 2 * i, 16);
    CHECK_MSG(open_bytes(&model, pruned, n_bytes + 8 * KEPT) == W2V_OK, "%s", error.message);
    /* "<a>" is the only n-gram of "a"; pruning keeps it if its bucket is even. */
    CHECK(w2v_open(&whole, "tests/formats/fasttext-sg.bin", &error) == W2V_OK);
    size_t n_there = 0, n_same = 0;
    for (char c = 'b'; c <= 'z'; c++)
        if (w2v_vector_of(whole, &c, 1, a) && w2v_vector_of(model, &c, 1, b)) {
            n_there++;
            n_same += memcmp(a, b, sizeof a) == 0;
        }
    CHECK(n_there > 5 && n_there < 20 && n_same == n_there);
    w2v_close(model);
    w2v_close(whole);
    store32(pruned + end + 4, 1000);
    CHECK(open_bytes(&model, pruned, n_bytes + 8 * KEPT) == W2V_EFORMAT);
    free(pruned);
    free(bytes);
}

/* The bytes of a quantized file; the caller frees them. */
static unsigned char *quantized(const char *name, size_t *n_bytes)
{
    char file[256];
    snprintf(file, sizeof file, "tests/formats/fasttext-%s.ftz", name);
    return models_read(file, n_bytes);
}

/* Any changed byte and any length is refused, or gives a model that can be asked anything. */
static void test_quantized_damage(void)
{
    static const char *const names[] = {"pruned", "quantized"};
    for (size_t i = 0; i < 2; i++) {
        size_t n_bytes, n_refused = 0;
        unsigned char *bytes = quantized(names[i], &n_bytes);
        for (size_t n = 4; n < n_bytes; n += 7) {
            struct w2v_model *model;
            CHECK_MSG(open_bytes(&model, bytes, n) == W2V_EFORMAT, "%s: %zu bytes", names[i], n);
        }
        for (size_t at = 0; at < n_bytes; at += at < 3500 ? 1 : 13) {
            struct w2v_model *model;
            const unsigned char was = bytes[at];
            bytes[at] ^= 0x81;
            if (open_bytes(&model, bytes, n_bytes) == W2V_OK) {
                float vector[64];
                const bool fits = w2v_dim(model) <= 64;
                for (size_t id = 0; fits && id < w2v_n_words(model); id++)
                    w2v_vector(model, id, vector);
                if (fits)
                    w2v_vector_of(model, "unseen", 6, vector);
                w2v_close(model);
            } else {
                n_refused++;
            }
            bytes[at] = was;
        }
        CHECK_MSG(n_refused > 60, "%s: %zu", names[i], n_refused);
        free(bytes);
    }
}

/* Parts of a row make up the row, and rows have the right bits. */
static void test_quantized_parts(void)
{
    struct w2v_model *model;
    float whole[5], part[5];
    CHECK(w2v_open(&model, "tests/formats/fasttext-quantized.ftz", &error) == W2V_OK);
    for (size_t id = 0; id < 19; id++) {
        model_own(model, id, 0, 5, whole);
        for (size_t k = 0; k < 5; k++)
            model_own(model, id, k, 1, part + k);
        CHECK(memcmp(whole, part, sizeof whole) == 0);
        for (size_t k = 0; k < 5; k++)
            model_part(model, id, k, 1, part + k);
        w2v_vector(model, id, whole);
        CHECK(memcmp(whole, part, sizeof whole) == 0);
    }
    CHECK(!model_output(model, 0, whole)); /* its rows are labels */
    w2v_close(model);
}

static void test_output(void)
{
    struct w2v_model *model;
    float row[4];
    size_t n_bytes;
    unsigned char *bytes = golden("sg", &n_bytes);
    CHECK(w2v_open(&model, "tests/formats/fasttext-sg.bin", &error) == W2V_OK);
    for (size_t id = 0; id < 18; id++) {
        CHECK(model_output(model, id, row));
        CHECK(memcmp(row, bytes + n_bytes - 16 * (18 - id), sizeof row) == 0);
    }
    w2v_close(model);
    free(bytes);
}

static void test_cut_anywhere(void)
{
    struct w2v_model *model;
    size_t n_bytes;
    unsigned char *bytes = golden("sup", &n_bytes);
    for (size_t n = 4; n < n_bytes; n++)
        CHECK_MSG(open_bytes(&model, bytes, n) == W2V_EFORMAT &&
                      strncmp(error.message, path, strlen(path)) == 0,
                  "%zu of %zu bytes", n, n_bytes);
    bytes = realloc(bytes, n_bytes + 1);
    bytes[n_bytes] = 0;
    CHECK(open_bytes(&model, bytes, n_bytes + 1) == W2V_EFORMAT);
    CHECK(strstr(error.message, "1 bytes behind the output matrix") != NULL);
    free(bytes);
}

/* A file with one word of n_bytes letters, n-grams of 3 to 100 characters and one bucket. */
static size_t make_long_word(unsigned char **bytes, size_t n_word, uint32_t dim)
{
    const uint32_t arguments[14] = {793712314, 12, dim, 5, 1, 1, 5, 1, 2, 2, 1, 3, 100, 100};
    const size_t dictionary = sizeof arguments + 8 + 3 * 4 + 2 * 8,
                 input = dictionary + n_word + 1 + 9 + 1 + 2 * 8, row = (size_t)dim * 4,
                 n = input + 2 * row + 1 + 2 * 8 + row;
    unsigned char *at = *bytes = calloc(n, 1);
    for (size_t i = 0; i < 14; i++, at += 4)
        store32(at, arguments[i]);
    at += 8; /* t */
    store32(at, 1);
    store32(at + 4, 1);
    store32(at + 12, 1);
    memset(at + 20, 0xff, 8); /* not pruned */
    memset(*bytes + dictionary, 'x', n_word);
    store32(*bytes + dictionary + n_word + 1, 1);
    at = *bytes + input - 16;
    store32(at, 2);
    store32(at + 8, dim);
    at = *bytes + input + 2 * row + 1;
    store32(at, 1);
    store32(at + 8, dim);
    return n;
}

/* The vector of a word may take only so long. */
static void test_long_word(void)
{
    static const struct {
        size_t n_word;
        uint32_t dim;
        bool opens;
    } cases[] = {{50000, 4, true}, {10000, 65536, true}, {11000, 65536, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct w2v_model *model;
        unsigned char *bytes;
        const size_t n = make_long_word(&bytes, cases[i].n_word, cases[i].dim);
        const int status = open_bytes(&model, bytes, n);
        CHECK_MSG(status == (cases[i].opens ? W2V_OK : W2V_EFORMAT), "%zu: %s", i, error.message);
        if (status == W2V_OK)
            w2v_close(model);
        else
            CHECK_MSG(strstr(error.message, "has too many n-grams") != NULL, "%s", error.message);
        free(bytes);
    }
}

/* Numbers that do not fit the file are refused, at once. */
static void test_lies(void)
{
    static const uint32_t lies[] = {0, 1u << 20, 0x7fffffff, 0x80000000, 0xffffffff};
    struct w2v_model *model;
    size_t n_bytes, end, n_refused = 0;
    unsigned char *bytes = golden("sg", &n_bytes), *lying = malloc(n_bytes);
    end = dictionary_end(bytes, 18);
    const size_t places[] = {4,
                             8,
                             8 + 4 * 8,
                             8 + 4 * 10,
                             64,
                             68,
                             72,
                             PRUNED,
                             PRUNED + 4,
                             end + 1,
                             end + 5,
                             end + 9,
                             end + 13,
                             n_bytes - 16 * 18 - 16,
                             n_bytes - 16 * 18 - 8};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++)
        for (size_t j = 0; j < 5; j++) {
            memcpy(lying, bytes, n_bytes);
            store32(lying + places[i], lies[j]);
            if (memcmp(lying, bytes, n_bytes) == 0)
                continue;
            const int status = open_bytes(&model, lying, n_bytes);
            CHECK_MSG(status == W2V_OK || status == W2V_EFORMAT, "%zu: %s", i, error.message);
            if (status == W2V_OK)
                w2v_close(model); /* without n-grams no buckets are needed */
            n_refused += status != W2V_OK;
        }
    CHECK(n_refused >= 65);
    memcpy(lying, bytes, n_bytes);
    lying[end] = 1;
    CHECK(open_bytes(&model, lying, n_bytes) == W2V_EFORMAT);
    CHECK(strstr(error.message, "quantized") != NULL);
    memcpy(lying, bytes, n_bytes);
    lying[dictionary_end(bytes, 2) - 1] = 1;
    CHECK(open_bytes(&model, lying, n_bytes) == W2V_EFORMAT);
    CHECK(strstr(error.message, "entry 2 of the dictionary") != NULL);
    free(lying);
    free(bytes);
}

int main(void)
{
    models_make_path(path);
    TEST(test_golden);
    TEST(test_rows_agree);
    TEST(test_rows_on_threads);
    TEST(test_version_11);
    TEST(test_negative_counts_are_refused);
    TEST(test_version_of_2016);
    TEST(test_pruned);
    TEST(test_quantized_damage);
    TEST(test_quantized_parts);
    TEST(test_output);
    TEST(test_cut_anywhere);
    TEST(test_lies);
    TEST(test_long_word);
    unlink(path);
    return test_end();
}
