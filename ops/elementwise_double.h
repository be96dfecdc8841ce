/* Reads the shares of elementwise.def as arithmetic on the doubles x, y, f and g. */
#ifndef OPS_ELEMENTWISE_DOUBLE_H
#define OPS_ELEMENTWISE_DOUBLE_H

#include "ops/kernels/special.h"

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
#define SQUARE(a) ((a) * (a))
#define POW(a, b) pow(a, b)
#define POWI(a, b) pow(a, b)
#define SQRT(a) sqrt(a)
#define EXP(a) exp(a)
#define LOG(a) log(a)
#define SIN(a) sin(a)
#define COS(a) cos(a)
#define SINH(a) sinh(a)
#define COSH(a) cosh(a)
#define HYPOT(a, b) hypot(a, b)
#define SIGMOID(a) special_sigmoid(a)
#define DIGAMMA(a) special_polygamma(0, a)
#define POLYGAMMA(a, n) special_polygamma((int)(n), a)
#define SIGN(a) sign(a)
#define LESS(a, b) ((double)((a) < (b)))
#define EQUAL(a, b) ((double)((a) == (b)))
#define WHERE(c, a, b) ((c) != 0 ? (a) : (b))

#endif
