/* SPDX-License-Identifier: MIT */
/* Singular values by rotations of pairs of columns until all are orthogonal (Hestenes 1958; Golub &
 * Van Loan 2013, section 8.6.3), and with them the eigenvalues of symmetric matrices; and factors. */
#include "ops/kernels/decompositions.h"
#include "ops/kernels/householder.h"
#include "ops/kernels/kernels.h"
#include "ops/kernels/rows.h"
#include "ops/numbers/vectors.h"

#include <float.h>
#include <math.h>
#include <string.h>

static void rotate(size_t n, double c, double s, double *x, double *y)
{
    for (size_t i = 0; i < n; i++) {
        const double moved = c * x[i] - s * y[i];
        y[i] = s * x[i] + c * y[i];
        x[i] = moved;
    }
}

/* Makes two columns orthogonal, v following; false where they are already, up to rounding. */
static bool orthogonalize(size_t m, size_t n, double *x, double *y, double *vx, double *vy)
{
    const double a = kernel_norm2(m, x), b = kernel_norm2(m, y), product = kernel_dot(m, x, y);
    if (fabs(product) <= (double)m * DBL_EPSILON * a * b) return false;
    const double zeta = (b / a - a / b) * (a * b / (2 * product));
    const double t = copysign(1, zeta) / (fabs(zeta) + hypot(1, zeta)), c = 1 / hypot(1, t);
    rotate(m, c, c * t, x, y);
    rotate(n, c, c * t, vx, vy);
    return true;
}

/* The n rows of columns, m numbers each, become u_k s_k, and those of v, of the unit matrix, v_k; s
 * descending. It converges in some 10 sweeps at most. */
static bool diagonalize(size_t m, size_t n, double *columns, double *v, double *s)
{
    enum { SWEEPS = 60 };
    bool moved = true;
    for (size_t k = 0; k < n * n; k++) v[k] = k % (n + 1) == 0;
    for (int sweep = 0; moved && sweep < SWEEPS; sweep++) {
        moved = false;
        for (size_t i = 0; i < n; i++)
            for (size_t j = i + 1; j < n; j++)
                moved |=
                    orthogonalize(m, n, columns + i * m, columns + j * m, v + i * n, v + j * n);
    }
    for (size_t k = 0; k < n; k++) s[k] = kernel_norm2(m, columns + k * m);
    for (size_t k = 0; k < n; k++) {
        size_t largest = k;
        for (size_t j = k + 1; j < n; j++)
            if (s[j] > s[largest]) largest = j;
        if (largest == k) continue;
        exchange_numbers(1, s + k, s + largest);
        exchange_numbers(m, columns + k * m, columns + largest * m);
        exchange_numbers(n, v + k * n, v + largest * n);
    }
    return !moved;
}

/* The rows of u from `first` on: unit vectors orthogonal to all before. Some coordinate vector has
 * a part of at least sqrt((m - k) / m) outside of k vectors; taken away twice, nothing is left of
 * the others. */
static void complete(size_t m, size_t first, double *u)
{
    size_t i = 0;
    for (size_t k = first; k < m; k++) {
        double *row = u + k * m, length = 0;
        for (; length < 0.9 * sqrt((double)(m - k) / (double)m); i = (i + 1) % m) {
            for (size_t j = 0; j < m; j++) row[j] = j == i;
            for (size_t j = 0; j < 2 * k; j++) {
                const double *other = u + j % k * m;
                add_multiple(m, -kernel_dot(m, other, row), other, row);
            }
            length = kernel_unit(m, row, row);
        }
    }
}

size_t kernel_singular_values_workspace(bool vectors, size_t m, size_t n)
{
    const size_t more = m > n ? m : n, less = m > n ? n : m;
    return more * (vectors ? more : less) + less * less;
}

/* With the transpose where there are more columns than rows. */
bool kernel_singular_values(size_t m, size_t n, const double *a, double *s, double *u, double *v,
                            double *workspace)
{
    const bool wide = m < n;
    const size_t more = wide ? n : m, less = wide ? m : n;
    double *columns = workspace, *other = columns + more * (v ? more : less);
    if (wide) memcpy(columns, a, m * n * sizeof *a);
    else kernel_transpose(m, n, a, columns);
    const int exponent = kernel_scale_to_one(m * n, columns);
    if (!diagonalize(more, less, columns, other, s)) return false;
    size_t rank = 0;
    while (v && rank < less && s[rank] > (double)more * DBL_EPSILON * s[0]) rank++;
    for (size_t k = 0; k < rank; k++)
        (void)kernel_unit(more, columns + k * more, columns + k * more);
    for (size_t k = 0; k < less; k++) s[k] = ldexp(s[k], exponent);
    if (!v) return true;
    complete(more, rank, columns);
    kernel_transpose(more, more, columns, wide ? v : u);
    kernel_transpose(less, less, other, wide ? u : v);
    return true;
}

size_t kernel_symmetric_eigen_workspace(size_t n)
{
    return 2 * n * n;
}

/* A + c I is positive definite for c above the norm: its singular vectors are the eigenvectors of
 * A, in the order of the eigenvalues, which are v^T A v. */
bool kernel_symmetric_eigen(bool vectors, size_t n, double *a, double *values, double *workspace)
{
    double *columns = workspace, *v = workspace + n * n;
    const int exponent = kernel_scale_to_one(n * n, a);
    const double shift = 2 * kernel_norm2(n * n, a);
    memcpy(columns, a, n * n * sizeof *a);
    for (size_t i = 0; i < n; i++) columns[i * (n + 1)] += shift;
    if (!diagonalize(n, n, columns, v, values)) return false;
    for (size_t k = 0; k < n; k++)
        values[n - 1 - k] = ldexp(kernel_bilinear(n, n, v + k * n, a, v + k * n), exponent);
    for (size_t i = 0; vectors && i < n; i++)
        for (size_t k = 0; k < n; k++) a[i * n + n - 1 - k] = v[k * n + i];
    return true;
}

size_t kernel_eigen_workspace(size_t n)
{
    return n;
}

/* Portable code has none. */
bool kernel_eigen(size_t n, const double *a, double *values, double *vectors, double *workspace)
{
    (void)n, (void)a, (void)values, (void)vectors, (void)workspace;
    return false;
}

/* ---- Factors ---- */

static size_t smaller(size_t m, size_t n)
{
    return m < n ? m : n;
}

/* y <- (I - tau v v^T) y */
static void reflect(size_t n, double tau, const double *v, double *y)
{
    if (tau != 0) add_multiple(n, -tau * kernel_dot(n, v, y), v, y);
}

size_t kernel_qr_workspace(bool q, size_t m, size_t n)
{
    return m * n + 2 * smaller(m, n) + (q ? m * m : 0);
}

/* By reflections (Golub & Van Loan 2013, section 5.2.2), each column one after another. */
void kernel_qr(size_t m, size_t n, const double *a, double *r, double *q, double *workspace)
{
    const size_t order = smaller(m, n);
    double *columns = workspace, *diagonal = columns + m * n, *tau = diagonal + order,
           *q_columns = tau + order;
    kernel_transpose(m, n, a, columns);
    for (size_t k = 0; k < order; k++) {
        double *v = columns + k * m + k;
        diagonal[k] = householder_reflection(m - k, v, &tau[k]);
        for (size_t j = k + 1; j < n; j++) reflect(m - k, tau[k], v, columns + j * m + k);
    }
    kernel_transpose(n, m, columns, r);
    for (size_t i = 0; i < m; i++) {
        for (size_t j = 0; j < smaller(i, n); j++) r[i * n + j] *= tau[j];
        if (i < order) r[i * (n + 1)] = diagonal[i];
    }
    if (!q) return;
    for (size_t at = 0; at < m * m; at++) q_columns[at] = at % (m + 1) == 0;
    for (size_t k = order; k-- > 0;)
        for (size_t j = k; j < m; j++)
            reflect(m - k, tau[k], columns + k * m + k, q_columns + j * m + k);
    kernel_transpose(m, m, q_columns, q);
}

size_t kernel_rectangular_lu_workspace(bool p, size_t m, size_t n)
{
    (void)p, (void)m, (void)n;
    return 0;
}

/* Golub & Van Loan 2013, section 3.4.1 */
void kernel_rectangular_lu(size_t m, size_t n, const double *a, double *lu, double *p,
                           double *workspace)
{
    (void)workspace;
    for (size_t at = 0; at < m * n; at++) lu[at] = a[at];
    for (size_t at = 0; p && at < m * m; at++) p[at] = at % (m + 1) == 0;
    for (size_t k = 0; k < smaller(m, n); k++) {
        size_t pivot = k;
        for (size_t i = k + 1; i < m; i++)
            if (fabs(lu[i * n + k]) > fabs(lu[pivot * n + k])) pivot = i;
        if (pivot != k) exchange_numbers(n, lu + k * n, lu + pivot * n);
        if (pivot != k && p) exchange_numbers(m, p + k * m, p + pivot * m);
        for (size_t i = k + 1; i < m && lu[k * n + k] != 0; i++) {
            lu[i * n + k] /= lu[k * n + k];
            add_multiple(n - k - 1, -lu[i * n + k], lu + k * n + k + 1, lu + i * n + k + 1);
        }
    }
}
