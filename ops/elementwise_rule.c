/* SPDX-License-Identifier: MIT */
/* The shares of elementwise.def as operations on the tape: derivatives of every order. */
#include "ops/elementwise.h"
#include "ops/sparse.h"

#include <float.h>
#include <math.h>

#define G p.adjoint
#define T taken
#define X part(&p, LEFT)
#define Y part(&p, RIGHT)
#define F part(&p, RESULT)
#define NUM(c) tape_number(r->tape, c)
#define ADD(a, b) ad_add(a, b)
#define SUB(a, b) ad_sub(a, b)
#define MUL(a, b) ad_mul(a, b)
#define DIV(a, b) ad_div(a, b)
#define DIV_Y(a, b) operation_div_y(a, b)
#define NEG(a) ad_neg(a)
#define SQUARE(a) ad_square(a)
#define POW(a, b) operation_pow(a, b)
#define POWER_X(a, b) operation_power_x(a, b)
#define POWER_Y(a, b) operation_power_y(a, b)
#define POWER_XX(a, b) operation_power_xx(a, b)
#define POWER_XY(a, b) operation_power_xy(a, b)
#define POWER_YY(a, b) operation_power_yy(a, b)
#define POWI_SLOPE(a, n) powi_slope(a, n)
#define SQRT_1MX2(a) operation_sqrt_1mx2(a)
#define EXP(a) ad_exp(a)
#define EXP2(a) ad_exp2(a)
#define EXP_NEG_SQUARE(a) operation_exp_neg_square(a)
#define LOG(a) ad_log(a)
#define XLOGY_Y(a, b) operation_xlogy_y(a, b)
#define SIN(a) ad_sin(a)
#define COS(a) ad_cos(a)
#define SINH(a) ad_sinh(a)
#define COSH(a) ad_cosh(a)
#define SECH(a) operation_sech(a)
#define TANH(a) ad_tanh(a)
#define SQRT_X2M1(a) operation_sqrt_x2m1(a)
#define SQRT_X2M1_X(a) operation_sqrt_x2m1_x(a)
#define ONE_MINUS_SQUARE(a) operation_one_minus_square(a)
#define MIN(a, b) ad_min(a, b)
#define MAX(a, b) ad_max(a, b)
#define DIRECTION(a, b) ad_direction(a, b)
#define DIRECTION_X(a, b) operation_direction_x(a, b)
#define DIRECTION_Y(a, b) operation_direction_y(a, b)
#define DIRECTION_XX(a, b) operation_direction_xx(a, b)
#define DIRECTION_XY(a, b) operation_direction_xy(a, b)
#define RE_INVERSE(a, b) operation_re_inverse(a, b)
#define RE_INVERSE_X(a, b) operation_re_inverse_x(a, b)
#define RE_INVERSE_Y(a, b) operation_re_inverse_y(a, b)
#define SIGMOID(a) ad_sigmoid(a)
#define DIGAMMA(a) ad_digamma(a)
#define POLYGAMMA(a, n) operation_polygamma(a, n)
#define SINC_DERIVATIVE(a, n) operation_sinc_derivative(a, n)
#define FLOOR(a) ad_floor(a)
#define SIGN(a) ad_sign(a)
#define COMPARE(a, b) ad_compare(a, b)
#define LESS(a, b) ad_less(a, b)
#define EQUAL(a, b) ad_equal(a, b)
#define WHERE(c, a, b) ad_where(c, a, b)

/* The exponent is a number of the program's, not a value: it may decide what is recorded. */
static ad_var powi_slope(ad_var x, ad_var n)
{
    double power = ad_value(n);
    if (power == 0) return n;
    return ad_mul(n, operation_powi(x, tape_number(x.tape, power - 1)));
}

/* The adjoint, operands and result, or their elements where the adjoint is sparse: these are
 * gathered when first needed. */
enum { LEFT, RIGHT, RESULT, PARTS };

typedef struct parts {
    const rule *r;
    ad_var adjoint;
    ad_var whole[PARTS], part[PARTS];
} parts;

static ad_var part(parts *p, size_t k)
{
    if (!p->part[k].tape) p->part[k] = rule_part(p->r, p->whole[k]);
    return p->part[k];
}

#define SHARE(k, share)                                                                            \
    if (r->wanted[k] && !rule_share(r, k, share)) return false;

/* Elements that are not taken have no adjoint. */
#define TAKEN_SHARE(k, taken_, share)                                                              \
    if (r->wanted[k]) {                                                                            \
        const ad_var taken = taken_;                                                               \
        p.adjoint = operation_select(r->adjoint, taken);                                           \
        if (!rule_share(r, k, share)) return false;                                                \
    }

/* clang-format off */
bool elementwise_scalar_gradient(const rule *r, uint8_t code)
{
    parts p = {.r = r, .adjoint = r->adjoint, .whole = {r->in[0], r->in[r->count - 1], r->output}};
    switch (code) {
#define UNARY(name, zeros, value, share) case CODE_##name: SHARE(0, share) break;
#define BINARY(name, zeros, value, x_share, y_share)                                               \
    case CODE_##name: SHARE(0, x_share) SHARE(1, y_share) break;
#define UNARY_CHOICE(name, value, taken, share)                                                    \
    case CODE_##name:                                                                              \
        TAKEN_SHARE(0, taken, share) break;
#define BINARY_CHOICE(name, value, x_taken, x_share, y_taken, y_share)                             \
    case CODE_##name: TAKEN_SHARE(0, x_taken, x_share) TAKEN_SHARE(1, y_taken, y_share) break;
#define UNARY_STEP(name, value)
#define BINARY_STEP(name, value)
#include "ops/elementwise.def"
    default: break;
    }
    return true;
}
/* clang-format on */

bool elementwise_gradient(const rule *r)
{
    return elementwise_scalar_gradient(r, r->op->code);
}
