/* SPDX-License-Identifier: MIT */
/* det(tI - H), H upper Hessenberg, with its derivatives in t, by Hyman's method (Wilkinson 1963;
 * Higham 2002, section 14.6.1): with y_{m-1} = 1 and rows m-1..1 of (tI - H) y = 0,
 *
 *     s_i     = (t - h_ii) y_i - sum_{j>i} h_ij y_j
 *     y_{i-1} = s_i / h_{i,i-1}
 *     det     = s_0 prod h_{i,i-1}
 *
 * for each block between zero subdiagonal entries. Every y is a truncated Taylor series in t: its
 * k-th coefficient obeys the same recurrence with y_i's (k-1)-th added to s_i's, and series of
 * blocks are multiplied. Nothing is divided by a pivot, so that p, p' and p'' stay accurate at
 * and near eigenvalues, where elimination loses the higher ones.
 *
 * H itself has errors of n eps |A| in every entry. Where xI - A has two singular values that are
 * small enough, these cost more than rounding A did: condition.c tells where, and there direct.c is
 * used.
 *
 * The subdiagonal has been made of powers of two, so that nothing is rounded here but s.
 *
 * Range: t is taken in units of 2^q >= |t|, |h|; y is scaled down when it grows; products carry
 * exponents. A small subdiagonal entry needs no care: what is divided by it comes back.
 */
#include "ops/charpoly/reduction.h"

#include <math.h>

#include "ops/numbers/scaled.h"
#include "ops/numbers/vectors.h"

/* coefficient[k] 2^exponent, k = 0..order. */
typedef struct series {
    double *coefficient;
    int64_t exponent;
} series;

/* Where the evaluation stands. */
typedef struct hyman {
    const charpoly_reduction *reduction;
    size_t order;
    double t; /* in units of 2^unit */
    int unit;
    double *y; /* order + 1 rows of n */
    series block, product;
} hyman;

/* s_i, in units of 2^unit, of a block whose row i has its diagonal entry at row[i]. */
static void row_times_y(const hyman *z, const double *row, size_t i, size_t m, double *s)
{
    const size_t n = z->reduction->n;
    const double diagonal = z->t - scale_by_power(row[i], -z->unit);
    for (size_t k = 0; k <= z->order; k++) {
        const double *y = z->y + k * n;
        const double sum = kernel_dot(m - i - 1, row + i + 1, y + i + 1);
        s[k] = diagonal * y[i] - scale_by_power(sum, -z->unit);
        if (k > 0) s[k] += (y - n)[i];
    }
}

/* y_{i-1} = s 2^shift, h_{i,i-1} being 2^(unit - shift), by which the det is multiplied at last;
 * all of y scaled where that is large. */
static void next_y(hyman *z, size_t i, size_t m, const double *s, int64_t shift)
{
    enum { LARGE = 100 };
    const size_t n = z->reduction->n, count = z->order + 1;
    const int64_t size = kernel_largest_exponent(count, s) + shift;
    const int64_t down = size > LARGE ? size : 0;
    z->block.exponent += down - shift;
    for (size_t k = 0; k < count; k++) {
        double *y = z->y + k * n;
        for (size_t j = i; down > 0 && j < m; j++) y[j] = scale_by_power(y[j], -down);
        y[i - 1] = scale_by_power(s[k], shift - down);
    }
}

/* The determinant of the block of m rows from first on, into z->block. */
static void evaluate_block(hyman *z, size_t first, size_t m)
{
    const size_t n = z->reduction->n;
    const double *corner = z->reduction->h + first * n + first;
    double *s = z->block.coefficient;
    for (size_t k = 0; k <= z->order; k++) z->y[k * n + m - 1] = k == 0;
    z->block.exponent = 0;
    for (size_t i = m; i-- > 0;) {
        const double *row = corner + i * n;
        row_times_y(z, row, i, m, s);
        if (i > 0) next_y(z, i, m, s, z->unit + 1 - scaled_from(row[i - 1]).exponent);
    }
}

/* The product by that of a block, its largest coefficient brought to about 1. */
static void multiply_by_block(hyman *z)
{
    double *a = z->product.coefficient;
    for (size_t k = z->order + 1; k-- > 0;) {
        double sum = 0;
        for (size_t j = 0; j <= k; j++) sum += a[j] * z->block.coefficient[k - j];
        a[k] = sum;
    }
    z->product.exponent += z->block.exponent + kernel_scale_to_one(z->order + 1, a);
}

/* The product over the blocks between zeros of the subdiagonal. */
static void evaluate(hyman *z)
{
    const size_t n = z->reduction->n;
    const double *h = z->reduction->h;
    for (size_t first = 0, end; first < n; first = end) {
        end = first + 1;
        while (end < n && h[end * n + end - 1] != 0) end++;
        evaluate_block(z, first, end - first);
        multiply_by_block(z);
    }
}

/* t = (2^-first x - shift) 2^-second in units of 2^unit, which is at least |t| and, where H is not
 * zero, 1. */
static void place(hyman *z, double x)
{
    const charpoly_reduction *r = z->reduction;
    scaled t = scaled_from(x);
    t.exponent -= r->first_exponent;
    /* Beside a larger x the shift, at most 1, is nothing. */
    if (x == 0 || t.exponent <= 100)
        t = scaled_from(scale_by_power(t.mantissa, t.exponent) - r->shift);
    const int exponent = t.mantissa == 0 ? 0 : (int)t.exponent - r->second_exponent;
    z->unit = r->zero || exponent > 0 ? exponent : 0;
    z->t = t.mantissa == 0 ? 0 : ldexp(t.mantissa, exponent - z->unit);
}

/* k! c_k 2^(exponent + unit (n - k)), k the order, from the last coefficient of the series. */
static double derivative_from(const hyman *z)
{
    const int64_t n = (int64_t)z->reduction->n, k = (int64_t)z->order;
    const int64_t unit =
        (int64_t)z->reduction->first_exponent + z->reduction->second_exponent + z->unit;
    scaled p = scaled_from_power(z->product.coefficient[k], z->product.exponent + unit * (n - k));
    for (int64_t j = 2; j <= k; j++) p = scaled_multiply(p, scaled_from((double)j));
    return scaled_value(p, 0);
}

/* By Hyman's method; whether that is to be relied on. */
static bool derivative_by_hyman(const charpoly_reduction *reduction, double x, size_t order,
                                double *result, bool *doubtful, arena *scratch)
{
    const size_t n = reduction->n;
    double *work = arena_take_array(scratch, order + 1, (n + 2) * sizeof *work);
    if (!work) return false;
    double *block = work + (order + 1) * n, *product = block + order + 1;
    for (size_t k = 0; k <= order; k++) product[k] = k == 0;
    hyman z = {.reduction = reduction,
               .order = order,
               .y = work,
               .block = {block, 0},
               .product = {product, 0}};
    place(&z, x);
    evaluate(&z);
    *result = derivative_from(&z);
    *doubtful = false;
    return order > CHARPOLY_DIRECT || order >= n ||
           charpoly_is_doubtful(reduction, z.t, z.unit, order, doubtful, scratch);
}

bool charpoly_derivative(const charpoly_reduction *reduction, double x, size_t order,
                         double *result, arena *scratch)
{
    *result = order == 0;
    if (order == SIZE_MAX) return false;
    if (reduction->n == 0) return true;
    if (!reduction->finite || !isfinite(x)) {
        *result = NAN;
        return true;
    }
    bool doubtful;
    const arena_position before = arena_mark(scratch);
    const bool ok = derivative_by_hyman(reduction, x, order, result, &doubtful, scratch) &&
                    (!doubtful || charpoly_direct(reduction, x, order, result, scratch));
    arena_rewind(scratch, before);
    return ok;
}
