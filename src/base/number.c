/*
 * Decimal numbers. See number.h.
 *
 * Reading gathers the digits into an integer, eight at a time, and scales it by a power of ten in
 * double precision (Clinger 1990, "How to read floating point numbers accurately"). The few
 * roundings on the way add an error below MARGIN units in the last place of a double. Only a result
 * this close to the middle between two floats could be rounded to the wrong one. Such results go to
 * strtof, as do numbers outside the usual range or notation.
 *
 * Printing begins with the nearest decimal of nine digits, which always reads back as the same
 * float. It then takes fewer digits as long as the result still reads back as the same float, so it
 * cannot be wrong.
 */
#include "base/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#if defined(__APPLE__)
#include <xlocale.h>
#endif

#include "base/hash.h"

enum {
    MAX_DIGITS = 19,
    MAX_EXPONENT = 66,
    MAX_BYTES = 400,
    MARGIN = 16,
    PRINTED_DIGITS = 9 /* enough for any float */
};

static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                              1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                              1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* ---- Scaling ---- */

static double scale(double x, int exponent)
{
    for (; exponent > 22; exponent -= 22)
        x *= tens[22];
    for (; exponent < -22; exponent += 22)
        x /= tens[22];
    return exponent < 0 ? x / tens[-exponent] : x * tens[exponent];
}

/* Sets *value to digits x 10^exponent, rounded. False if the rounding is not certain. */
static inline bool to_float(uint64_t digits, int exponent, float *value)
{
    if (exponent < -MAX_EXPONENT || exponent > MAX_EXPONENT)
        return false;
    const double x = scale((double)digits, exponent);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const uint64_t below = bits & 0x1fffffff; /* the bits that a float does not have */
    if (digits != 0 && (x < (double)FLT_MIN || x > (double)FLT_MAX ||
                        (below >= 0x10000000 - MARGIN && below <= 0x10000000 + MARGIN)))
        return false;
    *value = (float)x;
    return true;
}

/* ---- Reading ---- */

/* The C locale, which this thread alone has between enter_c_locale and leave_c_locale. */
struct c_locale {
    locale_t locale, before;
};

static struct c_locale enter_c_locale(void)
{
    struct c_locale entered = {.locale = newlocale(LC_ALL_MASK, "C", (locale_t)0)};
    if (entered.locale != (locale_t)0)
        entered.before = uselocale(entered.locale);
    return entered;
}

static void leave_c_locale(struct c_locale entered)
{
    if (entered.locale == (locale_t)0)
        return;
    uselocale(entered.before);
    freelocale(entered.locale);
}

/*
 * Makes a terminated copy for strtod. False if the text cannot be a number. What strtod would take and
 * we do not is refused here: white space at the beginning, hexadecimal numbers, "nan(...)".
 */
static bool copy_number(const char *text, size_t n_bytes, char copy[MAX_BYTES + 1])
{
    if (n_bytes == 0 || n_bytes > MAX_BYTES || strchr(" \t\n\v\f\r", text[0]) != NULL)
        return false;
    memcpy(copy, text, n_bytes);
    copy[n_bytes] = '\0';
    return strpbrk(copy, "xX(") == NULL;
}

static bool parse_slowly(const char *text, size_t n_bytes, float *value)
{
    char copy[MAX_BYTES + 1], *end;
    if (!copy_number(text, n_bytes, copy))
        return false;
    const struct c_locale entered = enter_c_locale();
    *value = strtof(copy, &end);
    leave_c_locale(entered);
    return end == copy + n_bytes;
}

bool number_parse_double(const char *text, size_t n_bytes, double *value)
{
    char copy[MAX_BYTES + 1], *end;
    if (!copy_number(text, n_bytes, copy))
        return false;
    const struct c_locale entered = enter_c_locale();
    *value = strtod(copy, &end);
    leave_c_locale(entered);
    return end == copy + n_bytes;
}

/* The number of eight digits. The bytes of v are their values, and the lowest byte comes first. */
static inline uint64_t eight_digits(uint64_t v)
{
    const uint64_t mask = 0x000000ff000000ffu;
    v = 10 * v + (v >> 8); /* now every second byte is a number of two digits */
    return (((v & mask) * (100 + (1000000ull << 32))) +
            (((v >> 16) & mask) * (1 + (10000ull << 32)))) >>
           32;
}

/* Appends the digits at p to the number *digits, modulo 2^64, and returns where they end. */
static inline const char *take_digits(const char *p, const char *end, uint64_t *digits)
{
    static const uint64_t powers[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    while (end - p >= 8) {
        uint64_t v = hash_load64((const unsigned char *)p) ^ 0x3030303030303030u;
        /*
         * The top bit marks a byte that is no digit. Carries spoil only the bytes behind the first.
         */
        const uint64_t others = ((v + 0x7676767676767676u) | v) & 0x8080808080808080u;
        const size_t n = others == 0 ? 8 : bytes_first(others) >> 3;
        if (n == 0)
            return p;
        *digits = *digits * powers[n] + eight_digits(v << (64 - 8 * n));
        p += n;
        if (n < 8)
            return p;
    }
    for (; p < end && is_digit(*p); p++)
        *digits = 10 * *digits + (uint64_t)(*p - '0');
    return p;
}

const char *number_scan(const char *text, const char *end, float *value)
{
    const char *p = text;
    uint64_t digits = 0;
    int exponent = 0;
    if (p == end)
        return NULL;
    const bool negative = *p == '-';
    p += *p == '-' || *p == '+';
    const char *const first = p;
    for (; p < end && is_digit(*p); p++)
        digits = 10 * digits + (uint64_t)(*p - '0');
    ptrdiff_t n_digits = p - first;
    if (p < end && *p == '.') {
        const char *const point = ++p;
        p = take_digits(p, end, &digits);
        n_digits += p - point;
        exponent = n_digits <= MAX_DIGITS ? -(int)(p - point) : 0;
    }
    if (n_digits == 0 || n_digits > MAX_DIGITS)
        return NULL;
    if (p < end && (*p == 'e' || *p == 'E')) {
        const bool minus = p + 1 < end && p[1] == '-';
        int given = 0;
        p += 1 + (minus || (p + 1 < end && p[1] == '+'));
        if (p == end || !is_digit(*p))
            return NULL;
        for (; p < end && is_digit(*p) && given <= MAX_BYTES; p++)
            given = 10 * given + (*p - '0');
        exponent += minus ? -given : given;
    }
    if (!to_float(digits, exponent, value))
        return NULL;
    if (negative)
        *value = -*value;
    return p;
}

/*
 * Any number of digits: those after the first MAX_DIGITS change the result by less than 1e-18 of
 * it.
 */
static bool parse_long(const char *text, size_t n_bytes, float *value)
{
    const char *p = text, *const end = text + n_bytes;
    const bool negative = p < end && *p == '-';
    uint64_t digits = 0;
    int n_digits = 0, exponent = 0;
    bool point = false;
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    for (; p < end && (is_digit(*p) || (*p == '.' && !point)); p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        exponent -= point;
        if (n_digits == MAX_DIGITS) {
            exponent++;
        } else if (n_digits > 0 || *p != '0') {
            digits = 10 * digits + (uint64_t)(*p - '0');
            n_digits++;
        }
        if (exponent < -MAX_BYTES || exponent > MAX_BYTES)
            return false;
    }
    if (n_digits == 0 || p < end || !to_float(digits, exponent, value))
        return false;
    if (negative)
        *value = -*value;
    return true;
}

bool number_parse(const char *text, size_t n_bytes, float *value)
{
    return number_scan(text, text + n_bytes, value) == text + n_bytes ||
           parse_long(text, n_bytes, value) || parse_slowly(text, n_bytes, value);
}

/* ---- Printing ---- */

static bool reads_as(uint64_t digits, int exponent, float value)
{
    float read;
    if (!to_float(digits, exponent, &read)) {
        char text[40];
        const int n = snprintf(text, sizeof text, "%llue%d", (unsigned long long)digits, exponent);
        if (!parse_slowly(text, (size_t)n, &read))
            return false;
    }
    return read == value;
}

/* The exponent e with 10^e <= x < 10^(e + 1), for x > 0. */
static int decimal_exponent(double x)
{
    int binary;
    frexp(x, &binary);
    int exponent = (int)floor((binary - 1) * 0.30102999566398120);
    return exponent + (scale(x, -exponent) >= 10);
}

/* The number with the fewest digits, digits x 10^*exponent, that reads as `value`, which is > 0. */
static uint64_t shortest(float value, int *exponent)
{
    const double x = (double)value;
    const int top = decimal_exponent(x);
    uint64_t best = (uint64_t)(scale(x, PRINTED_DIGITS - 1 - top) + 0.5);
    *exponent = top - (PRINTED_DIGITS - 1);
    for (int n_digits = PRINTED_DIGITS - 1; n_digits > 0; n_digits--) {
        const int least = top - (n_digits - 1);
        const double scaled = scale(x, -least);
        const uint64_t below = (uint64_t)scaled;
        const uint64_t nearest = below + (scaled - (double)below >= 0.5);
        const uint64_t other = nearest == below ? below + 1 : below;
        if (reads_as(nearest, least, value))
            best = nearest;
        else if (reads_as(other, least, value))
            best = other;
        else
            break;
        *exponent = least;
    }
    for (; best % 10 == 0; best /= 10)
        ++*exponent;
    return best;
}

size_t number_print(float value, char text[NUMBER_TEXT])
{
    enum { LEAST_FIXED = -5, MOST_FIXED = 9 };
    char digits[24];
    size_t n = 0;
    if (signbit(value))
        text[n++] = '-';
    if (!isfinite(value) || value == 0) {
        const char *name = value == 0 ? "0" : isnan(value) ? "nan" : "inf";
        memcpy(text + n, name, strlen(name));
        return n + strlen(name);
    }
    int exponent, n_digits = 0;
    for (uint64_t left = shortest(fabsf(value), &exponent); left > 0; left /= 10)
        digits[sizeof digits - 1 - (size_t)n_digits++] = (char)('0' + (char)(left % 10));
    const char *from = digits + sizeof digits - n_digits;
    const int top = exponent + n_digits - 1; /* the exponent of the first digit */
    const bool fixed = top >= LEAST_FIXED && top < MOST_FIXED;
    int before = fixed ? top + 1 : 1; /* digits before the point */
    if (before <= 0)
        text[n++] = '0';
    for (; before > 0; before--, n_digits -= n_digits > 0)
        text[n++] = n_digits > 0 ? *from++ : '0';
    if (n_digits > 0) {
        text[n++] = '.';
        for (int zeros = fixed ? -top - 1 : 0; zeros > 0; zeros--)
            text[n++] = '0';
        memcpy(text + n, from, (size_t)n_digits);
        n += (size_t)n_digits;
    }
    if (!fixed) {
        text[n++] = 'e';
        text[n++] = top < 0 ? '-' : '+';
        const int size = abs(top);
        text[n++] = (char)('0' + size / 10);
        text[n++] = (char)('0' + size % 10);
    }
    return n;
}

void number_print_double(double value, char text[NUMBER_DOUBLE_TEXT])
{
    const struct c_locale entered = enter_c_locale();
    for (int digits = 1; digits <= 17; digits++) {
        snprintf(text, NUMBER_DOUBLE_TEXT, "%.*g", digits, value);
        const double again = strtod(text, NULL);
        if (again >= value && again <= value)
            break;
    }
    if (fabs(value) >= 1 && fabs(value) < 1e15 && strchr(text, 'e') != NULL)
        snprintf(text, NUMBER_DOUBLE_TEXT, "%.15g", value); /* 100 instead of 1e+02 */
    leave_c_locale(entered);
}

int number_vformat(char *text, size_t n, const char *format, va_list args)
{
    const struct c_locale entered = enter_c_locale();
    const int n_bytes = vsnprintf(text, n, format, args);
    leave_c_locale(entered);
    return n_bytes;
}

int number_format(char *text, size_t n, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    const int n_bytes = number_vformat(text, n, format, args);
    va_end(args);
    return n_bytes;
}

/* ---- Whole numbers ---- */

size_t number_digits(const char *text, size_t n_bytes, uint64_t *value, bool *fits)
{
    size_t n = 0;
    *value = 0;
    *fits = true;
    for (; n < n_bytes && is_digit(text[n]); n++) {
        const uint64_t digit = (uint64_t)(text[n] - '0');
        *fits = *fits && *value <= (UINT64_MAX - digit) / 10;
        *value = *fits ? *value * 10 + digit : UINT64_MAX;
    }
    return n;
}

bool number_parse_whole(const char *text, size_t n_bytes, uint64_t *value)
{
    bool fits;
    return number_digits(text, n_bytes, value, &fits) == n_bytes && n_bytes > 0 && fits;
}
