/* SPDX-License-Identifier: MIT */
/* Numbers of about 106 bits as unevaluated sums of two doubles (Dekker 1971; error bounds: Joldes,
 * Muller & Popescu 2017). */
#ifndef OPS_NUMBERS_DOUBLE_DOUBLE_H
#define OPS_NUMBERS_DOUBLE_DOUBLE_H

#include <math.h>

/* high + low, |low| at most half a unit in the last place of high. */
typedef struct double_double {
    double high, low;
} double_double;

/* high + low where |high| >= |low|, or high is 0. */
static inline double_double dd_sum(double high, double low)
{
    const double sum = high + low;
    return (double_double){sum, low - (sum - high)};
}

/* a b, exactly. */
static inline double_double dd_product(double a, double b)
{
    const double product = a * b;
    return (double_double){product, fma(a, b, -product)};
}

/* a - b */
static inline double_double dd_difference(double_double a, double_double b)
{
    const double difference = a.high - b.high;
    const double part = difference - a.high;
    const double error = (a.high - (difference - part)) - (b.high + part);
    return dd_sum(difference, error + (a.low - b.low));
}

static inline double_double dd_multiply(double_double a, double_double b)
{
    const double_double product = dd_product(a.high, b.high);
    return dd_sum(product.high, product.low + (a.high * b.low + a.low * b.high));
}

static inline double_double dd_quotient(double_double a, double_double b)
{
    const double first = a.high / b.high;
    const double_double rest = dd_difference(a, dd_multiply((double_double){first, 0}, b));
    return dd_sum(first, rest.high / b.high);
}

#endif
