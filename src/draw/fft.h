/*
 * Fourier transforms of FFT_LANES series of complex numbers at once. The series lie side by side, so
 * that every operation is one on whole vectors. The transform is Stockham's, of radix 4, 2, 3 and 5,
 * which leaves its results in order. It adds and multiplies floats in a fixed order, with factors from
 * fpmath.h, so the bits are the same on every machine.
 */
#ifndef W2V_DRAW_FFT_H
#define W2V_DRAW_FFT_H

#include "base/error.h"

enum { FFT_LANES = 16, FFT_MAX_PASSES = 24 };

struct fft {
    size_t n; /* length of a series: 2^a 3^b 5^c */
    size_t n_passes;
    unsigned char radix[FFT_MAX_PASSES];
    float *factors; /* pass by pass, (length / radix) times (radix - 1) pairs */
};

/* The series, (n, FFT_LANES) real and imaginary parts, and room for as many. */
struct fft_tile {
    float *re, *im, *spare_re, *spare_im;
};

/* The least length of the form 32 x 2^a 3^b 5^c that is `least` or more. */
size_t fft_length(size_t least);

int fft_make(struct fft *fft, size_t n, struct w2v_error *error);
void fft_release(struct fft *fft);

/*
 * Computes the sums over j of x[j] e^(-2 pi i j k / n) for all k. They are then in tile->re and
 * tile->im, which may have changed places with the spare room. If re and im are swapped before and
 * after, the result is the inverse transform times n.
 */
void fft_run(const struct fft *fft, struct fft_tile *tile);

#endif
