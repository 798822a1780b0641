/* Matrices with their words beside them: NumPy's and safetensors' files; and floats of 16 bits. */
#include "test.h"

#include <math.h>
#include <sys/stat.h>

#include "model/half.h"
#include "model/model.h"
#include "models.h"

static char folder[MODELS_PATH], path[MODELS_PATH + 40], words[MODELS_PATH + 40];
static struct w2v_error error;

/* ---- Floats of 16 bits ---- */

/* All numbers of the type, and the midpoints between them, which round to the even one. */
static void check_half(float (*from)(uint16_t), uint16_t (*to)(float), uint16_t infinity)
{
    size_t n_wrong = 0;
    for (uint32_t i = 0; i < 0x10000; i++) {
        const uint16_t half = (uint16_t)i;
        const float value = from(half);
        if ((half & 0x7fff) > infinity) {
            n_wrong += !isnan(value) || !isnan(from(to(value)));
            continue;
        }
        n_wrong += to(value) != half || (half & 0x8000) != (signbit(value) ? 0x8000 : 0);
        if ((half & 0x7fff) + 1 >= infinity)
            continue;
        const float next = from((uint16_t)(half + 1)), middle = value + (next - value) / 2;
        n_wrong += to(middle) != (uint16_t)(half + (half & 1));
        n_wrong += to(nextafterf(middle, value)) != half;
        n_wrong += to(nextafterf(middle, next)) != (uint16_t)(half + 1);
    }
    CHECK_MSG(n_wrong == 0, "%zu", n_wrong);
    CHECK(to(INFINITY) == infinity && to(3.4028235e38f) == infinity);
}

static void test_half(void)
{
    check_half(half_from_binary16, half_to_binary16, 0x7c00);
    check_half(half_from_bfloat, half_to_bfloat, 0x7f80);
    CHECK(half_to_binary16(65519) == 0x7bff && half_to_binary16(65520) == 0x7c00);
    CHECK(half_to_binary16(1) == 0x3c00 && half_to_binary16(5.9604645e-8f) == 1);
    CHECK(half_to_binary16(2.9e-8f) == 0 && half_to_binary16(1e-30f) == 0);
}

/* ---- Files ---- */

static void test_golden(void)
{
    static const struct {
        const char *name;
        float scale; /* of the second column */
    } files[] = {
        {"numpy-f4", 1}, {"numpy-f8-fortran", 1}, {"numpy-f2-v2", 100}, {"numpy-f4-v3", 1}};
    static const float expected[2][3] = {{0.5f, -1.25f, 3}, {1e-3f, 2e5f, -7.75f}};
    for (size_t i = 0; i < 4; i++) {
        struct w2v_model *model;
        char file[100];
        float vector[3];
        size_t n;
        snprintf(file, sizeof file, "tests/formats/%s.npy", files[i].name);
        CHECK_MSG(w2v_open(&model, file, &error) == W2V_OK, "%s", error.message);
        CHECK(strcmp(w2v_format(model), "npy") == 0);
        CHECK(w2v_n_words(model) == 2 && w2v_dim(model) == 3);
        CHECK(w2v_find(model, "New York", 8) == 1 && memcmp(w2v_word(model, 0, &n), "the", 3) == 0);
        for (size_t id = 0; id < 2; id++) {
            w2v_vector(model, id, vector);
            for (size_t k = 0; k < 3; k++) {
                const float scale = k == 1 ? files[i].scale : 1;
                const float wanted = expected[id][k] / scale;
                CHECK_MSG(files[i].scale > 1 ? fabsf(vector[k] - wanted) <= fabsf(wanted) / 2000
                                             : vector[k] == wanted,
                          "%s %zu %zu: %g", file, id, k, (double)vector[k]);
            }
        }
        w2v_close(model);
    }
}

/* Writes NAME with a header and n bytes, the first one 1 and the others 0, and opens it. */
static int open_file(struct w2v_model **model, const char *name, const void *head, size_t n_head,
                     size_t n_body, const char *list)
{
    unsigned char *bytes = calloc(n_head + n_body + 1, 1);
    memcpy(bytes, head, n_head);
    snprintf(path, sizeof path, "%s/%s", folder, name);
    models_write(path, bytes, n_head + n_body);
    unlink(words);
    if (list != NULL)
        models_write(words, list, strlen(list));
    free(bytes);
    error.message[0] = '\0';
    return w2v_open(model, path, &error);
}

static int open_npy(struct w2v_model **model, const char *dict, size_t n_body, const char *list)
{
    char head[400];
    const size_t n = strlen(dict);
    memcpy(head, "\x93NUMPY\1\0", 8);
    head[8] = (char)n;
    head[9] = 0;
    memcpy(head + 10, dict, n);
    return open_file(model, "x.npy", head, 10 + n, n_body, list);
}

static int open_safetensors(struct w2v_model **model, const char *json, size_t n_body,
                            const char *list)
{
    char head[600] = {0};
    const size_t n = strlen(json);
    head[0] = (char)(n & 0xff);
    head[1] = (char)(n >> 8);
    memcpy(head + 8, json, n);
    return open_file(model, "x.safetensors", head, 8 + n, n_body, list);
}

#define D(shape) "{'descr': '<f4', 'fortran_order': False, 'shape': " shape ", }  \n"
#define T(name, shape, offsets) \
    "\"" name "\":{\"dtype\":\"F32\",\"shape\":" shape ",\"data_offsets\":" offsets "}"
#define S(type, shape, offsets) \
    "{\"a\":{\"dtype\":\"" type "\",\"shape\":" shape ",\"data_offsets\":" offsets "}}"

static void test_accepts(void)
{
    struct w2v_model *model;
    size_t n;
    CHECK(open_npy(&model, D("(2, 3)"), 24, "a\nb") == W2V_OK);
    w2v_close(model);
    CHECK(open_npy(&model, D("(2, 3)"), 24, "\xef\xbb\xbf\r\nb\r\n") == W2V_OK);
    CHECK(w2v_find(model, "", 0) == 0 && w2v_find(model, "b", 1) == 1);
    w2v_close(model);
    CHECK(open_npy(&model, "{\"shape\":(2L,3),'descr':\"<f4\",'fortran_order':True}", 24,
                   "a\t17\r\nb\t5\n") == W2V_OK);
    CHECK(memcmp(w2v_word(model, 1, &n), "b", 1) == 0 && n == 1);
    w2v_close(model);
    CHECK(open_safetensors(&model, S("F64", "[2,3]", "[0,48]"), 48, "a\nb\n") == W2V_OK);
    CHECK(w2v_dim(model) == 3);
    w2v_close(model);
    CHECK(open_safetensors(&model, S("F16", "[2,3]", "[0,12]"), 12, "a\nb\n") == W2V_OK);
    CHECK(strcmp(w2v_format(model), "safetensors") == 0 && w2v_find(model, "b", 1) == 1);
    w2v_close(model);
    CHECK(open_safetensors(&model,
                           "{ \"__metadata__\": {\"x\": \"}]\\\"\", \"y\": [1, {\"z\": null}]},\n"
                           "\"bias\":{\"dtype\":\"I64\",\"shape\":[3],\"data_offsets\":[0,24]},"
                           "\"w\":{\"data_offsets\":[24,36],\"dtype\":\"BF16\",\"shape\":[2,3]}} ",
                           36, "a\nb\n") == W2V_OK);
    w2v_close(model);
    CHECK(open_safetensors(&model,
                           "{\"w\":{\"dtype\":\"F32\",\"shape\":[9,9],\"data_offsets\":[0,324]},"
                           "\"embeddings\":{\"dtype\":\"F32\",\"shape\":[2,1],\"data_offsets\":"
                           "[324,332]}}",
                           332, "a\nb\n") == W2V_OK);
    CHECK(w2v_dim(model) == 1);
    w2v_close(model);
}

static void test_refuses(void)
{
    static const struct {
        const char *head, *list, *says;
        size_t n_body;
    } npys[] = {
        {D("(2, 3)"), NULL, "should be in", 24},
        {D("(2, 3)"), "a\n", "1 line for the 2 rows", 24},
        {D("(2, 3)"), "a\nb\nc\n", ":3: more lines than the 2 rows", 24},
        {D("(2, 3)"), "a\nb\n", "does not fill the 23 bytes", 23},
        {D("(2, 3)"), "a\nb\n", "does not fill the 25 bytes", 25},
        {D("(6,)"), "a\nb\n", "1 dimensions", 24},
        {D("(1, 2, 3)"), "a\nb\n", "3 dimensions", 24},
        {D("(0, 3)"), "a\nb\n", "no usable", 0},
        {D("(3, 0)"), "a\nb\n", "no usable", 0},
        {D("(-2, 3)"), "a\nb\n", "not as NumPy", 24},
        {D("(1152921504606846976, 16)"), "a\n", "no usable", 24},
        {D("(2, 2305843009213693952)"), "a\n", "does not fill", 24},
        {D("(4294967294, 4294967298)"), "a\n", "does not fill", 24},
        {D("(2, 99999999999999999999)"), "a\n", "not as NumPy", 24},
        {"{'descr': '>f4', 'fortran_order': False, 'shape': (2, 3), }", "a\nb\n", "'>f4'", 24},
        {"{'descr': '<i4', 'fortran_order': False, 'shape': (2, 3), }", "a\nb\n", "'<i4'", 24},
        {"{'descr': '<f4', 'shape': (2, 3), }", "a\nb\n", "not as NumPy", 24},
        {"{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (2, 3), }", "a\nb\n",
         "'structured'", 24},
        {"{'descr': [('a', '<f4'), 'fortran_order': False, 'shape': (2, 3), }", "a\nb\n",
         "not as NumPy", 24},
        {D("(2, 3"), "a\nb\n", "not as NumPy", 24},
        {"", "a\nb\n", "not as NumPy", 24},
        {D("(02, 3)"), "a\nb\n", "not as NumPy", 24},
        {D("(2, 3, )") "x", "a\nb\n", "not as NumPy", 24},
        {"{'descr': '<f4', 'shape': (2, 3), 'fortran_order': False, 'shape': (2, 3), }", "a\nb\n",
         "not as NumPy", 24},
        {"{'descr': '<f\\x34', 'fortran_order': False, 'shape': (2, 3), }", "a\nb\n",
         "not as NumPy", 24},
    };
    static const struct {
        const char *head, *list, *says;
        size_t n_body;
    } tensors[] = {
        {S("F32", "[2,3]", "[0,24]"), NULL, "should be in", 24},
        {S("F32", "[2,3]", "[0,24]"), "a\nb\n", "is at bytes 0 to 24 of 23", 23},
        {S("F32", "[2,3]", "[8,24]"), "a\nb\n", "is at bytes 8 to 24", 24},
        {S("F32", "[2,3]", "[24,0]"), "a\nb\n", "is at bytes 24 to 0", 24},
        {S("F32", "[2,3]", "[0,18446744073709551615]"), "a\nb\n", "is at bytes 0 to 184", 24},
        {S("F32", "[2,3]", "[0]"), "a\nb\n", "not that of a safetensors", 24},
        {S("F32", "[2,3]", "[0,24]"), "a\nb\n", "1 bytes behind the last", 25},
        {S("F32", "[2,2]", "[0,24]"), "a\nb\n", "has 24 bytes", 24},
        {"{" T("a", "[2,3]", "[0,24]") "," T("b", "[2]", "[20,28]") "}", "a\nb\n",
         "\"b\" is at bytes 20 to 28", 28},
        {"{" T("a", "[2,3]", "[0,24]") "," T("b", "[2]", "[28,36]") "}", "a\nb\n",
         "\"b\" is at bytes 28 to 36", 36},
        {"{" T("a", "[2,3]", "[0,24]") "," T("b", "[2]", "[24,32]") "}", "a\nb\n",
         "\"b\" is at bytes 24 to 32 of 31", 31},
        {"{" T("a", "[2,3]", "[0,24]") "," T("b", "[2]", "[24,32]") "," T("a", "[2]",
                                                                          "[32,40]") "}",
         "a\nb\n", "two tensors are called \"a\"", 40},
        {"{\"a\":{\"dtype\":\"F32\",\"shape\":[2,3],\"shape\":[2,3],\"data_offsets\":[0,24]}}",
         "a\nb\n", "not that of a safetensors", 24},
        {"{\"__metadata__\":{\"words\":\"a\"}," T("a", "[2,3]", "[0,24]") "}", NULL,
         "do not have 2 words", 24},
        {"{\"__metadata__\":{\"words\":\"a\\nb\\nc\"}," T("a", "[2,3]", "[0,24]") "}", NULL,
         "do not have 2 words", 24},
        {"{\"__metadata__\":{\"words\":\"a\\nb\\ud800\"}," T("a", "[2,3]", "[0,24]") "}", NULL,
         "are damaged", 24},
        {"{\"__metadata__\":{\"words\":\"a\\nb\",\"words\":\"b\\na\"}," T("a", "[2,3]",
                                                                          "[0,24]") "}",
         NULL, "not that of a safetensors", 24},
        {S("I64", "[2,3]", "[0,48]"), "a\nb\n", "\"I64\"", 48},
        {S("F32", "[6]", "[0,24]"), "a\nb\n", "0 tensors of two dimensions", 24},
        {S("F32", "[1152921504606846976,16]", "[0,24]"), "a\n", "has 24 bytes", 24},
        {S("F32", "[2,4611686018427387904]", "[0,24]"), "a\n", "has 24 bytes", 24},
        {S("F32", "[2,-3]", "[0,24]"), "a\nb\n", "not that of a safetensors", 24},
        {S("F32", "[2,3", "[0,24]"), "a\nb\n", "not that of a safetensors", 24},
        {S("F32", "[2,3]", "[0,24]") "x", "a\nb\n", "not that of a safetensors", 24},
        {"{\"a\":[[[[[[[[[[[[[[[[[[[[[[[[[", "a\nb\n", "not that of a safetensors", 24},
        {"{\"a\":{\"b\":[[[[[[[[[[[[[[[[[[[[[[[[[", "a\nb\n", "not that of a safetensors", 24},
        {"{}", "a\nb\n", "24 bytes behind the last", 24},
        {"{}", "a\nb\n", "0 tensors of two dimensions", 0},
    };
    struct w2v_model *model;
    for (size_t i = 0; i < sizeof npys / sizeof npys[0]; i++) {
        const int status = open_npy(&model, npys[i].head, npys[i].n_body, npys[i].list);
        CHECK_MSG(status == W2V_EFORMAT || status == W2V_EIO, "npy %zu", i);
        CHECK_MSG(strstr(error.message, npys[i].says) != NULL, "npy %zu: %s", i, error.message);
        CHECK(strstr(error.message, folder) != NULL);
    }
    for (size_t i = 0; i < sizeof tensors / sizeof tensors[0]; i++) {
        const int status =
            open_safetensors(&model, tensors[i].head, tensors[i].n_body, tensors[i].list);
        CHECK_MSG(status == W2V_EFORMAT || status == W2V_EIO, "tensor %zu", i);
        CHECK_MSG(strstr(error.message, tensors[i].says) != NULL, "tensor %zu: %s", i,
                  error.message);
        CHECK(strstr(error.message, folder) != NULL);
    }
    CHECK(open_file(&model, "x.npy", "\x93NUMPY\4\0\1\0{}", 12, 0, NULL) == W2V_EFORMAT);
    CHECK(strstr(error.message, "version of the npy format is not one") != NULL);
    CHECK(open_file(&model, "x.npy", "\x93NUMPY\1\1\1\0{}", 12, 0, NULL) == W2V_EFORMAT);
    CHECK(open_file(&model, "x.npy", "\x93NUMPY\2\0\xff\xff\xff\xff{}", 14, 0, NULL) ==
          W2V_EFORMAT);
    CHECK(open_file(&model, "x.safetensors", "\xff\xff\xff\x10\0\0\0\0{}", 10, 5, NULL) ==
          W2V_EFORMAT);
    CHECK(strstr(error.message, "a header of 285212671 bytes") != NULL);
}

/*
 * Doubles too large for floats are an error, in either order; NaN and infinity stay what they are.
 */
static void test_too_large(void)
{
    static const double numbers[] = {1, -3.4028234663852886e38, 3.4028236e38, INFINITY};
    for (int by_columns = 0; by_columns < 2; by_columns++)
        for (size_t i = 0; i < 4; i++) {
            unsigned char bytes[200] = "\x93NUMPY\1";
            struct w2v_model *model;
            const int n = snprintf((char *)bytes + 10, 100,
                                   "{'descr': '<f8', 'fortran_order': %s, 'shape': (2, 2), }",
                                   by_columns ? "True" : "False");
            bytes[8] = (unsigned char)n;
            memcpy(bytes + 10 + n + 24, &numbers[i], 8); /* row 2, by columns and by rows */
            const int status =
                open_file(&model, "x.npy", bytes, (size_t)(10 + n + 32), 0, "a\nb\n");
            CHECK_MSG(status == (i == 2 ? W2V_EFORMAT : W2V_OK), "%zu: %s", i, error.message);
            if (status == W2V_OK)
                w2v_close(model);
            else
                CHECK(strstr(error.message, "row 2 has a number that is too large") != NULL);
        }
}

/* Words in the metadata may have any escapes; a list beside the file is then ignored. */
static void test_metadata(void)
{
    static const struct {
        const char *metadata, *first, *second;
    } cases[] = {
        {"\"words\":\"a\\nb c\"", "a", "b c"},
        {"\"format\":\"pt\",\"words\":\"a\\nb\\n\",\"x\":\"y\"", "a", "b"},
        {"\"words\":\"\\u00e9\\t\\n\\ud83d\\ude00\\\"\\\\\"", "\xc3\xa9\t", "\xf0\x9f\x98\x80\"\\"},
        {"\"words\":\"\xc3\xa9\\n\xe5\x8c\x97\"", "\xc3\xa9", "\xe5\x8c\x97"},
        {"\"words_encoding\":\"latin-1\",\"words\":\"\xc3\xa9\\nb\"", "\xe9", "b"},
        {"\"words\":\"a\\n\"", "a", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char head[500];
        struct w2v_model *model;
        size_t n, m;
        snprintf(head, sizeof head, "{\"__metadata__\":{%s}," T("a", "[2,3]", "[0,24]") "}",
                 cases[i].metadata);
        CHECK_MSG(open_safetensors(&model, head, 24, "x\ny\n") == W2V_OK, "%zu: %s", i,
                  error.message);
        if (error.message[0] != '\0')
            continue;
        const char *first = w2v_word(model, 0, &n), *second = w2v_word(model, 1, &m);
        CHECK_MSG(n == strlen(cases[i].first) && memcmp(first, cases[i].first, n) == 0, "%zu", i);
        CHECK_MSG(m == strlen(cases[i].second) && memcmp(second, cases[i].second, m) == 0, "%zu",
                  i);
        w2v_close(model);
    }
}

int main(void)
{
    models_make_path(folder);
    unlink(folder);
    if (mkdir(folder, 0700) != 0)
        return 1;
    snprintf(words, sizeof words, "%s/x.words", folder);
    TEST(test_half);
    TEST(test_golden);
    TEST(test_accepts);
    TEST(test_refuses);
    TEST(test_too_large);
    TEST(test_metadata);
    static const char *const names[] = {"x.npy", "x.safetensors", "x.words"};
    for (size_t i = 0; i < 3; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, names[i]);
        unlink(path);
    }
    rmdir(folder);
    return test_end();
}
