/* SPDX-License-Identifier: MIT */
/* p(x) = det(xI - A) and its first derivatives from the determinant kernels, O(n^3) for each x
 * (p''': O(n^4)):
 *
 *     p = det M,  p' = tr cof M,  p'' = tr D cof(M)[I],  p''' = tr D^2 cof(M)[I, I],  M = xI - A.
 */
#include "ops/charpoly/reduction.h"

#include <math.h>

#include "ops/determinant/determinant.h"
#include "ops/numbers/double_double.h"
#include "ops/numbers/scaled.h"

/* m <- 2^-down (xI - A), and I; what rounding took from the diagonal of M. False where that is not
 * finite. */
static bool matrix_at(const charpoly_reduction *reduction, double x, int64_t down, double *m,
                      double *unit, double *error)
{
    const size_t n = reduction->n;
    bool finite = true;
    for (size_t k = 0; k < n * n; k++) {
        const double_double minuend = {k % (n + 1) == 0 ? scale_by_power(x, -down) : 0, 0},
                            entry = {scale_by_power(reduction->a[k], -down), 0},
                            difference = dd_difference(minuend, entry);
        unit[k] = k % (n + 1) == 0;
        m[k] = difference.high;
        if (unit[k] == 0) continue;
        error[k / n] = difference.low;
        finite = finite && isfinite(m[k]);
    }
    return finite;
}

/* p <- the trace of the derivative of cof of the given order (det M for 0) at M + diag(error).
 * t: n x n numbers of workspace. False when out of memory. */
static bool trace(size_t n, const double *m, const double *error, const double *unit, size_t order,
                  double *t, double *p, arena *scratch)
{
    determinant_factor *factor = determinant_factor_of_sum(n, m, error, scratch);
    if (!factor) return false;
    *p = 0;
    if (order == 0) {
        *p = determinant_value(factor);
        return true;
    }
    const determinant_status status =
        determinant_cofactor(factor, order > 1 ? unit : NULL, order > 2 ? unit : NULL, t, scratch);
    for (size_t i = 0; status == DETERMINANT_OK && i < n; i++) *p += t[i * n + i];
    return status == DETERMINANT_OK;
}

/* Where the diagonal of M or of a derivative goes beyond double range, although the result may not,
 * all once more in units of 2^down, with 200 bits to spare. More would be lost to rounding. */
bool charpoly_direct(const charpoly_reduction *reduction, double x, size_t order, double *result,
                     arena *scratch)
{
    const size_t n = reduction->n;
    const int64_t degree = (int64_t)(n - order);
    double *m = arena_take_array(scratch, n * n, 3 * sizeof *m);
    double *error = arena_take_array(scratch, n, sizeof *error);
    if (!m || !error) return false;
    double *unit = m + n * n, *t = unit + n * n, p = NAN;
    bool done = true;
    for (int64_t down = 0; done && !isfinite(p) && down <= 1; down++) {
        const int64_t exponent = down * (200 / degree + 1);
        if (!matrix_at(reduction, x, exponent, m, unit, error)) continue;
        done = trace(n, m, error, unit, order, t, &p, scratch);
        if (done && isfinite(p)) *result = scale_by_power(p, exponent * degree) + 0.0;
    }
    if (isinf(p)) *result = p; /* beyond all range */
    return done;
}
