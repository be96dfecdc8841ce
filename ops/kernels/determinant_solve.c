/* Linear systems with a determinant factor: hat A[p, q] = L D U1, a_ij = hat a_ij 2^(r_i + c_j), so
 *
 *     x_q = 2^-c U1^-1 D^-1 L^-1 (2^-r b)_p          A x = b
 *     x_p = 2^-r L^-T D^-1 U1^-T (2^-c b)_q          A^T x = b
 *
 * A common exponent is applied together with D, so that nothing leaves the range of a double
 * which the solution does not leave.
 */
#include "ops/kernels/determinant_private.h"
#include "ops/kernels/kernels.h"

/* Of the matrix with its rows and columns brought to one size. */
static decomposition *new_equilibrated(determinant_factor *factor)
{
    const size_t n = factor->n;
    determinant_range *range = arena_take(factor->memory, sizeof *range);
    double *entries = arena_take_array(factor->memory, n * n, sizeof *entries);
    if (!range || !entries || !range_equilibrate(range, n, factor->entries, factor->memory))
        return NULL;
    range_apply(range, factor->entries, 0, entries);
    range_add(range, &factor->range);
    decomposition *d = pivoted_new(range, factor->memory);
    const bool done = d && pivoted_complete(d, entries, factor->memory) &&
                      pivoted_settle(d, entries, factor->memory);
    return done ? d : NULL;
}

const decomposition *equilibrated_factors(determinant_factor *factor)
{
    if (!factor->equilibrated) factor->equilibrated = new_equilibrated(factor);
    return factor->equilibrated;
}

/* Where formulas serve for the determinant there are no other factors. */
static const decomposition *solve_factors(determinant_factor *factor)
{
    return factor->pivoted ? factor->pivoted : equilibrated_factors(factor);
}

/* The number of the first one; n where there is none. */
static size_t first_zero_pivot(const decomposition *d)
{
    size_t i = 0;
    while (i < d->n && d->d[i].mantissa != 0) i++;
    return i;
}

/* y_i = 2^-exponents_(order i) b_(order i); exponents NULL: all 0. */
static void bring(size_t n, size_t k, const size_t *order, const int64_t *exponents,
                  const double *b, double *y)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t exponent = exponents ? exponents[order[i]] : 0;
        for (size_t j = 0; j < k; j++)
            y[i * k + j] = scale_by_power(b[order[i] * k + j], -exponent);
    }
}

/* and back: x_(order i) = 2^-exponents_(order i) y_i */
static void take_back(size_t n, size_t k, const size_t *order, const int64_t *exponents,
                      const double *y, double *x)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t exponent = exponents ? exponents[order[i]] : 0;
        for (size_t j = 0; j < k; j++)
            x[order[i] * k + j] = scale_by_power(y[i * k + j], -exponent);
    }
}

static void divide_by_pivots(const decomposition *d, int64_t exponent, size_t k, double *y)
{
    enum { ORDINARY = 1000 };
    for (size_t i = 0; i < d->n; i++) {
        const scaled pivot = {d->d[i].mantissa, d->d[i].exponent + exponent};
        const bool ordinary = pivot.exponent > -ORDINARY && pivot.exponent < ORDINARY;
        const double divisor = ordinary ? scale_by_power(pivot.mantissa, pivot.exponent)
                                        : pivot.mantissa;
        for (size_t j = 0; j < k; j++) {
            const double quotient = y[i * k + j] / divisor;
            y[i * k + j] = ordinary ? quotient : scale_by_power(quotient, -pivot.exponent);
        }
    }
}

static void solve_triangles(const decomposition *d, bool transpose, int64_t exponent, size_t k,
                            double *y)
{
    const size_t n = d->n;
    kernel_solve_triangular(!transpose, transpose, true, n, d->factors, n, k, y, k);
    divide_by_pivots(d, exponent, k, y);
    kernel_solve_triangular(transpose, transpose, true, n, d->factors, n, k, y, k);
}

static void solve(const decomposition *d, bool transpose, size_t k, double *b, double *y)
{
    const size_t n = d->n;
    const determinant_range *range = d->range;
    const bool common = range->common;
    const int64_t *before = common ? NULL : transpose ? range->columns : range->rows;
    const int64_t *after = common ? NULL : transpose ? range->rows : range->columns;
    bring(n, k, transpose ? d->column : d->row, before, b, y);
    solve_triangles(d, transpose, common && n > 0 ? range->rows[0] : 0, k, y);
    take_back(n, k, transpose ? d->row : d->column, after, y, b);
}

void solve_scaled(const decomposition *d, bool transpose, size_t k, double *b, double *work)
{
    bring(d->n, k, transpose ? d->column : d->row, NULL, b, work);
    solve_triangles(d, transpose, 0, k, work);
    take_back(d->n, k, transpose ? d->row : d->column, NULL, work, b);
}

/* NaN stays where elimination takes it. */
static determinant_status solve_nan(determinant_factor *factor, bool transpose, size_t k,
                                    double *b, size_t *zero_pivot, arena *scratch)
{
    const size_t n = factor->n;
    double *lu = arena_take_array(scratch, n * n, sizeof *lu);
    size_t *pivots = arena_take_array(scratch, n, sizeof *pivots);
    if (!lu || !pivots) return DETERMINANT_MEMORY;
    memcpy(lu, factor->entries, n * n * sizeof *lu);
    *zero_pivot = kernel_lu(n, lu, n, pivots);
    if (*zero_pivot < n) return DETERMINANT_SINGULAR;
    kernel_lu_solve(transpose, n, lu, n, pivots, k, b, k);
    return DETERMINANT_OK;
}

/* By the limit of A^-T; 0 times what grows without bound is 0. */
static determinant_status solve_infinite(determinant_factor *factor, bool transpose, size_t k,
                                         double *b, size_t *zero_pivot, arena *scratch)
{
    const size_t n = factor->n;
    double *inverse = arena_take_array(scratch, n * n, sizeof *inverse);
    double *column = arena_take_array(scratch, n, sizeof *column);
    *zero_pivot = n - 1;
    if (!inverse || !column) return DETERMINANT_MEMORY;
    const determinant_status status = determinant_log_gradient(factor, inverse, scratch);
    if (status != DETERMINANT_OK) return status;
    for (size_t j = 0; j < k; j++) {
        for (size_t i = 0; i < n; i++) column[i] = b[i * k + j];
        for (size_t i = 0; i < n; i++) {
            b[i * k + j] = 0;
            for (size_t l = 0; l < n; l++)
                if (column[l] != 0)
                    b[i * k + j] += inverse[transpose ? i * n + l : l * n + i] * column[l];
        }
    }
    return DETERMINANT_OK;
}

determinant_status determinant_solve(determinant_factor *factor, bool transpose, size_t k,
                                     double *b, size_t *zero_pivot, arena *scratch)
{
    const size_t n = factor->n;
    const arena_position position = arena_mark(scratch);
    if (!factor->finite) {
        const determinant_status status = (factor->infinite ? solve_infinite : solve_nan)(
            factor, transpose, k, b, zero_pivot, scratch);
        arena_rewind(scratch, position);
        return status;
    }
    const decomposition *d = solve_factors(factor);
    if (!d) return DETERMINANT_MEMORY;
    *zero_pivot = first_zero_pivot(d);
    if (*zero_pivot < n) return DETERMINANT_SINGULAR;
    double *y = k == 0 || n <= SIZE_MAX / k ? arena_take_array(scratch, n * k, sizeof *y) : NULL;
    if (y) solve(d, transpose, k, b, y);
    arena_rewind(scratch, position);
    return y ? DETERMINANT_OK : DETERMINANT_MEMORY;
}
