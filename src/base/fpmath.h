/*
 * Powers, logarithms, sines and cosines with the same bits everywhere. Those of libm differ in the
 * last place between versions and between CPUs. These use only additions, multiplications and
 * divisions of doubles, compiled without contraction, so that what is derived from them (the noise
 * distribution, scores) never differs.
 */
#ifndef W2V_BASE_FPMATH_H
#define W2V_BASE_FPMATH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* x^y for finite x > 0; relative error below 1e-13 while the result is a normal number. */
double fpmath_pow(double x, double y);

/* The logarithm to base 2 of finite x > 0; error below 1e-15 times the larger of 1 and itself. */
double fpmath_log2(double x);

/* e^x; relative error below 1e-15 while the result is a normal number; 0 below that. */
double fpmath_exp(double x);

/* Cosine and sine of k n-ths of a full turn, n above 0 and below 2^60; error below 1e-15. */
void fpmath_turn(uint64_t k, uint64_t n, double *cosine, double *sine);

/* Whether each of n numbers is finite: neither infinite nor no number (NAN). */
bool fpmath_finite(const float *numbers, size_t n);

#endif
