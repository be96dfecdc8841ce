/* SPDX-License-Identifier: MIT */
/* Functions of a point (x, y) of the plane at the distance h from the origin, without overflow or
 * underflow on the way:
 *
 *     direction     x/h       its derivatives   y^2/h^3           -x y/h^3
 *     direction_x   y^2/h^3                     -3 x y^2/h^5      y (2 x^2 - y^2)/h^5
 *     re_inverse    x/h^2                       (y^2 - x^2)/h^4   -2 x y/h^4
 *
 * x = a 2^i and y = b 2^j are taken apart; h = d 2^k with k = max(i, j), 1/2 <= d < 2, so that
 * every one of them is a quotient of numbers near 1 times a power of two.
 */
#include "ops/numbers/special.h"

#include <math.h>

/* c x^p y^q / h^r times one of the polynomials 1, 2 x^2 - y^2 (of direction_xy) and y^2 - x^2. NaN
 * of NaN; 0 at the origin and at Inf. */
typedef enum polynomial { ONE, OF_XY, DIFFERENCE } polynomial;

static double quotient(double c, double x, int p, double y, int q, int r, polynomial beside)
{
    if (x != x || y != y) return x + y;
    if ((x == 0 && y == 0) || isinf(x) || isinf(y)) return 0;
    int i, j;
    const double a = frexp(x, &i), b = frexp(y, &j);
    const int k = x == 0 ? j : y == 0 || i > j ? i : j;
    const double u = ldexp(x, -k), v = ldexp(y, -k), d = hypot(u, v);
    if (beside == OF_XY) c *= 2 * u * u - v * v;
    if (beside == DIFFERENCE) c *= (v - u) * (v + u);
    return ldexp(c * special_powi(a, p) * special_powi(b, q) / special_powi(d, r),
                 p * i + q * j - (beside == ONE ? r : r - 2) * k);
}

double special_direction(double x, double y)
{
    if (isinf(x) || isinf(y)) /* Inf outweighs any number and equals Inf */
        return special_direction(isinf(x) ? copysign(1, x) : 0 * x, isinf(y) ? 1 : 0 * y);
    return quotient(1, x, 1, y, 0, 1, ONE) + 0.0; /* not -0 */
}

double special_direction_x(double x, double y)
{
    return quotient(1, x, 0, y, 2, 3, ONE);
}

double special_direction_y(double x, double y)
{
    return quotient(-1, x, 1, y, 1, 3, ONE);
}

double special_direction_xx(double x, double y)
{
    return quotient(-3, x, 1, y, 2, 5, ONE);
}

double special_direction_xy(double x, double y)
{
    return quotient(1, x, 0, y, 1, 5, OF_XY);
}

double special_re_inverse(double x, double y)
{
    return quotient(1, x, 1, y, 0, 2, ONE);
}

double special_re_inverse_x(double x, double y)
{
    return quotient(1, x, 0, y, 0, 4, DIFFERENCE);
}

double special_re_inverse_y(double x, double y)
{
    return quotient(-2, x, 1, y, 1, 4, ONE);
}
