/* SPDX-License-Identifier: MIT */
/* Products of all elements, of each row, of each column; no derivative divides.
 *
 *     y = prod x_i       x' += y' P,  P_i = the product of all x_j but x_i
 *     Y = T(V1..Vk, X)   X' += T(Y', V1..Vk, X),  Vj' += T(Y', the other V, X)
 *
 * T is the gradient of the k-th derivative of the product in the directions V1..Vk,
 *
 *     T_i = sum over distinct j1..jk, none of them i, of v1_j1 .. vk_jk times all other x but x_i,
 *
 * so P is T without directions. It is linear in each V and symmetric in all and in Y', which
 * gives the rule; the operations are thus closed, and T has a value at every x, zeros or not.
 */
#include "ops/grouping.h"
#include "ops/numbers/vectors.h"

/* ---- T: the last operand is X, those before it the directions ---- */

static bool derivative_values(const evaluation *e)
{
    enum { MOST_DIRECTIONS = 40 };
    const size_t k = e->count - 1;
    if (k > MOST_DIRECTIONS || matrix_size(&e->in[k]) > SIZE_MAX >> k)
        return tape_fail(e->tape, AD_ERROR_SIZE, "%s: order %zu is too high", e->op->name, k + 1);
    const double **operands = tape_scratch(e->tape, e->count, sizeof *operands);
    for (size_t j = 0; operands && j <= k; j++) operands[j] = e->in[j].values;
    for (size_t i = 0; operands && i < groups_of(e); i++) {
        const group g = group_of(e, i);
        if (!kernel_exclusive_products(k, operands, g.first, g.step, g.count, e->output,
                                       tape_scratch_arena(e->tape)))
            return tape_out_of_memory(e->tape, e->op->name);
    }
    return operands != NULL;
}

static ad_var product_derivative(const ad_var *operands, size_t count, grouping by);

static bool derivative_gradient(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    ad_var *operands = tape_scratch(r->tape, r->count + 1, sizeof *operands);
    if (!operands) return false;
    operands[0] = r->adjoint;
    for (size_t k = 0; k < r->count; k++) {
        bool last = k + 1 == r->count;
        size_t count = 1;
        for (size_t j = 0; j < r->count; j++)
            if (last || j != k) operands[count++] = r->in[j];
        if (r->wanted[k] && !rule_add(r, k, product_derivative(operands, count, by))) return false;
    }
    return true;
}

OPERATION(exclusive_products, .shape = shape_same, .values = derivative_values,
          .gradient = derivative_gradient);

/* T is linear in each direction within a group. */
static void derivative_support(const evaluation *e, bool *support)
{
    support_by_groups(e, 0, e->count - 1, support);
}

OPERATION(product_derivative, .support = derivative_support, .shape = shape_same,
          .values = derivative_values, .gradient = derivative_gradient);

static ad_var product_derivative(const ad_var *operands, size_t count, grouping by)
{
    const operation *op =
        count == 1 ? &exclusive_products_operation : &product_derivative_operation;
    return record_grouped(op, operands, count, by, false);
}

/* ---- the products ---- */

static bool product_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows * e->cols; i++) {
        const group g = group_of(e, i);
        e->output[i] = kernel_product(e->in[0].values, g.first, g.step, g.count);
    }
    return true;
}

static bool product_gradient(const rule *r)
{
    const grouping by = grouping_of(r->attributes);
    return rule_add(r, 0, ad_mul(r->adjoint, product_derivative(r->in, 1, by)));
}

/* Defines ad_prod, ad_prod_rows, ad_prod_cols. */
GROUPED_OPERATION(prod, .shape = shape_of_groups, .values = product_values,
                  .gradient = product_gradient)

OPERATION_FAMILY(product, &prod_operation, &exclusive_products_operation,
                 &product_derivative_operation);
