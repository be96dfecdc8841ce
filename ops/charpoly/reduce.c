/* SPDX-License-Identifier: MIT */
/* A = sigma I + 2^e S H S^-1, S a product of similarities that are not kept, in five steps:
 *
 *  1. sigma = tr(A) / n, so that digits common to all eigenvalues do not hide the others;
 *  2. powers of two, a diagonal D, balance the norms of row and column i (Parlett and Reinsch 1969;
 *     with 2-norms, James, Langou and Lowery 2014);
 *  3. e brings the largest entry to [1/2, 1): exact, like 2;
 *  4. Householder reflections to upper Hessenberg form H (Golub and Van Loan 2013, section 7.4.3).
 *     With w = W^T v, z = W v, W <- (I - tau v v^T) W (I - tau v v^T) is one pass over W:
 *     W - tau v w^T - tau y v^T,  y = z - tau (w^T v) v;
 *  5. a diagonal matrix with entries from 1/2 to 1 makes the subdiagonal of powers of two, by
 *     which the evaluation divides exactly: the polynomial stays monic to the last place.
 */
#include "ops/charpoly/reduction.h"

#include <math.h>
#include <string.h>

#include "ops/numbers/scaled.h"
#include "ops/kernels/householder.h"
#include "ops/kernels/rows.h"
#include "ops/numbers/vectors.h"

/* The 2-norm of row or column i without its diagonal entry; work: n. */
static double norm_off_diagonal(size_t n, const double *start, size_t stride, size_t i,
                                double *work)
{
    for (size_t j = 0; j < n; j++) work[j] = j == i ? 0 : start[j * stride];
    return kernel_norm2(n, work);
}

/* Divides row i and multiplies column i by a power of two that makes their norms about equal; false
 * where that gains little. */
static bool balance_one(size_t n, double *a, size_t i, double *work)
{
    const double row = norm_off_diagonal(n, a + i * n, 1, i, work),
                 column = norm_off_diagonal(n, a + i, n, i, work);
    if (row == 0 || column == 0) return false;
    int row_exponent, column_exponent;
    (void)frexp(row, &row_exponent);
    (void)frexp(column, &column_exponent);
    const int half = (row_exponent - column_exponent) / 2;
    if (ldexp(row, -half) + ldexp(column, half) >= 0.95 * (row + column)) return false;
    for (size_t j = 0; j < n; j++) {
        if (j == i) continue;
        a[i * n + j] = scale_by_power(a[i * n + j], -half);
        a[j * n + i] = scale_by_power(a[j * n + i], half);
    }
    return true;
}

static void balance(size_t n, double *a, double *work)
{
    enum { SWEEPS = 50 }; /* each one that goes on shrinks some norm by 5 %; five is common */
    bool again = true;
    for (int sweep = 0; again && sweep < SWEEPS; sweep++) {
        again = false;
        for (size_t i = 0; i < n; i++)
            if (balance_one(n, a, i, work)) again = true;
    }
}

/* Zeroes column k below the subdiagonal. v, w: n each; y: n. */
static void reduce_column(size_t n, double *a, size_t k, double *v, double *w, double *y)
{
    const size_t m = n - k - 1;
    double *column = a + (k + 1) * n + k, *block = column + 1, tau;
    for (size_t i = 0; i < m; i++) v[i] = column[i * n];
    column[0] = householder_reflection(m, v, &tau);
    for (size_t i = 1; i < m; i++) column[i * n] = 0;
    if (tau == 0) return;
    kernel_matmul(false, false, 1, m, m, v, m, block, n, 0, w, m);
    kernel_matmul(false, false, n, 1, m, a + k + 1, n, v, 1, 0, y, 1);
    add_multiple(m, -tau * kernel_dot(m, w, v), v, y + k + 1);
    for (size_t i = 0; i < n; i++) {
        double *row = a + i * n + k + 1;
        if (i > k) add_multiple(m, -tau * v[i - k - 1], w, row);
        add_multiple(m, -tau * y[i], v, row);
    }
}

/* h_ij <- h_ij d_j / d_i with d_i = h_{i,i-1} d_{i-1} / 2^e_i in [1/2, 1), so that h_{i,i-1}
 * becomes 2^e_i. d: n. */
static void round_subdiagonal(size_t n, double *h, double *d)
{
    for (size_t i = 0; i < n; i++) {
        d[i] = 1;
        if (i == 0 || h[i * n + i - 1] == 0) continue;
        int own, exponent;
        d[i] = frexp(frexp(h[i * n + i - 1], &own) * d[i - 1], &exponent);
        h[i * n + i - 1] = scale_by_power(1, own + exponent);
    }
    for (size_t i = 0; i < n; i++)
        for (size_t j = i + 1; j < n; j++) h[i * n + j] = h[i * n + j] * d[j] / d[i];
}

/* Fills all but a and n. work: 3 n. */
static void reduce(charpoly_reduction *r, double *work)
{
    const size_t n = r->n, size = n * n;
    double *h = r->h;
    memcpy(h, r->a, size * sizeof *h);
    r->first_exponent = kernel_scale_to_one(size, h);
    for (size_t i = 0; i < n; i++) work[i] = h[i * n + i];
    r->shift = kernel_sum(n, work) / (double)n;
    for (size_t i = 0; i < n; i++) h[i * n + i] -= r->shift;
    balance(n, h, work);
    r->second_exponent = kernel_scale_to_one(size, h);
    r->zero = kernel_largest_magnitude(size, h) == 0;
    for (size_t k = 0; k + 2 < n; k++) reduce_column(n, h, k, work, work + n, work + 2 * n);
    round_subdiagonal(n, h, work);
}

charpoly_reduction *charpoly_reduce(size_t n, const double *a, arena *memory)
{
    charpoly_reduction *r = arena_take(memory, sizeof *r);
    if (!r || (n > 0 && n > SIZE_MAX / n)) return NULL;
    *r = (charpoly_reduction){.n = n, .finite = kernel_all_finite(n, n, a, n)};
    r->a = arena_take_array(memory, n, (2 * n + 3) * sizeof *r->a);
    if (!r->a) return NULL;
    if (n == 0) return r;
    r->h = r->a + n * n;
    memcpy(r->a, a, n * n * sizeof *a);
    if (r->finite) reduce(r, r->h + n * n);
    return r;
}
