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
#include "ops/determinant/private.h"

#include "ops/kernels/kernels.h"
#include "ops/numbers/vectors.h"

decomposition *pivoted_new(const determinant_range *range, arena *memory)
{
    const size_t n = range->n;
    decomposition *d = arena_take(memory, sizeof *d);
    if (!d) return NULL;
    d->n = n;
    d->range = range;
    d->inverted = d->settled = false;
    d->left_transposed = d->right_transposed = NULL;
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
    d->growth = 0;
    d->smallest = INFINITY;
    d->largest_upper = 1;
    for (size_t k = 0; k < n; k++) {
        double *row = d->triangles + k * n;
        const double pivot = row[k];
        /* Complete pivoting leaves nothing larger beside a pivot. */
        const double largest = d->kind == COMPLETE ? fabs(pivot) : largest_of(n - k, row + k);
        if (largest > d->growth) d->growth = largest;
        if (fabs(pivot) < d->smallest) d->smallest = fabs(pivot);
        d->d[k] = scaled_from(pivot);
        row[k] = 1;
        if (pivot == 0) continue;
        for (size_t j = k + 1; j < n; j++) row[j] /= pivot;
        const double ratio = largest / fabs(pivot);
        if (ratio > d->largest_upper) d->largest_upper = ratio;
    }
}

bool pivoted_partial(decomposition *d, const double *entries)
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
    return d->growth <= FIRST_DERIVATIVE_LIMIT && d->largest_upper <= FIRST_DERIVATIVE_LIMIT;
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

static double pivot_size(const decomposition *d, size_t k)
{
    return scale_by_power(fabs(d->d[k].mantissa), d->d[k].exponent);
}

static bool pivots_far_apart(const decomposition *d)
{
    return scale_by_power(d->smallest, TWOFOLD_SPAN) < d->growth;
}

bool pivoted_complete(decomposition *d, const double *entries, arena *memory)
{
    if (d->n <= TWOFOLD_ORDER && d->range->assigned)
        return pivoted_twofold(d, entries, NULL, memory);
    complete_in_doubles(d, entries);
    return d->n > TWOFOLD_ORDER || !pivots_far_apart(d) ||
           pivoted_twofold(d, entries, NULL, memory);
}

/* What rounding errors of eps |L| |D| |U1| (Higham, 9.3) have become in pivot k, in units of eps:
 *
 *     sum_{m <= k} (|x^T| |L|)_m |d_m| (|U1| |y|)_m ,   x^T L = e_k^T ,  U1 y = e_k .
 *
 * A tiny pivot d_m may be exact, and errors of the rows above it reach pivot k through it, divided
 * by d_m and times its row: a look at row and column k alone would miss them. */
static double exposure(const decomposition *d, size_t k, const double *x, const double *y,
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

/* An upper bound of it: no entry of L is above 1. */
static double exposure_bound(const decomposition *d, size_t k, const double *x, const double *y,
                             const double *size)
{
    double left = 0, right = 0, sum = 0;
    for (size_t m = k + 1; m-- > 0;) {
        left += fabs(x[m]);
        right += fabs(y[m]);
        sum += left * right * size[m];
    }
    return sum * d->largest_upper;
}

/* x and y of pivot k from the inverses. */
static void take_lines(const decomposition *d, size_t k, double *x, double *y)
{
    for (size_t m = 0; m < k; m++) {
        x[m] = d->triangles[k * d->n + m];
        y[m] = d->triangles[m * d->n + k];
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

enum { LINES = 4 }; /* of n numbers, as work for the following */

static double *sizes_and_lines(const decomposition *d, arena *memory)
{
    double *size = arena_take_array(memory, d->n, LINES * sizeof *size);
    for (size_t m = 0; size && m < d->n; m++) size[m] = pivot_size(d, m);
    return size;
}

/* Many errors of one sign have to come together for more. */
static double few_errors(const decomposition *d)
{
    return 64 * (d->n <= SMALL_ORDER ? (double)d->n : 1) * d->epsilon;
}

/* Whether no pivot is small and errors of the last do not grow to its size. Complete pivoting up to
 * SMALL_ORDER does not let them; partial pivoting may. False as well when out of memory. */
static bool is_plain(const decomposition *d, arena *memory)
{
    const size_t n = d->n;
    if (d->smallest <= 0x1p-8 * d->growth) return false;
    if (n <= SMALL_ORDER) return true;
    const arena_position position = arena_mark(memory);
    double *size = sizes_and_lines(d, memory);
    if (!size) return false;
    double *x = size + n, *y = x + n;
    solve_for_last(d, x, y);
    const bool plain = size[n - 1] > few_errors(d) * exposure_bound(d, n - 1, x, y, size);
    arena_rewind(memory, position);
    return plain;
}

/* Whether a pivot may be rounding errors alone. False when out of memory. */
static bool look_for_doubt(decomposition *d, bool *doubtful, arena *memory)
{
    const size_t n = d->n;
    *doubtful = false;
    if (is_plain(d, memory)) return true;
    if (!d->inverted && !pivoted_invert(d, memory)) return false;
    const arena_position position = arena_mark(memory);
    double *size = sizes_and_lines(d, memory);
    if (!size) return false;
    double *x = size + n, *y = x + n;
    for (size_t k = 0; k < n && !*doubtful; k++) {
        take_lines(d, k, x, y);
        *doubtful = size[k] <= few_errors(d) * exposure_bound(d, k, x, y, size) &&
                    size[k] <= few_errors(d) * exposure(d, k, x, y, size, y + n);
    }
    arena_rewind(memory, position);
    return true;
}

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

/* The pivots that are 0, as one of equal parts of what is missing to the determinant: powers of two
 * of that size. Returns the place of one that is left to be set. */
static size_t replace_zeros(decomposition *d, scaled determinant)
{
    const size_t n = d->n, zeros = n - nonzero_pivots(d);
    scaled others = scaled_one();
    size_t place = n;
    for (size_t k = 0; k < n; k++)
        if (d->d[k].mantissa != 0) others = scaled_multiply(others, d->d[k]);
    for (size_t k = 0; k < n; k++) {
        if (d->d[k].mantissa != 0) continue;
        d->d[k] = (scaled){0.5, (determinant.exponent - others.exponent) / (int64_t)zeros};
        place = k;
    }
    return place;
}

/* Sets one pivot, the smallest, so that the product of all is the determinant, which is not 0. */
static void fit_pivots(decomposition *d, scaled determinant)
{
    const bool zeros = nonzero_pivots(d) < d->n;
    const size_t place = zeros ? replace_zeros(d, determinant) : smallest_nonzero(d);
    d->d[place] = scaled_one();
    const scaled others = product_of_all(d->n, d->d);
    d->d[place] = scaled_from(d->sign * determinant.mantissa / others.mantissa);
    d->d[place].exponent += determinant.exponent - others.exponent;
}

/* In twofold arithmetic, unless that is what was used. */
static bool refactor(decomposition *d, const double *entries, arena *memory)
{
    return d->epsilon < DBL_EPSILON || pivoted_twofold(d, entries, NULL, memory);
}

static bool settle_doubtful(decomposition *d, const double *entries, arena *memory)
{
    const size_t n = d->n;
    size_t rank;
    bool known, doubtful;
    if (!rank_of_entries(n, entries, &rank, memory)) return false;
    if (rank == n && n <= SETTLED_ORDER) {
        if (!refactor(d, entries, memory) || !look_for_doubt(d, &doubtful, memory)) return false;
        if (!doubtful) return true;
    }
    if (!exact_determinant(n, entries, &known, &d->value, memory)) return false;
    if (known && d->value.mantissa != 0) rank = n;
    if (nonzero_pivots(d) < rank && !refactor(d, entries, memory)) return false;
    d->settled = known;
    if (known && rank == n) fit_pivots(d, d->value);
    for (size_t more = nonzero_pivots(d); more > rank; more--)
        d->d[smallest_nonzero(d)] = (scaled){0, 0};
    return true;
}

scaled pivoted_product(const decomposition *d)
{
    scaled product = product_of_all(d->n, d->d);
    product.mantissa *= d->sign;
    return product;
}

bool pivoted_settle(decomposition *d, const double *entries, arena *memory)
{
    bool doubtful;
    d->settled = false;
    if (!look_for_doubt(d, &doubtful, memory)) return false;
    if (doubtful && !settle_doubtful(d, entries, memory)) return false;
    if (d->settled) return true;
    d->value = pivoted_product(d);
    return true;
}

bool pivoted_invert(decomposition *d, arena *memory)
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
    d->mu = lower * d->largest_upper * upper;
    d->inverted = true;
    return true;
}
