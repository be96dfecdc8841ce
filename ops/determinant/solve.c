/* Linear systems with a determinant factor: hat A[p, q] = L D U1, a_ij = hat a_ij 2^(r_i + c_j), so
 *
 *     x_q = 2^-c U1^-1 D^-1 L^-1 (2^-r b)_p          A x = b
 *     x_p = 2^-r L^-T D^-1 U1^-T (2^-c b)_q          A^T x = b
 *
 * A common exponent is applied together with D, so that hardly anything leaves the range of a
 * double which the solution does not leave. Where something does, or the solution itself, the
 * column goes the same way again in numbers with an exponent.
 */
#include "ops/determinant/factor.h"
#include "ops/kernels/kernels.h"

const decomposition *factor_equilibrated(determinant_factor *factor)
{
    double *entries;
    if (factor->equilibrated) return factor->equilibrated;
    const determinant_scaling *scaling = factor_equilibrate(factor, &entries, factor->memory);
    if (!scaling) return NULL;
    return factor->equilibrated = lu_factor(scaling, entries, false, factor->memory);
}

/* Where formulas gave the determinant there is no LU yet. */
static const decomposition *solve_factors(determinant_factor *factor)
{
    return factor->lu ? factor->lu : factor_equilibrated(factor);
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

/* and back: x_(order i) = 2^-exponents_(order i) y_i, k columns, rows so many numbers apart. */
static void take_back(size_t n, size_t k, size_t stride, const size_t *order,
                      const int64_t *exponents, const double *y, double *x)
{
    for (size_t i = 0; i < n; i++) {
        const int64_t exponent = exponents ? exponents[order[i]] : 0;
        for (size_t j = 0; j < k; j++)
            x[order[i] * stride + j] = scale_by_power(y[i * stride + j], -exponent);
    }
}

static void divide_by_pivots(const decomposition *d, int64_t exponent, size_t k, double *y)
{
    enum { ORDINARY = 1000 };
    for (size_t i = 0; i < d->n; i++) {
        const scaled pivot = {d->d[i].mantissa, d->d[i].exponent + exponent};
        const bool ordinary = pivot.exponent > -ORDINARY && pivot.exponent < ORDINARY;
        const double divisor =
            ordinary ? scale_by_power(pivot.mantissa, pivot.exponent) : pivot.mantissa;
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

/* The way from b to x: which exponents each passes, which rows stand where. */
typedef struct passage {
    const size_t *from, *to;
    const int64_t *before, *after; /* NULL: all 0 */
    int64_t exponent;              /* of the pivots, in common */
} passage;

static passage passage_of(const decomposition *d, bool transpose)
{
    const determinant_scaling *scaling = d->scaling;
    passage way = {.from = transpose ? d->column : d->row, .to = transpose ? d->row : d->column};
    if (scaling->common) {
        way.exponent = d->n > 0 ? scaling->rows[0] : 0;
    } else {
        way.before = transpose ? scaling->columns : scaling->rows;
        way.after = transpose ? scaling->rows : scaling->columns;
    }
    return way;
}

/* x <- T^-1 x, T the unit lower or upper triangle of op(factors). */
static void substitute(const decomposition *d, bool transpose, bool lower, scaled *x)
{
    const size_t n = d->n;
    for (size_t step = 0; step < n; step++) {
        const size_t i = lower ? step : n - 1 - step;
        const size_t first = lower ? 0 : i + 1, end = lower ? i : n;
        for (size_t j = first; j < end; j++) {
            const double entry = d->factors[transpose ? j * n + i : i * n + j];
            x[i] = scaled_add(x[i], scaled_multiply(scaled_from(-entry), x[j]));
        }
    }
}

/* Solves one column in scaled arithmetic, so that an unknown that overflows does not spoil the
 * others. y: n numbers of workspace. */
static void solve_column(const decomposition *d, bool transpose, size_t k, const double *b,
                         scaled *y, scaled *x)
{
    const passage way = passage_of(d, transpose);
    for (size_t i = 0; i < d->n; i++) {
        y[i] = scaled_from(b[way.from[i] * k]);
        if (way.before) y[i].exponent -= way.before[way.from[i]];
    }
    substitute(d, transpose, true, y);
    for (size_t i = 0; i < d->n; i++) {
        const scaled quotient = scaled_from(y[i].mantissa / d->d[i].mantissa);
        y[i].exponent += quotient.exponent - d->d[i].exponent - way.exponent;
        y[i].mantissa = quotient.mantissa;
    }
    substitute(d, transpose, false, y);
    for (size_t i = 0; i < d->n; i++) {
        x[way.to[i]] = y[i];
        if (way.after) x[way.to[i]].exponent -= way.after[way.to[i]];
    }
}

/* Solves the columns again of which y is not finite although b is: only there has the range of a
 * double been left. */
static bool solve_again(const decomposition *d, bool transpose, const passage *way, size_t k,
                        double *b, const double *y, arena *scratch)
{
    const size_t n = d->n;
    scaled *x = arena_take_array(scratch, n, 2 * sizeof *x);
    if (!x) return false;
    for (size_t j = 0; j < k; j++) {
        if (!kernel_all_finite(n, 1, b + j, k) || kernel_all_finite(n, 1, y + j, k)) {
            take_back(n, 1, k, way->to, way->after, y + j, b + j);
            continue;
        }
        solve_column(d, transpose, k, b + j, x + n, x);
        for (size_t i = 0; i < n; i++) b[i * k + j] = scale_by_power(x[i].mantissa, x[i].exponent);
    }
    return true;
}

static bool solve(const decomposition *d, bool transpose, size_t k, double *b, arena *scratch)
{
    const size_t n = d->n;
    double *y = k == 0 || n <= SIZE_MAX / k ? arena_take_array(scratch, n * k, sizeof *y) : NULL;
    if (!y) return false;
    const passage way = passage_of(d, transpose);
    bring(n, k, way.from, way.before, b, y);
    solve_triangles(d, transpose, way.exponent, k, y);
    if (!kernel_all_finite(1, n * k, y, n * k))
        return solve_again(d, transpose, &way, k, b, y, scratch);
    take_back(n, k, k, way.to, way.after, y, b);
    return true;
}

void solve_scaled(const decomposition *d, bool transpose, size_t k, double *b, double *work)
{
    bring(d->n, k, transpose ? d->column : d->row, NULL, b, work);
    solve_triangles(d, transpose, 0, k, work);
    take_back(d->n, k, k, transpose ? d->row : d->column, NULL, work, b);
}

/* NaN and Inf stay where elimination takes them. */
static determinant_status solve_not_finite(determinant_factor *factor, bool transpose, size_t k,
                                           double *b, size_t *zero_pivot, arena *scratch)
{
    const size_t n = factor->n;
    double *lu = arena_take_array(scratch, n * n, sizeof *lu);
    size_t *pivots = arena_take_array(scratch, n, sizeof *pivots);
    if (!lu || !pivots) return DETERMINANT_MEMORY;
    memcpy(lu, factor->original, n * n * sizeof *lu);
    *zero_pivot = kernel_lu(n, lu, n, pivots);
    if (*zero_pivot < n) return DETERMINANT_SINGULAR;
    kernel_lu_solve(transpose, n, lu, n, pivots, k, b, k);
    return DETERMINANT_OK;
}

determinant_status determinant_solve(determinant_factor *factor, bool transpose, size_t k,
                                     double *b, size_t *zero_pivot, arena *scratch)
{
    const size_t n = factor->n;
    const arena_position position = arena_mark(scratch);
    if (factor->original) {
        const determinant_status status =
            solve_not_finite(factor, transpose, k, b, zero_pivot, scratch);
        arena_rewind(scratch, position);
        return status;
    }
    const decomposition *d = solve_factors(factor);
    if (!d) return DETERMINANT_MEMORY;
    *zero_pivot = first_zero_pivot(d);
    if (*zero_pivot < n) return DETERMINANT_SINGULAR;
    const bool done = solve(d, transpose, k, b, scratch);
    arena_rewind(scratch, position);
    return done ? DETERMINANT_OK : DETERMINANT_MEMORY;
}

/* <x, y> */
static scaled dot(size_t n, const scaled *x, const scaled *y, size_t stride)
{
    scaled sum = {0, 0};
    for (size_t i = 0; i < n; i++)
        sum = scaled_add(sum, scaled_multiply(x[i * stride], y[i * stride]));
    return sum;
}

/* x of k right sides, one after the other. */
static void solve_columns(const decomposition *d, bool transpose, size_t k, const double *b,
                          scaled *work, scaled *x)
{
    for (size_t j = 0; j < k; j++) solve_column(d, transpose, k, b + j, work, x + j * d->n);
}

bool determinant_solve_product(determinant_factor *factor, size_t k, const double *p,
                               const double *q, double *product, arena *scratch)
{
    const size_t n = factor->n;
    if (factor->original || !kernel_all_finite(n, k, p, k) || !kernel_all_finite(n, k, q, k))
        return true;
    const arena_position position = arena_mark(scratch);
    const decomposition *d = solve_factors(factor);
    scaled *left = k < SIZE_MAX / 2 / sizeof *left
                       ? arena_take_array(scratch, n, (2 * k + 1) * sizeof *left)
                       : NULL;
    const bool done = d && left;
    if (done) {
        scaled *right = left + n * k, *work = right + n * k;
        solve_columns(d, true, k, p, work, left);
        solve_columns(d, false, k, q, work, right);
        for (size_t i = 0; i < n * n; i++) {
            if (isfinite(product[i])) continue;
            const scaled sum = dot(k, left + i / n, right + i % n, n);
            product[i] = scaled_value((scaled){-sum.mantissa, sum.exponent}, 0);
        }
    }
    arena_rewind(scratch, position);
    return done;
}
