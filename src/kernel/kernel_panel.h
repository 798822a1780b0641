/*
 * The kernels of search, once, over a vector of 16 floats: kernel_shape.h includes this file, and
 * needs of a kernel_*.c besides what stands there:
 *
 *   v16_any_above(a, b)           whether a > b in any lane
 *   PANEL_ROWS, PANEL_VECTORS     rows x panels of a product held in registers
 *   fma1(a, b, c)                 what v16_fma does in a lane
 *
 * Each lane holds a column of a product, and the numbers of a row are broadcast one after the other.
 * So rows are read where they are, even if there are few columns. Only sums of squares add across lanes.
 */

enum { COLUMN_ROWS = 8 };

/* Numbers k .. end - 1 of `rows` rows by those of `vectors` panels. */
ALWAYS_INLINE void panels_part(size_t rows, size_t vectors, const float *const *row,
                               const float *panels, size_t dim, size_t k, size_t end,
                               v16 sum[PANEL_ROWS][PANEL_VECTORS])
{
    for (; k < end; k++) {
        v16 x[PANEL_VECTORS];
        UNROLL
        for (size_t v = 0; v < vectors; v++)
            x[v] = v16_load(panels + (v * dim + k) * KERNEL_LANES);
        UNROLL
        for (size_t i = 0; i < rows; i++) {
            v16 y = v16_set1(row[i][k]);
            UNROLL
            for (size_t v = 0; v < vectors; v++)
                sum[i][v] = v16_fma(y, x[v], sum[i][v]);
        }
    }
}

/* Whole rows; meanwhile the rows `next`, unless NULL, are fetched, a cache line each at a time. */
ALWAYS_INLINE void panels_tile(size_t rows, size_t vectors, const float *const *row,
                               const float *const *next, const float *panels, size_t dim,
                               float *scores, size_t stride)
{
    v16 sum[PANEL_ROWS][PANEL_VECTORS];
    UNROLL
    for (size_t i = 0; i < rows; i++)
        UNROLL
    for (size_t v = 0; v < vectors; v++)
        sum[i][v] = v16_set1(0);
    size_t k = 0;
    for (; next != NULL && k + KERNEL_LANES <= dim; k += KERNEL_LANES) {
        UNROLL
        for (size_t i = 0; i < rows; i++)
            fetch_to_read(next[i] + k, 1);
        panels_part(rows, vectors, row, panels, dim, k, k + KERNEL_LANES, sum);
    }
    panels_part(rows, vectors, row, panels, dim, k, dim, sum);
    UNROLL
    for (size_t i = 0; i < rows; i++)
        UNROLL
    for (size_t v = 0; v < vectors; v++)
        v16_store(scores + i * stride + v * KERNEL_LANES, sum[i][v]);
}

/* All rows by a few panels: those stay in the first cache while the rows go by. */
ALWAYS_INLINE void panels_columns(size_t vectors, bool fetch, const float *const *rows,
                                  size_t n_rows, const float *panels, size_t dim, float *scores,
                                  size_t stride)
{
    size_t i = 0;
    for (; i + 2 * PANEL_ROWS <= n_rows; i += PANEL_ROWS)
        panels_tile(PANEL_ROWS, vectors, rows + i, fetch ? rows + i + PANEL_ROWS : NULL, panels,
                    dim, scores + i * stride, stride);
    for (; i + PANEL_ROWS <= n_rows; i += PANEL_ROWS)
        panels_tile(PANEL_ROWS, vectors, rows + i, NULL, panels, dim, scores + i * stride, stride);
    for (; i + 2 <= n_rows; i += 2)
        panels_tile(2, vectors, rows + i, NULL, panels, dim, scores + i * stride, stride);
    for (; i < n_rows; i++)
        panels_tile(1, vectors, rows + i, NULL, panels, dim, scores + i * stride, stride);
}

static void panels(const float *const *rows, size_t n_rows, const float *panels, size_t n_panels,
                   size_t dim, float *scores, size_t stride)
{
    size_t v = 0;
    if (n_panels < PANEL_VECTORS ||
        PANEL_VECTORS == 1) { /* one query or few: the memory sets the pace */
        panels_columns(1, true, rows, n_rows, panels, dim, scores, stride);
        v = 1;
    }
    for (; v + PANEL_VECTORS <= n_panels; v += PANEL_VECTORS)
        panels_columns(PANEL_VECTORS, false, rows, n_rows, panels + v * dim * KERNEL_LANES, dim,
                       scores + v * KERNEL_LANES, stride);
    for (; v < n_panels; v++)
        panels_columns(1, false, rows, n_rows, panels + v * dim * KERNEL_LANES, dim,
                       scores + v * KERNEL_LANES, stride);
}

/* A float at any address. */
ALWAYS_INLINE float load1(const void *p)
{
    float x;
    memcpy(&x, p, sizeof x);
    return x;
}

/* A row's product with itself, as dots has it. */
ALWAYS_INLINE float column_square(const char *row, size_t dim)
{
    v16 sum = v16_set1(0);
    float result;
    size_t k = 0;
    for (; k + KERNEL_LANES <= dim; k += KERNEL_LANES) {
        const v16 x = v16_load(row + k * sizeof(float));
        sum = v16_fma(x, x, sum);
    }
    if (k < dim) {
        const v16 x = v16_load_n(row + k * sizeof(float), dim - k);
        sum = v16_fma(x, x, sum);
    }
    v16_sums(&result, &sum, 1);
    return result;
}

/* The sums of a few rows side by side, each a chain that waits for itself. */
ALWAYS_INLINE void column_tile(size_t rows, const void *const *row, const void *const *next,
                               const float *column, size_t dim, float *scores, size_t stride,
                               float *squares)
{
    float sum[COLUMN_ROWS] = {0};
    for (size_t k = 0; k < dim; k++) {
        const size_t at = k * sizeof(float);
        if (next != NULL && k % KERNEL_LANES == 0) {
            UNROLL
            for (size_t i = 0; i < rows; i++)
                fetch_to_read((const char *)next[i] + at, 1);
        }
        UNROLL
        for (size_t i = 0; i < rows; i++)
            sum[i] = fma1(load1((const char *)row[i] + at), column[k], sum[i]);
    }
    for (size_t i = 0; i < rows; i++) {
        scores[i * stride] = sum[i];
        squares[i] = column_square(row[i], dim);
    }
}

static void column(const void *const *rows, size_t n_rows, const float *column, size_t dim,
                   float *scores, size_t stride, float *squares)
{
    size_t i = 0;
    for (; i + COLUMN_ROWS <= n_rows; i += COLUMN_ROWS)
        column_tile(COLUMN_ROWS, rows + i,
                    i + 2 * COLUMN_ROWS <= n_rows ? rows + i + COLUMN_ROWS : NULL, column, dim,
                    scores + i * stride, stride, squares + i);
    for (; i < n_rows; i++)
        column_tile(1, rows + i, NULL, column, dim, scores + i * stride, stride, squares + i);
}

static size_t above(const float *scores, float scale, const float *least, size_t by, size_t from,
                    size_t n)
{
    const v16 same = v16_set1(least[0]), factor = v16_set1(scale);
    size_t i = from / KERNEL_LANES * KERNEL_LANES;
    for (; i < n; i += KERNEL_LANES) {
        if (!v16_any_above(v16_mul(v16_load(scores + i), factor),
                           by == 0 ? same : v16_load(least + i)))
            continue;
        for (size_t j = i < from ? from : i; j < i + KERNEL_LANES; j++)
            if (scores[j] * scale > least[j * by])
                return j;
    }
    return n;
}
