/* SPDX-License-Identifier: MIT */
/* The largest singular value with its vectors, without the others:
 *
 *  1. A, scaled by a power of two, to an upper bidiagonal B = Q^T A P by Householder reflections
 *     (Golub and Van Loan 2013, section 5.4.8); only P is kept.
 *  2. The singular values of B are the positive eigenvalues of the symmetric tridiagonal T of
 *     order 2n with zero diagonal and off-diagonal d1, e1, d2, e2, ..., dn, its eigenvectors
 *     (v1, u1, v2, u2, ...). Signs do not matter, so |T| is used: sigma by bisection with Sturm's
 *     test that sigma I - |T| is positive definite.
 *  3. Inverse iteration with that sigma. sigma I - |T| is an M-matrix and the wanted vector has
 *     no negative component: nothing cancels, a start of all ones is never orthogonal to it, and
 *     repeated singular values do no harm (any vector of their space will do).
 *  4. v = P v_B, then sigma = ||A v||, u = A v / sigma. The error of sigma is of second order in
 *     that of v.
 */
#include "ops/kernels/householder.h"
#include "ops/kernels/rows.h"
#include "ops/numbers/vectors.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* The matrix with at least as many rows as columns, and what is found on the way. */
typedef struct reduction {
    size_t m, n;
    double *w;      /* m x n: B, and above it the reflections of P in the rows */
    double *tau;    /* n, of P's reflections */
    double *b;      /* 2 n: diagonal and superdiagonal in turn, the last one zero */
    double *pivots; /* 2 n */
    double *vector; /* 2 n */
    double *column; /* m */
    double *row;    /* n */
} reduction;

size_t kernel_largest_singular_workspace(size_t m, size_t n)
{
    return m == 0 || n == 0 ? 0 : m * n + 8 * (m < n ? m : n) + (m < n ? n : m);
}

static reduction layout(size_t m, size_t n, double *workspace)
{
    reduction r = {.m = m, .n = n, .w = workspace};
    r.tau = r.w + m * n;
    r.b = r.tau + n;
    r.pivots = r.b + 2 * n;
    r.vector = r.pivots + 2 * n;
    r.row = r.vector + 2 * n;
    r.column = r.row + n;
    return r;
}

/* Zeroes column j below the diagonal by a reflection from the left. */
static void reflect_column(const reduction *r, size_t j)
{
    const size_t m = r->m - j, n = r->n - j - 1;
    double *corner = r->w + j * r->n + j, tau;
    for (size_t i = 0; i < m; i++) r->column[i] = corner[i * r->n];
    r->b[2 * j] = householder_reflection(m, r->column, &tau);
    if (tau == 0 || n == 0) return;
    kernel_matmul(false, false, 1, n, m, r->column, m, corner + 1, r->n, 0, r->row, n);
    for (size_t i = 0; i < m; i++)
        add_multiple(n, -tau * r->column[i], r->row, corner + i * r->n + 1);
}

/* Zeroes row j right of the superdiagonal by a reflection from the right, which stays there. */
static void reflect_row(const reduction *r, size_t j)
{
    const size_t m = r->m - j - 1, n = r->n - j - 1;
    double *row = r->w + j * r->n + j + 1;
    r->b[2 * j + 1] = householder_reflection(n, row, &r->tau[j]);
    if (r->tau[j] == 0 || m == 0) return;
    kernel_matmul(false, false, m, 1, n, row + r->n, r->n, row, 1, 0, r->column, 1);
    for (size_t i = 0; i < m; i++)
        add_multiple(n, -r->tau[j] * r->column[i], row, row + (i + 1) * r->n);
}

static void bidiagonalize(const reduction *r)
{
    for (size_t j = 0; j < r->n; j++) {
        reflect_column(r, j);
        if (j + 1 < r->n) reflect_row(r, j);
        else r->b[2 * j + 1] = 0;
    }
}

/* The pivots of sigma I - |T|: the index of the first that is not positive, 2n where sigma exceeds
 * all eigenvalues. */
static size_t first_failure(const reduction *r, double sigma)
{
    double q = sigma;
    r->pivots[0] = q;
    for (size_t i = 1; i < 2 * r->n; i++) {
        const double b = fabs(r->b[i - 1]);
        q = sigma - b * (b / q);
        r->pivots[i] = q;
        if (!(q > 0)) return i;
    }
    return 2 * r->n;
}

/* The smallest number that exceeds all eigenvalues, with its pivots. The number before it fails in
 * the block of |T| where the largest is. */
static double bisect(const reduction *r, size_t *failure)
{
    /* Gershgorin: between the largest off-diagonal entry and twice that. */
    double low = kernel_largest_magnitude(2 * r->n, r->b), high = 2 * low * (1 + 8 * DBL_EPSILON);
    *failure = first_failure(r, low);
    for (;;) {
        const double middle = low + (high - low) / 2;
        if (!(middle > low && middle < high)) break;
        const size_t index = first_failure(r, middle);
        if (index == 2 * r->n) high = middle;
        else low = middle, *failure = index;
    }
    (void)first_failure(r, high);
    return high;
}

/* x <- (sigma I - |T|)^-1 x from the pivots: two bidiagonal solves. */
static void solve_shifted(const reduction *r, double *x)
{
    const size_t order = 2 * r->n;
    for (size_t i = 1; i < order; i++) x[i] += fabs(r->b[i - 1]) / r->pivots[i - 1] * x[i - 1];
    x[order - 1] /= r->pivots[order - 1];
    for (size_t i = order - 1; i-- > 0;) x[i] = (x[i] + fabs(r->b[i]) * x[i + 1]) / r->pivots[i];
}

/* Ones in the block of |T| that holds the index, between zeros of the off-diagonal; zeros elsewhere
 * stay zeros. */
static void start_vector(const reduction *r, size_t index)
{
    memset(r->vector, 0, 2 * r->n * sizeof *r->vector);
    size_t first = index, end = index;
    while (first > 0 && r->b[first - 1] != 0) first--;
    while (r->b[end] != 0) end++;
    for (size_t i = first; i <= end; i++) r->vector[i] = 1;
}

/* v of the bidiagonal matrix, signs restored, into vector[0..n-1]. */
static void find_vector(const reduction *r)
{
    enum { ITERATIONS = 3 };
    const size_t order = 2 * r->n;
    size_t index;
    const double sigma = bisect(r, &index);
    start_vector(r, index);
    /* Pivots below 2^-53 sigma are rounding errors: solutions may as well stay in range. */
    for (size_t i = 0; i < order; i++) r->pivots[i] = fmax(r->pivots[i], 0x1p-60 * sigma);
    for (int i = 0; i < ITERATIONS; i++) {
        solve_shifted(r, r->vector);
        (void)kernel_unit(order, r->vector, r->vector);
    }
    double sign = 1;
    for (size_t i = 0; i < r->n; i++) {
        r->vector[i] = sign * r->vector[2 * i];
        if ((r->b[2 * i] < 0) != (r->b[2 * i + 1] < 0)) sign = -sign;
    }
    (void)kernel_unit(r->n, r->vector, r->vector);
}

/* vector <- P vector */
static void apply_reflections(const reduction *r)
{
    for (size_t j = r->n - 1; j-- > 0;) {
        const double *v = r->w + j * r->n + j + 1;
        double *x = r->vector + j + 1;
        const size_t n = r->n - j - 1;
        if (r->tau[j] != 0) add_multiple(n, -r->tau[j] * kernel_dot(n, v, x), v, x);
    }
}

bool kernel_largest_singular(size_t m, size_t n, const double *a, double *sigma, double *u,
                             double *v, double *workspace)
{
    const double largest = kernel_largest_magnitude(m * n, a);
    for (size_t i = 0; i < m; i++) u[i] = 0;
    for (size_t j = 0; j < n; j++) v[j] = 0;
    *sigma = largest == 0 ? 0 : NAN;
    if (largest == 0 || !isfinite(largest)) return largest == 0;

    const bool wide = m < n;
    const reduction r = layout(wide ? n : m, wide ? m : n, workspace);
    int exponent;
    (void)frexp(largest, &exponent);
    kernel_copy_scaled(wide, m, n, a, exponent, r.w);
    bidiagonalize(&r);
    find_vector(&r);
    apply_reflections(&r);

    double *first = wide ? u : v, *second = wide ? v : u;
    kernel_copy_scaled(wide, m, n, a, exponent, r.w);
    memcpy(first, r.vector, r.n * sizeof *first);
    kernel_matmul(false, false, r.m, 1, r.n, r.w, r.n, first, 1, 0, second, 1);
    *sigma = ldexp(kernel_unit(r.m, second, second), exponent);
    return true;
}
