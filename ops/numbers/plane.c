/* Functions of a point (x, y) of the plane at the distance h from the origin, without overflow or
 * underflow on the way:
 *
 *     direction     x/h       its derivatives   y^2/h^3           -x y/h^3
 *     direction_x   y^2/h^3                     -3 x y^2/h^5      y (2 x^2 - y^2)/h^5
 *     inversion     x/h^2                       (y^2 - x^2)/h^4   -2 x y/h^4
 *
 * x = a 2^i and y = b 2^j are taken apart; h = d 2^k with k = max(i, j), 1/2 <= d < 2, so that
 * every one of them is a quotient of numbers near 1 times a power of two.
 */
#include "ops/numbers/special.h"

#include <math.h>
#include <stdbool.h>

typedef struct point {
    double a, b, d; /* x, y, h less their powers of two */
    int i, j, k;
} point;

static point take_apart(double x, double y)
{
    point p;
    p.a = frexp(x, &p.i);
    p.b = frexp(y, &p.j);
    p.k = x == 0 ? p.j : y == 0 || p.i > p.j ? p.i : p.j;
    p.d = hypot(ldexp(x, -p.k), ldexp(y, -p.k));
    return p;
}

/* Whether the result is known without computing: NaN, or 0 at the origin and far out. */
static bool is_known(double x, double y, double *result)
{
    *result = x != x || y != y ? x + y : 0;
    return *result != 0 || (x == 0 && y == 0) || isinf(x) || isinf(y);
}

double special_direction(double x, double y)
{
    if (x != x || y != y) return x + y;
    if (isinf(x) || isinf(y)) { /* Inf outweighs any number and equals Inf */
        x = isinf(x) ? copysign(1, x) : 0;
        y = isinf(y) ? 1 : 0;
    }
    if (x == 0) return 0;
    const point p = take_apart(x, y);
    return ldexp(p.a / p.d, p.i - p.k);
}

double special_direction_x(double x, double y)
{
    double result;
    if (is_known(x, y, &result)) return result;
    const point p = take_apart(x, y);
    return ldexp(p.b * p.b / (p.d * p.d * p.d), 2 * p.j - 3 * p.k);
}

double special_direction_y(double x, double y)
{
    double result;
    if (is_known(x, y, &result)) return result;
    const point p = take_apart(x, y);
    return ldexp(-p.a * p.b / (p.d * p.d * p.d), p.i + p.j - 3 * p.k);
}

double special_direction_xx(double x, double y)
{
    double result;
    if (is_known(x, y, &result)) return result;
    const point p = take_apart(x, y);
    return ldexp(-3 * p.a * p.b * p.b / pow(p.d, 5), p.i + 2 * p.j - 5 * p.k);
}

double special_direction_xy(double x, double y)
{
    double result;
    if (is_known(x, y, &result)) return result;
    const point p = take_apart(x, y);
    const double a = ldexp(x, -p.k), b = ldexp(y, -p.k);
    return ldexp(p.b * (2 * a * a - b * b) / pow(p.d, 5), p.j - 3 * p.k);
}

double special_inversion(double x, double y)
{
    double result;
    if (is_known(x, y, &result)) return result;
    const point p = take_apart(x, y);
    return ldexp(p.a / (p.d * p.d), p.i - 2 * p.k);
}

double special_inversion_x(double x, double y)
{
    double result;
    if (is_known(x, y, &result)) return result;
    const point p = take_apart(x, y);
    const double a = ldexp(x, -p.k), b = ldexp(y, -p.k), square = p.d * p.d;
    return ldexp((b - a) * (b + a) / (square * square), -2 * p.k);
}

double special_inversion_y(double x, double y)
{
    double result;
    if (is_known(x, y, &result)) return result;
    const point p = take_apart(x, y);
    const double square = p.d * p.d;
    return ldexp(-2 * p.a * p.b / (square * square), p.i + p.j - 4 * p.k);
}
