/* Reads the shares of elementwise.def as arithmetic on the doubles x, y, f and g. */
#ifndef OPS_ELEMENTWISE_DOUBLE_H
#define OPS_ELEMENTWISE_DOUBLE_H

#include "ops/kernels/special.h"

#include <float.h>
#include <math.h>

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

/* x / hypot(x, y) without overflow or underflow of the distance; 0 at the origin. Inf outweighs
 * any number and equals Inf. */
static inline double direction(double x, double y)
{
    if (isinf(x) || isinf(y)) {
        if (isnan(x) || isnan(y)) return NAN;
        x = isinf(x) ? copysign(1, x) : 0;
        y = isinf(y) ? 1 : 0;
    }
    double h = hypot(x, y);
    if (h == 0) return 0;
    if (h > 0x1p-1000 && h < 0x1p1000) return x / h;
    double scale = h < 1 ? 0x1p1000 : 0x1p-100;
    return x * scale / hypot(x * scale, y * scale);
}

/* hypot, but NaN also of Inf and NaN */
static inline double distance(double x, double y)
{
    return x != x || y != y ? x + y : hypot(x, y);
}

/* x / (x^2 + y^2) without overflow or underflow of the square; 0 at the origin and at Inf */
static inline double inversion(double x, double y)
{
    const double square = x * x + y * y;
    if (square > 0x1p-900 && square < 0x1p900) return x / square;
    if (x == 0 && y == 0) return 0;
    const double scale = square < 1 ? 0x1p100 : 0.25;
    return direction(x, y) / hypot(x * scale, y * scale) * scale;
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

/* x^y log x; 0 where x^y is 0 as x or 1/x is, and for 0^0 as for 0^y beside it */
static inline double power_log(double x, double y)
{
    const double power = pow(x, y);
    return power == 0 || (x == 0 && y == 0) ? 0 : power * log(x);
}

static inline double powi_slope(double x, double n)
{
    return n == 0 ? 0 : n * pow(x, n - 1);
}

#define G g
#define X x
#define Y y
#define F f
#define NUM(c) ((double)(c))
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define DIV(a, b) ((a) / (b))
#define NEG(a) (-(a))
#define SQUARE(a) squared(a)
#define POW(a, b) pow(a, b)
#define POWER_LOG(a, b) power_log(a, b)
#define POWI_SLOPE(a, n) powi_slope(a, n)
#define CATHETUS(a) sqrt((1 - (a)) * (1 + (a)))
#define EXP(a) exp(a)
#define LOG(a) log(a)
#define SIN(a) sin(a)
#define COS(a) cos(a)
#define SINH(a) sinh(a)
#define COSH(a) cosh(a)
#define SECH(a) sech(a)
#define TANH(a) tanh(a)
#define MIN(a, b) smaller(a, b)
#define MAX(a, b) larger(a, b)
#define DIRECTION(a, b) direction(a, b)
#define INVERSION(a, b) inversion(a, b)
#define SIGMOID(a) special_sigmoid(a)
#define DIGAMMA(a) special_polygamma(0, a)
#define POLYGAMMA(a, n) special_polygamma((int)(n), a)
#define SIGN(a) sign(a)
#define COMPARE(a, b) compare(a, b)
#define LESS(a, b) ((double)((a) < (b)))
#define EQUAL(a, b) ((double)((a) == (b)))
#define WHERE(c, a, b) ((c) != 0 ? (a) : (b))

#endif
