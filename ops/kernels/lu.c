/* SPDX-License-Identifier: MIT */
/* LU with partial pivoting, P A = L U (Golub and Van Loan 2013, section 3.4), right-looking in
 * panels of columns. A panel is halved until it is a few columns wide (Toledo 1997):
 *
 *     [A11 A12]    factor the left half; exchange its rows in the right half;
 *     [A21 A22]    U12 = L11^-1 A12;  A22 <- A22 - L21 U12;  factor A22; exchange its rows in L21
 *
 * Serves both backends: the work is in products and triangular solves.
 */
#include "ops/kernels/rows.h"

#include <math.h>
#include <string.h>

/* Columns factored before the rest of the matrix is updated; widest panel by plain elimination;
 * entries of one that fits in the cache when copied out of its rows, which lie lda apart (where lda
 * is a power of two they also fight for the same few cache sets); rows below which that is not
 * needed. */
enum { PANEL = 64, LEAF = 16, CACHED = 4096, FEW_ROWS = 128 };

/* Applies the exchanges of rows first..last-1 with rows pivots[...] to n columns. */
static void exchange(double *a, size_t lda, size_t n, const size_t *pivots, size_t first,
                     size_t last)
{
    if (n == 0) return;
    for (size_t i = first; i < last; i++)
        if (pivots[i] != i) exchange_numbers(n, a + i * lda, a + pivots[i] * lda);
}

/* The row of the largest |a_ij| of column j from row j on; the first NaN counts as largest, so
 * that it reaches every later pivot. */
static size_t find_pivot(const double *a, size_t lda, size_t m, size_t j)
{
    size_t pivot = j;
    double largest = fabs(a[j * lda + j]);
    for (size_t i = j + 1; i < m && !isnan(largest); i++) {
        const double x = fabs(a[i * lda + j]);
        if (!(x <= largest)) {
            largest = x;
            pivot = i;
        }
    }
    return pivot;
}

/* A panel of m rows and n <= m columns by plain elimination. Where the pivot is zero the whole
 * column is, and stays as L's column of zeros. */
static size_t factor_leaf(size_t m, size_t n, double *a, size_t lda, size_t *pivots)
{
    size_t zero = n;
    for (size_t j = 0; j < n; j++) {
        pivots[j] = find_pivot(a, lda, m, j);
        double *row = a + j * lda;
        if (pivots[j] != j) exchange_numbers(n, row, a + pivots[j] * lda);
        const double pivot = row[j];
        if (pivot == 0 && zero == n) zero = j;
        for (size_t i = j + 1; i < m; i++) {
            double *below = a + i * lda;
            if (pivot != 0) below[j] /= pivot;
            add_multiple(n - j - 1, -below[j], row + j + 1, below + j + 1);
        }
    }
    return zero;
}

/* Factors a copy that has no gaps between the rows. */
static size_t factor_copied(size_t m, size_t n, double *a, size_t lda, size_t *pivots)
{
    double copy[CACHED];
    for (size_t i = 0; i < m; i++) memcpy(copy + i * n, a + i * lda, n * sizeof *copy);
    const size_t zero = factor_leaf(m, n, copy, n, pivots);
    for (size_t i = 0; i < m; i++) memcpy(a + i * lda, copy + i * n, n * sizeof *copy);
    return zero;
}

/* Columns left.. of an m-row panel after its columns 0..left-1 have been factored. */
static void update_right(size_t m, size_t left, size_t n, double *a, size_t lda,
                         const size_t *pivots)
{
    double *right = a + left, *bottom = a + left * lda;
    exchange(right, lda, n - left, pivots, 0, left);
    kernel_solve_triangular(true, false, true, left, a, lda, n - left, right, lda);
    kernel_multiply_add(-1, false, false, m - left, n - left, left, bottom, lda, right, lda, 1,
                        bottom + left, lda);
}

/* Pivots found in the rows from first on, counted from the first row of all. */
static void renumber(size_t *pivots, size_t first, size_t last)
{
    for (size_t i = first; i < last; i++) pivots[i] += first;
}

/* An m x n panel, n <= m; returns its first zero pivot, or n. */
static size_t factor_panel(size_t m, size_t n, double *a, size_t lda, size_t *pivots)
{
    if (n <= LEAF && m <= FEW_ROWS) return factor_leaf(m, n, a, lda, pivots);
    if (n <= LEAF && n <= CACHED / m) return factor_copied(m, n, a, lda, pivots);
    if (n <= 2) return factor_leaf(m, n, a, lda, pivots);
    const size_t left = n > PANEL ? PANEL : n / 2;
    const size_t zero = factor_panel(m, left, a, lda, pivots);
    update_right(m, left, n, a, lda, pivots);
    const size_t later =
        factor_panel(m - left, n - left, a + left * lda + left, lda, pivots + left);
    renumber(pivots, left, n);
    exchange(a, lda, left, pivots, left, n);
    return zero < left ? zero : left + later;
}

size_t kernel_lu(size_t n, double *a, size_t lda, size_t *pivots)
{
    return factor_panel(n, n, a, lda, pivots);
}

void kernel_lu_solve(bool transpose, size_t n, const double *lu, size_t ldlu, const size_t *pivots,
                     size_t k, double *b, size_t ldb)
{
    if (k == 0) return;
    if (!transpose) {
        exchange(b, ldb, k, pivots, 0, n);
        kernel_solve_triangular(true, false, true, n, lu, ldlu, k, b, ldb);
        kernel_solve_triangular(false, false, false, n, lu, ldlu, k, b, ldb);
        return;
    }
    kernel_solve_triangular(false, true, false, n, lu, ldlu, k, b, ldb);
    kernel_solve_triangular(true, true, true, n, lu, ldlu, k, b, ldb);
    for (size_t i = n; i-- > 0;)
        if (pivots[i] != i) exchange_numbers(k, b + i * ldb, b + pivots[i] * ldb);
}
