/* log sum exp x, with the gradient softmax x, and the derivative of that in a direction g.
 *
 *     y = logsumexp x               x' += y' s,  s = softmax x = exp(x - y)
 *     s = softmax x                 x' += J s'
 *     z = J g = s o (g - <s, g>)    g' += J z'                      o elementwise
 *                                   x' += J (z' o (g - <s, g>) - g <s, z'>)
 *
 * J is symmetric.
 */
#include "ops/operations.h"
#include "ops/numbers/vectors.h"

/* ---- logsumexp ---- */

static bool logsumexp_values(const evaluation *e)
{
    *e->output = kernel_logsumexp(matrix_size(&e->in[0]), e->in[0].values);
    return true;
}

static bool logsumexp_gradient(const rule *r)
{
    return rule_add(r, 0, ad_mul(r->adjoint, operation_softmax(r->in[0])));
}

OPERATION(logsumexp, .shape = shape_to_scalar, .values = logsumexp_values,
          .gradient = logsumexp_gradient);

ad_var ad_logsumexp(ad_var x)
{
    return TAPE_RECORD(&logsumexp_operation, x);
}

/* ---- softmax ---- */

static bool softmax_values(const evaluation *e)
{
    kernel_softmax(matrix_size(&e->in[0]), e->in[0].values, e->output);
    return true;
}

static ad_var softmax_derivative(ad_var x, ad_var g);

static bool softmax_gradient(const rule *r)
{
    return rule_add(r, 0, softmax_derivative(r->in[0], r->adjoint));
}

OPERATION(softmax, .shape = shape_same, .values = softmax_values, .gradient = softmax_gradient);

ad_var operation_softmax(ad_var x)
{
    return TAPE_RECORD(&softmax_operation, x);
}

/* ---- its derivative in a direction ---- */

static bool derivative_values(const evaluation *e)
{
    const size_t n = matrix_size(&e->in[0]);
    double *s = tape_scratch(e->tape, n, sizeof *s);
    if (s) kernel_softmax_derivative(n, e->in[0].values, e->in[1].values, e->output, s);
    return s != NULL;
}

static bool derivative_gradient(const rule *r)
{
    const ad_var x = r->in[0], g = r->in[1], h = r->adjoint;
    if (r->wanted[1] && !rule_add(r, 1, softmax_derivative(x, h))) return false;
    if (!r->wanted[0]) return true;
    const ad_var s = operation_softmax(x);
    ad_var by_softmax = ad_sub(ad_mul(h, ad_sub(g, ad_dot(s, g))), ad_mul(g, ad_dot(s, h)));
    return rule_add(r, 0, softmax_derivative(x, by_softmax));
}

OPERATION(softmax_derivative, .zeros = ZERO_SECOND, .shape = shape_same,
          .values = derivative_values, .gradient = derivative_gradient);

static ad_var softmax_derivative(ad_var x, ad_var g)
{
    return TAPE_RECORD(&softmax_derivative_operation, x, g);
}

OPERATION_FAMILY(softmax, &logsumexp_operation, &softmax_operation, &softmax_derivative_operation);
