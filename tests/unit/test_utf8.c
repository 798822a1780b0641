/* UTF-8: every code point is encoded and decoded, and every kind of ill-formed sequence refused. */
#include "base/bytes.h"
#include "base/utf8.h"
#include "test.h"

static bool is_scalar(uint32_t cp)
{
    return cp <= 0x10FFFF && !(cp >= 0xD800 && cp < 0xE000);
}

static void test_round_trip(void)
{
    for (uint32_t cp = 0; cp <= 0x10FFFF; cp++) {
        char text[UTF8_MAX_BYTES];
        uint32_t back = 0;
        const size_t n = utf8_encode(cp, text);
        const size_t n_back = utf8_decode(text, n, &back);
        CHECK_MSG(n == n_back && back == (is_scalar(cp) ? cp : 0xFFFD), "U+%04X", (unsigned)cp);
        for (size_t k = 0; k < n; k++)
            CHECK_MSG(utf8_decode(text, k, &back) == 0, "U+%04X cut to %zu", (unsigned)cp, k);
    }
    char text[UTF8_MAX_BYTES];
    CHECK(utf8_encode(0x110000, text) == 3 && memcmp(text, "\xEF\xBF\xBD", 3) == 0);
    CHECK(utf8_encode(UINT32_MAX, text) == 3);
}

/*
 * The table of well-formed sequences (The Unicode Standard, table 3-7). It is compared with the
 * decoder for all sequences of up to four bytes that consist of bytes at which the rules change.
 */
static const struct {
    unsigned n, first[4], last[4];
} well_formed[] = {
    {1, {0x00}, {0x7F}},
    {2, {0xC2, 0x80}, {0xDF, 0xBF}},
    {3, {0xE0, 0xA0, 0x80}, {0xE0, 0xBF, 0xBF}},
    {3, {0xE1, 0x80, 0x80}, {0xEC, 0xBF, 0xBF}},
    {3, {0xED, 0x80, 0x80}, {0xED, 0x9F, 0xBF}},
    {3, {0xEE, 0x80, 0x80}, {0xEF, 0xBF, 0xBF}},
    {4, {0xF0, 0x90, 0x80, 0x80}, {0xF0, 0xBF, 0xBF, 0xBF}},
    {4, {0xF1, 0x80, 0x80, 0x80}, {0xF3, 0xBF, 0xBF, 0xBF}},
    {4, {0xF4, 0x80, 0x80, 0x80}, {0xF4, 0x8F, 0xBF, 0xBF}},
};

static size_t reference_length(const unsigned char *s, size_t n_bytes)
{
    for (size_t row = 0; row < sizeof well_formed / sizeof well_formed[0]; row++) {
        const unsigned n = well_formed[row].n;
        unsigned k = 0;
        while (k < n && k < n_bytes && s[k] >= well_formed[row].first[k] &&
               s[k] <= well_formed[row].last[k])
            k++;
        if (k == n)
            return n;
    }
    return 0;
}

static void test_ill_formed(void)
{
    static const unsigned char edge[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF,
                                         0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE,
                                         0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF};
    enum { N = sizeof edge };
    unsigned n_good = 0;
    for (unsigned i = 0; i < N * N * N * N; i++) {
        const unsigned char s[4] = {edge[i % N], edge[i / N % N], edge[i / N / N % N],
                                    edge[i / N / N / N]};
        for (size_t n = 1; n <= 4; n++) {
            uint32_t cp = 12345;
            const size_t got = utf8_decode((const char *)s, n, &cp);
            CHECK_MSG(got == reference_length(s, n), "%02X %02X %02X %02X of %zu: %zu", s[0], s[1],
                      s[2], s[3], n, got);
            CHECK(got > 0 || cp == 12345);
            n_good += got > 0;
        }
    }
    CHECK(n_good > 1000);
    uint32_t cp;
    CHECK(utf8_decode("", 0, &cp) == 0);
}

static void test_valid_prefix(void)
{
    static const char good[] =
        "plain ASCII, then \xC3\xA9, \xE6\xBC\xA2 and \xF0\x9F\x98\x80, and more";
    const size_t n = sizeof good - 1;
    CHECK(utf8_valid_prefix(good, n) == n);
    CHECK(utf8_valid_prefix(good, 0) == 0);
    for (size_t at = 0; at < n; at++) {
        char bad[sizeof good];
        memcpy(bad, good, sizeof good);
        bad[at] = (char)0xFF;
        size_t start = at;
        while ((good[start] & 0xC0) == 0x80)
            start--;
        CHECK_MSG(utf8_valid_prefix(bad, n) == start, "bad byte at %zu", at);
    }
}

static void test_shorten(void)
{
    static const char text[] = "a\xC3\xA9\xE6\xBC\xA2\xF0\x9F\x98\x80";
    static const size_t wanted[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 10};
    for (size_t most = 0; most < sizeof wanted / sizeof *wanted; most++)
        CHECK(utf8_shorten(text, 10, most) == wanted[most]);
}

static void test_bytes(void)
{
    char block[BYTES_BLOCK];
    CHECK(bytes_load8("\x01\x02\x03\x04\x05\x06\x07\xFF") == 0xFF07060504030201u);
    for (unsigned first = 0; first < 256; first++) {
        for (unsigned i = 0; i < BYTES_BLOCK; i++)
            block[i] = (char)(first + i * 37);
        uint64_t want = 0;
        for (unsigned i = 0; i < BYTES_BLOCK; i++)
            want |= (uint64_t)((signed char)block[i] < '!') << i;
        CHECK_MSG(bytes_below(block, '!') == want, "from %u", first);
        CHECK(want == 0 || (want >> bytes_first(want) & 1) == 1);
    }
}

int main(void)
{
    TEST(test_round_trip);
    TEST(test_ill_formed);
    TEST(test_valid_prefix);
    TEST(test_shorten);
    TEST(test_bytes);
    return test_end();
}
