/*
 * The forces that push the points of a t-SNE map apart. The force on point i is the sum over all j of
 * (y_i - y_j) / (1 + d_ij^2)^2. Z is the sum of 1 / (1 + d_ij^2) over all pairs i and j, i not j.
 *
 * Forces on few points are summed exactly. If there are more points, each is spread over the 4 x 4
 * nearest nodes of a grid (interpolation by cubics). The grid is then convolved with three kernels by
 * Fourier transforms, and each point reads its force from its 16 nodes. Time grows with the number of
 * points and with the area that they cover, not with the square of their number (Linderman et al. 2019,
 * "Fast interpolation-based t-SNE"). That paper convolves four charges with even kernels. Here one
 * charge is convolved with the kernels of the force itself, which are odd. This takes one transform
 * forward and one back, and nothing cancels. By Parseval's theorem Z is a sum over the squares of the
 * transform.
 *
 * The points alone decide the order of every sum, so threads change no bit.
 */
#ifndef W2V_DRAW_REPULSION_H
#define W2V_DRAW_REPULSION_H

#include "base/thread.h"
#include "draw/fft.h"

/* All threads do the shares of a step together. A step begins when the last one has ended. */
enum repulsion_step {
    REPULSION_KERNEL_COLUMNS,
    REPULSION_KERNEL_ROWS,
    REPULSION_SPREAD,
    REPULSION_COLUMNS,
    REPULSION_ROWS,
    REPULSION_BACK,
    REPULSION_EXACT,
    REPULSION_STEPS
};

enum { REPULSION_SHARES = THREAD_CREW_PIECES };

struct repulsion {
    size_t n; /* points */
    unsigned n_threads;
    bool exact;     /* few points: of the members below only `forces` and `sums` are used */
    float *forces;  /* (n, 2) */
    double *sums;   /* of Z, one a piece of work */
    const float *y; /* (n, 2): the points */

    /* The grid. */
    struct fft fft;      /* of length 2 n_nodes */
    size_t n_nodes;      /* in each direction */
    int level;           /* the distance of two nodes is the widest one times 2^-level */
    float origin[2], by; /* of node (0, 0); nodes in a unit of length */
    bool kernels_known;
    float *grid;                    /* (n_nodes, n_nodes): by y, then x */
    float *half_re, *half_im;       /* (half, n_nodes): the charges' transform in y, ky by x */
    float *back_re[2], *back_im[2]; /* the same of both parts of the force */
    float *kernels[3];              /* tiles of (2 n_nodes, FFT_LANES): of Z and of both parts */
    float *wide[4];                 /* (half, 2 n_nodes): kernels between two steps */
    float *tiles;                   /* (n_threads, 8, 2 n_nodes, FFT_LANES) */

    uint32_t *order, *row_begin; /* points by row of the grid; (n_nodes + 2) */
    uint32_t *row;               /* (n) */
};

int repulsion_make(struct repulsion *r, size_t n, bool exact, unsigned n_threads,
                   struct w2v_error *error);
void repulsion_release(struct repulsion *r);

/* Whether so few points are summed exactly. */
bool repulsion_few(size_t n);

/* Begins with new points, (n, 2) and finite, which the caller keeps. One thread calls it. */
int repulsion_begin(struct repulsion *r, const float *y, struct w2v_error *error);

/* Whether the forces take this step. It depends on `exact` alone. */
bool repulsion_has(const struct repulsion *r, enum repulsion_step step);

/* Does a share of a step, from 0 to REPULSION_SHARES - 1, on thread `index` of n_threads. */
void repulsion_work(struct repulsion *r, enum repulsion_step step, size_t share, unsigned index);

/* The force on point i, and Z, which is above 0. Any thread may ask after the last step. */
void repulsion_force(const struct repulsion *r, size_t i, float force[2]);
double repulsion_z(const struct repulsion *r);

#endif
