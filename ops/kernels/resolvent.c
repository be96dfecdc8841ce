/* SPDX-License-Identifier: MIT */
/* The resolvent at the largest singular value of A, from one Cholesky factor of order min(m, n).
 *
 * With K = [0 A; A^T 0] and K w = s w, w = [u; v], R is the pseudo-inverse of K - s I. It need not
 * be formed in order m + n. Let m >= n (else A^T serves), and a, b the two parts of r without their
 * components along u, v:
 *
 *     (s^2 I - A^T A) q = -(s b + A^T a),   p = (A q - a) / s,
 *
 * and the component of r along [u; -v], the vector of K to -s, is divided by -2 s. The matrix is
 * made positive definite by s^2 v v^T. Where s is not simple, up to rounding, or infinite, R is 0.
 */
#include "ops/kernels/resolvent.h"

#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Holds A or its transpose, whichever has at least as many rows as columns, times a power of
 * two. */
struct resolvent {
    size_t m, n;
    int exponent;
    bool is_simple;
    double sigma, otherwise; /* R y where s is not simple: 0, or NaN */
    double *a, *u, *v;
    double *factor; /* n x n, lower: s^2 I - A^T A + s^2 v v^T = L L^T */
};

/* sigma = ||A v||, and whether the norm of A - sigma u v^T, that is, the second singular value,
 * falls short of it by more than rounding. False when out of memory. */
static bool find_gap(resolvent *f, arena *scratch)
{
    size_t m = f->m, n = f->n;
    double *rest = arena_take_array(
        scratch, m * n + m + n + kernel_largest_singular_workspace(m, n), sizeof *rest);
    if (!rest) return false;
    double *vectors = rest + m * n, *workspace = vectors + m + n;
    kernel_matmul(false, false, m, 1, n, f->a, n, f->v, 1, 0, vectors, 1);
    f->sigma = kernel_norm2(m, vectors);
    for (size_t i = 0; i < m; i++)
        for (size_t j = 0; j < n; j++)
            rest[i * n + j] = f->a[i * n + j] - f->sigma * f->u[i] * f->v[j];
    double second;
    const double rounding = 16 * (double)(m + n) * DBL_EPSILON;
    f->is_simple = f->sigma > 0 &&
                   kernel_largest_singular(m, n, rest, &second, vectors, vectors + m, workspace) &&
                   second < f->sigma * (1 - rounding);
    return true;
}

static void factorize(resolvent *f)
{
    size_t m = f->m, n = f->n;
    double square = f->sigma * f->sigma;
    kernel_matmul(true, false, n, n, m, f->a, n, f->a, n, 0, f->factor, n);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            f->factor[i * n + j] = square * ((i == j) + f->v[i] * f->v[j]) - f->factor[i * n + j];
    f->is_simple = kernel_cholesky(n, f->factor, n);
}

resolvent *resolvent_new(size_t rows, size_t cols, const double *a, const double *w, double s,
                         arena *memory, arena *scratch)
{
    resolvent *f = arena_take(memory, sizeof *f);
    if (!f) return NULL;
    const bool wide = rows < cols;
    const size_t m = wide ? cols : rows, n = wide ? rows : cols;
    *f = (resolvent){.m = m, .n = n, .otherwise = isnan(w[0]) ? NAN : 0};
    f->a = arena_take_array(memory, m * n + n * n + m + n, sizeof *f->a);
    if (!f->a) return NULL;
    f->factor = f->a + m * n;
    f->u = f->factor + n * n;
    f->v = f->u + m;
    memcpy(wide ? f->v : f->u, w, rows * sizeof *w);
    memcpy(wide ? f->u : f->v, w + rows, cols * sizeof *w);
    f->exponent = kernel_largest_exponent(rows * cols, a);
    kernel_copy_scaled(wide, rows, cols, a, f->exponent, f->a);
    if (isfinite(s) && !isnan(w[0]) && !find_gap(f, scratch)) return NULL;
    if (f->is_simple) factorize(f);
    return f;
}

static double remove_component(size_t n, const double *direction, double *x)
{
    double component = kernel_dot(n, direction, x);
    for (size_t i = 0; i < n; i++) x[i] -= component * direction[i];
    return component;
}

/* p, q <- R applied to them, as above, but for the power of two. */
static void apply(const resolvent *f, double *p, double *q)
{
    size_t m = f->m, n = f->n;
    double s = f->sigma;
    double along_u = remove_component(m, f->u, p), along_v = remove_component(n, f->v, q);
    for (size_t j = 0; j < n; j++) q[j] *= -s;
    kernel_multiply_add(-1, true, false, n, 1, m, f->a, n, p, 1, 1, q, 1);
    kernel_solve_triangular(true, false, false, n, f->factor, n, 1, q, 1);
    kernel_solve_triangular(true, true, false, n, f->factor, n, 1, q, 1);
    (void)remove_component(n, f->v, q);
    kernel_matmul(false, false, m, 1, n, f->a, n, q, 1, -1, p, 1);
    double across = (along_u - along_v) / 4;
    for (size_t i = 0; i < m; i++) p[i] = (p[i] - across * f->u[i]) / s;
    for (size_t j = 0; j < n; j++) q[j] += across / s * f->v[j];
}

int resolvent_apply(const resolvent *f, size_t rows, size_t cols, double *y)
{
    double *first = y, *second = y + rows;
    if (f->is_simple) apply(f, rows < cols ? second : first, rows < cols ? first : second);
    for (size_t i = 0; i < rows + cols && !f->is_simple; i++) y[i] = f->otherwise;
    return f->exponent;
}
