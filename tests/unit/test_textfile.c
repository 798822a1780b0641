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

/* The words, with "|" behind each. */
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
        float last; /* the last number of the last word */
    } cases[] = {
        {"the 0.5 -1 1e-3\nof 1 2 3\n", "glove", "the|of|", 3, 3},
        {"a 1 2\n", "glove", "a|", 2, 2},
        {"1 2 3\n4 5 6\n", "glove", "1|4|", 2, 6}, /* words that are numbers */
        {"area 51 0.5 0.25\nthe 1 2\nof 3 4\n", "glove", "area 51|the|of|", 2, 4},
        {". . . 0.5 0.25\nthe 1 2\n", "glove", ". . .|the|", 2, 2},
        {"3 2\narea 51 0.5 0.25\nthe 1 2\n12 3 4\n", "word2vec-text", "area 51|the|12|", 2, 4},
        {"2 2\na\xc2\xa0_b 1 2\n\xff\xfe 3 4\n", "word2vec-text", "a\xc2\xa0_b|\xff\xfe|", 2, 4},
        {"1 3\nx\t1\t2 \t 3\t\r\n", "word2vec-text", "x|", 3, 3},
        {"1 2\nx 1 3e0\n\n\n \n", "word2vec-text", "x|", 2, 3},
        {"1 1\nx 1.00000000000000000000000000001e0\n", "word2vec-text", "x|", 1, 1},
        {"1 2\nx +.5 -0\n", "word2vec-text", "x|", 2, -0.0f},
        {"2 2\nx 1 2\nx 3 4\n", "word2vec-text", "x|x|", 2, 4},
        /* The last line has all its numbers. */
        {"2 2\na 1 2\nb 3 4", "word2vec-text", "a|b|", 2, 4},
        {"a 1 2\nb 3 4", "glove", "a|b|", 2, 4},
        {"a 1 2", "glove", "a|", 2, 2},
        /* Empty lines. */
        {"2 3\n\ncat 0.1 0.2 0.3\ndog 0.4 0.5 0.6\n", "word2vec-text", "cat|dog|", 3, 0.6f},
        {"\n \na 1 2\n\n\t\r\nc 5 6\n", "glove", "a|c|", 2, 6},
        /* A byte-order mark. */
        {"\xef\xbb\xbf"
         "2 2\na 1 2\nb 3 4\n",
         "word2vec-text", "a|b|", 2, 4},
        {"\xef\xbb\xbf"
         "a 1 2\nb 3 4\n",
         "glove", "a|b|", 2, 4},
        /* The header's D decides. */
        {"2 2\nwindows 95 0.1 0.2\nwindows 98 0.5 0.25\n", "word2vec-text",
         "windows 95|windows 98|", 2, 0.25f},
        {"2 3\ncat 0.1 0.2 0.3\ndog 0.4 0.5 0.6\n", "word2vec-text", "cat|dog|", 3, 0.6f},
        /* The beginning of a safetensors file, or of a page, may be that of vectors. */
        {"0002 02\n{ 1 2\n} 3 4\n", "word2vec-text", "{|}|", 2, 4},
        {"<head> 1 2\n<html> 3 4\n", "glove", "<head>|<html>|", 2, 4},
        {"<?xml 1 2\n<header 3 4\n", "glove", "<?xml|<header|", 2, 4},
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
        const char *text, *says, *words; /* the words that a tolerant opening reads; NULL: none */
        const char *skipped;             /* the end of the message, about skipped lines */
    } cases[] = {
        {"a 1 2\nb 3 4\nc 5\nd 6 7\n", ":3: a word and 1 number, where there should be 2", "a|b|d|",
         "; 1 line skipped: 3"},
        {"a 1 2\nb 3 4\nc 5 x\nd 6 7\n", ":3: \"x\" is not a number", "a|b|d|",
         "; 1 line skipped: 3"},
        {"a 1 2\nb 3 inf\nc 5 6\n", ":2: number 2, \"inf\", is not finite", "a|c|",
         "; 1 line skipped: 2"},
        {"a 1 2\nb nan 4\n", ":2: number 1, \"nan\", is not finite", "a|", "; 1 line skipped: 2"},
        {"a 1 2\nb 1e39 4\n", ":2: number 1, \"1e39\", is not finite", "a|", "; 1 line skipped: 2"},
        {"a 1 2\n\nb 3 4\n5 6\nc\n\nd 1\ne\nf\ng\nh 1 2\ni 1 2", ":4: 2 numbers without",
         "a|b|h|i|", "; 6 lines skipped: 4, 5, 7, 8, 9 and more"},
        {"a 1 2\nb 3", ":2: the last line does not end in a newline", "a|", "; 1 line skipped: 2"},
        {"3 2\na 1.25 2.5\nb 3 4\n", ":4: the file ends after 2 of 3 rows", "a|b|", NULL},
        {"3 2\na 1.25 2.5\nb\nc 3 4\n", ":3: a word and 0 numbers, where there should be 2", "a|c|",
         "; 1 line skipped: 3"},
        {"9 2\na 1 2\nb 3 4\n", "promises 9 words", "a|b|", NULL},
        {"1 2\na 1 2\nb 3 4\n", ":3: more rows than the 1", "a|", NULL},
        {"2 3\ncat 0.1 0.2 O.3\ndog 0.4 0.5 0.6\n", ":2: \"O.3\" is not a number", "dog|",
         "; 1 line skipped: 2"},
        {"2 3\ncat O.1 0.2 0.3\ndog 0.4 0.5 0.6\n", ":2: \"O.1\" is not a number", "dog|",
         "; 1 line skipped: 2"},
        {"2 3\ncat x y z\ndog u v w\n", ":2: \"z\" is not a number", NULL, NULL},
        {"2 4\na 1.25 2.5 3.5\nb 4 5 6\n", ":2: a word and 3 numbers, where there should be 4",
         NULL, NULL},
        {"2 1000000\na 1 2 3\nb 4 5 6\n", "2 words of 1000000 dimensions", NULL, NULL},
        {"3 2\na 1 2 3\nb 3 4 5\nc 5 6 7\n", "rows have 3 numbers, but the header promises 2", NULL,
         NULL},
        {"the 15\nof 14\n", "not a vector file", NULL, NULL},
        {"1\t2\t3\n4\t5\t6\n", "of the embedding projector; its words should be in", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct w2v_model *model;
        const int refused = open_text(&model, cases[i].text, false);
        CHECK_MSG(refused == W2V_EFORMAT || refused == W2V_EIO, "case %zu", i);
        CHECK_MSG(strstr(error.message, cases[i].says) != NULL, "case %zu: %s", i, error.message);
        const int status = open_text(&model, cases[i].text, true);
        CHECK_MSG((status == W2V_OK) == (cases[i].words != NULL), "case %zu", i);
        if (status != W2V_OK)
            continue;
        CHECK_MSG(strcmp(words_of(model), cases[i].words) == 0, "case %zu: %s", i, words_of(model));
        const char *fault = w2v_fault(model);
        CHECK_MSG(fault != NULL && strncmp(fault, path, strlen(path)) == 0, "case %zu", i);
        const char *skipped = strstr(fault, "; ");
        CHECK_MSG(cases[i].skipped == NULL || strcmp(skipped, cases[i].skipped) == 0,
                  "case %zu: %s", i, fault);
        w2v_close(model);
    }
}

/* A file with a header is refused if it is cut anywhere in a row. */
static void test_cut_anywhere(void)
{
    static const char text[] = "3 2\nthe 0.5 0.25\nof 1 2\nand 0.125 10\n";
    struct w2v_model *model;
    for (size_t n = 1; n < strlen(text); n++) {
        const bool has_all = n >= strlen(text) - 2; /* the last number has a digit */
        models_write(path, text, n);
        CHECK_MSG(w2v_open(&model, path, &error) == (has_all ? W2V_OK : W2V_EFORMAT), "%zu", n);
        if (has_all)
            w2v_close(model);
        if (n <= 4)
            continue;
        models_write(path, text + 4, n - 4);
        /* A last line that is cut behind its first number is not a row. */
        const char *line = text + n;
        size_t n_blanks = 0;
        while (line[-1] != '\n')
            n_blanks += *--line == ' ' && line + 1 < text + n;
        const bool is_whole = text[n - 1] == '\n' || n_blanks == 2;
        const int status = w2v_open(&model, path, &error);
        CHECK_MSG(status == (is_whole ? W2V_OK : W2V_EFORMAT), "%zu %d", n, is_whole);
        if (status == W2V_OK)
            w2v_close(model);
    }
}

/* With many bad lines among many rows, the rows are the same for any number of threads. */
static void test_skipped(void)
{
    enum { WORDS = 60000, DIM = 30 };
    FILE *file = fopen(path, "wb");
    size_t n_good = 0;
    fprintf(file, "%d %d\n", WORDS, DIM);
    for (size_t id = 0; id < WORDS; id++) {
        const bool bad = id % 1000 == 17 || (id > 20000 && id < 30000);
        n_good += !bad;
        fprintf(file, "w%zu", id);
        for (size_t k = 0; k < (bad && id % 2 == 0 ? DIM - 1 : DIM); k++)
            fprintf(file, bad && k == 3 ? " x" : " %zu.5", id + k);
        fprintf(file, id % 100 == 0 ? "\n\n" : "\n");
    }
    fclose(file);
    for (unsigned threads = 1; threads <= 3; threads++) {
        struct w2v_open_options options = {.threads = threads, .tolerant = true};
        struct w2v_model *model;
        float vector[DIM];
        size_t n_wrong = 0, n;
        CHECK(w2v_open_with(&model, path, &options, &error) == W2V_OK);
        CHECK_MSG(w2v_n_words(model) == n_good, "%zu", w2v_n_words(model));
        for (size_t id = 0; id < w2v_n_words(model); id++) {
            const char *word = w2v_word(model, id, &n);
            const double number = strtod(word + 1, NULL);
            w2v_vector(model, id, vector);
            for (size_t k = 0; k < DIM; k++)
                n_wrong += vector[k] != (float)(number + (double)k + 0.5);
        }
        CHECK_MSG(n_wrong == 0, "%zu", n_wrong);
        CHECK_MSG(strstr(w2v_fault(model), " lines skipped: 20, 1030, 2040, 3050, 4060 and more") !=
                      NULL,
                  "%s", w2v_fault(model));
        w2v_close(model);
    }
}

/* What a tolerant opening left out is told to callers who pass no error, too. */
static void test_fault_without_error(void)
{
    static const char *const texts[] = {"2 2\na 1 2\nb 1\n", "a 1 2\nb 3 4\nc 1"};
    struct w2v_open_options options;
    struct w2v_model *model;
    char told[sizeof error.message];
    w2v_open_options_init(&options);
    options.tolerant = true;
    for (size_t i = 0; i < 2; i++) {
        CHECK(open_text(&model, texts[i], true) == W2V_OK);
        snprintf(told, sizeof told, "%s", w2v_fault(model));
        w2v_close(model);
        CHECK(w2v_open_with(&model, path, &options, NULL) == W2V_OK);
        CHECK_MSG(strcmp(w2v_fault(model), told) == 0, "%s", w2v_fault(model));
        w2v_close(model);
    }
}

/* The words of the projector's numbers are in another file, with or without column names. */
static void test_projector(void)
{
    static const char *const metadata[] = {"a\nb c\n", "word\tcount\na\t7\nb c\t6\n",
                                           "a\t7\nb c\t6", "a\n"};
    char numbers[MODELS_PATH + 20], list[MODELS_PATH + 20];
    snprintf(numbers, sizeof numbers, "%s.tsv", path);
    snprintf(list, sizeof list, "%s.metadata.tsv", path);
    models_write(numbers, "1\t2\t3.5\n4\t5\t-6", 14);
    for (size_t i = 0; i < 4; i++) {
        struct w2v_model *model;
        float vector[3];
        models_write(list, metadata[i], strlen(metadata[i]));
        const int status = w2v_open(&model, numbers, &error);
        CHECK_MSG(status == (i < 3 ? W2V_OK : W2V_EFORMAT), "%zu: %s", i, error.message);
        if (status != W2V_OK)
            continue;
        CHECK(strcmp(w2v_format(model), "projector") == 0 && w2v_dim(model) == 3);
        CHECK(strcmp(words_of(model), "a|b c|") == 0);
        w2v_vector(model, 1, vector);
        CHECK(vector[0] == 4 && vector[1] == 5 && vector[2] == -6);
        w2v_close(model);
    }
    /* Two whole numbers are not a header if the next line has no word. */
    static const char *const pairs[] = {"1\t2\n4\t5\n", "\xef\xbb\xbf"
                                                        "1\t2\r\n4\t5"};
    models_write(list, "a\nb\n", 4);
    for (size_t i = 0; i < 2; i++) {
        struct w2v_model *model;
        models_write(numbers, pairs[i], strlen(pairs[i]));
        CHECK_MSG(w2v_open(&model, numbers, &error) == W2V_OK, "%zu: %s", i, error.message);
        CHECK(strcmp(w2v_format(model), "projector") == 0 && w2v_n_words(model) == 2);
        w2v_close(model);
    }
    unlink(numbers);
    unlink(list);
}

/* A file of several stretches, with a very long word, is read the same on any number of threads. */
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

/* fastText's .vec has the words of its .bin, and its numbers to the digits that are printed. */
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

/* gensim's three files have the same words and numbers. */
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
    TEST(test_skipped);
    TEST(test_fault_without_error);
    TEST(test_projector);
    TEST(test_large);
    TEST(test_golden);
    TEST(test_gensim);
    unlink(path);
    return test_end();
}
