/* Decimal numbers: strtof is the judge. */
#include "test.h"

#include <math.h>
#include <stdlib.h>

#include "base/rng.h"
#include "model/number.h"

static void check_as_strtof(const char *text)
{
    char *end;
    float value = 0, expected = strtof(text, &end);
    const bool is_number = *end == '\0' && end > text;
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
    CHECK(!number_parse(" 1", 2, &value)); /* strtof would pass over the blank */
    CHECK(!number_parse("1 ", 2, &value));
    CHECK(number_parse("12", 1, &value) && value == 1);
}

static void test_random(void)
{
    char text[100];
    for (uint64_t i = 0; i < 300000; i++) {
        uint32_t bits = (uint32_t)rng_at(1, i);
        float x;
        memcpy(&x, &bits, sizeof x);
        snprintf(text, sizeof text, "%.*g", (int)(rng_at(2, i) % 12 + 1), (double)x);
        check_as_strtof(text);
        double y = (double)(rng_at(3, i) >> 11) / 9007199254740992.0 - 0.5;
        snprintf(text, sizeof text, "%.*f", (int)(rng_at(4, i) % 30 + 1), y);
        check_as_strtof(text);
        /* Halfway between two floats, or nearly. */
        bits = (bits & 0x00ffffff) | 0x3c000000;
        memcpy(&x, &bits, sizeof x);
        double middle = ((double)x + (double)nextafterf(x, INFINITY)) / 2;
        snprintf(text, sizeof text, "%.*f", (int)(rng_at(5, i) % 25 + 15), middle);
        check_as_strtof(text);
    }
}

int main(void)
{
    TEST(test_notations);
    TEST(test_random);
    return test_end();
}
