/*
 * Fuzz target: rows of results with any words and numbers in them. With --json a line is one JSON
 * object (RFC 8259), in UTF-8, whose string is the word where that is UTF-8; a float's digits read
 * back as the same float. The first eight bytes are the numbers, the rest is the word.
 */
#include <math.h>
#include <unistd.h>

#include "base/utf8.h"
#include "cli/row.h"
#include "fuzz/fuzz.h"

/* ---- A strict reader of JSON ----------------------------------------------------------------- */

struct json {
    const char *at, *end;
    char *text; /* what the string last read stands for */
    size_t n_text;
};

static char next(struct json *json)
{
    REQUIRE(json->at < json->end);
    return *json->at++;
}

static void literal(struct json *json, const char *text)
{
    for (; *text != '\0'; text++)
        REQUIRE(next(json) == *text);
}

static void escape(struct json *json)
{
    static const char letters[] = "\"\\/bfnrt", stand_for[] = "\"\\/\b\f\n\r\t";
    char c = next(json);
    const char *letter = strchr(letters, c);
    if (c == 'u') {
        unsigned code = 0;
        for (int i = 0; i < 4; i++) {
            static const char digits[] = "0123456789abcdef";
            const char *digit = strchr(digits, next(json));
            REQUIRE(digit != NULL && *digit != '\0');
            code = 16 * code + (unsigned)(digit - digits);
        }
        REQUIRE(code < 0x80); /* nothing else needs one */
        json->text[json->n_text++] = (char)code;
        return;
    }
    REQUIRE(c != '\0' && letter != NULL);
    json->text[json->n_text++] = stand_for[letter - letters];
}

static void string(struct json *json)
{
    json->n_text = 0;
    literal(json, "\"");
    for (char c; (c = next(json)) != '"';) {
        REQUIRE((unsigned char)c >= ' ');
        if (c == '\\')
            escape(json);
        else
            json->text[json->n_text++] = c;
    }
    REQUIRE(utf8_valid_prefix(json->text, json->n_text) == json->n_text);
}

static size_t digits(struct json *json)
{
    size_t n = 0;
    for (; json->at < json->end && *json->at >= '0' && *json->at <= '9'; n++)
        json->at++;
    return n;
}

/* A number or null; what the number is. */
static double number(struct json *json)
{
    const char *start = json->at;
    if (*start == 'n') {
        literal(json, "null");
        return NAN;
    }
    if (*json->at == '-')
        json->at++;
    const bool zero = *json->at == '0';
    size_t n = digits(json);
    REQUIRE(n > 0 && (!zero || n == 1));
    if (*json->at == '.') {
        json->at++;
        REQUIRE(digits(json) > 0);
    }
    if (*json->at == 'e' || *json->at == 'E') {
        json->at++;
        json->at += *json->at == '+' || *json->at == '-';
        REQUIRE(digits(json) > 0);
    }
    return strtod(start, NULL);
}

/* ---- What is printed ------------------------------------------------------------------------- */

static FILE *capture;
static int printed_fd = -1;

static void begin_capture(void)
{
    fflush(stdout);
    if (capture == NULL) {
        capture = tmpfile();
        printed_fd = dup(STDOUT_FILENO);
    }
    REQUIRE(capture != NULL && printed_fd >= 0 && ftruncate(fileno(capture), 0) == 0);
    REQUIRE(lseek(fileno(capture), 0, SEEK_SET) == 0);
    dup2(fileno(capture), STDOUT_FILENO);
}

/* What was printed since, and a NUL; the caller's to free. */
static char *end_capture(size_t *n_bytes)
{
    REQUIRE(fflush(stdout) == 0);
    dup2(printed_fd, STDOUT_FILENO);
    off_t end = lseek(fileno(capture), 0, SEEK_END);
    REQUIRE(end >= 0);
    char *text = malloc((size_t)end + 1);
    REQUIRE(text != NULL && pread(fileno(capture), text, (size_t)end, 0) == end);
    text[end] = '\0';
    *n_bytes = (size_t)end;
    return text;
}

static bool same(double a, double b)
{
    return isnan(a) ? isnan(b) : a >= b && a <= b;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n_bytes)
{
    float numbers[2];
    size_t n;
    if (n_bytes < sizeof numbers)
        return 0;
    memcpy(numbers, data, sizeof numbers);
    const char *word = (const char *)data + sizeof numbers;
    const size_t n_word = n_bytes - sizeof numbers;
    const struct row_field row[] = {
        {"word", ROW_TEXT, .text = word, .n_bytes = n_word},
        {"cosine", ROW_REAL, .real = (double)numbers[0]},
        {"count", ROW_COUNT, .count = n_bytes},
    };
    begin_capture();
    row_print(true, row, 3);
    row_float(true, numbers[1]);
    char *text = end_capture(&n);
    struct json json = {text, text + n, malloc(n + 1), 0};
    REQUIRE(json.text != NULL);
    literal(&json, "{\"word\": ");
    string(&json);
    if (utf8_valid_prefix(word, n_word) == n_word)
        REQUIRE(json.n_text == n_word && memcmp(json.text, word, n_word) == 0);
    literal(&json, ", \"cosine\": ");
    const double cosine = number(&json);
    REQUIRE(isfinite(numbers[0]) ? fabs(cosine - (double)numbers[0]) <= 1e-6 * (1 + fabs(cosine))
                                 : isnan(cosine));
    literal(&json, ", \"count\": ");
    REQUIRE(same(number(&json), (double)n_bytes));
    literal(&json, "}\n");
    const float again = (float)number(&json);
    REQUIRE(isfinite(numbers[1]) ? same((double)again, (double)numbers[1]) : isnan(again));
    REQUIRE(json.at == json.end);
    free(json.text);
    free(text);
    return 0;
}
