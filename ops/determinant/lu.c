/* A[p, q] = L D U1 by elimination: L unit lower, U1 unit upper triangular, D diagonal, any of it 0.
 *
 * Partial pivoting exchanges rows only and runs at the speed of the library; complete pivoting
 * (Wilkinson 1961; Higham, Accuracy and Stability, 9.1) bounds the entries of L and of U1 by 1.
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
#include "ops/numbers/vectors.h"

decomposition *lu_new(const determinant_scaling *scaling, arena *memory)
{
    const size_t n = scaling->n;
    decomposition *d = arena_take(memory, sizeof *d);
    if (!d) return NULL;
    d->n = n;
    d->scaling = scaling;
    d->inverted = d->settled = false;
    d->d = arena_take_array(memory, n, sizeof *d->d);
    d->triangles = arena_take_array(memory, n * n, sizeof *d->triangles);
    d->row = arena_take_array(memory, n, 2 * sizeof *d->row);
    if (!d->d || !d->triangles || !d->row) return NULL;
    d->factors = d->triangles;
    d->column = d->row + n;
    return d;
}

static void start(decomposition *d, const double *entries)
{
    memcpy(d->triangles, entries, d->n * d->n * sizeof *entries);
    for (size_t i = 0; i < d->n; i++) d->row[i] = d->column[i] = i;
    d->sign = 1;
    d->inverted = false;
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

/* D and U1 from U. */
static void take_out_diagonal(decomposition *d)
{
    const size_t n = d->n;
    d->max_entry = 0;
    d->min_pivot = INFINITY;
    d->max_upper = 1;
    for (size_t k = 0; k < n; k++) {
        double *row = d->triangles + k * n;
        const double pivot = row[k];
        /* Complete pivoting leaves nothing larger beside a pivot. */
        const double largest = d->kind == COMPLETE ? fabs(pivot) : largest_of(n - k, row + k);
        if (largest > d->max_entry) d->max_entry = largest;
        if (fabs(pivot) < d->min_pivot) d->min_pivot = fabs(pivot);
        d->d[k] = scaled_from(pivot);
        row[k] = 1;
        if (pivot == 0) continue;
        for (size_t j = k + 1; j < n; j++) row[j] /= pivot;
        const double ratio = largest / fabs(pivot);
        if (ratio > d->max_upper) d->max_upper = ratio;
    }
}

bool lu_partial(decomposition *d, const double *entries)
{
    const size_t n = d->n;
    start(d, entries);
    d->kind = PARTIAL;
    const size_t first_zero = kernel_lu(n, d->triangles, n, d->column);
    if (first_zero + 1 < n) return false;
    for (size_t i = 0; i < n; i++) {
        const size_t other = d->column[i], moved = d->row[i];
        d->row[i] = d->row[other];
        d->row[other] = moved;
        if (other != i) d->sign = -d->sign;
    }
    for (size_t j = 0; j < n; j++) d->column[j] = j;
    take_out_diagonal(d);
    return d->max_entry <= FIRST_DERIVATIVE_LIMIT && d->max_upper <= FIRST_DERIVATIVE_LIMIT;
}

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

static void exchange(size_t *x, size_t *y)
{
    const size_t moved = *x;
    *x = *y;
    *y = moved;
}

/* Brings the entry of the given size in row i, column k or later, to place (k, k). */
static void bring_pivot(decomposition *d, size_t k, size_t i, double size)
{
    const size_t n = d->n;
    double *a = d->triangles;
    size_t j = k;
    while (fabs(a[i * n + j]) != size) j++;
    if (i != k) {
        for (size_t l = 0; l < n; l++) {
            const double moved = a[k * n + l];
            a[k * n + l] = a[i * n + l];
            a[i * n + l] = moved;
        }
        exchange(&d->row[k], &d->row[i]);
        d->sign = -d->sign;
    }
    if (j != k) {
        for (size_t l = 0; l < n; l++) {
            const double moved = a[l * n + k];
            a[l * n + k] = a[l * n + j];
            a[l * n + j] = moved;
        }
        exchange(&d->column[k], &d->column[j]);
        d->sign = -d->sign;
    }
}

/* The Schur complement of pivot k; the row and size of its largest entry. */
static double eliminate_below(decomposition *d, size_t k, size_t *pivot_row)
{
    const size_t n = d->n;
    const double *top = d->triangles + k * n;
    double largest = 0;
    for (size_t i = k + 1; i < n; i++) {
        double *row = d->triangles + i * n;
        row[k] /= top[k];
        const double size = eliminate(n - k - 1, row[k], top + k + 1, row + k + 1);
        if (size > largest) {
            largest = size;
            *pivot_row = i;
        }
    }
    return largest;
}

static void complete_in_doubles(decomposition *d, const double *entries)
{
    const size_t n = d->n;
    start(d, entries);
    d->kind = COMPLETE;
    size_t pivot_row = 0;
    double largest = 0;
    for (size_t i = 0; i < n; i++) {
        const double size = largest_of(n, d->triangles + i * n);
        if (size > largest) {
            largest = size;
            pivot_row = i;
        }
    }
    /* A largest entry of 0 leaves nothing to eliminate: zeros below, and a zero diagonal. */
    for (size_t k = 0; k < n && largest > 0; k++) {
        bring_pivot(d, k, pivot_row, largest);
        largest = eliminate_below(d, k, &pivot_row);
    }
    take_out_diagonal(d);
}

static bool pivots_far_apart(const decomposition *d)
{
    return scale_by_power(d->min_pivot, DOUBLE_DOUBLE_SPAN) < d->max_entry;
}

bool lu_complete(decomposition *d, const double *entries, arena *memory)
{
    if (d->n <= DOUBLE_DOUBLE_ORDER && d->scaling->assigned)
        return lu_double_double(d, entries, NULL, memory);
    complete_in_doubles(d, entries);
    return d->n > DOUBLE_DOUBLE_ORDER || !pivots_far_apart(d) ||
           lu_double_double(d, entries, NULL, memory);
}

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
    d->triangles = arena_take_array(memory, n * n, sizeof *d->triangles);
    if (!d->triangles) {
        d->triangles = d->factors;
        return false;
    }
    memcpy(d->triangles, d->factors, n * n * sizeof *d->triangles);
    kernel_invert_triangular(true, n, d->triangles, n);
    kernel_invert_triangular(false, n, d->triangles, n);
    for (size_t i = 0; i < n; i++) {
        const double *row = d->triangles + i * n;
        const double left = largest_of(i, row), right = largest_of(n - i - 1, row + i + 1);
        if (left > lower) lower = left;
        if (right > upper) upper = right;
    }
    d->mu = lower * d->max_upper * upper;
    d->inverted = true;
    return true;
}
