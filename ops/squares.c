/* SPDX-License-Identifier: MIT */
/* Sums of squares, and squares of lengths, which are such sums.
 *
 *     y = sumsq x = sum x_ij^2    x' += 2 y' x
 *     y = l^2                     s' += y';  without s, l' += 2 y' l
 *
 * A length l is ||v|| (norm2 of a vector, norm_fro), |t| or hypot(a, b), the last two elementwise.
 * It is the root of a sum of squares s: sumsq v, t^2, a^2 + b^2. A length has a kink where it is 0,
 * s has none: the adjoint of l^2 goes to s, and the Hessian of ||v||^2 is 2 I at 0 as elsewhere.
 *
 * The value is computed from l all the same, and the adjoint goes to l where s has no part in the
 * derivative: l itself may be what is differentiated by, or a leaf since ad_tape_keep.
 */
#include "ops/elementwise.h"
#include "ops/operations.h"
#include "ops/numbers/vectors.h"

#include <limits.h>
#include <math.h>

/* ---- the sum of squares ---- */

static bool sumsq_values(const evaluation *e)
{
    const matrix *x = &e->in[0];
    *e->output = kernel_dot(matrix_size(x), x->values, x->values);
    return true;
}

static bool sumsq_gradient(const rule *r)
{
    return rule_add(r, 0, ad_mul(ad_scale(r->adjoint, 2), r->in[0]));
}

OPERATION(sumsq, .zeros = ZERO_ALL, .shape = shape_to_scalar, .values = sumsq_values,
          .gradient = sumsq_gradient);

/* Defines ad_sumsq. */
ONE_OPERAND(ad_sumsq, sumsq)

/* ---- the square of a length l, beside s ---- */

static bool squared_values(const evaluation *e)
{
    const double *l = e->in[0].values;
    for (size_t i = 0; i < e->rows * e->cols; i++) e->output[i] = l[i] * l[i];
    return true;
}

static bool squared_gradient(const rule *r)
{
    if (r->wanted[1]) return rule_add(r, 1, r->adjoint);
    rule by_length = *r;
    by_length.count = 1;
    return elementwise_scalar_gradient(&by_length, CODE_square);
}

OPERATION(squared_length, .zeros = ZERO_ALL, .shape = shape_same, .values = squared_values,
          .gradient = squared_gradient);

bool operation_is_length(ad_var x)
{
    if (!x.tape || x.tape->fast_epoch == NO_EPOCH || !tape_holds(x.tape, x)) return false;
    const uint8_t flags = node_flags(x.tape, x.node);
    return (flags & NODE_LENGTH) && (flags & x.tape->record_flags);
}

ad_var operation_square_of(ad_var l)
{
    const ad_var x = tape_operand(l, 0);
    const operation *op = tape_operation(l);
    const uint8_t code = op ? op->code : node_code(l.tape, l.node);
    ad_var s = code ? ad_square(x) : ad_sumsq(x);
    if (code == CODE_hypot) s = ad_add(s, ad_square(tape_operand(l, 1)));
    return TAPE_RECORD(&squared_length_operation, l, s);
}

/* ---- powers ---- */

/* An exponent that is no number of the program's may be 2 now, or after a replay. */
ad_var ad_pow(ad_var x, ad_var y)
{
    if (!operation_is_length(x) || y.tape != x.tape || !tape_holds(y.tape, y) ||
        node_is_active(y.tape, y.node))
        return operation_pow(x, y);
    if (node_code(y.tape, y.node) == CODE_NUMBER)
        return ad_value(y) == 2 ? operation_square_of(x) : operation_pow(x, y);
    return ad_where(ad_equal(y, tape_number(y.tape, 2)), operation_square_of(x),
                    operation_pow(x, y));
}

ad_var ad_powi(ad_var x, int n)
{
    if (n == 2 && operation_is_length(x)) return operation_square_of(x);
    return tape_usable(x, "powi") ? operation_powi(x, tape_number(x.tape, n)) : (ad_var){0};
}

ad_var ad_pow_to(ad_var x, double exponent)
{
    if (exponent == 2) return ad_square(x);
    if (exponent == floor(exponent) && fabs(exponent) <= INT_MAX) return ad_powi(x, (int)exponent);
    return tape_usable(x, "pow_to") ? ad_pow(x, tape_number(x.tape, exponent)) : (ad_var){0};
}

OPERATION_FAMILY(square, &sumsq_operation, &squared_length_operation);
