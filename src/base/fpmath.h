/*
 * Powers, logarithms, sines, cosines and unit vectors with the same bits on every machine. The
 * functions of libm differ in the last place between versions and between CPUs. These use only
 * additions, multiplications, divisions and square roots of doubles, compiled without contraction. So
 * the noise distribution and the scores that are computed with them never differ.
 */
#ifndef W2V_BASE_FPMATH_H
#define W2V_BASE_FPMATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* x^y for finite x > 0. The relative error is below 1e-12 if |y log2(x)| <= 1022. */
double fpmath_pow(double x, double y);

/* log2(x) for finite x > 0. The error is below 1e-15 max(1, |log2(x)|). */
double fpmath_log2(double x);

/*
 * e^x. The relative error is below 1e-15 for -708 < x < 709. Smaller results are 0, and the result for NaN
 * is 0, too. Larger results are infinity.
 */
double fpmath_exp(double x);

/* cos(2 pi k / n) and sin(2 pi k / n) for 0 < n < 2^60. The error is below 1e-15. */
void fpmath_turn(uint64_t k, uint64_t n, double *cosine, double *sine);

/* Whether all n numbers are finite: neither infinite nor NaN. */
bool fpmath_finite(const float *numbers, size_t n);

/* Whether a vector of n numbers has a direction: all are finite, and one is not 0. */
bool fpmath_has_direction(const float *vector, size_t n);

/*
 * Makes n numbers a unit vector, computing in double precision. False if all are zeros, which stay. If
 * some are not finite, some of the result are not.
 */
bool fpmath_unit(float *vector, size_t n);

#endif
