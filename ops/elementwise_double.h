/* SPDX-License-Identifier: MIT */
/* Reads the shares of elementwise.def as arithmetic on the doubles x, y, f and g. */
#ifndef OPS_ELEMENTWISE_DOUBLE_H
#define OPS_ELEMENTWISE_DOUBLE_H

#include "ops/numbers/pointwise.h"

#define G g
#define X x
#define Y y
#define F f
#define NUM(c) ((double)(c))
#define ADD(a, b) ((a) + (b))
#define SUB(a, b) ((a) - (b))
#define MUL(a, b) ((a) * (b))
#define DIV(a, b) ((a) / (b))
#define DIV_Y(a, b) div_y_of(f, a, b) /* of the quotient, whose share this is */
#define T taken
#define NEG(a) (-(a))
#define SQUARE(a) squared(a)
#define POW(a, b) pow(a, b)
#define POWER_X(a, b) special_power_x(a, b)
#define POWER_Y(a, b) special_power_y(a, b)
#define POWER_XX(a, b) special_power_xx(a, b)
#define POWER_XY(a, b) special_power_xy(a, b)
#define POWER_YY(a, b) special_power_yy(a, b)
#define POWI_SLOPE(a, n) powi_slope(a, n)
#define SQRT_1MX2(a) sqrt((1 - (a)) * (1 + (a)))
#define EXP(a) exp(a)
#define EXP2(a) exp2(a)
#define EXP_NEG_SQUARE(a) exp_neg_square(a)
#define LOG(a) log(a)
#define XLOGY_Y(a, b) quotient_or_zero(a, b)
#define SIN(a) sin(a)
#define COS(a) cos(a)
#define SINH(a) sinh(a)
#define COSH(a) cosh(a)
#define SECH(a) sech(a)
#define TANH(a) tanh(a)
#define SQRT_X2M1(a) sqrt_x2m1(a)
#define SQRT_X2M1_X(a) sqrt_x2m1_x(a)
#define ONE_MINUS_SQUARE(a) one_minus_square(a)
#define MIN(a, b) smaller(a, b)
#define MAX(a, b) larger(a, b)
#define DIRECTION(a, b) direction(a, b)
#define DIRECTION_X(a, b) special_direction_x(a, b)
#define DIRECTION_Y(a, b) special_direction_y(a, b)
#define DIRECTION_XX(a, b) special_direction_xx(a, b)
#define DIRECTION_XY(a, b) special_direction_xy(a, b)
#define RE_INVERSE(a, b) re_inverse(a, b)
#define RE_INVERSE_X(a, b) special_re_inverse_x(a, b)
#define RE_INVERSE_Y(a, b) special_re_inverse_y(a, b)
#define SIGMOID(a) special_sigmoid(a)
#define DIGAMMA(a) special_polygamma(0, a)
#define POLYGAMMA(a, n) special_polygamma((int)(n), a)
#define SINC_DERIVATIVE(a, n) special_sinc((int)(n), a)
#define FLOOR(a) floor(a)
#define SIGN(a) sign(a)
#define COMPARE(a, b) compare(a, b)
#define LESS(a, b) ((double)((a) < (b)))
#define EQUAL(a, b) ((double)((a) == (b)))
#define WHERE(c, a, b) ((c) != 0 ? (a) : (b))

#endif
