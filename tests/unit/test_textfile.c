/* Vectors as text: with and without the line "V D", whole, cut and damaged. */
#include "test.h"

#include <math.h>

#include "model/model.h"
#include "models.h"

static char path[MODELS_PATH];
static struct w2v_error error;

static int open_text(struct w2v_model **model, const char *text, bool tolerant)
{
    struct w2v_open_options options;
    w2v_open_options_init(&options);
    options.tolerant = tolerant;
    models_write(path, text, strlen(text));
    error.message[0] = '\0';
    return w2v_open_with(model, path, &options, &error);
}

/* The words, "|" behind each. */
static const char *words_of(const struct w2v_model *model)
{
    static char text[1000];
    size_t at = 0;
    for (size_t id = 0; id < w2v_n_words(model); id++) {
        size_t n;
        const char *word = w2v_word(model, id, &n);
        at += (size_t)snprintf(text + at, sizeof text - at, "%.*s|", (int)n, word);
    }
    return text;
}

static void test_accepts(void)
{
    static const struct {
        const char *text, *format, *words;
        size_t dim;
        float last; /* number of the last word */
    } cases[] = {
        {"the 0.5 -1 1e-3\nof 1 2 3\n", "glove", "the|of|", 3, 3},
        {"a 1 2\n", "glove", "a|", 2, 2},
        {"1 2 3\n4 5 6\n", "glove", "1|4|", 2, 6}, /* words that are numbers */
        {"area 51 0.5 0.25\nthe 1 2\nof 3 4\n", "glove", "area 51|the|of|", 2, 4},
        {". . . 0.5 0.25\nthe 1 2\n", "glove", ". . .|the|", 2, 2},
        {"3 2\narea 51 0.5 0.25\nthe 1 2\n12 3 4\n", "word2vec-text", "area 51|the|12|", 2, 4},
        {"2 2\na\xc2\xa0_b 1 2\n\xff\xfe 3 4\n", "word2vec-text", "a\xc2\xa0_b|\xff\xfe|", 2, 4},
        {"1 3\nx\t1\t2 \t 3\t\r\n", "word2vec-text", "x|", 3, 3},
        {"1 2\nx 1 0x1.8p1\n\n\n \n", "word2vec-text", "x|", 2, 3},
        {"1 1\nx 1.00000000000000000000000000001e0\n", "word2vec-text", "x|", 1, 1},
        {"1 2\nx +.5 -0\n", "word2vec-text", "x|", 2, -0.0f},
        {"2 2\nx 1 2\nx 3 4\n", "word2vec-text", "x|x|", 2, 4},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct w2v_model *model;
        float vector[4] = {0};
        CHECK_MSG(open_text(&model, cases[i].text, false) == W2V_OK, "case %zu: %s", i,
                  error.message);
        if (error.message[0] != '\0')
            continue;
        CHECK_MSG(strcmp(w2v_format(model), cases[i].format) == 0, "case %zu", i);
        CHECK_MSG(strcmp(words_of(model), cases[i].words) == 0, "case %zu: %s", i, words_of(model));
        CHECK_MSG(w2v_dim(model) == cases[i].dim, "case %zu", i);
        w2v_vector(model, w2v_n_words(model) - 1, vector);
        CHECK_MSG(vector[w2v_dim(model) - 1] == cases[i].last, "case %zu", i);
        CHECK(w2v_fault(model) == NULL);
        w2v_close(model);
    }
}

static void test_faults(void)
{
    static const struct {
        const char *text, *says, *words; /* words that are read all the same, NULL: none */
    } cases[] = {
        {"a 1 2\nb 3 4\nc 5\nd 6 7\n", ":3: \"c\" is no number", "a|b|"},
        {"a 1 2\nb 3 4\nc 5 x\nd 6 7\n", ":3: \"x\" is no number", "a|b|"},
        {"a 1 2\nb 3 4\n\nc 5 6\n", ":3:", "a|b|"},
        {"a 1 2\nb 3 inf\nc 5 6\n", ":2: number 2, \"inf\", is not finite", "a|"},
        {"a 1 2\nb nan 4\n", ":2: number 1, \"nan\", is not finite", "a|"},
        {"a 1 2\nb 1e39 4\n", ":2: number 1, \"1e39\", is not finite", "a|"},
        {"a 1 2\nb 3 4\n5 6\n", ":3: 2 numbers without a word", "a|b|"},
        {"a 1 2\nb 3 4", ":2: the last line does not end in a newline", "a|"},
        {"a 1 2", ":1: the last line does not end", NULL},
        {"3 2\na 1.25 2.5\nb 3 4\n", ":4: the file ends after 2 of 3 rows", "a|b|"},
        {"9 2\na 1 2\nb 3 4\n", "promises 9 words", "a|b|"},
        {"1 2\na 1 2\nb 3 4\n", ":3: more rows than the 1", "a|"},
        {"2 2\na 1 2 3\nb 4 5 6\n", ":2: more than 2 numbers", NULL},
        {"2 4\na 1.25 2.5 3.5\nb 4 5 6\n", ":2: \"a\" is no number", NULL},
        {"2 1000000\na 1 2 3\nb 4 5 6\n", "2 words of 1000000 dimensions", NULL},
        {"the 15\nof 14\n", "no vector file", NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct w2v_model *model;
        CHECK_MSG(open_text(&model, cases[i].text, false) == W2V_EFORMAT, "case %zu", i);
        CHECK_MSG(strstr(error.message, cases[i].says) != NULL, "case %zu: %s", i, error.message);
        const int status = open_text(&model, cases[i].text, true);
        CHECK_MSG((status == W2V_OK) == (cases[i].words != NULL), "case %zu", i);
        if (status != W2V_OK)
            continue;
        CHECK_MSG(strcmp(words_of(model), cases[i].words) == 0, "case %zu: %s", i, words_of(model));
        const char *fault = w2v_fault(model);
        CHECK_MSG(fault != NULL && strncmp(fault, path, strlen(path)) == 0, "case %zu", i);
        w2v_close(model);
    }
}

/* A file cut anywhere is refused, but for one without a header at the end of a line. */
static void test_cut_anywhere(void)
{
    static const char text[] = "3 2\nthe 0.5 0.25\nof 1 2\nand 0.125 10\n";
    struct w2v_model *model;
    for (size_t n = 1; n < strlen(text); n++) {
        models_write(path, text, n);
        CHECK_MSG(w2v_open(&model, path, &error) == W2V_EFORMAT, "%zu", n);
        if (n <= 4)
            continue;
        models_write(path, text + 4, n - 4);
        const bool is_whole = text[n - 1] == '\n';
        const int status = w2v_open(&model, path, &error);
        CHECK_MSG(status == (is_whole ? W2V_OK : W2V_EFORMAT), "%zu", n);
        if (status == W2V_OK)
            w2v_close(model);
    }
}

/* More than a stretch of it, with a word of many bytes; the same for any number of threads. */
static void test_large(void)
{
    enum { WORDS = 30000, DIM = 70, LONG = 1 << 19, AT = 11000 };
    char *long_word = malloc(LONG);
    memset(long_word, 'x', LONG);
    FILE *file = fopen(path, "wb");
    for (size_t id = 0; id < WORDS; id++) {
        if (id == AT)
            fwrite(long_word, 1, LONG, file);
        fprintf(file, "w%zu", id);
        for (size_t k = 0; k < DIM; k++)
            fprintf(file, " %d.%04d", (int)(id % 10), (int)((id * 31 + k) % 10000));
        fputc('\n', file);
    }
    fclose(file);
    for (unsigned threads = 1; threads <= 4; threads++) {
        struct w2v_open_options options = {.threads = threads};
        struct w2v_model *model;
        float vector[DIM];
        size_t n_wrong = 0, n;
        CHECK_MSG(w2v_open_with(&model, path, &options, &error) == W2V_OK, "%s", error.message);
        CHECK(w2v_n_words(model) == WORDS && w2v_dim(model) == DIM);
        w2v_word(model, AT, &n);
        CHECK(n == LONG + 6);
        for (size_t id = 0; id < WORDS; id += 7) {
            char word[32];
            const int n_bytes = snprintf(word, sizeof word, "w%zu", id);
            n_wrong += id != AT && w2v_find(model, word, (size_t)n_bytes) != (int64_t)id;
            w2v_vector(model, id, vector);
            for (size_t k = 0; k < DIM; k++) {
                const float wanted =
                    (float)((double)(id % 10) + (double)((id * 31 + k) % 10000) / 10000);
                n_wrong += vector[k] != wanted;
            }
        }
        CHECK_MSG(n_wrong == 0, "%zu", n_wrong);
        w2v_close(model);
    }
    free(long_word);
}

/* fastText's .vec beside its .bin: the same words, and numbers to the digits it prints. */
static void test_golden(void)
{
    struct w2v_model *text, *binary;
    float a[4], b[4];
    CHECK(w2v_open(&text, "tests/formats/fasttext-sg.vec", &error) == W2V_OK);
    CHECK(w2v_open(&binary, "tests/formats/fasttext-sg.bin", &error) == W2V_OK);
    CHECK(w2v_n_words(text) == w2v_n_words(binary));
    for (size_t id = 0; id < w2v_n_words(text); id++) {
        size_t n, m;
        const char *word = w2v_word(text, id, &n), *other = w2v_word(binary, id, &m);
        CHECK(n == m && memcmp(word, other, n) == 0);
        w2v_vector(text, id, a);
        w2v_vector(binary, id, b);
        for (size_t k = 0; k < 4; k++)
            CHECK(fabsf(a[k] - b[k]) <= 1e-4f * fabsf(b[k]));
    }
    w2v_close(text);
    w2v_close(binary);
}

/* gensim's three files hold the same. */
static void test_gensim(void)
{
    static const char *const names[] = {"gensim.bin", "gensim.txt", "gensim-no-header.txt"};
    static const char *const kinds[] = {"word2vec", "word2vec-text", "glove"};
    static const float expected[3][3] = {
        {0.5f, -1.25f, 3}, {1e-3f, 2e5f, -7.75f}, {0.1f, 0.2f, 0.3f}};
    for (size_t i = 0; i < 3; i++) {
        struct w2v_model *model;
        char file[100];
        float vector[3];
        snprintf(file, sizeof file, "tests/formats/%s", names[i]);
        CHECK_MSG(w2v_open(&model, file, &error) == W2V_OK, "%s", error.message);
        CHECK(strcmp(w2v_format(model), kinds[i]) == 0);
        CHECK(strcmp(words_of(model), "the|of|na\xc3\xafve|") == 0);
        for (size_t id = 0; id < 3; id++) {
            w2v_vector(model, id, vector);
            CHECK(memcmp(vector, expected[id], sizeof vector) == 0);
        }
        w2v_close(model);
    }
}

int main(void)
{
    models_make_path(path);
    TEST(test_accepts);
    TEST(test_faults);
    TEST(test_cut_anywhere);
    TEST(test_large);
    TEST(test_golden);
    TEST(test_gensim);
    unlink(path);
    return test_end();
}
