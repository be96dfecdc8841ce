/* SPDX-License-Identifier: MIT */
/* Scalar special functions that C's mathematical library lacks or has only with global state.
 * They touch no global, so that every thread may call them. NaN gives NaN throughout.
 */
#ifndef OPS_NUMBERS_SPECIAL_H
#define OPS_NUMBERS_SPECIAL_H

/* log |Gamma(x)|; +Inf at 0, -1, -2, ... and at both infinities. */
double special_lgamma(double x);

/* The n-th derivative of digamma at x; n = 0 is digamma itself, the derivative of lgamma.
 *
 * Relative error, u = 2^-53: below 1e-15 for digamma at x > 0, its zero near 1.4616 included, and
 * below 1e-14 for n from 1 to 171; 4 n log(n) u beyond, from the exponential of lgamma. For x < 0
 * the same, but relative to the sum of the moduli of the two terms of the reflection formula: an
 * absolute bound near the negative zeros, one of which lies between any two poles for even n.
 *
 * Poles: at -m, m = 1, 2, ..., +Inf for odd n and NaN for even n, whose limits from left and
 * right differ; at 0 the limit from the side the zero's sign tells: +Inf for odd n, and for
 * even n -Inf at +0, +Inf at -0. At +Inf, digamma is +Inf and its derivatives are 0 with the
 * sign they come from; at -Inf there is no limit: NaN. For n < 0, NaN. */
double special_polygamma(int n, double x);

/* 1 / (1 + e^-x): full relative accuracy also where it is tiny. */
double special_sigmoid(double x);

/* log(1 + e^x): no overflow, full relative accuracy also where it is tiny. */
double special_softplus(double x);

/* x^n as C's pow(x, n) gives it: 1 for n = 0 whatever x is. */
double special_powi(double x, int n);

/* sinc.c: the n-th derivative of sin x / x, n >= 0; 0 at both infinities. The absolute error is
 * a few u / (1 + |x|), the relative error a few u for |x| < 1. */
double special_sinc(int n, double x);

/* power.c: derivatives of x^y by the variables named. */
double special_power_x(double x, double y);
double special_power_y(double x, double y);
double special_power_xx(double x, double y);
double special_power_xy(double x, double y);
double special_power_yy(double x, double y);

/* plane.c: x/h and x/h^2, h = sqrt(x^2 + y^2), and derivatives of them by the variables named; 0 at
 * the origin. At Inf, which outweighs any number and equals Inf, the limits. */
double special_direction(double x, double y);
double special_direction_x(double x, double y);
double special_direction_y(double x, double y);
double special_direction_xx(double x, double y);
double special_direction_xy(double x, double y);
double special_re_inverse(double x, double y);
double special_re_inverse_x(double x, double y);
double special_re_inverse_y(double x, double y);

#endif
