/* SPDX-License-Identifier: MIT */
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

/* Whether the square of the distance can be used; otherwise, and at Inf, 0 and NaN, plane.c is. */
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
static inline double re_inverse(double x, double y)
{
    const double square = x * x + y * y;
    return is_ordinary(square) ? x / square : special_re_inverse(x, y);
}

/* hypot, but NaN also of Inf and NaN */
static inline double distance(double x, double y)
{
    return x != x || y != y ? x + y : hypot(x, y);
}

/* -x / y^2; x / y may be too small for all its digits where that is not */
static inline double div_y_of(double quotient, double x, double y)
{
    if (fabs(quotient) >= 0x1p-960 || fabs(y) >= 1 || quotient == 0) return -quotient / y;
    return -(x * 0x1p600 / y) / y * 0x1p-600;
}

static inline double div_y(double x, double y)
{
    return div_y_of(x / y, x, y);
}

/* exp(-x^2): x^2 + error is the square without rounding */
static inline double exp_neg_square(double x)
{
    const double square = x * x;
    if (square > 1000) return 0;
    const double error = fma(x, x, -square);
    return exp(-square) * (1 - error);
}

/* Gamma(x), +Inf at the negative integers, where C's tgamma is NaN */
static inline double gamma_function(double x)
{
    return x < 0 && floor(x) == x ? INFINITY : tgamma(x);
}

/* 1 / cosh x, where the cosh overflows too */
static inline double sech(double x)
{
    const double e = exp(-fabs(x));
    return 2 * e / (1 + e * e);
}

/* x log y; 0 where x is 0 and y is no negative number */
static inline double xlogy(double x, double y)
{
    return x == 0 && y >= 0 ? 0 : x * log(y);
}

/* x / y; 0 where x is 0 */
static inline double quotient_or_zero(double x, double y)
{
    return x == 0 && y == y ? 0 : x / y;
}

/* x - y floor(x/y), of the sign of y; x for y = 0. The remainder is exact, but a quotient that
 * is an integer to rounding leaves 0 where y is no integer, as in Octave: 0.3 and 0.1. */
static inline double modulo(double x, double y)
{
    if (y == 0) return x;
    const double quotient = x / y, nearest = floor(quotient + 0.5), rest = fmod(x, y);
    const bool whole = floor(y) != y && fabs((quotient - nearest) / nearest) < 0x1p-52;
    if (whole || rest == 0) return x == y ? 0 : copysign(0, y);
    return (rest < 0) == (y < 0) ? rest : rest + y;
}

/* sqrt(x^2 - 1) */
static inline double sqrt_x2m1(double x)
{
    return sqrt(x - 1) * sqrt(x + 1);
}

/* x / sqrt(x^2 - 1), its derivative */
static inline double sqrt_x2m1_x(double x)
{
    return x == INFINITY ? 1 : x / sqrt_x2m1(x);
}

/* 1 - x^2 for |x| <= 1, else NaN */
static inline double one_minus_square(double x)
{
    return fabs(x) <= 1 ? (1 - x) * (1 + x) : NAN;
}

static inline double squared(double x)
{
    return x * x;
}

/* x^n for an integer n. Two or three roundings in place of a call of pow where |n| is small: off by
 * less than 1.3 units in the last place for x^3, less than 1.9 for 1/x^2 (40 million x). There, x^2
 * may overflow or lose digits where the result does not. */
static inline double power(double x, double n)
{
    if (n == 2) return x * x;
    if (n == 3) return x * x * x;
    if (n == 1) return x;
    if (n == 0) return 1;
    if (n == -1) return 1 / x;
    if (n != -2) return pow(x, n);
    const double square = x * x;
    return square > 0x1p-1000 && square < 0x1p1000 ? 1 / square : (1 / x) * (1 / x);
}

static inline double powi_slope(double x, double n)
{
    return n == 0 ? 0 : n * power(x, n - 1);
}

#endif
