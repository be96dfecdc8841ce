/* SPDX-License-Identifier: MIT */
/* Matrices put together.
 *
 *     Y = [X_1 ... X_n]      X_k' += its block of Y'    (hcat, hcat_all)
 *     Y = [X_1; ...; X_n]    X_k' += its block of Y'    (vcat, vcat_all)
 *     row k of Y = X_k       X_k' += row k of Y'        (stack: equal sizes, any shapes)
 */
#include "ops/moving.h"

static const operation hcat_operation, vcat_operation, hcat_all_operation, stack_operation;

static bool is_pair(const operation *op)
{
    return op == &hcat_operation || op == &vcat_operation;
}

/* Side by side, not one above the other. */
static bool is_beside(const operation *op)
{
    return op == &hcat_operation || op == &hcat_all_operation;
}

static bool refuse(const evaluation *e, size_t k, ad_status status, const char *why)
{
    const matrix *first = &e->in[0], *x = &e->in[k];
    if (is_pair(e->op))
        return tape_fail(e->tape, status, "%s: %zux%zu and %zux%zu: %s", e->op->name, first->rows,
                         first->cols, x->rows, x->cols, why);
    return tape_fail(e->tape, status, "%s: argument %zu is %zux%zu, argument 1 is %zux%zu: %s",
                     e->op->name, k + 1, x->rows, x->cols, first->rows, first->cols, why);
}

/* Lengths along the seam must agree, the others are added. */
static bool join_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    const bool beside = is_beside(e->op);
    size_t sum = 0;
    *rows = e->in[0].rows;
    *cols = e->in[0].cols;
    for (size_t k = 0; k < e->count; k++) {
        const matrix *x = &e->in[k];
        const size_t length = beside ? x->cols : x->rows;
        if (beside ? x->rows != *rows : x->cols != *cols)
            return refuse(e, k, AD_ERROR_SHAPE, beside ? "rows differ" : "columns differ");
        if (sum > SIZE_MAX - length) return refuse(e, k, AD_ERROR_SIZE, "too large");
        sum += length;
    }
    *(beside ? cols : rows) = sum;
    return true;
}

static bool stack_shape(const evaluation *e, size_t *rows, size_t *cols)
{
    *rows = e->count;
    *cols = *(const size_t *)e->attributes;
    for (size_t k = 0; k < e->count; k++)
        if (matrix_size(&e->in[k]) != *cols)
            return tape_fail(e->tape, AD_ERROR_SHAPE, "stack: row %zu is %zux%zu, not %zu elements",
                             k, e->in[k].rows, e->in[k].cols, *cols);
    return true;
}

/* In each line of the result those of the inputs follow one another: a line is a row, or, of
 * matrices one above the other, all rows. */
static bool join_values(const evaluation *e)
{
    const bool beside = is_beside(e->op);
    const size_t lines = beside ? e->rows : 1, length = beside ? e->cols : 0;
    for (size_t k = 0, at = 0; k < e->count; k++) {
        const matrix *x = &e->in[k];
        const size_t width = beside ? x->cols : matrix_size(x);
        for (size_t i = 0; width > 0 && i < lines; i++)
            put(e, i * length + at, x->values + i * width, width);
        at += width;
    }
    return true;
}

static bool join_gradient(const rule *r)
{
    const bool beside = is_beside(r->op), stacked = r->op == &stack_operation;
    for (size_t k = 0, at = 0; k < r->count; k++) {
        const size_t rows = ad_rows(r->in[k]), cols = ad_cols(r->in[k]);
        const extent piece = stacked ? (extent){1, rows * cols} : (extent){rows, cols};
        const size_t row = beside ? 0 : at, col = beside ? at : 0;
        at += beside ? piece.cols : piece.rows;
        if (!r->wanted[k]) continue;
        ad_var share = ad_block(r->adjoint, row, col, piece.rows, piece.cols);
        if (stacked) share = ad_reshape(share, rows, cols);
        if (!rule_add(r, k, share)) return false;
    }
    return true;
}

#define JOIN(name_, shape_)                                                                        \
    OPERATION(name_, .zeros = ZERO_ALL, .move = true, .shape = shape_, .values = join_values,      \
              .gradient = join_gradient)

JOIN(hcat, join_shape);
JOIN(vcat, join_shape);
JOIN(hcat_all, join_shape);
JOIN(vcat_all, join_shape);
JOIN(stack, stack_shape);

/* Defines ad_hcat. */
TWO_OPERANDS(ad_hcat, hcat)

/* Defines ad_vcat. */
TWO_OPERANDS(ad_vcat, vcat)

ad_var ad_hcat_all(const ad_var *vars, size_t count)
{
    return tape_record(&hcat_all_operation, vars, vars ? count : 0, NULL, 0);
}

ad_var ad_vcat_all(const ad_var *vars, size_t count)
{
    return tape_record(&vcat_all_operation, vars, vars ? count : 0, NULL, 0);
}

ad_var operation_stack(ad_tape *tape, const ad_var *rows, size_t count, size_t cols)
{
    return tape_record_on(tape, &stack_operation, rows, count, &cols, sizeof cols);
}

OPERATION_FAMILY(join, &hcat_operation, &vcat_operation, &hcat_all_operation, &vcat_all_operation,
                 &stack_operation);
