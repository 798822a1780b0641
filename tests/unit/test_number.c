/* base/number: strtof says what is right. */
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "base/number.h"
#include "base/rng.h"

static uint64_t n_rounds = 200000;

static void check_as_strtof(const char *text)
{
    char *end;
    float value = 0, expected = strtof(text, &end);
    const bool is_number = *end == '\0' && end > text && strpbrk(text, "x(") == NULL;
    CHECK_MSG(number_parse(text, strlen(text), &value) == is_number, "%s", text);
    if (is_number)
        CHECK_MSG(isnan(expected) ? isnan(value) : memcmp(&value, &expected, sizeof value) == 0,
                  "%s: %a, not %a", text, (double)value, (double)expected);
}

static void test_notations(void)
{
    static const char *const texts[] = {
        "0",
        "-0",
        "1",
        "+1",
        "-1.5",
        "1.",
        ".5",
        ".",
        "",
        "-",
        "+",
        "e5",
        "1e",
        "1e+",
        "1e5",
        "1E-5",
        "1e+5",
        "1e-50",
        "1e50",
        "-1e400",
        "1e-400",
        "nan",
        "inf",
        "-inf",
        "infinity",
        "0x1p-3",
        "0x10",
        "nan(1)",
        "0x",
        "1..2",
        "1.2.3",
        "--1",
        "1-",
        "1,5",
        "abc",
        "16777217",
        "16777219",
        "1e22",
        "1e23",
        "1e38",
        "3.4028235e38",
        "3.4028236e38",
        "1.17549435e-38",
        "1.4e-45",
        "0.7e-45",
        "1e-38",
        "0.000000000000000000000000000000000000000000001",
        "100000000000000000000000000000000000000",
        "9007199254740993",
        "18446744073709551616",
        "1e99999999999999999999",
        "0e99999999999999999999",
        "1e-99999999999999999999",
        "0.1000000014901161193847656250000000000000000000001",
        "1.00000005960464477539062500000000000000000000000000000000000000000001",
        "1.000000059604644775390625",
        "1.0000000596046447",
        "1.00000005960464478"};
    float value;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        check_as_strtof(texts[i]);
    CHECK(!number_parse(" 1", 2, &value)); /* strtof would skip the blank */
    CHECK(!number_parse("1 ", 2, &value));
    CHECK(number_parse("12", 1, &value) && value == 1);
}

static void test_random(void)
{
    char text[100];
    for (uint64_t i = 0; i < n_rounds; i++) {
        uint32_t bits = (uint32_t)rng_at(1, i);
        float x;
        memcpy(&x, &bits, sizeof x);
        snprintf(text, sizeof text, "%.*g", (int)(rng_at(2, i) % 12 + 1), (double)x);
        check_as_strtof(text);
        double y = (double)(rng_at(3, i) >> 11) / 9007199254740992.0 - 0.5;
        snprintf(text, sizeof text, "%.*f", (int)(rng_at(4, i) % 30 + 1), y);
        check_as_strtof(text);
        /* A number that lies halfway between two floats, or nearly. */
        bits = (bits & 0x00ffffff) | 0x3c000000;
        memcpy(&x, &bits, sizeof x);
        double middle = ((double)x + (double)nextafterf(x, INFINITY)) / 2;
        snprintf(text, sizeof text, "%.*f", (int)(rng_at(5, i) % 25 + 15), middle);
        check_as_strtof(text);
    }
}

/* Several numbers in one text, and every combination of lengths before and after the point. */
static void test_scan(void)
{
    static const char text[] = "-0.25 12345678.12345678 1e5 0.1234567890123456789 x";
    const char *end = text + strlen(text), *p = text;
    float value;
    CHECK((p = number_scan(p, end, &value)) == text + 5 && value == -0.25f);
    CHECK((p = number_scan(p + 1, end, &value)) == text + 23 && value == 12345678.0f);
    CHECK((p = number_scan(p + 1, end, &value)) == text + 27 && value == 1e5f);
    CHECK(number_scan(p + 1, end, &value) == NULL); /* 20 digits: not plain notation */
    CHECK(number_scan(end - 1, end, &value) == NULL);
    CHECK(number_scan(end, end, &value) == NULL);
    for (int whole = 0; whole < 25; whole++)
        for (int part = 0; part < 25; part++) {
            char number[80];
            int n = 0;
            for (int i = 0; i < whole; i++)
                number[n++] = (char)('0' + rng_at(6, (uint64_t)(whole * 100 + i)) % 10);
            number[n++] = '.';
            for (int i = 0; i < part; i++)
                number[n++] = (char)('0' + rng_at(7, (uint64_t)(part * 100 + i)) % 10);
            number[n] = '\0';
            check_as_strtof(number);
            memcpy(number + n, "e-12", 5);
            check_as_strtof(number);
            memcpy(number + n, "E+7 ", 5);
            check_as_strtof(number);
        }
}

/* The printed text reads as the same float, and no text with fewer digits does. */
static void check_print(float value)
{
    char text[NUMBER_TEXT + 1], other[64];
    const size_t n = number_print(value, text);
    text[n] = '\0';
    const float read = strtof(text, NULL);
    CHECK_MSG(memcmp(&read, &value, sizeof value) == 0, "%a: %s", (double)value, text);
    size_t n_digits = 0, n_zeros = 0;
    for (const char *p = text; *p != '\0' && *p != 'e'; p++)
        if (*p >= '0' && *p <= '9' && (n_digits > 0 || *p != '0')) {
            n_digits++;
            n_zeros = *p == '0' ? n_zeros + 1 : 0;
        }
    n_digits -= n_zeros;
    if (n_digits < 2)
        return;
    /* One digit less does not read as the same float, and no text of this length is nearer. */
    snprintf(other, sizeof other, "%.*e", (int)n_digits - 2, (double)value);
    CHECK_MSG(strtof(other, NULL) != value, "%a: %s, not %s", (double)value, text, other);
    snprintf(other, sizeof other, "%.*e", (int)n_digits - 1, (double)value);
    CHECK_MSG(fabs(strtod(text, NULL) - (double)value) <=
                      fabs(strtod(other, NULL) - (double)value) * (1 + 1e-9) ||
                  strtof(other, NULL) != value,
              "%a: %s is farther than %s", (double)value, text, other);
}

static void test_whole(void)
{
    static const struct {
        const char *text;
        size_t n;
        uint64_t value;
        bool fits;
    } cases[] = {{"", 0, 0, true},
                 {"x1", 0, 0, true},
                 {"-1", 0, 0, true},
                 {"007 8", 3, 7, true},
                 {"12a", 2, 12, true},
                 {"18446744073709551615", 20, UINT64_MAX, true},
                 {"18446744073709551616", 20, UINT64_MAX, false},
                 {"99999999999999999999999", 23, UINT64_MAX, false}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const size_t n_bytes = strlen(cases[i].text);
        uint64_t value = 1;
        bool fits = false;
        CHECK_MSG(number_digits(cases[i].text, n_bytes, &value, &fits) == cases[i].n &&
                      value == cases[i].value && fits == cases[i].fits,
                  "%s", cases[i].text);
        CHECK(number_parse_whole(cases[i].text, n_bytes, &value) ==
              (n_bytes > 0 && cases[i].n == n_bytes && cases[i].fits));
    }
    uint64_t value;
    CHECK(number_parse_whole("123", 2, &value) && value == 12);
}

static void test_print(void)
{
    static const struct {
        float value;
        const char *text;
    } cases[] = {{0, "0"},
                 {-0.0f, "-0"},
                 {1, "1"},
                 {-1.5f, "-1.5"},
                 {0.1f, "0.1"},
                 {100, "100"},
                 {123456792, "123456790"},
                 {1e9f, "1e+09"},
                 {0.3f, "0.3"},
                 {1.0f / 3, "0.33333334"},
                 {0.00001f, "0.00001"},
                 {0.0000123f, "0.0000123"},
                 {0.00000123f, "1.23e-06"},
                 {-1e-45f, "-1e-45"},
                 {3.4028235e38f, "3.4028235e+38"},
                 {1.17549435e-38f, "1.1754944e-38"},
                 {16777216, "16777216"},
                 {9.5367431640625e-7f, "9.536743e-07"},
                 {INFINITY, "inf"},
                 {-INFINITY, "-inf"}};
    char text[NUMBER_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const size_t n = number_print(cases[i].value, text);
        CHECK_MSG(n == strlen(cases[i].text) && memcmp(text, cases[i].text, n) == 0, "%.*s, not %s",
                  (int)n, text, cases[i].text);
    }
    for (uint64_t i = 0; i < n_rounds; i++) {
        uint32_t bits = (uint32_t)rng_at(8, i);
        float x;
        memcpy(&x, &bits, sizeof x);
        if (isfinite(x))
            check_print(x);
        check_print((float)(rng_at(9, i) >> 11) / 9007199254740992.0f - 0.5f);
        check_print((float)(rng_at(10, i) % 100000) / 10000);
    }
    for (int power = -149; power < 128;
         power++) { /* the lower neighbour is nearer than the upper */
        check_print(ldexpf(1, power));
        check_print(nextafterf(ldexpf(1, power), 0));
        check_print(nextafterf(ldexpf(1, power), INFINITY));
    }
}

static void test_print_double(void)
{
    static const struct {
        double value;
        const char *text;
    } cases[] = {{100, "100"},       {1e6, "1000000"}, {-3e14, "-300000000000000"},
                 {1e15, "1e+15"},    {0.1, "0.1"},     {1e-9, "1e-09"},
                 {1234.5, "1234.5"}, {0, "0"},         {2.5e-5, "2.5e-05"},
                 {INFINITY, "inf"}};
    char text[NUMBER_DOUBLE_TEXT];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        number_print_double(cases[i].value, text);
        CHECK_MSG(strcmp(text, cases[i].text) == 0, "%s, not %s", text, cases[i].text);
    }
}

int main(int argc, char **argv)
{
    if (argc > 1) /* more rounds, for use after a change of number.c */
        n_rounds = strtoull(argv[1], NULL, 10);
    TEST(test_notations);
    TEST(test_random);
    TEST(test_scan);
    TEST(test_whole);
    TEST(test_print);
    TEST(test_print_double);
    return test_end();
}
