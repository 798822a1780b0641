/*
 * Powers with the same bits everywhere. libm's pow differs in the last place between versions and
 * between CPUs; this one uses only additions, multiplications and divisions of doubles, compiled
 * without contraction, so that what is derived from it (the noise distribution) never differs.
 */
#ifndef W2V_BASE_FPMATH_H
#define W2V_BASE_FPMATH_H

/* x^y for finite x > 0; relative error below 1e-13 while the result is a normal number. */
double fpmath_pow(double x, double y);

#endif
