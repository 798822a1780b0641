/*
 * pow as 2^(y log2 x). log2 by the series of atanh on a mantissa in [sqrt(1/2), sqrt(2)], 2^f by
 * its Taylor series on [-1/2, 1/2]. See fpmath.h for why not libm's.
 */
#include "base/fpmath.h"

#include <math.h>

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
