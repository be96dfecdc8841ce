/* SPDX-License-Identifier: MIT */
/* log sum exp x, with the gradient softmax x, and the derivative of that in a direction g: of all
 * elements together, of each row, of each column.
 *
 *     y = logsumexp x               x' += y' s,  s = softmax x = exp(x - y)
 *     s = softmax x                 x' += J s'
 *     z = J g = s o (g - <s, g>)    g' += J z'                      o elementwise
 *                                   x' += J (z' o (g - <s, g>) - g <s, z'>)
 *
 * J is symmetric.
 */
#include "ops/grouping.h"
#include "ops/numbers/vectors.h"

/* ---- logsumexp ---- */

static void logsumexp_of(size_t n, const double *const *in, double *out, double *work)
{
    (void)work;
    *out = kernel_logsumexp(n, in[0]);
}

static bool logsumexp_values(const evaluation *e)
{
    return values_by_groups(e, logsumexp_of);
}

static ad_var softmax(ad_var x, grouping by);

static bool logsumexp_gradient(const rule *r)
{
    return rule_add(r, 0, ad_mul(r->adjoint, softmax(r->in[0], grouping_of(r->attributes))));
}

/* Defines ad_logsumexp, ad_logsumexp_rows, ad_logsumexp_cols. */
GROUPED_OPERATION(logsumexp, .shape = shape_of_groups, .values = logsumexp_values,
                  .gradient = logsumexp_gradient)

/* ---- softmax ---- */

static void softmax_of(size_t n, const double *const *in, double *out, double *work)
{
    (void)work;
    kernel_softmax(n, in[0], out);
}

static bool softmax_values(const evaluation *e)
{
    return values_by_groups(e, softmax_of);
}

static ad_var softmax_derivative(ad_var x, ad_var g, grouping by);

static bool softmax_gradient(const rule *r)
{
    return rule_add(r, 0, softmax_derivative(r->in[0], r->adjoint, grouping_of(r->attributes)));
}

/* Defines ad_softmax, ad_softmax_rows, ad_softmax_cols. */
GROUPED_OPERATION(softmax, .shape = shape_same, .values = softmax_values,
                  .gradient = softmax_gradient)

static ad_var softmax(ad_var x, grouping by)
{
    return record_grouped(&softmax_operation, &x, 1, by, false);
}

/* ---- its derivative in a direction ---- */

static void derivative_of(size_t n, const double *const *in, double *out, double *work)
{
    kernel_softmax_derivative(n, in[0], in[1], out, work);
}

static bool derivative_values(const evaluation *e)
{
    return values_by_groups(e, derivative_of);
}

static void derivative_support(const evaluation *e, bool *support)
{
    support_by_groups(e, 1, 2, support);
}

static ad_var inner(ad_var x, ad_var y, grouping by)
{
    return by == ALL    ? ad_dot(x, y)
           : by == ROWS ? ad_sum_rows(ad_mul(x, y))
                        : ad_sum_cols(ad_mul(x, y));
}

static bool derivative_gradient(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    const ad_var x = r->in[0], g = r->in[1], h = r->adjoint;
    if (r->wanted[1] && !rule_add(r, 1, softmax_derivative(x, h, by))) return false;
    if (!r->wanted[0]) return true;
    const ad_var s = softmax(x, by);
    ad_var by_softmax = ad_sub(ad_mul(h, ad_sub(g, inner(s, g, by))), ad_mul(g, inner(s, h, by)));
    return rule_add(r, 0, softmax_derivative(x, by_softmax, by));
}

OPERATION(softmax_derivative, .support = derivative_support, .shape = shape_same,
          .values = derivative_values, .gradient = derivative_gradient);

static ad_var softmax_derivative(ad_var x, ad_var g, grouping by)
{
    return record_grouped(&softmax_derivative_operation, (const ad_var[]){x, g}, 2, by, false);
}

OPERATION_FAMILY(softmax, &logsumexp_operation, &softmax_operation, &softmax_derivative_operation);
