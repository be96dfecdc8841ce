/* p(x) = det(xI - A) where x or entries of A are infinite, as limits (infinite.c).
 *
 * p is monic of degree n: p^(n) = n! and all beyond is 0. Before it, for a finite A and x = +-Inf,
 * the leading term of p^(k), x^(n-k) times a positive number, decides; for a finite x the traces of
 * direct.c do. What is neither is NaN.
 */
#include "ops/charpoly/reduction.h"

#include <math.h>

#include "ops/determinant/determinant.h"

static bool of_infinite_matrix(const charpoly_reduction *reduction, double x, size_t order,
                               double *result, arena *scratch)
{
    const size_t n = reduction->n;
    const arena_position before = arena_mark(scratch);
    double *m = arena_take_array(scratch, n * n, 2 * sizeof *m);
    if (!m) return false;
    charpoly_matrix(reduction, x, 0, m, m + n * n);
    const bool done = determinant_trace_limit(n, (int)order - 1, m, m + n * n, result, scratch);
    arena_rewind(scratch, before);
    return done;
}

bool charpoly_at_infinity(const charpoly_reduction *reduction, double x, size_t order,
                          double *result, arena *scratch)
{
    const size_t n = reduction->n;
    *result = NAN;
    if (isnan(x) || reduction->nan) return true;
    if (order > n) *result = 0;
    else if (order == n) *result = tgamma((double)n + 1);
    else if (reduction->finite) *result = x < 0 && (n - order) % 2 ? -INFINITY : INFINITY;
    else if (!isinf(x) && order <= CHARPOLY_DIRECT)
        return of_infinite_matrix(reduction, x, order, result, scratch);
    return true;
}
