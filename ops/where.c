/* SPDX-License-Identifier: MIT */
/* Choice by a condition, and values that are structurally zero where others are.
 *
 *     y = c ? x : z            x' += select(y', c != 0),  z' += select(y', c == 0)
 *     y = x unless z is zero   x' += y' unless z is zero
 *     y = x, zeros numbers     x' += y'
 *
 * An element that is not taken gets a structural zero (tape/support.c): what it is computed from
 * may have an infinite slope there. Which elements these are is decided again by every replay.
 */
#include "ops/sparse.h"

#include <string.h>

/* ---- where ---- */

static const matrix *chosen_operand(const evaluation *e, size_t i, size_t j)
{
    return &e->in[e->in[0].values[matrix_position(&e->in[0], i, j)] != 0 ? 1 : 2];
}

static bool fits(size_t x, size_t *size)
{
    if (*size == 1) *size = x;
    return x == *size || x == 1;
}

static bool where_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const matrix *in = e->in;
    *rows = *cols = 1;
    bool ok = true;
    for (size_t k = 0; k < 3; k++) ok = fits(in[k].rows, rows) && fits(in[k].cols, cols) && ok;
    return ok || tape_fail(e->tape, AD_ERROR_SHAPE,
                           "where: %zux%zu, %zux%zu and %zux%zu: shapes do not broadcast",
                           in[0].rows, in[0].cols, in[1].rows, in[1].cols, in[2].rows, in[2].cols);
}

static bool where_values(const evaluation *e)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++) {
            const matrix *x = chosen_operand(e, i, j);
            e->output[i * e->cols + j] = x->values[matrix_position(x, i, j)];
        }
    return true;
}

static void where_support(const evaluation *e, bool *support)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++) {
            const matrix *x = chosen_operand(e, i, j);
            support[i * e->cols + j] = !x->support || x->support[matrix_position(x, i, j)];
        }
}

static bool where_gradient(const rule *r)
{
    const ad_var zero = tape_number(r->tape, 0), other = ad_equal(rule_part(r, r->in[0]), zero);
    if (r->wanted[2] && !rule_share(r, 2, operation_select(r->adjoint, other))) return false;
    return !r->wanted[1] || rule_share(r, 1, operation_select(r->adjoint, ad_equal(other, zero)));
}

static bool where_sweep(const evaluation *e, const plain_adjoints *a)
{
    for (size_t i = 0; i < e->rows; i++)
        for (size_t j = 0; j < e->cols; j++) {
            const size_t k = (size_t)(chosen_operand(e, i, j) - e->in), from = i * e->cols + j;
            const size_t to = matrix_position(&e->in[k], i, j);
            if (!a->of_operands[k] || (a->given && !a->given[from])) continue;
            a->of_operands[k][to] += a->of_result[from];
            if (a->operands_given[k]) a->operands_given[k][to] = true;
        }
    return true;
}

OPERATION(where, .sparse = true, .selects = true, .sweep = where_sweep, .shape = where_shape,
          .values = where_values, .gradient = where_gradient, .support = where_support);

/* Defines ad_where. */
THREE_OPERANDS(ad_where, where)

/* ---- x, structurally zero where z is; as a whole where their shapes differ ---- */

static bool second_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->in[1].rows;
    *cols = e->in[1].cols;
    return true;
}

bool values_of_second(const evaluation *e)
{
    const size_t size = e->rows * e->cols;
    if (size) memcpy(e->output, e->in[1].values, size * sizeof *e->output);
    return true;
}

static void unless_support(const evaluation *e, bool *support)
{
    const matrix *z = &e->in[0], *x = &e->in[1];
    const bool alike = z->rows == x->rows && z->cols == x->cols, none = matrix_vanishes(z);
    for (size_t i = 0; i < e->rows * e->cols; i++) {
        const bool zero = alike ? z->support && !z->support[i] : none;
        support[i] = !zero && (!x->support || x->support[i]);
    }
}

static bool unless_gradient(const rule *r)
{
    return !r->wanted[1] || rule_add(r, 1, operation_unless_zero(r->in[0], r->adjoint));
}

OPERATION(unless_zero, .shape = second_shape, .values = values_of_second,
          .gradient = unless_gradient, .support = unless_support);

TWO_OPERANDS(operation_unless_zero, unless_zero)

/* ---- x with its structural zeros as numbers, unless there is nothing else ---- */

static bool numbers_gradient(const rule *r)
{
    return rule_add(r, 0, r->adjoint);
}

OPERATION(as_numbers, .zeros = ZERO_FIRST, .shape = shape_same, .values = values_of_first,
          .gradient = numbers_gradient);

ad_var operation_as_numbers(ad_var x)
{
    return tape_may_vanish(x) ? TAPE_RECORD(&as_numbers_operation, x) : x;
}

OPERATION_FAMILY(where, &where_operation, &unless_zero_operation, &as_numbers_operation);
