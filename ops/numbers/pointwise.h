/* Values and slopes of the simpler elementwise operations; inline, for loops over them. */
#ifndef OPS_NUMBERS_POINTWISE_H
#define OPS_NUMBERS_POINTWISE_H

#include "ops/numbers/special.h"

#include <math.h>
#include <stdbool.h>

static inline double smaller(double x, double y)
{
    return x != x || y != y ? x + y : x < y ? x : y;
}

static inline double larger(double x, double y)
{
    return x != x || y != y ? x + y : x > y ? x : y;
}

static inline double relu(double x)
{
    return x < 0 ? 0 : x;
}

/* x itself where it is 0 or NaN */
static inline double sign(double x)
{
    return x > 0 ? 1 : x < 0 ? -1 : x;
}

/* -1, 0 or 1 as x is below, at or above y; NaN if either is */
static inline double compare(double x, double y)
{
    return x > y ? 1 : x < y ? -1 : x == y ? 0 : x + y;
}

/* Where the square of the distance is in range it serves; else, and at Inf, 0 and NaN, plane.c. */
static inline bool is_ordinary(double square)
{
    return square > 0x1p-900 && square < 0x1p900;
}

/* x / hypot(x, y) */
static inline double direction(double x, double y)
{
    return is_ordinary(x * x + y * y) ? x / hypot(x, y) : special_direction(x, y);
}

/* x / (x^2 + y^2) */
static inline double inversion(double x, double y)
{
    const double square = x * x + y * y;
    return is_ordinary(square) ? x / square : special_inversion(x, y);
}

/* hypot, but NaN also of Inf and NaN */
static inline double distance(double x, double y)
{
    return x != x || y != y ? x + y : hypot(x, y);
}

/* -x / y^2; x / y may be too small for all its digits where that is not */
static inline double div_y(double x, double y)
{
    const double quotient = x / y;
    if (fabs(quotient) >= 0x1p-960 || fabs(y) >= 1 || quotient == 0) return -quotient / y;
    return -(x * 0x1p600 / y) / y * 0x1p-600;
}

/* exp(-x^2): x^2 + error is the square without rounding */
static inline double gauss(double x)
{
    const double square = x * x;
    if (square > 1000) return 0;
    const double error = fma(x, x, -square);
    return exp(-square) * (1 - error);
}

/* 1 / cosh x, where the cosh overflows too */
static inline double sech(double x)
{
    const double e = exp(-fabs(x));
    return 2 * e / (1 + e * e);
}

static inline double squared(double x)
{
    return x * x;
}

static inline double powi_slope(double x, double n)
{
    return n == 0 ? 0 : n * pow(x, n - 1);
}

#endif
