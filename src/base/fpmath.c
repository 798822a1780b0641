/*
 * pow(x, y) is 2^(y log2 x). log2 uses the series of atanh on a mantissa in [sqrt(1/2), sqrt(2)].
 * 2^f uses its Taylor series on [-1/2, 1/2], cosine and sine use theirs on an eighth of a turn.
 * fpmath.h says why libm is not used.
 */
#include "base/fpmath.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

double fpmath_log2(double x)
{
    int exponent;
    double mantissa = frexp(x, &exponent); /* exact */
    if (mantissa < 0.70710678118654752) {
        mantissa *= 2;
        exponent--;
    }
    /* ln m = 2 atanh t with t = (m-1)/(m+1), |t| < 0.172 */
    double t = (mantissa - 1) / (mantissa + 1), t2 = t * t, sum = 0;
    for (int k = 23; k >= 1; k -= 2)
        sum = sum * t2 + 1.0 / k;
    return exponent + 2 * t * sum * 1.4426950408889634;
}

double fpmath_pow(double x, double y)
{
    double power = y * fpmath_log2(x);
    if (power > 1023)
        return HUGE_VAL;
    if (power < -1022)
        return 0;
    double whole = floor(power + 0.5), z = (power - whole) * 0.69314718055994531;
    double series = 1;
    for (int k = 16; k >= 1; k--)
        series = 1 + series * z / k;
    return ldexp(series, (int)whole); /* exact */
}

double fpmath_exp(double x)
{
    /* 1 / k! for k = 13 .. 2 */
    static const double terms[] = {1.0 / 6227020800, 1.0 / 479001600, 1.0 / 39916800, 1.0 / 3628800,
                                   1.0 / 362880,     1.0 / 40320,     1.0 / 5040,     1.0 / 720,
                                   1.0 / 120,        1.0 / 24,        1.0 / 6,        1.0 / 2};
    if (x > 709)
        return HUGE_VAL;
    if (!(x > -708))
        return 0;
    const int whole = (int)(x * 1.4426950408889634 + (x < 0 ? -0.5 : 0.5));
    double z =
        x - whole * 0.693147180369123816490; /* the first part of ln 2: this product is exact */
    z -= whole * 1.90821492927058770002e-10;
    double series = 0;
    for (size_t k = 0; k < sizeof terms / sizeof terms[0]; k++)
        series = series * z + terms[k];
    series = 1 + (z + z * z * series);
    const uint64_t bits = (uint64_t)(whole + 1023) << 52; /* 2^whole, a normal number */
    double power;
    memcpy(&power, &bits, sizeof power);
    return series * power;
}

void fpmath_turn(uint64_t k, uint64_t n, double *cosine, double *sine)
{
    const uint64_t eighth = 8 * (k % n) / n, rest = 8 * (k % n) - eighth * n;
    /*
     * The angle, at most 1/8 of a turn, from the start of an even eighth or the end of an odd one.
     */
    const double part = (double)(eighth % 2 == 0 ? rest : n - rest) / (double)n;
    const double t = part * 0.78539816339744831, t2 = t * t;
    double c = 0, s = 0;
    for (int i = 20; i >= 2; i -= 2) { /* 1 - t2/2 (1 - t2/12 (...)) */
        c = (1 - c) * t2 / (i * (i - 1));
        s = (1 - s) * t2 / (i * (i + 1));
    }
    c = 1 - c;
    s = t * (1 - s);
    const bool swap = eighth == 1 || eighth == 2 || eighth == 5 || eighth == 6;
    *cosine = (swap ? s : c) * (eighth >= 2 && eighth < 6 ? -1 : 1);
    *sine = (swap ? c : s) * (eighth >= 4 ? -1 : 1);
}

bool fpmath_finite(const float *numbers, size_t n)
{
    bool finite = true;
    for (size_t k = 0; k < n; k++)
        finite &= isfinite(numbers[k]) != 0;
    return finite;
}

bool fpmath_has_direction(const float *vector, size_t n)
{
    for (size_t k = 0; k < n; k++)
        if (vector[k] != 0)
            return fpmath_finite(vector, n);
    return false;
}

bool fpmath_unit(float *vector, size_t n)
{
    double square = 0;
    for (size_t k = 0; k < n; k++)
        square += (double)vector[k] * (double)vector[k];
    if (square == 0)
        return false;
    const double length = sqrt(square);
    for (size_t k = 0; k < n; k++)
        vector[k] = (float)((double)vector[k] / length);
    return true;
}
