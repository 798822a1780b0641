/*
 * Powers and logarithms with the same bits everywhere. libm's differ in the last place between
 * versions and between CPUs; these use only additions, multiplications and divisions of doubles,
 * compiled without contraction, so that what is derived from them (the noise distribution, scores)
 * never differs.
 */
#ifndef W2V_BASE_FPMATH_H
#define W2V_BASE_FPMATH_H

/* x^y for finite x > 0; relative error below 1e-13 while the result is a normal number. */
double fpmath_pow(double x, double y);

/* The logarithm to base 2 of finite x > 0; error below 1e-15 times the larger of 1 and itself. */
double fpmath_log2(double x);

#endif
