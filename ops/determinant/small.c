/* SPDX-License-Identifier: MIT */
/* Determinants up to 3 x 3 by minors: exact for integers as long as the products are, and
 *     cof [a b; c d] = [d -c; -b a]
 * exact always. For n = 3 each cofactor is one 2 x 2 minor, each entry of a derivative the sum of
 * two. Each minor is computed to the last place or two (Kahan's difference of products with
 * fused multiply-add; Jeannerod, Louvet & Muller 2013).
 */
#include "ops/determinant/small.h"

#include <float.h>

#include "ops/numbers/double_double.h"

bool small_formulas_apply(const determinant_scaling *scaling)
{
    return scaling->n <= 2 || (scaling->n == 3 && scaling->common && scaling->span <= SMALL_SPAN);
}

/* a d - b c */
static double minor_of(double a, double b, double c, double d)
{
    const double product = b * c;
    const double error = fma(-b, c, product);
    return fma(a, d, -product) + error;
}

/* By mantissas and exponents apart: the entries may have any size. */
static scaled determinant_of_order_2(const double *a)
{
    const scaled x[4] = {scaled_from(a[0]), scaled_from(a[1]), scaled_from(a[2]),
                         scaled_from(a[3])};
    int64_t down = x[0].exponent + x[3].exponent, up = x[1].exponent + x[2].exponent;
    if (x[0].mantissa == 0 || x[3].mantissa == 0) down = up;
    if (x[1].mantissa == 0 || x[2].mantissa == 0) up = down;
    const int64_t exponent = down > up ? down : up;
    scaled value = scaled_from(minor_of(scale_by_power(x[0].mantissa, down - exponent),
                                        scale_by_power(x[1].mantissa, up - exponent), x[2].mantissa,
                                        x[3].mantissa));
    value.exponent += exponent;
    return value;
}

/* a_0j times its cofactor. */
static double_double term_of_order_3(const double *a, size_t j)
{
    const double *b = a + 3, *c = a + 6;
    const size_t left = (j + 1) % 3, right = (j + 2) % 3;
    const double_double minor =
        dd_difference(dd_product(b[left], c[right]), dd_product(b[right], c[left]));
    return dd_multiply((double_double){a[j], 0}, minor);
}

static scaled determinant_of_order_3(const double *a, bool *doubtful)
{
    const double few = 64 * DBL_EPSILON * DBL_EPSILON;
    double_double sum = {0, 0};
    double sizes = 0;
    for (size_t j = 0; j < 3; j++) {
        const double_double term = term_of_order_3(a, j);
        sum = dd_difference(sum, (double_double){-term.high, -term.low});
        sizes += fabs(a[j]) * (fabs(a[3 + (j + 1) % 3] * a[6 + (j + 2) % 3]) +
                               fabs(a[3 + (j + 2) % 3] * a[6 + (j + 1) % 3]));
    }
    *doubtful = fabs(sum.high) <= few * sizes && sizes > 0;
    return scaled_from(sum.high);
}

scaled small_determinant(size_t n, const double *a, bool *doubtful)
{
    *doubtful = false;
    if (n == 0) return scaled_one();
    if (n == 1) return scaled_from(a[0]);
    return n == 2 ? determinant_of_order_2(a) : determinant_of_order_3(a, doubtful);
}

static void cofactor_of_order_2(const double *a, double *t)
{
    t[0] = a[3];
    t[1] = -a[2];
    t[2] = -a[1];
    t[3] = a[0];
}

/* The minor without row i and column j, rows and columns in cyclic order: no sign is needed. */
static double cyclic_minor(const double *x, const double *y, size_t i, size_t j)
{
    const size_t above = (i + 1) % 3 * 3, below = (i + 2) % 3 * 3;
    const size_t left = (j + 1) % 3, right = (j + 2) % 3;
    return minor_of(x[above + left], x[above + right], y[below + left], y[below + right]);
}

void small_cofactor(size_t n, const double *a, double *t)
{
    if (n == 1) t[0] = 1;
    if (n == 2) cofactor_of_order_2(a, t);
    if (n != 3) return;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++) t[3 * i + j] = cyclic_minor(a, a, i, j);
}

void small_polar_cofactor(size_t n, const double *x, const double *y, double *t)
{
    if (n == 2) cofactor_of_order_2(y, t);
    if (n != 3) return;
    for (size_t i = 0; i < 3; i++)
        for (size_t j = 0; j < 3; j++)
            t[3 * i + j] = cyclic_minor(x, y, i, j) + cyclic_minor(y, x, i, j);
}
