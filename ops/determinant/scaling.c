/* SPDX-License-Identifier: MIT */
/* Scaling by exact powers of two: hat a_ij = a_ij 2^-(r_i + c_j).
 *
 * Nearly always one exponent r is used for all entries. Where those span more than 100 bits, rows
 * and columns are scaled one by one, so that an assignment of rows to columns has entries about 1
 * and no entry is larger. A matrix whose zeros allow no assignment keeps the one exponent up to 500
 * bits, and has the largest entry of every row and column brought to 1 beyond.
 */
#include "ops/determinant/scaling.h"

#include <limits.h>

/* Within WIDEST_SPAN no product of two scaled entries underflows. */
enum { ORDINARY_SPAN = 100, WIDEST_SPAN = 500 };

static int exponent_of(double x)
{
    return (int)scaled_from(x).exponent;
}

static double from_bits(uint64_t bits)
{
    double x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/* Sizes of doubles are ordered as their bits are, Inf and NaN last; less one, the bits of 0 come
 * last. */
exponent_range exponent_range_of(size_t count, const double *x)
{
    const uint64_t all_but_sign = UINT64_MAX >> 1, infinite = UINT64_C(0x7ff) << 52;
    uint64_t high = 0, low = UINT64_MAX;
    for (size_t k = 0; k < count; k++) {
        uint64_t bits;
        memcpy(&bits, &x[k], sizeof bits);
        bits &= all_but_sign;
        high = bits > high ? bits : high;
        low = bits - 1 < low ? bits - 1 : low;
    }
    exponent_range all = {.finite = high < infinite, .zero = high == 0};
    if (all.zero || !all.finite) return all;
    all.largest = exponent_of(from_bits(high));
    all.smallest = exponent_of(from_bits(low + 1));
    return all;
}

/* r_i = the largest exponent of row i, c_j = max_i(e_ij - r_i). Rows of zeros count with the
 * largest, columns of zeros with 0. */
static void full_equilibration(size_t n, const double *a, int64_t *rows, int64_t *columns)
{
    int largest = INT_MIN;
    for (size_t i = 0; i < n; i++) {
        const exponent_range row = exponent_range_of(n, a + i * n);
        rows[i] = row.zero ? INT_MIN : row.largest;
        if (!row.zero && row.largest > largest) largest = row.largest;
        columns[i] = INT64_MIN;
    }
    for (size_t i = 0; i < n; i++) {
        if (rows[i] == INT_MIN) rows[i] = largest == INT_MIN ? 0 : largest;
        for (size_t j = 0; j < n; j++) {
            if (a[i * n + j] == 0) continue;
            const int64_t exponent = exponent_of(a[i * n + j]) - rows[i];
            if (exponent > columns[j]) columns[j] = exponent;
        }
    }
    for (size_t j = 0; j < n; j++)
        if (columns[j] == INT64_MIN) columns[j] = 0;
}

static bool scaling_new(determinant_scaling *scaling, size_t n, arena *memory)
{
    *scaling = (determinant_scaling){.n = n};
    scaling->rows = arena_take_array(memory, n, 2 * sizeof *scaling->rows);
    scaling->columns = scaling->rows ? scaling->rows + n : NULL;
    return scaling->rows;
}

int64_t scaling_exponent(const determinant_scaling *scaling, size_t k)
{
    return scaling->rows[k / scaling->n] + scaling->columns[k % scaling->n];
}

static void sum_exponents(determinant_scaling *scaling)
{
    for (size_t i = 0; i < scaling->n; i++)
        scaling->total += scaling->rows[i] + scaling->columns[i];
}

bool scaling_choose(determinant_scaling *scaling, size_t n, const double *a, exponent_range all,
                    arena *memory)
{
    if (!scaling_new(scaling, n, memory)) return false;
    if (n <= 2 || all.zero) all.largest = all.smallest = 0;
    scaling->span = all.largest - all.smallest;
    if (scaling->span > (n == 3 ? SMALL_SPAN : ORDINARY_SPAN) &&
        !assignment_exponents(n, a, scaling->rows, scaling->columns, &scaling->assigned, memory))
        return false;
    scaling->common = !scaling->assigned && scaling->span <= WIDEST_SPAN;
    for (size_t i = 0; i < n && !scaling->assigned; i++) {
        scaling->rows[i] = all.largest;
        scaling->columns[i] = 0;
    }
    if (!scaling->assigned && !scaling->common)
        full_equilibration(n, a, scaling->rows, scaling->columns);
    sum_exponents(scaling);
    return true;
}

static void multiply_all(size_t count, const double *a, double factor, double *b)
{
    size_t k = 0;
    for (; k + 3 < count; k += 4) {
        const double b0 = a[k] * factor + 0.0, b1 = a[k + 1] * factor + 0.0,
                     b2 = a[k + 2] * factor + 0.0, b3 = a[k + 3] * factor + 0.0;
        b[k] = b0, b[k + 1] = b1, b[k + 2] = b2, b[k + 3] = b3;
    }
    for (; k < count; k++) b[k] = a[k] * factor + 0.0;
}

void scaling_apply(const determinant_scaling *scaling, const double *a, int64_t extra, double *b)
{
    const size_t n = scaling->n;
    const int64_t common = n > 0 ? extra - scaling->rows[0] : 0;
    if (scaling->common && common >= -1022 && common <= 1023) {
        multiply_all(n * n, a, power_of_two((int)common), b);
        return;
    }
    for (size_t k = 0; k < n * n; k++)
        b[k] = scale_by_power(a[k], extra - scaling_exponent(scaling, k)) + 0.0;
}

const determinant_scaling *scaling_equilibrate(const determinant_scaling *first, double *entries,
                                               arena *memory)
{
    const size_t n = first->n;
    determinant_scaling *scaling = arena_take(memory, sizeof *scaling);
    if (!scaling || !scaling_new(scaling, n, memory)) return NULL;
    full_equilibration(n, entries, scaling->rows, scaling->columns);
    scaling_apply(scaling, entries, 0, entries);
    for (size_t i = 0; i < n; i++) {
        scaling->rows[i] += first->rows[i];
        scaling->columns[i] += first->columns[i];
    }
    sum_exponents(scaling);
    return scaling;
}
