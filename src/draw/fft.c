/* Fourier transforms. See fft.h. */
#include "draw/fft.h"

#include <stdlib.h>
#include <string.h>

#include "base/fpmath.h"
#include "base/mem.h"

size_t fft_length(size_t least)
{
    for (size_t n = 32;; n += 32) {
        size_t rest = n;
        while (rest % 2 == 0)
            rest /= 2;
        while (rest % 3 == 0)
            rest /= 3;
        while (rest % 5 == 0)
            rest /= 5;
        if (n >= least && rest == 1)
            return n;
    }
}

static const unsigned char radices[] = {4, 2, 3, 5};

int fft_make(struct fft *fft, size_t n, struct w2v_error *error)
{
    *fft = (struct fft){.n = n};
    fft->factors = mem_calloc(2 * n, sizeof *fft->factors, "a transform", error);
    if (fft->factors == NULL)
        return W2V_ENOMEM;
    float *to = fft->factors;
    for (size_t length = n, r = 0; length > 1;) {
        const size_t radix = radices[r];
        if (length % radix != 0) {
            r++;
            continue;
        }
        fft->radix[fft->n_passes++] = (unsigned char)radix;
        for (size_t p = 0; p < length / radix; p++)
            for (size_t j = 1; j < radix; j++, to += 2) {
                double cosine, sine;
                fpmath_turn(p * j, length, &cosine, &sine);
                to[0] = (float)cosine;
                to[1] = (float)-sine;
            }
        length /= radix;
    }
    return W2V_OK;
}

void fft_release(struct fft *fft)
{
    free(fft->factors);
    *fft = (struct fft){0};
}

/*
 * A pass reads `radix` vectors that lie `apart` floats from each other, and writes as many that lie
 * to_apart from each other. Results are collected before they are stored, so that the compiler knows
 * that no store changes what is still to be read.
 */
struct vectors {
    float re[5][FFT_LANES], im[5][FFT_LANES];
};

static inline void store(const struct vectors *v, size_t n, float *to_re, float *to_im,
                         size_t to_apart)
{
    for (size_t j = 0; j < n; j++) {
        memcpy(to_re + j * to_apart, v->re[j], sizeof v->re[j]);
        memcpy(to_im + j * to_apart, v->im[j], sizeof v->im[j]);
    }
}

/* Number j of the results is (re, im) times factor j - 1. */
#define RESULT(j, real, imaginary)                   \
    do {                                             \
        const float *const f = w + 2 * ((j)-1);      \
        v.re[j][l] = (real)*f[0] - (imaginary)*f[1]; \
        v.im[j][l] = (real)*f[1] + (imaginary)*f[0]; \
    } while (0)

static inline void pass2(const float *re, const float *im, size_t apart, const float *w,
                         float *to_re, float *to_im, size_t to_apart)
{
    struct vectors v;
    for (size_t l = 0; l < FFT_LANES; l++) {
        const float a = re[l], b = re[apart + l], c = im[l], d = im[apart + l];
        v.re[0][l] = a + b;
        v.im[0][l] = c + d;
        RESULT(1, a - b, c - d);
    }
    store(&v, 2, to_re, to_im, to_apart);
}

static inline void pass3(const float *re, const float *im, size_t apart, const float *w,
                         float *to_re, float *to_im, size_t to_apart)
{
    const float half = 0.5f, root = 0.866025404f; /* sin 60 degrees */
    struct vectors v;
    for (size_t l = 0; l < FFT_LANES; l++) {
        const float a = re[l], c = im[l];
        const float sum_re = re[apart + l] + re[2 * apart + l];
        const float sum_im = im[apart + l] + im[2 * apart + l];
        const float dif_re = (re[apart + l] - re[2 * apart + l]) * root;
        const float dif_im = (im[apart + l] - im[2 * apart + l]) * root;
        const float mid_re = a - half * sum_re, mid_im = c - half * sum_im;
        v.re[0][l] = a + sum_re;
        v.im[0][l] = c + sum_im;
        RESULT(1, mid_re + dif_im, mid_im - dif_re);
        RESULT(2, mid_re - dif_im, mid_im + dif_re);
    }
    store(&v, 3, to_re, to_im, to_apart);
}

static inline void pass4(const float *re, const float *im, size_t apart, const float *w,
                         float *to_re, float *to_im, size_t to_apart)
{
    struct vectors v;
    for (size_t l = 0; l < FFT_LANES; l++) {
        const float even_re = re[l] + re[2 * apart + l], even_im = im[l] + im[2 * apart + l];
        const float away_re = re[l] - re[2 * apart + l], away_im = im[l] - im[2 * apart + l];
        const float odd_re = re[apart + l] + re[3 * apart + l];
        const float odd_im = im[apart + l] + im[3 * apart + l];
        const float turn_re = re[apart + l] - re[3 * apart + l];
        const float turn_im = im[apart + l] - im[3 * apart + l];
        v.re[0][l] = even_re + odd_re;
        v.im[0][l] = even_im + odd_im;
        RESULT(1, away_re + turn_im, away_im - turn_re);
        RESULT(2, even_re - odd_re, even_im - odd_im);
        RESULT(3, away_re - turn_im, away_im + turn_re);
    }
    store(&v, 4, to_re, to_im, to_apart);
}

static inline void pass5(const float *re, const float *im, size_t apart, const float *w,
                         float *to_re, float *to_im, size_t to_apart)
{
    /* cosine and sine of a fifth and of two fifths of a turn */
    const float c1 = 0.309016994f, c2 = -0.809016994f, s1 = 0.951056516f, s2 = 0.587785252f;
    struct vectors v;
    for (size_t l = 0; l < FFT_LANES; l++) {
        const float a = re[l], b = im[l];
        const float p_re = re[apart + l] + re[4 * apart + l];
        const float p_im = im[apart + l] + im[4 * apart + l];
        const float m_re = re[apart + l] - re[4 * apart + l];
        const float m_im = im[apart + l] - im[4 * apart + l];
        const float q_re = re[2 * apart + l] + re[3 * apart + l];
        const float q_im = im[2 * apart + l] + im[3 * apart + l];
        const float n_re = re[2 * apart + l] - re[3 * apart + l];
        const float n_im = im[2 * apart + l] - im[3 * apart + l];
        const float u_re = a + (c1 * p_re + c2 * q_re), u_im = b + (c1 * p_im + c2 * q_im);
        const float x_re = a + (c2 * p_re + c1 * q_re), x_im = b + (c2 * p_im + c1 * q_im);
        const float y_re = s1 * m_re + s2 * n_re, y_im = s1 * m_im + s2 * n_im;
        const float z_re = s2 * m_re - s1 * n_re, z_im = s2 * m_im - s1 * n_im;
        v.re[0][l] = a + (p_re + q_re);
        v.im[0][l] = b + (p_im + q_im);
        RESULT(1, u_re + y_im, u_im - y_re);
        RESULT(2, x_re + z_im, x_im - z_re);
        RESULT(3, x_re - z_im, x_im + z_re);
        RESULT(4, u_re - y_im, u_im + y_re);
    }
    store(&v, 5, to_re, to_im, to_apart);
}

void fft_run(const struct fft *fft, struct fft_tile *tile)
{
    const float *factors = fft->factors;
    size_t length = fft->n, stride = 1;
    for (size_t i = 0; i < fft->n_passes; i++) {
        const size_t radix = fft->radix[i], m = length / radix;
        const size_t apart = m * stride * FFT_LANES, to_apart = stride * FFT_LANES;
        for (size_t p = 0; p < m; p++, factors += 2 * (radix - 1))
            for (size_t q = 0; q < stride; q++) {
                const size_t from = (q + stride * p) * FFT_LANES;
                const size_t to = (q + stride * radix * p) * FFT_LANES;
                const float *re = tile->re + from, *im = tile->im + from;
                float *to_re = tile->spare_re + to, *to_im = tile->spare_im + to;
                if (radix == 4)
                    pass4(re, im, apart, factors, to_re, to_im, to_apart);
                else if (radix == 2)
                    pass2(re, im, apart, factors, to_re, to_im, to_apart);
                else if (radix == 3)
                    pass3(re, im, apart, factors, to_re, to_im, to_apart);
                else
                    pass5(re, im, apart, factors, to_re, to_im, to_apart);
            }
        length = m;
        stride *= radix;
        *tile = (struct fft_tile){tile->spare_re, tile->spare_im, tile->re, tile->im};
    }
}
