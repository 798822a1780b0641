/* Forces between all points. See repulsion.h. */
#include "draw/repulsion.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum {
    FEW = 512,       /* points that are summed exactly */
    PIECE = 64,      /* of these points, as many as are summed at once */
    STRIP = 16,      /* rows of the grid that a thread fills at once */
    LEAST_SPAN = 24, /* nodes across the points at the least: else the grid is made finer */
    MOST_NODES = 2048,
    LANES = FFT_LANES
};

/* The widest distance of two nodes. The kernels are about 1 wide. */
static const float WIDEST = 0.4f, FARTHEST = 1e8f;

static const char what[] = "the forces of a map";

bool repulsion_few(size_t n)
{
    return n <= FEW;
}

/* ---- Few points ---- */

static void sum_exactly(struct repulsion *r, size_t piece)
{
    double z = 0;
    for (size_t i = piece * PIECE; i < r->n && i < (piece + 1) * PIECE; i++) {
        const float x = r->y[2 * i], y = r->y[2 * i + 1];
        double fx = 0, fy = 0;
        for (size_t j = 0; j < r->n; j++) {
            const float dx = x - r->y[2 * j], dy = y - r->y[2 * j + 1];
            const double near = 1 / (1 + (double)dx * (double)dx + (double)dy * (double)dy);
            z += j != i ? near : 0;
            fx += (double)dx * (near * near);
            fy += (double)dy * (near * near);
        }
        r->forces[2 * i] = (float)fx;
        r->forces[2 * i + 1] = (float)fy;
    }
    r->sums[piece] = z;
}

/* ---- The grid ---- */

/* The number of ky from 0 to n_nodes, rounded up to whole tiles. */
static size_t half_of(const struct repulsion *r)
{
    return (r->n_nodes + 1 + LANES - 1) / LANES * LANES;
}

static void free_grid(struct repulsion *r)
{
    fft_release(&r->fft);
    free(r->grid);
    free(r->half_re);
    free(r->half_im);
    r->grid = r->half_re = r->half_im = NULL;
    for (int i = 0; i < 2; i++) {
        free(r->back_re[i]);
        free(r->back_im[i]);
        r->back_re[i] = r->back_im[i] = NULL;
    }
    for (int i = 0; i < 3; i++) {
        free(r->kernels[i]);
        r->kernels[i] = NULL;
    }
    for (int i = 0; i < 4; i++) {
        free(r->wide[i]);
        r->wide[i] = NULL;
    }
    free(r->tiles);
    free(r->row_begin);
    free(r->sums);
    r->tiles = NULL;
    r->row_begin = NULL;
    r->sums = NULL;
    r->n_nodes = 0;
}

static int make_grid(struct repulsion *r, size_t n_nodes, struct w2v_error *error)
{
    free_grid(r);
    r->n_nodes = n_nodes;
    const size_t length = 2 * n_nodes, half = half_of(r);
    int status = fft_make(&r->fft, length, error);
    if (status != W2V_OK)
        return status;
    float **const arrays[] = {&r->grid,       &r->half_re,    &r->half_im,    &r->back_re[0],
                              &r->back_im[0], &r->back_re[1], &r->back_im[1], &r->kernels[0],
                              &r->kernels[1], &r->kernels[2], &r->wide[0],    &r->wide[1],
                              &r->wide[2],    &r->wide[3],    &r->tiles};
    const size_t sizes[] = {n_nodes * n_nodes, half * n_nodes, half * n_nodes,
                            half * n_nodes,    half * n_nodes, half * n_nodes,
                            half * n_nodes,    half * length,  half * length,
                            half * length,     half * length,  half * length,
                            half * length,     half * length,  r->n_threads * 8 * length * LANES};
    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        *arrays[i] = mem_calloc(sizes[i], sizeof(float), what, error);
        if (*arrays[i] == NULL)
            return W2V_ENOMEM;
    }
    r->row_begin = mem_calloc(n_nodes + 2, sizeof *r->row_begin, what, error);
    r->sums = mem_calloc(half / LANES, sizeof *r->sums, what, error);
    return r->row_begin != NULL && r->sums != NULL ? W2V_OK : W2V_ENOMEM;
}

/* Chooses level and size of the grid by the extent of the points. Sorts the points by its rows. */
static int lay_grid(struct repulsion *r, struct w2v_error *error)
{
    float low[2] = {r->y[0], r->y[1]}, high[2] = {r->y[0], r->y[1]};
    for (size_t i = 0; i < r->n; i++)
        for (size_t k = 0; k < 2; k++) {
            const float v = r->y[2 * i + k];
            low[k] = v < low[k] ? v : low[k];
            high[k] = v > high[k] ? v : high[k];
        }
    const float x_span = high[0] - low[0], y_span = high[1] - low[1];
    const float span = x_span > y_span ? x_span : y_span;
    if (!(span < FARTHEST)) /* or not a number */
        return error_set(error, W2V_ENUMERIC, "the places of the map are too far apart");
    float apart = WIDEST;
    int level = 0;
    r->kernels_known = r->n_nodes > 0; /* the kernels of the last time are finished */
    for (; level < 40 && span < LEAST_SPAN * apart; level++)
        apart *= 0.5f;
    while (level > -20 &&
           span > (MOST_NODES - 6) * apart) { /* the widest good grid has no memory */
        apart *= 2;
        level--;
    }
    const size_t needed = (size_t)(span / apart) + 6;
    if (needed > r->n_nodes || level != r->level || 2 * needed < r->n_nodes) {
        const size_t n_nodes = fft_length(2 * needed) / 2;
        if (n_nodes != r->n_nodes) {
            int status = make_grid(r, n_nodes, error);
            if (status != W2V_OK)
                return status;
        }
        r->level = level;
        r->kernels_known = false;
    }
    r->by = 1 / apart;
    for (size_t k = 0; k < 2;
         k++) /* the first point is at 2.25, so that rounding takes no point below 1 */
        r->origin[k] = low[k] - 2.25f * apart;
    memset(r->row_begin, 0, (r->n_nodes + 2) * sizeof *r->row_begin);
    for (size_t i = 0; i < r->n; i++) {
        r->row[i] = (uint32_t)((r->y[2 * i + 1] - r->origin[1]) * r->by);
        r->row_begin[r->row[i] + 2]++;
    }
    for (size_t row = 0; row < r->n_nodes; row++)
        r->row_begin[row + 2] += r->row_begin[row + 1];
    for (size_t i = 0; i < r->n; i++)
        r->order[r->row_begin[r->row[i] + 1]++] = (uint32_t)i;
    return W2V_OK;
}

/* Returns the first of the four nodes near a point in direction k, and gives the weights of all four. */
static inline size_t weigh(const struct repulsion *r, const float *y, size_t k, float weight[4])
{
    const float at = (y[k] - r->origin[k]) * r->by;
    const size_t node = (size_t)at;
    const float f = at - (float)node;
    const float before = f + 1, after = f - 1, last = f - 2;
    weight[0] = f * after * last * (-1.0f / 6);
    weight[1] = before * after * last * 0.5f;
    weight[2] = before * f * last * -0.5f;
    weight[3] = before * f * after * (1.0f / 6);
    return node - 1;
}

/* Each node of the strip sums the points near it, in the order of their rows, then of their numbers. */
static void spread(struct repulsion *r, size_t strip)
{
    const size_t first = strip * STRIP;
    const size_t end = first + STRIP < r->n_nodes ? first + STRIP : r->n_nodes;
    const size_t low = first < 2 ? 0 : first - 2,
                 high = end + 1 < r->n_nodes ? end + 1 : r->n_nodes;
    memset(r->grid + first * r->n_nodes, 0, (end - first) * r->n_nodes * sizeof *r->grid);
    for (size_t place = r->row_begin[low]; place < r->row_begin[high]; place++) {
        float across[4], down[4];
        const float *y = r->y + 2 * (size_t)r->order[place];
        const size_t x = weigh(r, y, 0, across), top = weigh(r, y, 1, down);
        for (size_t i = 0; i < 4; i++) {
            if (top + i < first || top + i >= end)
                continue;
            float *node = r->grid + (top + i) * r->n_nodes + x;
            for (size_t j = 0; j < 4; j++)
                node[j] += down[i] * across[j];
        }
    }
}

/* ---- Transforms ---- */

static struct fft_tile tile_of(const struct repulsion *r, unsigned index, size_t i)
{
    const size_t size = 2 * r->n_nodes * LANES;
    float *first = r->tiles + (index * 8 + 4 * i) * size;
    return (struct fft_tile){first, first + size, first + 2 * size, first + 3 * size};
}

static void swap_parts(struct fft_tile *tile)
{
    *tile = (struct fft_tile){tile->im, tile->re, tile->spare_im, tile->spare_re};
}

/*
 * Transforms two tiles of columns in y. Columns are real, so one tile is taken as the real part of a
 * series and the other as its imaginary part. The symmetry of the results tells them apart.
 */
static void transform_columns(struct repulsion *r, unsigned index, size_t pair)
{
    const size_t n = r->n_nodes, length = 2 * n, x = pair * 2 * LANES;
    const bool both = x + LANES < n;
    struct fft_tile tile = tile_of(r, index, 0);
    for (size_t y = 0; y < n; y++) {
        memcpy(tile.re + y * LANES, r->grid + y * n + x, LANES * sizeof(float));
        if (both)
            memcpy(tile.im + y * LANES, r->grid + y * n + x + LANES, LANES * sizeof(float));
        else
            memset(tile.im + y * LANES, 0, LANES * sizeof(float));
    }
    memset(tile.re + n * LANES, 0, n * LANES * sizeof(float));
    memset(tile.im + n * LANES, 0, n * LANES * sizeof(float));
    fft_run(&r->fft, &tile);
    for (size_t k = 0; k <= n; k++) {
        const size_t mirrored = (length - k) % length;
        const float *re = tile.re + k * LANES, *im = tile.im + k * LANES;
        const float *re2 = tile.re + mirrored * LANES, *im2 = tile.im + mirrored * LANES;
        float *to_re = r->half_re + k * n + x, *to_im = r->half_im + k * n + x;
        for (size_t l = 0; l < LANES; l++) {
            to_re[l] = 0.5f * (re[l] + re2[l]);
            to_im[l] = 0.5f * (im[l] - im2[l]);
        }
        for (size_t l = 0; l < LANES && both; l++) {
            to_re[LANES + l] = 0.5f * (im[l] + im2[l]);
            to_im[LANES + l] = 0.5f * (re2[l] - re[l]);
        }
    }
}

/* Copies LANES series, which lie along rows of `stride` floats, to a tile, where they lie across. */
static void load_turned(const float *from, size_t n, size_t stride, float *to)
{
    for (size_t x = 0; x < n; x += LANES)
        for (size_t l = 0; l < LANES; l++)
            for (size_t i = 0; i < LANES; i++)
                to[(x + i) * LANES + l] = from[l * stride + x + i];
}

/* The way back. */
static void store_turned(const float *from, size_t n, size_t stride, float *to)
{
    for (size_t x = 0; x < n; x += LANES)
        for (size_t l = 0; l < LANES; l++)
            for (size_t i = 0; i < LANES; i++)
                to[l * stride + x + i] = from[(x + i) * LANES + l];
}

/* For LANES of ky: transforms in x, sums their part of Z, multiplies by the kernels, transforms back. */
static void transform_rows(struct repulsion *r, unsigned index, size_t tile_number)
{
    const size_t n = r->n_nodes, length = 2 * n, first = tile_number * LANES;
    struct fft_tile tile = tile_of(r, index, 0);
    load_turned(r->half_re + first * n, n, n, tile.re);
    load_turned(r->half_im + first * n, n, n, tile.im);
    memset(tile.re + n * LANES, 0, n * LANES * sizeof(float));
    memset(tile.im + n * LANES, 0, n * LANES * sizeof(float));
    fft_run(&r->fft, &tile);
    const float *z_kernel = r->kernels[0] + first * length;
    double lanes[LANES] = {0}, z = 0;
    for (size_t i = 0; i < length * LANES; i += LANES)
        for (size_t l = 0; l < LANES; l++)
            lanes[l] +=
                (double)((tile.re[i + l] * tile.re[i + l] + tile.im[i + l] * tile.im[i + l]) *
                         z_kernel[i + l]);
    for (size_t l = 0; l < LANES; l++) { /* the other half of ky mirrors this one */
        const size_t k = first + l;
        z += k > n ? 0 : k == 0 || k == n ? lanes[l] : 2 * lanes[l];
    }
    r->sums[tile_number] = z;
    for (size_t part = 0; part < 2; part++) { /* the kernel's transform is imaginary */
        struct fft_tile back = tile_of(r, index, 1);
        const float *kernel = r->kernels[1 + part] + first * length;
        for (size_t i = 0; i < length * LANES; i++) {
            back.re[i] = -tile.im[i] * kernel[i];
            back.im[i] = tile.re[i] * kernel[i];
        }
        swap_parts(&back);
        fft_run(&r->fft, &back);
        swap_parts(&back);
        store_turned(back.re, n, n, r->back_re[part] + first * n);
        store_turned(back.im, n, n, r->back_im[part] + first * n);
    }
}

/*
 * Transforms a tile of columns back in y. Both parts of the force are real, so x becomes the real part
 * of a series and y the imaginary one. They are stored where the charges' transform was.
 */
static void transform_back(struct repulsion *r, unsigned index, size_t column)
{
    const size_t n = r->n_nodes, length = 2 * n, x = column * LANES;
    struct fft_tile tile = tile_of(r, index, 0);
    for (size_t k = 0; k <= n; k++) {
        const size_t from = k * n + x, mirrored = (length - k) % length;
        const float *a = r->back_re[0] + from, *b = r->back_im[0] + from;
        const float *c = r->back_re[1] + from, *d = r->back_im[1] + from;
        for (size_t l = 0; l < LANES; l++) { /* (a + ib) + i (c + id); mirrored: their conjugates */
            tile.re[mirrored * LANES + l] = a[l] + d[l];
            tile.im[mirrored * LANES + l] = c[l] - b[l];
            tile.re[k * LANES + l] = a[l] - d[l];
            tile.im[k * LANES + l] = b[l] + c[l];
        }
    }
    swap_parts(&tile);
    fft_run(&r->fft, &tile);
    swap_parts(&tile);
    for (size_t y = 0; y < n; y++) {
        memcpy(r->half_re + y * n + x, tile.re + y * LANES, LANES * sizeof(float));
        memcpy(r->half_im + y * n + x, tile.im + y * LANES, LANES * sizeof(float));
    }
}

/* ---- Kernels ---- */

/* Transforms a tile of columns of the kernels in y: first that of Z, then both of the force as one. */
static void kernel_columns(struct repulsion *r, unsigned index, size_t column)
{
    const size_t n = r->n_nodes, length = 2 * n, x = column * LANES;
    const float apart = 1 / r->by;
    for (size_t which = 0; which < 2; which++) {
        struct fft_tile tile = tile_of(r, index, which);
        for (size_t y = 0; y < length; y++)
            for (size_t l = 0; l < LANES; l++) {
                const size_t at = x + l;
                const float dx = apart * (at < n ? (float)at : -(float)(length - at));
                const float dy = apart * (y < n ? (float)y : -(float)(length - y));
                const float near = 1 / (1 + dx * dx + dy * dy);
                /* An odd kernel is 0 half way round, where left and right are equally far. */
                tile.re[y * LANES + l] = which == 0 ? near : at == n ? 0 : dx * near * near;
                tile.im[y * LANES + l] = which == 0 || y == n ? 0 : dy * near * near;
            }
        fft_run(&r->fft, &tile);
        for (size_t k = 0; k <= n; k++) {
            memcpy(r->wide[2 * which] + k * length + x, tile.re + k * LANES, LANES * sizeof(float));
            memcpy(r->wide[2 * which + 1] + k * length + x, tile.im + k * LANES,
                   LANES * sizeof(float));
        }
    }
}

/* Transforms LANES of ky in x. Divides by the factor that transforms there and back bring in. */
static void kernel_rows(struct repulsion *r, unsigned index, size_t tile_number)
{
    const size_t length = 2 * r->n_nodes, first = tile_number * LANES;
    const float scale = 1 / ((float)length * (float)length);
    for (size_t which = 0; which < 2; which++) {
        struct fft_tile tile = tile_of(r, index, which);
        load_turned(r->wide[2 * which] + first * length, length, length, tile.re);
        load_turned(r->wide[2 * which + 1] + first * length, length, length, tile.im);
        fft_run(&r->fft, &tile);
        for (size_t i = 0; i < length * LANES; i++) {
            const size_t to = first * length + i;
            if (which == 0) {
                r->kernels[0][to] = tile.re[i] * scale;
            } else { /* i A - B, of i A for the part in x and i B for the part in y */
                r->kernels[1][to] = tile.im[i] * scale;
                r->kernels[2][to] = -tile.re[i] * scale;
            }
        }
    }
}

/* ---- The whole ---- */

int repulsion_make(struct repulsion *r, size_t n, bool exact, unsigned n_threads,
                   struct w2v_error *error)
{
    *r = (struct repulsion){.n = n, .exact = exact, .n_threads = n_threads, .level = -100};
    if (exact) {
        r->forces = mem_calloc(n, 2 * sizeof *r->forces, what, error);
        r->sums = mem_calloc(n / PIECE + 1, sizeof *r->sums, what, error);
        return r->forces != NULL && r->sums != NULL ? W2V_OK : W2V_ENOMEM;
    }
    r->order = mem_calloc(n, sizeof *r->order, what, error);
    r->row = mem_calloc(n, sizeof *r->row, what, error);
    return r->order != NULL && r->row != NULL ? W2V_OK : W2V_ENOMEM;
}

void repulsion_release(struct repulsion *r)
{
    free_grid(r);
    free(r->forces);
    free(r->order);
    free(r->row);
    *r = (struct repulsion){0};
}

int repulsion_begin(struct repulsion *r, const float *y, struct w2v_error *error)
{
    r->y = y;
    return r->exact ? W2V_OK : lay_grid(r, error);
}

bool repulsion_has(const struct repulsion *r, enum repulsion_step step)
{
    return r->exact == (step == REPULSION_EXACT);
}

void repulsion_work(struct repulsion *r, enum repulsion_step step, size_t share, unsigned index)
{
    static void (*const functions[])(struct repulsion *, unsigned,
                                     size_t) = {[REPULSION_KERNEL_COLUMNS] = kernel_columns,
                                                [REPULSION_KERNEL_ROWS] = kernel_rows,
                                                [REPULSION_COLUMNS] = transform_columns,
                                                [REPULSION_ROWS] = transform_rows,
                                                [REPULSION_BACK] = transform_back};
    const bool kernels = step == REPULSION_KERNEL_COLUMNS || step == REPULSION_KERNEL_ROWS;
    const size_t n = r->n_nodes, tiles = n / LANES;
    if (kernels && r->kernels_known)
        return;
    const size_t pieces = step == REPULSION_EXACT            ? (r->n + PIECE - 1) / PIECE
                          : step == REPULSION_SPREAD         ? (n + STRIP - 1) / STRIP
                          : step == REPULSION_KERNEL_COLUMNS ? 2 * tiles
                          : step == REPULSION_COLUMNS        ? (tiles + 1) / 2
                          : step == REPULSION_BACK           ? tiles
                                                             : half_of(r) / LANES;
    for (size_t piece = share; piece < pieces; piece += REPULSION_SHARES) {
        if (step == REPULSION_EXACT)
            sum_exactly(r, piece);
        else if (step == REPULSION_SPREAD)
            spread(r, piece);
        else
            functions[step](r, index, piece);
    }
}

void repulsion_force(const struct repulsion *r, size_t i, float force[2])
{
    if (r->exact) {
        force[0] = r->forces[2 * i];
        force[1] = r->forces[2 * i + 1];
        return;
    }
    float across[4], down[4], fx = 0, fy = 0;
    const float *y = r->y + 2 * i;
    const size_t x = weigh(r, y, 0, across), top = weigh(r, y, 1, down);
    for (size_t j = 0; j < 4; j++) {
        const float *re = r->half_re + (top + j) * r->n_nodes + x;
        const float *im = r->half_im + (top + j) * r->n_nodes + x;
        for (size_t k = 0; k < 4; k++) {
            fx += down[j] * across[k] * re[k];
            fy += down[j] * across[k] * im[k];
        }
    }
    force[0] = fx;
    force[1] = fy;
}

double repulsion_z(const struct repulsion *r)
{
    const size_t n = r->exact ? (r->n + PIECE - 1) / PIECE : half_of(r) / LANES;
    double z = r->exact ? 0 : -(double)r->n; /* on the grid each point is near itself */
    for (size_t i = 0; i < n; i++)
        z += r->sums[i];
    /* If points are very far apart, the errors of the grid are larger than Z. */
    const double least = r->exact ? 1e-30 : (double)r->n / 64;
    return z > least ? z : least;
}
