/* The files of word2vec.c: well-formed ones and others. */
#include "test.h"

#include "model/model.h"
#include "models.h"

static char path[MODELS_PATH];
static struct w2v_error error;

/* ---- Binary ---- */

/* A binary file of made-up words; each row ends in `newlines` newlines. The caller frees it. */
static unsigned char *make_binary(const float *rows, size_t n_words, size_t dim, size_t newlines,
                                  size_t *n_bytes)
{
    unsigned char *bytes = malloc(100 + n_words * (MODELS_WORD + 4 * dim + newlines));
    size_t at = (size_t)snprintf((char *)bytes, 100, "%zu %zu\n", n_words, dim);
    for (size_t id = 0; id < n_words; id++) {
        size_t n;
        const char *word = models_word(NULL, id, &n);
        memcpy(bytes + at, word, n);
        bytes[at + n] = ' ';
        at += n + 1;
        memcpy(bytes + at, rows + id * dim, 4 * dim);
        at += 4 * dim;
        memset(bytes + at, '\n', newlines);
        at += newlines;
    }
    *n_bytes = at;
    return bytes;
}

static size_t wrong_words(const struct w2v_model *model, const float *rows, size_t n_words,
                          size_t dim)
{
    float vector[300];
    size_t wrong = w2v_n_words(model) != n_words || w2v_dim(model) != dim;
    for (size_t id = 0; id < n_words && !wrong; id++) {
        size_t n, n_found;
        const char *word = models_word(NULL, id, &n);
        const char *found = w2v_word(model, id, &n_found);
        wrong += n != n_found || memcmp(word, found, n) != 0;
        wrong += w2v_find(model, word, n) != (int64_t)id;
        w2v_vector(model, id, vector);
        wrong += memcmp(vector, rows + id * dim, dim * sizeof *vector) != 0;
    }
    return wrong + (w2v_find(model, "w", 1) != -1);
}

static void test_binary(void)
{
    static const size_t dims[] = {1, 3, 16, 300};
    for (size_t d = 0; d < 4; d++)
        for (size_t newlines = 0; newlines < 4; newlines++) {
            struct w2v_model *model;
            size_t n_bytes;
            float *rows = models_rows(3, 100, dims[d]);
            unsigned char *bytes = make_binary(rows, 100, dims[d], newlines, &n_bytes);
            models_write(path, bytes, n_bytes);
            CHECK(w2v_open(&model, path, &error) == W2V_OK);
            CHECK(strcmp(w2v_format(model), "word2vec") == 0);
            CHECK(wrong_words(model, rows, 100, dims[d]) == 0);
            w2v_close(model);
            free(bytes);
            free(rows);
        }
}

/* The first of equal words counts, even if several threads open the file. */
static void test_binary_twice(void)
{
    enum { ROWS = 20000, DIM = 60, ROOM = 24 + 4 * DIM }; /* more than one stretch */
    static int64_t first[ROWS];                           /* the row of word "w%zu" */
    struct w2v_model *model;
    char *bytes = calloc(ROWS + 1, ROOM);
    size_t at = (size_t)snprintf(bytes, ROOM, "%d %d\n", ROWS, DIM), wrong = 0;
    memset(first, 0xff, sizeof first);
    for (size_t id = 0; id < ROWS; id++) {
        const size_t word = id % 7 == 3 ? id / 2 : id;
        at += (size_t)snprintf(bytes + at, ROOM, "w%zu ", word) + DIM * sizeof(float);
        if (first[word] < 0)
            first[word] = (int64_t)id;
    }
    models_write(path, bytes, at);
    CHECK(at > MODEL_STRETCH && w2v_open(&model, path, &error) == W2V_OK);
    for (size_t word = 0; word < ROWS; word++) {
        char text[24];
        const size_t n = (size_t)snprintf(text, sizeof text, "w%zu", word);
        wrong += w2v_find(model, text, n) != first[word];
    }
    CHECK(wrong == 0);
    w2v_close(model);
    free(bytes);
}

static void test_binary_cut_anywhere(void)
{
    enum { WORDS = 5, DIM = 2 };
    struct w2v_model *model;
    size_t n_bytes;
    float *rows = models_rows(3, WORDS, DIM);
    unsigned char *bytes = make_binary(rows, WORDS, DIM, 1, &n_bytes);
    for (size_t n = 0; n < n_bytes - 1; n++) {
        models_write(path, bytes, n);
        CHECK_MSG(w2v_open(&model, path, &error) == W2V_EFORMAT, "%zu of %zu bytes", n, n_bytes);
    }
    bytes[n_bytes - 1] = 'x';
    models_write(path, bytes, n_bytes);
    CHECK(w2v_open(&model, path, &error) == W2V_EFORMAT);
    CHECK(strstr(error.message, "behind the last row") != NULL);
    free(bytes);
    free(rows);
}

/* ---- Text ---- */

static void test_text(void)
{
    static const char text[] = "4 3\n"
                               "the 0.5 -1 1e-3 \n"
                               "a b\t+2.\t.25 -0.0\r\n"
                               "1 2 3 4\n"
                               "the 9 9 9\n\n \n";
    static const float expected[4][3] = {
        {0.5f, -1, 1e-3f}, {2, 0.25f, -0.0f}, {2, 3, 4}, {9, 9, 9}};
    struct w2v_model *model;
    float vector[3];
    models_write(path, text, strlen(text));
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(strcmp(w2v_format(model), "word2vec-text") == 0);
    CHECK(w2v_find(model, "the", 3) == 0);
    CHECK(w2v_find(model, "a b", 3) == 1);
    CHECK(w2v_find(model, "1", 1) == 2);
    CHECK(w2v_find(model, "a", 1) == -1);
    for (size_t id = 0; id < 4; id++) {
        w2v_vector(model, id, vector);
        CHECK(memcmp(vector, expected[id], sizeof vector) == 0);
    }
    w2v_close(model);
}

static void test_text_round_trip(void)
{
    enum { WORDS = 40, DIM = 9 };
    struct w2v_model *model;
    float *rows = models_rows(4, WORDS, DIM);
    FILE *file = fopen(path, "wb");
    fprintf(file, "%d %d\n", WORDS, DIM);
    for (size_t id = 0; id < WORDS; id++) {
        size_t n;
        const char *word = models_word(NULL, id, &n);
        fwrite(word, 1, n, file);
        for (size_t k = 0; k < DIM; k++)
            fprintf(file, " %.9g", (double)rows[id * DIM + k]);
        fputs("\n", file);
    }
    fclose(file);
    CHECK(w2v_open(&model, path, &error) == W2V_OK);
    CHECK(strcmp(w2v_format(model), "word2vec-text") == 0);
    CHECK(wrong_words(model, rows, WORDS, DIM) == 0);
    w2v_close(model);
    free(rows);
}

/* ---- Refused ---- */

static void test_refuses(void)
{
    static const struct {
        const char *content, *says;
    } cases[] = {
        {"", "empty"},
        {"\n", "not a vector file"},
        {"hello world\n", "not a vector file"},
        {"3\n", "not a vector file"},
        {"hello 5\n", "not a vector file"},
        {"3 4", "not a vector file"},
        {"0 5\n", "\"0 5\""},
        {"5 0\n", "\"5 0\""},
        {"-1 5\n", "\"-1 5\""},
        {"1 -5\na 1 2 3 4 5\n", "\"1 -5\""},
        {"99999999999999999999 1\na 1\n", "99999999999999999999"},
        {"1 99999999999999999999\na 1\n", "99999999999999999999"},
        {"4294967296 4294967296\na 1\n", "4294967296"},
        {"3000000000 300\na 1\n", "promises"},
        {"1 18446744073709551615\na 1 2\n", "promises"},
        {"18446744073709551615 1\na 1 2\n", "18446744073709551615"},
        {"4611686018427387904 4\na 1 2 3 4\n", "4611686018427387904"},
        {"2 3\na 1 2 3\n", "promises"},
        {"2 3\na 0.001 0.002 0.003\n", ":3: the file ends after 1 of 2 rows"},
        {"1 3\na 1 2 3\nb 4 5 6\n", ":3: more rows than the 1"},
        {"2 3\na 1 2 3\nb 4 5\n", ":3: a word and 2 numbers, where there should be 3"},
        {"2 3\na 1 2 3\nb 4 x 6\n", ":3: \"x\" is not a number"},
        {"2 3\na 1 2 3\n4 5 6\n", ":3: 3 numbers without a word"},
        {"2 3\na 1 2 3\nb 4 nan 6\n", ":3: number 2, \"nan\", is not finite"},
        {"2 3\na 1 -inf 3\nb 4 5 6\n", ":2: number 2"},
        {"2 3\na 1 1e39 3\nb 4 5 6\n", ":2: number 2"},
        {"2 3\na 1.5 2.5\nb 4.25 5.25\n", ":2: a word and 2 numbers, where there should be 3"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct w2v_model *model;
        models_write(path, cases[i].content, strlen(cases[i].content));
        error.message[0] = '\0';
        CHECK_MSG(w2v_open(&model, path, &error) == W2V_EFORMAT, "case %zu", i);
        CHECK_MSG(strncmp(error.message, path, strlen(path)) == 0, "case %zu", i);
        CHECK_MSG(strstr(error.message, cases[i].says) != NULL, "case %zu: %s", i, error.message);
    }
    struct w2v_model *model;
    CHECK(w2v_open(&model, "/", &error) == W2V_EIO);
    CHECK(w2v_open(&model, "/no/such/file", &error) == W2V_EIO);
}

/* Headers whose product would wrap around are refused. */
static void test_refuses_large_headers(void)
{
    static const unsigned long long sizes[] = {
        1, 3, 255, 65536, 1 << 30, 4294967295, 4294967296, 1ull << 62, 1ull << 63};
    for (size_t v = 0; v < 9; v++)
        for (size_t d = 0; d < 9; d++) {
            char content[200];
            struct w2v_model *model;
            int n = snprintf(content, sizeof content, "%llu %llu\na bcdefg\nh ijklmn\n", sizes[v],
                             sizes[d]);
            models_write(path, content, (size_t)n);
            CHECK_MSG(w2v_open(&model, path, &error) == W2V_EFORMAT, "%s", content);
        }
}

int main(void)
{
    models_make_path(path);
    TEST(test_binary);
    TEST(test_binary_twice);
    TEST(test_binary_cut_anywhere);
    TEST(test_text);
    TEST(test_text_round_trip);
    TEST(test_refuses);
    TEST(test_refuses_large_headers);
    unlink(path);
    return test_end();
}
