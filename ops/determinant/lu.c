/* SPDX-License-Identifier: MIT */
/* A[p, q] = L D U1 by elimination: L unit lower, U1 unit upper triangular, D diagonal, any of it 0.
 *
 * Partial pivoting exchanges rows only and runs at the speed of the library; complete pivoting
 * (Wilkinson 1961; Higham, Accuracy and Stability, 9.1) bounds the entries of L and of U1 by 1.
 *
 * Double-double arithmetic is for matrices so ill conditioned that elimination in doubles would lose
 * digits: where numbers of very different size meet and cancel, more can be lost than changes of the
 * entries in the last place would cost. L, D and U1, rounded to double at the end, have nearly all
 * digits right, and the determinant and its derivatives do not need more.
 *
 * How much accuracy the triangles cost in a derivative of the cofactors is told by
 *     mu = max|L^-1| max|U1| max|U1^-1|
 * whatever the size of D: to first order the errors of L D U1 are
 *     eps |L^-1| |L| |D| |U1| |U1^-1|
 * in the basis in which they meet D. A tiny last pivot is harmless, a tiny one in the middle gives
 * a huge row of U1.
 */
#include "ops/determinant/decomposition.h"

#include "ops/kernels/kernels.h"
#include "ops/numbers/double_double.h"
#include "ops/numbers/vectors.h"

decomposition *lu_new(const determinant_scaling *scaling, arena *memory)
{
    const size_t n = scaling->n;
    decomposition *d = arena_take(memory, sizeof *d);
    if (!d) return NULL;
    *d = (decomposition){.n = n, .scaling = scaling};
    d->d = arena_take_array(memory, n, sizeof *d->d);
    d->factors = arena_take_array(memory, n * n, sizeof *d->factors);
    d->row = arena_take_array(memory, n, 2 * sizeof *d->row);
    if (!d->d || !d->factors || !d->row) return NULL;
    d->column = d->row + n;
    return d;
}

static void start(decomposition *d, const double *entries)
{
    memcpy(d->factors, entries, d->n * d->n * sizeof *entries);
    for (size_t i = 0; i < d->n; i++) d->row[i] = d->column[i] = i;
    d->sign = 1;
    d->inverses = NULL;
    d->epsilon = DBL_EPSILON;
}

static double largest_of(size_t count, const double *x)
{
    double largest[2] = {0, 0};
    size_t i = 0;
    for (; i + 2 <= count; i += 2) {
        largest[0] = fabs(x[i]) > largest[0] ? fabs(x[i]) : largest[0];
        largest[1] = fabs(x[i + 1]) > largest[1] ? fabs(x[i + 1]) : largest[1];
    }
    if (i < count) largest[0] = fabs(x[i]) > largest[0] ? fabs(x[i]) : largest[0];
    return largest[0] > largest[1] ? largest[0] : largest[1];
}

/* Compiled for each arithmetic: a decision at each step costs small matrices time. */
#define FOR_EACH_ARITHMETIC static inline __attribute__((always_inline))

/* D and U1 from U. low: the lower halves of double-double numbers, or NULL. */
FOR_EACH_ARITHMETIC void take_out_diagonal(decomposition *d, const double *low)
{
    const size_t n = d->n;
    d->max_entry = 0;
    d->min_pivot = INFINITY;
    d->max_upper = 1;
    for (size_t k = 0; k < n; k++) {
        double *row = d->factors + k * n;
        const double pivot = row[k];
        /* Complete pivoting leaves nothing larger beside a pivot. */
        const double largest = d->kind == COMPLETE ? fabs(pivot) : largest_of(n - k, row + k);
        if (largest > d->max_entry) d->max_entry = largest;
        if (fabs(pivot) < d->min_pivot) d->min_pivot = fabs(pivot);
        d->d[k] = scaled_from(pivot);
        row[k] = 1;
        if (pivot == 0) continue;
        for (size_t j = k + 1; !low && j < n; j++) row[j] /= pivot;
        for (size_t j = k + 1; low && j < n; j++)
            row[j] = dd_quotient((double_double){row[j], low[k * n + j]},
                                 (double_double){pivot, low[k * n + k]})
                         .high;
        const double ratio = largest / fabs(pivot);
        if (ratio > d->max_upper) d->max_upper = ratio;
    }
}

static void exchange(size_t *x, size_t *y)
{
    const size_t moved = *x;
    *x = *y;
    *y = moved;
}

static bool lu_partial(decomposition *d, const double *entries)
{
    const size_t n = d->n;
    start(d, entries);
    d->kind = PARTIAL;
    const size_t first_zero = kernel_lu(n, d->factors, n, d->column);
    if (first_zero + 1 < n) return false;
    for (size_t i = 0; i < n; i++) {
        if (d->column[i] != i) d->sign = -d->sign;
        exchange(&d->row[i], &d->row[d->column[i]]);
    }
    for (size_t j = 0; j < n; j++) d->column[j] = j;
    take_out_diagonal(d, NULL);
    return d->max_entry <= (double)FIRST_DERIVATIVE_LIMIT &&
           d->max_upper <= (double)FIRST_DERIVATIVE_LIMIT;
}

/* ---- complete pivoting ---- */

/* row <- row - multiplier pivot_row; returns the largest |entry|. */
static double eliminate(size_t count, double multiplier, const double *restrict pivot_row,
                        double *restrict row)
{
    double largest[2] = {0, 0};
    size_t j = 0;
    for (; j + 2 <= count; j += 2) {
        row[j] -= multiplier * pivot_row[j];
        row[j + 1] -= multiplier * pivot_row[j + 1];
        largest[0] = fabs(row[j]) > largest[0] ? fabs(row[j]) : largest[0];
        largest[1] = fabs(row[j + 1]) > largest[1] ? fabs(row[j + 1]) : largest[1];
    }
    if (j < count) {
        row[j] -= multiplier * pivot_row[j];
        largest[0] = fabs(row[j]) > largest[0] ? fabs(row[j]) : largest[0];
    }
    return largest[0] > largest[1] ? largest[0] : largest[1];
}

/* Eliminates in double-double arithmetic, on whole rows: the multiplier comes to row_0. */
static double eliminate_double_double(size_t count, const double *restrict pivot_row,
                                      const double *restrict pivot_low, double *restrict row,
                                      double *restrict low)
{
    const double_double pivot = {pivot_row[0], pivot_low[0]};
    const double_double multiplier = dd_quotient((double_double){row[0], low[0]}, pivot);
    double largest = 0;
    row[0] = multiplier.high;
    for (size_t j = 1; j < count; j++) {
        const double_double product =
            dd_multiply(multiplier, (double_double){pivot_row[j], pivot_low[j]});
        const double_double rest = dd_difference((double_double){row[j], low[j]}, product);
        row[j] = rest.high;
        low[j] = rest.low;
        if (fabs(rest.high) > largest) largest = fabs(rest.high);
    }
    return largest;
}

static inline void exchange_lines(size_t n, size_t stride, double *x, double *y)
{
    for (; n > 0; n--, x += stride, y += stride) {
        const double moved = *x;
        *x = *y;
        *y = moved;
    }
}

FOR_EACH_ARITHMETIC void exchange_both(double *a, size_t n, size_t k, size_t i, size_t j)
{
    if (i != k) exchange_lines(n, 1, a + k * n, a + i * n);
    if (j != k) exchange_lines(n, n, a + k, a + j);
}

/* Brings the entry of the given size in row i, column k or later, to place (k, k). */
FOR_EACH_ARITHMETIC void bring_pivot(decomposition *d, double *low, size_t k, size_t i, double size)
{
    const size_t n = d->n;
    size_t j = k;
    while (fabs(d->factors[i * n + j]) != size) j++;
    exchange_both(d->factors, n, k, i, j);
    if (low) exchange_both(low, n, k, i, j);
    exchange(&d->row[k], &d->row[i]);
    exchange(&d->column[k], &d->column[j]);
    if ((i != k) != (j != k)) d->sign = -d->sign;
}

/* The Schur complement of pivot k; the row and size of its largest entry. */
FOR_EACH_ARITHMETIC double eliminate_below(decomposition *d, double *low, size_t k,
                                           size_t *pivot_row)
{
    const size_t n = d->n, first = k * n + k;
    const double *top = d->factors + first;
    double largest = 0;
    for (size_t i = k + 1, at = first + n; i < n; i++, at += n) {
        double *row = d->factors + at, size;
        if (!low) {
            row[0] /= top[0];
            size = eliminate(n - k - 1, row[0], top + 1, row + 1);
        } else {
            size = eliminate_double_double(n - k, top, low + first, row, low + at);
        }
        if (size > largest) {
            largest = size;
            *pivot_row = i;
        }
    }
    return largest;
}

/* In double-double arithmetic where there are lower halves. */
FOR_EACH_ARITHMETIC void complete(decomposition *d, double *low)
{
    const size_t n = d->n;
    size_t pivot_row = 0;
    double largest = 0;
    d->kind = COMPLETE;
    for (size_t i = 0; i < n; i++) {
        const double size = largest_of(n, d->factors + i * n);
        if (size > largest) {
            largest = size;
            pivot_row = i;
        }
    }
    /* A largest entry of 0 leaves nothing to eliminate: zeros below, and a zero diagonal. */
    for (size_t k = 0; k < n && largest > 0; k++) {
        bring_pivot(d, low, k, pivot_row, largest);
        largest = eliminate_below(d, low, k, &pivot_row);
    }
    take_out_diagonal(d, low);
}

bool lu_double_double(decomposition *d, const double *entries, const double *diagonal,
                      arena *memory)
{
    const size_t n = d->n;
    const arena_position position = arena_mark(memory);
    double *low = arena_take_array(memory, n * n, sizeof *low);
    if (!low) return false;
    memset(low, 0, n * n * sizeof *low);
    for (size_t i = 0; diagonal && i < n; i++) low[i * n + i] = diagonal[i];
    start(d, entries);
    d->epsilon = DBL_EPSILON * DBL_EPSILON;
    complete(d, low);
    arena_rewind(memory, position);
    return true;
}

static bool pivots_far_apart(const decomposition *d)
{
    return scale_by_power(d->min_pivot, DOUBLE_DOUBLE_SPAN) < d->max_entry;
}

static bool lu_complete(decomposition *d, const double *entries, arena *memory)
{
    const bool small = d->n <= DOUBLE_DOUBLE_ORDER;
    if (!small || !d->scaling->assigned) {
        start(d, entries);
        complete(d, NULL);
        if (!small || !pivots_far_apart(d)) return true;
    }
    return lu_double_double(d, entries, NULL, memory);
}

decomposition *lu_factor(const determinant_scaling *scaling, const double *entries,
                         const double *diagonal, bool may_be_partial, arena *memory)
{
    decomposition *d = lu_new(scaling, memory);
    const size_t small = scaling->assigned ? DOUBLE_DOUBLE_ORDER : SMALL_ORDER;
    if (!d) return NULL;
    if (diagonal) {
        if (!lu_double_double(d, entries, diagonal, memory)) return NULL;
        d->value = lu_product(d);
        return d;
    }
    const bool partial = may_be_partial && d->n > small && lu_partial(d, entries);
    if (!partial && !lu_complete(d, entries, memory)) return NULL;
    return lu_settle(d, entries, memory) ? d : NULL;
}

/* ---- what a decomposition tells ---- */

scaled lu_product(const decomposition *d)
{
    scaled product = product_of_all(d->n, d->d);
    product.mantissa *= d->sign;
    return product;
}

bool lu_invert(decomposition *d, arena *memory)
{
    const size_t n = d->n;
    double lower = 1, upper = 1;
    if (d->inverses) return true;
    double *inverses = arena_take_array(memory, n * n, sizeof *inverses);
    if (!inverses) return false;
    memcpy(inverses, d->factors, n * n * sizeof *inverses);
    kernel_invert_triangular(true, n, inverses, n);
    kernel_invert_triangular(false, n, inverses, n);
    for (size_t i = 0; i < n; i++) {
        const double *row = inverses + i * n;
        const double left = largest_of(i, row), right = largest_of(n - i - 1, row + i + 1);
        if (left > lower) lower = left;
        if (right > upper) upper = right;
    }
    d->mu = lower * d->max_upper * upper;
    d->inverses = inverses;
    return true;
}
