/* p(x) = det(xI - A) where x or entries of A are infinite, as limits (determinant_infinite.c).
 *
 * p is monic of degree n: p^(n) = n! and all beyond is 0. Before it, for a finite A and x = +-Inf,
 * the leading term of p^(k), x^(n-k) times a positive number, decides; for a finite x
 *
 *     p = det M,  p' = tr cof M,  p'' = tr D cof(M)[I],  p''' = tr D^2 cof(M)[I, I],  M = xI - A.
 *
 * What is neither is NaN.
 */
#include "ops/kernels/charpoly_private.h"

#include <math.h>

#include "ops/kernels/determinant.h"

enum { DERIVATIVES = 3 };

static void at_infinite_x(size_t n, double x, size_t count, double *p)
{
    for (size_t k = 0; k < count; k++) p[k] = x < 0 && (n - k) % 2 ? -INFINITY : INFINITY;
}

static bool of_infinite_matrix(size_t n, const double *a, double x, size_t count, double *p,
                               arena *scratch)
{
    double *m = arena_take_array(scratch, n * n, 2 * sizeof *m);
    if (!m) return false;
    double *unit = m + n * n;
    for (size_t k = 0; k < n * n; k++) {
        unit[k] = k / n == k % n;
        m[k] = (unit[k] != 0 ? x : 0) - a[k];
    }
    for (size_t k = 0; k < count && k <= DERIVATIVES; k++)
        if (!determinant_trace_limit(n, (int)k - 1, m, unit, p + k, scratch)) return false;
    return true;
}

bool charpoly_at_infinity(const charpoly_reduction *reduction, double x, size_t order, double *p,
                          arena *scratch)
{
    const size_t n = reduction->n, below = order < n ? order + 1 : n;
    for (size_t k = 0; k <= order; k++) p[k] = NAN;
    if (isnan(x) || reduction->nan) return true;
    for (size_t k = n; k <= order; k++) p[k] = k == n ? tgamma((double)n + 1) : 0;
    if (reduction->finite) {
        at_infinite_x(n, x, below, p);
        return true;
    }
    const arena_position before = arena_mark(scratch);
    const bool done = isinf(x) || of_infinite_matrix(n, reduction->h, x, below, p, scratch);
    arena_rewind(scratch, before);
    return done;
}
