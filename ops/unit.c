/* SPDX-License-Identifier: MIT */
/* The unit vector in the direction of x, and its derivative in a direction g.
 *
 *     u = x / ||x||                   x' += J u'
 *     y = J g = (g - u <u, g>) / ||x||
 *                                     g' += J y'
 *                                     x' -= (y <u, y'> + J y' <u, g> + u <y, y'>) / ||x||
 *
 * J is symmetric; its derivative is symmetric in g, y' and the direction of x. At x = 0 all is 0.
 */
#include "ops/operations.h"
#include "ops/numbers/vectors.h"

/* ---- u ---- */

static bool unit_values(const evaluation *e)
{
    kernel_unit(matrix_size(&e->in[0]), e->in[0].values, e->output);
    return true;
}

static ad_var unit_derivative(ad_var x, ad_var g);

static bool unit_gradient(const rule *r)
{
    return rule_add(r, 0, unit_derivative(r->in[0], r->adjoint));
}

OPERATION(unit, .shape = shape_same, .values = unit_values, .gradient = unit_gradient);

ONE_OPERAND(operation_unit, unit)

/* ---- y ---- */

static bool derivative_values(const evaluation *e)
{
    const size_t n = matrix_size(&e->in[0]);
    double *u = tape_scratch(e->tape, n, sizeof *u);
    if (u) kernel_unit_derivative(n, e->in[0].values, e->in[1].values, e->output, u);
    return u != NULL;
}

static bool derivative_gradient(const rule *r)
{
    const ad_var x = r->in[0], g = r->in[1], h = r->adjoint, y = r->output;
    const ad_var z = unit_derivative(x, h);
    if (r->wanted[1] && !rule_add(r, 1, z)) return false;
    if (!r->wanted[0]) return true;
    const ad_var u = operation_unit(x), norm = ad_norm_fro(x);
    ad_var sum =
        ad_add(ad_add(ad_mul(y, ad_dot(u, h)), ad_mul(z, ad_dot(u, g))), ad_mul(u, ad_dot(y, h)));
    return rule_add(r, 0, ad_neg(ad_div(sum, ad_where(norm, norm, tape_number(r->tape, 1)))));
}

OPERATION(unit_derivative, .zeros = ZERO_SECOND, .shape = shape_same, .values = derivative_values,
          .gradient = derivative_gradient);

static ad_var unit_derivative(ad_var x, ad_var g)
{
    return TAPE_RECORD(&unit_derivative_operation, x, g);
}

OPERATION_FAMILY(unit, &unit_operation, &unit_derivative_operation);
