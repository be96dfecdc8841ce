/* SPDX-License-Identifier: MIT */
/* Sums and products of the first elements, of all in row-major order, of each row, of each column.
 *
 *     y_i = x_1 + .. + x_i    x' += the sums of y' from the last element on
 *     y_i = x_1 .. x_i        x' += p o (y' + U(x, x o y'))       o elementwise
 *     p_i = x_1 .. x_{i-1}    x' += p o U(x, p')
 *     s = L(a, g)             g' += U(a, s'),  a' += s o g'       g' the share of g
 *     s = U(a, g)             g' += L(a, s'),  a' += s o g'
 *
 * L and its transpose U are the sums of products that a linear recurrence makes,
 *
 *     L_i = sum_{j<i} g_j a_{j+1} .. a_{i-1},    U_i = sum_{j>i} g_j a_{i+1} .. a_{j-1}.
 *
 * Nothing is divided by an element. An empty sum, L_1 and the last U_i, is a structural zero: it is
 * never multiplied by a product that may be infinite.
 */
#include "ops/grouping.h"
#include "ops/numbers/vectors.h"

/* ---- sums; the other ones begin at the last element ---- */

static bool cumsum_values(const evaluation *e)
{
    for (size_t i = 0; i < groups_of(e); i++) {
        const group g = group_of(e, i);
        kernel_cumsum(is_other(e->attributes), e->in[0].values, g.first, g.step, g.count,
                      e->output);
    }
    return true;
}

static bool cumsum_gradient(const rule *r);

/* Defines ad_cumsum, ad_cumsum_rows, ad_cumsum_cols. */
GROUPED_OPERATION(cumsum, .zeros = ZERO_ALL, .shape = shape_same, .values = cumsum_values,
                  .gradient = cumsum_gradient)

static bool cumsum_gradient(const rule *r)
{
    return rule_add(r, 0,
                    record_grouped(&cumsum_operation, &r->adjoint, 1, grouping_of(r->attributes),
                                   !is_other(r->attributes)));
}

/* ---- L, and U as the other ---- */

static bool recurrence_values(const evaluation *e)
{
    const matrix *a = &e->in[0], *x = &e->in[1];
    for (size_t i = 0; i < groups_of(e); i++) {
        const group g = group_of(e, i);
        kernel_recurrence(is_other(e->attributes), a->values, x->values, x->support, g.first,
                          g.step, g.count, e->output);
    }
    return true;
}

static void recurrence_support(const evaluation *e, bool *support)
{
    for (size_t i = 0; i < groups_of(e); i++) {
        const group g = group_of(e, i);
        bool any = false;
        for (size_t k = 0; k < g.count; k++) {
            const size_t at = g.first + (is_other(e->attributes) ? g.count - 1 - k : k) * g.step;
            support[at] = any;
            any = any || !e->in[1].support || e->in[1].support[at];
        }
    }
}

static bool recurrence_gradient(const rule *r);

OPERATION(recurrence, .choice = true, .shape = shape_same, .values = recurrence_values,
          .gradient = recurrence_gradient, .support = recurrence_support);

ad_var operation_recurrence(ad_var a, ad_var g, int by, bool other)
{
    return record_grouped(&recurrence_operation, (const ad_var[]){a, g}, 2, (grouping)by, other);
}

static bool recurrence_gradient(const rule *r)
{
    const ad_var share = operation_recurrence(r->in[0], r->adjoint, (int)grouping_of(r->attributes),
                                              !is_other(r->attributes));
    if (r->wanted[1] && !rule_add(r, 1, share)) return false;
    return !r->wanted[0] || rule_add(r, 0, ad_mul(r->output, share));
}

/* ---- products, and those without the element itself ---- */

static bool cumprod_values(const evaluation *e)
{
    for (size_t i = 0; i < groups_of(e); i++) {
        const group g = group_of(e, i);
        kernel_cumprod(true, e->in[0].values, g.first, g.step, g.count, e->output);
    }
    return true;
}

static bool preceding_values(const evaluation *e)
{
    for (size_t i = 0; i < groups_of(e); i++) {
        const group g = group_of(e, i);
        kernel_cumprod(false, e->in[0].values, g.first, g.step, g.count, e->output);
    }
    return true;
}

static bool preceding_gradient(const rule *r)
{
    const ad_var sums =
        operation_recurrence(r->in[0], r->adjoint, (int)grouping_of(r->attributes), true);
    return rule_add(r, 0, ad_mul(r->output, sums));
}

OPERATION(preceding_products, .shape = shape_same, .values = preceding_values,
          .gradient = preceding_gradient);

static bool cumprod_gradient(const rule *r)
{
    const ad_var x = r->in[0], g = r->adjoint;
    const grouping by = grouping_of(r->attributes);
    const ad_var before = record_grouped(&preceding_products_operation, &x, 1, by, false);
    const ad_var after = operation_recurrence(x, ad_mul(x, g), (int)by, true);
    return rule_add(r, 0, ad_mul(before, ad_add(g, after)));
}

/* Defines ad_cumprod, ad_cumprod_rows, ad_cumprod_cols. */
GROUPED_OPERATION(cumprod, .shape = shape_same, .values = cumprod_values,
                  .gradient = cumprod_gradient)

OPERATION_FAMILY(cumulative, &cumsum_operation, &recurrence_operation,
                 &preceding_products_operation, &cumprod_operation);
