/* Writing models: from every format to every other and back, selected words, changed numbers. */
#include "test.h"

#include <float.h>
#include <math.h>
#include <sys/stat.h>

#include "model/ending.h"
#include "model/model.h"
#include "models.h"

static char folder[MODELS_PATH];
static struct w2v_error error;

static const char *in_folder(const char *name)
{
    static char paths[4][MODELS_PATH + 40];
    static unsigned turn;
    char *path = paths[turn++ % 4];
    snprintf(path, sizeof paths[0], "%s/%s", folder, name);
    return path;
}

static const struct {
    enum w2v_file file;
    const char *name;
} formats[] = {{W2V_FILE_WORD2VEC, "a.bin"},
               {W2V_FILE_WORD2VEC_PLAIN, "a.plain"},
               {W2V_FILE_WORD2VEC_TEXT, "a.text"},
               {W2V_FILE_GLOVE, "a.glove"},
               {W2V_FILE_FASTTEXT_VEC, "a.vec"},
               {W2V_FILE_FASTTEXT_BIN, "a.ftbin"},
               {W2V_FILE_NPY, "a.npy"},
               {W2V_FILE_SAFETENSORS, "a.safetensors"},
               {W2V_FILE_PROJECTOR, "a.tsv"}};

enum { LOSSLESS = 9, WORDS = 1500, DIM = 11 };

/* Opens `from` and writes `to`. */
static int convert(const char *from, const char *to, const struct w2v_convert_options *options,
                   struct w2v_convert_report *report)
{
    struct w2v_model *model;
    error.message[0] = '\0';
    int status = w2v_open(&model, from, &error);
    if (status != W2V_OK)
        return status;
    status = w2v_convert(model, to, options, report, &error);
    w2v_close(model);
    return status;
}

/* A number of any size; some are zeros of either sign. */
static float any_number(size_t i)
{
    uint32_t bits = (uint32_t)rng_at(11, i);
    float x;
    if (i % 97 == 0)
        return i % 2 ? -0.0f : 0;
    memcpy(&x, &bits, sizeof x);
    return isfinite(x) ? x : (float)i;
}

static void write_model(const char *path, const char *record)
{
    float *rows = calloc(WORDS * DIM, sizeof *rows);
    uint64_t *counts = calloc(WORDS, sizeof *counts);
    for (size_t i = 0; i < WORDS * DIM; i++)
        rows[i] = any_number(i);
    for (size_t i = 0; i < WORDS; i++)
        counts[i] = 10 * (WORDS - i);
    CHECK(models_container(path, rows, WORDS, DIM, counts, record, &error) == W2V_OK);
    free(rows);
    free(counts);
}

static size_t differences(const char *a, const char *b)
{
    struct w2v_model *x, *y;
    float u[DIM], v[DIM];
    size_t n = 0, n_bytes, m_bytes;
    if (w2v_open(&x, a, &error) != W2V_OK)
        return 1;
    if (w2v_open(&y, b, &error) != W2V_OK) {
        w2v_close(x);
        return 1;
    }
    n += w2v_n_words(x) != w2v_n_words(y) || w2v_dim(x) != DIM || w2v_dim(y) != DIM;
    for (size_t id = 0; id < w2v_n_words(x) && n == 0; id++) {
        const char *word = w2v_word(x, id, &n_bytes), *other = w2v_word(y, id, &m_bytes);
        w2v_vector(x, id, u);
        w2v_vector(y, id, v);
        n += n_bytes != m_bytes || memcmp(word, other, n_bytes) != 0 || memcmp(u, v, sizeof u) != 0;
    }
    w2v_close(x);
    w2v_close(y);
    return n;
}

static void test_every_pair(void)
{
    struct w2v_convert_options options;
    struct w2v_convert_report report;
    w2v_convert_options_init(&options);
    write_model(in_folder("first.bin"), NULL);
    for (size_t i = 0; i < LOSSLESS; i++) {
        options.file = formats[i].file;
        CHECK(convert(in_folder("first.bin"), in_folder(formats[i].name), &options, &report) ==
              W2V_OK);
        CHECK(report.n_words == WORDS && report.n_respelled == 0 && report.n_duplicates == 0);
        for (size_t j = 0; j < LOSSLESS; j++) {
            char name[40];
            snprintf(name, sizeof name, "b%s", strchr(formats[j].name, '.'));
            options.file = formats[j].file;
            CHECK_MSG(convert(in_folder(formats[i].name), in_folder(name), &options, NULL) ==
                          W2V_OK,
                      "%zu %zu: %s", i, j, error.message);
            CHECK_MSG(differences(in_folder("first.bin"), in_folder(name)) == 0, "%zu to %zu", i,
                      j);
        }
    }
}

static size_t file_equals(const char *a, const char *b)
{
    size_t n, m;
    unsigned char *x = models_read(a, &n), *y = models_read(b, &m);
    const bool same = n == m && memcmp(x, y, n) == 0;
    free(x);
    free(y);
    return same;
}

/* The model file comes back byte for byte; its record says what was done to the numbers. */
static void test_record_and_counts(void)
{
    static const char record[] = "window\t5\nloss_1\t3.25\n";
    struct w2v_convert_options options;
    w2v_convert_options_init(&options);
    write_model(in_folder("first.bin"), record);
    CHECK(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_OK);
    CHECK(file_equals(in_folder("first.bin"), in_folder("a.bin")));

    options.top = 7;
    options.normalize = true;
    CHECK(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_OK);
    struct w2v_model *model;
    uint64_t count;
    char text[200] = "";
    CHECK(w2v_open(&model, in_folder("a.bin"), &error) == W2V_OK);
    CHECK(w2v_n_words(model) == 7 && w2v_count(model, 6, &count) && count == 10 * (WORDS - 6));
    CHECK(container_read(&model->container, CONTAINER_RECORD, 0, text,
                         (size_t)model->container.sections[CONTAINER_RECORD].n_bytes));
    CHECK(strcmp(text, "window\t5\nloss_1\t3.25\ntransformed\tnormalize\n") == 0);
    w2v_close(model);
}

static void test_choices(void)
{
    static const char text[] = "6 2\na 1 2\nb 3 4\na 5 6\nNew York 7 8\nc 9 10\nd 11 12\n";
    struct w2v_convert_options options;
    struct w2v_convert_report report;
    char list[MODELS_PATH + 40];
    w2v_convert_options_init(&options);
    models_write(in_folder("x.txt"), text, strlen(text));
    options.file = W2V_FILE_GLOVE;
    CHECK(convert(in_folder("x.txt"), in_folder("y"), &options, &report) == W2V_OK);
    CHECK(report.n_words == 5 && report.n_duplicates == 1 && report.n_respelled == 1);
    models_write(in_folder("z"), "a 1 2\nb 3 4\nNew_York 7 8\nc 9 10\nd 11 12\n", 40);
    CHECK(file_equals(in_folder("y"), in_folder("z")));

    options.top = 4;
    models_write(in_folder("list"), "c\t17\nnone\nNew York\r\nd\n\nb", 24);
    snprintf(list, sizeof list, "%s", in_folder("list"));
    options.words_path = list;
    CHECK(convert(in_folder("x.txt"), in_folder("y"), &options, &report) == W2V_OK);
    CHECK(report.n_words == 3 && report.n_missing == 1);
    models_write(in_folder("z"), "b 3 4\nNew_York 7 8\nc 9 10\n", 26);
    CHECK(file_equals(in_folder("y"), in_folder("z")));

    options.file = W2V_FILE_WORD2VEC;
    CHECK(convert(in_folder("x.txt"), in_folder("y"), &options, &report) == W2V_OK);
    CHECK(report.n_respelled == 1 && strcmp(report.format, "word2vec") == 0);
    struct w2v_model *model;
    CHECK(w2v_open(&model, in_folder("y"), &error) == W2V_OK);
    CHECK(w2v_find(model, "New_York", 8) == 1);
    w2v_close(model);

    snprintf(list, sizeof list, "%s", in_folder("nowhere"));
    CHECK(convert(in_folder("x.txt"), in_folder("y"), &options, &report) == W2V_EIO);
    snprintf(list, sizeof list, "%s", in_folder("list"));
    models_write(list, "none\n", 5);
    CHECK(convert(in_folder("x.txt"), in_folder("y"), &options, &report) == W2V_EDATA);
}

/* Bytes that a format cannot hold are respelled. */
static void test_respelled(void)
{
    struct w2v_convert_options options;
    struct w2v_convert_report report;
    struct w2v_model *model;
    const float rows[] = {1, 2, 3, 4};
    size_t n;
    w2v_convert_options_init(&options);
    models_write(in_folder("x.words"), "a b \n\n\tc\nd\r\n", 12);
    unsigned char npy[200] = "\x93NUMPY\1";
    const char *dict = "{'descr': '<f4', 'fortran_order': False, 'shape': (4, 1)}";
    npy[8] = (unsigned char)strlen(dict);
    memcpy(npy + 10, dict, strlen(dict));
    memcpy(npy + 10 + strlen(dict), rows, sizeof rows);
    models_write(in_folder("x.npy"), npy, 10 + strlen(dict) + sizeof rows);
    static const char *const expected[4] = {"a_b_", "_", "_", "d"};
    static const enum w2v_file files[] = {W2V_FILE_WORD2VEC, W2V_FILE_WORD2VEC_TEXT,
                                          W2V_FILE_FASTTEXT_VEC};
    for (int i = 0; i < 3; i++) {
        options.file = files[i];
        CHECK(convert(in_folder("x.npy"), in_folder("y"), &options, &report) == W2V_OK);
        CHECK_MSG(report.n_respelled == 2 && report.n_duplicates == 1, "%d", i);
        CHECK(w2v_open(&model, in_folder("y"), &error) == W2V_OK);
        for (size_t id = 0, j = 0; id < w2v_n_words(model); id++, j += j == 1 ? 2 : 1) {
            const char *word = w2v_word(model, id, &n);
            CHECK_MSG(n == strlen(expected[j]) && memcmp(word, expected[j], n) == 0, "%d %zu: %.*s",
                      i, id, (int)n, word);
        }
        w2v_close(model);
    }
}

/* Mean and directions are removed from rows made of them; the bits do not depend on threads. */
static void test_remove_top(void)
{
    enum { N = 3000, D = 24, TOP = 2 };
    struct w2v_convert_options options;
    struct w2v_model *model;
    float *rows = malloc(N * D * sizeof *rows), vector[D];
    double directions[TOP][D], sums[TOP] = {0}, mean[D] = {0}, square = 0, before = 0;
    for (size_t d = 0; d < TOP; d++)
        for (size_t k = 0; k < D; k++)
            directions[d][k] = (double)models_number(20 + d, 0, k);
    for (size_t i = 0; i < N; i++)
        for (size_t k = 0; k < D; k++) {
            double x = 3 + 0.01 * (double)models_number(1, i, k);
            for (size_t d = 0; d < TOP; d++)
                x += (double)models_number(2 + d, i, 0) * directions[d][k] / (double)(1 + d);
            rows[i * D + k] = (float)x;
            before += x * x;
        }
    CHECK(models_container(in_folder("first.bin"), rows, N, D, NULL, NULL, &error) == W2V_OK);
    w2v_convert_options_init(&options);
    options.remove_top = TOP;
    for (unsigned threads = 1; threads <= 3; threads++) {
        options.threads = threads;
        CHECK(convert(in_folder("first.bin"), in_folder(threads == 1 ? "a.bin" : "b.bin"), &options,
                      NULL) == W2V_OK);
        CHECK(threads == 1 || file_equals(in_folder("a.bin"), in_folder("b.bin")));
    }
    CHECK(w2v_open(&model, in_folder("a.bin"), &error) == W2V_OK);
    for (size_t i = 0; i < N; i++) {
        w2v_vector(model, i, vector);
        for (size_t k = 0; k < D; k++) {
            mean[k] += (double)vector[k] / N;
            square += (double)vector[k] * (double)vector[k];
        }
        for (size_t d = 0; d < TOP; d++) {
            double along = 0;
            for (size_t k = 0; k < D; k++)
                along += (double)vector[k] * directions[d][k];
            sums[d] += along * along;
        }
    }
    for (size_t k = 0; k < D; k++)
        CHECK(fabs(mean[k]) < 1e-6);
    CHECK(square < before * 1e-4 && square > before * 1e-7); /* only the noise is left */
    for (size_t d = 0; d < TOP; d++)
        CHECK_MSG(sums[d] < 1e-3 * N, "%zu: %g", d, sums[d]);
    w2v_close(model);

    options = (struct w2v_convert_options){.center = true, .normalize = true};
    CHECK(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_OK);
    CHECK(w2v_open(&model, in_folder("a.bin"), &error) == W2V_OK);
    for (size_t i = 0; i < N; i += 100) {
        double length = 0;
        w2v_vector(model, i, vector);
        for (size_t k = 0; k < D; k++)
            length += (double)vector[k] * (double)vector[k];
        CHECK(fabs(length - 1) < 1e-5);
    }
    w2v_close(model);
    options = (struct w2v_convert_options){.remove_top = D};
    CHECK(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_EARG);
    /* Three vectors less their mean span two directions. */
    options = (struct w2v_convert_options){.remove_top = 2, .top = 3};
    CHECK(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_EARG);
    options.remove_top = 1;
    CHECK(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_OK);
    free(rows);
}

/* Rows times a power of two lose the same directions, bit by bit, however large or small they are. */
static void test_remove_top_of_any_size(void)
{
    enum { N = 60, D = 8 };
    static const int powers[] = {0, 66, -80}; /* squares of the last two do not fit into floats */
    const struct w2v_convert_options options = {.remove_top = 1}, as_it_is = {.top = N};
    struct w2v_model *model;
    float first[N * D], rows[N * D];
    for (size_t p = 0; p < sizeof powers / sizeof powers[0]; p++) {
        for (size_t i = 0; i < (size_t)N * D; i++)
            rows[i] = ldexpf(models_number(1, i, 0) + (i % D == 2 ? models_number(2, i, 0) * 3 : 0),
                             powers[p]);
        CHECK(models_container(in_folder("first.bin"), rows, N, D, NULL, NULL, &error) == W2V_OK);
        CHECK_MSG(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_OK,
                  "%s", error.message);
        CHECK(w2v_open(&model, in_folder("a.bin"), &error) == W2V_OK);
        for (size_t i = 0; i < N; i++)
            w2v_vector(model, i, (p == 0 ? first : rows) + i * D);
        for (size_t i = 0; i < (size_t)N * D && p > 0; i++)
            CHECK_MSG(rows[i] == ldexpf(first[i], powers[p]), "2^%d: %g", powers[p],
                      (double)rows[i]);
        w2v_close(model);
    }

    /* The first row less the mean is beyond the largest float. The file stays as it was. */
    for (size_t i = 0; i < (size_t)N * D; i++)
        rows[i] = i < D ? -FLT_MAX : FLT_MAX;
    CHECK(convert(in_folder("a.bin"), in_folder("b.bin"), &as_it_is, NULL) == W2V_OK);
    CHECK(models_container(in_folder("first.bin"), rows, N, D, NULL, NULL, &error) == W2V_OK);
    CHECK(convert(in_folder("first.bin"), in_folder("a.bin"), &options, NULL) == W2V_ENUMERIC);
    CHECK(file_equals(in_folder("a.bin"), in_folder("b.bin")));
}

static void test_refuses(void)
{
    static const char nan_row[] = "2 2\na \1\2\3\4\1\2\3\4b \1\2\3\4\xff\xff\xff\x7f";
    static const char large[] = "2 1\na 1\nb 65520\n";
    struct w2v_convert_options options;
    w2v_convert_options_init(&options);
    models_write(in_folder("nan"), nan_row, sizeof nan_row - 1);
    models_write(in_folder("large"), large, sizeof large - 1);
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        struct stat st;
        options.file = formats[i].file;
        unlink(in_folder(formats[i].name));
        unlink(in_folder("a.words"));
        unlink(in_folder("a.metadata.tsv"));
        CHECK_MSG(convert(in_folder("nan"), in_folder(formats[i].name), &options, NULL) ==
                      W2V_ENUMERIC,
                  "%zu", i);
        CHECK(strstr(error.message, "\"b\" (row 2)") != NULL);
        CHECK(stat(in_folder(formats[i].name), &st) != 0);
    }
    options.file = W2V_FILE_NPY;
    options.precision = W2V_F16;
    CHECK(convert(in_folder("large"), in_folder("a.npy"), &options, NULL) == W2V_ENUMERIC);
    CHECK(strstr(error.message, "too large") != NULL);
    options.precision = W2V_BF16;
    CHECK(convert(in_folder("large"), in_folder("a.npy"), &options, NULL) == W2V_EARG);
    options.precision = W2V_F32;
    CHECK(convert(in_folder("large"), "-", &options, NULL) == W2V_EARG);
    CHECK(convert(in_folder("large"), in_folder("no/a.npy"), &options, NULL) == W2V_EIO);
}

static int convert_text(const char *text, const char *to)
{
    struct w2v_convert_options options;
    w2v_convert_options_init(&options);
    models_write(in_folder("x.txt"), text, strlen(text));
    return convert(in_folder("x.txt"), in_folder(to), &options, NULL);
}

/* A matrix never silently gets the words of another. */
static void test_lists(void)
{
    static const char one[] = "2 2\na 1 2\nb 3 4\n", two[] = "2 2\nc 1 2\nd 3 4\n";
    struct w2v_model *model;
    size_t n;
    CHECK(convert_text(one, "v.npy") == W2V_OK);
    CHECK(convert_text(two, "v.safetensors") == W2V_OK);
    CHECK(w2v_open(&model, in_folder("v.npy"), &error) == W2V_OK);
    CHECK(w2v_find(model, "b", 1) == 1);
    w2v_close(model);
    CHECK(w2v_open(&model, in_folder("v.safetensors"), &error) == W2V_OK);
    CHECK(w2v_find(model, "d", 1) == 1);
    w2v_close(model);

    CHECK(convert_text(two, "w.npy") == W2V_OK);
    CHECK(rename(in_folder("v.words"), in_folder("kept")) == 0);
    CHECK(rename(in_folder("w.words"), in_folder("v.words")) == 0);
    CHECK(w2v_open(&model, in_folder("v.npy"), &error) == W2V_EFORMAT);
    CHECK(strstr(error.message, "v.words: is not the list") != NULL);
    CHECK(convert_text(one, "v.npy") == W2V_EIO); /* somebody's list */
    CHECK(strstr(error.message, "v.words: exists and was not written with") != NULL);
    CHECK(convert_text(two, "v.npy") == W2V_OK); /* the same list */
    CHECK(convert_text(one, "v.npy") == W2V_OK); /* the list of the matrix that is replaced */
    CHECK(file_equals(in_folder("v.words"), in_folder("kept")));
    /* NumPy still finds the same numbers. */
    unsigned char *bytes = models_read(in_folder("v.npy"), &n);
    CHECK(n == 128 + 2 * 2 * 4 + 28 && memcmp(bytes + 144, "\nw2v words ", 11) == 0);
    bytes[n - 2] ^= 1;
    models_write(in_folder("v.npy"), bytes, n);
    CHECK(w2v_open(&model, in_folder("v.npy"), &error) == W2V_EFORMAT);
    bytes[n - 1] = ' ';
    models_write(in_folder("v.npy"), bytes, n);
    CHECK(w2v_open(&model, in_folder("v.npy"), &error) == W2V_EFORMAT);
    CHECK(strstr(error.message, "does not fill the 44 bytes") != NULL);
    models_write(in_folder("v.npy"), bytes, n - 28); /* any list will do for this matrix */
    CHECK(w2v_open(&model, in_folder("v.npy"), &error) == W2V_OK);
    w2v_close(model);
    free(bytes);
}

/* Words with blanks are read from text, and written so that every reader gets the same rows. */
static void test_numbers_in_words(void)
{
    static const enum w2v_file files[] = {W2V_FILE_WORD2VEC_TEXT, W2V_FILE_FASTTEXT_VEC,
                                          W2V_FILE_GLOVE};
    static const char text[] = "3 2\nwindows 95 1 2\n7 8 3 4\n0.5 5 6\n";
    for (size_t i = 0; i < 3; i++) {
        struct w2v_convert_options options;
        struct w2v_convert_report report;
        struct w2v_model *model;
        w2v_convert_options_init(&options);
        options.file = files[i];
        models_write(in_folder("x.txt"), text, strlen(text));
        CHECK(convert(in_folder("x.txt"), in_folder("y"), &options, &report) == W2V_OK);
        CHECK_MSG(report.n_respelled == 2, "%zu", i);
        CHECK(w2v_open(&model, in_folder("y"), &error) == W2V_OK);
        CHECK(w2v_dim(model) == 2 && w2v_find(model, "windows_95", 10) == 0 &&
              w2v_find(model, "0.5", 3) == 2);
        w2v_close(model);
    }
}

static void test_endings(void)
{
    static const struct {
        const char *name;
        enum w2v_file asked, file; /* file GUESS: refused */
        const char *packed;
    } cases[] = {
        {"x", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {"-", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {"a.b/x", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {".hidden", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {"vec.300", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {"x.", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {"x.bin", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {"x.W2V", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, NULL},
        {"x.Vec", W2V_FILE_GUESS, W2V_FILE_FASTTEXT_VEC, NULL},
        {"x.ftbin", W2V_FILE_GUESS, W2V_FILE_FASTTEXT_BIN, NULL},
        {"x.ftz", W2V_FILE_GUESS, W2V_FILE_GUESS, NULL},
        {"x.txt.gz", W2V_FILE_GUESS, W2V_FILE_WORD2VEC_TEXT, "gzip"},
        {"x.gz", W2V_FILE_GUESS, W2V_FILE_WORD2VEC, "gzip"},
        {"x.tsv", W2V_FILE_GUESS, W2V_FILE_PROJECTOR, NULL},
        {"x.foo", W2V_FILE_GUESS, W2V_FILE_GUESS, NULL},
        {"x.parquet", W2V_FILE_GUESS, W2V_FILE_GUESS, NULL},
        {"x.tar.gz", W2V_FILE_GUESS, W2V_FILE_GUESS, NULL},
        {"x.npy.gz", W2V_FILE_GUESS, W2V_FILE_GUESS, NULL},
        {"x.foo", W2V_FILE_GLOVE, W2V_FILE_GLOVE, NULL},
        {"x.npy", W2V_FILE_GLOVE, W2V_FILE_GLOVE, NULL},
        {"x.foo.zst", W2V_FILE_GLOVE, W2V_FILE_GLOVE, "zstd"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct ending ending;
        const int status = ending_choose(&ending, cases[i].name, cases[i].asked, &error);
        CHECK_MSG(status == (cases[i].file != W2V_FILE_GUESS ? W2V_OK : W2V_EARG), "%s",
                  cases[i].name);
        if (status != W2V_OK)
            continue;
        CHECK_MSG(ending.file == cases[i].file, "%s", cases[i].name);
        CHECK_MSG(cases[i].packed == NULL
                      ? ending.pack == NULL
                      : ending.pack != NULL && strcmp(ending.pack->name, cases[i].packed) == 0,
                  "%s", cases[i].name);
    }
}

/* A damaged matrix part is found, though opening does not look at it. */
static void test_verify(void)
{
    struct w2v_convert_options options;
    struct w2v_model *model;
    size_t n;
    w2v_convert_options_init(&options);
    write_model(in_folder("first.bin"), NULL);
    unsigned char *bytes = models_read(in_folder("first.bin"), &n);
    CHECK(w2v_open(&model, in_folder("first.bin"), &error) == W2V_OK);
    CHECK(w2v_verify(model, &error) == W2V_OK);
    w2v_close(model);
    bytes[3000] ^= 1;
    models_write(in_folder("a.bin"), bytes, n);
    CHECK(w2v_open(&model, in_folder("a.bin"), &error) == W2V_OK);
    CHECK(w2v_verify(model, &error) == W2V_EFORMAT);
    CHECK(w2v_convert(model, in_folder("b.bin"), &options, NULL, &error) == W2V_EFORMAT);
    w2v_close(model);
    free(bytes);
    CHECK(w2v_open(&model, in_folder("nan"), &error) == W2V_OK);
    CHECK(w2v_verify(model, &error) == W2V_ENUMERIC);
    w2v_close(model);
}

int main(void)
{
    char command[MODELS_PATH + 20];
    models_make_path(folder);
    unlink(folder);
    if (mkdir(folder, 0700) != 0)
        return 1;
    TEST(test_every_pair);
    TEST(test_record_and_counts);
    TEST(test_choices);
    TEST(test_respelled);
    TEST(test_remove_top);
    TEST(test_remove_top_of_any_size);
    TEST(test_refuses);
    TEST(test_verify);
    TEST(test_lists);
    TEST(test_endings);
    TEST(test_numbers_in_words);
    snprintf(command, sizeof command, "rm -r '%s'", folder);
    return system(command) != 0 || test_end();
}
