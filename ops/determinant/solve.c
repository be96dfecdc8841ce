/* SPDX-License-Identifier: MIT */
/* Linear systems with a determinant factor: hat A[p, q] = L D U1, a_ij = hat a_ij 2^(r_i + c_j), so
 *
 *     x_q = 2^-c U1^-1 D^-1 L^-1 (2^-r b)_p          A x = b
 *     x_p = 2^-r L^-T D^-1 U1^-T (2^-c b)_q          A^T x = b
 *
 * A common exponent is applied to b or to the solution alone. Where something on the way leaves the
 * range of a double, or the solution itself, the column goes the same way again in numbers with an
 * exponent.
 */
#include "ops/determinant/factor.h"
#include "ops/kernels/kernels.h"

const decomposition *factor_equilibrated(determinant_factor *factor)
{
    double *entries;
    if (factor->equilibrated) return factor->equilibrated;
    const determinant_scaling *scaling = factor_equilibrate(factor, &entries, factor->memory);
    if (!scaling) return NULL;
    return factor->equilibrated = lu_factor(scaling, entries, NULL, false, factor->memory);
}

/* Where formulas gave the determinant there is no LU yet. */
static const decomposition *solve_factors(determinant_factor *factor)
{
    return factor->lu ? factor->lu : factor_equilibrated(factor);
}

/* The way from b to x: which rows stand where, and which exponents they pass. */
typedef struct passage {
    const size_t *from, *to;
    const int64_t *before, *after; /* NULL: all 0 */
} passage;

/* A common exponent passes at the end, but one that makes numbers larger first: subnormal ones get
 * their digits. */
static passage passage_of(const decomposition *d, bool transpose)
{
    const determinant_scaling *scaling = d->scaling;
    passage way = {.from = transpose ? d->column : d->row, .to = transpose ? d->row : d->column};
    if (!scaling->common) {
        way.before = transpose ? scaling->columns : scaling->rows;
        way.after = transpose ? scaling->rows : scaling->columns;
    } else if (d->n > 0) {
        *(scaling->rows[0] < 0 ? &way.before : &way.after) = scaling->rows;
    }
    return way;
}

/* y_i = 2^-before_(from i) b_(from i) */
static void bring(const passage *way, size_t n, size_t k, const double *b, double *y)
{
    for (size_t i = 0; i < n; i++) {
        const size_t row = way->from[i];
        const int64_t exponent = way->before ? way->before[row] : 0;
        for (size_t j = 0; j < k; j++) y[i * k + j] = scale_by_power(b[row * k + j], -exponent);
    }
}

/* x_(to i) = 2^-after_(to i) y_i, k columns, rows so many numbers apart. */
static void take_back(const passage *way, size_t n, size_t k, size_t stride, const double *y,
                      double *x)
{
    for (size_t i = 0; i < n; i++) {
        const size_t row = way->to[i];
        const int64_t exponent = way->after ? way->after[row] : 0;
        for (size_t j = 0; j < k; j++)
            x[row * stride + j] = scale_by_power(y[i * stride + j], -exponent);
    }
}

static void solve_triangles(const decomposition *d, bool transpose, size_t k, double *y)
{
    const size_t n = d->n;
    kernel_solve_triangular(!transpose, transpose, true, n, d->factors, n, k, y, k);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < k; j++)
            y[i * k + j] = scale_by_power(y[i * k + j] / d->d[i].mantissa, -d->d[i].exponent);
    kernel_solve_triangular(transpose, transpose, true, n, d->factors, n, k, y, k);
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
        const scaled pivot = d->d[i];
        y[i] = scaled_from_power(y[i].mantissa / pivot.mantissa, y[i].exponent - pivot.exponent);
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
            take_back(way, n, 1, k, y + j, b + j);
            continue;
        }
        solve_column(d, transpose, k, b + j, x + n, x);
        for (size_t i = 0; i < n; i++) b[i * k + j] = scale_by_power(x[i].mantissa, x[i].exponent);
    }
    return true;
}

static determinant_status solve_finite(determinant_factor *factor, bool transpose, size_t k,
                                       double *b, size_t *zero_pivot, arena *scratch)
{
    const size_t n = factor->n;
    const decomposition *d = solve_factors(factor);
    if (!d) return DETERMINANT_MEMORY;
    for (*zero_pivot = 0; *zero_pivot < n; ++*zero_pivot)
        if (d->d[*zero_pivot].mantissa == 0) return DETERMINANT_SINGULAR;
    double *y = k == 0 || n <= SIZE_MAX / k ? arena_take_array(scratch, n * k, sizeof *y) : NULL;
    if (!y) return DETERMINANT_MEMORY;
    const passage way = passage_of(d, transpose);
    bring(&way, n, k, b, y);
    solve_triangles(d, transpose, k, y);
    if (!kernel_all_finite(1, n * k, y, n * k))
        return solve_again(d, transpose, &way, k, b, y, scratch) ? DETERMINANT_OK
                                                                 : DETERMINANT_MEMORY;
    take_back(&way, n, k, k, y, b);
    return DETERMINANT_OK;
}

void solve_scaled(const decomposition *d, bool transpose, size_t k, double *b, double *work)
{
    passage way = passage_of(d, transpose);
    way.before = way.after = NULL;
    bring(&way, d->n, k, b, work);
    solve_triangles(d, transpose, k, work);
    take_back(&way, d->n, k, k, work, b);
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
    const arena_position position = arena_mark(scratch);
    const determinant_status status = (factor->original ? solve_not_finite : solve_finite)(
        factor, transpose, k, b, zero_pivot, scratch);
    arena_rewind(scratch, position);
    return status;
}

/* <x, y> */
static scaled dot(size_t n, const scaled *x, const scaled *y, size_t stride)
{
    scaled sum = {0, 0};
    for (size_t i = 0; i < n; i++)
        sum = scaled_add(sum, scaled_multiply(x[i * stride], y[i * stride]));
    return sum;
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
        for (size_t j = 0; j < k; j++) {
            solve_column(d, true, k, p + j, work, left + j * n);
            solve_column(d, false, k, q + j, work, right + j * n);
        }
        for (size_t i = 0; i < n * n; i++) {
            if (isfinite(product[i])) continue;
            const scaled sum = dot(k, left + i / n, right + i % n, n);
            product[i] = scaled_value((scaled){-sum.mantissa, sum.exponent}, 0);
        }
    }
    arena_rewind(scratch, position);
    return done;
}
