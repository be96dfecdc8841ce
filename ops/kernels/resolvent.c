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
    bool is_nan, is_infinite, is_simple;
    double sigma;
    double *a, *u, *v;
    double *factor; /* n x n, lower: s^2 I - A^T A + s^2 v v^T = L L^T */
};

static bool take_arrays(resolvent *f, arena *memory)
{
    f->a = arena_take_array(memory, f->m * f->n, sizeof *f->a);
    f->u = arena_take_array(memory, f->m, sizeof *f->u);
    f->v = arena_take_array(memory, f->n, sizeof *f->v);
    f->factor = arena_take_array(memory, f->n * f->n, sizeof *f->factor);
    return f->a && f->u && f->v && f->factor;
}

static void copy_thin(resolvent *f, size_t rows, size_t cols, const double *a, const double *w)
{
    const bool wide = rows < cols;
    memcpy(wide ? f->v : f->u, w, rows * sizeof *w);
    memcpy(wide ? f->u : f->v, w + rows, cols * sizeof *w);
    if (wide) kernel_transpose(rows, cols, a, f->a);
    else memcpy(f->a, a, rows * cols * sizeof *f->a);
    if (f->is_nan || f->is_infinite) return;
    f->exponent = kernel_largest_exponent(f->m * f->n, f->a);
    for (size_t i = 0; i < f->m * f->n; i++) f->a[i] = ldexp(f->a[i], -f->exponent);
}

/* sigma = ||A v||, and whether the norm of A - sigma u v^T, that is, the second singular value,
 * falls short of it by more than rounding. False when out of memory. */
static bool find_gap(resolvent *f, arena *scratch)
{
    size_t m = f->m, n = f->n;
    double *rest = arena_take_array(scratch, m * n, sizeof *rest);
    double *vectors = arena_take_array(scratch, m + n, sizeof *vectors);
    double *workspace =
        arena_take_array(scratch, kernel_largest_singular_workspace(m, n), sizeof *workspace);
    if (!rest || !vectors || !workspace) return false;
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
    *f = (resolvent){.m = wide ? cols : rows,
                     .n = wide ? rows : cols,
                     .is_nan = isnan(w[0]),
                     .is_infinite = isinf(s)};
    if (!take_arrays(f, memory)) return NULL;
    copy_thin(f, rows, cols, a, w);
    if (!f->is_nan && !f->is_infinite && !find_gap(f, scratch)) return NULL;
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
    for (size_t j = 0; j < n; j++) q[j] *= s;
    kernel_matmul(true, false, n, 1, m, f->a, n, p, 1, 1, q, 1);
    for (size_t j = 0; j < n; j++) q[j] = -q[j];
    kernel_solve_triangular(true, false, false, n, f->factor, n, 1, q, 1);
    kernel_solve_triangular(true, true, false, n, f->factor, n, 1, q, 1);
    (void)remove_component(n, f->v, q);
    for (size_t i = 0; i < m; i++) p[i] = -p[i];
    kernel_matmul(false, false, m, 1, n, f->a, n, q, 1, 1, p, 1);
    double across = (along_u - along_v) / 4;
    for (size_t i = 0; i < m; i++) p[i] = (p[i] - across * f->u[i]) / s;
    for (size_t j = 0; j < n; j++) q[j] += across / s * f->v[j];
}

int resolvent_apply(const resolvent *f, size_t rows, size_t cols, double *y)
{
    double *first = y, *second = y + rows;
    if (f->is_simple) apply(f, rows < cols ? second : first, rows < cols ? first : second);
    for (size_t i = 0; i < rows + cols && !f->is_simple; i++) y[i] = f->is_nan ? NAN : 0;
    return f->exponent;
}
