/* SPDX-License-Identifier: MIT */
/* Whether a pivot may be rounding errors alone, and what it is then.
 *
 * Higham, Accuracy and Stability, 9.3, bounds the errors of the entries by eps |L| |D| |U1|. A
 * pivot that is not much larger than what these have become in it is settled in integers
 * (integers.c).
 */
#include "ops/determinant/decomposition.h"
#include "ops/determinant/integers.h"
#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

static double pivot_size(const decomposition *d, size_t k)
{
    return scale_by_power(fabs(d->d[k].mantissa), d->d[k].exponent);
}

/* What rounding errors of eps |L| |D| |U1| (Higham, 9.3) have become in pivot k, in units of eps:
 *
 *     sum_{m <= k} (|x^T| |L|)_m |d_m| (|U1| |y|)_m ,   x^T L = e_k^T ,  U1 y = e_k .
 *
 * A tiny pivot d_m may be exact, and errors of the rows above it reach pivot k through it, divided
 * by d_m and times its row: a look at row and column k alone would miss them. */
static double error_bound(const decomposition *d, size_t k, const double *x, const double *y,
                          const double *size, double *left)
{
    const size_t n = d->n;
    double sum = 0;
    for (size_t i = 0; i <= k; i++) {
        const double *row = d->factors + i * n;
        left[i] = fabs(x[i]);
        for (size_t m = 0; m < i; m++) left[m] += fabs(x[i] * row[m]);
    }
    for (size_t m = 0; m <= k; m++) {
        const double *row = d->factors + m * n;
        double right = fabs(y[m]);
        for (size_t j = m + 1; j <= k; j++) right += fabs(row[j] * y[j]);
        sum += left[m] * size[m] * right;
    }
    return sum;
}

/* An upper bound of error_bound in O(k): no entry of L is above 1. */
static double error_bound_quick(const decomposition *d, size_t k, const double *x, const double *y,
                                const double *size)
{
    double left = 0, right = 0, sum = 0;
    for (size_t m = k + 1; m-- > 0;) {
        left += fabs(x[m]);
        right += fabs(y[m]);
        sum += left * right * size[m];
    }
    return sum * d->max_upper;
}

/* x and y of pivot k from the inverses. */
static void take_lines(const decomposition *d, size_t k, double *x, double *y)
{
    for (size_t m = 0; m < k; m++) {
        x[m] = d->inverses[k * d->n + m];
        y[m] = d->inverses[m * d->n + k];
    }
    x[k] = y[k] = 1;
}

/* x and y of the last pivot, by substitution. */
static void solve_for_last(const decomposition *d, double *x, double *y)
{
    const size_t n = d->n;
    for (size_t i = 0; i < n; i++) x[i] = y[i] = i + 1 == n;
    for (size_t i = n; i-- > 0;) {
        const double *row = d->factors + i * n, x_i = x[i];
        for (size_t m = 0; m < i; m++) x[m] -= x_i * row[m];
        if (i + 1 < n) y[i] = -kernel_dot(n - i - 1, row + i + 1, y + i + 1);
    }
}

/* 64 units, and n times as many for small orders. README.md has what singular matrices reach. */
static double few_errors(const decomposition *d)
{
    return 64 * (d->n <= SMALL_ORDER ? (double)d->n : 1) * d->epsilon;
}

/* Whether a pivot may be rounding errors alone. False when out of memory.
 *
 * Where no pivot is small, only the last can be: complete pivoting up to SMALL_ORDER does not let
 * errors grow to its size, beyond that and with partial pivoting they may. */
static bool look_for_doubt(decomposition *d, bool *doubtful, arena *memory)
{
    const size_t n = d->n;
    const bool small_pivot = d->min_pivot <= 0x1p-8 * d->max_entry;
    *doubtful = false;
    if (!small_pivot && n <= SMALL_ORDER) return true;
    double *size = arena_take_array(memory, n, 4 * sizeof *size);
    if (!size) return false;
    double *x = size + n, *y = x + n, *work = y + n;
    for (size_t m = 0; m < n; m++) size[m] = pivot_size(d, m);
    if (!small_pivot) {
        solve_for_last(d, x, y);
        if (size[n - 1] > few_errors(d) * error_bound_quick(d, n - 1, x, y, size)) return true;
    }
    if (!lu_invert(d, memory)) return false;
    for (size_t k = 0; k < n && !*doubtful; k++) {
        take_lines(d, k, x, y);
        *doubtful = size[k] <= few_errors(d) * error_bound_quick(d, k, x, y, size) &&
                    size[k] <= few_errors(d) * error_bound(d, k, x, y, size, work);
    }
    return true;
}

/* ---- settling ---- */

static size_t nonzero_pivots(const decomposition *d)
{
    size_t count = 0;
    for (size_t k = 0; k < d->n; k++) count += d->d[k].mantissa != 0;
    return count;
}

static size_t smallest_nonzero(const decomposition *d)
{
    size_t smallest = d->n;
    for (size_t k = 0; k < d->n; k++)
        if (d->d[k].mantissa != 0 &&
            (smallest == d->n || pivot_size(d, k) <= pivot_size(d, smallest)))
            smallest = k;
    return smallest;
}

/* Makes the product of the pivots the determinant, which is not 0: zeros become equal powers of two,
 * and one of them, or without zeros the smallest pivot, takes the remainder. */
static void fit_pivots(decomposition *d, scaled determinant)
{
    const size_t n = d->n, zeros = n - nonzero_pivots(d);
    size_t place = zeros > 0 ? n : smallest_nonzero(d);
    scaled others = scaled_one();
    for (size_t k = 0; k < n; k++)
        if (d->d[k].mantissa != 0 && k != place) others = scaled_multiply(others, d->d[k]);
    for (size_t k = 0; k < n; k++) {
        if (d->d[k].mantissa != 0) continue;
        d->d[k] = (scaled){0.5, (determinant.exponent - others.exponent) / (int64_t)zeros};
        place = k;
    }
    d->d[place] = scaled_one();
    others = product_of_all(n, d->d);
    d->d[place] = scaled_from_power(d->sign * determinant.mantissa / others.mantissa,
                                    determinant.exponent - others.exponent);
}

/* In double-double arithmetic, unless that is what was used. */
static bool refactor(decomposition *d, const double *entries, arena *memory)
{
    return d->epsilon < DBL_EPSILON || lu_double_double(d, entries, NULL, memory);
}

static bool settle_doubtful(decomposition *d, const double *entries, arena *memory)
{
    const size_t n = d->n;
    size_t rank;
    bool known, doubtful;
    scaled determinant;
    if (!exact_rank_of(n, entries, &rank, memory)) return false;
    if (rank == n && n <= SETTLED_ORDER) {
        if (!refactor(d, entries, memory) || !look_for_doubt(d, &doubtful, memory)) return false;
        d->value = lu_product(d);
        if (!doubtful) return true;
    }
    if (!exact_determinant(n, entries, &known, &determinant, memory)) return false;
    if (known && determinant.mantissa != 0) rank = n;
    if (nonzero_pivots(d) < rank && !refactor(d, entries, memory)) return false;
    if (known && rank == n) fit_pivots(d, determinant);
    for (size_t more = nonzero_pivots(d); more > rank; more--)
        d->d[smallest_nonzero(d)] = (scaled){0, 0};
    d->value = known ? determinant : lu_product(d);
    return true;
}

bool lu_settle(decomposition *d, const double *entries, arena *memory)
{
    bool doubtful;
    if (!look_for_doubt(d, &doubtful, memory)) return false;
    d->value = lu_product(d);
    return !doubtful || settle_doubtful(d, entries, memory);
}
