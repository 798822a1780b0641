/*
 * Decimal numbers. The digits are gathered into an integer and scaled by a power of ten in double
 * precision; the few roundings on the way err by less than MARGIN units in the last place. Only a
 * result that lies this close to the middle between two floats could be rounded to the wrong one,
 * and only that, and what is outside the usual range or notation, goes to strtof.
 */
#include "model/number.h"

#include <float.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#if defined(__APPLE__)
#include <xlocale.h>
#endif

enum { MAX_DIGITS = 19, MAX_EXPONENT = 44, MAX_BYTES = 400, MARGIN = 16 };

static bool parse_slowly(const char *text, size_t n_bytes, float *value)
{
    char copy[MAX_BYTES + 1], *end;
    if (n_bytes == 0 || n_bytes > MAX_BYTES || memchr(" \t\n\v\f\r", text[0], 6) != NULL)
        return false;
    memcpy(copy, text, n_bytes);
    copy[n_bytes] = '\0';
    locale_t plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    locale_t before = plain != (locale_t)0 ? uselocale(plain) : (locale_t)0;
    *value = strtof(copy, &end);
    if (plain != (locale_t)0) {
        uselocale(before);
        freelocale(plain);
    }
    return end == copy + n_bytes;
}

static double scale(double x, int exponent)
{
    static const double tens[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                  1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                  1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
    for (; exponent > 22; exponent -= 22)
        x *= tens[22];
    for (; exponent < -22; exponent += 22)
        x /= tens[22];
    return exponent < 0 ? x / tens[-exponent] : x * tens[exponent];
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

bool number_parse(const char *text, size_t n_bytes, float *value)
{
    const char *p = text, *const end = text + n_bytes;
    const bool negative = p < end && *p == '-';
    uint64_t digits = 0;
    int n_digits = 0, exponent = 0;
    bool any = false, point = false;
    if (p < end && (*p == '-' || *p == '+'))
        p++;
    for (; p < end && (is_digit(*p) || (*p == '.' && !point)); p++) {
        if (*p == '.') {
            point = true;
            continue;
        }
        any = true;
        exponent -= point;
        if (n_digits == MAX_DIGITS) {
            exponent++; /* further digits move the result by less than 1e-18 of it */
        } else if (n_digits > 0 || *p != '0') {
            digits = 10 * digits + (uint64_t)(*p - '0');
            n_digits++;
        }
        if (exponent < -MAX_BYTES || exponent > MAX_BYTES)
            return parse_slowly(text, n_bytes, value);
    }
    if (any && p < end && (*p == 'e' || *p == 'E')) {
        const bool minus = p + 1 < end && p[1] == '-';
        int given = 0;
        p += 1 + (minus || (p + 1 < end && p[1] == '+'));
        any = p < end;
        for (; p < end && is_digit(*p) && given <= MAX_BYTES; p++)
            given = 10 * given + (*p - '0');
        exponent += minus ? -given : given;
    }
    if (!any || p < end || exponent < -MAX_EXPONENT || exponent > MAX_EXPONENT)
        return parse_slowly(text, n_bytes, value);
    const double x = scale((double)digits, exponent);
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    const uint64_t below = bits & 0x1fffffff; /* what rounding to a float takes away */
    if (digits != 0 && (x < (double)FLT_MIN || x > (double)FLT_MAX ||
                        (below >= 0x10000000 - MARGIN && below <= 0x10000000 + MARGIN)))
        return parse_slowly(text, n_bytes, value);
    *value = (float)(negative ? -x : x);
    return true;
}
