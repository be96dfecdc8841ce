/* SPDX-License-Identifier: MIT */
/* The matrix product in portable C, after Goto and van de Geijn (2008): C in tiles of 4 x 4 that
 * stay in registers while k runs; columns of B gathered in panels of 4, a block of A at a time
 * kept in cache. Every entry of C is summed over k in the same order whatever the shapes, the
 * transposes and the alignment. Error: |C^ - C| <= k eps |A||B|.
 */
#include "ops/kernels/portable.h"

enum { TILE = 4, BLOCK = 64 };

/* A matrix seen through strides: entry (i, j) at data[i * row + j * col]. */
typedef struct view {
    const double *data;
    size_t row, col;
} view;

static view view_of(bool transpose, const double *data, size_t stride)
{
    return transpose ? (view){data, 1, stride} : (view){data, stride, 1};
}

static view view_at(view v, size_t i, size_t j)
{
    return (view){v.data + i * v.row + j * v.col, v.row, v.col};
}

/* y <- alpha x + beta y; beta 0 overwrites. */
static void combine(size_t n, double alpha, const double *restrict x, double beta,
                    double *restrict y)
{
    if (beta == 0)
        for (size_t j = 0; j < n; j++) y[j] = alpha * x[j];
    else if (beta == 1)
        for (size_t j = 0; j < n; j++) y[j] += alpha * x[j];
    else
        for (size_t j = 0; j < n; j++) y[j] = alpha * x[j] + beta * y[j];
}

/* Combines a tile, of which rows x cols lie inside C, with C. Whole rows have a loop of constant
 * length. */
static void store_tile(const double *restrict tile, double alpha, double beta, size_t rows,
                       size_t cols, double *restrict c, size_t ldc)
{
    for (size_t i = 0; i < rows; i++, tile += TILE, c += ldc) {
        if (cols < TILE) {
            combine(cols, alpha, tile, beta, c);
            continue;
        }
        double t0 = alpha * tile[0], t1 = alpha * tile[1], t2 = alpha * tile[2],
               t3 = alpha * tile[3];
        if (beta != 0) t0 += beta * c[0], t1 += beta * c[1], t2 += beta * c[2], t3 += beta * c[3];
        c[0] = t0, c[1] = t1, c[2] = t2, c[3] = t3;
    }
}

/* tile (4 x 4) <- A B, A of rows <= 4 rows and k columns, B k x 4 with row stride ldb. Rows that A
 * does not have repeat its last one; the caller stores only those it has. The sixteen sums are
 * spelled out so that compilers keep them in registers. */
static void multiply_tile(size_t rows, size_t k, view a, const double *restrict b, size_t ldb,
                          double *restrict tile)
{
    const size_t r1 = rows > 1 ? a.row : 0, r2 = rows > 2 ? 2 * a.row : r1,
                 r3 = rows > 3 ? 3 * a.row : r2;
    const double *restrict p = a.data;
    double c00 = 0, c01 = 0, c02 = 0, c03 = 0, c10 = 0, c11 = 0, c12 = 0, c13 = 0;
    double c20 = 0, c21 = 0, c22 = 0, c23 = 0, c30 = 0, c31 = 0, c32 = 0, c33 = 0;
    for (size_t l = 0; l < k; l++, p += a.col, b += ldb) {
        const double b0 = b[0], b1 = b[1], b2 = b[2], b3 = b[3];
        double x = p[0];
        c00 += x * b0, c01 += x * b1, c02 += x * b2, c03 += x * b3;
        x = p[r1];
        c10 += x * b0, c11 += x * b1, c12 += x * b2, c13 += x * b3;
        x = p[r2];
        c20 += x * b0, c21 += x * b1, c22 += x * b2, c23 += x * b3;
        x = p[r3];
        c30 += x * b0, c31 += x * b1, c32 += x * b2, c33 += x * b3;
    }
    tile[0] = c00, tile[1] = c01, tile[2] = c02, tile[3] = c03;
    tile[4] = c10, tile[5] = c11, tile[6] = c12, tile[7] = c13;
    tile[8] = c20, tile[9] = c21, tile[10] = c22, tile[11] = c23;
    tile[12] = c30, tile[13] = c31, tile[14] = c32, tile[15] = c33;
}

/* panel (k x 4) <- cols <= 4 columns of B, padded with zeros. */
static void gather_panel(size_t k, size_t cols, view b, double *restrict panel)
{
    for (size_t l = 0; l < k; l++, panel += TILE) {
        const double *row = b.data + l * b.row;
        for (size_t j = 0; j < cols; j++) panel[j] = row[j * b.col];
        for (size_t j = cols; j < TILE; j++) panel[j] = 0;
    }
}

/* C <- alpha A B + beta C for k <= BLOCK. */
static void multiply_slab(double alpha, size_t m, size_t n, size_t k, view a, view b, double beta,
                          double *c, size_t ldc)
{
    double panel[BLOCK * TILE], tile[TILE * TILE];
    for (size_t j = 0; j < n; j += TILE) {
        const size_t cols = n - j < TILE ? n - j : TILE;
        const bool gather = cols < TILE || b.col != 1 || m > BLOCK / 2;
        if (gather) gather_panel(k, cols, view_at(b, 0, j), panel);
        const double *columns = gather ? panel : b.data + j;
        for (size_t i = 0; i < m; i += TILE) {
            const size_t rows = m - i < TILE ? m - i : TILE;
            multiply_tile(rows, k, view_at(a, i, 0), columns, gather ? TILE : b.row, tile);
            store_tile(tile, alpha, beta, rows, cols, c + i * ldc + j, ldc);
        }
    }
}

/* Multiplies for any k, block by block; blocks of A are copied to contiguous memory. */
static void multiply_blocks(double alpha, size_t m, size_t n, size_t k, view a, view b, double beta,
                            double *c, size_t ldc)
{
    double block[BLOCK * BLOCK];
    for (size_t l = 0; l < k; l += BLOCK, beta = 1) {
        const size_t depth = k - l < BLOCK ? k - l : BLOCK;
        for (size_t i = 0; i < m; i += BLOCK) {
            const size_t rows = m - i < BLOCK ? m - i : BLOCK;
            for (size_t r = 0; r < rows; r++) {
                const view from = view_at(a, i + r, l);
                for (size_t s = 0; s < depth; s++) block[r * depth + s] = from.data[s * from.col];
            }
            multiply_slab(alpha, rows, n, depth, (view){block, depth, 1}, view_at(b, l, 0), beta,
                          c + i * ldc, ldc);
        }
    }
}

/* y <- alpha A x + beta y, A m x n with contiguous rows: four rows at a time, two sums each. */
static void rows_times_vector(double alpha, size_t m, size_t n, const double *a, size_t lda,
                              const double *x, size_t incx, double beta, double *y, size_t incy)
{
    double sums[TILE];
    for (size_t i = 0; i < m; i += TILE) {
        const size_t rows = m - i < TILE ? m - i : TILE;
        const double *p0 = a + i * lda, *p1 = rows > 1 ? p0 + lda : p0,
                     *p2 = rows > 2 ? p1 + lda : p1, *p3 = rows > 3 ? p2 + lda : p2, *v = x;
        double s0 = 0, s1 = 0, s2 = 0, s3 = 0, t0 = 0, t1 = 0, t2 = 0, t3 = 0;
        size_t j = 0;
        for (; j + 1 < n; j += 2, v += 2 * incx) {
            const double v0 = v[0], v1 = v[incx];
            s0 += p0[j] * v0, t0 += p0[j + 1] * v1, s1 += p1[j] * v0, t1 += p1[j + 1] * v1;
            s2 += p2[j] * v0, t2 += p2[j + 1] * v1, s3 += p3[j] * v0, t3 += p3[j + 1] * v1;
        }
        if (j < n) s0 += p0[j] * *v, s1 += p1[j] * *v, s2 += p2[j] * *v, s3 += p3[j] * *v;
        sums[0] = s0 + t0, sums[1] = s1 + t1, sums[2] = s2 + t2, sums[3] = s3 + t3;
        for (size_t r = 0; r < rows; r++) {
            double *to = y + (i + r) * incy;
            *to = beta == 0 ? alpha * sums[r] : alpha * sums[r] + beta * *to;
        }
    }
}

/* y <- alpha A^T x + beta y, A n x m with contiguous rows: four rows at a time into y. */
static void columns_times_vector(double alpha, size_t m, size_t n, const double *a, size_t lda,
                                 const double *x, size_t incx, double beta, double *y, size_t incy)
{
    if (beta != 1)
        for (size_t j = 0; j < m; j++) y[j * incy] = beta == 0 ? 0 : beta * y[j * incy];
    size_t i = 0;
    for (; i + 3 < n; i += 4, a += 4 * lda, x += 4 * incx) {
        const double x0 = alpha * x[0], x1 = alpha * x[incx], x2 = alpha * x[2 * incx],
                     x3 = alpha * x[3 * incx];
        const double *p1 = a + lda, *p2 = p1 + lda, *p3 = p2 + lda;
        for (size_t j = 0; j < m; j++)
            y[j * incy] += (x0 * a[j] + x1 * p1[j]) + (x2 * p2[j] + x3 * p3[j]);
    }
    for (; i < n; i++, a += lda, x += incx) {
        const double x0 = alpha * *x;
        for (size_t j = 0; j < m; j++) y[j * incy] += x0 * a[j];
    }
}

/* C <- alpha x y^T + beta C. */
static void outer_product(double alpha, size_t m, size_t n, const double *x, size_t incx,
                          const double *y, size_t incy, double beta, double *c, size_t ldc)
{
    for (size_t i = 0; i < m; i++, c += ldc) {
        const double factor = alpha * x[i * incx];
        if (incy == 1) combine(n, factor, y, beta, c);
        else
            for (size_t j = 0; j < n; j++) combine(1, factor, y + j * incy, beta, c + j);
    }
}

void portable_multiply_add(double alpha, bool transpose_a, bool transpose_b, size_t m, size_t n,
                           size_t k, const double *a, size_t lda, const double *b, size_t ldb,
                           double beta, double *c, size_t ldc)
{
    const view va = view_of(transpose_a, a, lda), vb = view_of(transpose_b, b, ldb);
    if (m == 0 || n == 0) return;
    if (n == 1)
        (transpose_a ? columns_times_vector : rows_times_vector)(alpha, m, k, a, lda, b, vb.row,
                                                                 beta, c, ldc);
    else if (m == 1)
        (transpose_b ? rows_times_vector : columns_times_vector)(alpha, n, k, b, ldb, a, va.col,
                                                                 beta, c, 1);
    else if (k == 1) outer_product(alpha, m, n, a, va.row, b, vb.col, beta, c, ldc);
    else if (m <= BLOCK && k <= BLOCK) multiply_slab(alpha, m, n, k, va, vb, beta, c, ldc);
    else multiply_blocks(alpha, m, n, k, va, vb, beta, c, ldc);
}

void kernel_matmul(bool transpose_a, bool transpose_b, size_t m, size_t n, size_t k,
                   const double *a, size_t lda, const double *b, size_t ldb, double beta, double *c,
                   size_t ldc)
{
    kernel_multiply_add(1, transpose_a, transpose_b, m, n, k, a, lda, b, ldb, beta, c, ldc);
}
