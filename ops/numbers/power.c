/* SPDX-License-Identifier: MIT */
/* Derivatives of x^y of first and second order, of full relative accuracy and with no overflow or
 * underflow on the way. Each is a number c times x^(y - k), k = 0, 1 or 2:
 *
 *     x: y x^(y-1)              xx: y (y - 1) x^(y-2)
 *     y: log x  x^y             xy: (1 + y log x) x^(y-1)         yy: log^2 x  x^y
 *
 * y - k is taken as a sum h + l of two doubles, x^(y-k) = x^h e^(l log x): rounding it alone would
 * lose x^0.3 its digits at huge and tiny x, and (-1)^y its sign at huge y.
 *
 * At x = 0 they are limits for x > 0 (with the sign of an odd power for -0), but 0 where the power
 * is 0, whatever the logarithm, and at 0^0: there the first derivatives are 0, and so the second.
 */
#include "ops/numbers/special.h"

#include <math.h>
#include <stdbool.h>

/* c x^(h + l), x >= 0. 0 where c is 0 or the power of 0 or Inf is. */
static double times_power(double c, double x, double h, double l)
{
    const double power = pow(x, h), logarithm = l == 0 ? 0 : l * log(x);
    if (power > 0x1p-900 && power < 0x1p900 && fabs(logarithm) < 1)
        return c * (power * exp(logarithm));
    if (c == 0) return 0;
    if (x == 0 || isinf(x) || isinf(h)) return power == 0 ? 0 : c * power;
    /* Fourth roots lead from c to the result without leaving what lies between. */
    const double root = pow(x, h / 4) * exp(logarithm / 4);
    return root == 0 ? 0 : c * root * root * root * root;
}

/* c x^(y - k) */
static double times_power_less(double c, double x, double y, int k)
{
    if (x < 0 && y != floor(y)) return NAN;
    const bool odd = fabs(fmod(y, 2)) == 1, turns = odd != (k % 2 == 1);
    const double h = y - k, back = h - y, l = (y - (h - back)) + (-k - back);
    const double size = times_power(c, fabs(x), h, isinf(h) || isnan(h) ? 0 : l);
    return signbit(x) && y == floor(y) && turns ? -size : size;
}

/* Where a factor log x stands: NaN for x < 0, but 0 for the powers of -Inf that are. */
static double times_logarithms(double c, double x, double y, int k)
{
    if (x == 0 && y == 0) return 0;
    const double product = times_power_less(c, x, y, k);
    return x < 0 && !(isinf(x) && product == 0) ? NAN : product;
}

double special_power_x(double x, double y)
{
    return times_power_less(y, x, y, 1);
}

double special_power_y(double x, double y)
{
    return times_logarithms(log(fabs(x)), x, y, 0);
}

double special_power_xx(double x, double y)
{
    return times_power_less(y * (y - 1), x, y, 2);
}

double special_power_xy(double x, double y)
{
    return times_logarithms(y == 0 ? 1 : 1 + y * log(fabs(x)), x, y, 1);
}

double special_power_yy(double x, double y)
{
    const double logarithm = log(fabs(x));
    return times_logarithms(logarithm * logarithm, x, y, 0);
}
